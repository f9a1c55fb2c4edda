/* A report comes in as a finding (`psirt.intake`), and an advisory begins as a document about findings (`psirt.draft`). */
#include "exchange/csaf_advisory.h"
#include "service/analyses/risk.h"

#include <inttypes.h>

static void link_op(json_t *ops, const char *from, const char *to)
{
        json_array_append_new(ops, json_pack("{s:s, s:s, s:s, s:s}", "op", "link", "from", from, "type",
                                             link_type_def(ZW_LINK_CONCERNS)->name, "to", to));
}

/* The texts of the input that are there, as attributes. */
static void attrs_take(const json_t *input, const char *const *names, json_t *attrs)
{
        for (; *names != NULL; names++)
                if (jread_get_string(input, *names) != NULL)
                        json_object_set(attrs, *names, json_object_get(input, *names));
}

/* Links from the new item to each that the member `where` (a pointer into the input) names, which must be of the kind. */
static bool links_take(const Call *call, GraphView view, const char *where, KindId kind, const char *from,
                       json_t *ops, GError **error)
{
        const json_t *keys = json_object_get(call->input, where + 1), *key;
        size_t i;

        if (json_array_size(keys) == 0) {
                error_set(error, ZW_ERR_USAGE, where, "at least one %s has to be named",
                          kind_def(kind)->name);
                return false;
        }
        json_array_foreach(keys, i, key)
        {
                const char *name = json_is_string(key) ? json_string_value(key) : "";
                ItemNo item;

                if (!graph_find_key(view, name, &item) || !graph_is_live(view, item) ||
                    graph_kind(view, item) != kind) {
                        error_set(error, ZW_ERR_NOT_FOUND, where, "there is no %s %s", kind_def(kind)->name,
                                  name);
                        return false;
                }
                link_op(ops, from, name);
        }
        return true;
}

static bool text_needed(const Call *call, const char *where, GError **error)
{
        const char *text = jread_get_string(call->input, where + 1);

        if (text != NULL && text[0] != '\0')
                return true;
        error_set(error, ZW_ERR_USAGE, where, "%s has to be said", where + 1);
        return false;
}

/* Without a day it was reported today. */
static void reported_set(const Call *call, json_t *attrs)
{
        char today[ZW_INSTANT_TEXT];

        if (json_object_get(attrs, "reported") != NULL)
                return;
        instant_format(call->instant, today);
        today[10] = '\0';
        json_object_set_new(attrs, "reported", json_string(today));
}

static json_t *item_op(const Call *call, const char *key, KindId kind, const char *body, json_t *attrs)
{
        return json_pack("{s:s, s:s, s:i, s:s, s:s, s:s*, s:o}", "op", "item", "key", key, "rev", 0, "kind",
                         kind_def(kind)->name, "title", jread_get_string(call->input, "title"), "body",
                         jread_get_string(call->input, body), "attrs", attrs);
}

static bool made_write(Call *call, JWrite *w, const char *key, json_t *ops, const char *message,
                       GError **error)
{
        jwrite_object_begin(w);
        jwrite_key_string(w, "key", key);
        if (!edit_call(call, ops, message, w, error))
                return false;
        jwrite_object_end(w);
        return true;
}

/* The next of the kind, or that of what the request made before. */
static char *key_new(GraphView view, KindId kind, const json_t *made)
{
        return made != NULL
                       ? g_strdup(json_string_value(json_array_get(made, 0)))
                       : g_strdup_printf("%s-%" PRIu64, kind_def(kind)->prefix, item_next_number(view, kind));
}

bool usecase_psirt_intake(Call *call, JWrite *w, GError **error)
{
        static const char *const names[] = { "vulnerability", "severity", "cvss",       "reporter",
                                             "reported",      "affected", "disclosure", NULL };
        g_auto(PinnedGraph) pinned = { 0 };
        g_autoptr(Json) ops = json_array(), made = NULL;
        g_autofree char *key = NULL;
        json_t *attrs;

        if (!text_needed(call, "/title", error) || !graph_of_call(call, &pinned, error) ||
            !replay_made(call, &made, error))
                return false;
        key = key_new(pinned.view, ZW_KIND_FINDING, made);
        attrs = json_object();
        attrs_take(call->input, names, attrs);
        reported_set(call, attrs);
        json_array_append_new(ops, item_op(call, key, ZW_KIND_FINDING, "description", attrs));
        return (made != NULL ||
                links_take(call, pinned.view, "/products", ZW_KIND_COMPONENT, key, ops, error)) &&
               made_write(call, w, key, ops, "a weakness of a product was reported", error);
}

/* The advisory that has the tracking id, or ZW_ITEM_NONE. */
static ItemNo advisory_find(GraphView view, const char *tracking)
{
        for (ItemNo item = 0; item < graph_item_count(view); item++) {
                size_t n;
                const char *text;

                if (!graph_exists(view, item) || graph_kind(view, item) != ZW_KIND_DOCUMENT ||
                    !graph_is_live(view, item))
                        continue;
                text = facts_get_text(graph_facts(view, item), ZW_ATTR_TRACKING, &n);
                if (text != NULL && n == strlen(tracking) && memcmp(text, tracking, n) == 0)
                        return item;
        }
        return ZW_ITEM_NONE;
}

bool usecase_psirt_draft(Call *call, JWrite *w, GError **error)
{
        static const char *const names[] = { "tracking", "uri", NULL };
        g_auto(PinnedGraph) pinned = { 0 };
        g_autoptr(Json) ops = json_array(), made = NULL;
        g_autofree char *key = NULL;
        ItemNo other;
        const char *uri = jread_get_string(call->input, "uri");
        json_t *attrs;

        if (!text_needed(call, "/title", error) || !text_needed(call, "/tracking", error) ||
            (uri != NULL && !csaf_advisory_url_check(uri, "/uri", error)) ||
            !graph_of_call(call, &pinned, error) || !replay_made(call, &made, error))
                return false;
        other = made != NULL ? ZW_ITEM_NONE
                             : advisory_find(pinned.view, jread_get_string(call->input, "tracking"));
        if (other != ZW_ITEM_NONE) {
                error_set(error, ZW_ERR_EXISTS, "/tracking", "%s is the advisory with this tracking id",
                          graph_key(pinned.view, other));
                return false;
        }
        key = key_new(pinned.view, ZW_KIND_DOCUMENT, made);
        attrs = json_pack("{s:s}", "revision", "1");
        attrs_take(call->input, names, attrs);
        json_array_append_new(ops, item_op(call, key, ZW_KIND_DOCUMENT, "summary", attrs));
        return (made != NULL ||
                links_take(call, pinned.view, "/findings", ZW_KIND_FINDING, key, ops, error)) &&
               made_write(call, w, key, ops, "an advisory was drafted", error);
}
