/* The functions of the backend's table, each documented there (store/backend.h). */
#ifndef STORE_POSTGRES_DATABASE_H
#define STORE_POSTGRES_DATABASE_H

#include "store/backend.h"

bool postgres_create(const char *path, const char *database, GError **error);
bool postgres_load(const char *path, const char *database, GError **error);
bool postgres_settle(const char *path, GError **error);
void postgres_discard(const char *path);
BackendDb *postgres_open(Store *store, const char *path, bool scratch, GError **error);
void postgres_close(BackendDb *db);
bool postgres_copy(BackendDb *db, const char *path, Progress *progress, GError **error);
bool postgres_inspect(StoreView *view, StoreProblemFn fn, void *payload, GError **error);
StoreView *postgres_view_open(BackendDb *db, GError **error);
bool postgres_view_refresh(StoreView *view, GError **error);
void postgres_view_rest(StoreView *view);
void postgres_view_close(StoreView *view);
StoreView *postgres_writer(BackendDb *db);
bool postgres_begin(BackendDb *db, GError **error);
bool postgres_mark(BackendDb *db, GError **error);
bool postgres_keep(BackendDb *db, GError **error);
bool postgres_undo(BackendDb *db, GError **error);
bool postgres_commit(BackendDb *db, GError **error);
void postgres_rollback(BackendDb *db);
bool postgres_is_open(BackendDb *db);
bool postgres_is_broken(BackendDb *db);
bool postgres_may_repeat(BackendDb *db);
bool postgres_tidy(BackendDb *db, bool idle, bool *ret_again, GError **error);
bool postgres_join(const char *path, const char *database, GError **error);
bool postgres_learn(BackendDb *db, _Atomic uint64_t *generation);
void postgres_follow(BackendDb *db);
void postgres_unfollow(BackendDb *db);
bool postgres_blob_save(BackendDb *db, const Digest *digest, int fd, GError **error);
bool postgres_blob_fetch(BackendDb *db, const Digest *digest, int fd, bool *ret_found, GError **error);
bool postgres_blobs_common(const BackendDb *db);
bool postgres_job_put(StoreView *view, const StoreJob *job, int64_t log, GError **error);
bool postgres_job_interrupt(StoreView *view, Instant now, const char *problem, GError **error);
bool postgres_webhook_take(StoreView *view, const StoreWebhook *hook, Instant *ret_held, GError **error);
bool postgres_account_read(StoreView *view, const Id *person, StoreAccount *ret_account, bool *ret_found,
                           GError **error);
bool postgres_log_find(StoreView *view, const Id *id, LogRow *ret_row, bool *ret_found, GError **error);

#endif
