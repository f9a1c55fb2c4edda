#include "service/proof/timestamp.h"

#include "base/newfile.h"
#include "base/timestamp.h"
#include "service/file.h"
#include "service/running/webhooks_internal.h"

#include <string.h>

enum { STAMP_BYTES_MAX = 1 << 20 };

static char *stamp_path(const Call *call, GError **error)
{
        char log[ZW_ID_HEX];
        g_autofree char *name = NULL;

        hex_encode(call->project->log.b, ZW_ID_BYTES, log);
        name = g_strconcat(log, ".stamp", NULL);
        return checkpoint_path(call, name, error);
}

/* ---- asking ---- */

static bool authority_ask(const WebhookRules *rules, GBytes *request, Out *answer, GError **error)
{
        static const char *const fields[] = { "Content-Type: application/timestamp-query",
                                              "Accept: application/timestamp-reply", NULL };
        size_t n;
        const char *body = g_bytes_get_data(request, &n);
        const OutboundRequest ask = { rules->timestamp_url, fields, body, n, answer };
        long status = 0;

        if (!outbound_ask(rules->outbound, &ask, &status, error))
                return false;
        if (status == 200)
                return true;
        error_set(error, ZW_ERR_NETWORK, NULL, "the time-stamp authority answered %ld", status);
        return false;
}

static bool rules_take(const Call *call, WebhookRules **ret_rules, char **ret_ca, GError **error)
{
        g_autoptr(WebhookRules)
                rules = call->service->webhooks == NULL ? NULL : webhooks_rules(call->service->webhooks);
        g_autoptr(GError) why = NULL;

        if (rules == NULL || rules->timestamp_url[0] == '\0') {
                error_set(error, ZW_ERR_STATE, NULL,
                          rules == NULL ? "only a running server asks a time-stamp authority"
                                        : "the setting timestamp.url names no time-stamp authority");
                return false;
        }
        if (!g_file_get_contents(rules->timestamp_ca, ret_ca, NULL, &why)) {
                error_set(error, ZW_ERR_STATE, "timestamp.ca", "%s", why->message);
                return false;
        }
        *ret_rules = g_steal_pointer(&rules);
        return true;
}

static bool stamp_write(const Call *call, const char *note, const Out *answer, const char *ca, Instant time,
                        GError **error)
{
        g_autofree char *path = stamp_path(call, error), *text = NULL;
        g_autofree char *token = g_base64_encode((const guchar *)out_data(answer), out_length(answer));
        char at[ZW_INSTANT_TEXT];
        g_autoptr(NewFile) file = path == NULL ? NULL : newfile_begin(path, NEWFILE_PRIVATE, error);
        g_autoptr(Json) stamp = NULL;

        if (file == NULL)
                return false;
        instant_format(time, at);
        stamp = json_pack("{s:s, s:s, s:s, s:s}", "note", note, "token", token, "ca", ca, "time", at);
        text = json_dumps(stamp, JSON_INDENT(1) | JSON_SORT_KEYS);
        return fd_put(newfile_fd(file), text, strlen(text), error) && newfile_place(file, error);
}

bool usecase_checkpoint_stamp(Call *call, JWrite *w, GError **error)
{
        g_autoptr(WebhookRules) rules = NULL;
        g_autofree char *ca = NULL, *note = NULL;
        g_autoptr(ProofTree) tree = rules_take(call, &rules, &ca, error) ? checkpoint_tree(call, error)
                                                                         : NULL;
        g_autoptr(Out) answer = out_new(ZW_TIMESTAMP_BYTES_MAX);
        g_autoptr(GBytes) request = NULL;
        char at[ZW_INSTANT_TEXT];
        Digest digest;
        Instant time;

        note = tree == NULL ? NULL : checkpoint_sign(call, tree, call->project->head, error);
        if (note == NULL)
                return false;
        digest = hash_sha256(note, strlen(note));
        request = timestamp_request(&digest, error);
        if (request == NULL || !authority_ask(rules, request, answer, error) ||
            !timestamp_accept(request, out_data(answer), out_length(answer), ca, &time, error) ||
            !stamp_write(call, note, answer, ca, time, error))
                return false;
        instant_format(time, at);
        jwrite_object_begin(w);
        jwrite_key_int(w, "size", (int64_t)call->project->head);
        jwrite_key_string(w, "time", at);
        jwrite_key_string(w, "note", note);
        jwrite_object_end(w);
        return true;
}

/* ---- verifying ---- */

static bool stamp_holds(const json_t *stamp, GError **error)
{
        const char *note = jread_get_string(stamp, "note"), *token = jread_get_string(stamp, "token"),
                   *ca = jread_get_string(stamp, "ca");
        g_autofree guchar *bytes = NULL;
        Digest digest;
        Instant time;
        gsize n = 0;

        if (note == NULL || token == NULL || ca == NULL) {
                error_set(error, ZW_ERR_INPUT, NULL, "the file of the time-stamp is not one");
                return false;
        }
        bytes = g_base64_decode(token, &n);
        digest = hash_sha256(note, strlen(note));
        return timestamp_verify(&digest, bytes, n, ca, &time, error);
}

bool timestamp_check(Call *call, StoreProblemFn fn, void *payload, GError **error)
{
        g_autofree char *path = stamp_path(call, error), *text = NULL;
        g_autoptr(GError) why = NULL;
        g_autoptr(ProofTree) tree = NULL;
        g_autoptr(Json) stamp = NULL;
        gsize n;

        if (path == NULL)
                return false;
        if (!g_file_get_contents(path, &text, &n, &why)) {
                if (g_error_matches(why, G_FILE_ERROR, G_FILE_ERROR_NOENT))
                        return true;
                error_set(error, ZW_ERR_STORAGE, path, "%s", why->message);
                return false;
        }
        stamp = n > STAMP_BYTES_MAX ? NULL : json_loads(text, 0, NULL);
        if (!stamp_holds(stamp, &why)) {
                fn("timestamp", why->message, payload);
                return true;
        }
        tree = checkpoint_tree(call, NULL); /* what is missing is told by who reads the log */
        return tree == NULL || checkpoint_continues(call, tree, jread_get_string(stamp, "note"), NULL,
                                                    "timestamp", fn, payload, error);
}
