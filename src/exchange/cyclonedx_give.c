/* From what was met to operations, figures and losses. */
#include "exchange/cyclonedx_bom.h"

#include <string.h>

/* ---- operations ---- */

static const char *field(const CdxFacts *facts, CdxRole role)
{
        const GString *text = facts->fields[role - CDX_FIELD_FIRST];

        return text->len == 0 ? NULL : text->str;
}

/* The bill by which its components are known: a new edition has the same serial number, and updates them. */
static const char *system_of(Cdx *cdx)
{
        if (cdx->system == NULL)
                cdx->system = g_strconcat("cyclonedx:",
                                          cdx->serial->len > 0     ? cdx->serial->str
                                          : cdx->root_name != NULL ? cdx->root_name
                                                                   : cdx->source->name,
                                          NULL);
        return cdx->system;
}

/* Where a component stands, by numbers: the same in JSON and XML. */
static char *path_of(const CdxScope *scope)
{
        g_autoptr(GString) path = g_string_new(NULL);

        for (; scope != NULL && scope->up != NULL; scope = scope->up)
                if (scope->role == CDX_ROLE_COMPONENT) {
                        g_autofree char *step = g_strdup_printf("/components/%zu", scope->facts->path);

                        g_string_prepend(path, step);
                } else if (scope->role == CDX_ROLE_ROOT) {
                        g_string_prepend(path, "/metadata/component");
                }
        return g_string_free(g_steal_pointer(&path), FALSE);
}

static char *identity_of(Cdx *cdx, const CdxScope *scope)
{
        const char *ref = field(scope->facts, CDX_ROLE_REF), *purl = field(scope->facts, CDX_ROLE_PURL);

        if (ref != NULL && scope->facts->ref_is_free && g_hash_table_add(cdx->identities, g_strdup(ref)))
                return g_strdup(ref);
        if (purl != NULL && g_hash_table_add(cdx->identities, g_strdup(purl)))
                return g_strdup(purl);
        return path_of(scope);
}

static void set_text(json_t *object, const char *name, const char *text)
{
        if (text != NULL && text[0] != '\0')
                json_object_set_new(object, name, json_string(text));
}

static void set_list(json_t *object, const char *name, const GPtrArray *texts)
{
        json_t *list;

        if (texts->len == 0)
                return;
        list = json_array();
        for (guint i = 0; i < texts->len; i++)
                json_array_append_new(list, json_string(texts->pdata[i]));
        json_object_set_new(object, name, list);
}

static char *name_of(const CdxFacts *facts)
{
        const char *group = field(facts, CDX_ROLE_GROUP_NAME), *name = field(facts, CDX_ROLE_NAME);

        return g_strconcat(group == NULL ? "" : group, group == NULL ? "" : "/", name == NULL ? "" : name,
                           NULL);
}

static char *title_of(const CdxFacts *facts)
{
        g_autofree char *name = name_of(facts);
        const char *version = field(facts, CDX_ROLE_VERSION);

        return g_strconcat(name, version == NULL ? "" : " ", version == NULL ? "" : version, NULL);
}

static const char *vendor_of(const CdxFacts *facts)
{
        const char *publisher = field(facts, CDX_ROLE_PUBLISHER);

        return facts->supplier->len > 0       ? facts->supplier->str
               : facts->manufacturer->len > 0 ? facts->manufacturer->str
               : publisher != NULL            ? publisher
                                              : field(facts, CDX_ROLE_GROUP_NAME);
}

static void give_item(Cdx *cdx, const CdxFacts *facts, const char *identity)
{
        g_autofree char *title = title_of(facts);
        json_t *op = json_object(), *attrs = json_object(), *origin = json_object();

        set_text(op, "op", "item");
        set_text(op, "where", facts->where);
        set_text(op, "kind", "component");
        set_text(op, "title", title);
        set_text(op, "body", field(facts, CDX_ROLE_DESCRIPTION));
        set_text(origin, "system", system_of(cdx));
        set_text(origin, "id", identity);
        json_object_set_new(op, "source", origin);
        set_text(attrs, "vendor", vendor_of(facts));
        set_text(attrs, "product", field(facts, CDX_ROLE_NAME));
        set_text(attrs, "version", field(facts, CDX_ROLE_VERSION));
        set_text(attrs, "cpe", field(facts, CDX_ROLE_CPE));
        set_text(attrs, "purl", field(facts, CDX_ROLE_PURL));
        set_text(attrs, "bom_type", field(facts, CDX_ROLE_TYPE));
        set_list(attrs, "licences", facts->licences);
        set_list(attrs, "hashes", facts->hashes);
        json_object_set_new(op, "attrs", attrs);
        sink_op(cdx->sink, op);
        cdx->given++;
}

static void give_part(Cdx *cdx, const char *part, const char *whole)
{
        const char *system = system_of(cdx);

        sink_op(cdx->sink, json_pack("{s:s, s:{s:[s, s]}, s:s, s:{s:[s, s]}}", "op", "link", "from", "source",
                                     system, part, "type", "part_of", "to", "source", system, whole));
}

void cdx_give(Cdx *cdx, CdxScope *scope, CdxScope *outer)
{
        CdxFacts *facts = scope->facts;
        g_autofree char *identity = NULL;

        if (scope->role == CDX_ROLE_ROOT) { /* a broken bill may describe several things */
                g_free(cdx->root_name);
                cdx->root_name = name_of(facts);
        }
        identity = identity_of(cdx, scope);
        give_item(cdx, facts, identity);
        for (guint i = 0; i < facts->parts->len; i++)
                give_part(cdx, facts->parts->pdata[i], identity);
        if (scope->role == CDX_ROLE_ROOT) {
                g_free(cdx->root);
                cdx->root = g_steal_pointer(&identity);
        } else if (cdx_is_component(outer))
                g_ptr_array_add(outer->facts->parts, g_steal_pointer(&identity));
        else if (cdx->root != NULL)
                give_part(cdx, identity, cdx->root);
}

/* ---- figures and losses ---- */

typedef struct {
        const char *word;
        size_t n;
} Count;

/* The most frequent first, and of equals by the alphabet. */
static int count_order(gconstpointer a, gconstpointer b)
{
        const Count *x = a, *y = b;

        return x->n != y->n ? (x->n < y->n ? 1 : -1) : strcmp(x->word, y->word);
}

static void give_map(Cdx *cdx, const char *name, GHashTable *counts)
{
        g_autoptr(GArray) sorted = g_array_new(FALSE, FALSE, sizeof(Count));
        GHashTableIter iter;
        gpointer key, value;

        g_hash_table_iter_init(&iter, counts);
        while (g_hash_table_iter_next(&iter, &key, &value)) {
                Count count = { key, *(size_t *)value };

                g_array_append_val(sorted, count);
        }
        g_array_sort(sorted, count_order);
        for (guint i = 0; i < sorted->len; i++)
                sink_figure_add(cdx->sink, name, g_array_index(sorted, Count, i).word,
                                (int64_t)g_array_index(sorted, Count, i).n);
}

void cdx_give_figures(Cdx *cdx)
{
        const struct {
                const char *name;
                size_t n;
        } rows[] = {
                { "components_top", cdx->top }, { "components_all_nested", cdx->all },
                { "purls", cdx->purls },        { "cpes", cdx->cpes },
                { "services", cdx->services },  { "dependencies", cdx->dependencies },
                { "dep_edges", cdx->edges },    { "vulnerabilities", cdx->vulnerabilities },
        };
        const struct {
                const char *name;
                GHashTable *counts;
        } maps[] = { { "types", cdx->types }, { "analysis_states", cdx->states } };
        g_autofree char *version = g_strdup_printf("1.%d", cdx->version);
        g_autofree char *space = g_strdup_printf("http://cyclonedx.org/schema/bom/%s", version);

        sink_figure_text(cdx->sink, cdx->xml ? "ns" : "specVersion", cdx->xml ? space : version);
        if (cdx->xml && cdx->edition != 0)
                sink_figure_int(cdx->sink, "version", cdx->edition);
        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
                sink_figure_int(cdx->sink, rows[i].name, (int64_t)rows[i].n);
        for (size_t i = 0; i < G_N_ELEMENTS(maps); i++)
                give_map(cdx, maps[i].name, maps[i].counts);
}

void cdx_give_losses(Cdx *cdx)
{
        if (cdx->services > 0)
                sink_lost(cdx->sink, "services", "%zu services: no kind of item takes them", cdx->services);
        if (cdx->edges > 0)
                sink_lost(cdx->sink, "dependencies",
                          "%zu dependencies of one component on another: no link takes them", cdx->edges);
        if (cdx->vulnerabilities > 0)
                sink_lost(cdx->sink, "vulnerabilities", "%zu vulnerabilities and what is said about them",
                          cdx->vulnerabilities);
        for (guint i = 0; i < cdx->unread->len; i++) {
                const CdxUnread *unread = cdx->unread->pdata[i];

                if (unread->component)
                        sink_lost(cdx->sink, "components", "%s of %zu components", unread->name, unread->n);
                else
                        sink_lost(cdx->sink, "bill", "%s", unread->name);
        }
}
