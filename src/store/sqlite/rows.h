/* The functions of the backend's table, each documented there (store/backend.h). */
#ifndef STORE_SQLITE_ROWS_H
#define STORE_SQLITE_ROWS_H

#include "store/backend.h"

bool database_create(const char *path, GError **error);
BackendDb *database_open(Store *store, const char *path, bool scratch, GError **error);
void database_close(BackendDb *db);
bool database_copy(BackendDb *db, const char *path, Progress *progress, GError **error);
bool database_inspect(StoreView *view, StoreProblemFn fn, void *payload, GError **error);
StoreView *database_view_open(BackendDb *db, GError **error);
bool database_view_refresh(StoreView *view, GError **error);
void database_view_rest(StoreView *view);
void database_view_close(StoreView *view);
StoreView *database_writer(BackendDb *db);
bool database_begin(BackendDb *db, GError **error);
bool database_mark(BackendDb *db, GError **error);
bool database_keep(BackendDb *db, GError **error);
bool database_undo(BackendDb *db, GError **error);
bool database_commit(BackendDb *db, GError **error);
void database_rollback(BackendDb *db);
bool database_is_open(BackendDb *db);
bool database_is_broken(BackendDb *db);
bool database_tidy(BackendDb *db, bool idle, bool *ret_again, GError **error);
bool rows_log_find(StoreView *view, const Id *id, LogRow *ret_row, bool *ret_found, GError **error);
bool rows_log_insert(StoreView *view, LogRow *row, GError **error);
bool rows_log_update(StoreView *view, const LogRow *row, GError **error);
bool rows_log_delete(StoreView *view, int64_t log, GError **error);
bool rows_project_insert(StoreView *view, const ProjectRow *row, GError **error);
bool rows_project_read(StoreView *view, const char *key, ProjectFn fn, void *payload, GError **error);
bool rows_branch_insert(StoreView *view, int64_t log, const Id *parent, Seq seq, GError **error);
bool rows_branch_find(StoreView *view, int64_t log, Id *ret_parent, Seq *ret_seq, bool *ret_is,
                      GError **error);
bool rows_branch_read(StoreView *view, const Id *parent, LogIdFn fn, void *payload, GError **error);
bool rows_fork(StoreView *view, int64_t from, Seq seq, int64_t log, uint32_t *ret_items, GError **error);
bool rows_merge_insert(StoreView *view, int64_t log, Seq seq, const Id *branch, Seq branch_seq,
                       GError **error);
bool rows_merge_last(StoreView *view, int64_t log, const Id *branch, Seq *ret_seq, Seq *ret_branch_seq,
                     GError **error);
bool rows_commit_insert(StoreView *view, int64_t log, const CommitRow *row, GError **error);
bool rows_commit_read(StoreView *view, int64_t log, Seq first, Seq last, CommitFn fn, void *payload,
                      GError **error);
bool rows_commit_time(StoreView *view, int64_t log, Seq seq, Instant *ret_time, GError **error);
bool rows_request_find(StoreView *view, int64_t log, const char *key, Seq *ret_seq, char **ret_request,
                       GError **error);
bool rows_secret_insert(StoreView *view, int64_t log, Seq seq, const SecretRow *row, GError **error);
bool rows_secret_read(StoreView *view, int64_t log, Seq seq, SecretFn fn, void *payload, GError **error);
bool rows_secret_erase(StoreView *view, int64_t log, Seq seq, int op, const char *field, bool *ret_found,
                       GError **error);
bool rows_signature_insert(StoreView *view, int64_t log, const SignatureRev *row, GError **error);
bool rows_signature_read(StoreView *view, int64_t log, ItemNo item, Seq seq, StoreSignatureFn fn,
                         void *payload, GError **error);
bool rows_comment_insert(StoreView *view, int64_t log, const CommentRev *row, GError **error);
bool rows_comment_item(StoreView *view, int64_t log, const Id *id, ItemNo *ret_item, GError **error);
bool rows_comment_read(StoreView *view, int64_t log, ItemNo item, Seq seq, StoreCommentFn fn, void *payload,
                       GError **error);
bool rows_forget(StoreView *view, int64_t log, GError **error);
bool rows_item_insert(StoreView *view, int64_t log, const ItemRow *row, GError **error);
bool rows_item_find_id(StoreView *view, int64_t log, const Id *id, ItemNo *ret_no, GError **error);
bool rows_item_find_key(StoreView *view, int64_t log, const char *stem, int64_t number, ItemNo *ret_no,
                        GError **error);
bool rows_item_find_source(StoreView *view, int64_t log, const char *system, const char *id, ItemNo *ret_no,
                           GError **error);
bool rows_key_last(StoreView *view, int64_t log, const char *stem, int64_t *ret_number, GError **error);
bool rows_source_insert(StoreView *view, int64_t log, const char *system, const char *id, ItemNo no,
                        GError **error);
bool rows_source_delete(StoreView *view, int64_t log, const char *system, const char *id, GError **error);
bool rows_source_read(StoreView *view, int64_t log, const char *system, StoreSourceFn fn, void *payload,
                      GError **error);
bool rows_rev_insert(StoreView *view, int64_t log, const ItemRev *rev, GError **error);
bool rows_rev_end(StoreView *view, int64_t log, ItemNo no, uint32_t rev, Seq seq, GError **error);
bool rows_rev_read_all(StoreView *view, int64_t log, Seq seq, StoreItemFn fn, void *payload, GError **error);
bool rows_rev_read(StoreView *view, int64_t log, ItemNo no, Seq seq, StoreItemFn fn, void *payload,
                   GError **error);
bool rows_rev_read_history(StoreView *view, int64_t log, ItemNo no, StoreItemFn fn, void *payload,
                           GError **error);
bool rows_link_put(StoreView *view, int64_t log, const LinkRev *rev, GError **error);
bool rows_link_end(StoreView *view, int64_t log, const LinkKey *key, Seq seq, GError **error);
bool rows_link_drop(StoreView *view, int64_t log, const LinkKey *key, Seq from_seq, GError **error);
bool rows_link_read_all(StoreView *view, int64_t log, Seq seq, StoreLinkFn fn, void *payload, GError **error);
bool rows_link_read_ends(StoreView *view, int64_t log, ItemNo from, ItemNo to, Seq seq, StoreLinkFn fn,
                         void *payload, GError **error);
bool rows_link_read(StoreView *view, int64_t log, const LinkKey *key, Seq seq, StoreLinkFn fn, void *payload,
                    GError **error);
bool rows_link_seen(StoreView *view, int64_t log, const LinkKey *key, bool *ret_seen, GError **error);
bool rows_result_put(StoreView *view, int64_t log, const ResultRev *result, GError **error);
bool rows_result_end(StoreView *view, int64_t log, ItemNo test_case, ItemNo run, Seq seq, GError **error);
bool rows_result_read_all(StoreView *view, int64_t log, Seq seq, StoreResultFn fn, void *payload,
                          GError **error);
bool rows_result_read_run(StoreView *view, int64_t log, ItemNo run, Seq seq, StoreResultFn fn, void *payload,
                          GError **error);
bool rows_result_read(StoreView *view, int64_t log, ItemNo test_case, ItemNo run, Seq seq, StoreResultFn fn,
                      void *payload, GError **error);
bool rows_setting_put(StoreView *view, int64_t log, const char *name, const char *value, Seq seq,
                      GError **error);
bool rows_setting_end(StoreView *view, int64_t log, const char *name, Seq seq, GError **error);
bool rows_setting_drop(StoreView *view, int64_t log, const char *name, Seq from_seq, GError **error);
bool rows_setting_read(StoreView *view, int64_t log, const char *name, Seq seq, SettingFn fn, void *payload,
                       GError **error);
bool rows_setting_each(StoreView *view, int64_t log, const char *prefix, Seq seq, SettingFn fn, void *payload,
                       GError **error);
bool rows_attachment_put(StoreView *view, int64_t log, ItemNo no, const AttachmentRow *row, Seq seq,
                         GError **error);
bool rows_attachment_end(StoreView *view, int64_t log, ItemNo no, const char *name, Seq seq, GError **error);
bool rows_attachment_find(StoreView *view, int64_t log, const char *sha256, StoreAttachmentFn fn,
                          void *payload, GError **error);
bool rows_result_file_insert(StoreView *view, int64_t log, Seq seq, int op, ItemNo run, const char *sha256,
                             GError **error);
bool rows_result_file_seen(StoreView *view, int64_t log, ItemNo run, const char *sha256, bool *ret_seen,
                           GError **error);
bool rows_blob_read(StoreView *view, int64_t log, BlobNameFn fn, void *payload, GError **error);
const char *table_name(int table, int *ret_keys);
BackendRows *table_rows_open(StoreView *view, int64_t log, int table, GError **error);
bool table_rows_next(BackendRows *rows, Cell *ret_cells, int *ret_n, GError **error);
void table_rows_close(BackendRows *rows);
bool rows_person_find(StoreView *view, const char *name, const Id *id, PersonFn fn, void *payload,
                      GError **error);
bool rows_person_put(StoreView *view, const StorePerson *person, GError **error);
bool rows_role_read(StoreView *view, int64_t log, const Id *person, unsigned *ret_roles, GError **error);
bool rows_role_put(StoreView *view, int64_t log, const Id *person, unsigned roles, GError **error);
bool rows_person_read(StoreView *view, StorePersonFn fn, void *payload, GError **error);
bool rows_account_read(StoreView *view, const Id *person, StoreAccount *ret_account, bool *ret_found,
                       GError **error);
bool rows_account_put(StoreView *view, const StoreAccount *account, GError **error);
bool rows_sign_in_possible(StoreView *view, bool *ret_can, GError **error);
bool rows_grant_read(StoreView *view, int64_t log, const Id *person, StoreGrantFn fn, void *payload,
                     GError **error);
bool rows_grant_put(StoreView *view, int64_t log, const StoreGrant *grant, GError **error);
bool rows_grant_drop(StoreView *view, int64_t log, const Id *person, RoleId role, bool *ret_had,
                     GError **error);
bool rows_session_find(StoreView *view, const Digest *hash, StoreSession *ret_session, bool *ret_found,
                       GError **error);
bool rows_session_read(StoreView *view, const Id *person, StoreSessionFn fn, void *payload, GError **error);
bool rows_session_insert(StoreView *view, const StoreSession *session, GError **error);
bool rows_session_touch(StoreView *view, const Digest *hash, Instant seen, GError **error);
bool rows_session_end(StoreView *view, const Id *person, const Id *session, unsigned *ret_n, GError **error);
bool rows_session_tidy(StoreView *view, Instant now, Instant seen, GError **error);
bool rows_token_find(StoreView *view, const Digest *hash, StoreTokenFn fn, void *payload, GError **error);
bool rows_token_read(StoreView *view, const Id *person, StoreTokenFn fn, void *payload, GError **error);
bool rows_token_insert(StoreView *view, const StoreToken *token, int64_t log, GError **error);
bool rows_token_touch(StoreView *view, const Id *token, Instant used, GError **error);
bool rows_token_revoke(StoreView *view, const Id *person, const Id *token, Instant now, unsigned *ret_n,
                       GError **error);
bool rows_setup_put(StoreView *view, const Digest *hash, Instant expires, GError **error);
bool rows_setup_take(StoreView *view, const Digest *hash, Instant now, bool *ret_taken, GError **error);
bool rows_audit_insert(StoreView *view, const StoreAudit *entry, GError **error);
bool rows_audit_read(StoreView *view, const StoreAuditQuery *query, StoreAuditFn fn, void *payload,
                     GError **error);
bool rows_provider_read(StoreView *view, StoreProviderFn fn, void *payload, GError **error);
bool rows_provider_put(StoreView *view, const StoreProvider *provider, GError **error);
bool rows_provider_drop(StoreView *view, bool *ret_had, GError **error);
bool rows_group_read(StoreView *view, StoreGroupFn fn, void *payload, GError **error);
bool rows_group_put(StoreView *view, int64_t log, const char *name, unsigned roles, GError **error);
bool rows_identity_find(StoreView *view, const char *issuer, const char *subject, Id *ret_person,
                        bool *ret_found, GError **error);
bool rows_identity_of(StoreView *view, const Id *person, bool *ret_has, GError **error);
bool rows_identity_put(StoreView *view, const char *issuer, const char *subject, const Id *person,
                       Instant created, GError **error);
bool rows_passkey_read(StoreView *view, const Id *person, StorePasskeyFn fn, void *payload, GError **error);
bool rows_passkey_find(StoreView *view, const void *id, size_t n, StorePasskeyFn fn, void *payload,
                       GError **error);
bool rows_passkey_insert(StoreView *view, const StorePasskey *passkey, GError **error);
bool rows_passkey_touch(StoreView *view, const void *id, size_t n, uint32_t counter, Instant used,
                        GError **error);
bool rows_passkey_drop(StoreView *view, const Id *person, const void *id, size_t n, bool *ret_had,
                       GError **error);
bool rows_passkey_ask(StoreView *view, const Id *person, const Digest *challenge, Instant expires,
                      GError **error);
bool rows_passkey_asked(StoreView *view, const Id *person, const Digest *challenge, Instant now,
                        bool *ret_asked, GError **error);
bool rows_job_read(StoreView *view, const Id *person, const Id *id, unsigned most, StoreJobFn fn,
                   void *payload, GError **error);
bool rows_job_put(StoreView *view, const StoreJob *job, int64_t log, GError **error);
bool rows_job_interrupt(StoreView *view, Instant now, const char *problem, GError **error);
bool rows_job_tidy(StoreView *view, Instant before, GError **error);
bool rows_webhook_read(StoreView *view, int64_t log, StoreWebhookFn fn, void *payload, GError **error);
bool rows_webhook_insert(StoreView *view, const StoreWebhook *hook, int64_t log, GError **error);
bool rows_webhook_note(StoreView *view, const StoreWebhook *hook, GError **error);
bool rows_webhook_drop(StoreView *view, int64_t log, const Id *id, bool *ret_had, GError **error);

#endif
