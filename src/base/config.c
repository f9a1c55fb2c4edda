#include "base/config.h"

#include "base/config_file.h"
#include "base/error.h"
#include "base/near.h"

#include <string.h>

typedef enum { CONFIG_TEXT, CONFIG_INT, CONFIG_FLAG, CONFIG_LEVEL, CONFIG_FORMAT } ConfigType;
typedef enum { CONFIG_START, CONFIG_RELOAD } ConfigWhen;

/* The words a type takes, and no others; by type. The number of a value is its place here. */
static const char *const choices[][5] = {
        [CONFIG_FLAG] = { "false", "true" },
        [CONFIG_LEVEL] = { "debug", "info", "warning", "error" },
        [CONFIG_FORMAT] = { "logfmt", "json" },
};

typedef struct {
        const char *group, *key, *env;
        ConfigType type;
        const char *fallback;
        int64_t least, most;
        ConfigWhen when;
        const char *doc;
} ConfigRow;

static const ConfigRow rows[] = {
#define CONFIG(symbol, group, key, env, type, fallback, least, most, when, doc) \
        { group, key, env, CONFIG_##type, fallback, least, most, CONFIG_##when, doc },
#include "base/config.def"
#undef CONFIG
};

static const char *const names[] = {
#define CONFIG(symbol, group, key, env, type, fallback, least, most, when, doc) group "." key,
#include "base/config.def"
#undef CONFIG
};

typedef struct {
        char *text;
        int64_t number;
        const char *source; /* default, file, environment, command line */
        bool overridden;
} ConfigValue;

struct Config {
        char *path; /* or NULL */
        ConfigValue values[ZW_CONFIG_COUNT];
};

/* The number of `text` among the words of its type. */
static bool choice_find(ConfigType type, const char *text, int64_t *ret_number, const char *where,
                        GError **error)
{
        g_autofree char *words = g_strjoinv(", ", (char **)(uintptr_t)choices[type]);

        for (size_t i = 0; choices[type][i] != NULL; i++) {
                if (strcmp(choices[type][i], text) == 0) {
                        *ret_number = (int64_t)i;
                        return true;
                }
        }
        error_set(error, ZW_ERR_INPUT, where, "must be one of %s, not \"%s\"", words, text);
        return false;
}

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
        if (rows[i].type >= CONFIG_FLAG && !choice_find(rows[i].type, text, &number, where, error))
                return false;
        g_free(value->text);
        *value = (ConfigValue){ g_strdup(text), number, source, false };
        return true;
}

static bool row_load(Config *config, size_t i, ConfigFile *file, GError **error)
{
        const ConfigRow *row = &rows[i];
        g_autofree char *where = NULL, *text = NULL;

        if (!config_file_take(file, row->group, row->key, &text, error))
                return false;
        if (text == NULL)
                return true;
        where = config_file_where(file, row->group, row->key);
        return value_set(config, i, text, "file", where, error);
}

/* Names of the rows: keys of `group`, or with NULL the groups. */
static char *near_rows(const char *word, const char *group)
{
        const char *near[ZW_CONFIG_COUNT];
        size_t n = 0;

        for (size_t i = 0; i < ZW_CONFIG_COUNT; i++)
                if (group == NULL)
                        near[n++] = rows[i].group;
                else if (strcmp(rows[i].group, group) == 0)
                        near[n++] = rows[i].key;
        return near_names(word, near, n);
}

static bool group_known(const char *group)
{
        for (size_t i = 0; i < ZW_CONFIG_COUNT; i++)
                if (strcmp(rows[i].group, group) == 0)
                        return true;
        return false;
}

/* All known keys are taken out by now: what is left is unknown. */
static bool rest_check(const ConfigFile *file, const char *group, const char *key, GError **error)
{
        const bool known = group_known(group);
        g_autofree char *where = NULL, *hint = NULL;

        if (known && key == NULL)
                return true;
        where = config_file_where(file, group, known ? key : NULL);
        hint = known ? near_rows(key, group) : near_rows(group, NULL);
        error_set(error, ZW_ERR_INPUT, where, "there is no %s \"%s\"%s", known ? "setting" : "group",
                  known ? key : group, hint);
        return false;
}

static bool file_load(Config *config, const char *path, GError **error)
{
        g_autoptr(GError) local = NULL;
        g_autoptr(ConfigFile) file = config_file_read(path, &local);

        if (local != NULL) {
                g_propagate_error(error, g_steal_pointer(&local));
                return false;
        }
        for (size_t i = 0; file != NULL && i < ZW_CONFIG_COUNT; i++)
                if (!row_load(config, i, file, error))
                        return false;
        return file == NULL || config_file_each_rest(file, rest_check, error);
}

Config *config_load(const char *path, GError **error)
{
        g_autoptr(Config) config = g_new0(Config, 1);

        config->path = g_strdup(path);
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

Config *config_load_default(GError **error)
{
        const char *path = g_getenv("ZONEWRIGHT_CONFIG");

        if (path == NULL || path[0] == '\0')
                return config_load(ZW_CONFIG_PATH, error);
        if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
                error_set(error, ZW_ERR_STORAGE, "ZONEWRIGHT_CONFIG", "there is no file %s", path);
                return NULL;
        }
        return config_load(path, error);
}

bool config_override(Config *config, ConfigKey key, const char *text, GError **error)
{
        if (!value_set(config, key, text, "command line", names[key], error))
                return false;
        config->values[key].overridden = true;
        return true;
}

Config *config_reload(const Config *config, GError **error)
{
        g_autoptr(Config) fresh = config_load(config->path, error);

        for (size_t i = 0; fresh != NULL && i < ZW_CONFIG_COUNT; i++)
                if (config->values[i].overridden &&
                    !config_override(fresh, (ConfigKey)i, config->values[i].text, error))
                        return NULL;
        return g_steal_pointer(&fresh);
}

void config_free(Config *config)
{
        if (config == NULL)
                return;
        for (size_t i = 0; i < ZW_CONFIG_COUNT; i++)
                g_free(config->values[i].text);
        g_free(config->path);
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

bool config_flag(const Config *config, ConfigKey key)
{
        return config->values[key].number != 0;
}

const char *config_name(ConfigKey key)
{
        return names[key];
}

char *config_stale(const Config *running, const Config *fresh)
{
        g_autoptr(GPtrArray) stale = g_ptr_array_new();

        for (size_t i = 0; i < ZW_CONFIG_COUNT; i++)
                if (rows[i].when == CONFIG_START &&
                    strcmp(running->values[i].text, fresh->values[i].text) != 0)
                        g_ptr_array_add(stale, (gpointer)(uintptr_t)names[i]);
        if (stale->len == 0)
                return NULL;
        g_ptr_array_add(stale, NULL);
        return g_strjoinv(", ", (char **)stale->pdata);
}

void config_write(const Config *config, JWrite *w)
{
        jwrite_array_begin(w);
        for (size_t i = 0; i < ZW_CONFIG_COUNT; i++) {
                jwrite_object_begin(w);
                jwrite_key_string(w, "name", names[i]);
                if (rows[i].type == CONFIG_FLAG)
                        jwrite_key_bool(w, "value", config->values[i].number != 0);
                else if (rows[i].type == CONFIG_INT)
                        jwrite_key_int(w, "value", config->values[i].number);
                else
                        jwrite_key_string(w, "value", config->values[i].text);
                jwrite_key_string(w, "from", config->values[i].source);
                jwrite_key_string(w, "default", rows[i].fallback);
                jwrite_key_string(w, "environment", rows[i].env);
                jwrite_key_string(w, "takes_effect", rows[i].when == CONFIG_RELOAD ? "reload" : "start");
                jwrite_key_string(w, "doc", rows[i].doc);
                jwrite_object_end(w);
        }
        jwrite_array_end(w);
}
