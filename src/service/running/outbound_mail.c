/* Mail by SMTP. TLS before anything is said that matters, unless the settings allow closed addresses and plain requests. */
#include "service/running/outbound_internal.h"

#include "base/error.h"

#include <string.h>

enum { MAIL_SECONDS = 30 };

typedef struct {
        const char *next;
        size_t left;
} Reading;

static size_t on_read(char *into, size_t size, size_t n, void *payload)
{
        Reading *reading = payload;
        const size_t part = MIN(size * n, reading->left);

        memcpy(into, reading->next, part);
        reading->next += part;
        reading->left -= part;
        return part;
}

static bool mail_say(CURL *curl, const Outbound *outbound, const OutboundMail *mail, struct curl_slist *to,
                     Reading *reading)
{
        /* A password goes by TLS or not at all. */
        const bool plain = outbound_closed_allowed(outbound) && mail->password == NULL;
        const curl_usessl tls = plain ? CURLUSESSL_TRY : CURLUSESSL_ALL;

        return curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)MAIL_SECONDS) == CURLE_OK &&
               curl_easy_setopt(curl, CURLOPT_USE_SSL, (long)tls) == CURLE_OK &&
               (mail->user == NULL || curl_easy_setopt(curl, CURLOPT_USERNAME, mail->user) == CURLE_OK) &&
               (mail->password == NULL ||
                curl_easy_setopt(curl, CURLOPT_PASSWORD, secret_text_reveal(mail->password)) == CURLE_OK) &&
               curl_easy_setopt(curl, CURLOPT_MAIL_FROM, mail->from) == CURLE_OK &&
               curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, to) == CURLE_OK &&
               curl_easy_setopt(curl, CURLOPT_READFUNCTION, on_read) == CURLE_OK &&
               curl_easy_setopt(curl, CURLOPT_READDATA, reading) == CURLE_OK &&
               curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L) == CURLE_OK;
}

bool outbound_mail(const Outbound *outbound, const OutboundMail *mail, GError **error)
{
        g_auto(OutboundHandle) handle = { NULL, NULL };
        Reading reading = { mail->message, mail->n };
        struct curl_slist *to = NULL;
        CURLcode code;

        if (!outbound_handle_mail(outbound, mail->server, &handle, error))
                return false;
        to = curl_slist_append(NULL, mail->to);
        code = mail_say(handle.curl, outbound, mail, to, &reading) ? curl_easy_perform(handle.curl)
                                                                   : CURLE_FAILED_INIT;
        curl_slist_free_all(to);
        if (code != CURLE_OK)
                error_set(error, ZW_ERR_NETWORK, NULL, "%s", curl_easy_strerror(code));
        return code == CURLE_OK;
}
