/* The advisory that goes out, as CSAF 2.0 (`psirt.advisory`; docs/psirt.md). It is made anew each time from the document item, its
 * revisions and the findings it concerns, and handed out only when our own reader finds nothing wrong with it. */
#include "base/fd.h"
#include "base/hash.h"
#include "exchange/csaf_advisory.h"
#include "service/findings/vex.h"
#include "service/interchange/reading.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

typedef struct {
        Call *call;
        GraphView view;
        ItemNo document;
        VexProducts products;
        GHashTable *fixes; /* `VULNERABILITY PRODUCT VERSION` that a statement says to be repaired */
        json_t *attrs;     /* of the document */
        json_t *body;      /* text of the document, or NULL */
        json_t *revisions, *statements, *lost;
} Advising;

static void advising_clear(Advising *advising)
{
        vex_products_clear(&advising->products);
        g_clear_pointer(&advising->fixes, g_hash_table_unref);
        json_decref(advising->attrs);
        json_decref(advising->body);
        json_decref(advising->revisions);
        json_decref(advising->statements);
        json_decref(advising->lost);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Advising, advising_clear)

/* ---- revisions ---- */

typedef struct {
        char *message;
        Instant time;
} Made;

static bool made_see(const StoreCommit *commit, void *payload, GError **error G_GNUC_UNUSED)
{
        Made *made = payload;

        made->message = g_strdup(commit->message);
        made->time = commit->time;
        return true;
}

/* Adds the number that the document had in this revision, with the time and the message of the commit, unless it is the last one. */
static bool revision_add(Advising *advising, const ItemRev *rev, GError **error)
{
        Call *call = advising->call;
        g_autoptr(Json) attrs = jread_parse(rev->attrs, strlen(rev->attrs), error);
        const size_t n = json_array_size(advising->revisions);
        const char *number = jread_get_string(attrs, "revision"),
                   *last = n == 0 ? NULL
                                  : jread_get_string(json_array_get(advising->revisions, n - 1), "number");
        g_autofree char *message = NULL;
        char time[ZW_INSTANT_TEXT];
        Made made = { 0 };

        if (attrs == NULL || number == NULL || g_strcmp0(number, last) == 0)
                return attrs != NULL;
        if (!store_each_commit(call->view, &call->project->log, rev->from_seq, rev->from_seq, made_see, &made,
                               error))
                return false;
        message = made.message;
        instant_format(made.time, time);
        json_array_append_new(advising->revisions,
                              json_pack("{s:s, s:s, s:s}", "date", time, "number", number, "summary",
                                        message == NULL || message[0] == '\0' ? "Revised" : message));
        return true;
}

/* A number was issued when the document was first approved with it; what was written in between is nobody's business. */
static bool revision_see(const ItemRev *rev, void *payload, GError **error)
{
        Advising *advising = payload;
        const bool approved = (state_def(rev->state)->flags & STATE_APPROVED) != 0;

        return rev->from_seq > advising->call->at || !approved || revision_add(advising, rev, error);
}

/* The draft of a number that was not issued yet comes last. */
static bool draft_add(Advising *advising, GError **error)
{
        const Call *call = advising->call;
        g_autoptr(StoreItem)
                item = store_item_by_no(call->view, &call->project->log, advising->document, call->at, error);

        return item != NULL && revision_add(advising, store_item_rev(item), error);
}

static bool revisions_load(Advising *advising, GError **error)
{
        Call *call = advising->call;

        if (!store_each_revision(call->view, &call->project->log, advising->document, revision_see, advising,
                                 error) ||
            !draft_add(advising, error))
                return false;
        if (json_array_size(advising->revisions) > 0)
                return true;
        error_set(error, ZW_ERR_STATE, graph_key(advising->view, advising->document),
                  "an advisory has a revision: set it to 1");
        return false;
}

/* ---- statements ---- */

static json_t *attrs_of(const Advising *advising, ItemNo no, json_t **ret_body, GError **error)
{
        const Call *call = advising->call;
        g_autoptr(StoreItem) item = store_item_by_no(call->view, &call->project->log, no, call->at, error);
        const ItemRev *rev = item == NULL ? NULL : store_item_rev(item);
        json_t *attrs = rev == NULL ? NULL : jread_parse(rev->attrs, strlen(rev->attrs), error);

        if (attrs != NULL && ret_body != NULL)
                *ret_body = rev->body == NULL || rev->body[0] == '\0' ? NULL : json_string(rev->body);
        return attrs;
}

/* What a product is called beside its version; free it. */
static char *name_of(const json_t *product)
{
        const char *vendor = jread_get_string(product, "vendor"),
                   *name = jread_get_string(product, "product");

        return g_strdup_printf("%s %s", vendor == NULL ? "" : vendor,
                               name == NULL ? jread_get_string(product, "title") : name);
}

/* A product beside one of the project, number `at` of the finding's: other versions of the same. */
static json_t *sibling_make(const Advising *advising, ItemNo finding, const json_t *of, size_t at,
                            const char *sort, const char *member, const char *version)
{
        const char *key = graph_key(advising->view, finding), *vendor = jread_get_string(of, "vendor"),
                   *name = jread_get_string(of, "product");
        g_autofree char *what = at == 0 ? g_strdup(sort) : g_strdup_printf("%s:%zu", sort, at + 1),
                        *id = g_strdup_printf("urn:zonewright:%s:%s:%s", advising->call->project->key, key,
                                              what),
                        *product_id = g_strdup_printf("%s:%s", key, what),
                        *title = g_strdup_printf("%s %s", name == NULL ? jread_get_string(of, "title") : name,
                                                 version);

        return json_pack("{s:s, s:s, s:s, s:s*, s:s*, s:s}", "id", id, "key", product_id, "title", title,
                         "vendor", vendor, "product", name, member, version);
}

/* What the team decided is told; why it works on it as it does is not, but for what is not affected. */
static json_t *statement_make(const Advising *advising, ItemNo finding, const json_t *attrs, json_t *products)
{
        const GraphView view = advising->view;
        const char *state = state_def(graph_state(view, finding))->name,
                   *vulnerability = jread_get_string(attrs, "vulnerability"),
                   *fixed_in = jread_get_string(attrs, "fixed_in"),
                   *remediation = jread_get_string(attrs, "remediation"),
                   *reported = jread_get_string(attrs, "reported");
        const json_t *last = json_array_get(advising->revisions, json_array_size(advising->revisions) - 1);
        g_autofree char *update = fixed_in == NULL ? NULL
                                                   : g_strdup_printf("Update to version %s.", fixed_in),
                        *discovered = reported == NULL ? NULL
                                                       : g_strdup_printf("%.10sT00:00:00.000Z", reported);

        return json_pack("{s:s, s:s, s:s, s:s, s:s*, s:s*, s:s*, s:O, s:O, s:s*, s:s*, s:O*}", "finding",
                         graph_key(view, finding), "title", graph_title(view, finding), "vulnerability",
                         vulnerability == NULL ? graph_key(view, finding) : vulnerability, "state", state,
                         "rationale",
                         strcmp(vex_status(state), "not_affected") == 0 ? jread_get_string(attrs, "rationale")
                                                                        : NULL,
                         "remediation", remediation == NULL ? update : remediation, "fix",
                         fixed_in == NULL ? jread_get_string(attrs, "fix") : "available", "time",
                         json_object_get(last, "date"), "products", products, "cvss",
                         jread_get_string(attrs, "cvss"), "discovered", discovered, "cwes",
                         json_object_get(attrs, "cwes"));
}

/* The version that repairs it, said once for each product. */
static void fix_add(Advising *advising, ItemNo finding, const json_t *statement, size_t at,
                    const char *version)
{
        const json_t *of = json_array_get(json_object_get(statement, "products"), at);
        g_autofree char *product = name_of(of),
                        *name = g_strdup_printf("%s %s %s", jread_get_string(statement, "vulnerability"),
                                                product, version);
        g_autoptr(Json) products = NULL;
        json_t *fixed;

        if (!g_hash_table_add(advising->fixes, g_steal_pointer(&name)))
                return;
        products = json_pack("[o]", sibling_make(advising, finding, of, at, "fixed", "version", version));
        fixed = json_copy((json_t *)(uintptr_t)statement);
        json_object_set_new(fixed, "state", json_string("fixed"));
        json_object_set(fixed, "products", products);
        json_object_del(fixed, "cvss");
        json_array_append_new(advising->statements, fixed);
}

/* The affected versions into `into`, once for each of the first `n` products, which are those of the project. */
static void affected_add(Advising *advising, ItemNo finding, const json_t *products, size_t n,
                         const char *range, json_t *into)
{
        g_autoptr(GHashTable) told = hash_table_new_text(g_free, NULL);

        for (size_t i = 0; i < n; i++)
                if (g_hash_table_add(told, name_of(json_array_get(products, i))))
                        json_array_append_new(into,
                                              sibling_make(advising, finding, json_array_get(products, i), i,
                                                           "affected", "range", range));
}

/* That the finding is fixed is said of the product as it is now: who has a version that is affected has it still. */
static void still_affected_add(Advising *advising, json_t *statement, json_t *versions)
{
        json_t *still = json_copy(statement);

        json_object_set_new(still, "state", json_string(state_def(ZW_STATE_IN_PROGRESS)->name));
        json_object_set(still, "products", versions);
        json_array_append_new(advising->statements, still);
        json_object_del(statement, "cvss");
}

static bool finding_add(Advising *advising, ItemNo finding, GError **error)
{
        const bool fixed = strcmp(vex_status(state_def(graph_state(advising->view, finding))->name),
                                  "fixed") == 0;
        g_autoptr(Json) attrs = attrs_of(advising, finding, NULL, error), products = json_array(),
                        versions = json_array(), statement = NULL;
        const char *affected = jread_get_string(attrs, "affected"),
                   *fixed_in = jread_get_string(attrs, "fixed_in");
        size_t n;

        if (attrs == NULL || !vex_products_add(&advising->products, finding, products, error))
                return false;
        n = json_array_size(products);
        if (n == 0) {
                json_array_append_new(advising->lost,
                                      json_pack("{s:s, s:s}", "where", graph_key(advising->view, finding),
                                                "what", "the finding, which concerns no product"));
                return true;
        }
        if (affected != NULL)
                affected_add(advising, finding, products, n, affected, fixed ? versions : products);
        statement = statement_make(advising, finding, attrs, products);
        if (jread_get_string(advising->attrs, "uri") != NULL)
                json_object_set(statement, "url", json_object_get(advising->attrs, "uri"));
        json_array_append(advising->statements, statement);
        if (json_array_size(versions) > 0)
                still_affected_add(advising, statement, versions);
        for (size_t i = 0; fixed_in != NULL && i < n; i++)
                fix_add(advising, finding, statement, i, fixed_in);
        return true;
}

static bool findings_add(Advising *advising, GError **error)
{
        GraphIter iter = graph_iter(advising->view, advising->document, GRAPH_OUT,
                                    LINK_MASK(ZW_LINK_CONCERNS));
        GraphEdge edge;

        while (graph_next(&iter, &edge))
                if (graph_is_live(advising->view, edge.other) &&
                    graph_kind(advising->view, edge.other) == ZW_KIND_FINDING &&
                    !finding_add(advising, edge.other, error))
                        return false;
        if (json_array_size(advising->statements) > 0)
                return true;
        error_set(error, ZW_ERR_STATE, graph_key(advising->view, advising->document),
                  "the advisory concerns no finding of a product, so it has nothing to say");
        return false;
}

/* ---- the document ---- */

/* Who publishes is the vendor of the first product that names one, else who the project is of. */
static const char *publisher_of(const Advising *advising)
{
        const json_t *statement, *product;
        size_t i, j;

        json_array_foreach(advising->statements, i, statement)
                json_array_foreach(json_object_get(statement, "products"), j,
                                   product) if (jread_get_string(product, "vendor") !=
                                                NULL) return jread_get_string(product, "vendor");
        return advising->call->project->title;
}

/* The site of the address, which is the publisher's. */
static char *namespace_of(const Advising *advising)
{
        const char *uri = jread_get_string(advising->attrs, "uri"),
                   *host = uri == NULL ? NULL : strstr(uri, "://");
        const char *path = host == NULL ? NULL : strchr(host + 3, '/');

        if (host == NULL)
                return g_strdup_printf("urn:zonewright:%s", advising->call->project->key);
        return path == NULL ? g_strdup(uri) : g_strndup(uri, (gsize)(path - uri));
}

static json_t *document_make(Advising *advising, const char *tracking)
{
        g_autofree char *namespace = namespace_of(advising);
        const CsafAdvisory advisory = {
                .id = tracking,
                .title = graph_title(advising->view, advising->document),
                .summary = advising->body == NULL ? NULL : json_string_value(advising->body),
                .url = jread_get_string(advising->attrs, "uri"),
                .publisher = publisher_of(advising),
                .namespace = namespace,
                .final = graph_is_approved(advising->view, advising->document),
                .revisions = advising->revisions,
                .statements = advising->statements,
                .lost = advising->lost,
        };

        return csaf_advisory_write(&advisory);
}

/* Our own reader looks at it as at anybody's: in its sandbox, with all tests. Gives what fails optional ones, a new array; NULL where a
 * mandatory one fails. */
static json_t *document_check(const json_t *document, const char *name, GError **error)
{
        g_auto(Fd) fd = memfd_create("advisory", MFD_CLOEXEC);
        const ServiceFile file = { name, fd };
        g_autoptr(WorkerResult) result = NULL;
        const json_t *problem;
        size_t n;

        if (fd < 0 || json_dumpfd(document, fd, JSON_COMPACT | JSON_REAL_PRECISION(15)) != 0 ||
            lseek(fd, 0, SEEK_SET) != 0) {
                error_set(error, ZW_ERR_STORAGE, name, "cannot be written: %s", g_strerror(errno));
                return NULL;
        }
        result = reading_run(&file, "csaf", NULL, true, NULL, error);
        if (result == NULL)
                return NULL;
        n = json_array_size(result->problems);
        if (n == 0)
                return json_incref(result->warnings);
        problem = json_array_get(result->problems, 0);
        error_set(error, ZW_ERR_INPUT, jread_get_string(problem, "where"),
                  "the advisory would not be valid: %s; %zu more", jread_get_string(problem, "message"),
                  n - 1);
        return NULL;
}

static bool advisory_write(Advising *advising, JWrite *w, GError **error)
{
        const char *tracking = jread_get_string(advising->attrs, "tracking"),
                   *uri = jread_get_string(advising->attrs, "uri");
        g_autofree char *file = csaf_advisory_file(tracking);
        g_autoptr(Json) document = NULL, warnings = NULL;

        if (uri != NULL && !csaf_advisory_url_check(uri, "uri", error))
                return false;
        document = document_make(advising, tracking);
        warnings = document_check(document, file, error);
        if (warnings == NULL)
                return false;
        jwrite_object_begin(w);
        jwrite_key_string(w, "key", graph_key(advising->view, advising->document));
        jwrite_key_string(w, "tracking", tracking);
        jwrite_key_string(w, "file", file);
        jwrite_key_string(w, "status",
                          graph_is_approved(advising->view, advising->document) ? "final" : "draft");
        jwrite_key_int(w, "statements", (int64_t)json_array_size(advising->statements));
        jwrite_key_json(w, "warnings", warnings);
        jwrite_key_json(w, "lost", advising->lost);
        jwrite_key_json(w, "document", document);
        jwrite_object_end(w);
        return true;
}

static bool document_of_call(Advising *advising, GError **error)
{
        if (!call_item(advising->call, advising->view, "key", &advising->document, error))
                return false;
        advising->attrs = attrs_of(advising, advising->document, &advising->body, error);
        if (advising->attrs == NULL)
                return false;
        if (graph_kind(advising->view, advising->document) == ZW_KIND_DOCUMENT &&
            jread_get_string(advising->attrs, "tracking") != NULL)
                return true;
        error_set(error, ZW_ERR_USAGE, "/key", "%s is no advisory: a document with a tracking id",
                  graph_key(advising->view, advising->document));
        return false;
}

bool usecase_psirt_advisory(Call *call, JWrite *w, GError **error)
{
        g_auto(PinnedGraph) pinned = { 0 };
        g_auto(Advising) advising = { .call = call,
                                      .fixes = hash_table_new_text(g_free, NULL),
                                      .revisions = json_array(),
                                      .statements = json_array(),
                                      .lost = json_array() };

        if (!graph_of_call(call, &pinned, error))
                return false;
        advising.view = pinned.view;
        advising.products = vex_products_begin(call, pinned.view, advising.lost);
        return document_of_call(&advising, error) && revisions_load(&advising, error) &&
               findings_add(&advising, error) && advisory_write(&advising, w, error);
}
