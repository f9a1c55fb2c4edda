#include "exchange/spdx.h"

#include "base/hash.h"
#include "exchange/cyclonedx.h"
#include "vuln/cpe.h"

#include <string.h>

Spdx spdx_init(Sink *sink, const char *name, const char *file)
{
        return (Spdx){ .tell = tell_init(sink, "spdx", name == NULL || name[0] == '\0' ? file : name),
                       .edges = g_ptr_array_new_with_free_func(g_free) };
}

void spdx_clear(Spdx *spdx)
{
        tell_clear(&spdx->tell);
        g_ptr_array_unref(spdx->edges);
}

/* ---- packages ---- */

SpdxPackage spdx_package_init(void)
{
        return (SpdxPackage){ .licences = g_ptr_array_new_with_free_func(g_free),
                              .hashes = g_ptr_array_new_with_free_func(g_free) };
}

void spdx_package_clear(SpdxPackage *package)
{
        g_free(package->purl);
        g_free(package->cpe);
        g_ptr_array_unref(package->licences);
        g_ptr_array_unref(package->hashes);
}

static const char *said(const char *text)
{
        return text == NULL || strcmp(text, "NOASSERTION") == 0 || strcmp(text, "NONE") == 0 ? NULL : text;
}

/* The formatted string, which is what a component has; NULL for what is no CPE name. */
static char *cpe_new(const char *locator)
{
        g_auto(Cpe) cpe = { 0 };

        return cpe_parse(locator, &cpe, NULL) ? cpe_format(&cpe) : NULL;
}

void spdx_package_refer(SpdxPackage *package, const char *type, const char *locator)
{
        if (type == NULL || locator == NULL)
                return;
        /* version 2 may write the whole address of the type, version 3 says packageUrl and cpe23 */
        if (g_str_has_suffix(type, "purl") || strcmp(type, "packageUrl") == 0) {
                if (package->purl == NULL)
                        package->purl = g_strdup(locator);
        } else if (strstr(type, "cpe2") != NULL && package->cpe == NULL)
                package->cpe = cpe_new(locator);
}

void spdx_package_add_licence(SpdxPackage *package, const char *licence)
{
        tell_add(package->licences, said(licence));
}

void spdx_package_add_hash(SpdxPackage *package, const char *algorithm, const char *hex)
{
        g_autofree char *hash = algorithm == NULL || hex == NULL ? NULL
                                                                 : g_strdup_printf("%s:%s", algorithm, hex);

        tell_add(package->hashes, hash);
}

/* `Organization: Acme (mail)` is Acme. */
static char *agent_new(const char *text)
{
        static const char *const kinds[] = { "Organization:", "Person:", "Tool:" };
        char *name;

        if (said(text) == NULL)
                return NULL;
        for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
                if (g_str_has_prefix(text, kinds[i]))
                        text += strlen(kinds[i]);
        name = g_strdup(text);
        if (g_str_has_suffix(name, ")") && strrchr(name, '(') != NULL)
                *strrchr(name, '(') = '\0';
        return g_strstrip(name);
}

void spdx_tell_package(Spdx *spdx, const char *where, const SpdxPackage *package)
{
        g_autofree char *supplier = agent_new(package->supplier),
                        *originator = agent_new(package->originator);
        const char *version = said(package->version);
        json_t *attrs;

        if (package->id == NULL || package->id[0] == '\0' || package->name == NULL ||
            package->name[0] == '\0') {
                sink_refuse(spdx->tell.sink, where, "a package has a name and an identifier");
                return;
        }
        attrs = json_object();
        tell_put(attrs, "vendor", supplier != NULL ? supplier : originator);
        tell_put(attrs, "product", package->name);
        tell_put(attrs, "version", version);
        tell_put(attrs, "cpe", package->cpe);
        tell_put(attrs, "purl", package->purl);
        tell_put(attrs, "bom_type", package->purpose);
        tell_put_list(attrs, "licences", package->licences);
        tell_put_list(attrs, "hashes", package->hashes);
        g_autofree char *title = g_strconcat(package->name, version == NULL ? "" : " ",
                                             version == NULL ? "" : version, NULL);
        if (!tell_item(&spdx->tell,
                       (TellItem){ where, "component", package->id, title, package->body, attrs, NULL }))
                sink_refuse(spdx->tell.sink, where, "two packages have the identifier %.200s", package->id);
}

/* ---- relationships ---- */

/* Which relationships say that one package is within another, and whether the first is the part. */
static const struct {
        const char *type;
        bool first_is_part;
} parts[] = {
        { "CONTAINS", false },
        { "CONTAINED_BY", true },
        { "DEPENDS_ON", false },
        { "DEPENDENCY_OF", true },
        { "HAS_PREREQUISITE", false },
        { "PREREQUISITE_FOR", true },
        { "RUNTIME_DEPENDENCY_OF", true },
        { "OPTIONAL_COMPONENT_OF", true },
        { "STATIC_LINK", false },
        { "DYNAMIC_LINK", false },
        { "PACKAGE_OF", true },
        { "contains", false },
        { "dependsOn", false },
        { "hasStaticLink", false },
        { "hasDynamicLink", false },
        { "hasOptionalComponent", false },
};

void spdx_relate(Spdx *spdx, const char *from, const char *type, const char *to)
{
        if (from == NULL || type == NULL || to == NULL)
                return;
        for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
                if (strcmp(type, parts[i].type) == 0) {
                        g_ptr_array_add(spdx->edges, g_strdup(parts[i].first_is_part ? from : to));
                        g_ptr_array_add(spdx->edges, g_strdup(parts[i].first_is_part ? to : from));
                        return;
                }
        spdx->others++;
}

/* For the report of what is a part of itself by way of others. */
static void edge_note(CdxRefs *refs, const char *whole, const char *part)
{
        const uint32_t from = cdx_refs_number(refs, whole, strlen(whole)),
                       to = cdx_refs_number(refs, part, strlen(part));

        (void)cdx_refs_define(refs, from);
        (void)cdx_refs_define(refs, to);
        cdx_refs_need(refs, from, to);
}

void spdx_finish(Spdx *spdx)
{
        g_autoptr(GHashTable) told = hash_table_new_text(g_free, NULL);
        g_autoptr(CdxRefs) refs = cdx_refs_new();
        size_t elsewhere = 0;

        for (guint i = 0; i + 1 < spdx->edges->len; i += 2) {
                const char *part = spdx->edges->pdata[i], *whole = spdx->edges->pdata[i + 1];
                g_autofree char *pair = g_strconcat(part, "\n", whole, NULL);

                if (strcmp(part, whole) == 0) {
                        sink_problem(spdx->tell.sink, part, "it is said to be a part of itself");
                        continue;
                }
                if (!tell_has(&spdx->tell, part) || !tell_has(&spdx->tell, whole)) {
                        elsewhere++;
                        continue;
                }
                if (!g_hash_table_add(told, g_steal_pointer(&pair)))
                        continue;
                tell_link(&spdx->tell, "relationships", part, "part_of", whole, NULL);
                edge_note(refs, whole, part);
        }
        cdx_refs_report(refs, spdx->tell.sink);
        if (elsewhere > 0)
                sink_lost(spdx->tell.sink, "relationships",
                          "%zu that lead to files or into other documents, or to nothing in this one",
                          elsewhere);
        if (spdx->others > 0)
                sink_lost(spdx->tell.sink, "relationships", "%zu that do not say what is part of what",
                          spdx->others);
        sink_lost(spdx->tell.sink, "", "files, snippets, annotations and the texts of licences");
}
