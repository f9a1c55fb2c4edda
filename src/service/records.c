#include "service/records.h"

#include "service/origins.h"
#include "service/risk.h"

struct CallRecords {
        Call *call;
        GArray *origins;
        LintOrigins seen;
        RiskMethods *methods;
        StoreItem *item; /* the one given last, and its attributes */
        json_t *attrs;
};

CallRecords *records_of_call(Call *call, GError **error)
{
        g_autoptr(CallRecords) records = g_new0(CallRecords, 1);

        records->call = call;
        records->methods = risk_methods_of_call(call, error);
        records->origins = records->methods == NULL ? NULL : origins_of_call(call, error);
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
        store_item_free(records->item);
        json_decref(records->attrs);
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

Records records_view(CallRecords *records)
{
        return (Records){ &records->seen, records->methods, item_give, signatures_give, records };
}
