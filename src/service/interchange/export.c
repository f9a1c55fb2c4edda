/* The use case `export`: the way back of `import`. Native operations carry everything but the history and the content of
 * attachments. */
#include "service/analyses/risk.h"
#include "service/interchange/export.h"

#include "base/hash.h"
#include "base/near.h"

#include <string.h>

/* ---- what both ways use ---- */

static void written_clear(gpointer data)
{
        g_free(((Written *)data)->name);
}

void export_note(Export *e, const ItemRev *rev, const char *name)
{
        const char *kind = kind_def(rev->kind)->name;
        Written *written;

        if (e->written->len <= rev->no)
                g_array_set_size(e->written, rev->no + 1);
        written = &g_array_index(e->written, Written, rev->no);
        g_free(written->name);
        written->name = g_strdup(name);
        written->subst = rev->subst;
        json_object_set_new(e->counts, kind, json_integer(jread_get_int(e->counts, kind, 0) + 1));
}

const char *export_name(const Export *e, ItemNo no)
{
        return no < e->written->len ? g_array_index(e->written, Written, no).name : NULL;
}

void export_lose(Export *e, const char *where, const char *format, ...)
{
        g_autofree char *text = NULL;
        va_list args;

        va_start(args, format);
        text = g_strdup_vprintf(format, args);
        va_end(args);
        json_array_append_new(e->lost, json_pack("{s:s, s:s}", "where", where, "what", text));
}

/* As of the newest commit a call's instant is now; a file says when its content was made. */
static Instant created_of(const Call *call)
{
        return call->at == call->project->head ? call->project->changed : call->instant;
}

bool export_open(Export *e, json_t *layout, GError **error)
{
        e->open = e->writer->open(e->fd, layout, created_of(e->call), error);
        return e->open != NULL;
}

bool export_put(Export *e, json_t *op, GError **error)
{
        const bool good = e->writer->put(e->open, op, error);

        json_decref(op);
        return good;
}

static void set_parsed(json_t *op, const char *name, const char *text)
{
        json_t *value = text == NULL ? NULL : json_loads(text, JSON_DECODE_ANY, NULL);

        if (value != NULL && (!json_is_object(value) || json_object_size(value) > 0))
                json_object_set(op, name, value);
        json_decref(value);
}

json_t *export_item_op(const ItemRev *rev)
{
        json_t *op = json_pack("{s:s, s:s, s:s, s:s}", "op", "item", "key", rev->key, "kind",
                               kind_def(rev->kind)->name, "title", rev->title);

        if (rev->body[0] != '\0')
                json_object_set_new(op, "body", json_string(rev->body));
        set_parsed(op, "attrs", rev->attrs);
        if (rev->owner != NULL)
                json_object_set_new(op, "owner", json_string(rev->owner));
        set_parsed(op, "tags", rev->tags);
        return op;
}

/* ---- native: items ---- */

/* Whether what the source said last still stands: the members of that revision are those of this one. */
typedef struct {
        const ItemRev *now;
        const char *number;
        bool same;
} AsImported;

static bool compare_rev(const ItemRev *rev, void *payload, GError **error G_GNUC_UNUSED)
{
        AsImported *as = payload;
        g_autofree char *number = g_strdup_printf("%u", rev->rev);

        if (strcmp(number, as->number) == 0)
                as->same = strcmp(rev->title, as->now->title) == 0 && strcmp(rev->body, as->now->body) == 0 &&
                           strcmp(rev->attrs, as->now->attrs) == 0 &&
                           g_strcmp0(rev->owner, as->now->owner) == 0 &&
                           g_strcmp0(rev->tags, as->now->tags) == 0 && rev->order == as->now->order &&
                           g_strcmp0(rev->parent, as->now->parent) == 0;
        return true;
}

/* The source goes along with its revision only where a later import of it may change the item. */
static bool set_source(const Export *e, const ItemRev *rev, json_t *op, GError **error)
{
        AsImported as = { .now = rev };
        json_t *source;

        if (rev->source == NULL)
                return true;
        set_parsed(op, "source", rev->source);
        source = json_object_get(op, "source");
        as.number = jread_get_string(source, "rev");
        if (as.number == NULL)
                return true;
        if (!store_each_revision(e->call->view, &e->call->project->log, rev->no, compare_rev, &as, error))
                return false;
        if (!as.same)
                json_object_del(source, "rev");
        return true;
}

static void lose_attachments(Export *e, const ItemRev *rev)
{
        g_autoptr(Json) list = rev->attachments == NULL ? NULL : json_loads(rev->attachments, 0, NULL);
        const json_t *one;
        size_t i;

        json_array_foreach(list, i, one)
                export_lose(e, rev->key, "the attached file %s", jread_get_string(one, "name"));
}

static bool item_write(const ItemRev *rev, void *payload, GError **error)
{
        Export *e = payload;
        json_t *op;

        if (e->filter != NULL && !filter_fits(e->filter, rev))
                return true;
        op = export_item_op(rev);
        json_object_set_new(op, "state", json_string(state_def(rev->state)->name));
        if (rev->order != 0)
                json_object_set_new(op, "order", json_integer(rev->order));
        if (rev->parent != NULL)
                json_object_set_new(op, "parent", json_string(rev->parent));
        if (!set_source(e, rev, op, error)) {
                json_decref(op);
                return false;
        }
        lose_attachments(e, rev);
        export_note(e, rev, rev->key);
        return export_put(e, op, error);
}

/* ---- native: links, results, settings ---- */

typedef struct {
        Export *e;
        size_t outside;
} LinkWalk;

/* The ends that had a substantive revision since the link was judged. */
static void suspect_write(const Export *e, const LinkRev *rev, json_t *op)
{
        const bool from = rev->judged_from < g_array_index(e->written, Written, rev->from).subst,
                   to = rev->judged_to < g_array_index(e->written, Written, rev->to).subst;
        json_t *ends;

        if (!from && !to)
                return;
        ends = json_array();
        if (from)
                json_array_append_new(ends, json_string("from"));
        if (to)
                json_array_append_new(ends, json_string("to"));
        json_object_set_new(op, "suspect", ends);
}

static bool link_write(const LinkRev *rev, void *payload, GError **error)
{
        LinkWalk *walk = payload;
        Export *e = walk->e;
        const char *from = export_name(e, rev->from), *to = export_name(e, rev->to);
        json_t *op;

        if (from == NULL || to == NULL) {
                walk->outside += from != NULL || to != NULL;
                return true;
        }
        op = json_pack("{s:s, s:s, s:s, s:s}", "op", "link", "from", from, "type",
                       link_type_def(rev->type)->name, "to", to);
        if (rev->as != ZW_AS_NONE)
                json_object_set_new(op, "as", json_string(as_name(rev->as)));
        set_parsed(op, "attrs", rev->attrs);
        suspect_write(e, rev, op);
        e->links++;
        return export_put(e, op, error);
}

static bool links_write(Export *e, GError **error)
{
        LinkWalk walk = { e, 0 };

        if (!store_each_link(e->call->view, &e->call->project->log, e->call->at, link_write, &walk, error))
                return false;
        if (walk.outside > 0)
                export_lose(e, "links", "%zu links to items that are not written", walk.outside);
        return true;
}

static bool result_write(const ResultRev *result, void *payload, GError **error)
{
        Export *e = payload;
        const char *test_case = export_name(e, result->test_case), *run = export_name(e, result->run);
        char at[ZW_INSTANT_TEXT];
        json_t *op;

        if (test_case == NULL || run == NULL)
                return true;
        instant_format(result->at, at);
        op = json_pack("{s:s, s:s, s:s, s:s, s:s}", "op", "result", "case", test_case, "run", run, "status",
                       result_status_name(result->status), "at", at);
        if (result->message != NULL)
                json_object_set_new(op, "message", json_string(result->message));
        e->results++;
        return export_put(e, op, error);
}

static bool setting_write(Export *e, const char *name, GError **error)
{
        g_autofree char *value = NULL;
        json_t *parsed;

        if (!store_load_setting(e->call->view, &e->call->project->log, name, e->call->at, &value, error))
                return false;
        parsed = value == NULL ? NULL : json_loads(value, JSON_DECODE_ANY, NULL);
        return parsed == NULL ||
               export_put(e, json_pack("{s:s, s:s, s:o}", "op", "setting", "name", name, "value", parsed),
                          error);
}

static bool system_see(const ItemRev *rev, void *payload, GError **error G_GNUC_UNUSED)
{
        GHashTable *systems = payload;
        g_autoptr(Json) source = rev->source == NULL ? NULL : json_loads(rev->source, 0, NULL);
        const char *system = jread_get_string(source, "system");

        if (system != NULL && !g_hash_table_contains(systems, system))
                g_hash_table_add(systems, g_strdup(system));
        return true;
}

static int by_text(gconstpointer a, gconstpointer b)
{
        return strcmp(a, b);
}

/* The settings of the project, and how the sheets were laid out that items came from. */
static bool settings_write(Export *e, GError **error)
{
        g_autoptr(GHashTable) systems = hash_table_new_text(g_free, NULL);
        g_autoptr(GList) names = NULL;

        if (!setting_write(e, "separation_of_duties", error) || !setting_write(e, "dual_approval", error) ||
            !store_each_item(e->call->view, &e->call->project->log, e->call->at, system_see, systems, error))
                return false;
        names = g_list_sort(g_hash_table_get_keys(systems), by_text);
        for (GList *system = names; system != NULL; system = system->next) {
                g_autofree char *name = g_strdup_printf("sheet:%s", (const char *)system->data);

                if (!setting_write(e, name, error))
                        return false;
        }
        return true;
}

/* A version after the one that it replaces. */
static bool risk_methods_write(Export *e, GError **error)
{
        g_autoptr(RiskMethods) methods = risk_methods_of_call(e->call, error);

        for (size_t i = 0; methods != NULL && i < risk_methods_count(methods); i++) {
                g_autofree char *name = g_strconcat("risk_method:",
                                                    risk_method_name(risk_methods_get(methods, i)), NULL);

                if (!setting_write(e, name, error))
                        return false;
        }
        return methods != NULL && setting_write(e, "risk_method", error);
}

/* Before the items, whose states may be theirs. */
static bool workflows_write(Export *e, GError **error)
{
        for (int kind = 0; kind < ZW_KIND_COUNT; kind++) {
                g_autofree char *name = g_strdup_printf("workflow:%s", kind_def((KindId)kind)->name);

                if (!setting_write(e, name, error))
                        return false;
        }
        return true;
}

static bool export_native(Export *e, GError **error)
{
        StoreView *view = e->call->view;
        const Id *log = &e->call->project->log;

        if (!export_open(e, NULL, error) || (e->filter == NULL && !workflows_write(e, error)) ||
            !store_each_item(view, log, e->call->at, item_write, e, error) || !links_write(e, error) ||
            !store_each_result(view, log, e->call->at, result_write, e, error) ||
            (e->filter == NULL && (!settings_write(e, error) || !risk_methods_write(e, error))))
                return false;
        export_lose(e, e->call->project->key, "the history and the comments; a whole project carries them");
        return true;
}

/* ---- the use case ---- */

static const FormatWriter *writer_find(const char *name, GError **error)
{
        const char *known[ZW_FORMAT_COUNT];
        g_autofree char *near = NULL;
        size_t n = 0;

        for (int i = 0; i < ZW_FORMAT_COUNT; i++) {
                const FormatDef *def = format_def((FormatId)i);

                if (def->writer == NULL)
                        continue;
                if (g_strcmp0(def->name, name) == 0)
                        return def->writer;
                known[n++] = def->name;
        }
        near = near_names(name == NULL ? "" : name, known, n);
        error_set(error, ZW_ERR_NAME_UNKNOWN, "/format", "no format \"%s\" is written%s",
                  name == NULL ? "" : name, near);
        return NULL;
}

static void export_clear(Export *e)
{
        if (e->writer != NULL)
                e->writer->free(e->open);
        filter_free(e->filter);
        g_array_unref(e->written);
        json_decref(e->counts);
        json_decref(e->lost);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Export, export_clear)

static void answer_write(JWrite *w, const Export *e, const char *format)
{
        jwrite_object_begin(w);
        jwrite_key_string(w, "format", format);
        jwrite_key_json(w, "items", e->counts);
        jwrite_key_int(w, "links", e->links);
        jwrite_key_int(w, "results", e->results);
        jwrite_key_json(w, "lost", e->lost);
        jwrite_key_int(w, "commit", (int64_t)e->call->at);
        jwrite_object_end(w);
}

bool usecase_export(Call *call, JWrite *w, GError **error)
{
        const char *format = jread_get_string(call->input, "format"),
                   *q = jread_get_string(call->input, "filter");
        g_auto(Export) e = { .call = call,
                             .written = g_array_new(FALSE, TRUE, sizeof(Written)),
                             .counts = json_object(),
                             .lost = json_array() };

        g_array_set_clear_func(e.written, written_clear);
        if (call->files.n != 1) {
                error_set(error, ZW_ERR_USAGE, NULL, "one file to write to is needed");
                return false;
        }
        e.fd = call->files.files[0].fd;
        e.writer = writer_find(format, error);
        if (e.writer == NULL)
                return false;
        if (q != NULL && q[0] != '\0') {
                e.filter = filter_new(call, q, error);
                if (e.filter == NULL)
                        return false;
        }
        if (!(e.writer == &writer_native ? export_native(&e, error) : export_sheet(&e, error)) ||
            !e.writer->finish(e.open, e.lost, error))
                return false;
        answer_write(w, &e, format);
        return true;
}
