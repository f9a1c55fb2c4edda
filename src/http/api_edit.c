/* Changes of more than one item: links, native operations, many items alike. */
#include "base/error.h"
#include "http/api_write.h"

#include <string.h>

/* ---- links ---- */

static bool edit_reply(const RouteCall *call, json_t *op, int status, HttpReply *reply, GError **error)
{
        g_autoptr(Json) outcome = write_edit(call, json_pack("[o]", op), error);

        if (outcome == NULL ||
            !write_reply(reply, jread_get_bool(call->input, "dry_run", false) ? 200 : status, outcome, error))
                return false;
        write_seq(reply, outcome);
        return true;
}

bool api_link_new(const RouteCall *call, HttpReply *reply, GError **error)
{
        json_t *op = json_pack("{s:s}", "op", "link");

        json_object_update(op, call->json);
        return edit_reply(call, op, 201, reply, error);
}

bool api_link_end(const RouteCall *call, HttpReply *reply, GError **error)
{
        static const char *const members[] = { "from", "type", "to", "as" };
        json_t *op = json_pack("{s:s}", "op", "unlink");

        for (size_t i = 0; i < G_N_ELEMENTS(members); i++) {
                json_t *value = json_object_get(call->input, members[i]);

                if (value != NULL)
                        json_object_set(op, members[i], value);
        }
        return edit_reply(call, op, 200, reply, error);
}

/* ---- native operations, one a line ---- */

typedef struct {
        json_t *ops;
        json_t *message; /* of the last `commit`, or NULL */
        size_t line;
} Lines;

static bool line_take(Lines *lines, const char *text, size_t n, GError **error)
{
        g_autofree char *where = g_strdup_printf("line %zu", lines->line);
        g_autoptr(GError) why = NULL;
        g_autoptr(Json) op = NULL;

        if (strspn(text, " \t\r") >= n)
                return true;
        op = jread_parse(text, n, &why);
        if (op == NULL || !json_is_object(op)) {
                error_set(error, why == NULL ? ZW_ERR_INPUT : (ZwErrorCode)why->code, where, "%s",
                          why == NULL ? "a line is one object" : why->message);
                return false;
        }
        if (g_strcmp0(jread_get_string(op, "op"), "commit") == 0) {
                json_decref(lines->message);
                lines->message = json_incref(json_object_get(op, "message"));
                return true;
        }
        json_object_set_new(op, "where", json_string(where));
        json_array_append(lines->ops, op);
        return true;
}

static bool lines_read(Lines *lines, Body *body, GError **error)
{
        int fd = body_fd(body, error);
        g_autofree char *text = NULL;
        size_t n = (size_t)body_length(body), at = 0;

        if (fd < 0)
                return false;
        text = g_try_malloc(n + 1);
        if (text == NULL || pread(fd, text, n, 0) != (ssize_t)n) {
                error_set(error, ZW_ERR_LIMIT, NULL, "the body cannot be read at once");
                return false;
        }
        text[n] = '\0';
        while (at < n) {
                const char *end = memchr(text + at, '\n', n - at);
                size_t length = end == NULL ? n - at : (size_t)(end - (text + at));

                lines->line++;
                text[at + length] = '\0';
                if (!line_take(lines, text + at, length, error))
                        return false;
                at += length + 1;
        }
        return true;
}

bool api_changes(const RouteCall *call, HttpReply *reply, GError **error)
{
        g_autoptr(Json) ops = json_array(), outcome = NULL, input = NULL;
        Lines lines = { .ops = ops };
        bool ok = lines_read(&lines, call->body, error);

        if (ok && json_object_get(call->input, "message") == NULL && json_is_string(lines.message))
                json_object_set(call->input, "message", lines.message);
        json_decref(lines.message);
        input = ok ? write_input(call, error) : NULL;
        if (input == NULL)
                return false;
        json_object_update_missing(input, call->input);
        json_object_set(input, "ops", ops);
        outcome = route_call_with(call, call->route->usecase, input, (ServiceFiles){ NULL, 0 }, error);
        if (outcome == NULL || !write_reply(reply, 200, outcome, error))
                return false;
        write_seq(reply, outcome);
        return true;
}

/* ---- many items alike ---- */

/* The rows that were refused, for the problem. */
static json_t *refused_of(const json_t *rows)
{
        json_t *refused = json_array(), *row;
        size_t i;

        json_array_foreach(rows, i, row)
        {
                if (json_object_get(row, "refused") != NULL)
                        json_array_append(refused, row);
        }
        return refused;
}

bool api_bulk(const RouteCall *call, HttpReply *reply, GError **error)
{
        g_autoptr(Json) input = write_input(call, error), answer = NULL;
        const json_t *rows;

        if (input == NULL)
                return false;
        json_object_update_missing(input, call->json);
        answer = route_call_with(call, call->route->usecase, input, (ServiceFiles){ NULL, 0 }, error);
        if (answer == NULL)
                return false;
        rows = json_object_get(answer, "rows");
        if (jread_get_int(answer, "refused", 0) > 0 && !jread_get_bool(call->input, "dry_run", false)) {
                reply->extra = json_pack("{s:o}", "refused", refused_of(rows));
                error_set(error, ZW_ERR_INPUT, NULL,
                          "some items do not take the change; nothing was changed");
                return false;
        }
        if (!write_reply(reply, 200, rows, error))
                return false;
        write_seq(reply, answer);
        return true;
}
