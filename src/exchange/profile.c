#include "exchange/profile.h"

#include "base/error.h"
#include "base/near.h"

#include <string.h>

static const SheetMember members[] = {
        { .name = "id", .target = SHEET_ID },     { .name = "title", .target = SHEET_TITLE },
        { .name = "body", .target = SHEET_BODY }, { .name = "owner", .target = SHEET_OWNER },
        { .name = "tags", .target = SHEET_TAGS }, { .name = "parents", .target = SHEET_PARENTS },
};

static const SheetMember extra = { .name = "extra", .target = SHEET_EXTRA };

/* Headers that are understood without a profile, in lower case with only ASCII letters and digits left. */
typedef struct {
        const char *header, *member;
} KnownHeader;

static const KnownHeader known_headers[] = {
        { "id", "id" },
        { "uid", "id" },
        { "reqid", "id" },
        { "requirementid", "id" },
        { "identifier", "id" },
        { "title", "title" },
        { "name", "title" },
        { "reqname", "title" },
        { "shortname", "title" },
        { "body", "body" },
        { "text", "body" },
        { "statement", "body" },
        { "description", "body" },
        { "reqdescription", "body" },
        { "requirement", "body" },
        { "owner", "owner" },
        { "tags", "tags" },
        { "labels", "tags" },
        { "parent", "parents" },
        { "parents", "parents" },
        { "parentuid", "parents" },
        { "parentid", "parents" },
        { "links", "parents" },
        { "ref", "ref" },
        { "ref62443", "ref" },
        { "catalogreference", "ref" },
        { "catalogueref", "ref" },
        { "priority", "priority" },
        { "rationale", "rationale" },
        { "justification", "rationale" },
        { "source", "source" },
        { "level", "level" },
        { "discipline", "discipline" },
        { "responsible", "responsible" },
};

/* The same, where no column of the sheet has one of those for the member. */
static const KnownHeader other_headers[] = {
        { "itemid", "id" },
        { "issuekey", "id" },
        { "key", "id" },
        { "objectidentifier", "id" },
        { "requirementno", "id" },
        { "requirementnumber", "id" },
        { "reqno", "id" },
        { "anforderungsid", "id" },
        { "anforderungsnr", "id" },
        { "kennung", "id" },
        { "identifiant", "id" },
        { "identificador", "id" },
        { "identificatore", "id" },
        { "number", "id" },
        { "no", "id" },
        { "nr", "id" },
        { "requirementtitle", "title" },
        { "requirementname", "title" },
        { "itemname", "title" },
        { "summary", "title" },
        { "heading", "title" },
        { "objectheading", "title" },
        { "titel", "title" },
        { "bezeichnung", "title" },
        { "titre", "title" },
        { "ttulo", "title" }, /* with an accent */
        { "titulo", "title" },
        { "titolo", "title" },
        { "requirementtext", "body" },
        { "requirementdescription", "body" },
        { "reqtext", "body" },
        { "objecttext", "body" },
        { "primarytext", "body" },
        { "details", "body" },
        { "beschreibung", "body" },
        { "anforderung", "body" },
        { "anforderungstext", "body" },
        { "exigence", "body" },
        { "descripcin", "body" },
        { "descripcion", "body" },
        { "descrizione", "body" },
        { "parentrequirement", "parents" },
        { "derivedfrom", "parents" },
};

/* `impact.safety`: one value of an attribute that has several. */
static bool part_find(KindId kind, const char *name, SheetMember *ret_member)
{
        const char *dot = strchr(name, '.');
        g_autofree char *whole = dot == NULL ? NULL : g_strndup(name, (gsize)(dot - name));
        const AttrDef *attr = dot == NULL ? NULL : attr_find(kind, whole);

        if (attr == NULL || (attr->type != ATTR_LEVELS && attr->type != ATTR_ANSWERS))
                return false;
        for (size_t i = 0; i < attr->n_values; i++)
                if (strcmp(attr->values[i], dot + 1) == 0) {
                        *ret_member = (SheetMember){ .name = attr->name,
                                                     .target = SHEET_ATTR,
                                                     .attr = attr,
                                                     .part = attr->values[i] };
                        return true;
                }
        return false;
}

/* A link type that some rule lets lead from the kind, or with `<` to it. */
static bool link_find(KindId kind, const char *name, SheetMember *ret_member)
{
        const bool incoming = name[0] == '<';
        LinkTypeId type;
        size_t n;
        const LinkRuleDef *rules = link_rules(&n);

        if (!link_type_find(name + incoming, &type))
                return false;
        for (size_t i = 0; i < n; i++)
                if (rules[i].type == type && ((incoming ? rules[i].to : rules[i].from) >> kind & 1) != 0) {
                        *ret_member = (SheetMember){ .name = link_type_def(type)->name,
                                                     .target = SHEET_LINK,
                                                     .link = type,
                                                     .incoming = incoming };
                        return true;
                }
        return false;
}

bool profile_member_find(KindId kind, const char *name, SheetMember *ret_member)
{
        const AttrDef *attr;

        for (size_t i = 0; i < G_N_ELEMENTS(members); i++)
                if (strcmp(members[i].name, name) == 0) {
                        *ret_member = members[i];
                        return true;
                }
        attr = attr_find(kind, name);
        if (attr == NULL || strcmp(name, extra.name) == 0)
                return part_find(kind, name, ret_member) || link_find(kind, name, ret_member);
        *ret_member = (SheetMember){ .name = attr->name, .target = SHEET_ATTR, .attr = attr };
        return true;
}

json_t *profile_members(KindId kind)
{
        g_autoptr(GPtrArray) attrs = attr_list(kind);
        json_t *names = json_array();
        SheetMember member;

        for (size_t i = 0; i < G_N_ELEMENTS(members); i++)
                json_array_append_new(names, json_string(members[i].name));
        for (guint i = 0; i < attrs->len; i++) {
                const AttrDef *attr = attrs->pdata[i];

                if (profile_member_find(kind, attr->name, &member))
                        json_array_append_new(names, json_string(attr->name));
        }
        return names;
}

const json_t *profile_value_find(const Profile *profile, const char *member, const char *text)
{
        return json_object_get(json_object_get(profile->values, member), text);
}

/* ---- reading ---- */

static bool member_check(KindId kind, const char *name, GError **error)
{
        g_autofree char *near = NULL, *where = g_strdup_printf("/columns/%s", name);
        g_autoptr(GPtrArray) attrs = NULL, known = NULL;
        SheetMember member;

        if (profile_member_find(kind, name, &member))
                return true;
        known = g_ptr_array_new_with_free_func(NULL);
        attrs = attr_list(kind);
        for (size_t i = 0; i < G_N_ELEMENTS(members); i++)
                g_ptr_array_add(known, (void *)(uintptr_t)members[i].name);
        for (guint i = 0; i < attrs->len; i++)
                g_ptr_array_add(known, (void *)(uintptr_t)((const AttrDef *)attrs->pdata[i])->name);
        near = near_names(name, (const char *const *)known->pdata, known->len);
        error_set(error, ZW_ERR_INPUT, where, "a %s has no member, attribute or link \"%s\"%s",
                  kind_def(kind)->name, name, near);
        return false;
}

static bool columns_check(const Profile *profile, GError **error)
{
        const char *name;
        json_t *value;

        json_object_foreach((json_t *)(uintptr_t)profile->columns, name, value)
        {
                if (!member_check(profile->kind, name, error))
                        return false;
                if (!json_is_string(value)) {
                        error_set(error, ZW_ERR_INPUT, "/columns", "\"%s\" names its column by a text", name);
                        return false;
                }
        }
        return true;
}

/* What cells mean is said member by member. */
static bool values_check(const Profile *profile, GError **error)
{
        const char *name;
        json_t *value;

        json_object_foreach((json_t *)(uintptr_t)profile->values, name, value)
        {
                if (!member_check(profile->kind, name, error))
                        return false;
                if (!json_is_object(value)) {
                        error_set(error, ZW_ERR_INPUT, "/values",
                                  "\"%s\" says by an object what its cells mean", name);
                        return false;
                }
        }
        return true;
}

static bool kind_check(Profile *profile, GError **error)
{
        g_autofree char *near = NULL;
        const char *const *names;
        size_t n;

        profile->kind = ZW_KIND_REQUIREMENT;
        if (profile->component != NULL) /* a supplier states claims */
                profile->kind = ZW_KIND_CLAIM;
        if (profile->kind_name == NULL || kind_find(profile->kind_name, &profile->kind))
                return true;
        names = kind_names(&n);
        near = near_names(profile->kind_name, names, n);
        error_set(error, ZW_ERR_INPUT, "/kind", "there is no kind \"%s\"%s", profile->kind_name, near);
        return false;
}

static bool profile_check(Profile *profile, GError **error)
{
        const json_t *value;
        size_t i;

        if (!kind_check(profile, error) || !columns_check(profile, error) || !values_check(profile, error))
                return false;
        json_array_foreach(profile->ignore, i, value) if (!json_is_string(value))
        {
                error_set(error, ZW_ERR_INPUT, "/ignore", "columns are named by texts");
                return false;
        }
        if (profile->name != NULL && (profile->name[0] == '\0' || strlen(profile->name) > PROFILE_NAME_MAX)) {
                error_set(error, ZW_ERR_INPUT, "/name", "a name has 1 to %d bytes", PROFILE_NAME_MAX);
                return false;
        }
        if (profile->header_row >= 1 && profile->header_row <= PROFILE_ROWS_MAX)
                return profile->defaults == NULL ||
                       attrs_check(profile->kind, profile->defaults, "/defaults", error);
        error_set(error, ZW_ERR_INPUT, "/header_row", "rows are numbered from 1 to %d", PROFILE_ROWS_MAX);
        return false;
}

bool profile_read(const json_t *json, Profile *ret_profile, GError **error)
{
        static const JReadField fields[] = {
                { "name", JREAD_STRING, G_STRUCT_OFFSET(Profile, name), false },
                { "encoding", JREAD_STRING, G_STRUCT_OFFSET(Profile, encoding), false },
                { "delimiter", JREAD_STRING, G_STRUCT_OFFSET(Profile, delimiter), false },
                { "sheet", JREAD_STRING, G_STRUCT_OFFSET(Profile, sheet), false },
                { "component", JREAD_STRING, G_STRUCT_OFFSET(Profile, component), false },
                { "kind", JREAD_STRING, G_STRUCT_OFFSET(Profile, kind_name), false },
                { "values", JREAD_OBJECT, G_STRUCT_OFFSET(Profile, values), false },
                { "header_row", JREAD_INT, G_STRUCT_OFFSET(Profile, header_row), false },
                { "columns", JREAD_OBJECT, G_STRUCT_OFFSET(Profile, columns), false },
                { "ignore", JREAD_ARRAY, G_STRUCT_OFFSET(Profile, ignore), false },
                { "defaults", JREAD_OBJECT, G_STRUCT_OFFSET(Profile, defaults), false },
                JREAD_END,
        };
        Profile profile = { .kind = ZW_KIND_REQUIREMENT, .header_row = 1 };

        if (json != NULL &&
            (!jread_object(json, fields, &profile, "", error) || !profile_check(&profile, error)))
                return false;
        if (json_object_get(json, "header_row") == NULL)
                profile.header_row = 0;
        *ret_profile = profile;
        return true;
}

json_t *profile_new_builtin(const char *name, GError **error)
{
        g_autoptr(Json) all = jread_parse(profile_texts[0], strlen(profile_texts[0]), error);
        g_autoptr(GPtrArray) names = g_ptr_array_new();
        g_autofree char *near = NULL;
        json_t *profile;
        const char *known;

        if (all == NULL)
                return NULL;
        if (json_object_get(all, name) != NULL)
                return json_incref(json_object_get(all, name));
        json_object_foreach(all, known, profile) g_ptr_array_add(names, (gpointer)(uintptr_t)known);
        near = near_names(name, (const char *const *)names->pdata, names->len);
        error_set(error, ZW_ERR_NAME_UNKNOWN, "profile",
                  "no profile of this name comes with the program: \"%s\"%s", name, near);
        return NULL;
}

/* ---- headers ---- */

static char *header_plain(const char *header)
{
        g_autoptr(GString) plain = g_string_new(NULL);

        for (const char *p = header; *p != '\0'; p++)
                if (g_ascii_isalnum(*p))
                        g_string_append_c(plain, g_ascii_tolower(*p));
        return g_string_free(g_steal_pointer(&plain), FALSE);
}

static const char *name_of_profile(const Profile *profile, const char *header)
{
        const char *name;
        json_t *value;

        json_object_foreach((json_t *)(uintptr_t)profile->columns, name, value)
        {
                if (strcmp(json_string_value(value), header) == 0)
                        return name;
        }
        return NULL;
}

static bool header_find(const KnownHeader *headers, size_t n, KindId kind, const char *header,
                        SheetMember *ret_member)
{
        g_autofree char *plain = header_plain(header);

        for (size_t i = 0; i < n; i++)
                if (strcmp(headers[i].header, plain) == 0)
                        return profile_member_find(kind, headers[i].member, ret_member);
        return false;
}

/* Without a mapping: the name of a member of what is no requirement, or a header that is known to everybody. */
static bool member_of_header(KindId kind, const char *header, SheetMember *ret_member)
{
        g_autofree char *lower = g_ascii_strdown(header, -1);

        return (kind != ZW_KIND_REQUIREMENT && profile_member_find(kind, lower, ret_member)) ||
               header_find(known_headers, G_N_ELEMENTS(known_headers), kind, header, ret_member);
}

static bool is_ignored(const Profile *profile, const char *header)
{
        const json_t *value;
        size_t i;

        json_array_foreach(profile->ignore, i, value)
        {
                if (strcmp(json_string_value(value), header) == 0)
                        return true;
        }
        return false;
}

SheetMember profile_member_of(const Profile *profile, const char *header)
{
        const char *name = name_of_profile(profile, header);
        SheetMember member = extra;

        if (is_ignored(profile, header))
                member.target = SHEET_NOTHING;
        else if (!(profile->columns != NULL
                           ? name != NULL && profile_member_find(profile->kind, name, &member)
                           : member_of_header(profile->kind, header, &member)))
                member = extra;
        return member;
}

SheetMember profile_member_guess(const Profile *profile, const char *header)
{
        SheetMember member = extra;

        if (profile->columns != NULL || is_ignored(profile, header) ||
            !header_find(other_headers, G_N_ELEMENTS(other_headers), profile->kind, header, &member))
                member = extra;
        return member;
}
