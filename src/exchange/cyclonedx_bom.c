/* What a bill of materials says, as figures and operations. Texts of a component are collected until it ends, its parts
 * after that are links to it; nothing of it stays but its identity, so memory grows with the names, not with the file. */
#include "base/hash.h"
#include "exchange/cyclonedx.h"
#include "model/metamodel.h"

#include <string.h>

enum { LISTED_MAX = 100 };

/* The roles whose text a component keeps as it is. */
enum { FIELD_FIRST = CDX_ROLE_TYPE, FIELD_LAST = CDX_ROLE_PURL, FIELDS = FIELD_LAST - FIELD_FIRST + 1 };

struct CdxFacts {
        GString *fields[FIELDS];
        GString *supplier, *manufacturer;
        GPtrArray *licences, *hashes;
        GPtrArray *parts; /* identities of the components directly below that were given out */
        size_t path;      /* number among its siblings */
        bool ref_is_free; /* its bom-ref names nothing else */
        bool nul;         /* a text has a zero character */
        char *where;      /* its place in the file */
};

typedef struct {
        const char *name;
        bool component;
        size_t n;
} Unread;

struct Cdx {
        const Source *source;
        Sink *sink;
        bool xml;
        CdxWhere where;
        const void *walker;
        uint8_t version;
        CdxRefs *refs;
        GPtrArray *spare;           /* CdxFacts not in use */
        GHashTable *identities;     /* those given out, as a set */
        GHashTable *types, *states; /* text → size_t * */
        GPtrArray *unread;          /* Unread * */
        GString *serial, *algorithm, *digest;
        char *system, *root, *root_name;
        int64_t edition;
        size_t top, all, purls, cpes, services, dependencies, edges, vulnerabilities, given;
        size_t refused, problems;
        GError *broken; /* the first broken rule, for who wants figures only */
};

/* ---- making and freeing ---- */

static void facts_free(gpointer data)
{
        CdxFacts *facts = data;

        for (size_t i = 0; i < FIELDS; i++)
                g_string_free(facts->fields[i], TRUE);
        g_string_free(facts->supplier, TRUE);
        g_string_free(facts->manufacturer, TRUE);
        g_ptr_array_unref(facts->licences);
        g_ptr_array_unref(facts->hashes);
        g_ptr_array_unref(facts->parts);
        g_free(facts->where);
        g_free(facts);
}

static CdxFacts *facts_new(void)
{
        CdxFacts *facts = g_new0(CdxFacts, 1);

        for (size_t i = 0; i < FIELDS; i++)
                facts->fields[i] = g_string_new(NULL);
        facts->supplier = g_string_new(NULL);
        facts->manufacturer = g_string_new(NULL);
        facts->licences = g_ptr_array_new_with_free_func(g_free);
        facts->hashes = g_ptr_array_new_with_free_func(g_free);
        facts->parts = g_ptr_array_new_with_free_func(g_free);
        return facts;
}

static CdxFacts *facts_take(Cdx *cdx)
{
        CdxFacts *facts;

        if (cdx->spare->len == 0)
                return facts_new();
        facts = g_ptr_array_steal_index_fast(cdx->spare, cdx->spare->len - 1);
        for (size_t i = 0; i < FIELDS; i++)
                g_string_truncate(facts->fields[i], 0);
        g_string_truncate(facts->supplier, 0);
        g_string_truncate(facts->manufacturer, 0);
        g_ptr_array_set_size(facts->licences, 0);
        g_ptr_array_set_size(facts->hashes, 0);
        g_ptr_array_set_size(facts->parts, 0);
        facts->ref_is_free = facts->nul = false;
        return facts;
}

Cdx *cdx_new(const Source *source, Sink *sink, bool xml, CdxWhere where, const void *walker)
{
        Cdx *cdx = g_new0(Cdx, 1);

        cdx->source = source;
        cdx->sink = sink;
        cdx->xml = xml;
        cdx->where = where;
        cdx->walker = walker;
        cdx->refs = cdx_refs_new();
        cdx->spare = g_ptr_array_new_with_free_func(facts_free);
        cdx->identities = hash_table_new_text(g_free, NULL);
        cdx->types = hash_table_new_text(g_free, g_free);
        cdx->states = hash_table_new_text(g_free, g_free);
        cdx->unread = g_ptr_array_new_with_free_func(g_free);
        cdx->serial = g_string_new(NULL);
        cdx->algorithm = g_string_new(NULL);
        cdx->digest = g_string_new(NULL);
        return cdx;
}

void cdx_free(Cdx *cdx)
{
        if (cdx == NULL)
                return;
        cdx_refs_free(cdx->refs);
        g_ptr_array_unref(cdx->spare);
        g_hash_table_unref(cdx->identities);
        g_hash_table_unref(cdx->types);
        g_hash_table_unref(cdx->states);
        g_ptr_array_unref(cdx->unread);
        g_string_free(cdx->serial, TRUE);
        g_string_free(cdx->algorithm, TRUE);
        g_string_free(cdx->digest, TRUE);
        g_clear_error(&cdx->broken);
        g_free(cdx->system);
        g_free(cdx->root);
        g_free(cdx->root_name);
        g_free(cdx);
}

bool cdx_take_version(Cdx *cdx, const char *version, GError **error)
{
        const int first = cdx->xml ? 0 : CDX_JSON_VERSION_FIRST;

        if (strlen(version) == 3 && version[0] == '1' && version[1] == '.' && version[2] >= '0' + first &&
            version[2] <= '0' + CDX_VERSION_LAST) {
                cdx->version = (uint8_t)(version[2] - '0');
                sink_version(cdx->sink, version);
                return true;
        }
        error_set(error, ZW_ERR_INPUT, cdx->xml ? "line 1" : "/specVersion",
                  "CycloneDX %.20s is not known in this form; there are 1.%d to 1.%d", version, first,
                  CDX_VERSION_LAST);
        return false;
}

uint8_t cdx_version(const Cdx *cdx)
{
        return cdx->version;
}

/* ---- saying what is wrong ---- */

/* The nearest thing around `scope`, itself included; groups are no things. */
static CdxScope *thing(CdxScope *scope)
{
        while (scope->role == CDX_ROLE_GROUP || scope->role == CDX_ROLE_LICENCE)
                scope = scope->up;
        return scope;
}

static bool is_component(const CdxScope *scope)
{
        return scope->role == CDX_ROLE_COMPONENT || scope->role == CDX_ROLE_ROOT;
}

void cdx_refuse(Cdx *cdx, CdxScope *scope, const char *format, ...)
{
        g_autofree char *where = NULL, *text = NULL;
        va_list args;

        while (scope->up != NULL && !is_component(scope))
                scope = scope->up;
        scope->bad = true;
        if (++cdx->refused > LISTED_MAX)
                return;
        where = cdx->where(cdx->walker);
        va_start(args, format);
        text = g_strdup_vprintf(format, args);
        va_end(args);
        sink_refuse(cdx->sink, where, "%s", text);
        if (cdx->broken == NULL)
                error_set(&cdx->broken, ZW_ERR_INPUT, where, "%s", text);
}

void cdx_problem(Cdx *cdx, const char *format, ...)
{
        g_autofree char *where = NULL, *text = NULL;
        va_list args;

        if (++cdx->problems > LISTED_MAX)
                return;
        where = cdx->where(cdx->walker);
        va_start(args, format);
        text = g_strdup_vprintf(format, args);
        va_end(args);
        sink_problem(cdx->sink, where, "%s", text);
}

void cdx_judge(Cdx *cdx, CdxScope *scope, CdxVerdict verdict, const char *why)
{
        if (verdict == CDX_BAD)
                cdx_refuse(cdx, scope, "%s", why);
        else if (verdict == CDX_ODD)
                cdx_problem(cdx, "%s", why);
}

void cdx_unread(Cdx *cdx, const CdxScope *scope, const char *name)
{
        const bool metadata = scope->role == CDX_ROLE_GROUP && scope->up->up == NULL;
        Unread *unread;

        if (scope->up != NULL && !metadata && !is_component(scope))
                return;
        for (guint i = 0; i < cdx->unread->len; i++) {
                unread = cdx->unread->pdata[i];
                if (unread->name == name && unread->component == is_component(scope)) {
                        unread->n++;
                        return;
                }
        }
        unread = g_new0(Unread, 1);
        unread->name = name;
        unread->component = is_component(scope);
        unread->n = 1;
        g_ptr_array_add(cdx->unread, unread);
}

/* ---- texts ---- */

static void set(GString *field, const char *text, size_t n)
{
        g_string_truncate(field, 0);
        g_string_append_len(field, text, (gssize)n);
}

static void count(GHashTable *counts, const char *text, size_t n)
{
        g_autofree char *key = g_strndup(text, n);
        size_t *value = g_hash_table_lookup(counts, key);

        if (value == NULL) {
                value = g_new0(size_t, 1);
                g_hash_table_insert(counts, g_steal_pointer(&key), value);
        }
        ++*value;
}

static void take_ref(Cdx *cdx, CdxScope *scope, const char *text, size_t n)
{
        bool fresh;

        if (n == 0)
                return;
        fresh = cdx_refs_define(cdx->refs, cdx_refs_number(cdx->refs, text, n));
        if (!fresh) {
                g_autofree char *shown = cdx_shown(text, n);
                g_autofree char *why = g_strdup_printf("another thing in the file has the bom-ref \"%s\" too",
                                                       shown);

                cdx_judge(cdx, scope, cdx->xml ? CDX_BAD : CDX_ODD, why);
        }
        if (is_component(scope)) {
                set(scope->facts->fields[CDX_ROLE_REF - FIELD_FIRST], text, n);
                scope->facts->ref_is_free = fresh;
        }
}

static bool is_field(CdxRole role)
{
        return (int)role >= FIELD_FIRST && (int)role <= FIELD_LAST && role != CDX_ROLE_REF;
}

static void take_of_component(Cdx *cdx, CdxScope *scope, CdxRole role, const char *text, size_t n)
{
        CdxFacts *facts = scope->facts;

        if (scope->counted && role == CDX_ROLE_TYPE)
                count(cdx->types, text, n);
        cdx->purls += scope->counted && role == CDX_ROLE_PURL && !cdx->xml;
        cdx->cpes += scope->counted && role == CDX_ROLE_CPE;
        if (cdx->source->figures_only)
                return;
        facts->nul |= memchr(text, '\0', n) != NULL;
        if (is_field(role))
                set(facts->fields[role - FIELD_FIRST], text, n);
        else if (role == CDX_ROLE_LICENCE && n > 0 && facts->licences->len < ZW_ATTR_ENTRIES_MAX)
                g_ptr_array_add(facts->licences, g_strndup(text, n));
}

static void take_of_bill(Cdx *cdx, CdxRole role, const char *text, size_t n)
{
        if (role == CDX_ROLE_SERIAL)
                g_string_append_len(cdx->serial, text, (gssize)n);
        else if (role == CDX_ROLE_EDITION)
                cdx->edition = g_ascii_strtoll(text, NULL, 10);
}

static void take_need(Cdx *cdx, CdxScope *scope, CdxRole role, const char *text, size_t n)
{
        uint32_t ref = cdx_refs_number(cdx->refs, text, n);

        if (role == CDX_ROLE_NEEDS) {
                cdx->edges++;
                cdx_refs_need(cdx->refs, CDX_REF_NONE, ref);
                return;
        }
        scope->ref = ref;
        scope = scope->up;
        if (scope->role == CDX_ROLE_DEPENDENCY) { /* XML: one dependency inside another */
                cdx->edges++;
                cdx_refs_need(cdx->refs, scope->ref, ref);
        }
}

void cdx_text(Cdx *cdx, CdxScope *scope, CdxRole role, const char *text, size_t n)
{
        cdx->purls += cdx->xml && role == CDX_ROLE_PURL;
        if (role == CDX_ROLE_REF) {
                take_ref(cdx, scope, text, n);
                return;
        }
        scope = thing(scope);
        if (scope->up == NULL) {
                take_of_bill(cdx, role, text, n);
        } else if (is_component(scope)) {
                take_of_component(cdx, scope, role, text, n);
        } else if (scope->role == CDX_ROLE_SUPPLIER || scope->role == CDX_ROLE_MANUFACTURER) {
                CdxFacts *facts = thing(scope->up)->facts;

                if (facts != NULL && role == CDX_ROLE_NAME)
                        set(scope->role == CDX_ROLE_SUPPLIER ? facts->supplier : facts->manufacturer, text,
                            n);
        } else if (scope->role == CDX_ROLE_HASH) {
                if (!cdx->source->figures_only)
                        g_string_append_len(role == CDX_ROLE_ALGORITHM ? cdx->algorithm : cdx->digest, text,
                                            (gssize)n);
        } else if (scope->role == CDX_ROLE_DEPENDENCY) {
                take_need(cdx, scope, role, text, n);
        } else if (scope->role == CDX_ROLE_VULNERABILITY && role == CDX_ROLE_STATE) {
                count(cdx->states, text, n);
        }
}

/* ---- what is given out ---- */

static const char *field(const CdxFacts *facts, CdxRole role)
{
        const GString *text = facts->fields[role - FIELD_FIRST];

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

/* Ends a component: its operation, then the links of its parts to it, then its own to what it is a part of. */
static void component_end(Cdx *cdx, CdxScope *scope)
{
        CdxFacts *facts = scope->facts;
        CdxScope *outer = scope->up;
        g_autofree char *identity = NULL;

        while (outer->up != NULL && !is_component(outer))
                outer = outer->up;
        if (facts->nul && !scope->bad)
                cdx_refuse(cdx, scope, "a text has a zero character");
        if (scope->bad || cdx->source->figures_only)
                return;
        if (scope->role == CDX_ROLE_ROOT)
                cdx->root_name = name_of(facts);
        identity = identity_of(cdx, scope);
        give_item(cdx, facts, identity);
        for (guint i = 0; i < facts->parts->len; i++)
                give_part(cdx, facts->parts->pdata[i], identity);
        if (scope->role == CDX_ROLE_ROOT)
                cdx->root = g_steal_pointer(&identity);
        else if (is_component(outer))
                g_ptr_array_add(outer->facts->parts, g_steal_pointer(&identity));
        else if (cdx->root != NULL)
                give_part(cdx, identity, cdx->root);
}

static void hash_end(Cdx *cdx, CdxScope *scope)
{
        CdxFacts *facts = thing(scope->up)->facts;

        if (facts != NULL && !cdx->source->figures_only && facts->hashes->len < ZW_ATTR_ENTRIES_MAX &&
            cdx->algorithm->len > 0 && cdx->digest->len > 0)
                g_ptr_array_add(facts->hashes, g_strconcat(cdx->algorithm->str, ":", cdx->digest->str, NULL));
        g_string_truncate(cdx->algorithm, 0);
        g_string_truncate(cdx->digest, 0);
}

/* ---- entering and leaving ---- */

static void component_begin(Cdx *cdx, CdxScope *scope)
{
        CdxScope *outer = scope->up;

        while (outer->up != NULL && !is_component(outer))
                outer = outer->up;
        scope->facts = facts_take(cdx);
        scope->facts->path = outer->members++;
        g_clear_pointer(&scope->facts->where, g_free);
        if (!cdx->source->figures_only)
                scope->facts->where = cdx->where(cdx->walker);
        scope->counted = scope->role == CDX_ROLE_COMPONENT && (outer->up == NULL || outer->counted);
        cdx->all += scope->counted;
        cdx->top += scope->counted && outer->up == NULL;
}

CdxScope *cdx_enter(Cdx *cdx, CdxScope *own, CdxScope *outer, CdxRole role)
{
        if (outer->role == CDX_ROLE_NONE && outer->up != NULL)
                return outer; /* nothing inside is of interest */
        *own = (CdxScope){ .up = outer, .role = role };
        switch (role) {
        case CDX_ROLE_ROOT:
        case CDX_ROLE_COMPONENT:
                component_begin(cdx, own);
                break;
        case CDX_ROLE_SERVICE:
                cdx->services++;
                break;
        case CDX_ROLE_DEPENDENCY:
                cdx->dependencies += outer->role != CDX_ROLE_DEPENDENCY;
                own->first = cdx_refs_needs(cdx->refs);
                own->ref = CDX_REF_NONE;
                break;
        case CDX_ROLE_VULNERABILITY:
                cdx->vulnerabilities++;
                break;
        default:
                break;
        }
        return own;
}

void cdx_leave(Cdx *cdx, CdxScope *own, const CdxScope *entered)
{
        if (entered != own)
                return;
        if (own->role == CDX_ROLE_HASH)
                hash_end(cdx, own);
        if (own->role == CDX_ROLE_DEPENDENCY && own->ref != CDX_REF_NONE) {
                cdx_refs_from(cdx->refs, own->first, own->ref);
                cdx_refs_need(cdx->refs, CDX_REF_NONE, own->ref);
        }
        if (is_component(own)) {
                component_end(cdx, own);
                g_ptr_array_add(cdx->spare, g_steal_pointer(&own->facts));
        }
}

/* ---- the end ---- */

static void figures(Cdx *cdx)
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
        for (size_t i = 0; i < G_N_ELEMENTS(maps); i++) {
                GHashTableIter iter;
                gpointer key, value;

                g_hash_table_iter_init(&iter, maps[i].counts);
                while (g_hash_table_iter_next(&iter, &key, &value))
                        sink_figure_add(cdx->sink, maps[i].name, key, (int64_t) * (size_t *)value);
        }
}

static void losses(Cdx *cdx)
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
                const Unread *unread = cdx->unread->pdata[i];

                if (unread->component)
                        sink_lost(cdx->sink, "components", "%s of %zu components", unread->name, unread->n);
                else
                        sink_lost(cdx->sink, "bill", "%s", unread->name);
        }
}

/* Who asks what is in the file is told that it is not what it says; who imports gets all that is refused, and may
 * take the rest. */
static bool broken_check(Cdx *cdx, GError **error)
{
        if (cdx->refused == 0 || !cdx->source->figures_only)
                return true;
        if (cdx->refused == 1)
                error_set(error, ZW_ERR_INPUT, error_where(cdx->broken), "%s", cdx->broken->message);
        else
                error_set(error, ZW_ERR_INPUT, error_where(cdx->broken), "%s (and %zu more broken rules)",
                          cdx->broken->message, cdx->refused - 1);
        return false;
}

bool cdx_finish(Cdx *cdx, GError **error)
{
        if (cdx->problems > LISTED_MAX)
                sink_problem(cdx->sink, "", "and %zu more problems", cdx->problems - LISTED_MAX);
        if (cdx->refused > LISTED_MAX)
                sink_refuse(cdx->sink, "", "and %zu more broken rules", cdx->refused - LISTED_MAX);
        cdx_refs_report(cdx->refs, cdx->sink);
        losses(cdx);
        figures(cdx);
        return broken_check(cdx, error);
}
