/* What a signature binds to, and the text that is signed. */
#include "model/signature.h"
#include "base/jread.h"

#include <string.h>

static const Id log_id = { { 1 } };

static ItemRev revision(void)
{
        return (ItemRev){ .no = 3,
                          .id = { { 7 } },
                          .key = "CL-1",
                          .kind = ZW_KIND_CLAIM,
                          .state = ZW_STATE_DRAFT,
                          .rev = 2,
                          .subst = 1,
                          .title = "Firewall",
                          .body = "",
                          .attrs = "{\"rationale\":\"rules\",\"statement\":\"met\"}",
                          .order = 0,
                          .author = { { 9 } } };
}

static Digest hash_of(const Id *log, const ItemRev *rev, const char *links, const char *without)
{
        g_autoptr(Json) l = json_loads(links, 0, NULL), w = json_loads(without, 0, NULL);
        g_autoptr(GError) error = NULL;
        Digest hash;

        g_assert_true(content_hash(log, rev, l, w, &hash, &error));
        g_assert_no_error(error);
        return hash;
}

static bool differs(const ItemRev *rev)
{
        const ItemRev plain = revision();
        const Digest a = hash_of(&log_id, &plain, "[]", "[]"), b = hash_of(&log_id, rev, "[]", "[]");

        return !digest_equal(&a, &b);
}

static void test_content(void)
{
        ItemRev rev;

#define CHANGED(member, value, expected) \
        rev = revision();                \
        rev.member = (value);            \
        g_assert_cmpint(differs(&rev), ==, (expected))
        CHANGED(title, "Firewalls", true);
        CHANGED(body, "x", true);
        CHANGED(attrs, "{\"rationale\":\"rule\",\"statement\":\"met\"}", true);
        CHANGED(owner, "me", true);
        CHANGED(parent, "CL-2", true);
        CHANGED(tags, "[\"a\"]", true);
        CHANGED(attachments, "[{\"media\":\"a\",\"name\":\"b\",\"sha256\":\"c\",\"size\":1}]", true);
        CHANGED(key, "CL-3", true);
        CHANGED(kind, ZW_KIND_WAIVER, true);
        CHANGED(id.b[0], 8, true);
        CHANGED(state, ZW_STATE_APPROVED, false);
        CHANGED(rev, 3, false);
        CHANGED(subst, 2, false);
        CHANGED(order, 4, false);
        CHANGED(source, "{\"id\":\"1\",\"system\":\"x\"}", false);
        CHANGED(author.b[0], 1, false);
        CHANGED(no, 4, false);
#undef CHANGED
}

static void test_links(void)
{
        static const Id other = { { 2 } };
        const ItemRev rev = revision();
        const Digest none = hash_of(&log_id, &rev, "[]", "[]"),
                     two = hash_of(&log_id, &rev, "[{\"to\":\"B\"},{\"to\":\"A\"}]", "[]"),
                     again = hash_of(&log_id, &rev, "[{\"to\":\"A\"},{\"to\":\"B\"}]", "[]"),
                     there = hash_of(&other, &rev, "[]", "[]"),
                     less = hash_of(&log_id, &rev, "[]", "[\"rationale\"]");

        g_assert_false(digest_equal(&none, &two));
        g_assert_true(digest_equal(&two, &again));
        g_assert_false(digest_equal(&none, &there));
        g_assert_false(digest_equal(&none, &less));
}

/* The bytes by themselves: what another program has to hash. */
static void test_content_bytes(void)
{
        static const char bytes[] =
                "\x04{\"attachments\":null,\"attrs\":{\"rationale\":\"rules\",\"statement\":\"met\"},\"body\":\"\","
                "\"id\":\"07000000000000000000000000000000\",\"key\":\"CL-1\",\"kind\":\"claim\","
                "\"links\":[{\"as\":\"\",\"attrs\":{},\"to\":\"RQ-1\",\"type\":\"answers\"}],"
                "\"log\":\"01000000000000000000000000000000\",\"owner\":null,\"parent\":null,\"tags\":null,"
                "\"title\":\"Firewall\"}";
        const ItemRev rev = revision();
        const Digest expected = hash_sha256(bytes, sizeof(bytes) - 1);
        g_autoptr(Json) link = content_link(ZW_LINK_ANSWERS, "RQ-1", ZW_AS_NONE, NULL);
        g_autofree char *text = json_dumps(link, 0);
        g_autofree char *links = g_strdup_printf("[%s]", text);
        const Digest got = hash_of(&log_id, &rev, links, "[]");

        g_assert_true(digest_equal(&expected, &got));
}

static void test_covered(void)
{
        g_autoptr(Json) links = content_links(ZW_KIND_CLAIM), source = content_links(ZW_KIND_SL_TARGET),
                        without = content_without(ZW_KIND_TEST_CASE), drawn = content_without(ZW_KIND_ZONE);
        g_autofree char *a = json_dumps(links, JSON_COMPACT), *b = json_dumps(source, JSON_COMPACT),
                        *c = json_dumps(without, JSON_COMPACT), *d = json_dumps(drawn, JSON_COMPACT);

        g_assert_cmpstr(a, ==, "[\"answers\",\"covers\",\"rests_on\"]");
        /* What derives from it says something of the other end. */
        g_assert_cmpstr(b, ==, "[\"targets\"]");
        g_assert_cmpstr(c, ==, "[\"tester\"]");
        /* Where it is drawn says nothing of a zone. */
        g_assert_cmpstr(d, ==, "[\"drawn_x\",\"drawn_y\"]");
}

static Manifest manifest(void)
{
        return (Manifest){ .log = { { 1 } },
                           .item = { { 7 } },
                           .person = { { 9 } },
                           .project = "PLANT",
                           .key = "CL-1",
                           .kind = "claim",
                           .title = "Firewall\nperson 00",
                           .rev = 2,
                           .content = { { 3 } },
                           .meaning = "approved",
                           .role = "approver",
                           .reason = "reviewed \"all\"\nmeaning authored",
                           .proof = "password",
                           .time = 1772359200000 };
}

static void test_manifest(void)
{
        const Manifest m = manifest();
        g_autofree char *text = manifest_text(&m);

        g_assert_cmpstr(text, ==,
                        "zonewright-signature 1\n"
                        "project PLANT 01000000000000000000000000000000\n"
                        "item CL-1 07000000000000000000000000000000\n"
                        "kind claim\n"
                        "revision 2\n"
                        "title \"Firewall\\nperson 00\"\n"
                        "content 0300000000000000000000000000000000000000000000000000000000000000\n"
                        "meaning approved\n"
                        "role approver\n"
                        "person 09000000000000000000000000000000\n"
                        "reason \"reviewed \\\"all\\\"\\nmeaning authored\"\n"
                        "proof password\n"
                        "time 2026-03-01T10:00:00.000Z\n");
}

static void test_manifest_hash(void)
{
        Digest one = manifest_hash("a"), expected = hash_sha256("\x03"
                                                                "a",
                                                                2);

        g_assert_true(digest_equal(&one, &expected));
}

static void test_manifest_preview(void)
{
        Manifest m = manifest();
        g_autofree char *text = NULL;

        m.reason = m.proof = NULL;
        m.time = 0;
        text = manifest_text(&m);
        g_assert_nonnull(strstr(text, "reason (as given when signing)\n"));
        g_assert_nonnull(strstr(text, "time (when it is signed)\n"));
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        hash_init();
        g_test_add_func("/model/signature/content", test_content);
        g_test_add_func("/model/signature/content-links", test_links);
        g_test_add_func("/model/signature/content-bytes", test_content_bytes);
        g_test_add_func("/model/signature/covered", test_covered);
        g_test_add_func("/model/signature/manifest", test_manifest);
        g_test_add_func("/model/signature/manifest-hash", test_manifest_hash);
        g_test_add_func("/model/signature/preview", test_manifest_preview);
        return g_test_run();
}
