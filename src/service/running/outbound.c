#include "service/running/outbound_internal.h"

#include "base/error.h"
#include "service/running/address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

enum {
        CONNECT_SECONDS = 5,
        ALL_SECONDS = 10,
        ANSWER_BYTES_MAX = 64 * 1024,
        URL_BYTES_MAX = 2048,
        HOSTS_MAX = 100
};

struct Outbound {
        char **hosts;        /* names; one that begins with `*.` means all below */
        bool closed_allowed; /* addresses that are not of the open Internet, and plain HTTP */
        char *proxy, *ca;    /* or NULL */
        OutboundResolveFn resolve;
};

typedef struct {
        char *scheme, *host, *port;
} Place;

/* What is spoken: with TLS from the first byte, or not. */
typedef struct {
        const char *secure, *plain, *both;
        bool upgrades; /* the plain one turns to TLS, or nothing is said */
        bool proxied;
} Protocol;

static const Protocol web = { "https", "http", "http,https", false, true };
static const Protocol post = { "smtps", "smtp", "smtp,smtps", true, false };

static void place_clear(Place *place)
{
        curl_free(place->scheme);
        curl_free(place->host);
        curl_free(place->port);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Place, place_clear)

/* ---- settings ---- */

static bool host_is_good(const char *host)
{
        const char *name = g_str_has_prefix(host, "*.") ? host + 2 : host;

        return name[0] != '\0' && name[0] != '.' &&
               strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-.:[]") == strlen(name);
}

static bool proxy_is_good(const char *proxy)
{
        CURLU *parts = curl_url();
        char *host = NULL;
        const bool ok = g_str_has_prefix(proxy, "http://") && parts != NULL &&
                        curl_url_set(parts, CURLUPART_URL, proxy, 0) == CURLUE_OK &&
                        curl_url_get(parts, CURLUPART_HOST, &host, 0) == CURLUE_OK;

        curl_free(host);
        curl_url_cleanup(parts);
        return ok;
}

static bool files_take(Outbound *outbound, const Config *config, GError **error)
{
        const char *proxy = config_text(config, ZW_CONFIG_OUTBOUND_PROXY),
                   *ca = config_text(config, ZW_CONFIG_OUTBOUND_CA);

        if (proxy[0] != '\0' && !proxy_is_good(proxy)) {
                error_set(error, ZW_ERR_INPUT, config_name(ZW_CONFIG_OUTBOUND_PROXY),
                          "\"%s\" is not http://HOST:PORT", proxy);
                return false;
        }
        if (ca[0] != '\0' && access(ca, R_OK) != 0) {
                error_set(error, ZW_ERR_INPUT, config_name(ZW_CONFIG_OUTBOUND_CA), "%s: %s", ca,
                          g_strerror(errno));
                return false;
        }
        outbound->proxy = proxy[0] == '\0' ? NULL : g_strdup(proxy);
        outbound->ca = ca[0] == '\0' ? NULL : g_strdup(ca);
        return true;
}

Outbound *outbound_new(const Config *config, OutboundResolveFn resolve, GError **error)
{
        g_autofree char *text = g_ascii_strdown(config_text(config, ZW_CONFIG_OUTBOUND_ALLOW), -1);
        g_auto(GStrv) words = g_strsplit_set(text, " ,", HOSTS_MAX + 1);
        g_autoptr(GStrvBuilder) hosts = g_strv_builder_new();
        g_autoptr(Outbound) outbound = NULL;

        for (char **word = words; *word != NULL; word++) {
                if ((*word)[0] == '\0')
                        continue;
                if (!host_is_good(*word)) {
                        error_set(error, ZW_ERR_INPUT, config_name(ZW_CONFIG_OUTBOUND_ALLOW),
                                  "\"%s\" is neither a host name nor *.NAME", *word);
                        return NULL;
                }
                g_strv_builder_add(hosts, *word);
        }
        curl_global_init(CURL_GLOBAL_DEFAULT);
        outbound = g_new0(Outbound, 1);
        outbound->hosts = g_strv_builder_end(hosts);
        outbound->closed_allowed = config_flag(config, ZW_CONFIG_OUTBOUND_CLOSED);
        outbound->resolve = resolve;
        return files_take(outbound, config, error) ? g_steal_pointer(&outbound) : NULL;
}

void outbound_free(Outbound *outbound)
{
        if (outbound == NULL)
                return;
        g_strfreev(outbound->hosts);
        g_free(outbound->proxy);
        g_free(outbound->ca);
        g_free(outbound);
}

/* ---- the URL ---- */

static bool host_is_allowed(const Outbound *outbound, const char *host)
{
        g_autofree char *name = g_ascii_strdown(host, -1);

        for (char **one = outbound->hosts; *one != NULL; one++)
                if (g_str_has_prefix(*one, "*.")
                            ? g_str_has_suffix(name, *one + 1) && strlen(name) > strlen(*one + 1)
                            : strcmp(name, *one) == 0)
                        return true;
        return false;
}

static bool url_refuse(const char *where, const char *why, GError **error)
{
        error_set(error, ZW_ERR_INPUT, where, "%s", why);
        return false;
}

static bool url_take_apart(const char *url, Place *ret_place)
{
        CURLU *parts = curl_url();
        char *user = NULL, *fragment = NULL;
        const bool ok = parts != NULL &&
                        curl_url_set(parts, CURLUPART_URL, url, CURLU_DISALLOW_USER) == CURLUE_OK &&
                        curl_url_get(parts, CURLUPART_USER, &user, 0) == CURLUE_NO_USER &&
                        curl_url_get(parts, CURLUPART_FRAGMENT, &fragment, 0) == CURLUE_NO_FRAGMENT &&
                        curl_url_get(parts, CURLUPART_SCHEME, &ret_place->scheme, 0) == CURLUE_OK &&
                        curl_url_get(parts, CURLUPART_HOST, &ret_place->host, 0) == CURLUE_OK &&
                        curl_url_get(parts, CURLUPART_PORT, &ret_place->port, CURLU_DEFAULT_PORT) ==
                                CURLUE_OK;

        curl_free(user);
        curl_free(fragment);
        curl_url_cleanup(parts);
        return ok;
}

static bool url_check(const Outbound *outbound, const Protocol *protocol, const char *url, const char *where,
                      Place *ret_place, GError **error)
{
        if (outbound->hosts[0] == NULL)
                return url_refuse(where, "no other server is asked: the setting outbound.allow names none",
                                  error);
        if (strlen(url) > URL_BYTES_MAX)
                return url_refuse(where, "a URL has at most 2048 bytes", error);
        for (const char *at = url; *at != '\0'; at++)
                if (!g_ascii_isgraph(*at))
                        return url_refuse(where,
                                          "a URL holds no blanks, no control characters and plain ASCII only",
                                          error);
        if (!url_take_apart(url, ret_place))
                return url_refuse(
                        where, "this is not a URL with scheme and host, without name, password and fragment",
                        error);
        if (strcmp(ret_place->scheme, protocol->secure) != 0 &&
            (strcmp(ret_place->scheme, protocol->plain) != 0 ||
             !(protocol->upgrades || outbound->closed_allowed)))
                return url_refuse(where, protocol == &web ? "only https is spoken" : "only SMTP is spoken",
                                  error);
        if (!host_is_allowed(outbound, ret_place->host))
                return url_refuse(where, "the setting outbound.allow does not name this host", error);
        return true;
}

bool outbound_url_check(const Outbound *outbound, const char *url, const char *where, GError **error)
{
        g_auto(Place) place = { 0 };

        return url_check(outbound, &web, url, where, &place, error);
}

/* ---- the address ---- */

static bool address_is_allowed(const Outbound *outbound, const struct sockaddr *address)
{
        return outbound->closed_allowed || address_is_public(address);
}

static char *address_text(const struct sockaddr *address)
{
        char text[INET6_ADDRSTRLEN] = "";

        if (address->sa_family == AF_INET6) {
                inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr, text,
                          sizeof(text));
                return g_strdup_printf("[%s]", text);
        }
        inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)address)->sin_addr, text,
                  sizeof(text));
        return g_strdup(text);
}

/* A name that is this machine whatever a resolver says, or does not say: a machine may have none that knows it. Source: RFC 6761,
 * 6.3. */
static bool is_this_machine(const char *host)
{
        return g_ascii_strcasecmp(host, "localhost") == 0 || g_str_has_suffix(host, ".localhost");
}

/* `HOST:PORT:ADDRESS`, as the library takes it. One address that may not be asked makes the name one that may not. */
static char *resolve(const Outbound *outbound, const Place *place, GError **error)
{
        const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
        const bool is_literal = place->host[0] == '[';
        g_autofree char *host = is_literal ? g_strndup(place->host + 1, strlen(place->host) - 2)
                                           : g_strdup(place->host);
        g_autofree char *text = NULL;
        struct addrinfo *list = NULL;
        int code = outbound->resolve(is_this_machine(host) ? "127.0.0.1" : host, place->port, &hints, &list);
        bool allowed = code == 0 && list != NULL;

        if (!allowed) {
                error_set(error, ZW_ERR_NETWORK, NULL, "the name %s was not found: %s", place->host,
                          gai_strerror(code));
                return NULL;
        }
        for (const struct addrinfo *one = list; one != NULL; one = one->ai_next)
                allowed = allowed && (one->ai_family == AF_INET || one->ai_family == AF_INET6) &&
                          address_is_allowed(outbound, one->ai_addr);
        if (allowed)
                text = address_text(list->ai_addr);
        freeaddrinfo(list);
        if (allowed)
                return g_strdup_printf("%s:%s:%s", host, place->port, text);
        error_set(
                error, ZW_ERR_DENIED, NULL,
                "%s has an address that is not of the open Internet; the setting outbound.closed_addresses allows those",
                place->host);
        return NULL;
}

/* ---- the request ---- */

/* The last look, at the very address. */
static curl_socket_t on_socket(void *payload, curlsocktype purpose, struct curl_sockaddr *address)
{
        const Outbound *outbound = payload;

        if (purpose != CURLSOCKTYPE_IPCXN ||
            (outbound->proxy == NULL && !address_is_allowed(outbound, &address->addr)))
                return CURL_SOCKET_BAD;
        return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

typedef struct {
        size_t got;
        Out *into; /* or NULL */
} Answer;

static size_t on_answer(char *bytes, size_t size, size_t n, void *payload)
{
        Answer *answer = payload;

        answer->got += size * n;
        if (answer->got > ANSWER_BYTES_MAX)
                return 0;
        if (answer->into != NULL)
                out_bytes(answer->into, bytes, size * n);
        return answer->into == NULL || out_check(answer->into, NULL) ? size * n : 0;
}

struct curl_slist *outbound_fields(const char *const *texts)
{
        struct curl_slist *list = NULL;

        for (; texts != NULL && *texts != NULL; texts++)
                list = curl_slist_append(list, *texts);
        return list;
}

void outbound_fields_free(struct curl_slist *list)
{
        for (struct curl_slist *at = list; at != NULL; at = at->next)
                explicit_bzero(at->data, strlen(at->data));
        curl_slist_free_all(list);
}

/* ---- the handle ---- */

void outbound_handle_clear(OutboundHandle *handle)
{
        curl_easy_cleanup(handle->curl);
        curl_slist_free_all(handle->resolved);
}

/* All that is said to the library for every request; what it does not take it is not asked with. */
static bool handle_say(CURL *curl, const Outbound *outbound, const Protocol *protocol, const char *url)
{
        const char *proxy = protocol->proxied && outbound->proxy != NULL ? outbound->proxy : "";

        return curl_easy_setopt(curl, CURLOPT_URL, url) == CURLE_OK &&
               curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, protocol->both) == CURLE_OK &&
               curl_easy_setopt(curl, CURLOPT_PROXY, proxy) == CURLE_OK &&
               (outbound->ca == NULL || curl_easy_setopt(curl, CURLOPT_CAINFO, outbound->ca) == CURLE_OK) &&
               curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED) == CURLE_OK &&
               curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
               curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L) == CURLE_OK &&
               curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L) == CURLE_OK &&
               curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) == CURLE_OK &&
               curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
               curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS) == CURLE_OK &&
               curl_easy_setopt(curl, CURLOPT_USERAGENT, "zonewright/" ZW_VERSION) == CURLE_OK &&
               curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, on_socket) == CURLE_OK &&
               curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, (void *)(uintptr_t)outbound) == CURLE_OK;
}

static bool handle_open(const Outbound *outbound, const Protocol *protocol, const char *url,
                        OutboundHandle *ret_handle, GError **error)
{
        g_auto(OutboundHandle) handle = { NULL, NULL };
        g_auto(Place) place = { 0 };

        if (!url_check(outbound, protocol, url, NULL, &place, error))
                return false;
        if (outbound->proxy == NULL || !protocol->proxied) {
                g_autofree char *pinned = resolve(outbound, &place, error);

                if (pinned == NULL)
                        return false;
                handle.resolved = curl_slist_append(NULL, pinned);
        }
        handle.curl = curl_easy_init();
        if (handle.curl == NULL || !handle_say(handle.curl, outbound, protocol, url) ||
            curl_easy_setopt(handle.curl, CURLOPT_RESOLVE, handle.resolved) != CURLE_OK) {
                error_set(error, ZW_ERR_NETWORK, NULL, "the request could not be made");
                return false;
        }
        *ret_handle = handle;
        handle = (OutboundHandle){ NULL, NULL };
        return true;
}

bool outbound_handle(const Outbound *outbound, const char *url, OutboundHandle *ret_handle, GError **error)
{
        return handle_open(outbound, &web, url, ret_handle, error);
}

bool outbound_handle_mail(const Outbound *outbound, const char *url, OutboundHandle *ret_handle,
                          GError **error)
{
        return handle_open(outbound, &post, url, ret_handle, error);
}

bool outbound_closed_allowed(const Outbound *outbound)
{
        return outbound->closed_allowed;
}

/* ---- the request ---- */

static bool request_say(CURL *curl, const OutboundRequest *request, struct curl_slist *fields, Answer *answer)
{
        return curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)ALL_SECONDS) == CURLE_OK &&
               curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_answer) == CURLE_OK &&
               curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer) == CURLE_OK &&
               curl_easy_setopt(curl, CURLOPT_HTTPHEADER, fields) == CURLE_OK &&
               (request->body == NULL ||
                (curl_easy_setopt(curl, CURLOPT_POST, 1L) == CURLE_OK &&
                 curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->n) == CURLE_OK &&
                 curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request->body) == CURLE_OK));
}

bool outbound_ask(const Outbound *outbound, const OutboundRequest *request, long *ret_status, GError **error)
{
        g_auto(OutboundHandle) handle = { NULL, NULL };
        Answer answer = { .into = request->answer };
        struct curl_slist *fields;
        CURLcode code;

        if (!outbound_handle(outbound, request->url, &handle, error))
                return false;
        fields = outbound_fields(request->fields);
        code = request_say(handle.curl, request, fields, &answer) ? curl_easy_perform(handle.curl)
                                                                  : CURLE_FAILED_INIT;
        if (code == CURLE_OK)
                code = curl_easy_getinfo(handle.curl, CURLINFO_RESPONSE_CODE, ret_status);
        outbound_fields_free(fields);
        if (code != CURLE_OK)
                error_set(error, ZW_ERR_NETWORK, NULL, "%s", curl_easy_strerror(code));
        return code == CURLE_OK;
}

bool outbound_post(const Outbound *outbound, const char *url, const char *const *fields, const char *body,
                   size_t n, long *ret_status, GError **error)
{
        const OutboundRequest request = { url, fields, body, n, NULL };

        return outbound_ask(outbound, &request, ret_status, error);
}
