/* The backend's table. */
#include "store/backend.h"
#include "store/rows/rows.h"
#include "store/sqlite/sqlite.h"

const StoreBackend store_sqlite = {
        .name = "sqlite",
        .create = database_create,
        .open = database_open,
        .close = database_close,
        .copy = database_copy,
        .inspect = database_inspect,
        .view_open = database_view_open,
        .view_refresh = database_view_refresh,
        .view_rest = database_view_rest,
        .view_close = database_view_close,
        .writer = database_writer,
        .begin = database_begin,
        .mark = database_mark,
        .keep = database_keep,
        .undo = database_undo,
        .commit = database_commit,
        .rollback = database_rollback,
        .is_open = database_is_open,
        .is_broken = database_is_broken,
        .tidy = database_tidy,
        ROWS_BACKEND,
        .log_find = rows_log_find,
        .account_read = rows_account_read,
        .job_put = rows_job_put,
        .job_interrupt = rows_job_interrupt,
};
