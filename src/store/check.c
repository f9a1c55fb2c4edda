/* Checking what is derived: projections against a replay of the log in a scratch database, row by row; blobs against
 * their names; the database's own structure. */
#include "base/error.h"
#include "store/internal.h"
#include <string.h>

typedef struct {
        Store *store;
        StoreView *view; /* what is checked */
        LogRow log;
        BackendDb *scratch;
        LogRow again; /* the log in the scratch database */
        StoreProblemFn fn;
        void *payload;
        Progress *progress;
        ProgressStage stage; /* the one at work */
        char log_hex[ZW_ID_HEX];
} Checking;

static void checking_clear(Checking *c)
{
        if (c->scratch != NULL)
                store_sqlite.close(c->scratch);
        store_view_close(c->view);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Checking, checking_clear)

static void report(Checking *c, const char *where, const char *message)
{
        g_autofree char *place = g_strdup_printf("log %s%s%s", c->log_hex, where == NULL ? "" : " ",
                                                 where == NULL ? "" : where);

        c->fn(place, message, c->payload);
}

/* ---- Replay ---- */

/* A branch begins with what a commit of another log held, so that is made first. */
static bool replay_log(Checking *c, Projector *p, const Id *log, Seq upto, LogRow *ret_row, GError **error)
{
        const StoreBackend *backend = c->store->backend;
        LogRow stored;
        Id parent;
        Seq seq;
        bool is_branch, done;

        if (!view_log(c->view, log, &stored, error) ||
            !backend->branch_find(c->view, stored.no, &parent, &seq, &is_branch, error))
                return false;
        if (is_branch) {
                LogRow before = { 0 };

                if (!replay_log(c, p, &parent, seq, &before, error))
                        return false;
        }
        *ret_row = (LogRow){ .id = *log };
        merkle_init(&ret_row->tree);
        p->log = ret_row;
        done = p->view->backend->log_insert(p->view, ret_row, error) &&
               project_replay(p, c->view, stored.no, 1, upto, error);
        p->log = NULL; /* the row is the caller's */
        return done;
}

static bool replay(Checking *c, GError **error)
{
        g_autofree char *path = directory_tmp_path(c->store->dir, "check");
        g_autoptr(Arena) arena = project_arena();
        Projector p = { .store = c->store, .replay = true, .arena = arena, .progress = c->progress };

        c->scratch = store_sqlite.open(NULL, path, true, error);
        if (c->scratch == NULL || !store_sqlite.begin(c->scratch, error))
                return false;
        p.view = store_sqlite.writer(c->scratch);
        return replay_log(c, &p, &c->log.id, c->log.head, &c->again, error);
}

/* True when the log could be replayed; a log that cannot be is a problem found. */
static bool replay_or_report(Checking *c, bool *ret_done, GError **error)
{
        g_autoptr(GError) why = NULL;

        *ret_done = replay(c, &why);
        if (*ret_done)
                return true;
        if (g_error_matches(why, ZW_ERROR, ZW_ERR_STORAGE) ||
            g_error_matches(why, ZW_ERROR, ZW_ERR_CANCELLED)) {
                g_propagate_error(error, g_steal_pointer(&why));
                return false;
        }
        report(c, error_where(why), why->message);
        return true;
}

/* ---- Rows ---- */

static int cell_compare(const Cell *a, const Cell *b)
{
        int order;

        if (a->type != b->type)
                return a->type < b->type ? -1 : 1;
        if (a->type == CELL_INT)
                return (a->number > b->number) - (a->number < b->number);
        order = MIN(a->n, b->n) == 0 ? 0 : memcmp(a->bytes, b->bytes, MIN(a->n, b->n));
        return order != 0 ? order : (a->n > b->n) - (a->n < b->n);
}

static void cell_show(GString *text, const Cell *cell)
{
        enum { SHOWN_MAX = 40 };

        g_string_append_printf(text, "%s=", cell->column);
        if (cell->type == CELL_NULL) {
                g_string_append(text, "null");
        } else if (cell->type == CELL_INT) {
                g_string_append_printf(text, "%" G_GINT64_FORMAT, cell->number);
        } else if (cell->type == CELL_TEXT) {
                g_autofree char *shown = g_utf8_make_valid(cell->bytes, (gssize)MIN(cell->n, SHOWN_MAX));

                g_string_append_printf(text, "\"%s\"", shown);
        } else {
                for (size_t i = 0; i < MIN(cell->n, SHOWN_MAX); i++)
                        g_string_append_printf(text, "%02x", ((const uint8_t *)cell->bytes)[i]);
        }
}

/* A table, its two sources, and how many cells are the key. */
typedef struct {
        const char *name;
        int keys;
} TableFacts;

static char *row_name(const TableFacts *table, const Cell *cells)
{
        GString *text = g_string_new(table->name);

        for (int i = 0; i < table->keys; i++) {
                g_string_append_c(text, ' ');
                cell_show(text, &cells[i]);
        }
        return g_string_free(text, FALSE);
}

typedef struct {
        BackendRows *rows;
        Cell cells[ZW_CELLS_MAX];
        int n;
        bool has;
} Cursor;

static bool cursor_next(Checking *c, Cursor *cursor, GError **error)
{
        GError *local = NULL;

        cursor->has = c->store->backend->rows_next(cursor->rows, cursor->cells, &cursor->n, &local);
        if (local == NULL)
                return true;
        g_propagate_error(error, local);
        return false;
}

static int row_compare(const Cursor *a, const Cursor *b, int *ret_column)
{
        for (int i = 0; i < MIN(a->n, b->n); i++) {
                int order = cell_compare(&a->cells[i], &b->cells[i]);

                *ret_column = i;
                if (order != 0)
                        return order;
        }
        return 0;
}

static void report_row(Checking *c, const TableFacts *table, const Cursor *row, const char *message)
{
        g_autofree char *where = row_name(table, row->cells);

        report(c, where, message);
}

static void report_cell(Checking *c, const TableFacts *table, const Cursor *stored, const Cursor *replayed,
                        int column)
{
        g_autofree char *where = row_name(table, stored->cells);
        g_autoptr(GString) text = g_string_new("stored ");

        cell_show(text, &stored->cells[column]);
        g_string_append(text, ", by the log ");
        cell_show(text, &replayed->cells[column]);
        report(c, where, text->str);
}

/* Both cursors give rows in the order of their keys: a row whose key the other lacks is surplus or missing. */
static bool rows_compare(Checking *c, const TableFacts *table, Cursor *stored, Cursor *replayed,
                         GError **error)
{
        enum { REPORTED_MAX = 100 };
        int reported = 0;

        if (!cursor_next(c, stored, error) || !cursor_next(c, replayed, error))
                return false;
        while ((stored->has || replayed->has) && reported < REPORTED_MAX) {
                int column = 0;
                int order = !stored->has ? 1 : !replayed->has ? -1 : row_compare(stored, replayed, &column);
                bool same_key = stored->has && replayed->has && (order == 0 || column >= table->keys);

                if (same_key && order != 0)
                        report_cell(c, table, stored, replayed, column);
                else if (order < 0)
                        report_row(c, table, stored, "the row does not follow from the log");
                else if (order > 0)
                        report_row(c, table, replayed, "the row is missing");
                reported += order != 0;
                if (!progress_step(&c->stage, 1, error))
                        return false;
                if ((same_key || order < 0) && !cursor_next(c, stored, error))
                        return false;
                if ((same_key || order > 0) && !cursor_next(c, replayed, error))
                        return false;
        }
        return true;
}

static bool table_compare(Checking *c, int number, const TableFacts *table, GError **error)
{
        const StoreBackend *backend = c->store->backend;
        Cursor stored = { 0 }, replayed = { 0 };
        bool ok;

        stored.rows = backend->rows_open(c->view, c->log.no, number, error);
        if (stored.rows == NULL)
                return false;
        replayed.rows = backend->rows_open(store_sqlite.writer(c->scratch), c->again.no, number, error);
        ok = replayed.rows != NULL && rows_compare(c, table, &stored, &replayed, error);
        backend->rows_close(stored.rows);
        backend->rows_close(replayed.rows);
        return ok;
}

static bool tables_compare(Checking *c, GError **error)
{
        TableFacts table;

        c->stage = progress_begin(c->progress, "comparing", "rows", 0);
        for (int number = 0;; number++) {
                table.name = c->store->backend->table_name(number, &table.keys);
                if (table.name == NULL)
                        break;
                if (!table_compare(c, number, &table, error))
                        return false;
        }
        if (c->again.items != c->log.items)
                report(c, NULL, "the number of the next item does not follow from the log");
        return true;
}

/* ---- Blobs ---- */

static bool blob_check(const char *sha256, Seq seq, void *payload, GError **error)
{
        Checking *c = payload;
        g_autofree char *where = g_strdup_printf("blob %s", sha256);
        g_autofree char *named = g_strdup_printf(", commit %" G_GUINT64_FORMAT " names it", seq);
        g_autofree char *message = NULL;
        g_autoptr(GError) why = NULL;
        Digest digest;
        bool intact = false;

        if (!hex_decode(sha256, digest.b, ZW_DIGEST_BYTES, NULL)) {
                c->fn(where, "the name is not a SHA-256", c->payload);
                return true;
        }
        if (!blob_is_intact(c->store, &digest, &intact, &why)) {
                if (!g_error_matches(why, ZW_ERROR, ZW_ERR_NOT_FOUND)) {
                        g_propagate_error(error, g_steal_pointer(&why));
                        return false;
                }
                message = g_strconcat("the content is missing", named, NULL);
        } else if (!intact) {
                message = g_strconcat("the content was altered", named, NULL);
        }
        if (message != NULL)
                c->fn(where, message, c->payload);
        return progress_step(&c->stage, 1, error);
}

bool store_check(Store *store, const Id *log, StoreProblemFn fn, void *payload, Progress *progress,
                 GError **error)
{
        g_auto(Checking) c = { .store = store, .fn = fn, .payload = payload, .progress = progress };
        bool replayed;

        hex_encode(log->b, ZW_ID_BYTES, c.log_hex);
        c.view = store_view_open(store, error);
        if (c.view == NULL || !view_log(c.view, log, &c.log, error) ||
            !store->backend->inspect(c.view, fn, payload, error) || !replay_or_report(&c, &replayed, error))
                return false;
        if (replayed && !tables_compare(&c, error))
                return false;
        c.stage = progress_begin(progress, "checking attachments", "files", 0);
        return store->backend->blob_read(c.view, c.log.no, blob_check, &c, error);
}
