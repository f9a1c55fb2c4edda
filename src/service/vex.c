/* The findings of a project as a VEX document of a format, for others to read. What a document cannot say is told as lost. */
#include "exchange/vex.h"

#include "base/hash.h"
#include "service/filter.h"
#include "service/internal.h"
#include "vuln/purl.h"

enum { STATEMENTS_MOST = 100000 };

typedef struct {
        Call *call;
        GraphView view;
        Filter *filter;
        GHashTable *products; /* key → json_t of the product */
        json_t *statements, *lost;
} Speaking;

static void speaking_clear(Speaking *speaking)
{
        filter_free(speaking->filter);
        g_hash_table_unref(speaking->products);
        json_decref(speaking->statements);
        json_decref(speaking->lost);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Speaking, speaking_clear)

static void lose(Speaking *speaking, const char *where, const char *what)
{
        json_array_append_new(speaking->lost, json_pack("{s:s, s:s}", "where", where, "what", what));
}

/* ---- products ---- */

static json_t *attrs_load(const Speaking *speaking, const char *key, GError **error)
{
        const Call *call = speaking->call;
        g_autoptr(StoreItem) item = store_item_by_key(call->view, &call->project->log, key, call->at, error);
        const char *attrs = item == NULL ? NULL : store_item_rev(item)->attrs;

        return attrs == NULL ? NULL : jread_parse(attrs, strlen(attrs), error);
}

/* A package URL that cannot be read is of no use to others. */
static void purl_check(Speaking *speaking, const char *key, json_t *product)
{
        const char *purl = jread_get_string(product, "purl");
        g_auto(Purl) read = { 0 };

        if (purl == NULL || purl_parse(purl, &read, NULL))
                return;
        json_object_del(product, "purl");
        lose(speaking, key, "its package URL, which is none");
}

/* The names of the component, or of the one that an asset is of. What is installed in another version than the component's is not what
 * its package URL and CPE name. */
static json_t *product_make(Speaking *speaking, ItemNo subject, GError **error)
{
        static const char *const names[] = { "vendor", "product", "version", "part_number", "purl", "cpe" };
        const GraphView view = speaking->view;
        const char *key = graph_key(view, subject), *installed;
        const bool is_asset = graph_kind(view, subject) == ZW_KIND_ASSET;
        const ItemNo component = is_asset ? graph_first(view, subject, GRAPH_OUT, ZW_LINK_INSTANCE_OF)
                                          : subject;
        g_autofree char *id = g_strdup_printf("urn:zonewright:%s:%s", speaking->call->project->key, key);
        g_autoptr(Json) own = attrs_load(speaking, key, error), of = NULL;
        json_t *product;

        if (own == NULL)
                return NULL;
        of = component == ZW_ITEM_NONE ? json_object()
                                       : attrs_load(speaking, graph_key(view, component), error);
        if (of == NULL)
                return NULL;
        product = json_pack("{s:s, s:s, s:s}", "id", id, "key", key, "title", graph_title(view, subject));
        for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
                if (jread_get_string(of, names[i]) != NULL)
                        json_object_set(product, names[i], json_object_get(of, names[i]));
        installed = is_asset ? jread_get_string(own, "installed_version") : NULL;
        if (installed != NULL && g_strcmp0(installed, jread_get_string(of, "version")) != 0) {
                json_object_set_new(product, "version", json_string(installed));
                json_object_del(product, "purl");
                json_object_del(product, "cpe");
        }
        purl_check(speaking, key, product);
        return product;
}

static bool products_add(Speaking *speaking, ItemNo finding, json_t *products, GError **error)
{
        GraphIter iter = graph_iter(speaking->view, finding, GRAPH_OUT, LINK_MASK(ZW_LINK_CONCERNS));
        GraphEdge edge;

        while (graph_next(&iter, &edge)) {
                const char *key = graph_key(speaking->view, edge.other);
                json_t *product = g_hash_table_lookup(speaking->products, key);

                if (product == NULL) {
                        product = product_make(speaking, edge.other, error);
                        if (product == NULL)
                                return false;
                        g_hash_table_insert(speaking->products, g_strdup(key), product);
                }
                json_array_append(products, product);
        }
        return true;
}

/* ---- statements ---- */

static json_t *statement_make(const Speaking *speaking, const ItemRev *rev, const json_t *attrs,
                              json_t *products, GError **error)
{
        const Call *call = speaking->call;
        char time[ZW_INSTANT_TEXT];
        Instant at;

        if (!store_commit_time(call->view, &call->project->log, rev->from_seq, &at, error))
                return NULL;
        instant_format(at, time);
        return json_pack("{s:s, s:s, s:s, s:s, s:s*, s:s*, s:s*, s:s, s:O}", "finding", rev->key, "title",
                         rev->title, "vulnerability", jread_get_string(attrs, "vulnerability"), "state",
                         state_def(rev->state)->name, "rationale", jread_get_string(attrs, "rationale"),
                         "remediation", jread_get_string(attrs, "remediation"), "fix",
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
        if (attrs == NULL || !products_add(speaking, rev->no, products, error))
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
                                      .products = hash_table_new_text(g_free, (GDestroyNotify)json_decref),
                                      .statements = json_array(),
                                      .lost = json_array() };
        VexFormat format;

        if (!vex_format_find(jread_get_string(call->input, "format"), &format, error) ||
            !graph_of_call(call, &pinned, error))
                return false;
        speaking.view = pinned.view;
        if (q != NULL && q[0] != '\0') {
                speaking.filter = filter_new(call, q, error);
                if (speaking.filter == NULL)
                        return false;
        }
        return store_each_item(call->view, &call->project->log, call->at, finding_see, &speaking, error) &&
               answer_write(&speaking, format, w, error);
}
