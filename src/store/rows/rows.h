/* The functions of the backend's table, each documented there (store/backend.h). */
#ifndef STORE_ROWS_ROWS_H
#define STORE_ROWS_ROWS_H

#include "store/rows/query.h"

bool rows_log_find(StoreView *view, const Id *id, LogRow *ret_row, bool *ret_found, GError **error);
/* The same by one of the statements that look a log up. */
bool rows_log_find_by(StoreView *view, SqlId id, const Id *log, LogRow *ret_row, bool *ret_found,
                      GError **error);
bool rows_log_insert(StoreView *view, LogRow *row, GError **error);
bool rows_log_update(StoreView *view, const LogRow *row, GError **error);
bool rows_log_rebuilt(StoreView *view, int64_t log, GError **error);
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
SecretWalk *rows_secret_walk_new(StoreView *view, int64_t log);
void rows_secret_walk_free(SecretWalk *walk);
bool rows_secret_walk_read(SecretWalk *walk, Seq seq, SecretFn fn, void *payload, GError **error);
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
/* The same by one of the statements that read an account. */
bool rows_account_read_by(StoreView *view, SqlId id, const Id *person, StoreAccount *ret_account,
                          bool *ret_found, GError **error);
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
bool rows_session_by(StoreView *view, const Digest *hash, const void *id, size_t n, GError **error);
bool rows_sign_in_ask(StoreView *view, const Digest *challenge, Instant expires, GError **error);
bool rows_sign_in_asked(StoreView *view, const Digest *challenge, Instant now, bool *ret_asked,
                        GError **error);
bool rows_saved_read(StoreView *view, int64_t log, const Id *person, StoreSavedFn fn, void *payload,
                     GError **error);
bool rows_saved_put(StoreView *view, int64_t log, const StoreSaved *saved, GError **error);
bool rows_saved_drop(StoreView *view, int64_t log, const Id *person, const char *name, bool *ret_had,
                     GError **error);
bool rows_job_read(StoreView *view, const Id *person, const Id *id, unsigned most, StoreJobFn fn,
                   void *payload, GError **error);
bool rows_job_put(StoreView *view, const StoreJob *job, int64_t log, GError **error);
bool rows_job_interrupt(StoreView *view, Instant now, const char *problem, GError **error);
bool rows_job_tidy(StoreView *view, Instant before, GError **error);
bool rows_webhook_read(StoreView *view, int64_t log, StoreWebhookFn fn, void *payload, GError **error);
bool rows_webhook_insert(StoreView *view, const StoreWebhook *hook, int64_t log, GError **error);
bool rows_webhook_note(StoreView *view, const StoreWebhook *hook, Instant held, bool *ret_held,
                       GError **error);
bool rows_webhook_drop(StoreView *view, int64_t log, const Id *id, bool *ret_had, GError **error);

/* What every backend built on these rows has in its table; it adds how it looks up what it
 * is to change, a log or an account, and whose a job is. */
/* clang-format off */
#define ROWS_BACKEND \
        .log_insert = rows_log_insert, \
        .log_update = rows_log_update, \
        .log_rebuilt = rows_log_rebuilt, \
        .log_delete = rows_log_delete, \
        .project_insert = rows_project_insert, \
        .project_read = rows_project_read, \
        .branch_insert = rows_branch_insert, \
        .branch_find = rows_branch_find, \
        .branch_read = rows_branch_read, \
        .fork = rows_fork, \
        .merge_insert = rows_merge_insert, \
        .merge_last = rows_merge_last, \
        .commit_insert = rows_commit_insert, \
        .commit_read = rows_commit_read, \
        .commit_time = rows_commit_time, \
        .request_find = rows_request_find, \
        .secret_insert = rows_secret_insert, \
        .secret_read = rows_secret_read, \
        .secret_walk_new = rows_secret_walk_new, \
        .secret_walk_free = rows_secret_walk_free, \
        .secret_walk_read = rows_secret_walk_read, \
        .secret_erase = rows_secret_erase, \
        .forget = rows_forget, \
        .item_insert = rows_item_insert, \
        .item_find_id = rows_item_find_id, \
        .item_find_key = rows_item_find_key, \
        .item_find_source = rows_item_find_source, \
        .key_last = rows_key_last, \
        .source_insert = rows_source_insert, \
        .source_delete = rows_source_delete, \
        .source_read = rows_source_read, \
        .rev_insert = rows_rev_insert, \
        .rev_end = rows_rev_end, \
        .rev_read_all = rows_rev_read_all, \
        .rev_read = rows_rev_read, \
        .rev_read_history = rows_rev_read_history, \
        .link_put = rows_link_put, \
        .link_end = rows_link_end, \
        .link_drop = rows_link_drop, \
        .link_read_all = rows_link_read_all, \
        .link_read_ends = rows_link_read_ends, \
        .link_read = rows_link_read, \
        .link_seen = rows_link_seen, \
        .result_put = rows_result_put, \
        .result_end = rows_result_end, \
        .result_read_all = rows_result_read_all, \
        .result_read_run = rows_result_read_run, \
        .result_read = rows_result_read, \
        .setting_put = rows_setting_put, \
        .setting_end = rows_setting_end, \
        .setting_drop = rows_setting_drop, \
        .setting_read = rows_setting_read, \
        .setting_each = rows_setting_each, \
        .attachment_put = rows_attachment_put, \
        .attachment_end = rows_attachment_end, \
        .attachment_find = rows_attachment_find, \
        .result_file_insert = rows_result_file_insert, \
        .result_file_seen = rows_result_file_seen, \
        .blob_read = rows_blob_read, \
        .signature_insert = rows_signature_insert, \
        .signature_read = rows_signature_read, \
        .comment_insert = rows_comment_insert, \
        .comment_item = rows_comment_item, \
        .comment_read = rows_comment_read, \
        .table_name = table_name, \
        .rows_open = table_rows_open, \
        .rows_next = table_rows_next, \
        .rows_close = table_rows_close, \
        .person_find = rows_person_find, \
        .person_put = rows_person_put, \
        .role_read = rows_role_read, \
        .role_put = rows_role_put, \
        .person_read = rows_person_read, \
        .account_put = rows_account_put, \
        .sign_in_possible = rows_sign_in_possible, \
        .grant_read = rows_grant_read, \
        .grant_put = rows_grant_put, \
        .grant_drop = rows_grant_drop, \
        .session_find = rows_session_find, \
        .session_read = rows_session_read, \
        .session_insert = rows_session_insert, \
        .session_touch = rows_session_touch, \
        .session_end = rows_session_end, \
        .session_tidy = rows_session_tidy, \
        .token_find = rows_token_find, \
        .token_read = rows_token_read, \
        .token_insert = rows_token_insert, \
        .token_touch = rows_token_touch, \
        .token_revoke = rows_token_revoke, \
        .setup_put = rows_setup_put, \
        .setup_take = rows_setup_take, \
        .audit_insert = rows_audit_insert, \
        .audit_read = rows_audit_read, \
        .provider_read = rows_provider_read, \
        .provider_put = rows_provider_put, \
        .provider_drop = rows_provider_drop, \
        .group_read = rows_group_read, \
        .group_put = rows_group_put, \
        .identity_find = rows_identity_find, \
        .identity_of = rows_identity_of, \
        .identity_put = rows_identity_put, \
        .passkey_read = rows_passkey_read, \
        .passkey_find = rows_passkey_find, \
        .passkey_insert = rows_passkey_insert, \
        .passkey_touch = rows_passkey_touch, \
        .passkey_drop = rows_passkey_drop, \
        .passkey_ask = rows_passkey_ask, \
        .passkey_asked = rows_passkey_asked, \
        .session_by = rows_session_by, \
        .sign_in_ask = rows_sign_in_ask, \
        .sign_in_asked = rows_sign_in_asked, \
        .saved_read = rows_saved_read, \
        .saved_put = rows_saved_put, \
        .saved_drop = rows_saved_drop, \
        .job_read = rows_job_read, \
        .job_tidy = rows_job_tidy, \
        .webhook_read = rows_webhook_read, \
        .webhook_insert = rows_webhook_insert, \
        .webhook_note = rows_webhook_note, \
        .webhook_drop = rows_webhook_drop
/* clang-format on */

#endif
