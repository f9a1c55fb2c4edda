/* One item: read, made, changed, moved, retired. A change says which revision it was made on; when another one is there by now
 * it is refused with both and what both came from, so that a person can choose. */
#include "base/error.h"
#include "base/hash.h"
#include "http/api_write.h"
#include "http/markup.h"

#include <string.h>

/* ---- revisions ---- */

/* The revision of If-Match: `"12"`, `"12-HASH"` as ETag has it, or `*` for any (0). */
static bool match_read(const HttpRequest *request, bool needed, guint64 *ret_rev, GError **error)
{
        const char *field = request->fields[FIELD_IF_MATCH];
        g_autofree char *number = NULL;

        *ret_rev = 0;
        if (field == NULL && needed) {
                error_set(error, ZW_ERR_IF_MATCH, "If-Match",
                          "say which revision this change was made on: If-Match has the ETag of the item");
                return false;
        }
        if (field == NULL || strcmp(field, "*") == 0)
                return true;
        if (field[0] == '"') {
                const char *rest = field + 1 + strspn(field + 1, "0123456789");

                number = g_strndup(field + 1, (gsize)(rest - field - 1));
                if (*rest == '-')
                        rest += 1 + strspn(rest + 1, "0123456789abcdef");
                if (strcmp(rest, "\"") == 0 &&
                    g_ascii_string_to_unsigned(number, 10, 1, G_MAXUINT32, ret_rev, NULL))
                        return true;
        }
        error_set(error, ZW_ERR_USAGE, "If-Match", "this is no ETag of an item: \"12\" or \"12-...\"");
        return false;
}

static json_t *item_input(const RouteCall *call, const char *key, int64_t at)
{
        json_t *input = json_pack("{s:s}", "key", key);

        if (json_object_get(call->input, "project") != NULL)
                json_object_set(input, "project", json_object_get(call->input, "project"));
        if (at > 0)
                json_object_set_new(input, "at", json_sprintf("%" G_GINT64_FORMAT, at));
        return input;
}

/* The item as it is, or was at a commit. */
static json_t *item_load(const RouteCall *call, const char *key, int64_t at, GError **error)
{
        g_autoptr(Json) input = item_input(call, key, at);

        return route_call_with(call, "item.show", input, (ServiceFiles){ NULL, 0 }, error);
}

/* The item at a revision; NULL when it is not known any more. */
static json_t *item_base(const RouteCall *call, const char *key, guint64 rev)
{
        g_autoptr(Json) input = item_input(call, key, 0);
        g_autoptr(Json)
                history = route_call_with(call, "item.history", input, (ServiceFiles){ NULL, 0 }, NULL);
        const json_t *one;
        size_t i;

        json_array_foreach(history, i, one)
        {
                if (jread_get_int(one, "rev", 0) == (int64_t)rev)
                        return item_load(call, key, jread_get_int(one, "commit", 0), NULL);
        }
        return NULL;
}

static bool item_reply(const json_t *item, int status, HttpReply *reply, GError **error)
{
        g_autofree char *rev = g_strdup_printf("%" G_GINT64_FORMAT "-", jread_get_int(item, "rev", 0));

        if (!write_reply(reply, status, item, error))
                return false;
        reply_tag_as(reply, rev);
        return true;
}

bool api_item_show(const RouteCall *call, HttpReply *reply, GError **error)
{
        g_autoptr(Json) item = route_call_json(call, call->route->usecase, error);

        return item != NULL && item_reply(item, 200, reply, error);
}

/* ---- conflicts ---- */

/* RFC 7396 on what a person may change: null takes away, objects are merged, all else is put. */
static void merge_patch(json_t *target, const json_t *patch)
{
        const char *name;
        json_t *value;

        json_object_foreach((json_t *)(uintptr_t)patch, name, value)
        {
                json_t *now = json_object_get(target, name);

                if (json_is_null(value)) {
                        json_object_del(target, name);
                } else if (json_is_object(value)) {
                        if (!json_is_object(now))
                                json_object_set_new(target, name, now = json_object());
                        merge_patch(now, value);
                } else {
                        json_object_set(target, name, value);
                }
        }
}

static void conflict_tell(const RouteCall *call, const char *key, guint64 rev, HttpReply *reply)
{
        g_autoptr(Json) theirs = item_load(call, key, 0, NULL), base = item_base(call, key, rev),
                        yours = NULL;

        yours = base == NULL ? json_object() : json_deep_copy(base);
        merge_patch(yours, call->json);
        reply->extra = json_pack("{s:o?, s:o?, s:o}", "theirs", json_incref(theirs), "base",
                                 json_incref(base), "yours", json_incref(yours));
}

/* ---- changes of one item ---- */

/* One operation on the item of the address, and the item as it is then. */
static bool item_change(const RouteCall *call, json_t *op, bool needs_match, HttpReply *reply, GError **error)
{
        const char *key = jread_get_string(call->input, "key");
        g_autoptr(Json) owned = op, before = NULL, outcome = NULL, item = NULL;
        g_autoptr(GError) why = NULL;
        guint64 rev;

        if (!match_read(call->request, needs_match, &rev, error))
                return false;
        before = item_load(call, key, 0,
                           error); /* an operation on a key that is not there would make an item */
        if (before == NULL)
                return false;
        json_object_set_new(owned, "key", json_string(key));
        if (rev > 0)
                json_object_set_new(owned, "rev", json_integer((json_int_t)rev));
        outcome = write_edit(call, json_pack("[O]", owned), &why);
        if (outcome == NULL) {
                if (g_error_matches(why, ZW_ERROR, ZW_ERR_CONFLICT))
                        conflict_tell(call, key, rev, reply);
                g_propagate_error(error, g_steal_pointer(&why));
                return false;
        }
        if (jread_get_bool(call->input, "dry_run", false))
                return write_reply(reply, 200, outcome, error);
        item = item_load(call, key, jread_get_int(outcome, "commit", 0), error);
        if (item == NULL || !item_reply(item, 200, reply, error))
                return false;
        write_seq(reply, outcome);
        return true;
}

bool api_item_patch(const RouteCall *call, HttpReply *reply, GError **error)
{
        json_t *op = json_pack("{s:s}", "op", "item");

        json_object_update(op, call->json);
        return item_change(call, op, true, reply, error);
}

bool api_item_retire(const RouteCall *call, HttpReply *reply, GError **error)
{
        return item_change(call, json_pack("{s:s}", "op", "retire"), true, reply, error);
}

bool api_item_move(const RouteCall *call, HttpReply *reply, GError **error)
{
        return item_change(call,
                           json_pack("{s:s, s:O}", "op", "transition", "to",
                                     json_object_get(call->json, "to")),
                           false, reply, error);
}

/* ---- a new item ---- */

/* A link from or to the new item, which is the first this changeset makes. */
static bool new_link(json_t *ops, const json_t *given, size_t i, GError **error)
{
        json_t *op = json_pack("{s:s}", "op", "link");
        const bool out = json_object_get(given, "to") != NULL, in = json_object_get(given, "from") != NULL;

        if (out == in) {
                g_autofree char *where = g_strdup_printf("/links/%zu/to", i);

                json_decref(op);
                error_set(error, ZW_ERR_INPUT, where,
                          "a link of a new item names the other end, by to or by from");
                return false;
        }
        json_object_update(op, (json_t *)(uintptr_t)given);
        json_object_set_new(op, out ? "from" : "to", json_pack("{s:i}", "created", 0));
        json_array_append_new(ops, op);
        return true;
}

static json_t *new_ops(const json_t *body, GError **error)
{
        g_autoptr(Json) ops = json_array();
        json_t *op = json_copy((json_t *)(uintptr_t)body);
        const json_t *link;
        size_t i;

        json_object_del(op, "links");
        json_object_set_new(op, "op", json_string("item"));
        /* No item is at revision 0: a key that is taken is a conflict, and not a change of that item. */
        json_object_set_new(op, "rev", json_integer(0));
        json_array_append_new(ops, op);
        json_array_foreach(json_object_get(body, "links"), i, link)
        {
                if (!new_link(ops, link, i, error))
                        return NULL;
        }
        return g_steal_pointer(&ops);
}

/* `operation 3/to` is the second link. */
static void link_place(GError *why)
{
        static const char prefix[] = "operation ";
        const char *where = error_where(why);
        g_autofree char *rest = NULL;
        char *end;
        guint64 number;

        if (where == NULL || !g_str_has_prefix(where, prefix))
                return;
        rest = g_strdup(where + strlen(prefix));
        end = rest + strspn(rest, "0123456789");
        if (*end == '/' || *end == ' ')
                *end++ = '\0';
        if (g_ascii_string_to_unsigned(rest, 10, 2, G_MAXUINT32, &number, NULL))
                error_set_where(why, "/links/%" G_GUINT64_FORMAT "%s%s", number - 2, *end == '\0' ? "" : "/",
                                end);
}

/* Where the new item is: `/api/v1/items/KEY`. */
static void location_set(const RouteCall *call, const char *key, HttpReply *reply)
{
        const char *project = jread_get_string(call->input, "project");
        g_autoptr(Out) out = out_new(ZW_REPLY_BYTES_MAX);

        out_text(out, "/api/v1/items/");
        markup_url(out, key);
        if (project != NULL) {
                out_text(out, "?project=");
                markup_url(out, project);
        }
        reply_header(reply, "Location", out_data(out));
}

bool api_item_new(const RouteCall *call, HttpReply *reply, GError **error)
{
        json_t *ops = new_ops(call->json, error);
        g_autoptr(Json) outcome = NULL, item = NULL;
        g_autoptr(GError) why = NULL;
        const char *key;

        if (ops == NULL)
                return false;
        outcome = write_edit(call, ops, &why);
        if (outcome == NULL) {
                if (g_error_matches(why, ZW_ERROR, ZW_ERR_CONFLICT)) {
                        error_set(error, ZW_ERR_EXISTS, "/key", "there is an item %s already",
                                  jread_get_string(call->json, "key"));
                        return false;
                }
                link_place(why);
                g_propagate_error(error, g_steal_pointer(&why));
                return false;
        }
        if (jread_get_bool(call->input, "dry_run", false))
                return write_reply(reply, 200, outcome, error);
        key = json_string_value(json_array_get(json_object_get(outcome, "keys"), 0));
        if (key == NULL) {
                error_set(error, ZW_ERR_INTERNAL, NULL, "the new item has no key");
                return false;
        }
        item = item_load(call, key, jread_get_int(outcome, "commit", 0), error);
        if (item == NULL || !item_reply(item, 201, reply, error))
                return false;
        write_seq(reply, outcome);
        location_set(call, key, reply);
        return true;
}
