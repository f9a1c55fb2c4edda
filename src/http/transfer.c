#include "http/transfer.h"

#include "base/error.h"
#include "base/fd.h"

#include <curl/curl.h>
#include <string.h>

enum {
        ANSWER_BYTES_MAX = 1 << 30,
        CONNECT_SECONDS = 15,
        QUIET_SECONDS = 300, /* without a byte: some answers take long to make */
};

struct Transfer {
        CURL *curl;
        char *url; /* without a slash at its end */
        struct curl_slist *signed_fields;
};

/* ---- opening ---- */

/* Whether the host of the address is this machine. */
static bool is_here(const char *host)
{
        return strcmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0 || g_str_has_prefix(host, "127.");
}

static bool url_check(const char *url, GError **error)
{
        CURLU *parts = curl_url();
        char *scheme = NULL, *host = NULL, *path = NULL;
        bool ok = parts != NULL && curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK &&
                  curl_url_get(parts, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
                  curl_url_get(parts, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
                  curl_url_get(parts, CURLUPART_PATH, &path, 0) == CURLUE_OK && strcmp(path, "/") == 0;

        if (!ok)
                error_set(error, ZW_ERR_USAGE, url, "a server is named as https://HOST or https://HOST:PORT");
        else if (strcmp(scheme, "https") != 0 && (strcmp(scheme, "http") != 0 || !is_here(host))) {
                error_set(error, ZW_ERR_USAGE, url, "a token goes to another machine by https only");
                ok = false;
        }
        curl_free(scheme);
        curl_free(host);
        curl_free(path);
        curl_url_cleanup(parts);
        return ok;
}

Transfer *transfer_new(const char *url, const SecretText *token, GError **error)
{
        g_autoptr(Transfer) transfer = g_new0(Transfer, 1);
        g_autofree char *field = g_strconcat("Authorization: Bearer ", secret_text_reveal(token), NULL);

        if (!url_check(url, error))
                return NULL;
        transfer->url = g_strdup(url);
        if (g_str_has_suffix(transfer->url, "/"))
                transfer->url[strlen(transfer->url) - 1] = '\0';
        transfer->curl = curl_easy_init();
        transfer->signed_fields = curl_slist_append(NULL, field);
        secret_wipe(field, strlen(field));
        if (transfer->curl != NULL && transfer->signed_fields != NULL)
                return g_steal_pointer(&transfer);
        error_set(error, ZW_ERR_NETWORK, NULL, "the network cannot be used");
        return NULL;
}

void transfer_free(Transfer *transfer)
{
        if (transfer == NULL)
                return;
        for (struct curl_slist *at = transfer->signed_fields; at != NULL; at = at->next)
                secret_wipe(at->data, strlen(at->data));
        curl_slist_free_all(transfer->signed_fields);
        curl_easy_cleanup(transfer->curl);
        g_free(transfer->url);
        g_free(transfer);
}

void transfer_answer_clear(TransferAnswer *answer)
{
        g_clear_pointer(&answer->body, out_free);
        g_clear_pointer(&answer->next, g_free);
        g_clear_pointer(&answer->answer, g_free);
}

/* ---- one request ---- */

typedef struct {
        Transfer *transfer;
        const TransferRequest *request;
        TransferAnswer *answer;
        int64_t sent;
        int failed; /* errno of the file it goes to, or 0 */
} Running;

static size_t on_body(char *bytes, size_t one, size_t n, void *payload)
{
        Running *running = payload;
        size_t done = 0;

        (void)one;
        curl_easy_getinfo(running->transfer->curl, CURLINFO_RESPONSE_CODE, &running->answer->status);
        if (running->request->to_fd < 0 || running->answer->status / 100 != 2) {
                out_bytes(running->answer->body, bytes, n);
                return n;
        }
        while (done < n) {
                ssize_t wrote = write(running->request->to_fd, bytes + done, n - done);

                if (wrote < 0 && errno == EINTR)
                        continue;
                if (wrote <= 0) {
                        running->failed = errno;
                        return 0;
                }
                done += (size_t)wrote;
        }
        return n;
}

/* What comes after the name in `NAME: VALUE`, or NULL; free it. */
static char *field_value(const char *line, size_t n, const char *name)
{
        const size_t length = strlen(name);

        if (n <= length + 1 || g_ascii_strncasecmp(line, name, length) != 0 || line[length] != ':')
                return NULL;
        return g_strstrip(g_strndup(line + length + 1, n - length - 1));
}

static size_t on_field(char *line, size_t one, size_t n, void *payload)
{
        TransferAnswer *answer = ((Running *)payload)->answer;
        g_autofree char *link = field_value(line, n, "Link");
        char *said = field_value(line, n, "Zonewright-Answer");

        (void)one;
        if (said != NULL) {
                g_free(answer->answer);
                answer->answer = said;
        }
        if (link != NULL && link[0] == '<' && strstr(link, ">; rel=\"next\"") != NULL) {
                g_free(answer->next);
                answer->next = g_strndup(link + 1, strcspn(link + 1, ">"));
        }
        return n;
}

static size_t on_send(char *buffer, size_t one, size_t n, void *payload)
{
        Running *running = payload;
        const TransferRequest *request = running->request;
        const size_t most = MIN(one * n, (size_t)(request->body_bytes - running->sent));
        ssize_t got;

        if (request->body != NULL) {
                /* allow: `most` is no more than either holds */
                memcpy(buffer, request->body + running->sent, most);
                got = (ssize_t)most;
        } else {
                got = pread(request->body_fd, buffer, most, running->sent);
                if (got < 0)
                        return CURL_READFUNC_ABORT;
        }
        running->sent += got;
        return (size_t)got;
}

static struct curl_slist *fields_of(const Transfer *transfer, const TransferRequest *request)
{
        struct curl_slist *fields = curl_slist_append(NULL, transfer->signed_fields->data);
        g_autofree char *type = g_strconcat("Content-Type: ", request->type, NULL);
        g_autofree char *match = g_strconcat("If-Match: ", request->match, NULL);

        fields = curl_slist_append(fields, "Expect:");
        if (request->type != NULL)
                fields = curl_slist_append(fields, type);
        if (request->match != NULL)
                fields = curl_slist_append(fields, match);
        return fields;
}

static void options_set(Running *running, const char *address, struct curl_slist *fields)
{
        const TransferRequest *request = running->request;
        CURL *curl = running->transfer->curl;

        curl_easy_reset(curl);
        curl_easy_setopt(curl, CURLOPT_URL, address);
        curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
        curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
        curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
        curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, (long)QUIET_SECONDS);
        curl_easy_setopt(curl, CURLOPT_HTTPHEADER, fields);
        curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
        curl_easy_setopt(curl, CURLOPT_WRITEDATA, running);
        curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_field);
        curl_easy_setopt(curl, CURLOPT_HEADERDATA, running);
        if (request->type != NULL) {
                curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
                curl_easy_setopt(curl, CURLOPT_READFUNCTION, on_send);
                curl_easy_setopt(curl, CURLOPT_READDATA, running);
                curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)request->body_bytes);
        }
        curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request->method);
}

bool transfer_run(Transfer *transfer, const TransferRequest *request, TransferAnswer *ret_answer,
                  GError **error)
{
        Running running = { .transfer = transfer, .request = request, .answer = ret_answer };
        g_autofree char *address = g_strconcat(transfer->url, request->path, NULL);
        struct curl_slist *fields = fields_of(transfer, request);
        CURLcode code;

        ret_answer->body = out_new(ANSWER_BYTES_MAX);
        options_set(&running, address, fields);
        code = curl_easy_perform(transfer->curl);
        curl_easy_getinfo(transfer->curl, CURLINFO_RESPONSE_CODE, &ret_answer->status);
        curl_slist_free_all(fields);
        if (running.failed != 0) {
                error_set(error, ZW_ERR_STORAGE, NULL, "the file cannot be written: %s",
                          g_strerror(running.failed));
                return false;
        }
        if (code != CURLE_OK) {
                error_set(error, ZW_ERR_NETWORK, transfer->url, "%s", curl_easy_strerror(code));
                return false;
        }
        return out_check(ret_answer->body, error);
}
