/* What a bill of materials says: scopes of things that begin and end, and their texts. Those of a component are collected
 * until it ends; nothing of it stays but its identity, so memory grows with the names, not with the file. */
#include "base/hash.h"
#include "exchange/cyclonedx_bom.h"
#include "model/metamodel.h"

#include <string.h>

/* ---- making and freeing ---- */

static void facts_free(gpointer data)
{
        CdxFacts *facts = data;

        for (size_t i = 0; i < CDX_FIELDS; i++)
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

        for (size_t i = 0; i < CDX_FIELDS; i++)
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
        for (size_t i = 0; i < CDX_FIELDS; i++)
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

CdxScope *cdx_thing(CdxScope *scope)
{
        while (scope->role == CDX_ROLE_GROUP || scope->role == CDX_ROLE_LICENCE)
                scope = scope->up;
        return scope;
}

void cdx_refuse(Cdx *cdx, CdxScope *scope, const char *format, ...)
{
        g_autofree char *where = NULL, *text = NULL;
        va_list args;

        while (scope->up != NULL && !cdx_is_component(scope))
                scope = scope->up;
        scope->bad = true;
        if (++cdx->refused > CDX_LISTED_MAX)
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

        if (++cdx->problems > CDX_LISTED_MAX)
                return;
        where = cdx->where(cdx->walker);
        va_start(args, format);
        text = g_strdup_vprintf(format, args);
        va_end(args);
        sink_problem(cdx->sink, where, "%s", text);
}

char **cdx_reason(const Cdx *cdx, const CdxValue *value, char **why)
{
        return cdx->refused <= CDX_LISTED_MAX ||
                               (value->shape == CDX_SHAPE_FORM && cdx->problems <= CDX_LISTED_MAX)
                       ? why
                       : NULL;
}

bool cdx_is_hopeless(const Cdx *cdx)
{
        return cdx->refused > CDX_REFUSED_MAX;
}

void cdx_judge(Cdx *cdx, CdxScope *scope, CdxVerdict verdict, const char *why)
{
        if (verdict == CDX_BAD)
                cdx_refuse(cdx, scope, "%s", why == NULL ? "" : why);
        else if (verdict == CDX_ODD)
                cdx_problem(cdx, "%s", why == NULL ? "" : why);
}

void cdx_unread(Cdx *cdx, const CdxScope *scope, const char *name)
{
        const bool metadata = scope->role == CDX_ROLE_GROUP && scope->up->up == NULL;
        CdxUnread *unread;

        if (scope->up != NULL && !metadata && !cdx_is_component(scope))
                return;
        for (guint i = 0; i < cdx->unread->len; i++) {
                unread = cdx->unread->pdata[i];
                if (unread->name == name && unread->component == cdx_is_component(scope)) {
                        unread->n++;
                        return;
                }
        }
        unread = g_new0(CdxUnread, 1);
        unread->name = name;
        unread->component = cdx_is_component(scope);
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
        if (cdx_is_component(scope)) {
                set(scope->facts->fields[CDX_ROLE_REF - CDX_FIELD_FIRST], text, n);
                scope->facts->ref_is_free = fresh;
        }
}

static bool is_field(CdxRole role)
{
        return (int)role >= CDX_FIELD_FIRST && (int)role <= CDX_FIELD_LAST && role != CDX_ROLE_REF;
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
                set(facts->fields[role - CDX_FIELD_FIRST], text, n);
        else if (role == CDX_ROLE_LICENCE && n > 0 && facts->licences->len < ZW_ATTR_ENTRIES_MAX)
                g_ptr_array_add(facts->licences, g_strndup(text, n));
}

static void take_of_bill(Cdx *cdx, CdxRole role, const char *text, size_t n)
{
        if (role == CDX_ROLE_SERIAL)
                g_string_append_len(cdx->serial, text, (gssize)n);
        else if (role == CDX_ROLE_EDITION &&
                 !g_ascii_string_to_signed(text, 10, 1, INT64_MAX, &cdx->edition, NULL))
                cdx->edition = 0;
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
        scope = cdx_thing(scope);
        if (scope->up == NULL) {
                take_of_bill(cdx, role, text, n);
        } else if (cdx_is_component(scope)) {
                take_of_component(cdx, scope, role, text, n);
        } else if (scope->role == CDX_ROLE_SUPPLIER || scope->role == CDX_ROLE_MANUFACTURER) {
                CdxFacts *facts = cdx_thing(scope->up)->facts;

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

/* ---- entering and leaving ---- */

static CdxScope *outer_of(const CdxScope *scope)
{
        CdxScope *outer = scope->up;

        while (outer->up != NULL && !cdx_is_component(outer))
                outer = outer->up;
        return outer;
}

static void component_end(Cdx *cdx, CdxScope *scope)
{
        if (scope->facts->nul && !scope->bad)
                cdx_refuse(cdx, scope, "a text has a zero character");
        if (!scope->bad && !cdx->source->figures_only)
                cdx_give(cdx, scope, outer_of(scope));
}

static void hash_end(Cdx *cdx, CdxScope *scope)
{
        CdxFacts *facts = cdx_thing(scope->up)->facts;

        if (facts != NULL && !cdx->source->figures_only && facts->hashes->len < ZW_ATTR_ENTRIES_MAX &&
            cdx->algorithm->len > 0 && cdx->digest->len > 0)
                g_ptr_array_add(facts->hashes, g_strconcat(cdx->algorithm->str, ":", cdx->digest->str, NULL));
        g_string_truncate(cdx->algorithm, 0);
        g_string_truncate(cdx->digest, 0);
}

static void component_begin(Cdx *cdx, CdxScope *scope)
{
        CdxScope *outer = outer_of(scope);

        scope->facts = facts_take(cdx);
        scope->facts->path = scope->role == CDX_ROLE_COMPONENT ? outer->members++ : 0;
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
        if (cdx_is_component(own)) {
                component_end(cdx, own);
                g_ptr_array_add(cdx->spare, g_steal_pointer(&own->facts));
        }
}

/* ---- the end ---- */

/* Who asks what is in the file is told that it is not what it says; who imports gets all that is refused, and may
 * take the rest. */
static bool broken_check(const Cdx *cdx, GError **error)
{
        const GError *broken = cdx->broken;

        if (broken == NULL || (!cdx->source->figures_only && !cdx_is_hopeless(cdx)))
                return true;
        if (cdx_is_hopeless(cdx))
                error_set(error, ZW_ERR_INPUT, error_where(broken),
                          "%s (and more than %d more broken rules; the rest was not read)", broken->message,
                          CDX_REFUSED_MAX - 1);
        else if (cdx->refused > 1)
                error_set(error, ZW_ERR_INPUT, error_where(broken), "%s (and %zu more broken rules)",
                          broken->message, cdx->refused - 1);
        else
                error_set(error, ZW_ERR_INPUT, error_where(broken), "%s", broken->message);
        return false;
}

bool cdx_finish(Cdx *cdx, GError **error)
{
        if (cdx->problems > CDX_LISTED_MAX)
                sink_problem(cdx->sink, "", "and %zu more problems", cdx->problems - CDX_LISTED_MAX);
        if (cdx->refused > CDX_LISTED_MAX)
                sink_refuse(cdx->sink, "", "and %zu more broken rules", cdx->refused - CDX_LISTED_MAX);
        cdx_refs_report(cdx->refs, cdx->sink);
        cdx_give_losses(cdx);
        cdx_give_figures(cdx);
        return broken_check(cdx, error);
}
