/* Answers without an end: server-sent events to clients that stay. A stream is a bounded queue between whoever has news, on
 * any thread, and the thread that sends; a client that takes them too slowly is cut off and comes back with the id of the last
 * event it saw. Thread-safe. */
#ifndef HTTP_STREAM_H
#define HTTP_STREAM_H

#include "http/sign.h"

typedef struct Stream Stream;

enum {
        ZW_STREAM_BYTES_MAX = 256 * 1024, /* that wait to be sent */
        ZW_STREAMS_OF_PERSON = 32,
        ZW_STREAM_BEAT_SECONDS = 15,
};

/* All streams of a server, at most `most` at once. */
Streams *streams_new(unsigned most);
/* When there are none. */
void streams_free(Streams *streams);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Streams, streams_free)

/* A new one for the caller of `request`, which outlives it. Errors: TOO_MANY, of the person; BUSY, of all. */
Stream *stream_open(Streams *streams, const HttpRequest *request, const Caller *caller, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* What is to happen when it is closed; before it is sent. */
void stream_on_close(Stream *stream, GDestroyNotify fn, void *payload);
/* Its sender is done with it. */
void stream_close(Stream *stream);

/* Adds an event; `id` may be NULL. Does nothing after the end; too much ends it. */
void stream_add(Stream *stream, const char *event, const char *id, const char *data);

/* How the sender waits: `park` is called when there is nothing to send, `wake` once when there is again. Both are short. */
typedef struct {
        void (*park)(void *payload);
        void (*wake)(void *payload);
        bool (*is_gone)(void *payload); /* nobody is at the other end; asked while it is parked */
        void *payload;
} StreamSender;
/* Up to `n` bytes; 0 when it was parked, -1 at the end. */
ssize_t stream_read(Stream *stream, const StreamSender *sender, char *bytes, size_t n);

/* About once a second: heartbeats, and the end of those whose client is gone, and of those whose session or token has ended. */
void streams_tick(Streams *streams);
/* Ends all, and every one that is opened later. */
void streams_end(Streams *streams);

#endif
