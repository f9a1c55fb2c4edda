/* Conformance: backup and restore, export and import. */
#include "conformance.h"

#include "base/error.h"
#include "base/jread.h"
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* Another data directory, with no project, as a fixture of its own that shares the first one's folder. */
static Fixture second_store(const Fixture *f, const char *name)
{
        Fixture second = { .backend = f->backend,
                           .tmp = f->tmp,
                           .dir = path_of(f, name),
                           .log = f->log,
                           .actor = f->actor };
        g_autoptr(GError) error = NULL;

        if (!g_file_test(second.dir, G_FILE_TEST_EXISTS))
                WORKS(store_create_with(f->backend, second.dir, &error));
        second.store = store_open_with(f->backend, second.dir, &error);
        g_assert_no_error(error);
        return second;
}

static void second_close(Fixture *second)
{
        store_close(second->store);
        g_free(second->dir);
}

static void history_compare(Fixture *f, GPtrArray *dumps)
{
        g_autoptr(StoreView) view = view_of(f);

        for (guint seq = 0; seq < dumps->len; seq++) {
                g_autofree char *text = dump(view, &f->log, seq);

                g_assert_cmpstr(text, ==, dumps->pdata[seq]);
        }
}

/* ---- Backup ---- */

typedef struct {
        Fixture *f;
        int stop; /* atomic */
        unsigned n;
} Busy;

static void *busy_main(void *data)
{
        Busy *busy = data;

        while (!g_atomic_int_get(&busy->stop))
                commit(busy->f, ops("[{'op':'setting','name':'n','value':%u}]", ++busy->n));
        return NULL;
}

static void test_backup(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(GPtrArray) dumps = write_history(f);
        Id other = create_project(f, "OTHER");
        g_autofree char *file = path_of(f, "backup.tar"), *dir = path_of(f, "restored"), *wrong = NULL;
        Busy busy = { .f = f };
        g_autoptr(GError) error = NULL;
        pthread_t thread;
        Fixture second;

        g_assert_cmpint(pthread_create(&thread, NULL, busy_main, &busy), ==, 0); /* writers go on */
        WORKS(store_backup(f->store, file, NULL, &error));
        g_atomic_int_set(&busy.stop, 1);
        pthread_join(thread, NULL);
        g_assert_false(store_backup(f->store, file, NULL, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_EXISTS);
        g_clear_error(&error);

        g_assert_false(store_restore_with(f->backend, file, f->dir, NULL, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_EXISTS);
        g_clear_error(&error);
        WORKS(store_restore_with(f->backend, file, dir, NULL, &error));
        second = second_store(f, "restored");
        history_compare(&second, dumps);
        g_assert_cmpuint(head_of(&second, &other), ==, 1);
        g_assert_cmpuint(head_of(&second, &f->log), >=, dumps->len - 1);
        wrong = problems(&second, &f->log);
        g_assert_cmpstr(wrong, ==, "");
        second_close(&second);
}

static void refuse_restore(Fixture *f, const char *file, int code)
{
        g_autofree char *dir = path_of(f, "none/");
        g_autofree char *plain = path_of(f, "none");
        g_autoptr(GError) error = NULL;
        g_autoptr(GDir) tmp = NULL;
        const char *name;

        g_assert_false(store_restore_with(f->backend, file, dir, NULL, &error));
        g_assert_nonnull(error);
        if (code != 0)
                g_assert_error(error, ZW_ERROR, code);
        g_assert_false(g_file_test(plain, G_FILE_TEST_EXISTS));
        tmp = g_dir_open(f->tmp, 0, NULL);
        while ((name = g_dir_read_name(tmp)) != NULL)
                g_assert_null(strstr(name, "restore")); /* nothing half done is left */
}

/* Puts other bytes of the same length into a file, at the first place where `from` stands; then it is refused. */
static void refuse_altered(Fixture *f, const char *bytes, gsize n, const char *from, const char *to, int code)
{
        g_autofree char *bad = path_of(f, "bad.tar"), *copy = g_memdup2(bytes, n);
        char *at = memmem(copy, n, from, strlen(from));

        g_assert_nonnull(at);
        g_assert_cmpuint(strlen(from), ==, strlen(to));
        memcpy(at, to, strlen(to));
        g_assert_true(g_file_set_contents(bad, copy, (gssize)n, NULL));
        refuse_restore(f, bad, code);
}

static void test_restore_refused(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(GPtrArray) dumps = write_history(f);
        g_autofree char *file = path_of(f, "backup.tar"), *bad = path_of(f, "bad.tar"), *bytes = NULL;
        g_autofree char *backend = g_strdup_printf("\"backend\":\"%s\"", f->backend->name);
        g_autofree char *other = g_strdup(backend);
        g_autoptr(GError) error = NULL;
        gsize n;

        other[strlen("\"backend\":\"")] = '_';
        g_assert_cmpuint(dumps->len, >, 10);
        refuse_restore(f, file, ZW_ERR_NOT_FOUND);
        WORKS(store_backup(f->store, file, NULL, &error));
        g_assert_true(g_file_get_contents(file, &bytes, &n, NULL));
        g_assert_true(g_file_set_contents(bad, "", 0, NULL));
        refuse_restore(f, bad, ZW_ERR_INPUT);
        g_assert_true(g_file_set_contents(bad, "{\"a\":1}", -1, NULL));
        refuse_restore(f, bad, ZW_ERR_INPUT);
        /* Cut anywhere, but in the two empty blocks that end a tar: without them it is all there still. */
        for (gsize cut = 512; cut < n - 1024; cut += 4096 + 512) {
                g_assert_true(g_file_set_contents(bad, bytes, (gssize)cut, NULL));
                refuse_restore(f, bad, 0);
        }
        refuse_altered(f, bytes, n, "another manual", "Another manual", ZW_ERR_DAMAGED);
        refuse_altered(f, bytes, n, "Intake station", "intake station", ZW_ERR_DAMAGED);
        refuse_altered(f, bytes, n, "\"format\":1", "\"format\":2", ZW_ERR_VERSION);
        refuse_altered(f, bytes, n, "\"format\":1", "\"format\":0", ZW_ERR_INPUT);
        refuse_altered(f, bytes, n, "\"backend\":\"", "\"backenx\":\"", ZW_ERR_INPUT);
        refuse_altered(f, bytes, n, backend, other, ZW_ERR_INPUT);
        refuse_altered(f, bytes, n, "\"head\":12", "\"head\":13", ZW_ERR_DAMAGED);
        refuse_altered(f, bytes, n, "\"key\":\"WW\"", "\"key\":\"WX\"", ZW_ERR_DAMAGED);
        refuse_altered(f, bytes, n, "\"root\":\"", "\"rooT\":\"", ZW_ERR_DAMAGED);
        refuse_altered(f, bytes, n, "manifest.json", "manifest.jso_", ZW_ERR_INPUT);
        /* A name that leads outside: the header's sum is wrong, or the name is. */
        refuse_altered(f, bytes, n, "blobs/", "../../", ZW_ERR_INPUT);
        refuse_restore(f, f->tmp, ZW_ERR_INPUT); /* a directory */
}

/* ---- Export ---- */

static void export_to(Fixture *f, const char *path)
{
        int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        g_autoptr(GError) error = NULL;

        WORKS(store_export_project(f->store, &f->log, fd, NULL, &error));
        close(fd);
}

static bool import_from(Fixture *f, const char *path, Id *ret_log, GError **error)
{
        int fd = open(path, O_RDONLY | O_CLOEXEC);
        bool ok = store_import_project(f->store, fd, NULL, NULL, NULL, ret_log, error);

        close(fd);
        return ok;
}

static void test_export(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(GPtrArray) dumps = write_history(f);
        g_autofree char *file = path_of(f, "project.zw"), *again = path_of(f, "again.zw"), *a = NULL,
                        *b = NULL, *wrong = NULL;
        g_autoptr(GError) error = NULL;
        Fixture second = second_store(f, "second");
        gsize n, m;
        Id log;

        export_to(f, file);
        WORKS(import_from(&second, file, &log, &error));
        g_assert_true(id_equal(&log, &f->log));
        history_compare(&second, dumps);
        wrong = problems(&second, &log);
        g_assert_cmpstr(wrong, ==, "");
        export_to(&second, again);
        g_assert_true(g_file_get_contents(file, &a, &n, NULL));
        g_assert_true(g_file_get_contents(again, &b, &m, NULL));
        g_assert_cmpuint(n, ==, m);
        g_assert_true(memcmp(a, b, n) == 0);

        g_assert_false(import_from(&second, file, &log, &error)); /* it is there */
        g_assert_error(error, ZW_ERROR, ZW_ERR_EXISTS);
        /* and both go on from where they are, each for itself */
        commit_to(&second, &f->log, ops("[{'op':'setting','name':'x','value':1}]"));
        g_assert_cmpuint(head_of(&second, &f->log), ==, dumps->len);
        second_close(&second);
}

/* What was erased is erased in the file too, and the proofs hold there. */
static void test_export_erased(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(GPtrArray) dumps = write_history(f);
        g_autofree char *file = path_of(f, "project.zw"), *again = path_of(f, "again.zw"), *wrong = NULL;
        g_autofree char *a = NULL, *b = NULL, *now = NULL, *then = NULL;
        Fixture second = second_store(f, "second");
        g_autoptr(GError) error = NULL;
        gsize n, m;
        Id log;

        g_assert_cmpuint(dumps->len, >, 10);
        erase_piece(f, 6, 0, "tester");
        erase_piece(f, 4, -1, NULL);
        export_to(f, file);
        g_assert_true(g_file_get_contents(file, &a, &n, NULL));
        g_assert_null(memmem(a, n, "Eve Example", 11));
        WORKS(import_from(&second, file, &log, &error));
        now = dump_now(f);
        then = dump_now(&second);
        g_assert_cmpstr(now, ==, then);
        wrong = problems(&second, &log);
        g_assert_cmpstr(wrong, ==, "");
        export_to(&second, again);
        g_assert_true(g_file_get_contents(again, &b, &m, NULL));
        g_assert_cmpuint(n, ==, m);
        g_assert_true(memcmp(a, b, n) == 0);
        second_close(&second);
}

static void test_export_key_taken(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autofree char *file = path_of(f, "project.zw");
        g_autoptr(GError) error = NULL;
        Fixture second = second_store(f, "second");
        Id log, mine = create_project(&second, "WW");

        export_to(f, file);
        g_assert_false(import_from(&second, file, &log, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_EXISTS);
        g_assert_cmpuint(head_of(&second, &mine), ==, 1);
        g_assert_cmpuint(head_of(&second, &f->log), ==, 0);
        second_close(&second);
}

/* Puts the right hash at the end of altered bytes, so that what is inside has to be found wrong. */
static void seal_file(const char *path, char *bytes, gsize n)
{
        Digest digest = hash_sha256(bytes, n - 41);

        memcpy(bytes + n - ZW_DIGEST_BYTES, digest.b, ZW_DIGEST_BYTES);
        g_assert_true(g_file_set_contents(path, bytes, (gssize)n, NULL));
}

static void refuse_import(Fixture *f, const char *path, int code)
{
        g_autoptr(GError) error = NULL;
        Id log;

        g_assert_false(import_from(f, path, &log, &error));
        if (code != 0)
                g_assert_error(error, ZW_ERROR, code);
        g_assert_nonnull(error);
        g_assert_cmpuint(head_of(f, &f->log), ==, 0);
}

/* Other bytes of the same length, under a hash that fits. */
static void refuse_sealed(Fixture *f, const char *bytes, gsize n, const char *from, const char *to, int code)
{
        g_autofree char *bad = path_of(f, "bad.zw"), *copy = g_memdup2(bytes, n);
        char *at = memmem(copy, n, from, strlen(from));

        g_assert_nonnull(at);
        g_assert_cmpuint(strlen(from), ==, strlen(to));
        memcpy(at, to, strlen(to));
        seal_file(bad, copy, n);
        refuse_import(f, bad, code);
}

/* The record that holds `text` once more after it, under a hash that fits. */
static void refuse_repeated(Fixture *f, const char *bytes, gsize n, const char *text)
{
        enum { HEAD = 9 };
        g_autofree char *bad = path_of(f, "bad.zw"), *copy = NULL;
        const char *found = memmem(bytes, n, text, strlen(text));
        gsize at = strlen("ZWPROJECT1\n"), length = 0;

        g_assert_nonnull(found);
        while (bytes + at + HEAD + length < found) {
                at += length == 0 ? 0 : HEAD + length;
                length = 0;
                for (int i = 1; i < HEAD; i++)
                        length = length << 8 | (guchar)bytes[at + (gsize)i];
        }
        length += HEAD;
        copy = g_malloc(n + length);
        memcpy(copy, bytes, at + length);
        memcpy(copy + at + length, bytes + at, n - at);
        seal_file(bad, copy, n + length);
        refuse_import(f, bad, ZW_ERR_INPUT);
}

static void test_import_refused(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        static const char *const inside[] = { "Intake station", "a manual", "Eve Example", "\"seq\":4",
                                              "\"origin\":\"cli\"" };
        g_autoptr(GPtrArray) dumps = write_history(f);
        g_autofree char *file = path_of(f, "project.zw"), *bad = path_of(f, "bad.zw"), *bytes = NULL;
        Fixture second = second_store(f, "second");
        g_autoptr(GPtrArray) projects = NULL;
        g_autoptr(StoreView) view = NULL;
        gsize n;

        g_assert_cmpuint(dumps->len, >, 10);
        export_to(f, file);
        g_assert_true(g_file_get_contents(file, &bytes, &n, NULL));
        g_assert_true(g_file_set_contents(bad, "", 0, NULL));
        refuse_import(&second, bad, ZW_ERR_INPUT);
        g_assert_true(g_file_set_contents(
                bad, "ZWPROJECT2\nxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", -1, NULL));
        refuse_import(&second, bad, ZW_ERR_INPUT);
        for (gsize cut = 1; cut < n; cut += 97) {
                g_assert_true(g_file_set_contents(bad, bytes, (gssize)cut, NULL));
                refuse_import(&second, bad, 0);
        }
        for (size_t i = 0; i < G_N_ELEMENTS(inside); i++) {
                char *at = memmem(bytes, n, inside[i], strlen(inside[i]));
                char old;

                g_assert_nonnull(at);
                at += strlen(inside[i]) - 2;
                old = *at;
                *at = 'Z';
                g_assert_true(g_file_set_contents(bad, bytes, (gssize)n, NULL));
                refuse_import(&second, bad, ZW_ERR_DAMAGED); /* the hash at the end */
                seal_file(bad, bytes, n);
                refuse_import(&second, bad, ZW_ERR_DAMAGED); /* the proofs inside */
                *at = old;
        }
        refuse_sealed(&second, bytes, n, "\"format\":1,\"head\"", "\"format\":2,\"head\"", ZW_ERR_VERSION);
        refuse_sealed(&second, bytes, n, "\"head\":12,\"head_hash\"", "\"head\":11,\"head_hash\"",
                      ZW_ERR_DAMAGED);
        refuse_sealed(&second, bytes, n, "\"head_hash\":\"", "\"haed_hash\":\"", ZW_ERR_INPUT);
        refuse_repeated(&second, bytes, n, "\"name\":\"colour\""); /* a piece twice */
        seal_file(bad, bytes, n);
        view = view_of(&second);
        projects = store_load_projects(view, NULL);
        g_assert_cmpuint(projects->len, ==, 0);
        g_clear_pointer(&view, store_view_close);
        {
                Id log;

                g_assert_true(import_from(&second, bad, &log, NULL)); /* and unaltered it is taken */
        }
        second_close(&second);
}

void conformance_add_transfer(const StoreBackend *backend)
{
        CONFORM("transfer/backup", test_backup);
        CONFORM("transfer/restore-refused", test_restore_refused);
        CONFORM("transfer/export", test_export);
        CONFORM("transfer/export-erased", test_export_erased);
        CONFORM("transfer/export-key-taken", test_export_key_taken);
        CONFORM("transfer/import-refused", test_import_refused);
}

void conformance_add(const StoreBackend *backend)
{
        conformance_add_log(backend);
        conformance_add_write(backend);
        conformance_add_ops(backend);
        conformance_add_read(backend);
        conformance_add_from(backend);
        conformance_add_trust(backend);
        conformance_add_branch(backend);
        conformance_add_transfer(backend);
}
