/* Column mappings of requirement sheets by name (docs/import.md): those that come with the program and those of the project, which
 * are settings `profile:NAME`. */
#include "service/interchange/profiles.h"

#include "exchange/profile.h"

#include <string.h>

#define PREFIX "profile:"

/* ---- reading ---- */

bool project_profile(const Call *call, const char *name, json_t **ret_profile, GError **error)
{
        g_autofree char *setting = g_strconcat(PREFIX, name, NULL), *text = NULL;

        if (!store_load_setting(call->view, &call->project->log, setting, call->at, &text, error))
                return false;
        *ret_profile = text == NULL ? NULL : jread_parse(text, strlen(text), error);
        return text == NULL || *ret_profile != NULL;
}

static void profile_say(JWrite *w, const char *name, bool own, const json_t *profile)
{
        jwrite_object_begin(w);
        jwrite_key_string(w, "name", name);
        jwrite_key_bool(w, "own", own);
        jwrite_key_json(w, "profile", profile);
        jwrite_object_end(w);
}

typedef struct {
        JWrite *w;
        json_t *builtin; /* without those the project has put its own in place of */
} Listing;

static bool own_say(const char *name, const char *value, void *payload, GError **error)
{
        Listing *list = payload;
        g_autoptr(Json) profile = jread_parse(value, strlen(value), error);

        if (profile == NULL)
                return false;
        json_object_del(list->builtin, name + strlen(PREFIX));
        profile_say(list->w, name + strlen(PREFIX), true, profile);
        return true;
}

bool usecase_profile_list(Call *call, JWrite *w, GError **error)
{
        g_autoptr(Json) builtin = jread_parse(profile_texts[0], strlen(profile_texts[0]), error);
        Listing list = { w, builtin };
        const char *name;
        json_t *profile;

        if (builtin == NULL)
                return false;
        jwrite_array_begin(w);
        if (!store_each_setting(call->view, &call->project->log, PREFIX, call->at, own_say, &list, error))
                return false;
        json_object_foreach(builtin, name, profile) profile_say(w, name, false, profile);
        jwrite_array_end(w);
        return true;
}

/* ---- writing ---- */

bool project_profile_check(const char *name, const json_t *value, GError **error)
{
        Profile profile;

        if (name[0] == '\0' || strlen(name) > PROFILE_NAME_MAX || strpbrk(name, "/{") != NULL) {
                error_set(error, ZW_ERR_INPUT, "/name",
                          "a profile has a name of 1 to %d bytes without / and {", PROFILE_NAME_MAX);
                return false;
        }
        if (json_is_null(value))
                return true;
        if (json_is_object(value))
                return profile_read(value, &profile, error);
        error_set(error, ZW_ERR_INPUT, "/profile", "a profile is an object, or null for none");
        return false;
}

bool usecase_profile_set(Call *call, JWrite *w, GError **error)
{
        const char *name = jread_get_string(call->input, "name");
        json_t *value = json_object_get(call->input, "profile");
        g_autoptr(Json) input = NULL;
        Call edit = *call;

        if (name == NULL || value == NULL) {
                error_set(error, ZW_ERR_USAGE, name == NULL ? "/name" : "/profile",
                          "a profile has a name, and is an object, or null for none");
                return false;
        }
        input = json_pack("{s:[{s:s, s:s+, s:O}], s:O*}", "ops", "op", "setting", "name", PREFIX, name,
                          "value", value, "message", json_object_get(call->input, "message"));
        edit.input = input;
        return usecase_edit(&edit, w, error);
}
