#include "service/reports/records.h"

#include "service/findings/history.h"
#include "service/analyses/origins.h"
#include "service/operations/operation.h"
#include "service/reports/report.h"
#include "service/analyses/risk.h"

struct CallRecords {
        Call *call;
        GraphView view;
        GArray *origins;
        LintOrigins seen;
        RiskMethods *methods;
        OperationPolicy *policy;
        StoreItem *item; /* the one given last, and its attributes */
        json_t *attrs;
        GArray *changes;     /* of MetricChange; NULL until asked for */
        StorePerson *person; /* who made the commit given last, and what it says */
        char *message;
        char log[ZW_ID_HEX], root[ZW_DIGEST_HEX];
};

CallRecords *records_of_call(Call *call, GraphView view, GError **error)
{
        g_autoptr(CallRecords) records = g_new0(CallRecords, 1);

        records->call = call;
        records->view = view;
        records->methods = risk_methods_of_call(call, error);
        records->policy = records->methods == NULL
                                  ? NULL
                                  : operation_policy_load(call->view, &call->project->log, call->at, error);
        records->origins = records->policy == NULL ? NULL : origins_of_call(call, error);
        if (records->origins == NULL)
                return NULL;
        records->seen = origins_view(records->origins, records->methods);
        return g_steal_pointer(&records);
}

void records_free(CallRecords *records)
{
        if (records == NULL)
                return;
        if (records->origins != NULL)
                g_array_unref(records->origins);
        risk_methods_free(records->methods);
        operation_policy_free(records->policy);
        store_item_free(records->item);
        json_decref(records->attrs);
        if (records->changes != NULL)
                g_array_unref(records->changes);
        store_person_free(records->person);
        g_free(records->message);
        g_free(records);
}

static bool item_give(void *payload, ItemNo item, ItemRecord *ret_record, GError **error)
{
        CallRecords *records = payload;
        Call *call = records->call;
        const ItemRev *rev;

        g_clear_pointer(&records->item, store_item_free);
        g_clear_pointer(&records->attrs, json_decref);
        records->item = store_item_by_no(call->view, &call->project->log, item, call->at, error);
        if (records->item == NULL)
                return false;
        rev = store_item_rev(records->item);
        records->attrs = jread_parse(rev->attrs, strlen(rev->attrs), error);
        if (records->attrs == NULL)
                return false;
        *ret_record = (ItemRecord){ records->attrs, rev->body, rev->owner, rev->from_seq };
        return true;
}

/* ---- signatures ---- */

typedef struct {
        Call *call;
        SignatureRecordFn fn;
        void *payload;
} Giving;

static bool signature_give(const SignatureRev *signature, void *payload, GError **error)
{
        const Giving *giving = payload;
        Call *call = giving->call;
        g_autoptr(StoreItem)
                item = store_item_by_no(call->view, &call->project->log, signature->item, call->at, error);
        /* Whose name is no longer kept is known by the id in the manifest alone. */
        g_autoptr(StorePerson) person = store_load_person(call->view, &signature->person, NULL);
        SignatureRecord record = { .item = signature->item,
                                   .rev = signature->rev,
                                   .meaning = signature->meaning,
                                   .role = signature->role,
                                   .reason = signature->reason,
                                   .person = person == NULL ? NULL : person->full_name,
                                   .time = signature->time };

        if (item == NULL || !signature_stands(call, signature, store_item_rev(item), &record.standing, error))
                return false;
        (void)giving->fn(&record, giving->payload);
        return true;
}

static bool signatures_give(void *payload, SignatureRecordFn fn, void *fn_payload, GError **error)
{
        Call *call = ((CallRecords *)payload)->call;
        Giving giving = { call, fn, fn_payload };

        return store_each_signature(call->view, &call->project->log, ZW_ITEM_NONE, call->at, signature_give,
                                    &giving, error);
}

/* ---- feeds ---- */

/* As `zw feed status` tells it. */
static bool sources_give(void *payload, SourceRecordFn fn, void *fn_payload, GError **error)
{
        enum { ANSWER_MAX = 1 << 20 };
        Call *call = ((CallRecords *)payload)->call;
        g_autoptr(Out) out = out_new(ANSWER_MAX);
        g_autoptr(JWrite) w = jwrite_new(out);
        g_autoptr(Json) answer = NULL;
        const json_t *source;
        size_t i;

        if (!usecase_feed_status(call, w, error))
                return false;
        answer = jread_parse(out_data(out), out_length(out), error);
        if (answer == NULL)
                return false;
        json_array_foreach(answer, i, source)
        {
                const SourceRecord record = { jread_get_string(source, "source"),
                                              jread_get_string(source, "state"),
                                              jread_get_string(source, "newest"),
                                              jread_get_int(source, "records", 0),
                                              jread_get_int(source, "age_days", -1) };

                if (!fn(&record, fn_payload))
                        break;
        }
        return true;
}

/* ---- the log ---- */

static bool span_give(void *payload, Instant from, Instant to, Seq *ret_first, Seq *ret_last, GError **error)
{
        Call *call = ((CallRecords *)payload)->call;
        Seq before, last;

        *ret_first = 1;
        *ret_last = 0;
        if (call->sight != NULL) /* a commit is about more than some zones */
                return true;
        if (!store_seq_at(call->view, &call->project->log, from, &before, error) ||
            !store_seq_at(call->view, &call->project->log, to, &last, error))
                return false;
        *ret_first = before + 1;
        *ret_last = MIN(last, call->at);
        return true;
}

typedef struct {
        CallRecords *records;
        CommitRecord *record;
} CommitGiving;

static bool commit_take(const StoreCommit *commit, void *payload, GError **error G_GNUC_UNUSED)
{
        const CommitGiving *giving = payload;
        CallRecords *records = giving->records;

        g_clear_pointer(&records->person, store_person_free);
        g_free(records->message);
        records->person = store_load_person(records->call->view, &commit->actor, NULL);
        records->message = g_strdup(commit->message);
        *giving->record = (CommitRecord){ .seq = commit->seq,
                                          .time = commit->time,
                                          .person = records->person == NULL ? NULL
                                                                            : records->person->full_name,
                                          .origin = origin_name(commit->origin),
                                          .message = records->message,
                                          .operations = (gint64)json_array_size(commit->ops),
                                          .editorial = commit->editorial };
        return true;
}

static bool commit_give(void *payload, Seq seq, CommitRecord *ret_record, GError **error)
{
        CallRecords *records = payload;
        CommitGiving giving = { records, ret_record };
        Call *call = records->call;

        *ret_record = (CommitRecord){ 0 };
        return store_each_commit(call->view, &call->project->log, seq, seq, commit_take, &giving, error);
}

static bool position_give(void *payload, PositionRecord *ret_record, GError **error)
{
        CallRecords *records = payload;
        Call *call = records->call;

        if (!report_root_of_call(call, records->root, error))
                return false;
        hex_encode(call->project->log.b, sizeof call->project->log.b, records->log);
        *ret_record = (PositionRecord){ records->log, records->root };
        return true;
}

static const GArray *changes_give(void *payload, GError **error)
{
        CallRecords *records = payload;

        if (records->changes == NULL)
                records->changes = history_of_findings(records->call, records->view, error);
        return records->changes;
}

Records records_view(CallRecords *records)
{
        return (Records){ .origins = &records->seen,
                          .methods = records->methods,
                          .policy = records->policy,
                          .item = item_give,
                          .signatures = signatures_give,
                          .sources = sources_give,
                          .span = span_give,
                          .commit = commit_give,
                          .position = position_give,
                          .changes = changes_give,
                          .payload = records };
}
