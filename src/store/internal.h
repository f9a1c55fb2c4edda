/* What the files of this folder share. Backends see backend.h only. */
#ifndef STORE_INTERNAL_H
#define STORE_INTERNAL_H

#include "base/arena.h"
#include "base/fd.h"
#include "base/jread.h"
#include "store/backend.h"
#include <errno.h>
#include <stdatomic.h>
#include <unistd.h>

typedef struct Writer Writer;

struct Store {
        const StoreBackend *backend;
        BackendDb *db;
        char *dir;
        int dir_fd;
        int lock_fd;
        int broken; /* atomic: a sync failed, nothing more is acknowledged */
        Writer *writer;
        bool follows;                /* what other processes commit */
        _Atomic uint64_t generation; /* see store_generation */
};

struct StoreTxn {
        Store *store;
        StoreView *view;
        GError *failure; /* of the first call that failed */
};

struct StoreItem {
        ItemRev rev;
        char *texts; /* what its pointers point into */
};

/* ---- directory.c: the data directory and durable files ---- */

#define STORE_DB_FILE  "store.db"
#define STORE_TMP_DIR  "tmp"
#define STORE_BLOB_DIR "blobs"
#define STORE_COLLECT  "collect"

/* Sets STORAGE with the file and the meaning of errno; always false. */
bool directory_fail(GError **error, const char *what, const char *path);
/* Makes a directory for a new store, locked: gives its descriptor and that of the lock. */
bool directory_create(const char *dir, int *ret_dir_fd, int *ret_lock_fd, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* Opens and locks one that is there, and removes what interrupted work left in tmp. */
bool directory_open(const char *dir, int *ret_dir_fd, int *ret_lock_fd, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* The absolute path of a directory that is there, without symbolic links: a database refuses to be reached by one. Free
 * it. */
char *directory_resolve(const char *dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Syncs the directory `name` below `dir_fd` ("." for itself). */
bool directory_sync(int dir_fd, const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Syncs the directory that holds `path`. */
bool directory_sync_parent(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Names in a directory below `dir_fd` but those with a dot, sorted. */
GPtrArray *directory_names(int dir_fd, const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Path of a new file in tmp. Free it. */
char *directory_tmp_path(const char *dir, const char *what);
/* All bytes, in spite of interruptions and short counts. */
bool file_write(int fd, const void *bytes, size_t n, const char *path, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* Up to `n` bytes, fewer only at the end of the file; -1 on failure. */
ssize_t file_read(int fd, void *ret_bytes, size_t n, const char *path, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* Removes a directory tree, for data that are not the store's yet; or all in a directory. */
void directory_remove(const char *dir);
void directory_empty(int dir_fd);

/* ---- blobs.c ---- */

/* `blobs/ab/rest` of a digest. */
void blob_path(const Digest *digest, char ret_path[80]);
/* Whether the blob is there, here or with other processes; `ret_size` may be NULL. Errors: those of asking them. */
bool blob_exists(Store *store, const Digest *digest, bool *ret_there, uint64_t *ret_size, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* Shares the content of every file there is with other processes. */
bool blobs_share(Store *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Reads the blob through and tells whether it has its hash; false with error set when it cannot be read. */
bool blob_is_intact(Store *store, const Digest *digest, bool *ret_intact, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* Puts the next `n` bytes of `fd`, or what there is of them. */
bool blob_put_part(Store *store, int fd, uint64_t n, Digest *ret_digest, uint64_t *ret_size, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

/* ---- collect.c: blobs that nobody names ---- */

/* Says that some may be there from now on. Durable when it returns. */
bool collect_mark(Store *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Removes them when that was said; before anybody can put one and commit its name later. */
void collect_run(Store *store);
/* The names of all blobs that any log names, now or before. */
GHashTable *collect_names(Store *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ---- writer.c ---- */

Writer *writer_new(Store *store);
/* Ends when all that waits is done. */
void writer_free(Writer *writer);
void writer_listen(Writer *writer, StoreListenFn fn, void *payload);
/* Tells who listens. */
void writer_tell(Writer *writer);
/* `aside`: see store_write_aside. */
bool writer_run(Writer *writer, StoreWriteFn fn, void *payload, bool aside, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

/* Every store_txn_* call begins so: false when an earlier call failed, or the database gave the transaction up. What
 * would be written then would stand alone. */
bool txn_check(StoreTxn *txn, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Gives the result of a store_txn_* call to its caller and remembers a failure: `local` is taken. */
bool txn_result(StoreTxn *txn, bool ok, GError *local, GError **error);

/* ---- store.c ---- */

/* A store whose directory is open and locked (both descriptors are taken) and whose database lies at `path`. */
Store *store_open_at(const StoreBackend *backend, const char *dir, const char *path, int dir_fd, int lock_fd,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A sync failed: nothing more is acknowledged. */
void store_set_broken(Store *store);
/* False, with the error set, after that. */
bool store_is_whole(Store *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The row of a log, or its number only. Errors: NOT_FOUND. */
bool view_log(StoreView *view, const Id *log, LogRow *ret_row, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool view_log_no(StoreView *view, const Id *log, int64_t *ret_no, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether the view shows the item. */
static inline bool view_sees(const StoreView *view, ItemNo item)
{
        return view->seen == NULL || (item < view->n_seen && view->seen[item] != 0);
}
/* Number to column type: the greatest seq a row can be asked for. */
static inline Seq seq_clamp(Seq seq)
{
        return MIN(seq, ZW_SEQ_OPEN - 1);
}

/* ---- item.c ---- */

/* The stem and number of a key, see ItemRow; `ret_stem` has ZW_ITEM_KEY_MAX + 1 bytes. Errors: INPUT. */
bool key_split(const char *key, char *ret_stem, int64_t *ret_number, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* The revision valid at `seq`, or NULL in *ret_item. */
bool item_load(StoreView *view, int64_t log, ItemNo no, Seq seq, StoreItem **ret_item, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

/* ---- ops.c: operations from what is stored ---- */

typedef struct {
        Json *ops;     /* array as in StoreCommit */
        char *message; /* as in StoreCommit */
        StoreOpFn wanted;
        void *payload; /* of wanted */
        bool any;      /* one was wanted */
} OpenOps;
void open_ops_clear(OpenOps *ops);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(OpenOps, open_ops_clear)
/* Those that are `wanted` (NULL: all), by store_each_commit_of. Errors: DAMAGED, with `op N`. */
bool ops_open(StoreView *view, int64_t log, Seq seq, StoreOpFn wanted, void *payload, OpenOps *ret_ops,
              GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ---- header.c ---- */

/* Commitments or parents of a header, as hex, borrowed from it. */
typedef struct {
        size_t n;
        const char *first;  /* of equal length each */
        const json_t *json; /* or, when not NULL, whatever stands there */
} HeaderList;
/* NULL when there is no such text. */
const char *header_list_get(const HeaderList *list, size_t i);

/* A header read back: what is not needed to verify it is left out. Texts are borrowed from `json` or `text`. */
typedef struct {
        Json *json;
        char *text;
        int64_t format, seq;
        const char *log, *message, *origin, *request, *time, *actor;
        HeaderList ops, parents;
        bool editorial;
        bool canonical; /* its bytes are those that canonical JSON has for it */
} OpenHeader;
void open_header_clear(OpenHeader *header);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(OpenHeader, open_header_clear)
/* Errors: DAMAGED. */
bool header_open(const void *bytes, size_t n, OpenHeader *ret_header, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

/* ---- making.c: data directories that are whole or none ---- */

typedef struct {
        const StoreBackend *backend;
        const char *database; /* where its rows are to lie, see StoreBackend.create */
        char *dir;
        char *path; /* of the database, until it is placed */
        int dir_fd, lock_fd;
        bool is_new; /* the directory was not there before */
        bool joins; /* it leads to a database that is there: that is not this making's to settle or to discard */
        bool placed;
} Making;
/* Lays a directory out and locks it. What is not placed is removed again by making_clear. Errors: EXISTS, LOCKED. */
bool making_begin(Making *making, const StoreBackend *backend, const char *database, const char *dir,
                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
void making_clear(Making *making);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Making, making_clear)
/* The store in it, once a database lies at `path`; to be closed before it is placed. */
Store *making_open(const Making *making, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool making_place(Making *making, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ---- backup.c ---- */

/* Makes of a backup a new data directory, of which only its entries are checked, and gives its manifest. */
Json *backup_unpack(const StoreBackend *backend, int fd, const char *dir, Progress *progress, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* Whether the manifest says of a project what was recomputed of it; whether it names as many as there are. Errors:
 * DAMAGED. */
bool backup_names_project(const json_t *manifest, const StoreProject *project, const Digest *root,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool backup_names_all(const json_t *manifest, const GPtrArray *projects, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

/* ---- project.c and its parts: what an operation does to the projections ---- */

/* Numbers of items by their ids, as far as they were met last. */
typedef struct KnownItems KnownItems;

typedef struct {
        Store *store; /* whose blobs are read */
        StoreView *view;
        LogRow *log;
        Seq seq;
        Id actor;
        bool replay;  /* attached blobs need not be there: who replays checks them apart */
        int n;        /* of the operation in its commit */
        Arena *arena; /* for one operation */
        Progress *progress;
        KnownItems *known; /* of the log, or NULL where few operations are applied */
} Projector;

/* Applies one operation, personal values in their places. The place of an error is its JSON pointer, `/N/…`. */
bool project_op(Projector *p, const json_t *op, int n, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Applies the stored commits `first` to `last` of the log in `from` to the projections of `p`. */
bool project_replay(Projector *p, StoreView *from, int64_t from_log, Seq first, Seq last, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* An arena for projecting, and what is known of the items; see Projector. Free the latter with g_free. */
Arena *project_arena(void);
KnownItems *project_known(void);
/* Checks a project's key. Errors: INPUT. */
bool project_key_check(const char *key, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Checks that of a branch: `PLANT.proposal`. Errors: INPUT. */
bool branch_key_check(const char *key, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Parts: one function per operation. */
bool project_create(Projector *p, const json_t *op, GError **error);
bool project_update(Projector *p, const json_t *op, GError **error);
bool project_transition(Projector *p, const json_t *op, GError **error);
bool project_attach(Projector *p, const json_t *op, GError **error);
bool project_detach(Projector *p, const json_t *op, GError **error);
bool project_link(Projector *p, const json_t *op, GError **error);
bool project_unlink(Projector *p, const json_t *op, GError **error);
bool project_judge(Projector *p, const json_t *op, GError **error);
bool project_results(Projector *p, const json_t *op, GError **error);
bool project_project(Projector *p, const json_t *op, GError **error);
bool project_setting(Projector *p, const json_t *op, GError **error);
bool project_sign(Projector *p, const json_t *op, GError **error);
bool project_comment(Projector *p, const json_t *op, GError **error);
bool project_branch(Projector *p, const json_t *op, GError **error);
bool project_merge(Projector *p, const json_t *op, GError **error);

/* Shared by the parts. Texts made live in the arena. */
/* Lays the members of `set` over the revision, which keeps pointers into `set`. */
bool project_set(Projector *p, const json_t *set, ItemRev *rev, GError **error);
bool project_item_no(Projector *p, const char *id, const char *where, ItemNo *ret_no, GError **error);
/* The number of an item by its id, ZW_ITEM_NONE where there is none. */
bool project_item_find(Projector *p, const Id *id, ItemNo *ret_no, GError **error);
/* Remembers that the item has this number. */
void project_know(Projector *p, const Id *id, ItemNo no);
bool project_canon(Projector *p, const json_t *value, const char *where, const char **ret_text,
                   GError **error);
/* A JSON text, at most `max` bytes and without NUL. */
bool project_text(const json_t *value, size_t max, const char *where, const char **ret_text, GError **error);
bool project_digest(const char *text, const char *where, Digest *ret_digest, GError **error);

#endif
