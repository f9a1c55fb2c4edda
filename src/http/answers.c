#include "http/answers.h"

#include "base/hash.h"
#include "base/lock.h"

#include <string.h>

/* Most bytes of one answer; what one takes besides its body, about. */
enum { ANSWER_BYTES_MAX = 1 << 20, ANSWER_BYTES = 512 };

typedef struct {
        Digest key;
        GList link; /* its place in the queue; data is the answer */
        const Route *route;
        uint64_t generation;
        Instant until;
        GBytes *body;
        char *etag;
        GPtrArray *more; /* as in HttpReply */
} Answer;

struct Answers {
        size_t bytes_max;
        pthread_mutex_t lock;
        GHashTable *by_key; /* under lock, as are the next: Digest to Answer, owned */
        GQueue recent;      /* the one asked for last first */
        size_t bytes;
};

static void answer_free(gpointer data)
{
        Answer *answer = data;

        g_bytes_unref(answer->body);
        g_free(answer->etag);
        g_clear_pointer(&answer->more, g_ptr_array_unref);
        g_free(answer);
}

static guint key_hash(gconstpointer data)
{
        return (guint)hash_keyed(data, ZW_DIGEST_BYTES);
}

static gboolean key_equal(gconstpointer a, gconstpointer b)
{
        return digest_equal(a, b);
}

Answers *answers_new(size_t bytes_max)
{
        Answers *answers = g_new0(Answers, 1);

        answers->bytes_max = bytes_max;
        pthread_mutex_init(&answers->lock, NULL);
        answers->by_key = g_hash_table_new_full(key_hash, key_equal, NULL, answer_free);
        g_queue_init(&answers->recent);
        return answers;
}

void answers_free(Answers *answers)
{
        if (answers == NULL)
                return;
        g_hash_table_destroy(answers->by_key);
        pthread_mutex_destroy(&answers->lock);
        g_free(answers);
}

static void key_add(HashState *state, const char *text)
{
        if (text != NULL)
                hash_update(state, text, strlen(text));
        hash_update(state, text == NULL ? "\1" : "", 1); /* no field is not an empty one */
}

/* A digest, so that no secret lies here. */
static Digest key_of(const HttpRequest *request)
{
        g_autoptr(HashState) state = hash_new();

        key_add(state, request->target);
        key_add(state, request->fields[FIELD_AUTHORIZATION]);
        key_add(state, request->fields[FIELD_COOKIE]);
        return hash_finish(state);
}

static bool asks_only(const HttpRequest *request)
{
        return (request->method == HTTP_GET || request->method == HTTP_HEAD) && !request->has_body;
}

static GPtrArray *more_copy(const GPtrArray *more)
{
        GPtrArray *copy;

        if (more == NULL)
                return NULL;
        copy = g_ptr_array_new_full(more->len, g_free);
        for (guint i = 0; i < more->len; i++)
                g_ptr_array_add(copy, g_strdup(more->pdata[i]));
        return copy;
}

static size_t answer_bytes(const Answer *answer)
{
        return ANSWER_BYTES + g_bytes_get_size(answer->body);
}

static void answer_drop(Answers *answers, Answer *answer)
{
        answers->bytes -= answer_bytes(answer);
        g_queue_unlink(&answers->recent, &answer->link);
        g_hash_table_remove(answers->by_key, &answer->key);
}

static bool is_kept(Answers *answers, const Digest *key)
{
        g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&answers->lock);

        return g_hash_table_contains(answers->by_key, key);
}

/* The answer, if it holds still; under the lock. */
static Answer *answer_find(Answers *answers, const Digest *key, uint64_t generation)
{
        Answer *answer = g_hash_table_lookup(answers->by_key, key);

        if (answer == NULL || (answer->generation == generation && answer->until > instant_now()))
                return answer;
        answer_drop(answers, answer);
        return NULL;
}

bool answers_find(Answers *answers, const HttpRequest *request, HttpReply *reply, const Route **ret_route)
{
        Digest key;
        uint64_t generation;
        Answer *answer;

        if (!asks_only(request) || !request_check(request, NULL))
                return false;
        key = key_of(request);
        if (!is_kept(answers, &key))
                return false;
        /* Whatever was acknowledged before this request came has changed it. Asked without the lock, since a store that several
         * servers share asks its database. */
        generation = service_generation(request->context->service);

        g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&answers->lock);

        answer = answer_find(answers, &key, generation);
        if (answer == NULL)
                return false;
        g_queue_unlink(&answers->recent, &answer->link);
        g_queue_push_head_link(&answers->recent, &answer->link);
        *reply = (HttpReply){ .status = 200,
                              .type = REPLY_JSON,
                              .body = g_bytes_ref(answer->body),
                              .etag = g_strdup(answer->etag),
                              .more = more_copy(answer->more) };
        *ret_route = answer->route;
        return true;
}

static bool may_keep(const HttpRequest *request, const Route *route, uint64_t generation,
                     const HttpReply *reply)
{
        return (route->flags & KEPT) && asks_only(request) && reply->status == 200 &&
               strcmp(reply->type, REPLY_JSON) == 0 && reply->etag != NULL && !reply->passing &&
               reply->file == 0 && reply->stream == NULL && reply->encoding == NULL &&
               g_bytes_get_size(reply->body) <= ANSWER_BYTES_MAX && generation % 2 == 0 &&
               generation == service_generation(request->context->service);
}

void answers_keep(Answers *answers, const HttpRequest *request, const Route *route, uint64_t generation,
                  const HttpReply *reply)
{
        const Instant until = may_keep(request, route, generation, reply) ? sign_lasts(request) : 0;
        Answer *answer, *before;

        if (until <= instant_now())
                return;
        answer = g_new(Answer, 1);
        *answer = (Answer){ .key = key_of(request),
                            .route = route,
                            .generation = generation,
                            .until = until,
                            .body = g_bytes_ref(reply->body),
                            .etag = g_strdup(reply->etag),
                            .more = more_copy(reply->more) };
        answer->link.data = answer;
        pthread_mutex_lock(&answers->lock);
        before = g_hash_table_lookup(answers->by_key, &answer->key);
        if (before != NULL)
                answer_drop(answers, before);
        g_hash_table_insert(answers->by_key, &answer->key, answer);
        g_queue_push_head_link(&answers->recent, &answer->link);
        answers->bytes += answer_bytes(answer);
        while (answers->bytes > answers->bytes_max)
                answer_drop(answers, g_queue_peek_tail(&answers->recent));
        pthread_mutex_unlock(&answers->lock);
}
