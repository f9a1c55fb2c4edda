#include "base/config_file.h"

#include "base/error.h"

#include <glib/gstdio.h>
#include <string.h>

enum { CONFIG_FILE_BYTES_MAX = 64 * 1024, MARKS_MAX = 1000 };

/* A line that names something; `key` is NULL for the head of a group. */
typedef struct {
        char *group, *key;
        unsigned line;
} Mark;

struct ConfigFile {
        char *path;
        GKeyFile *keys;
        GArray *marks;
};

static void mark_clear(gpointer mark)
{
        Mark *owned = mark;

        g_free(owned->group);
        g_free(owned->key);
}

void config_file_free(ConfigFile *file)
{
        if (file == NULL)
                return;
        g_clear_pointer(&file->keys, g_key_file_free);
        g_array_unref(file->marks);
        g_free(file->path);
        g_free(file);
}

static const Mark *mark_find(const ConfigFile *file, const char *group, const char *key)
{
        for (guint i = 0; i < file->marks->len; i++) {
                const Mark *mark = &g_array_index(file->marks, Mark, i);

                if (strcmp(mark->group, group) == 0 && g_strcmp0(mark->key, key) == 0)
                        return mark;
        }
        return NULL;
}

char *config_file_where(const ConfigFile *file, const char *group, const char *key)
{
        const Mark *mark = mark_find(file, group, key);

        return g_strdup_printf("%s:%u: %s%s%s", file->path, mark == NULL ? 0 : mark->line, group,
                               key == NULL ? "" : ".", key == NULL ? "" : key);
}

/* ---- lines ---- */

static bool line_refuse(const ConfigFile *file, unsigned line, const char *why, GError **error)
{
        g_autofree char *where = g_strdup_printf("%s:%u", file->path, line);

        error_set(error, ZW_ERR_INPUT, where, "%s", why);
        return false;
}

static bool line_read(ConfigFile *file, char *text, unsigned line, GError **error)
{
        const guint n = file->marks->len;
        const char *group = n == 0 ? NULL : g_array_index(file->marks, Mark, n - 1).group;
        Mark mark = { NULL, NULL, line };
        const Mark *first;
        char *equals;

        g_strstrip(text);
        if (text[0] == '\0' || text[0] == '#')
                return true;
        if (n == MARKS_MAX)
                return line_refuse(file, line, "a settings file has at most 1000 groups and settings", error);
        if (text[0] == '[') {
                if (text[1] == ']' || strchr(text, ']') != text + strlen(text) - 1)
                        return line_refuse(file, line, "a group is written [name]", error);
                mark.group = g_strndup(text + 1, strlen(text) - 2);
                g_array_append_val(file->marks, mark);
                return true;
        }
        equals = strchr(text, '=');
        if (equals == NULL || equals == text)
                return line_refuse(file, line, "a setting is written name = value", error);
        if (group == NULL)
                return line_refuse(file, line, "a setting stands below the [name] of its group", error);
        *equals = '\0';
        g_strchomp(text);
        first = mark_find(file, group, text);
        if (first != NULL) {
                g_autofree char *why = g_strdup_printf("\"%s\" is given twice, first in line %u", text,
                                                       first->line);

                return line_refuse(file, line, why, error);
        }
        mark.group = g_strdup(group);
        mark.key = g_strdup(text);
        g_array_append_val(file->marks, mark);
        return true;
}

static bool lines_read(ConfigFile *file, const char *text, GError **error)
{
        g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

        for (unsigned i = 0; lines[i] != NULL; i++) {
                if (!g_utf8_validate(lines[i], -1, NULL))
                        return line_refuse(file, i + 1, "the text is not valid UTF-8", error);
                if (!line_read(file, lines[i], i + 1, error))
                        return false;
        }
        return true;
}

/* ---- the file ---- */

/* Its text; NULL without error when there is none. */
static char *text_read(const char *path, size_t *ret_n, GError **error)
{
        g_autoptr(GError) local = NULL;
        char *text = NULL;
        GStatBuf info;

        if (g_stat(path, &info) == 0 && info.st_size > CONFIG_FILE_BYTES_MAX) {
                error_set(error, ZW_ERR_LIMIT, path, "a settings file has at most 64 KiB");
                return NULL;
        }
        if (!g_file_get_contents(path, &text, ret_n, &local) &&
            !g_error_matches(local, G_FILE_ERROR, G_FILE_ERROR_NOENT))
                error_set(error, ZW_ERR_STORAGE, path, "%s", local->message);
        return text;
}

ConfigFile *config_file_read(const char *path, GError **error)
{
        g_autoptr(ConfigFile) file = g_new0(ConfigFile, 1);
        g_autoptr(GError) local = NULL;
        g_autofree char *text = NULL;
        size_t n = 0;

        file->path = g_strdup(path);
        file->keys = g_key_file_new();
        file->marks = g_array_new(FALSE, TRUE, sizeof(Mark));
        g_array_set_clear_func(file->marks, mark_clear);
        text = text_read(path, &n, error);
        if (text == NULL)
                return NULL;
        if (strlen(text) != n) {
                error_set(error, ZW_ERR_INPUT, path, "the file holds a NUL character");
                return NULL;
        }
        if (!lines_read(file, text, error))
                return NULL;
        /* A translated key would else be dropped without a word. */
        if (n > 0 && !g_key_file_load_from_data(file->keys, text, n, G_KEY_FILE_KEEP_TRANSLATIONS, &local)) {
                error_set(error, ZW_ERR_INPUT, path, "%s", local->message);
                return NULL;
        }
        return g_steal_pointer(&file);
}

bool config_file_take(ConfigFile *file, const char *group, const char *key, char **ret_text, GError **error)
{
        g_autoptr(GError) local = NULL;
        g_autofree char *text = NULL;

        *ret_text = NULL;
        if (!g_key_file_has_key(file->keys, group, key, NULL))
                return true;
        text = g_key_file_get_string(file->keys, group, key, &local);
        if (local != NULL) { /* for a wrong escape GLib returns text and error */
                g_autofree char *where = config_file_where(file, group, key);

                error_set(error, ZW_ERR_INPUT, where, "%s", local->message);
                return false;
        }
        (void)g_key_file_remove_key(file->keys, group, key, NULL);
        *ret_text = g_steal_pointer(&text);
        return true;
}

bool config_file_each_rest(const ConfigFile *file, ConfigRestFn fn, GError **error)
{
        g_auto(GStrv) groups = g_key_file_get_groups(file->keys, NULL);

        for (char **group = groups; *group != NULL; group++) {
                g_auto(GStrv) keys = g_key_file_get_keys(file->keys, *group, NULL, NULL);

                if (!fn(file, *group, keys == NULL ? NULL : keys[0], error))
                        return false;
        }
        return true;
}
