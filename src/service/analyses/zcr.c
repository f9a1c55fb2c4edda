/* The work of 62443-3-2, row by row (docs/algorithms/zcr.md). */
#include "analysis/zcr.h"
#include "service/analyses/origins.h"
#include "service/analyses/risk.h"

/* ---- what the graph does not hold ---- */

static void outside_mark(GArray *outside, ItemNo item, uint8_t bits)
{
        if (item >= outside->len)
                g_array_set_size(outside, item + 1);
        g_array_index(outside, uint8_t, item) |= bits;
}

static bool owner_see(const ItemRev *rev, void *payload, GError **error G_GNUC_UNUSED)
{
        if (rev->owner != NULL && rev->owner[0] != '\0')
                outside_mark(payload, rev->no, ZCR_OWNED);
        return true;
}

typedef struct {
        Call *call;
        GArray *outside;
        Seq approved; /* newest commit that a standing approval is of; 0 for none */
} Approvals;

/* A baseline or a report is approved as of the commit that it speaks of, anything else as of when it was signed. */
static Seq approved_as_of(Call *call, const SignatureRev *signature)
{
        g_autoptr(StoreItem)
                item = store_item_by_no(call->view, &call->project->log, signature->item, call->at, NULL);
        const ItemRev *rev = item == NULL ? NULL : store_item_rev(item);
        g_autoptr(Json) attrs = rev == NULL ? NULL : jread_parse(rev->attrs, strlen(rev->attrs), NULL);
        const KindId kind = rev == NULL ? ZW_KIND_COUNT : rev->kind;

        return kind == ZW_KIND_BASELINE ? (Seq)jread_get_int(attrs, "seq", (int64_t)signature->seq)
               : kind == ZW_KIND_REPORT ? (Seq)jread_get_int(attrs, "commit", (int64_t)signature->seq)
                                        : signature->seq;
}

static void approval_see(const SignatureRev *signature, void *payload)
{
        Approvals *approvals = payload;

        outside_mark(approvals->outside, signature->item, ZCR_OWNER_APPROVED);
        approvals->approved = MAX(approvals->approved, approved_as_of(approvals->call, signature));
}

static GArray *outside_of_call(Call *call, Seq *ret_approved, GError **error)
{
        g_autoptr(GArray) outside = g_array_new(FALSE, TRUE, sizeof(uint8_t));
        Approvals approvals = { call, outside, 0 };

        if (!store_each_item(call->view, &call->project->log, call->at, owner_see, outside, error) ||
            !signatures_standing(call, ZW_MEANING_OWNER_APPROVAL, approval_see, &approvals, error))
                return NULL;
        *ret_approved = approvals.approved;
        return g_steal_pointer(&outside);
}

/* ---- what was approved, and what is now ---- */

typedef struct {
        Seq approved;
        unsigned items; /* changed since, but for those that say what was agreed */
} Since;

static bool since_see(const ItemRev *rev, void *payload, GError **error G_GNUC_UNUSED)
{
        Since *since = payload;

        since->items += rev->from_seq > since->approved && rev->kind != ZW_KIND_BASELINE &&
                        rev->kind != ZW_KIND_REPORT && rev->kind != ZW_KIND_REVIEW;
        return true;
}

/* An approval stands for what was approved: the row of it says how far the case has moved on. */
static bool since_say(Call *call, Seq approved, ZcrRow *row, GError **error)
{
        Since since = { approved, 0 };
        g_autofree char *text = row->text;

        row->text = NULL;
        if (!store_each_item(call->view, &call->project->log, call->at, since_see, &since, error))
                return false;
        row->text = since.items == 0 ? g_strdup_printf("%s; nothing has changed since", text)
                                     : g_strdup_printf("%s; %u %s changed since", text, since.items,
                                                       since.items == 1 ? "item has" : "items have");
        return true;
}

static bool rows_say(Call *call, Seq approved, GArray *rows, GError **error)
{
        for (guint i = 0; approved != 0 && i < rows->len; i++) {
                ZcrRow *row = &g_array_index(rows, ZcrRow, i);

                if (strcmp(catalogue_row(row->row)->id, "ZCR 7.1") == 0 &&
                    !since_say(call, approved, row, error))
                        return false;
        }
        return true;
}

/* ---- the answer ---- */

static const char *key_or_null(GraphView view, ItemNo item)
{
        return item == ZW_ITEM_NONE ? NULL : graph_key(view, item);
}

static void missing_write(JWrite *w, GraphView view, const ZcrMissing *missing)
{
        jwrite_object_begin(w);
        jwrite_key_string(w, "item", key_or_null(view, missing->item));
        jwrite_key_string(w, "text", missing->text);
        jwrite_key_string(w, "field", missing->field);
        jwrite_object_end(w);
}

static void row_write(JWrite *w, GraphView view, const ZcrRow *row)
{
        const CatalogueWorkflow *workflow = catalogue_workflow(row->row);

        jwrite_object_begin(w);
        jwrite_key_string(w, "id", catalogue_row(row->row)->id);
        jwrite_key_string(w, "title", catalogue_row(row->row)->title);
        jwrite_key_int(w, "step", workflow->order[0] - '0');
        jwrite_key_string(w, "order", workflow->order);
        jwrite_key_string(w, "clause", workflow->clause);
        jwrite_key_string(w, "input", workflow->input);
        jwrite_key_string(w, "output", workflow->output);
        jwrite_key_string(w, "status", zcr_status_name(row->status));
        jwrite_key_string(w, "text", row->text);
        jwrite_key(w, "missing");
        jwrite_array_begin(w);
        for (guint i = 0; i < row->missing->len; i++)
                missing_write(w, view, &g_array_index(row->missing, ZcrMissing, i));
        jwrite_array_end(w);
        jwrite_key(w, "items");
        jwrite_array_begin(w);
        for (guint i = 0; i < row->items->len; i++)
                jwrite_string(w, graph_key(view, g_array_index(row->items, ItemNo, i)));
        jwrite_array_end(w);
        jwrite_object_end(w);
}

bool usecase_zcr(Call *call, JWrite *w, GError **error)
{
        g_auto(PinnedGraph) pinned = { 0 };
        g_autoptr(GArray) rows = NULL, origins = NULL, outside = NULL;
        g_autoptr(RiskMethods) methods = NULL;
        LintOrigins seen;
        Seq approved = 0;

        if (!graph_of_call(call, &pinned, error))
                return false;
        methods = risk_methods_of_call(call, error);
        origins = methods == NULL ? NULL : origins_of_call(call, error);
        outside = origins == NULL ? NULL : outside_of_call(call, &approved, error);
        if (outside == NULL)
                return false;
        seen = origins_view(origins, methods);
        rows = zcr_find(pinned.view, call->instant, methods,
                        &(ZcrOutside){ (const uint8_t *)outside->data, outside->len, &seen });
        if (!rows_say(call, approved, rows, error))
                return false;
        jwrite_array_begin(w);
        for (guint i = 0; i < rows->len; i++)
                row_write(w, pinned.view, &g_array_index(rows, ZcrRow, i));
        jwrite_array_end(w);
        return true;
}
