/* Settings: defaults, then /etc/zonewright/zonewright.conf (a key file), then the environment; rows of
 * config.def. A key of the file is consumed when read; what remains is an error that names the near ones.
 * Immutable once loaded, so any thread may read it. */
#ifndef BASE_CONFIG_H
#define BASE_CONFIG_H

#include "base/jwrite.h"
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define ZW_CONFIG_PATH "/etc/zonewright/zonewright.conf"

typedef enum {
#define CONFIG(symbol, group, key, env, type, fallback, least, most, when, doc) ZW_CONFIG_##symbol,
#include "base/config.def"
#undef CONFIG
        ZW_CONFIG_COUNT
} ConfigKey;

typedef struct Config Config;

/* Reads `path` (NULL: none) and the environment, where an empty variable is as good as none. A missing file
 * is no error. Errors: INPUT with `path:LINE: group.key` or the variable; LIMIT for a file over 64 KiB; STORAGE. */
Config *config_load(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The file of this machine: the one that ZONEWRIGHT_CONFIG names, which must be there, else ZW_CONFIG_PATH. */
Config *config_load_default(GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A value of the command line, which goes before all others. Errors: INPUT, with the name of the setting. */
bool config_override(Config *config, ConfigKey key, const char *text, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* The same sources once more; what was overridden stays. */
Config *config_reload(const Config *config, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void config_free(Config *config);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Config, config_free)

const char *config_text(const Config *config, ConfigKey key);
int64_t config_int(const Config *config, ConfigKey key);
bool config_flag(const Config *config, ConfigKey key);

/* `group.key`, for messages. */
const char *config_name(ConfigKey key);
/* The names of START settings whose values differ, with commas; NULL when none does. Free it. */
char *config_stale(const Config *running, const Config *fresh);

/* Every setting with its value, where it came from (default, file, environment, command line), when it takes effect and its
 * meaning, as a JSON array. */
void config_write(const Config *config, JWrite *w);

#endif
