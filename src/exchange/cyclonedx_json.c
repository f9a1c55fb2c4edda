/* The JSON form: one recursive walk over parsed values by the tables of object types. Each value gives a hash of what it
 * says, so that equal entries of an array are found without comparing all with all. */
#include "base/hash.h"
#include "base/jtext.h"
#include "exchange/cyclonedx.h"
#include "exchange/cyclonedx_seen.h"
#include "exchange/jparts.h"

#include <string.h>

typedef struct {
        Cdx *cdx;
        uint8_t version;
        uint64_t seed;
        const JPlace *place;
        uint64_t *required; /* of each object type, the members this version demands */
} Walk;

static char *where_of(const void *walker)
{
        return jplace_text(NULL, ((const Walk *)walker)->place);
}

/* What an object or array is reached by, and what it means there. */
typedef struct {
        uint16_t value;
        CdxRole role;
        CdxScope *scope;
} Step;

static uint64_t check(Walk *w, JVal v, Step step);

/* ---- what the tables do not know ---- */

static uint64_t hash_any(Walk *w, JVal v)
{
        JIter iter = jval_iter(v);
        uint64_t hash = (uint64_t)v.type;
        const char *key, *text;
        size_t n;
        double number;
        bool truth;
        JVal entry;

        if (v.type == JVAL_OBJECT) {
                while (jiter_next_member(&iter, &key, &n, &entry))
                        hash += hash_mix(hash_quick(w->seed, key, n), hash_any(w, entry));
        } else if (v.type == JVAL_ARRAY) {
                while (jiter_next(&iter, &entry))
                        hash = hash_mix(hash, hash_any(w, entry));
        } else if (v.type == JVAL_STRING) {
                text = jval_text(v, &n);
                hash = hash_quick(w->seed, text, n);
        } else if (jval_real(v, &number)) {
                memcpy(&hash, &number, sizeof(hash));
                hash = hash_mix(hash, w->seed);
        } else if (jval_bool(v, &truth)) {
                hash += truth ? 16 : 32;
        }
        return hash;
}

static const char *type_name(JValType type)
{
        static const char *const names[] = {
                [JVAL_NONE] = "nothing",       [JVAL_NULL] = "null",       [JVAL_BOOL] = "true or false",
                [JVAL_INT] = "a whole number", [JVAL_REAL] = "a number",   [JVAL_STRING] = "a text",
                [JVAL_ARRAY] = "an array",     [JVAL_OBJECT] = "an object"
        };

        return names[type];
}

static const char *shape_name(CdxShape shape)
{
        switch (shape) {
        case CDX_SHAPE_BOOL:
                return "true or false";
        case CDX_SHAPE_INTEGER:
                return "a whole number";
        case CDX_SHAPE_NUMBER:
                return "a number";
        case CDX_SHAPE_OBJECT:
                return "an object";
        case CDX_SHAPE_ARRAY:
                return "an array";
        default:
                return "a text";
        }
}

static bool is_text_shape(CdxShape shape)
{
        return shape == CDX_SHAPE_TEXT || shape == CDX_SHAPE_FORM || shape == CDX_SHAPE_ENUM;
}

static bool fits(CdxShape shape, JValType type)
{
        switch (shape) {
        case CDX_SHAPE_ANY:
                return true;
        case CDX_SHAPE_BOOL:
                return type == JVAL_BOOL;
        case CDX_SHAPE_INTEGER:
        case CDX_SHAPE_NUMBER:
                return type == JVAL_INT || type == JVAL_REAL;
        case CDX_SHAPE_OBJECT:
                return type == JVAL_OBJECT;
        case CDX_SHAPE_ARRAY:
                return type == JVAL_ARRAY;
        default:
                return is_text_shape(shape) && type == JVAL_STRING;
        }
}

/* ---- objects ---- */

/* The row of a member in this version; NULL for none. */
static const CdxMember *member_find(const Walk *w, const CdxObject *object, const char *key, size_t n)
{
        const CdxMember *row, *end = cdx_members + object->first + object->n;
        uint8_t slot = n == 0 ? 0 : cdx_slots[object->slots + cdx_slot(object, key, n)];

        if (slot == 0)
                return NULL;
        row = cdx_members + object->first + slot - 1;
        if (row->name_n != n || memcmp(row->name, key, n) != 0)
                return NULL;
        for (uint8_t bit = row->bit; row < end && row->bit == bit; row++)
                if (cdx_holds(row->since, row->until, w->version))
                        return row;
        return NULL;
}

static char *members_text(const CdxObject *object, uint64_t members)
{
        g_autoptr(GString) text = g_string_new(NULL);

        for (uint8_t bit = 0; members >> bit != 0; bit++)
                for (size_t i = 0; (members >> bit & 1) != 0 && i < object->n; i++)
                        if (cdx_members[object->first + i].bit == bit) {
                                g_string_append_printf(text, "%s\"%s\"", text->len == 0 ? "" : ", ",
                                                       cdx_members[object->first + i].name);
                                break;
                        }
        return g_string_free(g_steal_pointer(&text), FALSE);
}

/* The first rule of the type that is broken. */
static const CdxRule *rule_broken(const Walk *w, const CdxObject *object, uint64_t seen)
{
        for (size_t i = 0; i < object->n_rules; i++) {
                const CdxRule *rule = &cdx_rules[object->rules + i];
                int n = 0;

                if (!cdx_holds(rule->since, rule->until, w->version))
                        continue;
                for (uint8_t j = 0; j < rule->n; j++)
                        n += (seen & rule->alternatives[j]) == rule->alternatives[j];
                if (rule->kind == CDX_RULE_NOT ? n > 0 : rule->kind == CDX_RULE_ONE ? n != 1 : n == 0)
                        return rule;
        }
        return NULL;
}

static void refuse_rule(Walk *w, const CdxObject *object, const CdxRule *rule, CdxScope *scope)
{
        g_autofree char *names = NULL;
        uint64_t all = 0;

        for (uint8_t i = 0; i < rule->n; i++)
                all |= rule->alternatives[i];
        names = members_text(object, all);
        if (rule->kind == CDX_RULE_NOT)
                cdx_refuse(w->cdx, scope, "%s exclude each other", names);
        else
                cdx_refuse(w->cdx, scope, "%s one of %s is needed",
                           rule->kind == CDX_RULE_ONE ? "exactly" : "at least", names);
}

/* An object whose members come one after the other. */
typedef struct {
        const CdxObject *object;
        CdxScope *scope; /* inside it */
        uint64_t seen, hash;
} Members;

static void member_unknown(Walk *w, Members *members, const char *key, size_t n, JVal v)
{
        const CdxObject *object = members->object;
        g_autofree char *shown = NULL;

        members->hash += hash_mix(hash_quick(w->seed, key, n), hash_any(w, v));
        if (object->open_until == CDX_VERSION_LAST) /* open on purpose, not by neglect of an old version */
                return;
        shown = cdx_shown(key, n);
        if (cdx_holds(object->open_since, object->open_until, w->version))
                cdx_problem(w->cdx, "CycloneDX 1.%d has no \"%s\" here; it is not read", w->version, shown);
        else
                cdx_refuse(w->cdx, members->scope, "CycloneDX 1.%d allows no \"%s\" here", w->version, shown);
}

static void take_member(Walk *w, Members *members, const char *key, size_t n, JVal v)
{
        const CdxMember *row = member_find(w, members->object, key, n);
        const JPlace *outer = w->place;
        JPlace here = { .parent = outer, .key = key, .key_n = n };

        w->place = &here;
        if (row == NULL) {
                member_unknown(w, members, key, n, v);
        } else if (v.type == JVAL_NULL) {
                cdx_problem(w->cdx, "null is no value; it is read as if the member were absent");
        } else {
                if ((members->seen >> row->bit & 1) != 0)
                        cdx_refuse(w->cdx, members->scope, "this member is given twice");
                members->seen |= UINT64_C(1) << row->bit;
                if (row->role == CDX_ROLE_NONE)
                        cdx_unread(w->cdx, members->scope, row->name);
                members->hash += hash_mix(hash_quick(w->seed, key, n),
                                          check(w, v, (Step){ row->value, row->role, members->scope }));
        }
        w->place = outer;
}

static void end_members(Walk *w, Members *members)
{
        uint64_t missing = w->required[members->object - cdx_objects] & ~members->seen;
        const CdxRule *rule = rule_broken(w, members->object, members->seen);

        if (missing != 0) {
                g_autofree char *names = members_text(members->object, missing);

                cdx_refuse(w->cdx, members->scope, "%s is missing", names);
        }
        if (rule != NULL)
                refuse_rule(w, members->object, rule, members->scope);
}

static uint64_t check_object(Walk *w, JVal v, Step step)
{
        CdxScope own;
        Members members = { .object = &cdx_objects[cdx_values[step.value].of],
                            .scope = cdx_enter(w->cdx, &own, step.scope, step.role),
                            .hash = JVAL_OBJECT };
        JIter iter = jval_iter(v);
        const char *key;
        size_t n;
        JVal entry;

        while (jiter_next_member(&iter, &key, &n, &entry))
                take_member(w, &members, key, n, entry);
        end_members(w, &members);
        cdx_leave(w->cdx, &own, members.scope);
        return members.hash;
}

/* ---- arrays ---- */

/* An array whose entries come one after the other. */
typedef struct {
        const CdxValue *want;
        size_t n;
        uint64_t hash;
        Seen seen;
} Entries;

static void take_entry(Walk *w, Entries *entries, JVal v, CdxRole role, CdxScope *scope)
{
        const JPlace *outer = w->place;
        JPlace here = { .parent = outer, .index = entries->n };
        uint64_t hash;

        /* cppcheck-suppress autoVariables ; it is set back before this returns */
        w->place = &here;
        if (entries->n > 0 && (entries->want->flags & CDX_ARRAY_ONE) != 0)
                cdx_refuse(w->cdx, scope, "one entry is allowed here, and none beside it");
        hash = check(w, v, (Step){ entries->want->of, role, scope });
        if ((entries->want->flags & CDX_ARRAY_UNIQUE) != 0 && !seen_add(&entries->seen, hash))
                cdx_refuse(w->cdx, scope, "an entry before is equal to this one");
        entries->hash = hash_mix(entries->hash, hash);
        entries->n++;
        w->place = outer;
}

static void end_entries(Walk *w, Entries *entries, CdxScope *scope)
{
        if (entries->n == 0 && (entries->want->flags & (CDX_ARRAY_ONE | CDX_ARRAY_SOME)) == CDX_ARRAY_SOME)
                cdx_refuse(w->cdx, scope, "at least one entry is needed");
        g_clear_pointer(&entries->seen.slots, g_free);
}

static uint64_t check_array(Walk *w, JVal v, Step step)
{
        Entries entries = { .want = &cdx_values[step.value], .hash = JVAL_ARRAY };
        JIter iter = jval_iter(v);
        JVal entry;

        while (jiter_next(&iter, &entry))
                take_entry(w, &entries, entry, step.role, step.scope);
        end_entries(w, &entries, step.scope);
        return entries.hash;
}

/* ---- alternatives ---- */

/* How far a value is from what is wanted, looking at its members but not into them. One that is not known tells more than
 * one that is missing. */
static size_t distance(const Walk *w, JVal v, const CdxValue *want)
{
        const CdxObject *object = &cdx_objects[want->of];
        JIter iter = jval_iter(v);
        uint64_t seen = 0;
        size_t n, far = 0, least = G_MAXUINT32;
        const char *text;
        JVal entry;

        if (want->shape == CDX_SHAPE_UNION) {
                for (uint8_t i = 0; i < want->n; i++)
                        least = MIN(least, distance(w, v, &cdx_values[want->of + i]));
                return least;
        }
        if (!fits((CdxShape)want->shape, v.type))
                return G_MAXUINT16;
        if (want->shape == CDX_SHAPE_ARRAY)
                return jiter_next(&iter, &entry) ? distance(w, entry, &cdx_values[want->of]) : 0;
        text = jval_text(v, &n);
        if (text != NULL)
                return cdx_check_text(want, w->version, text, n, NULL) == CDX_BAD;
        if (want->shape != CDX_SHAPE_OBJECT)
                return 0;
        while (jiter_next_member(&iter, &text, &n, &entry)) {
                const CdxMember *row = member_find(w, object, text, n);

                far += row == NULL ? 2 : 0;
                seen |= row == NULL ? 0 : UINT64_C(1) << row->bit;
        }
        return far + (size_t)__builtin_popcountll(w->required[want->of] & ~seen);
}

/* The alternative that lies nearest; the first of equals. */
static uint16_t choose(const Walk *w, JVal v, const CdxValue *want)
{
        size_t least = SIZE_MAX;
        uint16_t chosen = want->of;

        for (uint16_t i = 0; i < want->n; i++) {
                size_t far = distance(w, v, &cdx_values[want->of + i]);

                if (far < least) {
                        least = far;
                        chosen = (uint16_t)(want->of + i);
                }
        }
        return chosen;
}

/* ---- any value ---- */

static uint64_t check_text(Walk *w, JVal v, Step step)
{
        const CdxValue *want = &cdx_values[step.value];
        g_autofree char *why = NULL;
        size_t n;
        const char *text = jval_text(v, &n);
        CdxVerdict verdict = cdx_check_text(want, w->version, text, n, cdx_reason(w->cdx, want, &why));

        uint64_t hash = hash_quick(w->seed, text, n);

        if (verdict != CDX_GOOD)
                cdx_judge(w->cdx, step.scope, verdict, why);
        if (step.role != CDX_ROLE_NONE)
                cdx_text(w->cdx, step.scope, step.role, text, n);
        return hash;
}

static uint64_t check_number(Walk *w, JVal v, Step step)
{
        const CdxValue *want = &cdx_values[step.value];
        g_autofree char *why = NULL;
        CdxVerdict verdict = CDX_GOOD;
        double number;

        if (jval_real(v, &number))
                verdict = cdx_check_number(want, number, cdx_reason(w->cdx, want, &why));
        if (verdict != CDX_GOOD)
                cdx_judge(w->cdx, step.scope, verdict, why);
        return hash_any(w, v);
}

static bool takes_object(const CdxValue *want)
{
        while (want->shape == CDX_SHAPE_UNION)
                want = &cdx_values[want->of];
        return want->shape == CDX_SHAPE_OBJECT;
}

static uint64_t check_misfit(Walk *w, JVal v, Step step)
{
        const CdxValue *want = &cdx_values[step.value];

        if (want->shape == CDX_SHAPE_ARRAY && v.type == JVAL_OBJECT && takes_object(&cdx_values[want->of])) {
                cdx_problem(w->cdx,
                            "one object stands where an array is wanted; it is read as its only entry");
                return check(w, v, (Step){ want->of, step.role, step.scope });
        }
        cdx_refuse(w->cdx, step.scope, "this is %s, and %s is wanted", type_name(v.type),
                   shape_name((CdxShape)want->shape));
        return hash_any(w, v);
}

static uint64_t check(Walk *w, JVal v, Step step)
{
        const CdxValue *want = &cdx_values[step.value];

        if (want->shape == CDX_SHAPE_UNION) {
                step.value = choose(w, v, want);
                want = &cdx_values[step.value];
        }
        if (!fits((CdxShape)want->shape, v.type))
                return check_misfit(w, v, step);
        switch ((CdxShape)want->shape) {
        case CDX_SHAPE_OBJECT:
                return check_object(w, v, step);
        case CDX_SHAPE_ARRAY:
                return check_array(w, v, step);
        case CDX_SHAPE_TEXT:
        case CDX_SHAPE_FORM:
        case CDX_SHAPE_ENUM:
                return check_text(w, v, step);
        case CDX_SHAPE_INTEGER:
        case CDX_SHAPE_NUMBER:
                return check_number(w, v, step);
        default:
                return hash_any(w, v);
        }
}

/* ---- the bill ---- */

static void required_make(Walk *w)
{
        w->required = g_new0(uint64_t, cdx_n_objects);
        for (size_t i = 0; i < cdx_n_objects; i++)
                for (size_t j = 0; j < cdx_objects[i].n; j++) {
                        const CdxMember *row = &cdx_members[cdx_objects[i].first + j];

                        if (row->required && cdx_holds(row->since, row->until, w->version))
                                w->required[i] |= UINT64_C(1) << row->bit;
                }
}

/* The text of a member of the bill; the last one where there are several. */
static bool head_text(JParts *parts, const char *name, char **ret_text, GError **error)
{
        for (size_t i = 0; i < jparts_count(parts); i++) {
                JVal object;

                if (!jparts_is(parts, i, name))
                        continue;
                if (!jparts_parse(parts, i, &object, error))
                        return false;
                g_free(*ret_text);
                *ret_text = g_strdup(jval_get_text(object, name));
        }
        return true;
}

/* What makes the file a bill of materials, before anything else is looked at. */
static bool read_head(Walk *w, JParts *parts, GError **error)
{
        g_autofree char *format = NULL, *version = NULL;

        if (!head_text(parts, "bomFormat", &format, error) ||
            !head_text(parts, "specVersion", &version, error))
                return false;
        if (g_strcmp0(format, "CycloneDX") != 0) {
                error_set(error, ZW_ERR_INPUT, "/bomFormat", "bomFormat is not \"CycloneDX\"");
                return false;
        }
        if (version == NULL) {
                error_set(error, ZW_ERR_INPUT, "/specVersion", "specVersion is missing");
                return false;
        }
        if (!cdx_take_version(w->cdx, version, error))
                return false;
        w->version = cdx_version(w->cdx);
        required_make(w);
        return true;
}

/* One part: a member, or some entries of one. */
static void take_part(Walk *w, const JParts *parts, size_t part, JVal object, Members *bill, Entries *entries)
{
        JIter iter = jval_iter(object);
        const CdxMember *row;
        const char *key;
        size_t n;
        JVal v, entry;

        if (!jiter_next_member(&iter, &key, &n, &v))
                return;
        row = member_find(w, bill->object, key, n);
        if (jparts_whole(parts, part) || row == NULL || cdx_values[row->value].shape != CDX_SHAPE_ARRAY) {
                if (jparts_begins(parts, part))
                        take_member(w, bill, key, n, v);
                return;
        }

        JPlace here = { .parent = NULL, .key = key, .key_n = n };

        w->place = &here;
        if (jparts_begins(parts, part)) {
                end_entries(w, entries, bill->scope);
                *entries = (Entries){ .want = &cdx_values[row->value] };
                if ((bill->seen >> row->bit & 1) != 0)
                        cdx_refuse(w->cdx, bill->scope, "this member is given twice");
                bill->seen |= UINT64_C(1) << row->bit;
                if (row->role == CDX_ROLE_NONE)
                        cdx_unread(w->cdx, bill->scope, row->name);
        }
        for (iter = jval_iter(v); jiter_next(&iter, &entry);)
                take_entry(w, entries, entry, (CdxRole)row->role, bill->scope);
        w->place = NULL;
}

/* Serial number and the thing described come first: they name all others. */
static bool is_early(const JParts *parts, size_t part)
{
        return jparts_is(parts, part, "serialNumber") || jparts_is(parts, part, "metadata");
}

static bool read_parts(Walk *w, JParts *parts, GError **error)
{
        CdxScope top = { 0 };
        Members bill = { .object = &cdx_objects[cdx_object_bom], .scope = &top };
        Entries entries = { .want = cdx_values };
        bool good = true;

        for (int pass = 0; pass < 2; pass++)
                for (size_t i = 0; good && !cdx_is_hopeless(w->cdx) && i < jparts_count(parts); i++) {
                        JVal object;

                        if (is_early(parts, i) != (pass == 0))
                                continue;
                        good = jparts_parse(parts, i, &object, error);
                        if (good)
                                take_part(w, parts, i, object, &bill, &entries);
                }
        end_entries(w, &entries, &top);
        if (!good)
                return false;
        end_members(w, &bill);
        return cdx_finish(w->cdx, error);
}

bool cyclonedx_json_read(const Source *source, Sink *sink, GError **error)
{
        g_autoptr(JParts) parts = jparts_new(source->bytes, source->depth_max, CDX_ARRAY_MAX, error);
        Walk w = { 0 };
        g_autoptr(Cdx) cdx = cdx_new(source, sink, false, where_of, &w);
        bool good;

        w.cdx = cdx;
        random_bytes(&w.seed, sizeof(w.seed));
        w.seed |= 1;
        good = parts != NULL && read_head(&w, parts, error) && read_parts(&w, parts, error);
        g_free(w.required);
        return good;
}
