/* The findings of a project as a VEX document of a format, for others to read. What a document cannot say is told as lost. */
#include "service/findings/vex.h"

#include "exchange/vex.h"
#include "service/lists/filter.h"

enum { STATEMENTS_MOST = 100000 };

typedef struct {
        Call *call;
        Filter *filter;
        VexProducts products;
        GHashTable *times; /* of commits, as text: many findings are of one, and one may be large */
        json_t *statements, *lost;
} Speaking;

static void speaking_clear(Speaking *speaking)
{
        filter_free(speaking->filter);
        vex_products_clear(&speaking->products);
        g_hash_table_unref(speaking->times);
        json_decref(speaking->statements);
        json_decref(speaking->lost);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Speaking, speaking_clear)

static void lose(Speaking *speaking, const char *where, const char *what)
{
        json_array_append_new(speaking->lost, json_pack("{s:s, s:s}", "where", where, "what", what));
}

/* ---- statements ---- */

/* When the commit was made; borrowed. */
static const char *time_of(const Speaking *speaking, Seq seq, GError **error)
{
        const Call *call = speaking->call;
        const gpointer key = (gpointer)(uintptr_t)seq;
        char *text = g_hash_table_lookup(speaking->times, key);
        Instant at;

        if (text != NULL)
                return text;
        if (!store_commit_time(call->view, &call->project->log, seq, &at, error))
                return NULL;
        text = g_malloc(ZW_INSTANT_TEXT);
        instant_format(at, text);
        g_hash_table_insert(speaking->times, key, text);
        return text;
}

static json_t *statement_make(const Speaking *speaking, const ItemRev *rev, const json_t *attrs,
                              json_t *products, GError **error)
{
        const char *time = time_of(speaking, rev->from_seq, error);

        return time == NULL ? NULL
                            : json_pack("{s:s, s:s, s:s, s:s, s:s*, s:s*, s:s*, s:s, s:O}", "finding",
                                        rev->key, "title", rev->title, "vulnerability",
                                        jread_get_string(attrs, "vulnerability"), "state",
                                        state_def(rev->state)->name, "rationale",
                                        jread_get_string(attrs, "rationale"), "remediation",
                                        jread_get_string(attrs, "remediation"), "fix",
                                        jread_get_string(attrs, "fix"), "time", time, "products", products);
}

static bool finding_see(const ItemRev *rev, void *payload, GError **error)
{
        Speaking *speaking = payload;
        g_autoptr(Json) attrs = NULL, products = NULL;
        json_t *statement;

        if (rev->kind != ZW_KIND_FINDING || (state_def(rev->state)->flags & STATE_RETIRED) != 0 ||
            (speaking->filter != NULL && !filter_fits(speaking->filter, rev)))
                return true;
        if (json_array_size(speaking->statements) == STATEMENTS_MOST) {
                error_set(error, ZW_ERR_LIMIT, "/q", "more than %d findings fit: name fewer",
                          STATEMENTS_MOST);
                return false;
        }
        attrs = jread_parse(rev->attrs, strlen(rev->attrs), error);
        products = json_array();
        if (attrs == NULL || !vex_products_add(&speaking->products, rev->no, products, error))
                return false;
        if (jread_get_string(attrs, "vulnerability") == NULL)
                lose(speaking, rev->key, "the finding, which names no vulnerability");
        else if (json_array_size(products) == 0)
                lose(speaking, rev->key, "the finding, which concerns nothing");
        else {
                statement = statement_make(speaking, rev, attrs, products, error);
                return statement != NULL && json_array_append_new(speaking->statements, statement) == 0;
        }
        return true;
}

/* ---- the use case ---- */

static bool answer_write(const Speaking *speaking, VexFormat format, JWrite *w, GError **error)
{
        const Call *call = speaking->call;
        VexDocument document = { .project = call->project->key,
                                 .title = call->project->title,
                                 .commit = call->at,
                                 .statements = speaking->statements,
                                 .lost = speaking->lost };
        g_autoptr(Json) made = NULL;

        if (!store_commit_time(call->view, &call->project->log, call->at, &document.time, error))
                return false;
        made = vex_write(format, &document);
        jwrite_object_begin(w);
        jwrite_key_string(w, "format", vex_format_name(format));
        jwrite_key_int(w, "commit", (int64_t)call->at);
        jwrite_key_int(w, "statements", (int64_t)json_array_size(speaking->statements));
        jwrite_key_json(w, "lost", speaking->lost);
        jwrite_key_json(w, "document", made);
        jwrite_object_end(w);
        return true;
}

bool usecase_vex_export(Call *call, JWrite *w, GError **error)
{
        const char *q = jread_get_string(call->input, "q");
        g_auto(PinnedGraph) pinned = { 0 };
        g_auto(Speaking) speaking = { .call = call,
                                      .times = g_hash_table_new_full(NULL, NULL, NULL, g_free),
                                      .statements = json_array(),
                                      .lost = json_array() };
        VexFormat format;

        if (!vex_format_find(jread_get_string(call->input, "format"), &format, error) ||
            !graph_of_call(call, &pinned, error))
                return false;
        speaking.products = vex_products_begin(call, pinned.view, speaking.lost);
        if (q != NULL && q[0] != '\0') {
                speaking.filter = filter_new(call, q, error);
                if (speaking.filter == NULL)
                        return false;
        }
        return store_each_item(call->view, &call->project->log, call->at, finding_see, &speaking, error) &&
               answer_write(&speaking, format, w, error);
}
