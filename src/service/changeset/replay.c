/* A request that comes twice, because its first answer was lost, is done once: the second gets the answer of the first, made
 * again from the operations of its commit. */
#include "service/internal.h"

#include <string.h>

typedef struct {
        Call *call;
        json_t *outcome;
        Seq seq;
} Replay;

static void count(json_t *outcome, const char *what, const char *kind)
{
        json_t *map = json_object_get(outcome, what);

        json_object_set_new(map, kind, json_integer(jread_get_int(map, kind, 0) + 1));
}

static bool op_replay(const Replay *replay, const json_t *op, GError **error)
{
        const Call *call = replay->call;
        const char *name = jread_get_string(op, "op"), *hex = jread_get_string(op, "id");
        g_autoptr(StoreItem) item = NULL;
        Id id;

        if (g_strcmp0(name, "create") == 0) {
                count(replay->outcome, "created", jread_get_string(op, "kind"));
                json_array_append(json_object_get(replay->outcome, "keys"), json_object_get(op, "key"));
                return true;
        }
        if ((g_strcmp0(name, "update") != 0 && g_strcmp0(name, "transition") != 0) || hex == NULL)
                return true;
        if (!hex_decode(hex, id.b, ZW_ID_BYTES, error))
                return false;
        item = store_item_by_id(call->view, &call->project->log, &id, replay->seq, error);
        if (item == NULL)
                return false;
        count(replay->outcome, "updated", kind_def(store_item_rev(item)->kind)->name);
        return true;
}

static bool commit_replay(const StoreCommit *commit, void *payload, GError **error)
{
        const Replay *replay = payload;
        const json_t *op;
        size_t i;

        json_array_foreach(commit->ops, i, op)
        {
                if (!op_replay(replay, op, error))
                        return false;
        }
        return true;
}

bool replay_outcome(Call *call, GError *why, json_t *outcome, Seq *ret_seq, GError **error)
{
        static const char *const maps[] = { "created", "updated", "unchanged" };
        const char *where = error_where(why);
        Replay replay = { call, outcome, 0 };
        guint64 seq;

        if (!g_error_matches(why, ZW_ERROR, ZW_ERR_EXISTS) ||
            jread_get_string(call->input, "request") == NULL || where == NULL ||
            !g_str_has_prefix(where, "seq ") ||
            !g_ascii_string_to_unsigned(where + strlen("seq "), 10, 1, G_MAXINT64, &seq, NULL)) {
                g_propagate_error(error, why);
                return false;
        }
        g_error_free(why);
        replay.seq = seq;
        for (size_t i = 0; i < G_N_ELEMENTS(maps); i++)
                json_object_set_new(outcome, maps[i], json_object());
        json_object_set_new(outcome, "keys", json_array());
        *ret_seq = seq;
        return store_view_refresh(call->view, error) &&
               store_each_commit(call->view, &call->project->log, seq, seq, commit_replay, &replay, error);
}

bool replay_made(Call *call, json_t **ret_keys, GError **error)
{
        const char *request = jread_get_string(call->input, "request");
        g_autoptr(Json) outcome = json_object();
        GError *why = NULL;
        Seq seq;

        *ret_keys = NULL;
        if (request == NULL || store_request_check(call->view, &call->project->log, request, &why))
                return true;
        if (!replay_outcome(call, why, outcome, &seq, error))
                return false;
        *ret_keys = json_incref(json_object_get(outcome, "keys"));
        return true;
}
