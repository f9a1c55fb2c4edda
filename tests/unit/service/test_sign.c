/* Signatures: who gives them on what, what they hold, and every way to come by one that is refused. */
#include "signing.h"

#include "base/error.h"
#include "base/totp.h"
#include "store/signature.h"

#include <string.h>

/* ---- what a signature is ---- */

static void test_stands(Cast *cast, gconstpointer data G_GNUC_UNUSED)
{
        const People p = people_make(cast);
        g_autoptr(Json) answer = sign(cast, &p.bob, "CM-1", "approved"), before = listed(cast, "CM-1"),
                        after = NULL, again = NULL;
        const json_t *row = json_array_get(before, 0),
                     *made = json_array_get(json_object_get(answer, "signed"), 0);
        g_autofree char *now = NULL;

        g_assert_cmpuint(json_array_size(before), ==, 1);
        g_assert_cmpstr(jread_get_string(row, "person"), ==, "bob");
        g_assert_cmpstr(jread_get_string(row, "role"), ==, "approver");
        g_assert_cmpstr(jread_get_string(row, "proof"), ==, "password");
        g_assert_cmpstr(jread_get_string(row, "manifest"), ==, jread_get_string(made, "manifest"));
        g_assert_nonnull(strstr(jread_get_string(row, "manifest"), "reason \"read and found right\"\n"));
        g_assert_true(jread_get_bool(row, "standing", false));
        g_assert_true(holds(cast));
        /* A new state says nothing else, another title does; the old words back, and it stands again. */
        edit(cast, &p.alice, "{'op':'transition','key':'CM-1','to':'draft'}");
        again = listed(cast, "CM-1");
        g_assert_true(jread_get_bool(json_array_get(again, 0), "standing", false));
        edit(cast, &p.alice, "{'op':'item','key':'CM-1','title':'Other locks'}");
        after = listed(cast, "CM-1");
        g_assert_false(jread_get_bool(json_array_get(after, 0), "standing", true));
        g_assert_cmpint(jread_get_int(json_array_get(after, 0), "rev", 0), ==, 2);
        g_assert_true(holds(cast));
        now = state_of(cast, "CM-1");
        g_assert_cmpstr(now, ==, "draft");
}

/* Links out of it are what it says; those into it are not. */
static void test_links_are_content(Cast *cast, gconstpointer data G_GNUC_UNUSED)
{
        const People p = people_make(cast);
        g_autoptr(Json) in = NULL, out = NULL, back = NULL;

        json_decref(sign(cast, &p.bob, "CM-1", "approved"));
        edit(cast, &p.alice,
             "{'op':'item','key':'TC-1','kind':'test_case','title':'Try'},"
             "{'op':'link','from':'TC-1','type':'verifies','to':'CM-1'}");
        in = listed(cast, "CM-1");
        g_assert_true(jread_get_bool(json_array_get(in, 0), "standing", false));
        edit(cast, &p.alice, "{'op':'link','from':'CM-1','type':'deployed_on','to':'ZN-2'}");
        out = listed(cast, "CM-1");
        g_assert_false(jread_get_bool(json_array_get(out, 0), "standing", true));
        edit(cast, &p.alice, "{'op':'unlink','from':'CM-1','type':'deployed_on','to':'ZN-2'}");
        back = listed(cast, "CM-1");
        g_assert_true(jread_get_bool(json_array_get(back, 0), "standing", false));
        g_assert_true(holds(cast));
}

static void test_many_at_once(Cast *cast, gconstpointer data G_GNUC_UNUSED)
{
        const People p = people_make(cast);
        g_autoptr(GError) error = NULL;
        g_autoptr(Json) one = preview(cast, &p.bob, "CM-1"), two = preview(cast, &p.bob, "CM-2"),
                        answer = NULL, none = NULL, input = NULL, all = NULL;

        input = json_pack("{s:s, s:s, s:s, s:[{s:s, s:O, s:O}, {s:s, s:O, s:O}]}", "project", "OWN",
                          "meaning", "approved", "reason", "both", "items", "key", "CM-1", "rev",
                          json_object_get(one, "rev"), "hash", json_object_get(one, "hash"), "key", "CM-2",
                          "rev", json_object_get(two, "rev"), "hash", json_object_get(two, "hash"));
        /* One that does not fit, and none is signed. */
        edit(cast, &p.alice, "{'op':'item','key':'CM-2','title':'Another filter'}");
        refuse_with(cast, &p.bob, "sign", json_incref(input), PASSWORD, ZW_ERR_STALE, "CM-2");
        none = cast_do(cast, "signature.list", json_of("{" ON "}"));
        g_assert_cmpuint(json_array_size(none), ==, 0);
        edit(cast, &p.alice, "{'op':'item','key':'CM-2','title':'Filter'}");
        json_object_set_new(json_array_get(json_object_get(input, "items"), 1), "rev",
                            json_integer(jread_get_int(two, "rev", 0) + 2));
        answer = cast_try(cast, &p.bob, "sign", json_incref(input), PASSWORD, &error);
        g_assert_no_error(error);
        g_assert_cmpuint(json_array_size(json_object_get(answer, "signed")), ==, 2);
        all = cast_do(cast, "signature.list", json_of("{" ON ",'person':'bob'}"));
        g_assert_cmpuint(json_array_size(all), ==, 2);
        g_assert_true(holds(cast));
}

static void test_baseline(Cast *cast, gconstpointer data G_GNUC_UNUSED)
{
        const People p = people_make(cast);
        g_autoptr(GError) error = NULL;
        g_autoptr(Json) made = cast_try(cast, &p.alice, "baseline.create",
                                        json_of("{" ON ",'title':'Issue 1'}"), NULL, &error);
        g_autoptr(Json) list = NULL;

        g_assert_no_error(error);
        g_assert_cmpint(jread_get_int(made, "seq", 0) + 1, ==, jread_get_int(made, "commit", 0));
        json_decref(sign(cast, &p.otto, "BL-1", "owner_approval"));
        list = cast_do(cast, "baseline.list", json_of("{" ON "}"));
        g_assert_cmpint(jread_get_int(json_array_get(list, 0), "standing", 0), ==, 1);
        cast_refuse(cast, &p.alice, "edit",
                    json_of("{" ON ",'ops':[{'op':'item','key':'BL-1','attrs':{'seq':1}}]}"), ZW_ERR_STATE);
        /* One that names a commit falsely is not signed. */
        edit(cast, &p.alice,
             "{'op':'item','key':'BL-2','kind':'baseline','title':'False','attrs':{'seq':2,'hash':'00'}}");
        refuse_with(cast, &p.otto, "sign", input_of(cast, &p.otto, "BL-2", "owner_approval"), PASSWORD,
                    ZW_ERR_STATE, "does not name a commit");
        cast_refuse(cast, &p.otto, "baseline.create", json_of("{" ON ",'title':'Mine'}"), ZW_ERR_DENIED);
        g_assert_true(holds(cast));
}

/* ---- who may not ---- */

static void test_not_for_another(Cast *cast, gconstpointer data G_GNUC_UNUSED)
{
        const People p = people_make(cast);
        Caller token = p.bob, admin = with_role(cast, "adam", "'administrator','viewer','auditor'", ""),
               robot;
        json_t *input = input_of(cast, &p.bob, "CM-1", "approved");

        json_object_set_new(input, "person", json_string("carol"));
        refuse_with(cast, &p.bob, "sign", input, PASSWORD, ZW_ERR_INPUT, "person");
        token.by_token = true;
        token.permissions = ~0U;
        refuse_with(cast, &token, "sign", input_of(cast, &p.bob, "CM-1", "approved"), PASSWORD, ZW_ERR_DENIED,
                    "token");
        refuse_with(cast, &admin, "sign", input_of(cast, &admin, "CM-1", "approved"), PASSWORD, ZW_ERR_DENIED,
                    "sign");
        /* An operator who has no role, and somebody without a password. */
        json_decref(cast_do(cast, "user.set", json_of("{'name':'adam','operator':true}")));
        refuse_with(cast, &admin, "approve", input_of(cast, &admin, "CM-1", "approved"), PASSWORD,
                    ZW_ERR_DENIED, "sign");
        robot = cast_person(cast, "robot");
        json_decref(cast_do(cast, "role.grant", json_of("{" ON ",'name':'robot','roles':['approver']}")));
        refuse_with(cast, &robot, "sign", input_of(cast, &robot, "CM-1", "approved"), PASSWORD,
                    ZW_ERR_SIGN_IN, "no password");
        /* By no other door. */
        cast_refuse(cast, &p.bob, "edit",
                    json_of("{" ON ",'ops':[{'op':'sign','key':'CM-1','rev':2,'hash':'00'}]}"),
                    ZW_ERR_DENIED);
}

static void test_meaning(Cast *cast, gconstpointer data G_GNUC_UNUSED)
{
        const People p = people_make(cast);
        json_t *input;

        refuse_with(cast, &p.alice, "sign", input_of(cast, &p.alice, "CM-1", "approved"), PASSWORD,
                    ZW_ERR_DENIED, "by the role approver");
        refuse_with(cast, &p.bob, "sign", input_of(cast, &p.bob, "CM-1", "owner_approval"), PASSWORD,
                    ZW_ERR_DENIED, "asset_owner");
        refuse_with(cast, &p.otto, "sign", input_of(cast, &p.otto, "CM-1", "owner_approval"), PASSWORD,
                    ZW_ERR_METAMODEL, "not signed as");
        refuse_with(cast, &p.bob, "sign", input_of(cast, &p.bob, "CM-1", "aproved"), PASSWORD,
                    ZW_ERR_NAME_UNKNOWN, "did you mean \"approved\"");
        input = input_of(cast, &p.carol, "CM-1", "approved");
        json_object_set_new(input, "role", json_string("reviewer"));
        refuse_with(cast, &p.carol, "sign", input, PASSWORD, ZW_ERR_DENIED, "approver");
        json_decref(sign(cast, &p.carol, "CM-1", "reviewed"));
        json_decref(sign(cast, &p.alice, "CM-1", "authored"));
        /* The author under another hat. */
        json_decref(cast_do(cast, "role.grant", json_of("{" ON ",'name':'alice','roles':['approver']}")));
        refuse_with(cast, &p.alice, "sign", input_of(cast, &p.alice, "CM-1", "approved"), PASSWORD,
                    ZW_ERR_DENIED, "separation of duties");
        edit(cast, &p.alice, "{'op':'transition','key':'CM-1','to':'retired'}");
        refuse_with(cast, &p.bob, "sign", input_of(cast, &p.bob, "CM-1", "approved"), PASSWORD, ZW_ERR_STATE,
                    "retired");
}

static void test_zone_limit(Cast *cast, gconstpointer data G_GNUC_UNUSED)
{
        const People p G_GNUC_UNUSED = people_make(cast);
        Caller near = with_role(cast, "nina", "'approver'", "'ZN-1'");

        json_decref(sign(cast, &near, "CM-1", "approved"));
        refuse_with(cast, &near, "sign", input_of(cast, &near, "CM-2", "approved"), PASSWORD, ZW_ERR_DENIED,
                    "no zone that the role is limited to");
}

/* ---- proof ---- */

static void test_proof(Cast *cast, gconstpointer data G_GNUC_UNUSED)
{
        const People p = people_make(cast);
        g_autoptr(Json) trail = NULL;

        refuse_with(cast, &p.bob, "sign", input_of(cast, &p.bob, "CM-1", "approved"), NULL, ZW_ERR_USAGE,
                    "gives their password anew");
        for (int i = 0; i < 5; i++)
                refuse_with(cast, &p.bob, "sign", input_of(cast, &p.bob, "CM-1", "approved"),
                            "guess number 7 of it", ZW_ERR_SIGN_IN, "not proved");
        /* Five wrong ones lock the account, for signing as for signing in. */
        refuse_with(cast, &p.bob, "sign", input_of(cast, &p.bob, "CM-1", "approved"), PASSWORD,
                    ZW_ERR_SIGN_IN, "locked");
        trail = cast_do(cast, "audit.list", json_of("{" ON ",'most':1}"));
        g_assert_cmpstr(jread_get_string(json_array_get(trail, 0), "outcome"), ==, "locked");
        json_decref(cast_do(cast, "user.set", json_of("{'name':'bob','disabled':false}")));
        json_decref(sign(cast, &p.bob, "CM-1", "approved"));
}

static void code_of(Cast *cast, const Caller *caller, char ret_code[8], uint8_t ret_key[ZW_TOTP_KEY])
{
        g_autoptr(GError) error = NULL;
        g_autoptr(Json) enrolled = cast_try(cast, caller, "totp.enrol", json_object(), NULL, &error);
        const char *text = strstr(jread_get_string(enrolled, "address"), "secret=") + strlen("secret=");
        uint64_t bits = 0;
        int have = 0, n = 0;

        for (; n < ZW_TOTP_KEY && *text != '&' && *text != '\0'; text++) {
                bits = bits << 5 | (uint64_t)(strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", *text) -
                                              "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567");
                have += 5;
                if (have >= 8) {
                        have -= 8;
                        ret_key[n++] = (uint8_t)(bits >> have);
                }
        }
        g_assert_cmpint(n, ==, ZW_TOTP_KEY);
        g_snprintf(ret_code, 8, "%06u",
                   totp_code(ret_key, ZW_TOTP_KEY, instant_now() / 1000 / ZW_TOTP_SECONDS));
}

static void test_code(Cast *cast, gconstpointer data G_GNUC_UNUSED)
{
        const People p = people_make(cast);
        uint8_t key[ZW_TOTP_KEY];
        char code[8];
        json_t *input;
        g_autoptr(GError) error = NULL;
        g_autoptr(Json) answer = NULL, list = NULL;

        code_of(cast, &p.bob, code, key);
        json_decref(cast_try(cast, &p.bob, "totp.confirm", json_of("{'code':'%s'}", code), NULL, &error));
        g_assert_no_error(error);
        refuse_with(cast, &p.bob, "sign", input_of(cast, &p.bob, "CM-1", "approved"), PASSWORD,
                    ZW_ERR_SIGN_IN, "not proved");
        /* The code that confirmed was used. */
        input = input_of(cast, &p.bob, "CM-1", "approved");
        json_object_set_new(input, "code", json_string(code));
        refuse_with(cast, &p.bob, "sign", input, PASSWORD, ZW_ERR_SIGN_IN, "not proved");
        g_snprintf(code, sizeof(code), "%06u",
                   totp_code(key, sizeof(key), instant_now() / 1000 / ZW_TOTP_SECONDS + 1));
        input = input_of(cast, &p.bob, "CM-1", "approved");
        json_object_set_new(input, "code", json_string(code));
        answer = cast_try(cast, &p.bob, "sign", input, PASSWORD, &error);
        g_assert_no_error(error);
        list = listed(cast, "CM-1");
        g_assert_cmpstr(jread_get_string(json_array_get(list, 0), "proof"), ==, "password_code");
        input = input_of(cast, &p.bob, "CM-2", "approved");
        json_object_set_new(input, "code", json_string(code));
        refuse_with(cast, &p.bob, "sign", input, PASSWORD, ZW_ERR_SIGN_IN, "not proved");
}

/* ---- stale, replayed, incomplete ---- */

static void test_stale(Cast *cast, gconstpointer data G_GNUC_UNUSED)
{
        const People p = people_make(cast);
        json_t *seen = input_of(cast, &p.bob, "CM-1", "approved"), *other, *plain;
        g_autofree char *hash = g_strdup(jread_get_string(seen, "hash"));

        edit(cast, &p.alice, "{'op':'item','key':'CM-1','title':'Changed meanwhile'}");
        /* Both are told. */
        refuse_with(cast, &p.bob, "sign", json_incref(seen), PASSWORD, ZW_ERR_STALE, hash);
        refuse_with(cast, &p.bob, "sign", seen, PASSWORD, ZW_ERR_STALE,
                    "there is revision 3 with the content");
        /* The hash of another item. */
        other = input_of(cast, &p.bob, "CM-2", "approved");
        json_object_set_new(other, "on", json_string("CM-1"));
        json_object_set_new(other, "rev", json_integer(3));
        refuse_with(cast, &p.bob, "sign", other, PASSWORD, ZW_ERR_STALE, "CM-1");
        plain = input_of(cast, &p.bob, "CM-1", "approved");
        json_object_del(plain, "hash");
        refuse_with(cast, &p.bob, "sign", plain, PASSWORD, ZW_ERR_USAGE, "what was shown");
        plain = input_of(cast, &p.bob, "CM-1", "approved");
        json_object_set_new(plain, "reason", json_string(" \n"));
        refuse_with(cast, &p.bob, "sign", plain, PASSWORD, ZW_ERR_USAGE, "has a reason");
        plain = input_of(cast, &p.bob, "CM-1", "approved");
        json_object_set_new(plain, "items", json_array());
        refuse_with(cast, &p.bob, "sign", plain, PASSWORD, ZW_ERR_USAGE, "at once");
        plain = input_of(cast, &p.bob, "CM-1", "approved");
        json_object_set_new(plain, "on", json_string("CM-99"));
        refuse_with(cast, &p.bob, "sign", plain, PASSWORD, ZW_ERR_NOT_FOUND, "CM-99");
}

static void test_replayed(Cast *cast, gconstpointer data G_GNUC_UNUSED)
{
        const People p = people_make(cast);
        json_t *input = input_of(cast, &p.bob, "CM-1", "approved");
        g_autoptr(Json) list = NULL;

        json_decref(cast_try(cast, &p.bob, "sign", json_incref(input), PASSWORD, NULL));
        refuse_with(cast, &p.bob, "sign", input, PASSWORD, ZW_ERR_EXISTS, "already");
        list = listed(cast, "CM-1");
        g_assert_cmpuint(json_array_size(list), ==, 1);
}

/* ---- the log itself: signatures that were made elsewhere are put in, and none is taken ---- */

typedef struct {
        json_t *op;        /* of a signature by bob on CM-1 */
        const char *item;  /* id of another item, or NULL */
        const char *words; /* of the refusal */
        Id actor;
        bool other_actor;
        const char *member, *value;
        int64_t rev;
} Forgery;

static bool op_keep(const StoreCommit *commit, void *payload, GError **error G_GNUC_UNUSED)
{
        json_t **op = payload;

        if (g_strcmp0(jread_get_string(json_array_get(commit->ops, 0), "op"), "sign") == 0)
                *op = json_deep_copy(json_array_get(commit->ops, 0));
        return true;
}

static bool forge(StoreTxn *txn, void *payload, GError **error)
{
        const Forgery *forgery = payload;
        g_autoptr(StoreProject) project = store_find_project(store_txn_view(txn), "OWN", error);
        g_autoptr(StorePerson) bob = store_find_person(store_txn_view(txn), "bob", error);
        g_autoptr(Json) ops = json_array();
        CommitDraft draft = { .log = project->log, .actor = bob->id, .origin = ORIGIN_CLI, .ops = ops };
        g_autoptr(GError) why = NULL;
        json_t *op = NULL;
        Seq seq;

        g_assert_true(
                store_each_commit(store_txn_view(txn), &project->log, 1, project->head, op_keep, &op, error));
        if (forgery->member != NULL)
                json_object_set_new(op, forgery->member, json_string(forgery->value));
        if (forgery->rev != 0)
                json_object_set_new(op, "rev", json_integer(forgery->rev));
        if (forgery->item != NULL) {
                g_autoptr(StoreItem) item = store_item_by_key(store_txn_view(txn), &project->log,
                                                              forgery->item, ZW_SEQ_OPEN - 1, error);
                char hex[ZW_ID_HEX];

                hex_encode(store_item_rev(item)->id.b, ZW_ID_BYTES, hex);
                json_object_set_new(op, "id", json_string(hex));
        }
        if (forgery->other_actor)
                draft.actor = id_new();
        json_array_append_new(ops, op);
        g_assert_false(store_txn_commit(txn, &draft, &seq, &why));
        g_test_message("%s: %s", error_where(why), why->message);
        g_assert_nonnull(strstr(why->message, forgery->words));
        /* What failed in a write fails all of it. */
        error_set(error, ZW_ERR_STATE, NULL, "given up");
        return false;
}

static void forge_refused(Cast *cast, Forgery forgery)
{
        g_autoptr(GError) error = NULL;
        Store *store;

        service_close(cast->service);
        store = store_open(cast->dir, &error);
        g_assert_no_error(error);
        g_assert_false(store_write(store, forge, &forgery, &error));
        store_close(store);
        cast->service = service_open(cast->dir, NULL);
}

static void test_forged(Cast *cast, gconstpointer data G_GNUC_UNUSED)
{
        static const char other[] = "0000000000000000000000000000000000000000000000000000000000000000";
        const People p = people_make(cast);

        json_decref(sign(cast, &p.bob, "CM-1", "approved"));
        forge_refused(cast, (Forgery){ .words = "there already" });
        forge_refused(cast, (Forgery){ .item = "CM-2", .words = "does not say what was signed" });
        forge_refused(cast, (Forgery){ .other_actor = true, .words = "nobody signs for another" });
        forge_refused(cast, (Forgery){ .rev = 1, .words = "at revision 2" });
        forge_refused(cast,
                      (Forgery){ .member = "meaning", .value = "reviewed", .words = "not that of what" });
        forge_refused(cast,
                      (Forgery){ .member = "meaning", .value = "approved\nrole x", .words = "metamodel" });
        forge_refused(cast,
                      (Forgery){ .member = "role", .value = "asset_owner", .words = "not that of what" });
        forge_refused(cast, (Forgery){ .member = "reason", .value = "another", .words = "not that of what" });
        forge_refused(cast,
                      (Forgery){ .member = "proof", .value = "password_code", .words = "not that of what" });
        forge_refused(cast, (Forgery){ .member = "proof", .value = "none", .words = "no proof" });
        forge_refused(cast, (Forgery){ .member = "time",
                                       .value = "2026-03-01T10:00:00.000Z",
                                       .words = "not that of what" });
        forge_refused(cast, (Forgery){ .member = "content", .value = other, .words = "does not say" });
        forge_refused(cast, (Forgery){ .member = "manifest", .value = other, .words = "not that of what" });
        forge_refused(cast, (Forgery){ .member = "more", .value = "x", .words = "more" });
        edit(cast, &p.alice, "{'op':'item','key':'CM-1','title':'Moved on'}");
        forge_refused(cast, (Forgery){ .rev = 3, .words = "does not say what was signed" });
        g_assert_true(holds(cast));
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
#define ADD(path, function) \
        g_test_add("/service/sign/" path, Cast, NULL, cast_set_up, function, cast_tear_down)
        ADD("stands", test_stands);
        ADD("links", test_links_are_content);
        ADD("many", test_many_at_once);
        ADD("baseline", test_baseline);
        ADD("not-for-another", test_not_for_another);
        ADD("meaning", test_meaning);
        ADD("zone-limit", test_zone_limit);
        ADD("proof", test_proof);
        ADD("code", test_code);
        ADD("stale", test_stale);
        ADD("replayed", test_replayed);
        ADD("forged", test_forged);
        return g_test_run();
}
