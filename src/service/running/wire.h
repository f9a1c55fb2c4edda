/* The local socket: how a `zw` that finds its data directory held asks the process that holds it. Both ends are here;
 * http/local.c serves, cli/session.c asks. The socket is `zw.sock` in the data directory, for its owner and root alone.
 *
 * A frame is a kind (one byte), a length (four bytes, most significant first) and so many bytes:
 *
 *   H  server, once          {"protocol":1,"version":"…"}: the connection is being served, nothing was done yet
 *   F  client, any number    names of files, each ended by NUL; one descriptor of each comes along
 *   C  client                {"usecase":…,"input":…,"progress":true}: a call, with the files sent since the last one;
 *                            progress only when it is to be told
 *   P  server, any number    {"stage":…,"unit":…,"done":…,"total":…}: how far a call is that asked for it
 *   A  server                what the use case wrote
 *   E  server                code (four bytes), message, NUL, and where, NUL, if the error has a place
 *   B  server                nothing: it ends, and took no call after the last one it answered
 *
 * Names and messages are bytes as the command line has them, so that both ways print the same. A client sends calls one
 * after another; when it is cut off before H nothing happened, and without an answer to C the outcome is unknown: a call
 * whose client is gone is cancelled if it is not too late.
 *
 * A descriptor passed here is a socket owned by the caller. Thread-safe: nothing is shared. */
#ifndef SERVICE_RUNNING_WIRE_H
#define SERVICE_RUNNING_WIRE_H

#include "base/jread.h"
#include "base/out.h"
#include "service/service.h"

enum {
        ZW_WIRE_PROTOCOL = 1,
        ZW_WIRE_SECONDS = 60,        /* most a peer may pause inside a frame */
        ZW_WIRE_FILES_MAX = 4096,    /* of one call */
        ZW_WIRE_BYTES_MAX = 1 << 30, /* of one frame */
};

/* Listens in the data directory, which the caller has locked: a socket that is there was left by a killed server and is
 * taken over. Errors: NETWORK. */
int wire_listen(const char *dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Takes the socket away again. */
void wire_unlisten(const char *dir, int listener);

/* A connection to whoever serves the directory; -1 without an error when nobody does (at the moment). Errors: DENIED, the
 * socket is not of the directory's owner, or the server refused; VERSION, it speaks another protocol; NETWORK. */
int wire_connect(const char *dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Takes one connection. The peer must be the owner of the directory or root, and is told when it is not. -1 without an
 * error when there was none after all. Errors: DENIED; NETWORK. */
int wire_accept(const char *dir, int listener, uid_t *ret_uid, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Client: one call; its answer is appended to `out`, and how far it is told to `progress` unless that is NULL. *ret_bye: it failed because the server ends, and did not begin; it may
 * be made again elsewhere. Errors: those of the use case, as it gave them; NETWORK. */
bool wire_call(int fd, const char *usecase, const json_t *input, ServiceFiles files, Progress *progress,
               Out *out, bool *ret_bye, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Server: a call as received. */
typedef struct {
        json_t *body; /* the C frame */
        GPtrArray *names;
        GArray *files; /* of ServiceFile, with names borrowed from `names` */
} WireCall;
/* False without an error when the client is done. Errors: NETWORK, INPUT, LIMIT: the connection is of no more use. */
bool wire_receive_call(int fd, WireCall *ret_call, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void wire_call_clear(WireCall *call);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(WireCall, wire_call_clear)
/* What service_call_watched is given for a call from this client: it tells the client, if that asked, and is cancelled
 * when the client is gone. `watch` stays with the caller to the end of the call. */
typedef struct {
        Progress progress;
        int fd;
        bool tell;
} WireWatch;
Progress *wire_watch(WireWatch *watch, int fd, const WireCall *call);
bool wire_send_answer(int fd, const Out *answer, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool wire_send_bye(int fd, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool wire_send_error(int fd, const GError *failure, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
