/* A settings file as lines, which GLib's key files do not remember: where each setting stands, and what GLib would let pass
 * without a word (a setting given twice). Inside config.c and config_file.c only. Not thread-safe. */
#ifndef BASE_CONFIG_FILE_H
#define BASE_CONFIG_FILE_H

#include <glib.h>
#include <stdbool.h>

typedef struct ConfigFile ConfigFile;

/* Reads the file; NULL without an error when there is none. Errors: INPUT with `path:LINE`, LIMIT, STORAGE. */
ConfigFile *config_file_read(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void config_file_free(ConfigFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ConfigFile, config_file_free)

/* `path:LINE: group.key`, with NULL for the group itself. Free it. */
char *config_file_where(const ConfigFile *file, const char *group, const char *key);
/* Takes a setting out of the file. *ret_text is NULL when it is not given; free it. Errors: INPUT, a wrong escape. */
bool config_file_take(ConfigFile *file, const char *group, const char *key, char **ret_text, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* What is left: each group, with its first key or NULL. `fn` gives false to stop. */
typedef bool (*ConfigRestFn)(const ConfigFile *file, const char *group, const char *key, GError **error);
bool config_file_each_rest(const ConfigFile *file, ConfigRestFn fn, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
