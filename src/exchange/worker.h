/* Runs a reader in a sandboxed child of the same binary: no_new_privs, Landlock where the kernel has it, seccomp, rlimits
 * (processor time, memory, no files, no processes), before the first byte of the file is parsed. The child gets the file
 * as descriptor 0 and writes NDJSON to descriptor 1; nothing else is open but /dev/null as descriptor 2. The child is the
 * program that calls (/proc/self/exe), so every main() of a program that reads files begins with
 *     if (worker_wanted(argc, argv))
 *             return worker_main(argc, argv);
 * Thread-safe. */
#ifndef EXCHANGE_WORKER_H
#define EXCHANGE_WORKER_H

#include "base/progress.h"
#include "base/spill.h"
#include "exchange/format.h"

typedef struct {
        uint64_t cpu_seconds;
        uint64_t memory_bytes;
        uint64_t output_bytes;
} WorkerLimits;

/* The largest column or test mapping that is handed to a child, as compact JSON. */
enum { ZW_PROFILE_BYTES_MAX = 64 << 10 };

/* What a reader found. */
typedef struct {
        FormatId format;
        char *version;    /* or NULL */
        json_t *figures;  /* object */
        json_t *ops;      /* array of native operations, of worker_read alone */
        Spill *lines;     /* the same as the child wrote them, each parsed when it is asked for */
        json_t *refused;  /* [{"where","reason"}] */
        json_t *problems; /* [{"where","message"}] */
        json_t *warnings; /* the same */
        json_t *lost;     /* [{"where","what"}] */
        json_t *table; /* what a sheet begins with (sheet_table.h), when only figures were wanted; or NULL */
} WorkerResult;

void worker_result_free(WorkerResult *result);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WorkerResult, worker_result_free)

/* Reads `fd` (a regular file; .xz is unpacked in the child) named `name`. `format` may be NULL: it is sniffed in the
 * child. `profile` may be NULL. Errors: those of the reader; FORMAT_UNKNOWN; LIMIT; WORKER when the child was stopped by
 * a limit or a signal, saying which. The processor time limit also bounds the waiting: three times it and ten seconds. `progress`, which
 * may be NULL, counts the operations that were found; CANCELLED. */
WorkerResult *worker_read(int fd, const char *name, const char *format, const json_t *profile,
                          bool figures_only, const WorkerLimits *limits, Progress *progress, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

/* The same with `lines` in place of `ops`: for files of very many. */
WorkerResult *worker_read_lines(int fd, const char *name, const char *format, const json_t *profile,
                                const WorkerLimits *limits, Progress *progress, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* Gives each operation, a new value whenever it is asked for. Errors: WORKER, a line has no known form; STORAGE; those of
 * `take`, which end it. */
typedef bool (*WorkerOpFn)(json_t *op, void *data, GError **error);
bool worker_each_op(const WorkerResult *result, WorkerOpFn take, void *data, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

/* True for `PROGRAM --worker NAME FORMAT LIMITS PROFILE`. */
bool worker_wanted(int argc, char **argv);
/* The child's main: never returns to the caller's cleanup, which the sandbox would not allow. */
int worker_main(int argc, char **argv);

#endif
