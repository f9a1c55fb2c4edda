/* Files that a command names, opened for the service. */
#ifndef CLI_FILES_H
#define CLI_FILES_H

#include "cli/cli.h"

/* Opens every path (GArray of ServiceFile, which closes them; names are borrowed from `paths`). Errors: INPUT. */
GArray *cli_files_open(char **paths, GError **error) G_GNUC_WARN_UNUSED_RESULT;
ServiceFiles cli_files_of(const GArray *files);

/* The paths, with the files that are below folders in their place, in the order of their names; hidden ones and what
 * lies beside advisories (mirror.h) are left out. Free it with
 * g_strfreev. Errors: INPUT, also where a file is not what its hash says; LIMIT, more than 500 files, which are better given as one archive. */
char **cli_files_expand(char **paths, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A folder that a command made for itself, with all that is in it; what cannot be removed stays. */
void cli_folder_remove(const char *folder);

/* A document of an answer into a new file or, without one, on standard output, where it is left out with --json: the whole answer is
 * printed then. Errors: EXISTS; STORAGE. */
bool cli_document_put(const Cli *cli, const json_t *document, const char *target, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

#endif
