/* Settings: defaults, then /etc/zonewright/zonewright.conf (a key file), then the environment; rows of
 * config.def. A key of the file is consumed when read; what remains is an error that names the near ones.
 * Immutable once loaded, so any thread may read it. */
#ifndef BASE_CONFIG_H
#define BASE_CONFIG_H

#include "base/jwrite.h"
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef enum {
#define CONFIG(symbol, group, key, env, type, fallback, least, most, doc) ZW_CONFIG_##symbol,
#include "base/config.def"
#undef CONFIG
        ZW_CONFIG_COUNT
} ConfigKey;

typedef struct Config Config;

/* Reads `path` (NULL: none) and the environment, where an empty variable is as good as none. A missing file
 * is no error. Errors: INPUT with `path: group.key` or the variable; LIMIT for a file over 64 KiB; STORAGE.
 * */
Config *config_load(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void config_free(Config *config);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Config, config_free)

const char *config_text(const Config *config, ConfigKey key);
int64_t config_int(const Config *config, ConfigKey key);

/* Every setting with its value, where it came from (default, file, environment) and its meaning, as a JSON
 * array. */
void config_write(const Config *config, JWrite *w);

#endif
