#include "http/api_write.h"

#include "base/error.h"
#include "base/fd.h"
#include "base/hash.h"

#include <string.h>

enum { IDEMPOTENCY_MAX = 255, CHUNK = 1 << 16, WORD_HEX = 32 };

/* ---- the id of a request ---- */

static bool key_is_good(const char *key)
{
        const size_t n = strlen(key);

        for (size_t i = 0; i < n; i++)
                if (key[i] <= ' ' || key[i] > '~')
                        return false;
        return n >= 1 && n <= IDEMPOTENCY_MAX;
}

static void word_append(GString *text, HashState *state)
{
        Digest digest = hash_finish(state);
        char hex[ZW_DIGEST_HEX];

        hex_encode(digest.b, ZW_DIGEST_BYTES, hex);
        g_string_append_len(text, hex, WORD_HEX);
}

static bool body_hash(HashState *state, Body *body, GError **error)
{
        g_autofree char *chunk = NULL;
        ssize_t n;
        off_t at = 0;
        int fd;

        if (body == NULL)
                return true;
        if (body_text(body) != NULL) {
                hash_update(state, body_text(body), (size_t)body_length(body));
                return true;
        }
        fd = body_fd(body, error);
        chunk = fd < 0 ? NULL : g_malloc(CHUNK);
        while (fd >= 0 && (n = pread(fd, chunk, CHUNK, at)) > 0) {
                hash_update(state, chunk, (size_t)n);
                at += n;
        }
        if (fd < 0 || (uint64_t)at == body_length(body))
                return fd >= 0;
        error_set(error, ZW_ERR_STORAGE, NULL, "the body cannot be read again: %s", g_strerror(errno));
        return false;
}

/* `ID WHAT` (store.h): the key in the name of the caller, so that nobody meets another's; and what is asked for. */
static char *request_id(const RouteCall *call, const char *key, GError **error)
{
        g_autoptr(HashState) state = hash_new();
        g_autoptr(GString) text = g_string_new(NULL);
        const char *method = method_name(call->request->method), *target = call->request->target;

        if (!key_is_good(key)) {
                error_set(error, ZW_ERR_USAGE, "Idempotency-Key", "a key has 1 to %d visible characters",
                          IDEMPOTENCY_MAX);
                return NULL;
        }
        hash_update(state, call->by->caller.person.b, ZW_ID_BYTES);
        hash_update(state, key, strlen(key));
        word_append(text, state);
        g_string_append_c(text, ' ');
        hash_update(state, method, strlen(method) + 1);
        hash_update(state, target, strlen(target) + 1);
        if (!body_hash(state, call->body, error))
                return NULL;
        word_append(text, state);
        return g_strdup(text->str);
}

/* ---- what is shared ---- */

json_t *write_input(const RouteCall *call, GError **error)
{
        static const char *const taken[] = { "project", "message", "editorial", "dry_run" };
        const char *key = call->request->fields[FIELD_IDEMPOTENCY_KEY];
        g_autoptr(Json) input = json_object();
        g_autofree char *request = NULL;

        for (size_t i = 0; i < G_N_ELEMENTS(taken); i++)
                if (json_object_get(call->input, taken[i]) != NULL)
                        json_object_set(input, taken[i], json_object_get(call->input, taken[i]));
        if (key != NULL) {
                request = request_id(call, key, error);
                if (request == NULL)
                        return NULL;
                json_object_set_new(input, "request", json_string(request));
        }
        return g_steal_pointer(&input);
}

/* `operation 1/attrs/vector` is `/attrs/vector` of the body. */
static void place_shorten(GError *why)
{
        static const char first[] = "operation 1";
        const char *where = error_where(why);
        g_autofree char *rest = NULL;

        if (where == NULL || !g_str_has_prefix(where, first))
                return;
        rest = g_strdup(where + strlen(first));
        if (rest[0] == '/' || rest[0] == ' ' || rest[0] == '\0')
                error_set_where(why, "%s", rest[0] == ' ' ? rest + 1 : rest);
}

json_t *write_edit(const RouteCall *call, json_t *ops, GError **error)
{
        g_autoptr(Json) owned = ops, input = write_input(call, error);
        GError *why = NULL;
        json_t *outcome;

        if (input == NULL)
                return NULL;
        json_object_set(input, "ops", owned);
        outcome = route_call_with(call, "edit", input, (ServiceFiles){ NULL, 0 }, &why);
        if (outcome != NULL)
                return outcome;
        place_shorten(why);
        g_propagate_error(error, why);
        return NULL;
}

void write_seq(HttpReply *reply, const json_t *outcome)
{
        const json_t *commit = json_object_get(outcome, "commit");
        g_autofree char *seq = NULL;

        if (!json_is_integer(commit))
                return;
        seq = g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(commit));
        reply_header(reply, "Zonewright-Seq", seq);
}

bool write_reply(HttpReply *reply, int status, const json_t *value, GError **error)
{
        g_autoptr(Out) out = out_new(ZW_REPLY_BYTES_MAX);
        g_autoptr(JWrite) w = jwrite_new(out);

        jwrite_json(w, value);
        out_char(out, '\n');
        if (!reply_take(reply, REPLY_JSON, out, error))
                return false;
        reply->status = status;
        return true;
}
