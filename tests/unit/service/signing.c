#include "signing.h"

#include "base/error.h"

#include <string.h>

Caller with_role(Cast *cast, const char *name, const char *roles, const char *zones)
{
        Caller caller = cast_person(cast, name);

        json_decref(cast_do(cast, "role.grant",
                            json_of("{" ON ",'name':'%s','roles':[%s],'zones':[%s]}", name, roles, zones)));
        cast_password(cast, name, PASSWORD);
        return caller;
}

void edit(Cast *cast, const Caller *caller, const char *ops)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(Json)
                answer = cast_try(cast, caller, "edit", json_of("{" ON ",'ops':[%s]}", ops), NULL, &error);

        g_assert_no_error(error);
        g_assert_nonnull(answer);
}

/* CM-1 and CM-2 in review, written by alice; CM-2 is on a zone of a safety nature. */
People people_make(Cast *cast)
{
        const People p = { with_role(cast, "alice", "'author'", ""), with_role(cast, "bob", "'approver'", ""),
                           with_role(cast, "carol", "'approver','reviewer'", ""),
                           with_role(cast, "otto", "'asset_owner'", "") };

        edit(cast, &p.alice,
             "{'op':'item','key':'ZN-1','kind':'zone','title':'Office'},"
             "{'op':'item','key':'ZN-2','kind':'zone','title':'Trip','attrs':{'nature':['safety']}},"
             "{'op':'item','key':'AS-2','kind':'asset','title':'Trip controller'},"
             "{'op':'link','from':'AS-2','type':'part_of','to':'ZN-2'},"
             "{'op':'item','key':'CM-1','kind':'countermeasure','title':'Locks'},"
             "{'op':'item','key':'CM-2','kind':'countermeasure','title':'Filter'},"
             "{'op':'link','from':'CM-1','type':'deployed_on','to':'ZN-1'},"
             "{'op':'link','from':'CM-2','type':'deployed_on','to':'AS-2'},"
             "{'op':'transition','key':'CM-1','to':'in_review'},"
             "{'op':'transition','key':'CM-2','to':'in_review'}");
        return p;
}

json_t *preview(Cast *cast, const Caller *caller, const char *key)
{
        g_autoptr(GError) error = NULL;
        json_t *shown = cast_try(cast, caller, "signature.preview", json_of("{" ON ",'key':'%s'}", key), NULL,
                                 &error);

        g_assert_no_error(error);
        return shown;
}

/* The input for signing an item as it is now. */
json_t *input_of(Cast *cast, const Caller *caller, const char *key, const char *meaning)
{
        g_autoptr(Json) shown = preview(cast, caller, key);

        return json_pack("{s:s, s:s, s:O, s:O, s:s, s:s}", "project", "OWN", "on", key, "rev",
                         json_object_get(shown, "rev"), "hash", json_object_get(shown, "hash"), "meaning",
                         meaning, "reason", "read and found right");
}

json_t *sign(Cast *cast, const Caller *caller, const char *key, const char *meaning)
{
        g_autoptr(GError) error = NULL;
        json_t *answer = cast_try(cast, caller, "sign", input_of(cast, caller, key, meaning), PASSWORD,
                                  &error);

        g_assert_no_error(error);
        return answer;
}

void refuse_with(Cast *cast, const Caller *caller, const char *usecase, json_t *input, const char *password,
                 int code, const char *words)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(Json) answer = cast_try(cast, caller, usecase, input, password, &error);

        g_assert_null(answer);
        g_test_message("%s", error->message);
        g_assert_error(error, ZW_ERROR, code);
        g_assert_nonnull(strstr(error->message, words));
}

json_t *listed(Cast *cast, const char *key)
{
        return cast_do(cast, "signature.list", json_of("{" ON ",'key':'%s'}", key));
}

char *state_of(Cast *cast, const char *key)
{
        g_autoptr(Json) shown = cast_do(cast, "item.show", json_of("{" ON ",'key':'%s'}", key));

        return g_strdup(jread_get_string(shown, "state"));
}

bool holds(Cast *cast)
{
        g_autoptr(Json) verify = cast_do(cast, "verify", json_of("{" ON "}"));
        g_autoptr(Json) check = cast_do(cast, "check", json_of("{" ON "}"));

        return jread_get_bool(verify, "ok", false) && jread_get_bool(check, "ok", false);
}
