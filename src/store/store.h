/* The store: the log of every project, its projections, blobs, people. It speaks of projects, logs, commits, items,
 * links, results and blobs, never of SQL; a backend is a folder that fills `StoreBackend` (backend.h).
 *
 * A data directory is held by one process (an exclusive lock); one thread writes. store_write runs a function on that
 * thread under a savepoint on the pending tip, groups what several callers wait for into one durable transaction, and
 * returns when that is on disk: what it acknowledged is never lost; when it fails, nothing changed. After a failed
 * sync nothing more is acknowledged. Readers have their own connections and never wait for the writer.
 *
 * Thread-safe: Store. A StoreView belongs to one thread. Errors: STORAGE, LOCKED, VERSION, DAMAGED besides those named. */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "model/merkle.h"
#include "model/op.h"
#include "model/revision.h"
#include <glib.h>

typedef struct Store Store;
typedef struct StoreView StoreView; /* a consistent state: a read transaction, or the pending tip inside a write */
typedef struct StoreTxn StoreTxn;   /* a write in progress */

/* Creates an empty data directory (which must not exist or be empty), mode 0700. Errors: EXISTS. */
bool store_create(const char *dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Opens it, runs migrations, takes the lock. Errors: NOT_FOUND, LOCKED (another process has it), VERSION. */
Store *store_open(const char *dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void store_close(Store *store);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Store, store_close)
const char *store_dir(const Store *store);

/* ---- Writing ---- */

/* May run twice (a group is repeated when one member breaks it), so it must not keep state outside `payload` that a
 * second run would not overwrite. */
typedef bool (*StoreWriteFn)(StoreTxn *txn, void *payload, GError **error);
bool store_write(Store *store, StoreWriteFn fn, void *payload, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Reads on the pending tip, while the write lasts. */
StoreView *store_txn_view(StoreTxn *txn);

/* A new project: its log, and commit 1 with the operation `project`. Keys are 1 to 32 of A-Z a-z 0-9 - _, unique.
 * Errors: EXISTS, INPUT. */
bool store_txn_create_project(StoreTxn *txn, const char *key, const char *title, bool sample, const Id *actor, Origin origin,
                              Id *ret_log, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Forgets a project: its log and projections. Blobs stay until collected. Errors: NOT_FOUND. */
bool store_txn_delete_project(StoreTxn *txn, const Id *log, GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
        Id log;
        Id actor;
        Origin origin;
        const char *request; /* or NULL; a request id seen before gives EXISTS with the commit's number as where */
        const char *message; /* or NULL */
        bool editorial;
        const json_t *ops;   /* array of operations (model/op.h), resolved and checked by the service */
} CommitDraft;

/* What a commit did to the projections, for the graph: called in order, after the commit is durable, see below. */
typedef struct {
        void (*item)(const ItemRev *rev, void *payload);
        void (*link)(const LinkRev *rev, bool ended, void *payload); /* ended: the link stops at from_seq */
        void (*result)(const ResultRev *result, void *payload);
} StoreFeed;

/* Appends one commit and applies it to the projections. The time is never before its parent's.
 * Errors: EXISTS, INPUT, DAMAGED. */
bool store_txn_commit(StoreTxn *txn, const CommitDraft *draft, Seq *ret_seq, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ---- Reading ---- */

StoreView *store_view_open(Store *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Ends the read transaction and begins a new one at the newest state. */
bool store_view_refresh(StoreView *view, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void store_view_close(StoreView *view);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreView, store_view_close)

typedef struct {
        Id log;
        char *key, *title;
        bool sample;
        Seq head;
        Digest head_hash, root; /* of the newest commit; of the Merkle tree of size head */
        Instant changed;
} StoreProject;
void store_project_free(StoreProject *project);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreProject, store_project_free)

/* Projects by key, and all of them in key order (GPtrArray of StoreProject). Errors: NOT_FOUND. */
StoreProject *store_find_project(StoreView *view, const char *key, GError **error) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray *store_load_projects(StoreView *view, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* An owned copy of an item revision. */
typedef struct StoreItem StoreItem;
const ItemRev *store_item_rev(const StoreItem *item);
void store_item_free(StoreItem *item);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreItem, store_item_free)

/* The revision valid at `seq` (ZW_SEQ_OPEN - 1 means newest). Errors: NOT_FOUND. */
StoreItem *store_item_by_key(StoreView *view, const Id *log, const char *key, Seq seq, GError **error) G_GNUC_WARN_UNUSED_RESULT;
StoreItem *store_item_by_id(StoreView *view, const Id *log, const Id *id, Seq seq, GError **error) G_GNUC_WARN_UNUSED_RESULT;
StoreItem *store_item_by_no(StoreView *view, const Id *log, ItemNo no, Seq seq, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The newest revision of the item with this outside identity; *ret_item NULL when there is none. */
bool store_item_by_source(StoreView *view, const Id *log, const char *system, const char *id, StoreItem **ret_item,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The next free number of a kind's keys: one more than any ever used. */
bool store_next_key(StoreView *view, const Id *log, KindId kind, uint64_t *ret_number, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Walks revisions valid at `seq`, items by number, links by (from, type, to, as), and the newest result of each (case, run)
 * pair. A callback that returns false stops the walk with its error. */
typedef bool (*StoreItemFn)(const ItemRev *rev, void *payload, GError **error);
typedef bool (*StoreLinkFn)(const LinkRev *rev, void *payload, GError **error);
typedef bool (*StoreResultFn)(const ResultRev *result, void *payload, GError **error);
bool store_each_item(StoreView *view, const Id *log, Seq seq, StoreItemFn fn, void *payload, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool store_each_link(StoreView *view, const Id *log, Seq seq, StoreLinkFn fn, void *payload, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool store_each_result(StoreView *view, const Id *log, Seq seq, StoreResultFn fn, void *payload, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Links from and to one item (ZW_ITEM_NONE = any end) valid at `seq`. */
bool store_each_link_of(StoreView *view, const Id *log, ItemNo from, ItemNo to, Seq seq, StoreLinkFn fn, void *payload,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* All revisions of one item, oldest first. */
bool store_each_revision(StoreView *view, const Id *log, ItemNo no, StoreItemFn fn, void *payload, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Everything that changed after `after` up to and with `upto`, commit by commit, in order: what the graph applies. */
bool store_feed(StoreView *view, const Id *log, Seq after, Seq upto, const StoreFeed *feed, void *payload, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
        Seq seq;
        Digest hash;
        GBytes *header;
        Instant time;
        Id actor;
        const char *message; /* NULL when erased */
        const json_t *ops;   /* array; an erased operation is null */
} StoreCommit;
typedef bool (*StoreCommitFn)(const StoreCommit *commit, void *payload, GError **error);
/* Commits from `first` to `last`, in order. */
bool store_each_commit(StoreView *view, const Id *log, Seq first, Seq last, StoreCommitFn fn, void *payload, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* The newest commit not after `time`; 0 when there is none. */
bool store_seq_at(StoreView *view, const Id *log, Instant time, Seq *ret_seq, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The newest value of a setting at `seq` as JSON text (free it), NULL when unset. */
bool store_load_setting(StoreView *view, const Id *log, const char *name, Seq seq, char **ret_value, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ---- People (not part of a log; the log holds their opaque ids) ---- */

typedef struct {
        Id id;
        char *name;     /* login name, unique */
        char *full_name;
} StorePerson;
void store_person_free(StorePerson *person);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StorePerson, store_person_free)
StorePerson *store_find_person(StoreView *view, const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;
StorePerson *store_load_person(StoreView *view, const Id *id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool store_txn_put_person(StoreTxn *txn, const char *name, const char *full_name, Id *ret_id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Roles of a person in a project, as bits of RoleId. */
bool store_load_roles(StoreView *view, const Id *log, const Id *person, unsigned *ret_roles, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool store_txn_put_roles(StoreTxn *txn, const Id *log, const Id *person, unsigned roles, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ---- Blobs: content by SHA-256, one file each, written and synced before the commit that names them ---- */

/* Copies `fd` to its end. `max` bytes at most. Errors: LIMIT. */
bool store_blob_put_fd(Store *store, int fd, uint64_t max, Digest *ret_digest, uint64_t *ret_size, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool store_blob_put(Store *store, GBytes *bytes, Digest *ret_digest, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Opens for reading, checking nothing. Errors: NOT_FOUND. */
int store_blob_open(Store *store, const Digest *digest, GError **error) G_GNUC_WARN_UNUSED_RESULT;
GBytes *store_blob_load(Store *store, const Digest *digest, uint64_t max, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ---- Trust ---- */

/* One problem found, with its place (`log LOG seq 12`, `blob SHA`). */
typedef void (*StoreProblemFn)(const char *where, const char *message, void *payload);

/* Verifies a log from its bytes: header hashes, parents, numbers, times, commitments of what is not erased, the Merkle
 * edge and head. Reports every problem; *ret_commits and *ret_root are what was recomputed. */
bool store_verify(StoreView *view, const Id *log, StoreProblemFn fn, void *payload, uint64_t *ret_commits, Digest *ret_root,
                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Rebuilds every projection of a log from its operations in a scratch database and compares row by row; checks that
 * every blob named exists and has its hash. */
bool store_check(Store *store, const Id *log, StoreProblemFn fn, void *payload, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ---- Backup and whole projects ---- */

/* A consistent copy of everything into one new file (a tar with the database copy and blobs), while writers go on. */
bool store_backup(Store *store, const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Restores such a file into a new data directory; verifies every log before it reports success. */
bool store_restore(const char *path, const char *dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* One project as one verifiable file (headers, salts, operations, blobs), and back, byte for byte, with its log id.
 * Import errors: EXISTS when a project with that log or key is there, DAMAGED when a proof fails. */
bool store_export_project(Store *store, const Id *log, int fd, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool store_import_project(Store *store, int fd, Id *ret_log, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
