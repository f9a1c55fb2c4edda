/* The backend's table. */
#include "store/backend.h"
#include "store/postgres/database.h"
#include "store/rows/rows.h"

const StoreBackend store_postgres = {
        .name = "postgresql",
        .create = postgres_create,
        .load = postgres_load,
        .settle = postgres_settle,
        .discard = postgres_discard,
        .open = postgres_open,
        .close = postgres_close,
        .copy = postgres_copy,
        .inspect = postgres_inspect,
        .view_open = postgres_view_open,
        .view_refresh = postgres_view_refresh,
        .view_rest = postgres_view_rest,
        .view_close = postgres_view_close,
        .writer = postgres_writer,
        .begin = postgres_begin,
        .mark = postgres_mark,
        .keep = postgres_keep,
        .undo = postgres_undo,
        .commit = postgres_commit,
        .rollback = postgres_rollback,
        .is_open = postgres_is_open,
        .is_broken = postgres_is_broken,
        .may_repeat = postgres_may_repeat,
        .tidy = postgres_tidy,
        ROWS_BACKEND,
        .log_find = postgres_log_find,
};
