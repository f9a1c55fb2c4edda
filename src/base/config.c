#include "base/config.h"

#include "base/error.h"
#include "base/near.h"

#include <glib/gstdio.h>
#include <string.h>

enum { CONFIG_FILE_BYTES_MAX = 64 * 1024 };

typedef enum { CONFIG_TEXT, CONFIG_INT } ConfigType;

typedef struct {
        const char *group, *key, *env;
        ConfigType type;
        const char *fallback;
        int64_t least, most;
        const char *doc;
} ConfigRow;

static const ConfigRow rows[] = {
#define CONFIG(symbol, group, key, env, type, fallback, least, most, doc) \
        { group, key, env, CONFIG_##type, fallback, least, most, doc },
#include "base/config.def"
#undef CONFIG
};

typedef struct {
        char *text;
        int64_t number;
        const char *source; /* default, file, environment */
} ConfigValue;

struct Config {
        ConfigValue values[ZW_CONFIG_COUNT];
};

/* Takes `text` for the setting, when it is of its type and within its bounds. */
static bool value_set(Config *config, size_t i, const char *text, const char *source, const char *where,
                      GError **error)
{
        ConfigValue *value = &config->values[i];
        int64_t number = 0;

        if (!g_utf8_validate(text, -1, NULL)) {
                error_set(error, ZW_ERR_INPUT, where, "the text is not valid UTF-8");
                return false;
        }
        if (rows[i].type == CONFIG_INT &&
            !g_ascii_string_to_signed(text, 10, rows[i].least, rows[i].most, &number, NULL)) {
                error_set(error, ZW_ERR_INPUT, where,
                          "must be an integer from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT ", not \"%s\"",
                          rows[i].least, rows[i].most, text);
                return false;
        }
        g_free(value->text);
        *value = (ConfigValue){ g_strdup(text), number, source };
        return true;
}

static char *file_where(const char *path, const char *group, const char *key)
{
        return key != NULL ? g_strdup_printf("%s: %s.%s", path, group, key)
                           : g_strdup_printf("%s: %s", path, group);
}

/* Reads the text of the file; NULL without error when there is none. */
static char *file_read(const char *path, size_t *ret_n, GError **error)
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

static bool row_load(Config *config, size_t i, GKeyFile *file, const char *path, GError **error)
{
        const ConfigRow *row = &rows[i];
        g_autofree char *where = file_where(path, row->group, row->key);
        g_autoptr(GError) local = NULL;
        g_autofree char *text = NULL;

        if (!g_key_file_has_key(file, row->group, row->key, NULL))
                return true;
        text = g_key_file_get_string(file, row->group, row->key, &local);
        if (local != NULL) { /* for a wrong escape GLib returns text and error */
                error_set(error, ZW_ERR_INPUT, where, "%s", local->message);
                return false;
        }
        return value_set(config, i, text, "file", where, error) &&
               g_key_file_remove_key(file, row->group, row->key, error);
}

/* Names of the rows: keys of `group`, or with NULL the groups. */
static char *near_rows(const char *word, const char *group)
{
        const char *names[ZW_CONFIG_COUNT];
        size_t n = 0;

        for (size_t i = 0; i < ZW_CONFIG_COUNT; i++)
                if (group == NULL)
                        names[n++] = rows[i].group;
                else if (strcmp(rows[i].group, group) == 0)
                        names[n++] = rows[i].key;
        return near_names(word, names, n);
}

static bool group_known(const char *group)
{
        for (size_t i = 0; i < ZW_CONFIG_COUNT; i++)
                if (strcmp(rows[i].group, group) == 0)
                        return true;
        return false;
}

/* All known keys are taken out by now: what is left is unknown. */
static bool rest_check(GKeyFile *file, const char *path, GError **error)
{
        g_auto(GStrv) groups = g_key_file_get_groups(file, NULL);

        for (char **group = groups; *group != NULL; group++) {
                g_auto(GStrv) keys = g_key_file_get_keys(file, *group, NULL, NULL);
                const char *key = keys != NULL ? keys[0] : NULL;
                bool known = group_known(*group);

                if (known && key == NULL)
                        continue;

                g_autofree char *where = file_where(path, *group, known ? key : NULL);
                g_autofree char *hint = known ? near_rows(key, *group) : near_rows(*group, NULL);

                error_set(error, ZW_ERR_INPUT, where, "there is no %s \"%s\"%s", known ? "setting" : "group",
                          known ? key : *group, hint);
                return false;
        }
        return true;
}

static bool file_load(Config *config, const char *path, GError **error)
{
        g_autoptr(GKeyFile) file = g_key_file_new();
        g_autoptr(GError) local = NULL;
        g_autofree char *text = NULL;
        size_t n = 0;

        text = file_read(path, &n, &local);
        if (local != NULL) {
                g_propagate_error(error, g_steal_pointer(&local));
                return false;
        }
        if (text == NULL || n == 0)
                return true;

        /* A translated key would else be dropped without a word. */
        if (!g_key_file_load_from_data(file, text, n, G_KEY_FILE_KEEP_TRANSLATIONS, &local)) {
                error_set(error, ZW_ERR_INPUT, path, "%s", local->message);
                return false;
        }
        for (size_t i = 0; i < ZW_CONFIG_COUNT; i++)
                if (!row_load(config, i, file, path, error))
                        return false;
        return rest_check(file, path, error);
}

Config *config_load(const char *path, GError **error)
{
        g_autoptr(Config) config = g_new0(Config, 1);

        for (size_t i = 0; i < ZW_CONFIG_COUNT; i++)
                if (!value_set(config, i, rows[i].fallback, "default", rows[i].key, error))
                        return NULL;
        if (path != NULL && !file_load(config, path, error))
                return NULL;
        for (size_t i = 0; i < ZW_CONFIG_COUNT; i++) {
                const char *text = g_getenv(rows[i].env);

                if (text != NULL && *text != '\0' &&
                    !value_set(config, i, text, "environment", rows[i].env, error))
                        return NULL;
        }
        return g_steal_pointer(&config);
}

void config_free(Config *config)
{
        if (config == NULL)
                return;
        for (size_t i = 0; i < ZW_CONFIG_COUNT; i++)
                g_free(config->values[i].text);
        g_free(config);
}

const char *config_text(const Config *config, ConfigKey key)
{
        return config->values[key].text;
}

int64_t config_int(const Config *config, ConfigKey key)
{
        return config->values[key].number;
}

void config_write(const Config *config, JWrite *w)
{
        jwrite_array_begin(w);
        for (size_t i = 0; i < ZW_CONFIG_COUNT; i++) {
                g_autofree char *name = g_strdup_printf("%s.%s", rows[i].group, rows[i].key);

                jwrite_object_begin(w);
                jwrite_key_string(w, "name", name);
                if (rows[i].type == CONFIG_INT)
                        jwrite_key_int(w, "value", config->values[i].number);
                else
                        jwrite_key_string(w, "value", config->values[i].text);
                jwrite_key_string(w, "from", config->values[i].source);
                jwrite_key_string(w, "default", rows[i].fallback);
                jwrite_key_string(w, "environment", rows[i].env);
                jwrite_key_string(w, "doc", rows[i].doc);
                jwrite_object_end(w);
        }
        jwrite_array_end(w);
}
