/* Files from other servers: streamed to a descriptor, gone on with where an earlier try ended. */
#include "base/error.h"
#include "service/running/outbound_internal.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { REDIRECTS_MAX = 5, QUIET_SECONDS = 60, RETRY_AFTER_MAX = 86400 };

typedef struct {
        const OutboundDownload *download;
        OutboundDownloaded *answer;
        CURL *curl;
        ProgressStage stage;
        uint64_t at;    /* bytes in the file */
        bool begun;     /* the body is on its way */
        char *location; /* of a redirect, or NULL */
        GError *failed; /* why it was ended from here, or NULL */
} Running;

void outbound_downloaded_clear(OutboundDownloaded *downloaded)
{
        g_clear_pointer(&downloaded->etag, g_free);
        g_clear_pointer(&downloaded->modified, g_free);
}

/* ---- what comes ---- */

/* The value of a field, when it is this one; free it. */
static char *field_value(const char *line, size_t n, const char *name)
{
        const size_t length = strlen(name);

        if (n <= length + 1 || g_ascii_strncasecmp(line, name, length) != 0 || line[length] != ':')
                return NULL;
        return g_strstrip(g_strndup(line + length + 1, n - length - 1));
}

static void field_keep(char **into, char *value)
{
        if (value == NULL)
                return;
        g_free(*into);
        *into = value;
}

static size_t on_field(char *line, size_t one, size_t n, void *payload)
{
        Running *running = payload;
        g_autofree char *retry = field_value(line, n, "Retry-After");
        guint64 seconds;

        (void)one;
        field_keep(&running->answer->etag, field_value(line, n, "ETag"));
        field_keep(&running->answer->modified, field_value(line, n, "Last-Modified"));
        field_keep(&running->location, field_value(line, n, "Location"));
        if (retry != NULL && g_ascii_string_to_unsigned(retry, 10, 0, RETRY_AFTER_MAX, &seconds, NULL))
                running->answer->retry_after = (int64_t)seconds;
        return n;
}

/* A whole answer takes the place of what is there; a part follows it. */
static bool body_begin(Running *running)
{
        long status = 0;

        running->begun = true;
        curl_easy_getinfo(running->curl, CURLINFO_RESPONSE_CODE, &status);
        running->answer->status = status;
        if (status != 206)
                running->at = 0;
        return (status != 200 && status != 206) || ftruncate(running->download->fd, (off_t)running->at) == 0;
}

static size_t on_body(char *bytes, size_t one, size_t n, void *payload)
{
        Running *running = payload;
        const OutboundDownload *download = running->download;
        size_t done = 0;

        (void)one;
        if (!running->begun && !body_begin(running)) {
                error_set(&running->failed, ZW_ERR_STORAGE, NULL, "%s", g_strerror(errno));
                return 0;
        }
        if (running->answer->status != 200 && running->answer->status != 206)
                return n; /* the page of an error */
        if (running->at + n > download->bytes_max) {
                error_set(&running->failed, ZW_ERR_LIMIT, download->url,
                          "the file has more than %" G_GUINT64_FORMAT " bytes, its limit",
                          download->bytes_max);
                return 0;
        }
        while (done < n) {
                const ssize_t wrote = pwrite(download->fd, bytes + done, n - done,
                                             (off_t)(running->at + done));

                if (wrote < 0 && errno == EINTR)
                        continue;
                if (wrote <= 0) {
                        error_set(&running->failed, ZW_ERR_STORAGE, NULL, "%s", g_strerror(errno));
                        return 0;
                }
                done += (size_t)wrote;
        }
        running->at += n;
        return progress_step(&running->stage, n, &running->failed) ? n : 0;
}

/* Asked several times a second, also while nothing comes. */
static int on_wait(void *payload, curl_off_t total, curl_off_t now, curl_off_t up_total, curl_off_t up)
{
        Running *running = payload;

        (void)total, (void)now, (void)up_total, (void)up;
        return running->failed != NULL || progress_step(&running->stage, 0, &running->failed) ? 0 : 1;
}

/* ---- asking ---- */

static bool download_say(Running *running, struct curl_slist *fields)
{
        CURL *curl = running->curl;

        return curl_easy_setopt(curl, CURLOPT_HTTPHEADER, fields) == CURLE_OK &&
               curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L) == CURLE_OK &&
               curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, (long)QUIET_SECONDS) == CURLE_OK &&
               curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_field) == CURLE_OK &&
               curl_easy_setopt(curl, CURLOPT_HEADERDATA, running) == CURLE_OK &&
               curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body) == CURLE_OK &&
               curl_easy_setopt(curl, CURLOPT_WRITEDATA, running) == CURLE_OK &&
               curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L) == CURLE_OK &&
               curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_wait) == CURLE_OK &&
               curl_easy_setopt(curl, CURLOPT_XFERINFODATA, running) == CURLE_OK;
}

/* Only the rest of what is there already, while it is still the same file. */
static struct curl_slist *fields_of(const OutboundDownload *download)
{
        struct curl_slist *fields = outbound_fields(download->fields);
        g_autofree char *range = g_strdup_printf("Range: bytes=%" G_GUINT64_FORMAT "-", download->from);
        g_autofree char *same = g_strconcat("If-Range: ", download->etag, NULL);

        if (download->from == 0 || download->etag == NULL)
                return fields;
        return curl_slist_append(curl_slist_append(fields, range), same);
}

static bool ask_once(const Outbound *outbound, const char *url, Running *running, GError **error)
{
        g_auto(OutboundHandle) handle = { NULL, NULL };
        struct curl_slist *fields;
        CURLcode code;

        if (!outbound_handle(outbound, url, &handle, error))
                return false;
        running->curl = handle.curl;
        running->begun = false;
        running->at = running->download->from;
        g_clear_pointer(&running->location, g_free);
        fields = fields_of(running->download);
        code = download_say(running, fields) ? curl_easy_perform(handle.curl) : CURLE_FAILED_INIT;
        curl_easy_getinfo(handle.curl, CURLINFO_RESPONSE_CODE, &running->answer->status);
        outbound_fields_free(fields);
        if (running->failed != NULL) {
                g_propagate_error(error, g_steal_pointer(&running->failed));
                return false;
        }
        if (code != CURLE_OK) {
                error_set(error, ZW_ERR_NETWORK, url, "%s", curl_easy_strerror(code));
                return false;
        }
        /* An empty file has no body that begins. */
        if (!running->begun && running->answer->status == 200 && !body_begin(running)) {
                error_set(error, ZW_ERR_STORAGE, NULL, "%s", g_strerror(errno));
                return false;
        }
        return true;
}

/* The absolute URL that a Location means; NULL when it means none. Free it. */
static char *location_of(const char *url, const char *location)
{
        CURLU *parts = curl_url();
        char *text = NULL, *copy;

        if (parts != NULL && curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK &&
            curl_url_set(parts, CURLUPART_URL, location, 0) == CURLUE_OK)
                (void)curl_url_get(parts, CURLUPART_URL, &text, 0);
        copy = g_strdup(text);
        curl_free(text);
        curl_url_cleanup(parts);
        return copy;
}

static bool is_redirect(const Running *running)
{
        const long status = running->answer->status;

        return running->location != NULL &&
               (status == 301 || status == 302 || status == 303 || status == 307 || status == 308);
}

/* Whether a key may go to where a redirect leads: to the same scheme, host and port only. */
static bool is_same_place(const char *a, const char *b)
{
        const size_t n = strcspn(a + strcspn(a, ":") + 3, "/?") + strcspn(a, ":") + 3;

        return strncmp(a, b, n) == 0 && (b[n] == '\0' || b[n] == '/' || b[n] == '?');
}

bool outbound_download(const Outbound *outbound, const OutboundDownload *download,
                       OutboundDownloaded *ret_downloaded, GError **error)
{
        OutboundDownload asked = *download;
        Running running = { .download = &asked,
                            .answer = ret_downloaded,
                            .stage = progress_begin(download->progress, "downloading", "bytes", 0) };
        g_autofree char *url = g_strdup(download->url);
        bool ok = false;

        for (int hop = 0; hop <= REDIRECTS_MAX; hop++) {
                g_autofree char *next = NULL;

                outbound_downloaded_clear(ret_downloaded);
                *ret_downloaded = (OutboundDownloaded){ .retry_after = -1 };
                ok = ask_once(outbound, url, &running, error);
                if (!ok || !is_redirect(&running))
                        break;
                next = location_of(url, running.location);
                if (next == NULL || hop == REDIRECTS_MAX) {
                        error_set(error, ZW_ERR_NETWORK, url, "the server leads from place to place");
                        ok = false;
                        break;
                }
                if (!is_same_place(url, next))
                        asked.fields = NULL; /* a key stays where it belongs */
                g_free(url);
                url = g_steal_pointer(&next);
        }
        g_free(running.location);
        return ok;
}
