/* Conformance: what each operation does, and what is refused. */
#include "conformance.h"

#include "base/error.h"
#include "base/jread.h"
#include <string.h>

#define CREATE(n, key, kind) \
        "{'op':'create','id':'@" #n "','key':'" key "','kind':'" kind "','state':'draft','set':{}}"

static void has(Fixture *f, const char *line)
{
        g_autofree char *text = dump_now(f);

        if (strstr(text, line) == NULL)
                g_error("no \"%s\" in:\n%s", line, text);
}

static void has_not(Fixture *f, const char *line)
{
        g_autofree char *text = dump_now(f);

        g_assert_null(strstr(text, line));
}

static void test_create_item(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        commit(f,
               ops("[{'op':'create','id':'@1','key':'ZN-1','kind':'zone','state':'draft','set':{'title':'T','body':'B\\nb',"
                   "'attrs':{'b':[2,1],'a':{'z':1,'y':null}},'owner':'o','tags':['t'],'order':-4,'parent':'SYS-1',"
                   "'source':{'system':'s','id':'i'}}},"
                   "{'op':'create','id':'@2','key':'ü-7','kind':'finding','state':'new','set':{'attrs':{'gone':null}}}]"));
        has(f,
            "item 0 ZN-1 zone draft rev=1 subst=1 [T] [B\nb] {\"a\":{\"y\":null,\"z\":1},\"b\":[2,1]} o [\"t\"] -4 SYS-1 "
            "{\"id\":\"i\",\"system\":\"s\"} - from=2\n");
        has(f, "item 1 ü-7 finding new rev=1 subst=1 [] [] {} - - 0 - - - from=2\n");
}

static void test_create_refused(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autofree char *long_title = g_strnfill(ZW_TITLE_MAX + 1, 't'),
                        *long_key = g_strnfill(ZW_ITEM_KEY_MAX + 1, 'k');

        commit(f,
               ops("[{'op':'create','id':'@1','key':'ZN-1','kind':'zone','state':'draft','set':{'source':{'system':'s','id':'i'}}}]"));
        refuse(f, ops("[" CREATE(2, "ZN-1", "zone") "]"), ZW_ERR_EXISTS, "/0/key");
        refuse(f, ops("[" CREATE(2, "ZN-2", "zone") "," CREATE(2, "ZN-3", "zone") "]"), ZW_ERR_EXISTS,
               "/1/key");
        refuse(f, ops("[" CREATE(1, "ZN-2", "zone") "]"), ZW_ERR_EXISTS, NULL);
        refuse(f,
               ops("[{'op':'create','id':'@2','key':'ZN-2','kind':'zone','state':'draft','set':{'source':{'system':'s','id':'i'}}}]"),
               ZW_ERR_EXISTS, "/0/set/source");
        refuse(f, ops("[" CREATE(2, "ZN-2", "zoned") "]"), ZW_ERR_NAME_UNKNOWN, "/0/kind");
        refuse(f, ops("[{'op':'create','id':'@2','key':'ZN-2','kind':'zone','state':'new','set':{}}]"),
               ZW_ERR_NAME_UNKNOWN, "/0/state");
        refuse(f, ops("[{'op':'create','id':'zz','key':'ZN-2','kind':'zone','state':'draft','set':{}}]"),
               ZW_ERR_INPUT, "/0/id");
        refuse(f, ops("[{'op':'create','id':'@2','key':'','kind':'zone','state':'draft','set':{}}]"),
               ZW_ERR_INPUT, "/0/key");
        refuse(f, ops("[{'op':'create','id':'@2','key':'Z N','kind':'zone','state':'draft','set':{}}]"),
               ZW_ERR_INPUT, "/0/key");
        refuse(f,
               ops("[{'op':'create','id':'@2','key':'%s','kind':'zone','state':'draft','set':{}}]", long_key),
               ZW_ERR_INPUT, "/0/key");
        refuse(f, ops("[{'op':'create','id':'@2','kind':'zone','state':'draft','set':{}}]"), ZW_ERR_INPUT,
               NULL);
        refuse(f,
               ops("[{'op':'create','id':'@2','key':'ZN-2','kind':'zone','state':'draft','set':{},'colour':1}]"),
               ZW_ERR_INPUT, NULL);
        refuse(f, ops("[{'op':'creat','id':'@2'}]"), ZW_ERR_NAME_UNKNOWN, "/0/op");
        refuse(f, ops("[{'id':'@2'}]"), ZW_ERR_INPUT, "/0/op");
        refuse(f, ops("[7]"), ZW_ERR_INPUT, "/0");
        refuse(f, ops("[{'op':'project','key':'X','title':'t','sample':false}]"), ZW_ERR_INPUT, "/0/op");
        refuse(f,
               ops("[{'op':'create','id':'@2','key':'ZN-2','kind':'zone','state':'draft','set':{'title':'%s'}}]",
                   long_title),
               ZW_ERR_LIMIT, "/0/set/title");
}

static void test_set_refused(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        static const struct {
                const char *set, *where;
        } bad[] = {
                { "'title':1", "/0/set/title" },
                { "'body':[]", "/0/set/body" },
                { "'owner':true", "/0/set/owner" },
                { "'parent':{}", "/0/set/parent" },
                { "'order':'1'", "/0/set/order" },
                { "'order':1.5", "/0/set/order" },
                { "'tags':'t'", "/0/set/tags" },
                { "'tags':[1]", "/0/set/tags" },
                { "'attrs':[]", "/0/set/attrs" },
                { "'attrs':{'a':1.5}", "/0/set/attrs" },
                { "'attrs':{'a':9007199254740993}", "/0/set/attrs" },
                { "'source':'s'", NULL },
                { "'source':{'system':'s'}", NULL },
                { "'source':{'system':'s','id':1}", NULL },
                { "'key':'ZN-9'", "/0/set" },
                { "'titel':'x'", "/0/set" },
        };

        commit(f, ops("[" CREATE(1, "ZN-1", "zone") "]"));
        for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
                refuse(f, ops("[{'op':'update','id':'@1','rev':2,'subst':2,'set':{%s}}]", bad[i].set),
                       ZW_ERR_INPUT, bad[i].where);
}

static void test_update(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        commit(f,
               ops("[{'op':'create','id':'@1','key':'ZN-1','kind':'zone','state':'draft','set':{'title':'T','owner':'o',"
                   "'attrs':{'a':1,'b':2},'source':{'system':'s','id':'i','rev':'1'}}}]"));
        commit(f,
               ops("[{'op':'update','id':'@1','rev':2,'subst':1,'set':{'attrs':{'b':null,'c':'x'},'owner':null}}]"));
        has(f, "rev=2 subst=1 [T] [] {\"a\":1,\"c\":\"x\"} - ");
        commit(f,
               ops("[{'op':'update','id':'@1','rev':3,'subst':3,'set':{'title':null,'attrs':null}},"
                   "{'op':'update','id':'@1','rev':4,'subst':3,'set':{'source':{'system':'s','id':'j'}}}]"));
        has(f, "rev=4 subst=3 [] [] {} - - 0 - {\"id\":\"j\",\"system\":\"s\"}");

        refuse(f, ops("[{'op':'update','id':'@1','rev':4,'subst':3,'set':{}}]"), ZW_ERR_CONFLICT, "/0/rev");
        refuse(f, ops("[{'op':'update','id':'@1','rev':6,'subst':3,'set':{}}]"), ZW_ERR_CONFLICT, "/0/rev");
        refuse(f, ops("[{'op':'update','id':'@1','rev':5,'subst':4,'set':{}}]"), ZW_ERR_INPUT, "/0/subst");
        refuse(f, ops("[{'op':'update','id':'@2','rev':1,'subst':1,'set':{}}]"), ZW_ERR_NOT_FOUND, "/0/id");
        refuse(f, ops("[{'op':'update','id':'@1','rev':5,'subst':3}]"), ZW_ERR_INPUT, NULL);
        refuse(f, ops("[{'op':'transition','id':'@1','rev':5,'subst':3,'to':'fixed'}]"), ZW_ERR_NAME_UNKNOWN,
               "/0/to");
        refuse(f, ops("[{'op':'transition','id':'@1','rev':4,'subst':3,'to':'retired'}]"), ZW_ERR_CONFLICT,
               "/0/rev");
        commit(f, ops("[{'op':'transition','id':'@1','rev':5,'subst':5,'to':'retired'}]"));
        has(f, "ZN-1 zone retired rev=5 subst=5");
}

static void test_source(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(StoreView) view = NULL;
        g_autoptr(StoreItem) item = NULL, none = NULL;

        commit(f,
               ops("[{'op':'create','id':'@1','key':'ZN-1','kind':'zone','state':'draft','set':{'source':{'system':'s','id':'i','rev':'1'}}}," CREATE(
                       2, "ZN-2", "zone") "]"));
        refuse(f,
               ops("[{'op':'update','id':'@2','rev':2,'subst':1,'set':{'source':{'system':'s','id':'i','rev':'9'}}}]"),
               ZW_ERR_EXISTS, "/0/set/source");
        commit(f,
               ops("[{'op':'update','id':'@1','rev':2,'subst':1,'set':{'source':{'system':'s','id':'i','rev':'2'}}}]"));
        commit(f,
               ops("[{'op':'update','id':'@1','rev':3,'subst':1,'set':{'source':null}},"
                   "{'op':'update','id':'@2','rev':2,'subst':1,'set':{'source':{'system':'s','id':'i','rev':'2'}}}]"));
        view = view_of(f);
        g_assert_true(store_item_by_source(view, &f->log, "s", "i", &item, NULL));
        g_assert_cmpstr(store_item_rev(item)->key, ==, "ZN-2");
        g_assert_true(store_item_by_source(view, &f->log, "s", "j", &none, NULL));
        g_assert_null(none);
        g_assert_true(store_item_by_source(view, &f->log, "t", "i", &none, NULL));
        g_assert_null(none);
}

static void test_links(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        commit(f,
               ops("[" CREATE(1, "SF-1", "safety_function") "," CREATE(
                       2, "AS-1",
                       "asset") ","
                                "{'op':'link','from':'@1','type':'uses','to':'@2','as':'sensor','judged':[1,1]},"
                                "{'op':'link','from':'@1','type':'uses','to':'@2','as':'final','judged':[1,1],'attrs':{'x':1}}]"));
        has(f,
            "link 0 uses 1 [final] judged=1,1 {\"x\":1} from=2\nlink 0 uses 1 [sensor] judged=1,1 - from=2\n");
        commit(f, ops("[{'op':'judge','from':'@1','type':'uses','to':'@2','as':'final','judged':[3,4]}]"));
        has(f, "link 0 uses 1 [final] judged=3,4 {\"x\":1} from=3\n");
        commit(f,
               ops("[{'op':'link','from':'@1','type':'uses','to':'@2','as':'final','judged':[5,5],'attrs':{}}]"));
        has(f, "link 0 uses 1 [final] judged=5,5 - from=4\n");
        commit(f, ops("[{'op':'unlink','from':'@1','type':'uses','to':'@2','as':'final'},"
                      "{'op':'link','from':'@1','type':'uses','to':'@2','as':'final','judged':[6,6]},"
                      "{'op':'link','from':'@2','type':'relates_to','to':'@1','judged':[6,6]},"
                      "{'op':'unlink','from':'@2','type':'relates_to','to':'@1'}]"));
        has(f, "link 0 uses 1 [final] judged=6,6 - from=5\n");
        has_not(f, "relates_to");
        commit(f, ops("[{'op':'judge','from':'@1','type':'uses','to':'@2','as':'final','judged':[7,7]},"
                      "{'op':'unlink','from':'@1','type':'uses','to':'@2','as':'final'}]"));
        has_not(f, "final");

        refuse(f, ops("[{'op':'unlink','from':'@1','type':'uses','to':'@2','as':'final'}]"), ZW_ERR_NOT_FOUND,
               "/0");
        refuse(f, ops("[{'op':'unlink','from':'@1','type':'uses','to':'@2'}]"), ZW_ERR_NOT_FOUND, "/0");
        refuse(f, ops("[{'op':'judge','from':'@1','type':'uses','to':'@2','as':'logic','judged':[1,1]}]"),
               ZW_ERR_NOT_FOUND, "/0");
        refuse(f, ops("[{'op':'judge','from':'@1','type':'uses','to':'@2','as':'sensor','judged':[1]}]"),
               ZW_ERR_INPUT, "/0/judged");
        refuse(f, ops("[{'op':'link','from':'@1','type':'uses','to':'@2','judged':[-1,1]}]"), ZW_ERR_INPUT,
               "/0/judged");
        refuse(f, ops("[{'op':'judge','from':'@1','type':'uses','to':'@2','as':'sensor','judged':[0,1]}]"),
               ZW_ERR_INPUT, "/0/judged");
        refuse(f, ops("[{'op':'link','from':'@1','type':'uses','to':'@2','judged':['a',1]}]"), ZW_ERR_INPUT,
               "/0/judged");
        refuse(f, ops("[{'op':'link','from':'@1','type':'uses','to':'@2'}]"), ZW_ERR_INPUT, NULL);
        refuse(f, ops("[{'op':'link','from':'@1','type':'used','to':'@2','judged':[1,1]}]"),
               ZW_ERR_NAME_UNKNOWN, "/0/type");
        refuse(f, ops("[{'op':'link','from':'@1','type':'uses','to':'@2','as':'wheel','judged':[1,1]}]"),
               ZW_ERR_NAME_UNKNOWN, "/0/as");
        refuse(f, ops("[{'op':'link','from':'@9','type':'uses','to':'@2','judged':[1,1]}]"), ZW_ERR_NOT_FOUND,
               "/0/from");
        refuse(f, ops("[{'op':'link','from':'@1','type':'uses','to':'@9','judged':[1,1]}]"), ZW_ERR_NOT_FOUND,
               "/0/to");
        refuse(f, ops("[{'op':'link','from':'@1','type':'uses','to':'@2','judged':[1,1],'attrs':[1]}]"),
               ZW_ERR_INPUT, "/0/attrs");
}

static char *setting_at(Fixture *f, Seq seq)
{
        g_autoptr(StoreView) view = view_of(f);
        char *value = NULL;

        g_assert_true(store_load_setting(view, &f->log, "colour", seq, &value, NULL));
        return value;
}

static void test_settings(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        static const char *const expected[] = { NULL, NULL, "{\"a\":1,\"b\":2}", "\"red\"", NULL, "3", NULL };

        commit(f, ops("[{'op':'setting','name':'colour','value':{'b':2,'a':1}}]"));
        commit(f,
               ops("[{'op':'setting','name':'colour','value':'blue'},{'op':'setting','name':'colour','value':'red'}]"));
        commit(f, ops("[{'op':'setting','name':'colour','value':null}]"));
        commit(f,
               ops("[{'op':'setting','name':'colour','value':3},{'op':'setting','name':'size','value':[]}]"));
        commit(f,
               ops("[{'op':'setting','name':'colour','value':4},{'op':'setting','name':'colour','value':null}]"));
        commit(f, ops("[{'op':'setting','name':'none','value':null}]"));
        for (Seq seq = 0; seq < G_N_ELEMENTS(expected); seq++) {
                g_autofree char *value = setting_at(f, seq);

                g_assert_cmpstr(value, ==, expected[seq]);
        }
        refuse(f, ops("[{'op':'setting','name':'','value':1}]"), ZW_ERR_INPUT, "/0/name");
        refuse(f, ops("[{'op':'setting','name':'a'}]"), ZW_ERR_INPUT, NULL);
        refuse(f, ops("[{'op':'setting','name':'a','value':0.5}]"), ZW_ERR_INPUT, "/0/value");
}

static void test_attachments_refused(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(GPtrArray) dumps = write_history(f);
        static const char zeros[] = "0000000000000000000000000000000000000000000000000000000000000000";
        g_autoptr(GBytes) bytes = g_bytes_new_static("a manual", 8);
        g_autofree char *missing = g_strdup_printf("'name':'n','sha256':'%s','size':8,'media':'m'", zeros);
        char hex[ZW_DIGEST_HEX];
        Digest digest;

        g_assert_cmpuint(dumps->len, >, 10);
        g_assert_true(store_blob_put(f->store, bytes, &digest, NULL));
        hex_encode(digest.b, ZW_DIGEST_BYTES, hex);
        refuse(f, ops("[{'op':'attach','id':'@1','rev':6,'subst':2,%s}]", missing), ZW_ERR_NOT_FOUND,
               "/0/sha256");
        refuse(f,
               ops("[{'op':'attach','id':'@1','rev':6,'subst':2,'name':'n','sha256':'%s','size':9,'media':'m'}]",
                   hex),
               ZW_ERR_INPUT, "/0/size");
        refuse(f,
               ops("[{'op':'attach','id':'@1','rev':6,'subst':2,'name':'','sha256':'%s','size':8,'media':'m'}]",
                   hex),
               ZW_ERR_INPUT, "/0/name");
        refuse(f,
               ops("[{'op':'attach','id':'@1','rev':6,'subst':2,'name':'n','sha256':'%.40s','size':8,'media':'m'}]",
                   hex),
               ZW_ERR_INPUT, "/0/sha256");
        refuse(f,
               ops("[{'op':'attach','id':'@1','rev':5,'subst':2,'name':'n','sha256':'%s','size':8,'media':'m'}]",
                   hex),
               ZW_ERR_CONFLICT, "/0/rev");
        refuse(f, ops("[{'op':'detach','id':'@1','rev':6,'subst':2,'name':'m.txt'}]"), ZW_ERR_NOT_FOUND,
               "/0/name");
}

static void test_results_refused(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        static const char *const files[] = {
                "not json", "{\"at\":\"2026-01-01T00:00:00.000Z\",\"status\":\"passed\"}\n",
                "{\"at\":\"2026-01-01T00:00:00.000Z\",\"case\":\"aa0000000000000000000000000000ff\",\"status\":\"passed\"}\n"
        };
        static const int codes[] = { ZW_ERR_DAMAGED, ZW_ERR_DAMAGED, ZW_ERR_NOT_FOUND };
        g_autoptr(GPtrArray) dumps = write_history(f);
        char hex[ZW_DIGEST_HEX];

        g_assert_cmpuint(dumps->len, >, 10);
        for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
                g_autoptr(GBytes) bytes = g_bytes_new_static(files[i], strlen(files[i]));
                Digest digest;

                g_assert_true(store_blob_put(f->store, bytes, &digest, NULL));
                hex_encode(digest.b, ZW_DIGEST_BYTES, hex);
                refuse(f, ops("[{'op':'results','run':'@4','file':'%s','n':1}]", hex), codes[i], NULL);
        }
        refuse(f, ops("[{'op':'results','run':'@4','file':'%s','n':2}]", hex), ZW_ERR_INPUT, "/0/n");
        refuse(f, ops("[{'op':'results','run':'@44','file':'%s','n':1}]", hex), ZW_ERR_NOT_FOUND, "/0/run");
        hex[0] = hex[0] == '0' ? '1' : '0';
        refuse(f, ops("[{'op':'results','run':'@4','file':'%s','n':1}]", hex), ZW_ERR_NOT_FOUND, NULL);
        refuse(f, ops("[{'op':'results','run':'@4','file':'xyz','n':1}]"), ZW_ERR_INPUT, "/0/file");
}

static void test_comments(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        commit(f, ops("[" CREATE(1, "ZN-1", "zone") "," CREATE(2, "ZN-2", "zone") "]"));
        commit(f, ops("[{'op':'comment','id':'@1','comment':'@9','text':'Which door?','resolved':false}]"));
        commit(f, ops("[{'op':'comment','id':'@1','comment':'@9','text':'Which gate?','resolved':false},"
                      "{'op':'comment','id':'@1','comment':'@8','text':'North','resolved':false},"
                      "{'op':'comment','id':'@1','comment':'@9','text':'Which gate?','resolved':true}]"));
        has(f, "comment 9 on 0 [Which door?] seq=3.0\ncomment 9 on 0 [Which gate?] seq=4.0\n"
               "comment 8 on 0 [North] seq=4.1\ncomment 9 on 0 [Which gate?] resolved seq=4.2\n");
        has(f, "item 0 ZN-1 zone draft rev=1 ");
}

static void test_comments_refused(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autofree char *long_text = g_strnfill(ZW_COMMENT_MAX + 1, 't');

        commit(f, ops("[" CREATE(1, "ZN-1", "zone") "," CREATE(
                          2, "ZN-2",
                          "zone") ","
                                  "{'op':'comment','id':'@1','comment':'@9','text':'t','resolved':false}]"));
        refuse(f, ops("[{'op':'comment','id':'@2','comment':'@9','text':'t','resolved':false}]"),
               ZW_ERR_INPUT, "/0/comment");
        refuse(f, ops("[{'op':'comment','id':'@3','comment':'@7','text':'t','resolved':false}]"),
               ZW_ERR_NOT_FOUND, "/0/id");
        refuse(f, ops("[{'op':'comment','id':'@1','comment':'7','text':'t','resolved':false}]"), ZW_ERR_INPUT,
               "/0/comment");
        refuse(f, ops("[{'op':'comment','id':'@1','comment':'@7','text':'','resolved':false}]"), ZW_ERR_INPUT,
               "/0/text");
        refuse(f, ops("[{'op':'comment','id':'@1','comment':'@7','text':'%s','resolved':false}]", long_text),
               ZW_ERR_LIMIT, "/0/text");
        refuse(f, ops("[{'op':'comment','id':'@1','comment':'@7','text':'t'}]"), ZW_ERR_INPUT, NULL);
}

void conformance_add_ops(const StoreBackend *backend)
{
        CONFORM("ops/create", test_create_item);
        CONFORM("ops/create-refused", test_create_refused);
        CONFORM("ops/set-refused", test_set_refused);
        CONFORM("ops/update", test_update);
        CONFORM("ops/source", test_source);
        CONFORM("ops/links", test_links);
        CONFORM("ops/settings", test_settings);
        CONFORM("ops/attachments-refused", test_attachments_refused);
        CONFORM("ops/results-refused", test_results_refused);
        CONFORM("ops/comments", test_comments);
        CONFORM("ops/comments-refused", test_comments_refused);
}
