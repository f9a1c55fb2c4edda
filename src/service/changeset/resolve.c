/* Native operations, which name items by key or by outside identity, become operations of the log, which name them by id,
 * with every rule of the metamodel checked on the pending tip. */
#include "service/changeset/resolve.h"

#include "base/near.h"

#include <string.h>

/* ---- what the parts use ---- */

static void count_in(json_t *outcome, const char *what, const char *name)
{
        json_t *map = json_object_get(outcome, what);

        if (map == NULL) {
                map = json_object();
                json_object_set_new(outcome, what, map);
        }
        json_object_set_new(map, name, json_integer(jread_get_int(map, name, 0) + 1));
}

void resolver_count(Resolver *r, const char *what, const char *name)
{
        const json_t *file = json_object_get(r->op, "file");
        json_t *files = json_object_get(r->outcome, "files");

        count_in(r->outcome, what, name);
        if (json_is_integer(file) && files != NULL)
                count_in(json_array_get(files, (size_t)json_integer_value(file)), what, name);
}

void resolver_list(Resolver *r, const char *what, json_t *row)
{
        json_t *list = json_object_get(r->outcome, what);

        if (list == NULL) {
                list = json_array();
                json_object_set_new(r->outcome, what, list);
        }
        if (json_object_get(r->op, "where") != NULL)
                json_object_set(row, "where", json_object_get(r->op, "where"));
        else
                json_object_set_new(row, "where", json_string(""));
        json_array_append_new(list, row);
}

void resolver_emit(Resolver *r, Known *altered, json_t *op)
{
        resolver_touch_by(r, op);
        if (altered != NULL)
                altered->altered = true;
        if (r->context->origins != NULL)
                g_array_append_val(r->context->origins, r->op_n);
        if (r->ops != NULL)
                json_array_append(r->ops, op);
        else if (r->failure == NULL && !spill_add_json(r->lines, op, &r->failure))
                g_debug("operations are kept no longer: %s", r->failure->message);
        json_decref(op);
}

static bool name_is_in(const char *name, const char *const *names, size_t n)
{
        for (size_t i = 0; i < n; i++)
                if (strcmp(names[i], name) == 0)
                        return true;
        return false;
}

bool resolver_names_check(const json_t *op, const char *const *names, size_t n, GError **error)
{
        static const char *const added[] = { "where", "file", "complete", "part" };
        const char *name;
        json_t *value;

        json_object_foreach((json_t *)(uintptr_t)op, name, value)
        {
                g_autofree char *near = NULL, *where = NULL;

                if (name_is_in(name, names, n) || name_is_in(name, added, G_N_ELEMENTS(added)))
                        continue;
                near = near_names(name, names, n);
                where = g_strdup_printf("/%s", name);
                error_set(error, ZW_ERR_INPUT, where, "the operation has no member \"%s\"%s", name, near);
                return false;
        }
        return true;
}

bool resolver_is_merge(const Resolver *r, const json_t *named)
{
        return r->context->merge && json_is_object(named);
}

/* ---- refusals ---- */

/* `line 3/attrs/vector`, or `operation 3/attrs/vector` for operations that do not say where they come from. */
static void place_set(const Resolver *r, GError *why)
{
        const char *where = jread_get_string(r->op, "where");
        g_autofree char *place = g_strdup(error_where(why) == NULL ? "" : error_where(why));
        g_autofree char *number = g_strdup_printf("operation %u", r->op_n + 1);

        error_set_where(why, "%s%s%s", where == NULL ? number : where,
                        place[0] == '/' || place[0] == '\0' ? "" : " ", place);
}

/* What is wrong with the call, or with the store, and not with the operation. */
static bool is_fatal(const GError *why)
{
        switch (why->domain == ZW_ERROR ? why->code : (int)ZW_ERR_INTERNAL) {
        case ZW_ERR_INTERNAL:
        case ZW_ERR_STORAGE:
        case ZW_ERR_LOCKED:
        case ZW_ERR_VERSION:
        case ZW_ERR_DAMAGED:
                return true;
        default:
                return false;
        }
}

static void refuse(Resolver *r, const GError *why)
{
        const json_t *source = json_object_get(r->op, "source");
        const char *key = jread_get_string(r->op, "key"), *system = jread_get_string(source, "system"),
                   *id = jread_get_string(source, "id");

        json_array_append_new(r->context->refused,
                              json_pack("{s:s, s:s}", "where", error_where(why), "reason", why->message));
        if (strcmp(jread_get_string(r->op, "op") == NULL ? "" : jread_get_string(r->op, "op"), "item") != 0)
                return;
        if (key != NULL)
                g_hash_table_insert(r->refused, g_strdup(key), g_strdup(error_where(why)));
        if (system != NULL && id != NULL)
                g_hash_table_insert(r->refused, g_strdup_printf("%s\n%s", system, id),
                                    g_strdup(error_where(why)));
}

/* ---- all operations ---- */

static bool resolve_one(Resolver *r, const json_t *op, GError **error)
{
        static const struct {
                const char *op;
                bool (*resolve)(Resolver *r, const json_t *op, GError **error);
        } table[] = { { "item", resolve_item },
                      { "link", resolve_link },
                      { "unlink", resolve_unlink },
                      { "confirm", resolve_confirm },
                      { "defer", resolve_defer },
                      { "retire", resolve_retire },
                      { "transition", resolve_transition },
                      { "decided", resolve_decided },
                      { "result", resolve_result },
                      { "attach", resolve_attach },
                      { "detach", resolve_detach },
                      { "comment", resolve_comment },
                      { "decide", resolve_decide },
                      { "setting", resolve_setting },
                      { "sign", resolve_sign } };
        const char *names[G_N_ELEMENTS(table)], *name = jread_get_string(op, "op");
        g_autofree char *near = NULL;

        for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
                names[i] = table[i].op;
                if (name != NULL && strcmp(name, table[i].op) == 0)
                        return table[i].resolve(r, op, error);
        }
        near = near_names(name == NULL ? "" : name, names, G_N_ELEMENTS(names));
        error_set(error, ZW_ERR_INPUT, "/op", "there is no operation \"%s\"%s", name == NULL ? "" : name,
                  near);
        return false;
}

typedef struct {
        Resolver *r;
        ProgressStage stage;
        guint32 n; /* operations taken */
} Resolving;

static bool op_take(json_t *op, void *resolving, GError **error)
{
        Resolving *at = resolving;
        Resolver *r = at->r;
        GError *why = NULL;

        if (!progress_step(&at->stage, 1, error))
                return false;
        json_decref(r->op);
        r->op = json_incref(op);
        r->op_n = at->n++;
        if (resolve_one(r, op, &why))
                return resolver_cool(r, error);
        place_set(r, why);
        if (r->context->refused == NULL || is_fatal(why)) {
                g_propagate_error(error, why);
                return false;
        }
        refuse(r, why);
        g_error_free(why);
        return resolver_cool(r, error);
}

static bool resolve_all(Resolver *r, const OpSource *native, GError **error)
{
        Resolving resolving = { r, progress_begin(r->context->progress, "checking", "rows", native->n), 0 };

        if (!native->each(native->payload, op_take, &resolving, error) || !resolver_emit_results(r, error) ||
            (r->touched->len > 0 && !resolver_zones_check(r, error)))
                return false;
        if (r->failure == NULL)
                return true;
        g_propagate_error(error, g_steal_pointer(&r->failure));
        return false;
}

/* What becomes of the operations goes to `ops` or to `lines`. */
static bool resolve(const ResolveContext *context, const OpSource *native, json_t *ops, Spill *lines,
                    json_t *outcome, GError **error)
{
        g_autoptr(GHashTable) known = hash_table_new_text(NULL, known_free);
        g_autoptr(GHashTable) sources = hash_table_new_text(g_free, NULL);
        g_autoptr(GHashTable) numbers = hash_table_new_text(NULL, NULL);
        g_autoptr(GHashTable) links = resolver_links_new();
        g_autoptr(GHashTable) runs = hash_table_new_text(g_free, run_lines_free);
        g_autoptr(GHashTable) refused = hash_table_new_text(g_free, g_free);
        g_autoptr(GHashTable)
                workflows = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)workflow_free);
        g_autoptr(GArray) touched = resolver_touched_new(), standing = resolver_standing_new();
        g_autoptr(Spill) members = spill_new();
        g_autoptr(GQueue) warm = g_queue_new();
        Resolver r = { .context = context,
                       .known = known,
                       .sources = sources,
                       .numbers = numbers,
                       .links = links,
                       .runs = runs,
                       .refused = refused,
                       .workflows = workflows,
                       .standing = standing,
                       .ops = ops,
                       .lines = lines,
                       .members = members,
                       .warm = warm,
                       .touched = touched,
                       .outcome = outcome };

        const bool ok = resolve_all(&r, native, error);

        risk_methods_free(r.risk_methods);
        json_decref(r.op);
        g_clear_error(&r.failure);
        return ok;
}

static bool array_each(void *payload, SpillJsonFn take, void *data, GError **error)
{
        const json_t *array = payload;
        json_t *op;
        size_t i;

        json_array_foreach(array, i, op)
        {
                if (!take(op, data, error))
                        return false;
        }
        return true;
}

OpSource op_source_of_array(const json_t *ops)
{
        return (OpSource){ array_each, (void *)(uintptr_t)ops, json_array_size(ops) };
}

json_t *resolve_ops(const ResolveContext *context, const json_t *native, json_t *outcome, GError **error)
{
        const OpSource source = op_source_of_array(native);
        g_autoptr(Json) ops = json_array();

        return resolve(context, &source, ops, NULL, outcome, error) ? g_steal_pointer(&ops) : NULL;
}

Spill *resolve_lines(const ResolveContext *context, const OpSource *native, json_t *outcome, GError **error)
{
        g_autoptr(Spill) lines = spill_new();

        return resolve(context, native, NULL, lines, outcome, error) ? g_steal_pointer(&lines) : NULL;
}
