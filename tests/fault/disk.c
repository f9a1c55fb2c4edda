#include "disk.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

enum { SECTOR = 512 };

/* A write or truncation that was not synced yet. */
typedef struct {
        gint64 at;
        GBytes *bytes; /* NULL: truncation to `at` */
} Unsynced;

struct DiskFile {
        int refs;
        bool folder;
        GByteArray *synced; /* content that is on the disk */
        GArray *unsynced;   /* Unsynced */
};

/* What a name stands for; NULL for nothing. */
typedef struct {
        DiskFile *now, *synced;
} Name;

static GHashTable *names; /* path → Name */
static bool liar;

/* ---- Files ---- */

static void unsynced_clear(gpointer data)
{
        g_clear_pointer(&((Unsynced *)data)->bytes, g_bytes_unref);
}

static DiskFile *file_new(bool folder)
{
        DiskFile *file = g_new0(DiskFile, 1);

        file->refs = 1;
        file->folder = folder;
        file->synced = g_byte_array_new();
        file->unsynced = g_array_new(FALSE, FALSE, sizeof(Unsynced));
        g_array_set_clear_func(file->unsynced, unsynced_clear);
        return file;
}

static DiskFile *file_ref(DiskFile *file)
{
        if (file != NULL)
                file->refs++;
        return file;
}

void disk_close(DiskFile *file)
{
        if (file == NULL || --file->refs > 0)
                return;
        g_byte_array_unref(file->synced);
        g_array_unref(file->unsynced);
        g_free(file);
}

static void apply_bytes(GByteArray *content, gint64 at, const guint8 *bytes, gsize n)
{
        guint length = content->len, end = (guint)at + (guint)n;

        if (n == 0)
                return;
        if (end > length) {
                g_byte_array_set_size(content, end);
                memset(content->data + length, 0, end - length);
        }
        memcpy(content->data + at, bytes, n);
}

static void apply_torn(GByteArray *content, const Unsynced *one, GRand *chance)
{
        gsize n;
        const guint8 *bytes = g_bytes_get_data(one->bytes, &n);

        for (gsize from = 0; from < n; from += SECTOR)
                if (g_rand_boolean(chance))
                        apply_bytes(content, one->at + (gint64)from, bytes + from, MIN(SECTOR, n - from));
}

/* `chance` NULL: all of it. */
static void apply(GByteArray *content, const Unsynced *one, GRand *chance)
{
        enum { ALL, NOTHING, SOME, FATES };
        int fate = chance == NULL ? ALL : g_rand_int_range(chance, 0, FATES);
        gsize n;

        if (fate == NOTHING)
                return;
        if (one->bytes == NULL) {
                g_byte_array_set_size(content, MIN(content->len, (guint)one->at));
        } else if (fate == ALL) {
                const guint8 *bytes = g_bytes_get_data(one->bytes, &n);

                apply_bytes(content, one->at, bytes, n);
        } else {
                apply_torn(content, one, chance);
        }
}

void disk_write(DiskFile *file, gint64 at, const void *bytes, gsize n)
{
        Unsynced one = { at, g_bytes_new(bytes, n) };

        g_array_append_val(file->unsynced, one);
}

void disk_truncate(DiskFile *file, gint64 size)
{
        Unsynced one = { size, NULL };

        g_array_append_val(file->unsynced, one);
}

void disk_sync(DiskFile *file)
{
        if (liar)
                return;
        for (guint i = 0; i < file->unsynced->len; i++)
                apply(file->synced, &g_array_index(file->unsynced, Unsynced, i), NULL);
        g_array_set_size(file->unsynced, 0);
}

/* ---- Names ---- */

static void name_free(gpointer data)
{
        Name *name = data;

        disk_close(name->now);
        disk_close(name->synced);
        g_free(name);
}

static Name *name_of(const char *path)
{
        Name *name;
        struct stat facts;

        if (names == NULL)
                names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, name_free);
        name = g_hash_table_lookup(names, path);
        if (name != NULL)
                return name;
        name = g_new0(Name, 1);
        if (lstat(path, &facts) == 0) {
                char *bytes;
                gsize n;

                name->now = file_new(S_ISDIR(facts.st_mode));
                if (!name->now->folder && g_file_get_contents(path, &bytes, &n, NULL)) {
                        g_byte_array_append(name->now->synced, (const guint8 *)bytes, (guint)n);
                        g_free(bytes);
                }
                name->synced = file_ref(name->now);
        }
        g_hash_table_insert(names, g_strdup(path), name);
        return name;
}

void disk_look(const char *path)
{
        name_of(path);
}

static void name_set(DiskFile **to, DiskFile *file)
{
        disk_close(*to);
        *to = file;
}

DiskFile *disk_open(const char *path, bool make)
{
        Name *name = name_of(path);

        if (name->now == NULL && make)
                name->now = file_new(false);
        return file_ref(name->now);
}

void disk_rename(const char *from, const char *to)
{
        Name *old = name_of(from), *new = name_of(to);

        name_set(&new->now, file_ref(old->now));
        name_set(&old->now, NULL);
}

void disk_remove(const char *path)
{
        name_set(&name_of(path)->now, NULL);
}

void disk_make_folder(const char *path)
{
        name_set(&name_of(path)->now, file_new(true));
}

static void sync_names(const char *folder)
{
        GHashTableIter iter;
        gpointer path, value;

        g_hash_table_iter_init(&iter, names);
        while (g_hash_table_iter_next(&iter, &path, &value)) {
                g_autofree char *parent = g_path_get_dirname(path);
                Name *name = value;

                if (folder == NULL || strcmp(parent, folder) == 0)
                        name_set(&name->synced, file_ref(name->now));
        }
}

void disk_sync_names(const char *folder)
{
        if (names != NULL && !liar)
                sync_names(folder);
}

void disk_sync_all(void)
{
        GHashTableIter iter;
        gpointer value;

        if (names == NULL || liar)
                return;
        sync_names(NULL);
        g_hash_table_iter_init(&iter, names);
        while (g_hash_table_iter_next(&iter, NULL, &value))
                if (((Name *)value)->now != NULL)
                        disk_sync(((Name *)value)->now);
}

void disk_reset(bool lies)
{
        g_clear_pointer(&names, g_hash_table_unref);
        liar = lies;
}

/* ---- Crashing ---- */

static void remove_real(const char *path)
{
        g_autoptr(GDir) dir = g_file_test(path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open(path, 0, NULL);
        const char *name;

        while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
                g_autofree char *inner = g_build_filename(path, name, NULL);

                remove_real(inner);
        }
        g_remove(path);
}

static void write_real(const char *path, const DiskFile *file, CrashKind kind, GRand *chance)
{
        g_autoptr(GByteArray) content = g_byte_array_new();
        g_autoptr(GError) error = NULL;

        g_byte_array_append(content, file->synced->data, file->synced->len);
        for (guint i = 0; kind != CRASH_DROP && i < file->unsynced->len; i++)
                apply(content, &g_array_index(file->unsynced, Unsynced, i),
                      kind == CRASH_RANDOM ? chance : NULL);
        g_remove(path); /* it may be read-only */
        g_file_set_contents_full(path, (const char *)content->data, (gssize)content->len,
                                 G_FILE_SET_CONTENTS_NONE, 0600, &error);
        g_assert_no_error(error);
}

static void crash_name(const char *path, const Name *name, CrashKind kind, GRand *chance)
{
        bool old = kind == CRASH_DROP || (kind == CRASH_RANDOM && g_rand_boolean(chance));
        const DiskFile *file = old ? name->synced : name->now;
        g_autofree char *parent = g_path_get_dirname(path);

        if (file == NULL || !g_file_test(parent, G_FILE_TEST_IS_DIR)) {
                remove_real(path);
        } else if (!file->folder) {
                write_real(path, file, kind, chance);
        } else if (!g_file_test(path, G_FILE_TEST_IS_DIR)) {
                g_assert_cmpint(g_mkdir(path, 0700), ==, 0);
        }
}

void disk_crash(CrashKind kind, GRand *chance)
{
        g_autoptr(GList) paths = names == NULL
                                         ? NULL
                                         : g_list_sort(g_hash_table_get_keys(names), (GCompareFunc)strcmp);

        /* In this order folders come before what lies in them. */
        for (GList *path = paths; path != NULL; path = path->next)
                crash_name(path->data, g_hash_table_lookup(names, path->data), kind, chance);
}
