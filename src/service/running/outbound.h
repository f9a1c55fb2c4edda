/* Requests to other servers: none unless the settings name their hosts, and none to addresses that are not of the open Internet
 * unless the settings say so. A name is resolved once, every address it gives is judged, and the connection goes to one of
 * those and nowhere else, whatever the name means a moment later; redirects are followed by downloads only, each judged like the
 * first, and proxies of the environment not used. With outbound.proxy that one is asked for everything, and finds the addresses.
 * libcurl is met in outbound.c, outbound_download.c and outbound_mail.c and nowhere else in service/. Thread-safe. */
#ifndef SERVICE_RUNNING_OUTBOUND_H
#define SERVICE_RUNNING_OUTBOUND_H

#include "base/config.h"
#include "base/out.h"
#include "base/progress.h"
#include "base/secret.h"

#include <netdb.h>

typedef struct Outbound Outbound;

/* How names are resolved: getaddrinfo, or a test's; what it gives is freed with freeaddrinfo. */
typedef int (*OutboundResolveFn)(const char *host, const char *port, const struct addrinfo *hints,
                                 struct addrinfo **ret_list);

/* By the settings outbound.*. Errors: INPUT with the name of the setting. */
Outbound *outbound_new(const Config *config, OutboundResolveFn resolve, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
void outbound_free(Outbound *outbound);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Outbound, outbound_free)

/* Whether a URL may be asked at all, as far as it can be told from its text. Errors: INPUT, with `where` as place. */
bool outbound_url_check(const Outbound *outbound, const char *url, const char *where, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
typedef struct {
        const char *url;
        const char *const *fields; /* of the header, ended by NULL */
        const char *body;          /* is posted; NULL for a GET */
        size_t n;
        Out *answer; /* gets what came, or NULL */
} OutboundRequest;

/* Asks. *ret_status is what was answered. Errors: those of outbound_url_check; DENIED, the address is not one that may be
 * asked; NETWORK, also for an answer of more than 64 KiB, or than `answer` takes. */
bool outbound_ask(const Outbound *outbound, const OutboundRequest *request, long *ret_status, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* Posts, and leaves the answer. */
bool outbound_post(const Outbound *outbound, const char *url, const char *const *fields, const char *body,
                   size_t n, long *ret_status, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A mail for one. Everything is borrowed. */
typedef struct {
        const char *
                server; /* smtps://HOST:PORT, or smtp://HOST:PORT, which turns to TLS before anything is said */
        const char *user;           /* or NULL */
        const SecretText *password; /* or NULL */
        const char *from, *to;      /* addresses alone */
        const char *message;        /* RFC 5322, lines ended by CRLF */
        size_t n;
} OutboundMail;
/* Hands it to the server. Plain SMTP is spoken where closed addresses are allowed, the server has no TLS and there is no
 * password. Errors: those of outbound_ask. */
bool outbound_mail(const Outbound *outbound, const OutboundMail *mail, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

/* A file, of any size up to a limit. */
typedef struct {
        const char *url;
        const char *const *fields; /* of the header, ended by NULL; or NULL */
        int fd;                    /* gets it from its beginning, or goes on where `from` ends */
        uint64_t from;             /* bytes that are there; asked for what follows while it is still `etag` */
        const char *etag;          /* of what is there, or NULL */
        uint64_t bytes_max;
        Progress *progress; /* or NULL */
} OutboundDownload;

typedef struct {
        long status;
        char *etag, *modified; /* ETag and Last-Modified, or NULL */
        int64_t retry_after;   /* seconds; -1 when the server does not say */
} OutboundDownloaded;
void outbound_downloaded_clear(OutboundDownloaded *downloaded);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(OutboundDownloaded, outbound_downloaded_clear)

/* GETs a file, over up to five redirects; an answer other than 200 and 206 leaves the file as it is. What came before a failure
 * stays in it. Errors: those of outbound_ask; LIMIT, it is larger; STORAGE; CANCELLED. */
bool outbound_download(const Outbound *outbound, const OutboundDownload *download,
                       OutboundDownloaded *ret_downloaded, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
