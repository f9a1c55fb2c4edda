/* Tests without a server. What is given out is a page with a text in it: JSON of the cases of a plan, or of a run in progress, as of a
 * commit. The same commit gives the same text again, so what comes back is held against it: a page that was altered is refused, with
 * what differs. The pages of one text are one run: its outside identity is the text's hash. Inside execution/ only. */
#ifndef SERVICE_EXECUTION_OFFLINE_H
#define SERVICE_EXECUTION_OFFLINE_H

#include "service/execution/execution.h"

enum { OFFLINE_BYTES_MAX = 32 << 20 };

/* What a page is about. Borrowed. */
typedef struct {
        const char *of;                  /* a test plan, a test case, or a run in progress */
        const char *made;                /* when it was given out, as it is written */
        const char *stage, *environment; /* of the run that it becomes, or NULL */
        Seq seq;
} OfflineTerms;

/* The text, which has no `<` in it; free it. *ret_title (free it) and *ret_n are the title and the number of cases. Errors: NOT_FOUND;
 * USAGE; STATE, the run is finished. */
char *offline_text(Call *call, const OfflineTerms *terms, char **ret_title, size_t *ret_n, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

/* A file that belongs to a step, under the name that the run will have it by: `TC-7-2 photo.jpg`. */
typedef struct {
        char *name, *media;
        GBytes *bytes;
        Digest digest;
} OfflineFile;

/* The files of what came back (an array or NULL), of OfflineFile; free it with g_ptr_array_unref. Errors: INPUT with the place: a step
 * that the run does not have, a name that leads elsewhere, content that does not fit its hash; LIMIT. */
GPtrArray *offline_files_read(const json_t *list, const Execution *execution, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* Adds the native operations that attach those which the run (NULL: it is not there yet) does not have; `item` is what they name it by.
 * *ret_n is their number. Errors: those of the store. */
bool offline_files_attach(const Call *call, const GPtrArray *files, const ItemRev *run, const json_t *item,
                          json_t *native, int64_t *ret_n, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Where two JSON values differ, the first few places; empty when they are the same. Free it. */
char *offline_differences(const json_t *given, const json_t *returned);

#endif
