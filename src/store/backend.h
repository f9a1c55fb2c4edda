/* What a backend is: a table of functions over rows. Everything that has meaning (operations, projections, hashes,
 * verification, groups of writes) is done once, in this folder, on top of them; a backend only keeps rows and makes
 * transactions durable. Logs are named by the number of their row here, not by their id.
 *
 * Rows of projections are valid in [from_seq, to_seq); `seq` arguments of reads mean valid at `seq`. Callbacks may read
 * the same view again. All functions fail with STORAGE or DAMAGED, and with VERSION where stored names are unknown.
 * Thread-safety: a view belongs to one thread at a time; the writer's view and the transaction functions to the writer's
 * thread; view_open may be called by any thread. */
#ifndef STORE_BACKEND_H
#define STORE_BACKEND_H

#include "store/comment.h"
#include "store/identity.h"
#include "store/jobs.h"
#include "store/passkey.h"
#include "store/saved.h"
#include "store/signature.h"
#include <stdatomic.h>

typedef struct StoreBackend StoreBackend;
typedef struct BackendDb BackendDb;

struct StoreView {
        const StoreBackend *backend;
        Store *store; /* NULL for the view of a scratch database */
        BackendDb *db;
        int64_t log_no; /* the log last looked up; 0 = none */
        Id log_id;
        const uint8_t *seen; /* see store_view_limit; NULL for all */
        ItemNo n_seen;
};

typedef struct {
        int64_t no; /* set by log_insert */
        Id id;
        Seq head;
        Digest head_hash; /* zeros while head is 0 */
        Merkle tree;
        Instant changed;
        uint32_t items;  /* the number the next item gets */
        int64_t rebuilt; /* set by log_rebuilt: how often its projections were made anew */
} LogRow;

typedef struct {
        Id log;
        int64_t log_no;
        const char *key, *title;
        bool sample;
        bool is_branch; /* then what it starts from; project_insert does not write these */
        Id parent;
        Seq parent_seq;
} ProjectRow;

typedef struct {
        Seq seq;
        Digest hash;
        const void *header;
        size_t header_n;
        Instant time;
        Id actor;
        const char *request; /* or NULL */
} CommitRow;

/* One erasable piece, see Secret; salt and bytes are NULL when erased. */
typedef struct {
        int op;
        const char *field; /* "" for operation and message */
        const uint8_t *salt;
        const void *bytes;
        size_t n;
} SecretRow;

/* The identity of an item. A key is a stem and the canonical number it ends with, or -1 when it ends with none, so that
 * the greatest number of a stem is one look-up. */
typedef struct {
        ItemNo no;
        Id id;
        const char *stem;
        int64_t number;
} ItemRow;

typedef struct {
        ItemNo from, to;
        LinkTypeId type;
        AsId as;
} LinkKey;

typedef struct {
        const char *name;
        const char *sha256; /* hex */
        uint64_t size;
        const char *media;
} AttachmentRow;

/* A value of a row as it is kept, for comparing rows of two databases. */
typedef enum { CELL_NULL, CELL_INT, CELL_TEXT, CELL_BYTES } CellType;
typedef struct {
        CellType type;
        int64_t number;
        const void *bytes;
        size_t n;
        const char *column;
} Cell;
enum { ZW_CELLS_MAX = 24 };
typedef struct BackendRows BackendRows;
typedef struct SecretWalk SecretWalk;

/* False, with the error set, ends a walk. */
typedef bool (*ProjectFn)(const ProjectRow *row, void *payload, GError **error);
typedef bool (*LogIdFn)(const Id *log, void *payload, GError **error);
typedef bool (*CommitFn)(const CommitRow *row, void *payload, GError **error);
typedef bool (*SecretFn)(const SecretRow *row, void *payload, GError **error);
typedef bool (*SettingFn)(const char *name, const char *value, void *payload, GError **error);
typedef bool (*BlobNameFn)(const char *sha256, Seq seq, void *payload, GError **error);
typedef bool (*PersonFn)(const StorePerson *person, void *payload, GError **error);

struct StoreBackend {
        const char *name;

        /* ---- The database as a whole ---- */

        /* Makes an empty database at `path`, complete and durable when it returns. `database` says where its rows are to lie if
         * not in the file: an address, or NULL. */
        bool (*create)(const char *path, const char *database, GError **error);
        /* What follows is NULL where a database is the file at its path. `load` makes of a copy (see below) at `path` one of this
         * backend, in its place; `join` makes of `path` another way to one that is there and whole (NOT_FOUND); `settle` comes
         * before a new one gets its name, `discard` when it gets none. */
        bool (*load)(const char *path, const char *database, GError **error);
        bool (*join)(const char *path, const char *database, GError **error);
        bool (*settle)(const char *path, GError **error);
        void (*discard)(const char *path);
        /* Opens it, migrating as needed. A scratch database, which SQLite alone makes, is made empty, is not durable and is
         * removed on close. */
        BackendDb *(*open)(Store *store, const char *path, bool scratch, GError **error);
        void (*close)(BackendDb *db);
        /* A consistent copy at `path`, a database of SQLite whatever this one is, made while writers go on; durable when it
         * returns. Errors: CANCELLED. */
        bool (*copy)(BackendDb *db, const char *path, Progress *progress, GError **error);
        /* Faults of the database's own structure. */
        bool (*inspect)(StoreView *view, StoreProblemFn fn, void *payload, GError **error);
        StoreView *(*view_open)(BackendDb *db, GError **error);
        bool (*view_refresh)(StoreView *view, GError **error);
        void (*view_rest)(StoreView *view);
        void (*view_close)(StoreView *view);

        /* ---- The writer's transaction ---- */

        StoreView *(*writer)(BackendDb *db);
        bool (*begin)(BackendDb *db, GError **error);
        bool (*mark)(BackendDb *db, GError **error);   /* begins a member of the group */
        bool (*keep)(BackendDb *db, GError **error);   /* ends it */
        bool (*undo)(BackendDb *db, GError **error);   /* back to the mark, ends it */
        bool (*commit)(BackendDb *db, GError **error); /* durable, or nothing of the group is kept */
        void (*rollback)(BackendDb *db);
        bool (*is_open)(BackendDb *db);   /* a transaction is open still */
        bool (*is_broken)(BackendDb *db); /* a write or sync failed: reopen */
        /* What failed since begin was somebody else's doing and nothing of it is kept: it may be run again. NULL: never. */
        bool (*may_repeat)(BackendDb *db);
        /* Between groups; *ret_again when there is something left that has to wait for readers. */
        bool (*tidy)(BackendDb *db, bool idle, bool *ret_again, GError **error);

        /* ---- Other processes that share the database; NULL where there are none ---- */

        /* Whether something of theirs can be seen that could not when this was last asked. Then *generation has gone on by 2
         * before anybody else who asks is told that nothing can. By any thread. */
        bool (*learn)(BackendDb *db, _Atomic uint64_t *generation);
        /* Calls store_learn again and again, and soon after something happened, until unfollow. */
        void (*follow)(BackendDb *db);
        void (*unfollow)(BackendDb *db);
        /* Content for them, and from them; *ret_found false when nobody has it. */
        bool (*blob_save)(BackendDb *db, const Digest *digest, int fd, GError **error);
        bool (*blob_fetch)(BackendDb *db, const Digest *digest, int fd, bool *ret_found, GError **error);
        /* They put content into the same folder. */
        bool (*blobs_common)(const BackendDb *db);
        /* See store_txn_take_webhook. */
        bool (*webhook_take)(StoreView *view, const StoreWebhook *hook, Instant *ret_held, GError **error);

        /* ---- The log ---- */

        bool (*log_find)(StoreView *view, const Id *id, LogRow *ret_row, bool *ret_found, GError **error);
        bool (*log_insert)(StoreView *view, LogRow *row, GError **error);
        bool (*log_update)(StoreView *view, const LogRow *row, GError **error);
        bool (*log_delete)(StoreView *view, int64_t log, GError **error);
        bool (*log_rebuilt)(StoreView *view, int64_t log, GError **error); /* counts in LogRow.rebuilt */
        bool (*project_insert)(StoreView *view, const ProjectRow *row, GError **error); /* EXISTS */
        bool (*project_read)(StoreView *view, const char *key, ProjectFn fn, void *payload, GError **error);
        bool (*branch_insert)(StoreView *view, int64_t log, const Id *parent, Seq seq, GError **error);
        bool (*branch_find)(StoreView *view, int64_t log, Id *ret_parent, Seq *ret_seq, bool *ret_is,
                            GError **error);
        bool (*branch_read)(StoreView *view, const Id *parent, LogIdFn fn, void *payload, GError **error);
        /* Fills the projections of a new log with what another one held at a commit; *ret_items is how many items. */
        bool (*fork)(StoreView *view, int64_t from, Seq seq, int64_t log, uint32_t *ret_items,
                     GError **error);
        bool (*merge_insert)(StoreView *view, int64_t log, Seq seq, const Id *branch, Seq branch_seq,
                             GError **error);
        /* The newest one of a branch; both 0 when there is none. */
        bool (*merge_last)(StoreView *view, int64_t log, const Id *branch, Seq *ret_seq, Seq *ret_branch_seq,
                           GError **error);
        bool (*commit_insert)(StoreView *view, int64_t log, const CommitRow *row, GError **error);
        bool (*commit_read)(StoreView *view, int64_t log, Seq first, Seq last, CommitFn fn, void *payload,
                            GError **error);
        bool (*commit_time)(StoreView *view, int64_t log, Seq seq, Instant *ret_time, GError **error);
        bool (*request_find)(StoreView *view, int64_t log, const char *key, Seq *ret_seq, char **ret_request,
                             GError **error);
        bool (*secret_insert)(StoreView *view, int64_t log, Seq seq, const SecretRow *row, GError **error);
        bool (*secret_read)(StoreView *view, int64_t log, Seq seq, SecretFn fn, void *payload,
                            GError **error);
        /* The same for who asks for one commit after another: a walk over the pieces of a log. It goes forward only, and a
         * failure ends it for the commit that was asked for. It ends before the view does. */
        SecretWalk *(*secret_walk_new)(StoreView *view, int64_t log);
        void (*secret_walk_free)(SecretWalk *walk);
        bool (*secret_walk_read)(SecretWalk *walk, Seq seq, SecretFn fn, void *payload, GError **error);
        bool (*secret_erase)(StoreView *view, int64_t log, Seq seq, int op, const char *field,
                             bool *ret_found, GError **error);

        /* ---- Projections ---- */

        bool (*forget)(StoreView *view, int64_t log, GError **error); /* every projection of the log */
        bool (*item_insert)(StoreView *view, int64_t log, const ItemRow *row, GError **error); /* EXISTS */
        bool (*item_find_id)(StoreView *view, int64_t log, const Id *id, ItemNo *ret_no, GError **error);
        bool (*item_find_key)(StoreView *view, int64_t log, const char *stem, int64_t number, ItemNo *ret_no,
                              GError **error);
        bool (*item_find_source)(StoreView *view, int64_t log, const char *system, const char *id,
                                 ItemNo *ret_no, GError **error);
        bool (*key_last)(StoreView *view, int64_t log, const char *stem, int64_t *ret_number, GError **error);
        bool (*source_insert)(StoreView *view, int64_t log, const char *system, const char *id, ItemNo no,
                              GError **error); /* EXISTS */
        bool (*source_delete)(StoreView *view, int64_t log, const char *system, const char *id,
                              GError **error);
        bool (*source_read)(StoreView *view, int64_t log, const char *system, StoreSourceFn fn, void *payload,
                            GError **error);

        bool (*rev_insert)(StoreView *view, int64_t log, const ItemRev *rev, GError **error);
        bool (*rev_end)(StoreView *view, int64_t log, ItemNo no, uint32_t rev, Seq seq, GError **error);
        bool (*rev_read_all)(StoreView *view, int64_t log, Seq seq, StoreItemFn fn, void *payload,
                             GError **error);
        bool (*rev_read)(StoreView *view, int64_t log, ItemNo no, Seq seq, StoreItemFn fn, void *payload,
                         GError **error);
        bool (*rev_read_history)(StoreView *view, int64_t log, ItemNo no, StoreItemFn fn, void *payload,
                                 GError **error);

        bool (*link_put)(StoreView *view, int64_t log, const LinkRev *rev, GError **error); /* or replaces */
        bool (*link_end)(StoreView *view, int64_t log, const LinkKey *key, Seq seq, GError **error);
        bool (*link_drop)(StoreView *view, int64_t log, const LinkKey *key, Seq from_seq, GError **error);
        bool (*link_read_all)(StoreView *view, int64_t log, Seq seq, StoreLinkFn fn, void *payload,
                              GError **error);
        bool (*link_read_ends)(StoreView *view, int64_t log, ItemNo from, ItemNo to, Seq seq, StoreLinkFn fn,
                               void *payload, GError **error);
        bool (*link_read)(StoreView *view, int64_t log, const LinkKey *key, Seq seq, StoreLinkFn fn,
                          void *payload, GError **error);
        bool (*link_seen)(StoreView *view, int64_t log, const LinkKey *key, bool *ret_seen, GError **error);

        bool (*result_put)(StoreView *view, int64_t log, const ResultRev *result, GError **error);
        bool (*result_end)(StoreView *view, int64_t log, ItemNo test_case, ItemNo run, Seq seq,
                           GError **error);
        bool (*result_read_all)(StoreView *view, int64_t log, Seq seq, StoreResultFn fn, void *payload,
                                GError **error);
        bool (*result_read_run)(StoreView *view, int64_t log, ItemNo run, Seq seq, StoreResultFn fn,
                                void *payload, GError **error);
        bool (*result_read)(StoreView *view, int64_t log, ItemNo test_case, ItemNo run, Seq seq,
                            StoreResultFn fn, void *payload, GError **error);

        bool (*setting_put)(StoreView *view, int64_t log, const char *name, const char *value, Seq seq,
                            GError **error);
        bool (*setting_end)(StoreView *view, int64_t log, const char *name, Seq seq, GError **error);
        bool (*setting_drop)(StoreView *view, int64_t log, const char *name, Seq from_seq, GError **error);
        bool (*setting_read)(StoreView *view, int64_t log, const char *name, Seq seq, SettingFn fn,
                             void *payload, GError **error);
        /* Those whose names begin so, by name. */
        bool (*setting_each)(StoreView *view, int64_t log, const char *prefix, Seq seq, SettingFn fn,
                             void *payload, GError **error);

        bool (*attachment_put)(StoreView *view, int64_t log, ItemNo no, const AttachmentRow *row, Seq seq,
                               GError **error);
        bool (*attachment_end)(StoreView *view, int64_t log, ItemNo no, const char *name, Seq seq,
                               GError **error);
        bool (*attachment_find)(StoreView *view, int64_t log, const char *sha256, StoreAttachmentFn fn,
                                void *payload, GError **error);
        bool (*result_file_insert)(StoreView *view, int64_t log, Seq seq, int op, ItemNo run,
                                   const char *sha256, GError **error);
        bool (*result_file_seen)(StoreView *view, int64_t log, ItemNo run, const char *sha256, bool *ret_seen,
                                 GError **error);
        /* Every blob the log names, now or before, each with the first commit that does. */
        bool (*blob_read)(StoreView *view, int64_t log, BlobNameFn fn, void *payload, GError **error);

        bool (*signature_insert)(StoreView *view, int64_t log, const SignatureRev *row,
                                 GError **error); /* EXISTS */
        /* Up to `seq`, of one item or all (ZW_ITEM_NONE). */
        bool (*signature_read)(StoreView *view, int64_t log, ItemNo item, Seq seq, StoreSignatureFn fn,
                               void *payload, GError **error);

        bool (*comment_insert)(StoreView *view, int64_t log, const CommentRev *row, GError **error);
        /* The item that a comment is on; ZW_ITEM_NONE when there is no such comment. */
        bool (*comment_item)(StoreView *view, int64_t log, const Id *id, ItemNo *ret_item, GError **error);
        bool (*comment_read)(StoreView *view, int64_t log, ItemNo item, Seq seq, StoreCommentFn fn,
                             void *payload, GError **error);

        /* The projections as tables of cells in the order of their keys, without the log's number. */
        /* NULL after the last. The first *ret_keys cells of a row are its key. */
        const char *(*table_name)(int table, int *ret_keys);
        BackendRows *(*rows_open)(StoreView *view, int64_t log, int table, GError **error);
        /* False at the end, or with error set. Cells are valid until the next call. */
        bool (*rows_next)(BackendRows *rows, Cell *ret_cells, int *ret_n, GError **error);
        void (*rows_close)(BackendRows *rows);

        /* ---- People ---- */

        bool (*person_find)(StoreView *view, const char *name, const Id *id, PersonFn fn, void *payload,
                            GError **error); /* by one of the two */
        bool (*person_put)(StoreView *view, const StorePerson *person, GError **error);
        bool (*role_read)(StoreView *view, int64_t log, const Id *person, unsigned *ret_roles,
                          GError **error);
        bool (*role_put)(StoreView *view, int64_t log, const Id *person, unsigned roles, GError **error);

        /* ---- Access, see access.h ---- */

        bool (*person_read)(StoreView *view, StorePersonFn fn, void *payload,
                            GError **error); /* all, by name */
        bool (*account_read)(StoreView *view, const Id *person, StoreAccount *ret_account, bool *ret_found,
                             GError **error);
        bool (*account_put)(StoreView *view, const StoreAccount *account, GError **error);
        bool (*sign_in_possible)(StoreView *view, bool *ret_can, GError **error);
        /* of one project, or with 0 of one person in all */
        bool (*grant_read)(StoreView *view, int64_t log, const Id *person, StoreGrantFn fn, void *payload,
                           GError **error);
        bool (*grant_put)(StoreView *view, int64_t log, const StoreGrant *grant, GError **error);
        bool (*grant_drop)(StoreView *view, int64_t log, const Id *person, RoleId role, bool *ret_had,
                           GError **error);
        bool (*session_find)(StoreView *view, const Digest *hash, StoreSession *ret_session, bool *ret_found,
                             GError **error);
        bool (*session_read)(StoreView *view, const Id *person, StoreSessionFn fn, void *payload,
                             GError **error);
        bool (*session_insert)(StoreView *view, const StoreSession *session, GError **error);
        bool (*session_touch)(StoreView *view, const Digest *hash, Instant seen, GError **error);
        bool (*session_end)(StoreView *view, const Id *person, const Id *session, unsigned *ret_n,
                            GError **error);
        bool (*session_tidy)(StoreView *view, Instant now, Instant seen, GError **error);
        bool (*token_find)(StoreView *view, const Digest *hash, StoreTokenFn fn, void *payload,
                           GError **error);
        bool (*token_read)(StoreView *view, const Id *person, StoreTokenFn fn, void *payload, GError **error);
        bool (*token_insert)(StoreView *view, const StoreToken *token, int64_t log,
                             GError **error); /* log 0: none */
        bool (*token_touch)(StoreView *view, const Id *token, Instant used, GError **error);
        bool (*token_revoke)(StoreView *view, const Id *person, const Id *token, Instant now, unsigned *ret_n,
                             GError **error);
        bool (*setup_put)(StoreView *view, const Digest *hash, Instant expires, GError **error);
        bool (*setup_take)(StoreView *view, const Digest *hash, Instant now, bool *ret_taken, GError **error);
        bool (*audit_insert)(StoreView *view, const StoreAudit *entry, GError **error);
        bool (*audit_read)(StoreView *view, const StoreAuditQuery *query, StoreAuditFn fn, void *payload,
                           GError **error);

        /* ---- Signing in elsewhere, see identity.h ---- */

        bool (*provider_read)(StoreView *view, StoreProviderFn fn, void *payload, GError **error);
        bool (*provider_put)(StoreView *view, const StoreProvider *provider, GError **error);
        bool (*provider_drop)(StoreView *view, bool *ret_had, GError **error);
        bool (*group_read)(StoreView *view, StoreGroupFn fn, void *payload, GError **error);
        bool (*group_put)(StoreView *view, int64_t log, const char *name, unsigned roles, GError **error);
        bool (*identity_find)(StoreView *view, const char *issuer, const char *subject, Id *ret_person,
                              bool *ret_found, GError **error);
        bool (*identity_of)(StoreView *view, const Id *person, bool *ret_has, GError **error);
        bool (*identity_put)(StoreView *view, const char *issuer, const char *subject, const Id *person,
                             Instant created, GError **error);

        /* ---- Passkeys, see passkey.h ---- */

        bool (*passkey_read)(StoreView *view, const Id *person, StorePasskeyFn fn, void *payload,
                             GError **error);
        bool (*passkey_find)(StoreView *view, const void *id, size_t n, StorePasskeyFn fn, void *payload,
                             GError **error);
        bool (*passkey_insert)(StoreView *view, const StorePasskey *passkey, GError **error);
        bool (*passkey_touch)(StoreView *view, const void *id, size_t n, uint32_t counter, Instant used,
                              GError **error);
        bool (*passkey_drop)(StoreView *view, const Id *person, const void *id, size_t n, bool *ret_had,
                             GError **error);
        bool (*passkey_ask)(StoreView *view, const Id *person, const Digest *challenge, Instant expires,
                            GError **error);
        bool (*passkey_asked)(StoreView *view, const Id *person, const Digest *challenge, Instant now,
                              bool *ret_asked, GError **error);
        bool (*session_by)(StoreView *view, const Digest *hash, const void *id, size_t n, GError **error);
        bool (*sign_in_ask)(StoreView *view, const Digest *challenge, Instant expires, GError **error);
        bool (*sign_in_asked)(StoreView *view, const Digest *challenge, Instant now, bool *ret_asked,
                              GError **error);

        /* ---- Saved views, see saved.h ---- */

        bool (*saved_read)(StoreView *view, int64_t log, const Id *person, StoreSavedFn fn, void *payload,
                           GError **error);
        bool (*saved_put)(StoreView *view, int64_t log, const StoreSaved *saved, GError **error);
        bool (*saved_drop)(StoreView *view, int64_t log, const Id *person, const char *name, bool *ret_had,
                           GError **error);

        /* ---- Jobs and webhooks, see jobs.h ---- */

        bool (*job_read)(StoreView *view, const Id *person, const Id *id, unsigned most, StoreJobFn fn,
                         void *payload, GError **error);
        bool (*job_put)(StoreView *view, const StoreJob *job, int64_t log, GError **error); /* log 0: none */
        bool (*job_interrupt)(StoreView *view, Instant now, const char *problem, GError **error);
        bool (*job_tidy)(StoreView *view, Instant before, GError **error);
        bool (*webhook_read)(StoreView *view, int64_t log, StoreWebhookFn fn, void *payload,
                             GError **error); /* log 0: all */
        bool (*webhook_insert)(StoreView *view, const StoreWebhook *hook, int64_t log, GError **error);
        bool (*webhook_note)(StoreView *view, const StoreWebhook *hook, Instant held, bool *ret_held,
                             GError **error);
        bool (*webhook_drop)(StoreView *view, int64_t log, const Id *id, bool *ret_had, GError **error);
};

extern const StoreBackend store_sqlite, store_postgres;

/* Asks what others committed; if something, store_generation moves on and who listens is told. */
void store_learn(Store *store);

/* store_create, store_open, store_make and store_restore with another backend than the built-in choice. */
bool store_create_with(const StoreBackend *backend, const char *dir, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
Store *store_open_with(const StoreBackend *backend, const char *dir, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
bool store_make_with(const StoreBackend *backend, const char *dir, StoreFillFn fill, void *payload,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool store_restore_with(const StoreBackend *backend, const char *path, const char *dir, Progress *progress,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
