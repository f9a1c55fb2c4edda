/* The store: the log of every project, its projections, blobs, people. It speaks of projects, logs, commits, items,
 * links, results and blobs, never of SQL; a backend is a folder that fills `StoreBackend` (backend.h).
 *
 * A data directory is held by one process (an exclusive lock); one thread writes. Its rows lie in it, or in a database that
 * several directories share: then what another process committed is there for every view opened afterwards. store_write runs a function on that
 * thread under a savepoint on the pending tip, groups what several callers wait for into one durable transaction, and
 * returns when that is on disk: what it acknowledged is never lost; when it fails, nothing changed. After a failed sync
 * nothing more is acknowledged until the store is opened again; only then is it known whether the write that failed so is
 * there (a request id tells). Readers have their own connections and never wait for the writer.
 *
 * Thread-safe: Store. A StoreView belongs to one thread at a time. Errors besides those named: STORAGE; DAMAGED; VERSION,
 * stored data name a kind, state, link type or role this build lacks; NOT_FOUND for a log that is not there; CANCELLED
 * where a `progress` is taken, which may be NULL. */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/progress.h"
#include "base/spill.h"
#include "model/merkle.h"
#include "model/op.h"
#include "model/revision.h"
#include <glib.h>

/* Most bytes of the texts the store takes, and most operations of a commit. */
enum {
        ZW_PROJECT_KEY_MAX = 32,
        ZW_BRANCH_KEY_MAX = 200, /* that of the project, and 33 for each branch of a branch */
        ZW_ITEM_KEY_MAX = 64,
        ZW_TITLE_MAX = 4096,
        ZW_MESSAGE_MAX = 65536,
        ZW_REQUEST_MAX = 128,
        ZW_NAME_MAX = 256, /* of people, settings, attachments, outside systems */
        ZW_SOURCE_ID_MAX = 1024,
        ZW_COMMIT_OPS_MAX = 1000000,
};

typedef struct Store Store;
/* A consistent state: a read transaction, or the pending tip inside a write. */
typedef struct StoreView StoreView;
/* A write in progress. */
typedef struct StoreTxn StoreTxn;

/* Creates an empty data directory (which must not exist or be empty), mode 0700. What a killed creation left behind is
 * taken over. Errors: EXISTS; LOCKED, another process creates it now. */
bool store_create(const char *dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same with something in it, whole or not at all: `fill` works on the new store before the directory is one. After a
 * failure, of `fill` too, what was laid out is gone; after a kill what is left is no data directory. */
typedef bool (*StoreFillFn)(Store *store, void *payload, GError **error);
bool store_make(const char *dir, StoreFillFn fill, void *payload, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same with rows in a PostgreSQL database (a connection string or URI), where other processes, each with a directory of its
 * own, may share them; NULL: in the directory. A directory remembers where its rows lie. Errors besides: EXISTS, there is a
 * store in that database. */
bool store_make_in(const char *database, const char *dir, StoreFillFn fill, void *payload, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* Creates one more directory for a store that is in a database. Errors: EXISTS, LOCKED; NOT_FOUND, there is none in it. */
bool store_join(const char *database, const char *dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Opens it, runs migrations, takes the lock. Errors: NOT_FOUND, LOCKED (another process has it), VERSION. */
Store *store_open(const char *dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Waits for writes in progress. All views must be closed before. */
void store_close(Store *store);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Store, store_close)
/* Its path, absolute and without symbolic links. */
const char *store_dir(const Store *store);

/* ---- Writing ---- */

/* Runs on the writer's thread. May run several times (a group is repeated when another process was in its way), so it must not
 * keep state outside `payload` that another run would not overwrite. After a failed store_txn_* call the transaction
 * can only be given up: returning true then fails all the same, with that error. It must not call store_write. */
typedef bool (*StoreWriteFn)(StoreTxn *txn, void *payload, GError **error);
bool store_write(Store *store, StoreWriteFn fn, void *payload, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same for what no answer that is kept depends on (store_generation): when something was last used, the audit trail, how far
 * a job is. */
bool store_write_aside(Store *store, StoreWriteFn fn, void *payload, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

/* What an answer that is kept in memory is held against. Every store_write, whatever it writes, makes it odd before the write
 * can be seen, and another even number afterwards, before it is acknowledged. So what was read from a view that was opened while
 * it was an even N is what a new view would give, as long as it is N. */
uint64_t store_generation(Store *store);

/* Calls `fn` on the writer's thread each time that something is durable; it must be short, and must not read or write the
 * store. For who follows the log: a wake-up, no more. To be set before others use the store; NULL ends it, and may be set
 * while they do. */
typedef void (*StoreListenFn)(void *payload);
void store_listen(Store *store, StoreListenFn fn, void *payload);

/* Reads on the pending tip, while the write lasts. */
StoreView *store_txn_view(StoreTxn *txn);

/* A new project: its log, and commit 1 with the operation `project`. Keys are 1 to 32 of A-Z a-z 0-9 - _, unique.
 * Errors: EXISTS, INPUT. */
bool store_txn_create_project(StoreTxn *txn, const char *key, const char *title, bool sample, const Id *actor,
                              Origin origin, Id *ret_log, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Forgets a project: its log and projections; blobs that it alone named go when the store is opened next.
 * Errors: NOT_FOUND; STATE, it has branches. */
bool store_txn_delete_project(StoreTxn *txn, const Id *log, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A commit, in whatever log. */
typedef struct {
        Id log;
        Seq seq;
} StorePlace;

/* A branch: another log, whose commit 1 has the operation `branch`, names the commit `from` as its parent, and holds the
 * items (with their revisions), links, settings, results and attachments that this one held; signatures and comments stay
 * where they were given. The key is that of the project, a dot and a name as of a project. Errors: EXISTS, INPUT. */
bool store_txn_create_branch(StoreTxn *txn, const StorePlace *from, const char *key, const char *title,
                             const Id *actor, Origin origin, Id *ret_log, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
        Id log;
        Id actor;
        Origin origin;
        /* Or NULL. `ID`, or `ID WHAT` where WHAT says what is asked for: an ID seen before gives EXISTS with `seq N` as where, or
         * INPUT when it asked for something else. */
        const char *request;
        const char *message; /* or NULL */
        bool editorial;
        const json_t *ops;  /* array of operations (model/op.h), resolved and checked by the service */
        const Spill *lines; /* in place of `ops`: one operation a line, for very many; or NULL */
        /* A commit of another log that this one merges, with the operation that says so added; or NULL. There may be no other
         * operation then. */
        const StorePlace *merged;
        Progress *progress;
} CommitDraft;

/* Whether a request id is new in a log. Errors: EXISTS and INPUT as in `request` above. */
bool store_request_check(StoreView *view, const Id *log, const char *request, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* Appends one commit and applies it to the projections. The time is never before its parent's. Files named by `results`
 * and `attach` must be blobs of the store. The place of an error is the operation and its field (`/2/set/title`).
 * Errors: EXISTS, a key, an id, an outside identity or the request is taken; CONFLICT, the revision written is not the
 * one after the newest; NOT_FOUND, an item, link, attachment or blob that is named is not there; NAME_UNKNOWN, a kind,
 * state, link type or role; INPUT; LIMIT. */
bool store_txn_commit(StoreTxn *txn, const CommitDraft *draft, Seq *ret_seq, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

/* Erases on request a commit's message (`op` = -1, `field` NULL) or the value of a personal attribute set by operation
 * `op` of it: salt and bytes go, headers, hashes and proofs stay, and projections are made again without the value.
 * Whole operations cannot be erased: replay needs them. Errors: NOT_FOUND, INPUT. */
bool store_txn_erase(StoreTxn *txn, const Id *log, Seq seq, int op, const char *field, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

/* ---- Reading: callbacks may read the same view again, and must not write to it ---- */

StoreView *store_view_open(Store *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Ends the read transaction and begins a new one at the newest state. */
bool store_view_refresh(StoreView *view, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Ends the read transaction: nothing may be read until the next refresh. For who writes much in many transactions; a
 * reader left at an old state keeps the backend from tidying up behind the writer. */
void store_view_rest(StoreView *view);
void store_view_close(StoreView *view);
/* Lets the view show some items only, until it is closed or this is lifted with NULL: those whose byte in `items`, by number, is
 * not 0 (`n` bytes, borrowed), with what is on them and the links between them. The others are not there, and content is not found
 * by its hash. Commits, settings and the log as it is stored are as before: they are not for who is to see some items only. */
void store_view_limit(StoreView *view, const uint8_t *items, ItemNo n);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreView, store_view_close)

typedef struct {
        Id log;
        int64_t row;     /* of the log in the database: another one when it was deleted and taken in again */
        int64_t rebuilt; /* how often something was erased of it: what was read of it before is to be forgotten */
        char *key, *title;
        bool sample;
        bool is_branch; /* of the log `parent`, from its commit `parent_seq` */
        Id parent;
        Seq parent_seq;
        Seq head;
        Digest head_hash, root; /* of the newest commit; of the Merkle tree over all commits up to it */
        Instant changed;
} StoreProject;
void store_project_free(StoreProject *project);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreProject, store_project_free)

/* Projects by key, and all of them in key order (GPtrArray of StoreProject). Errors: NOT_FOUND. */
StoreProject *store_find_project(StoreView *view, const char *key, GError **error) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray *store_load_projects(StoreView *view, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The log of the project that a branch, or a branch of one, was made from; `log` itself when it is none. */
bool store_branch_root(StoreView *view, const Id *log, Id *ret_root, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* The commit of the log that a branch was made from, which is what its first commit holds; *ret_is false when `log` is none. */
bool store_branch_start(StoreView *view, const Id *log, StorePlace *ret_from, bool *ret_is, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* The logs of the branches of a log. */
typedef bool (*StoreBranchFn)(const Id *branch, void *payload, GError **error);
bool store_each_branch(StoreView *view, const Id *log, StoreBranchFn fn, void *payload, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* The commit of `log` that last merged the branch, and the branch's newest commit then; both 0 when none did. */
bool store_merge_last(StoreView *view, const Id *log, const Id *branch, Seq *ret_seq, Seq *ret_branch_seq,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* An owned copy of an item revision. */
typedef struct StoreItem StoreItem;
const ItemRev *store_item_rev(const StoreItem *item);
StoreItem *store_item_copy(const ItemRev *rev);
void store_item_free(StoreItem *item);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreItem, store_item_free)

/* The revision valid at `seq` (ZW_SEQ_OPEN - 1 means newest). Errors: NOT_FOUND. */
StoreItem *store_item_by_key(StoreView *view, const Id *log, const char *key, Seq seq, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
StoreItem *store_item_by_id(StoreView *view, const Id *log, const Id *id, Seq seq, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
StoreItem *store_item_by_no(StoreView *view, const Id *log, ItemNo item, Seq seq, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* The newest revision of the item with this outside identity, which one item at most has; *ret_item NULL when there is
 * none. */
bool store_item_by_source(StoreView *view, const Id *log, const char *system, const char *id,
                          StoreItem **ret_item, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The next free number of a kind's keys (PREFIX-NUMBER): one more than any ever used, from 1. Errors: LIMIT, the last number of
 * 18 digits is used. */
bool store_next_key(StoreView *view, const Id *log, KindId kind, uint64_t *ret_number, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

/* Walks revisions valid at `seq`: items by number; links by (from, type, to, as), types and roles by name; the newest
 * result of each (run, case) pair in that order. A callback that returns false stops the walk with its error. */
typedef bool (*StoreItemFn)(const ItemRev *rev, void *payload, GError **error);
typedef bool (*StoreLinkFn)(const LinkRev *rev, void *payload, GError **error);
typedef bool (*StoreResultFn)(const ResultRev *result, void *payload, GError **error);
bool store_each_item(StoreView *view, const Id *log, Seq seq, StoreItemFn fn, void *payload, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
bool store_each_link(StoreView *view, const Id *log, Seq seq, StoreLinkFn fn, void *payload, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
bool store_each_result(StoreView *view, const Id *log, Seq seq, StoreResultFn fn, void *payload,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Links from and to one item (ZW_ITEM_NONE for any at one end or both) valid at `seq`, in no stated order. */
bool store_each_link_of(StoreView *view, const Id *log, ItemNo from, ItemNo to, Seq seq, StoreLinkFn fn,
                        void *payload, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* All revisions of one item, oldest first. Of several in one commit all but the last have from_seq = to_seq. */
bool store_each_revision(StoreView *view, const Id *log, ItemNo no, StoreItemFn fn, void *payload,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What commits did to the projections. Members may be NULL. */
typedef struct {
        void (*item)(const ItemRev *rev, void *payload);
        void (*link)(const LinkRev *rev, bool ended, void *payload); /* ended: it stops at from_seq */
        void (*result)(const ResultRev *result, void *payload);
        void (*commit)(Seq seq, void *payload); /* all of commit `seq` was given */
} StoreFeed;

/* Everything that changed after `after` up to and with `upto`, commit by commit: of each, what is valid after it of the
 * items it touched, by number, then the links it touched, then new results. What the graph applies. */
bool store_feed(StoreView *view, const Id *log, Seq after, Seq upto, const StoreFeed *feed, void *payload,
                GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
        Seq seq;
        Digest hash;
        GBytes *header;
        Instant time;
        Id actor;
        Origin origin;
        const char *request; /* or NULL */
        bool editorial;
        const char *message; /* "" when there was none, NULL when erased */
        /* Array. Personal values stand in their places, or null when erased; an erased operation is null. */
        const json_t *ops;
} StoreCommit;
typedef bool (*StoreCommitFn)(const StoreCommit *commit, void *payload, GError **error);
/* Commits from `first` to `last`, in order; what does not exist is left out. */
bool store_each_commit(StoreView *view, const Id *log, Seq first, Seq last, StoreCommitFn fn, void *payload,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether an operation is wanted, by its text as it is stored. */
typedef bool (*StoreOpFn)(const char *text, size_t n, void *payload);
/* The same of commits that have a wanted operation, much faster where few have: other operations are not parsed and stand as null,
 * as erased ones do. */
bool store_each_commit_of(StoreView *view, const Id *log, Seq first, Seq last, StoreOpFn wanted,
                          StoreCommitFn fn, void *payload, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The newest commit not after `time`; 0 when there is none. */
bool store_seq_at(StoreView *view, const Id *log, Instant time, Seq *ret_seq, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

/* The value of a setting at `seq` as canonical JSON text (free it), NULL when unset. */
bool store_load_setting(StoreView *view, const Id *log, const char *name, Seq seq, char **ret_value,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Those whose names begin with `prefix`, by name. */
typedef bool (*StoreSettingFn)(const char *name, const char *value, void *payload, GError **error);
bool store_each_setting(StoreView *view, const Id *log, const char *prefix, Seq seq, StoreSettingFn fn,
                        void *payload, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ---- Where things came from: what an import asks before it writes ---- */

/* Items whose newest revisions have an outside identity of `system`, by their ids there. */
typedef bool (*StoreSourceFn)(const char *id, ItemNo item, void *payload, GError **error);
bool store_each_source(StoreView *view, const Id *log, const char *system, StoreSourceFn fn, void *payload,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether there is or ever was such a link. */
bool store_link_was_there(StoreView *view, const Id *log, ItemNo from, LinkTypeId type, ItemNo to, AsId as,
                          bool *ret_was, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether a run has exactly this file of results already. */
bool store_has_results(StoreView *view, const Id *log, ItemNo run, const Digest *file, bool *ret_has,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* By which way a commit came. Errors: NOT_FOUND. */
bool store_commit_origin(StoreView *view, const Id *log, Seq seq, Origin *ret_origin, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

/* When a commit was made; and its hash. Nothing of what it holds is read. Errors: NOT_FOUND. */
bool store_commit_time(StoreView *view, const Id *log, Seq seq, Instant *ret_time, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
bool store_commit_hash(StoreView *view, const Id *log, Seq seq, Digest *ret_hash, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

/* Who made a commit; zeros when there is none of that number. */
bool store_commit_actor(StoreView *view, const Id *log, Seq seq, Id *ret_actor, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

/* ---- People (not part of a log; the log holds their opaque ids) ---- */

typedef struct {
        Id id;
        char *name; /* login name, unique */
        char *full_name;
} StorePerson;
void store_person_free(StorePerson *person);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StorePerson, store_person_free)
/* Errors: NOT_FOUND. */
StorePerson *store_find_person(StoreView *view, const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;
StorePerson *store_load_person(StoreView *view, const Id *id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Makes the person of this login name, or gives the one that has it another full name. Errors: INPUT. */
bool store_txn_put_person(StoreTxn *txn, const char *name, const char *full_name, Id *ret_id, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* Roles of a person in a project, as bits of RoleId; setting replaces them. Errors: NOT_FOUND for the person. */
bool store_load_roles(StoreView *view, const Id *log, const Id *person, unsigned *ret_roles, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
bool store_txn_put_roles(StoreTxn *txn, const Id *log, const Id *person, unsigned roles, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

/* ---- Blobs: content by SHA-256, one file each, written and synced before the commit that names them ---- */

/* Copies `fd` to its end. `max` bytes at most. Errors: LIMIT. */
bool store_blob_put_fd(Store *store, int fd, uint64_t max, Digest *ret_digest, uint64_t *ret_size,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool store_blob_put(Store *store, GBytes *bytes, Digest *ret_digest, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* Opens for reading, checking nothing; -1 on failure. Errors: NOT_FOUND. */
int store_blob_open(Store *store, const Digest *digest, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* All of it, checked against its digest. Errors: NOT_FOUND, LIMIT. */
GBytes *store_blob_load(Store *store, const Digest *digest, uint64_t max, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

/* Names and types under which items of a project have or had this content attached, newest first. */
typedef bool (*StoreAttachmentFn)(const char *name, const char *media, void *payload, GError **error);
bool store_find_attachment(StoreView *view, const Id *log, const char *sha256, StoreAttachmentFn fn,
                           void *payload, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ---- The log as it is stored: for proofs and packs. Nothing of it is checked ---- */

typedef struct {
        Seq seq;
        Digest hash;
        const void *bytes; /* borrowed for the length of the call */
        size_t n;
} StoreHeader;
typedef bool (*StoreHeaderFn)(const StoreHeader *header, void *payload, GError **error);
bool store_each_header(StoreView *view, const Id *log, Seq first, Seq last, StoreHeaderFn fn, void *payload,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A piece of a commit (docs/log-format.md): the message (`op` -1), an operation (`field` empty), or a personal value of it. */
typedef struct {
        int op;
        const char *field;
        const uint8_t *salt; /* ZW_SALT_BYTES; NULL when it was erased, and then no bytes */
        const char *bytes;
        size_t n;
} StorePiece;
/* In the order of the file of a project: the message, then each operation followed by its values. */
typedef bool (*StorePieceFn)(const StorePiece *piece, void *payload, GError **error);
bool store_each_piece(StoreView *view, const Id *log, Seq seq, StorePieceFn fn, void *payload, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

/* ---- Trust ---- */

/* One problem found, with its place (`log LOG seq 12`, `blob SHA`). */
typedef void (*StoreProblemFn)(const char *where, const char *message, void *payload);

/* Verifies a log from its bytes: header hashes, parents, numbers, times, commitments of what is not erased, the Merkle
 * edge and head. Reports every problem; *ret_commits and *ret_root are what was recomputed. True when it was done. */
bool store_verify(StoreView *view, const Id *log, StoreProblemFn fn, void *payload, Progress *progress,
                  uint64_t *ret_commits, Digest *ret_root, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Rebuilds every projection of a log from its operations in a scratch database and compares row by row; checks that
 * every blob named exists and has its hash, and the database file itself. True when it was done. */
bool store_check(Store *store, const Id *log, StoreProblemFn fn, void *payload, Progress *progress,
                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ---- Backup and whole projects ---- */

/* A consistent copy of everything into one new file (a tar with the database copy and blobs), while writers go on.
 * Errors: EXISTS. */
bool store_backup(Store *store, const char *path, Progress *progress, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* The same into an open, empty file that the caller syncs. */
bool store_backup_fd(Store *store, int fd, Progress *progress, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Restores such a file into a new data directory; verifies every log before it reports success.
 * Errors: EXISTS; INPUT, it is no such file; VERSION. */
bool store_restore(const char *path, const char *dir, Progress *progress, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* The same into a database, see store_make_in; a backup may come from either. */
bool store_restore_in(const char *database, const char *path, const char *dir, Progress *progress,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* One project as one verifiable file (headers, salts, operations, blobs), and back, byte for byte, with its log id.
 * `also`, unless NULL, runs in the same write once the project is there: who may use it.
 * Import errors: EXISTS, a project with that log or key is there; INPUT, it is no such file; DAMAGED, a proof fails.
 * Blobs of a refused file may stay as content nobody names. */
typedef bool (*StoreImportFn)(StoreTxn *txn, const Id *log, void *payload, GError **error);
/* A branch has no file of its own: STATE. */
bool store_export_project(Store *store, const Id *log, int fd, Progress *progress, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
bool store_import_project(Store *store, int fd, StoreImportFn also, void *payload, Progress *progress,
                          Id *ret_log, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether the file of a project or of a backup holds, without a store: it goes into one that is thrown away. `project` is
 * called for each project that could be read, with what was recomputed; the problems reported since the project before are
 * its own, those after the last one the file's. Errors: INPUT and the like, it is no such file. */
typedef struct {
        void (*project)(const StoreProject *project, uint64_t commits, const Digest *root, void *payload);
        StoreProblemFn problem;
} StoreFileFns;
bool store_verify_file(int fd, const StoreFileFns *fns, void *payload, Progress *progress, bool *ret_backup,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
