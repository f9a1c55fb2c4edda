#include "exchange/profile.h"

#include "base/error.h"
#include "base/near.h"

#include <string.h>

static const SheetMember members[] = {
        { "id", SHEET_ID, NULL },       { "title", SHEET_TITLE, NULL }, { "body", SHEET_BODY, NULL },
        { "owner", SHEET_OWNER, NULL }, { "tags", SHEET_TAGS, NULL },   { "parents", SHEET_PARENTS, NULL },
};

static const SheetMember extra = { "extra", SHEET_EXTRA, NULL };

/* Headers that are understood without a profile, in lower case with only letters and digits left. */
static const struct {
        const char *header, *member;
} known_headers[] = {
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

bool profile_member_find(const char *name, SheetMember *ret_member)
{
        const AttrDef *attr;

        for (size_t i = 0; i < G_N_ELEMENTS(members); i++)
                if (strcmp(members[i].name, name) == 0) {
                        *ret_member = members[i];
                        return true;
                }
        attr = attr_find(ZW_KIND_REQUIREMENT, name);
        if (attr == NULL || strcmp(name, extra.name) == 0)
                return false;
        *ret_member = (SheetMember){ attr->name, SHEET_ATTR, attr };
        return true;
}

json_t *profile_members(void)
{
        g_autoptr(GPtrArray) attrs = attr_list(ZW_KIND_REQUIREMENT);
        json_t *names = json_array();
        SheetMember member;

        for (size_t i = 0; i < G_N_ELEMENTS(members); i++)
                json_array_append_new(names, json_string(members[i].name));
        for (guint i = 0; i < attrs->len; i++) {
                const AttrDef *attr = attrs->pdata[i];

                if (profile_member_find(attr->name, &member))
                        json_array_append_new(names, json_string(attr->name));
        }
        return names;
}

/* ---- reading ---- */

static bool member_check(const char *name, GError **error)
{
        g_autofree char *near = NULL, *where = g_strdup_printf("/columns/%s", name);
        g_autoptr(GPtrArray) attrs = NULL, known = NULL;
        SheetMember member;

        if (profile_member_find(name, &member))
                return true;
        known = g_ptr_array_new_with_free_func(NULL);
        attrs = attr_list(ZW_KIND_REQUIREMENT);
        for (size_t i = 0; i < G_N_ELEMENTS(members); i++)
                g_ptr_array_add(known, (void *)(uintptr_t)members[i].name);
        for (guint i = 0; i < attrs->len; i++)
                g_ptr_array_add(known, (void *)(uintptr_t)((const AttrDef *)attrs->pdata[i])->name);
        near = near_names(name, (const char *const *)known->pdata, known->len);
        error_set(error, ZW_ERR_INPUT, where, "a requirement has no member or attribute \"%s\"%s", name,
                  near);
        return false;
}

static bool columns_check(const Profile *profile, GError **error)
{
        const char *name;
        json_t *value;

        json_object_foreach((json_t *)(uintptr_t)profile->columns, name, value)
        {
                if (!member_check(name, error))
                        return false;
                if (!json_is_string(value)) {
                        error_set(error, ZW_ERR_INPUT, "/columns", "\"%s\" names its column by a text", name);
                        return false;
                }
        }
        return true;
}

static bool profile_check(const Profile *profile, GError **error)
{
        const json_t *value;
        size_t i;

        if (!columns_check(profile, error))
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
                       attrs_check(ZW_KIND_REQUIREMENT, profile->defaults, "/defaults", error);
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
                { "header_row", JREAD_INT, G_STRUCT_OFFSET(Profile, header_row), false },
                { "columns", JREAD_OBJECT, G_STRUCT_OFFSET(Profile, columns), false },
                { "ignore", JREAD_ARRAY, G_STRUCT_OFFSET(Profile, ignore), false },
                { "defaults", JREAD_OBJECT, G_STRUCT_OFFSET(Profile, defaults), false },
                JREAD_END,
        };
        Profile profile = { .header_row = 1 };

        if (json != NULL &&
            (!jread_object(json, fields, &profile, "", error) || !profile_check(&profile, error)))
                return false;
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

static const char *name_of_header(const char *header)
{
        g_autofree char *plain = header_plain(header);

        for (size_t i = 0; i < G_N_ELEMENTS(known_headers); i++)
                if (strcmp(known_headers[i].header, plain) == 0)
                        return known_headers[i].member;
        return NULL;
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
        const char *name = profile->columns != NULL ? name_of_profile(profile, header)
                                                    : name_of_header(header);
        SheetMember member = extra;

        if (is_ignored(profile, header))
                member.target = SHEET_NOTHING;
        else if (name != NULL && !profile_member_find(name, &member))
                member = extra;
        return member;
}
