/* Of the log: commits, what was decided about findings, where it stands, and how fresh the feeds are. */
#include "report/query_internal.h"

/* False when a failure stopped the query. */
static bool commit_of(Query *query, Seq seq, CommitRecord *ret_record)
{
        const Records *records = query->context->records;

        *ret_record = (CommitRecord){ 0 };
        if (records->commit == NULL || records->commit(records->payload, seq, ret_record, &query->error))
                return true;
        query->stopped = true;
        return false;
}

/* ---- log ---- */

enum { LOG_COMMIT, LOG_TIME, LOG_PERSON, LOG_ORIGIN, LOG_MESSAGE, LOG_OPERATIONS, LOG_EDITORIAL, LOG_N };

static const QueryField log_fields[LOG_N] = {
        [LOG_COMMIT] = { "commit", CELL_NUMBER },     [LOG_TIME] = { "time", CELL_TIME },
        [LOG_PERSON] = { "person", CELL_TEXT },       [LOG_ORIGIN] = { "origin", CELL_WORD },
        [LOG_MESSAGE] = { "message", CELL_TEXT },     [LOG_OPERATIONS] = { "operations", CELL_NUMBER },
        [LOG_EDITORIAL] = { "editorial", CELL_FLAG },
};

static void log_row(Query *query, const CommitRecord *commit)
{
        fill_clear(query);
        fill_number(query, LOG_COMMIT, (gint64)commit->seq);
        fill_time(query, LOG_TIME, commit->time);
        fill_text(query, LOG_PERSON, commit->person);
        fill_text(query, LOG_ORIGIN, commit->origin);
        fill_text(query, LOG_MESSAGE, commit->message);
        fill_number(query, LOG_OPERATIONS, commit->operations);
        fill_number(query, LOG_EDITORIAL, commit->editorial);
        (void)fill_emit(query);
}

/* Newest first, so that a table with a limit shows what happened last. */
static void log_run(Query *query)
{
        const QueryContext *context = query->context;
        const Records *records = context->records;
        Seq first = 1, last = 0;

        if (records->span != NULL && !records->span(records->payload, context->period.from,
                                                    context->period.to, &first, &last, &query->error)) {
                query->stopped = true;
                return;
        }
        for (Seq seq = last; seq >= first && seq > 0 && !query->stopped; seq--) {
                CommitRecord commit;

                if (commit_of(query, seq, &commit))
                        log_row(query, &commit);
        }
}

const QueryDef report_query_log = { "log", false, log_fields, LOG_N, log_run };

/* ---- triage: findings that came into a state in the period ---- */

enum {
        TRIAGE_TIME,
        TRIAGE_FINDING,
        TRIAGE_VULNERABILITY,
        TRIAGE_WAS,
        TRIAGE_NOW,
        TRIAGE_PERSON,
        TRIAGE_REASON,
        TRIAGE_COMMIT,
        TRIAGE_N
};

static const QueryField triage_fields[TRIAGE_N] = {
        [TRIAGE_TIME] = { "time", CELL_TIME },
        [TRIAGE_FINDING] = { "finding", CELL_STEP },
        [TRIAGE_VULNERABILITY] = { "vulnerability", CELL_TEXT },
        [TRIAGE_WAS] = { "was", CELL_WORD },
        [TRIAGE_NOW] = { "now", CELL_WORD },
        [TRIAGE_PERSON] = { "person", CELL_TEXT },
        [TRIAGE_REASON] = { "reason", CELL_TEXT },
        [TRIAGE_COMMIT] = { "commit", CELL_NUMBER },
};

static const MetricChange *change_at(const GArray *changes, guint i)
{
        return &g_array_index(changes, MetricChange, i);
}

/* Newest first; of one commit by finding. */
static int triage_order(gconstpointer a, gconstpointer b, gpointer data)
{
        const MetricChange *x = change_at(data, *(const guint *)a), *y = change_at(data, *(const guint *)b);

        if (x->seq != y->seq)
                return x->seq > y->seq ? -1 : 1;
        return x->finding < y->finding ? -1 : x->finding > y->finding;
}

static void triage_row(Query *query, const GArray *changes, guint i)
{
        const MetricChange *change = change_at(changes, i);
        GraphView view = query->context->view;
        bool first = i == 0 || change_at(changes, i - 1)->finding != change->finding;
        size_t n;
        const char *text = facts_get_text(graph_facts(view, change->finding), ZW_ATTR_VULNERABILITY, &n);
        g_autofree char *vulnerability = text == NULL ? NULL : g_strndup(text, n);
        CommitRecord commit;

        if (!commit_of(query, change->seq, &commit))
                return;
        fill_clear(query);
        fill_time(query, TRIAGE_TIME, change->at);
        fill_step(query, TRIAGE_FINDING, (CellStep){ change->finding, false });
        fill_text(query, TRIAGE_VULNERABILITY, vulnerability);
        fill_text(query, TRIAGE_WAS, first ? NULL : state_def(change_at(changes, i - 1)->state)->name);
        fill_text(query, TRIAGE_NOW, state_def(change->state)->name);
        fill_text(query, TRIAGE_PERSON, commit.person);
        fill_text(query, TRIAGE_REASON, commit.message);
        fill_number(query, TRIAGE_COMMIT, (gint64)change->seq);
        (void)fill_emit(query);
}

static void triage_run(Query *query)
{
        const QueryContext *context = query->context;
        const Records *records = context->records;
        const GArray *changes = records->changes == NULL ? NULL
                                                         : records->changes(records->payload, &query->error);
        g_autoptr(GArray) order = g_array_new(FALSE, FALSE, sizeof(guint));

        query->stopped = query->stopped || query->error != NULL;
        if (changes == NULL)
                return;
        for (guint i = 0; i < changes->len; i++)
                if (change_at(changes, i)->at > context->period.from &&
                    change_at(changes, i)->at <= context->period.to &&
                    scope_has_finding(context->view, context->scope, change_at(changes, i)->finding))
                        g_array_append_val(order, i);
        g_array_sort_with_data(order, triage_order, (gpointer)(uintptr_t)changes);
        for (guint i = 0; i < order->len && !query->stopped; i++)
                triage_row(query, changes, g_array_index(order, guint, i));
}

const QueryDef report_query_triage = { "triage", false, triage_fields, TRIAGE_N, triage_run };

/* ---- where the log stands ---- */

enum { POSITION_FACT, POSITION_VALUE, POSITION_N };

static const QueryField position_fields[POSITION_N] = {
        [POSITION_FACT] = { "fact", CELL_TEXT },
        [POSITION_VALUE] = { "value", CELL_TEXT },
};

static void position_row(Query *query, const char *fact, const char *value)
{
        if (query->stopped)
                return;
        fill_clear(query);
        fill_text(query, POSITION_FACT, fact);
        fill_text(query, POSITION_VALUE, value);
        if (value == NULL)
                fill_unknown(query, POSITION_VALUE);
        (void)fill_emit(query);
}

static void position_run(Query *query)
{
        const Records *records = query->context->records;
        PositionRecord position = { 0 };
        g_autofree char *commits = g_strdup_printf("%" G_GUINT64_FORMAT, query->context->view.seq);

        if (records->position != NULL && !records->position(records->payload, &position, &query->error)) {
                query->stopped = true;
                return;
        }
        position_row(query, "Log", position.log);
        position_row(query, "Commits up to this report", commits);
        position_row(query, "Merkle root over them (RFC 6962)", position.root);
}

const QueryDef report_query_position = { "position", false, position_fields, POSITION_N, position_run };

/* ---- feeds ---- */

enum { FEEDS_SOURCE, FEEDS_STATE, FEEDS_RECORDS, FEEDS_NEWEST, FEEDS_AGE, FEEDS_N };

static const QueryField feeds_fields[FEEDS_N] = {
        [FEEDS_SOURCE] = { "source", CELL_TEXT },     [FEEDS_STATE] = { "state", CELL_WORD },
        [FEEDS_RECORDS] = { "records", CELL_NUMBER }, [FEEDS_NEWEST] = { "newest", CELL_TEXT },
        [FEEDS_AGE] = { "age_days", CELL_NUMBER },
};

static bool feeds_row(const SourceRecord *source, void *payload)
{
        Query *query = payload;

        fill_clear(query);
        fill_text(query, FEEDS_SOURCE, source->source);
        fill_text(query, FEEDS_STATE, source->state);
        fill_number(query, FEEDS_RECORDS, source->records);
        fill_text(query, FEEDS_NEWEST, source->newest);
        fill_number(query, FEEDS_AGE, source->age_days);
        if (source->newest == NULL)
                fill_unknown(query, FEEDS_NEWEST);
        if (source->age_days < 0)
                fill_unknown(query, FEEDS_AGE);
        return fill_emit(query);
}

static void feeds_run(Query *query)
{
        const Records *records = query->context->records;

        if (records->sources != NULL && !records->sources(records->payload, feeds_row, query, &query->error))
                query->stopped = true;
}

const QueryDef report_query_feeds = { "feeds", false, feeds_fields, FEEDS_N, feeds_run };
