/* Working the queue of suspect links: confirming that they still hold, or putting that off. The links are named, or are all
 * suspects that fit a filter; each call is one commit or none. */
#include "service/analyses/suspects.h"

#include <string.h>

enum { LINKS_MOST = 100000 };

static json_t *op_of(const char *what, const json_t *link, const json_t *input)
{
        static const char *const members[] = { "from", "type", "to", "as", "revs" }, *const deferral[] = {
                "reason", "until"
        };
        json_t *op = json_pack("{s:s}", "op", what);

        for (size_t i = 0; i < G_N_ELEMENTS(members); i++)
                if (json_object_get(link, members[i]) != NULL)
                        json_object_set(op, members[i], json_object_get(link, members[i]));
        for (size_t i = 0; strcmp(what, "defer") == 0 && i < G_N_ELEMENTS(deferral); i++)
                if (json_object_get(input, deferral[i]) != NULL)
                        json_object_set(op, deferral[i], json_object_get(input, deferral[i]));
        return op;
}

/* The suspects that fit, each link once, with the revisions of its ends that are seen now: what changes meanwhile is a conflict
 * and not confirmed unseen. */
static json_t *links_found(Call *call, const char *q, GError **error)
{
        g_auto(PinnedGraph) pinned = { 0 };
        g_autoptr(GArray) found = NULL;
        g_autoptr(Json) links = json_array();

        if (!graph_of_call(call, &pinned, error))
                return NULL;
        found = suspects_of_call(call, pinned.view, q, error);
        for (guint i = 0; found != NULL && i < found->len; i++) {
                const Suspect *suspect = &g_array_index(found, Suspect, i);

                if (i > 0 && g_array_index(found, Suspect, i - 1).link == suspect->link)
                        continue;
                json_array_append_new(links, json_pack("{s:s, s:s, s:s, s:s, s:[i, i]}", "from",
                                                       graph_key(pinned.view, suspect->from), "type",
                                                       link_type_def(suspect->type)->name, "to",
                                                       graph_key(pinned.view, suspect->to), "as",
                                                       as_name(graph_link_as(pinned.view, suspect->link)),
                                                       "revs", (int)graph_rev(pinned.view, suspect->from),
                                                       (int)graph_rev(pinned.view, suspect->to)));
        }
        return found == NULL ? NULL : g_steal_pointer(&links);
}

static json_t *links_of_call(Call *call, GError **error)
{
        json_t *links = json_object_get(call->input, "links");
        const char *q = jread_get_string(call->input, "q");
        g_autoptr(Json) chosen = NULL;

        if ((links == NULL) == (q == NULL) || (links != NULL && !json_is_array(links))) {
                error_set(error, ZW_ERR_USAGE, "/links", "either a list of links or a filter says which");
                return NULL;
        }
        chosen = links == NULL ? links_found(call, q, error) : json_incref(links);
        if (chosen == NULL || json_array_size(chosen) <= LINKS_MOST)
                return g_steal_pointer(&chosen);
        error_set(error, ZW_ERR_LIMIT, "/q", "more than %d links are chosen: choose fewer", LINKS_MOST);
        return NULL;
}

/* The input of the edit that does it. */
static json_t *edit_of(const Call *call, const char *what, const json_t *links)
{
        static const char *const kept[] = { "project", "request", "dry_run" };
        json_t *ops = json_array(),
               *edit = json_pack("{s:o, s:O}", "ops", ops, "message", json_object_get(call->input, "reason"));
        const json_t *link;
        size_t i;

        for (i = 0; i < G_N_ELEMENTS(kept); i++)
                if (json_object_get(call->input, kept[i]) != NULL)
                        json_object_set(edit, kept[i], json_object_get(call->input, kept[i]));
        json_array_foreach(links, i, link) json_array_append_new(ops, op_of(what, link, call->input));
        return edit;
}

static bool judge_run(Call *call, const char *what, JWrite *w, GError **error)
{
        const char *reason = jread_get_string(call->input, "reason");
        g_autoptr(Json) links = NULL, input = NULL;
        Call edit = *call;

        if (reason == NULL || reason[0] == '\0') {
                error_set(error, ZW_ERR_USAGE, "/reason", "say why: it is kept in the log");
                return false;
        }
        links = links_of_call(call, error);
        if (links == NULL)
                return false;
        input = edit_of(call, what, links);
        edit.input = input;
        jwrite_object_begin(w);
        jwrite_key_json(w, "links", links);
        jwrite_key(w, "changes");
        if (!usecase_edit(&edit, w, error))
                return false;
        jwrite_object_end(w);
        return true;
}

bool usecase_suspect_confirm(Call *call, JWrite *w, GError **error)
{
        return judge_run(call, "confirm", w, error);
}

bool usecase_suspect_defer(Call *call, JWrite *w, GError **error)
{
        return judge_run(call, "defer", w, error);
}
