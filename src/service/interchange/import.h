/* What an import works on, between its parts: reading (import.c), preparing operations (import_ops.c), the write and the
 * answer (import.c). Inside service/ only; one per call. */
#ifndef SERVICE_INTERCHANGE_IMPORT_H
#define SERVICE_INTERCHANGE_IMPORT_H

#include "service/feeds/feed_keyring.h"
#include "service/internal.h"
#include "service/interchange/advisory.h"
#include "service/interchange/reading.h"
#include "service/interchange/rematch.h"

typedef struct {
        const ServiceFile *file;
        WorkerResult *result; /* NULL when the file could not be read */
        bool attached;        /* an operation says so */
        char *digest;         /* of the whole file as it was given, once it is to be attached */
        uint64_t size;
} ImportFile;

typedef struct {
        Call *call;
        json_t *profile; /* or NULL */
        bool dry_run, partial;
        bool matching;        /* nothing is imported: what is there is matched anew */
        Rematch rematch;      /* what that rests on */
        FeedKeyring *keyring; /* where advisories of the feeds have to be signed, else NULL */
        bool results_only;    /* a file without test results is refused */
        GArray *files;        /* of ImportFile */
        size_t n_ops;         /* how many operations all files hold */
        unsigned wanted;      /* the steps (import_ops.c, as bits) that some of them are for */
        bool brings_advisory;
        json_t *refused;   /* [{"where","reason"}] by the readers */
        json_t *problems;  /* [{"where","message"}] */
        json_t *lost;      /* [{"where","what"}] */
        GHashTable *named; /* identities that occur: system, line feed, id → how often */
        GHashTable *whole; /* systems all of which is in these files */
        char *message;     /* of a native file, or NULL */

        /* Made anew at each run of the write. */
        json_t *outcome;      /* created, updated, ... (resolve_ops), files, missing, unmatched */
        json_t *refused_here; /* by the project */
        bool turned_down;     /* by the store at last, with a row in `refused_here` */
        Seq seq;              /* 0 when nothing was written */
} Import;

/* Takes what a reader found into the lists, and notes what there is among its operations. `i` is the number of the file.
 * Errors: those of worker_each_op. */
bool import_gather(Import *import, size_t i, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* After the last file: the content of files that are attached is put into the store unless this is a dry run. Errors: STORAGE;
 * CONFLICT when a file changed meanwhile. */
bool import_prepare(Import *import, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The operations as the steps so far leave them; clear it. Where no step needs all of them at hand, the source reads them from where the
 * readers left them. It stays where it is, and the Import too. */
typedef struct {
        OpSource source;
        json_t *held;    /* what the source, or what it was matched from, holds in memory; or NULL */
        Matched matched; /* of the source, once what is installed was matched */
} ImportOps;

void import_ops_clear(ImportOps *ops);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ImportOps, import_ops_clear)
/* The operations as the project takes them, on the pending tip: a table of steps. `ops` is empty before. */
bool import_steps(Import *import, StoreView *view, ImportOps *ops, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* What the input of `test.ingest` says of the run (run, ran, stage, versions) becomes part of the profile. Errors:
 * USAGE, with the place. */
bool import_run_facts(Import *import, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Results by status, and those that fit no test case, of all runs among these operations. */
json_t *import_run_totals(const json_t *ops);
/* An item that a step makes is named by these files, too. */
void import_name(Import *import, const char *system, const char *id);
/* Counts and lists under `missing` what earlier files of the same systems named and these do not. */
bool import_find_missing(Import *import, StoreView *view, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
