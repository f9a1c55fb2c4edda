#include "http/stream.h"

#include "base/error.h"
#include "base/lock.h"
#include "base/out.h"

#include <string.h>

struct Stream {
        Streams *streams;
        const HttpRequest *request;
        Id person;
        pthread_mutex_t lock;
        Out *waiting; /* under lock, as all below; from `sent` on it is to be sent */
        size_t sent;
        bool ended;       /* nothing more is added */
        bool parked;      /* the sender waits for `sender.wake` */
        gint64 last_sent; /* monotonic */
        StreamSender sender;
        GDestroyNotify on_close;
        void *payload;
};

struct Streams {
        pthread_mutex_t lock;
        GPtrArray *open; /* under lock: a stream in it is not freed */
        unsigned most;
        bool ended; /* under lock */
};

Streams *streams_new(unsigned most)
{
        Streams *streams = g_new0(Streams, 1);

        pthread_mutex_init(&streams->lock, NULL);
        streams->open = g_ptr_array_new();
        streams->most = most;
        return streams;
}

void streams_free(Streams *streams)
{
        if (streams == NULL)
                return;
        g_ptr_array_unref(streams->open);
        pthread_mutex_destroy(&streams->lock);
        g_free(streams);
}

/* ---- opening and closing ---- */

static bool room_check(const Streams *streams, const Id *person, GError **error)
{
        unsigned own = 0;

        for (guint i = 0; i < streams->open->len; i++)
                own += id_equal(&((const Stream *)streams->open->pdata[i])->person, person);
        if (own >= ZW_STREAMS_OF_PERSON) {
                error_set(error, ZW_ERR_TOO_MANY, NULL, "you listen %u times already", own);
                return false;
        }
        if (streams->open->len < streams->most && !streams->ended)
                return true;
        error_set(error, ZW_ERR_BUSY, NULL,
                  streams->ended ? "the server is ending" : "too many listen already");
        return false;
}

Stream *stream_open(Streams *streams, const HttpRequest *request, const Caller *caller, GError **error)
{
        g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&streams->lock);
        Stream *stream;

        if (!room_check(streams, &caller->person, error))
                return NULL;
        stream = g_new0(Stream, 1);
        stream->streams = streams;
        stream->request = request;
        stream->person = caller->person;
        pthread_mutex_init(&stream->lock, NULL);
        stream->waiting = out_new(ZW_STREAM_BYTES_MAX);
        stream->last_sent = g_get_monotonic_time();
        out_text(stream->waiting, "retry: 2000\n\n");
        g_ptr_array_add(streams->open, stream);
        return stream;
}

void stream_on_close(Stream *stream, GDestroyNotify fn, void *payload)
{
        stream->on_close = fn;
        stream->payload = payload;
}

void stream_close(Stream *stream)
{
        if (stream == NULL)
                return;
        /* First nobody adds any more, then nobody looks at it. */
        if (stream->on_close != NULL)
                stream->on_close(stream->payload);
        pthread_mutex_lock(&stream->streams->lock);
        (void)g_ptr_array_remove_fast(stream->streams->open, stream);
        pthread_mutex_unlock(&stream->streams->lock);
        out_free(stream->waiting);
        pthread_mutex_destroy(&stream->lock);
        g_free(stream);
}

/* ---- filling ---- */

/* Under the lock. */
static void wake(Stream *stream)
{
        if (!stream->parked)
                return;
        stream->parked = false;
        stream->sender.wake(stream->sender.payload);
}

static void event_write(Out *out, const char *event, const char *id, const char *data)
{
        if (id != NULL)
                out_format(out, "id: %s\n", id);
        out_format(out, "event: %s\n", event);
        /* JSON of one line; should a line break be in it after all, it stays data. */
        for (const char *at = data; at != NULL;) {
                const char *end = strchr(at, '\n');

                out_format(out, "data: %.*s\n", (int)(end == NULL ? strlen(at) : (size_t)(end - at)), at);
                at = end == NULL ? NULL : end + 1;
        }
        out_char(out, '\n');
}

void stream_add(Stream *stream, const char *event, const char *id, const char *data)
{
        g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&stream->lock);

        if (stream->ended)
                return;
        event_write(stream->waiting, event, id, data);
        stream->ended = !out_check(stream->waiting, NULL);
        wake(stream);
}

static void stream_end(Stream *stream, const char *code)
{
        g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&stream->lock);
        g_autofree char *data = g_strdup_printf("{\"code\":\"%s\"}", code);

        if (stream->ended)
                return;
        event_write(stream->waiting, "end", NULL, data);
        stream->ended = true;
        wake(stream);
}

static void stream_beat(Stream *stream, gint64 now)
{
        g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&stream->lock);

        if (stream->parked && stream->sender.is_gone(stream->sender.payload)) {
                stream->ended = true;
                wake(stream);
        }
        if (stream->ended || now - stream->last_sent < ZW_STREAM_BEAT_SECONDS * G_USEC_PER_SEC)
                return;
        stream->last_sent = now;
        out_text(stream->waiting, ": \n\n");
        wake(stream);
}

/* ---- emptying ---- */

/* Under the lock. Forgets what was sent, so that only what waits counts. */
static void sent_drop(Stream *stream)
{
        Out *rest = out_new(ZW_STREAM_BYTES_MAX);

        out_bytes(rest, out_data(stream->waiting) + stream->sent, out_length(stream->waiting) - stream->sent);
        out_free(stream->waiting);
        stream->waiting = rest;
        stream->sent = 0;
}

ssize_t stream_read(Stream *stream, const StreamSender *sender, char *bytes, size_t n)
{
        g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&stream->lock);
        const bool whole = out_check(stream->waiting, NULL);
        const size_t left = out_length(stream->waiting) - stream->sent;
        const size_t part = MIN(left, n);

        /* What was cut is not sent: it would pass for an event. */
        if (!whole || (part == 0 && stream->ended))
                return -1;
        if (part == 0) {
                stream->sender = *sender;
                stream->parked = true;
                sender->park(sender->payload);
                return 0;
        }
        /* allow: `part` is at most what both have */
        memcpy(bytes, out_data(stream->waiting) + stream->sent, part);
        stream->sent += part;
        stream->last_sent = g_get_monotonic_time();
        if (stream->sent == out_length(stream->waiting) || stream->sent > ZW_STREAM_BYTES_MAX / 4)
                sent_drop(stream);
        return (ssize_t)part;
}

/* ---- all of them ---- */

void streams_tick(Streams *streams)
{
        g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&streams->lock);
        const gint64 now = g_get_monotonic_time();

        for (guint i = 0; i < streams->open->len; i++) {
                Stream *stream = streams->open->pdata[i];

                if (!sign_is_alive(stream->request))
                        stream_end(stream, "SIGN_IN");
                stream_beat(stream, now);
        }
}

void streams_end(Streams *streams)
{
        g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&streams->lock);

        streams->ended = true;
        for (guint i = 0; i < streams->open->len; i++)
                stream_end(streams->open->pdata[i], "BUSY");
}
