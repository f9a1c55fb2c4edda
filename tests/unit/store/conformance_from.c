/* Conformance: where things came from, and views that rest. */
#include "conformance.h"

#include "base/error.h"
#include "base/jread.h"
#include <string.h>

static bool source_line(const char *id, ItemNo item, void *payload, GError **error G_GNUC_UNUSED)
{
        g_string_append_printf(payload, "%s=%u ", id, item);
        return true;
}

static bool source_stop(const char *id G_GNUC_UNUSED, ItemNo item G_GNUC_UNUSED, void *payload,
                        GError **error)
{
        ++*(int *)payload;
        error_set(error, ZW_ERR_STATE, NULL, "enough");
        return false;
}

static void sources_are(Fixture *f, const char *system, const char *expected)
{
        g_autoptr(StoreView) view = view_of(f);
        g_autoptr(GString) found = g_string_new(NULL);
        g_autoptr(GError) error = NULL;

        WORKS(store_each_source(view, &f->log, system, source_line, found, &error));
        g_assert_cmpstr(found->str, ==, expected);
}

#define FROM(n, system, id)                           \
        "{'op':'create','id':'@" #n "','key':'ZN-" #n \
        "','kind':'zone','state':'draft','set':{'source':{'system':'" system "','id':'" id "'}}}"

static void test_sources(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(StoreView) view = NULL;
        g_autoptr(GError) error = NULL;
        Id unknown = id_of(77);
        int n = 0;

        commit(f, ops("[" FROM(1, "tm7", "b") "," FROM(2, "tm7", "a") "," FROM(3, "csv", "a") "]"));
        sources_are(f, "tm7", "a=1 b=0 ");
        sources_are(f, "csv", "a=2 ");
        sources_are(f, "none", "");
        commit(f,
               ops("[{'op':'update','id':'@1','rev':2,'subst':1,'set':{'source':null}},"
                   "{'op':'update','id':'@3','rev':2,'subst':1,'set':{'source':{'system':'tm7','id':'c'}}}]"));
        sources_are(f, "tm7", "a=1 c=2 "); /* those of the newest revisions */
        sources_are(f, "csv", "");
        view = view_of(f);
        g_assert_false(store_each_source(view, &f->log, "tm7", source_stop, &n, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_STATE);
        g_assert_cmpint(n, ==, 1);
        g_clear_error(&error);
        g_assert_false(store_each_source(view, &unknown, "tm7", source_line, NULL, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_NOT_FOUND);
}

static bool was_there(Fixture *f, ItemNo from, LinkTypeId type, ItemNo to, AsId as)
{
        g_autoptr(StoreView) view = view_of(f);
        bool was = false;

        g_assert_true(store_link_was_there(view, &f->log, from, type, to, as, &was, NULL));
        return was;
}

static void test_was_there(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(GPtrArray) dumps = write_history(f);
        LinkTypeId part_of = (LinkTypeId)0, relates_to = (LinkTypeId)0;
        AsId sensor = ZW_AS_NONE;

        g_assert_cmpuint(dumps->len, >, 10);
        g_assert_true(link_type_find("part_of", &part_of) && link_type_find("relates_to", &relates_to) &&
                      as_find("sensor", &sensor));
        g_assert_true(was_there(f, 2, part_of, 1, ZW_AS_NONE)); /* is there */
        g_assert_true(was_there(f, 2, part_of, 0, ZW_AS_NONE)); /* ended */
        g_assert_true(was_there(f, 1, relates_to, 0, ZW_AS_NONE));
        g_assert_false(was_there(f, 0, relates_to, 1, ZW_AS_NONE)); /* the other way */
        g_assert_false(was_there(f, 2, relates_to, 1, ZW_AS_NONE));
        g_assert_false(was_there(f, 2, part_of, 1, sensor));
        g_assert_false(was_there(f, 99, part_of, 1, ZW_AS_NONE));
}

static bool results_found(const StoreCommit *commit, void *payload, GError **error G_GNUC_UNUSED)
{
        GPtrArray *files = payload;

        for (size_t i = 0; i < json_array_size(commit->ops); i++) {
                const char *file = jread_get_string(json_array_get(commit->ops, i), "file");

                if (file != NULL)
                        g_ptr_array_add(files, g_strdup(file));
        }
        return true;
}

static bool has_results(StoreView *view, const Id *log, ItemNo run, const char *hex)
{
        bool has = false;
        Digest file;

        g_assert_true(hex_decode(hex, file.b, ZW_DIGEST_BYTES, NULL));
        g_assert_true(store_has_results(view, log, run, &file, &has, NULL));
        return has;
}

static void test_results(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        static const char zeros[] = "0000000000000000000000000000000000000000000000000000000000000000";
        g_autoptr(GPtrArray) dumps = write_history(f), files = g_ptr_array_new_with_free_func(g_free);
        g_autoptr(StoreView) view = view_of(f);
        const ItemNo run = 3;

        g_assert_cmpuint(dumps->len, >, 10);
        g_assert_true(store_each_commit(view, &f->log, 1, ZW_SEQ_OPEN, results_found, files, NULL));
        g_assert_cmpuint(files->len, ==, 3);
        for (guint i = 0; i < files->len; i++) {
                g_assert_true(has_results(view, &f->log, run, files->pdata[i]));
                g_assert_false(has_results(view, &f->log, run + 1, files->pdata[i]));
        }
        g_assert_false(has_results(view, &f->log, run, zeros));
}

static void test_origin(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        static const Origin origins[] = { ORIGIN_UI, ORIGIN_API, ORIGIN_CLI, ORIGIN_IMPORT };
        g_autoptr(Json) set = ops("[{'op':'setting','name':'a','value':1}]");
        g_autoptr(StoreView) view = NULL;
        g_autoptr(GError) error = NULL;
        Origin origin;
        Seq seq;

        for (size_t i = 0; i < G_N_ELEMENTS(origins); i++) {
                CommitDraft draft = { .log = f->log, .actor = f->actor, .origin = origins[i], .ops = set };

                WORKS(write_draft(f, &draft, &seq, &error));
                g_assert_cmpuint(seq, ==, i + 2);
        }
        view = view_of(f);
        for (size_t i = 0; i < G_N_ELEMENTS(origins); i++) {
                WORKS(store_commit_origin(view, &f->log, i + 2, &origin, &error));
                g_assert_cmpint(origin, ==, origins[i]);
        }
        for (Seq absent = 0; absent <= 6; absent += 6) {
                g_assert_false(store_commit_origin(view, &f->log, absent, &origin, &error));
                g_assert_error(error, ZW_ERROR, ZW_ERR_NOT_FOUND);
                g_clear_error(&error);
        }
}

/* A view that rests holds nothing, and begins again at the newest state; it may also be closed as it is. */
static void test_rest(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(StoreView) view = view_of(f), idle = view_of(f);
        g_autoptr(StoreProject) project = NULL;
        g_autoptr(GError) error = NULL;

        store_view_rest(idle);
        store_view_rest(view);
        store_view_rest(view); /* twice is as good */
        commit(f, ops("[{'op':'setting','name':'a','value':1}]"));
        WORKS(store_view_refresh(view, &error));
        project = store_find_project(view, "WW", &error);
        g_assert_no_error(error);
        g_assert_cmpuint(project->head, ==, 2);
}

void conformance_add_from(const StoreBackend *backend)
{
        CONFORM("from/sources", test_sources);
        CONFORM("from/was-there", test_was_there);
        CONFORM("from/results", test_results);
        CONFORM("from/origin", test_origin);
        CONFORM("view/rest", test_rest);
}
