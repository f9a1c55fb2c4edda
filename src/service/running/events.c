#include "service/running/events.h"

#include "base/lock.h"
#include "base/log.h"
#include "service/running/events_commit.h"
#include "service/running/jobs_internal.h"
#include "service/running/webhooks.h"

#include <string.h>

enum {
        PAUSE_MICROSECONDS =
                30000, /* between two looks at the log: what happens meanwhile is told together */
        JOB_BYTES_MAX = 2 << 20,
        PLACES_MAX = 200,    /* projects whose places go into an id */
        ID_BYTES_MAX = 6000, /* of an id, which comes back in a header field */
};

/* How far a listener was told of one log. */
typedef struct {
        Id log;
        Seq seq;
} Place;

struct Listener {
        Events *events;
        Caller caller;
        bool has_project;
        Id project;
        GArray *places; /* of Place; of logs that are not here it was told nothing */
        EventFn fn;
        void *payload;
        bool fresh; /* was not yet told hello */
};

struct Events {
        Service *service;
        pthread_t thread;
        pthread_mutex_t lock; /* guards what follows, and is held while listeners are told */
        pthread_cond_t wake;
        GPtrArray *listeners;
        pthread_mutex_t news_lock; /* guards what follows; held by nobody for longer than a push */
        GArray *jobs;              /* of Id: changed */
        bool woken, stop;
};

/* ---- places ---- */

static Place *place_of(const Listener *listener, const Id *log)
{
        for (guint i = 0; i < listener->places->len; i++) {
                Place *place = &g_array_index(listener->places, Place, i);

                if (id_equal(&place->log, log))
                        return place;
        }
        return NULL;
}

static void place_set(Listener *listener, const Id *log, Seq seq)
{
        Place *known = place_of(listener, log);
        const Place place = { *log, seq };

        if (known != NULL)
                known->seq = seq;
        else
                g_array_append_val(listener->places, place);
}

static const StoreProject *project_named(const GPtrArray *projects, const char *key)
{
        for (guint i = 0; i < projects->len; i++)
                if (strcmp(((const StoreProject *)projects->pdata[i])->key, key) == 0)
                        return projects->pdata[i];
        return NULL;
}

/* `SEQ`, or `KEY:SEQ` of each project with commas between. What names a project that is gone is passed over, and a number
 * after the newest (of a project that was made anew) means its newest. */
static bool places_read(Listener *listener, const GPtrArray *projects, const char *text, GError **error)
{
        g_auto(GStrv) parts = g_strsplit(text, ",", PLACES_MAX + 1);

        for (char **part = parts; *part != NULL; part++) {
                char *colon = strrchr(*part, ':');
                const StoreProject *project = NULL;
                guint64 seq;

                if (colon != NULL)
                        *colon = '\0';
                if ((colon == NULL) != listener->has_project ||
                    !g_ascii_string_to_unsigned(colon == NULL ? *part : colon + 1, 10, 0, G_MAXINT64, &seq,
                                                NULL)) {
                        error_set(error, ZW_ERR_INPUT, "Last-Event-ID", "this is not the id of an event");
                        return false;
                }
                for (guint i = 0; colon == NULL && i < projects->len; i++)
                        if (id_equal(&((const StoreProject *)projects->pdata[i])->log, &listener->project))
                                project = projects->pdata[i];
                if (colon != NULL)
                        project = project_named(projects, *part);
                if (project != NULL)
                        place_set(listener, &project->log, MIN(seq, project->head));
        }
        return true;
}

/* ---- telling ---- */

/* One look: what is read once and told to many. */
typedef struct {
        StoreView *view;
        const GPtrArray *projects;
        GHashTable *commits; /* "KEY:SEQ" → data, made when first wanted */
} Look;

static bool listener_sees(const Look *look, const Listener *listener, const Id *log)
{
        g_autoptr(GError) why = NULL;

        return (!listener->has_project || id_equal(log, &listener->project)) &&
               service_sees(look->view, &listener->caller, log, &why);
}

static char *id_of(const Look *look, const Listener *listener)
{
        g_autoptr(GString) id = g_string_new(NULL);

        for (guint i = 0; i < look->projects->len && i < PLACES_MAX && id->len < ID_BYTES_MAX; i++) {
                const StoreProject *project = look->projects->pdata[i];
                const Place *place = place_of(listener, &project->log);

                if (place == NULL || !listener_sees(look, listener, &project->log))
                        continue;
                if (!listener->has_project)
                        g_string_append_printf(id, "%s%s:", id->len == 0 ? "" : ",", project->key);
                g_string_append_printf(id, "%" G_GUINT64_FORMAT, place->seq);
        }
        return g_string_free(g_steal_pointer(&id), FALSE);
}

static const char *commit_data(const Look *look, const StoreProject *project, Seq seq)
{
        g_autofree char *name = g_strdup_printf("%s:%" G_GUINT64_FORMAT, project->key, seq);
        g_autoptr(GError) why = NULL;
        char *data = g_hash_table_lookup(look->commits, name);

        if (data != NULL)
                return data;
        data = commit_event(look->view, project, seq, &why);
        if (data == NULL) {
                log_event(LOG_WARNING_, "events", "project", project->key, "message", why->message, NULL);
                return NULL;
        }
        g_hash_table_insert(look->commits, g_steal_pointer(&name), data);
        return data;
}

static void tell(const Look *look, const Listener *listener, const char *event, const char *data)
{
        g_autofree char *id = id_of(look, listener);

        listener->fn(event, id[0] == '\0' ? NULL : id, data, listener->payload);
}

static void tell_project(const Look *look, Listener *listener, const StoreProject *project)
{
        const Place *place = place_of(listener, &project->log);
        const Seq after = place == NULL ? 0 : place->seq;
        g_autofree char *data = NULL;

        if (after >= project->head || !listener_sees(look, listener, &project->log))
                return;
        if (project->head - after > ZW_EVENTS_BEHIND_MAX) {
                data = g_strdup_printf("{\"project\":\"%s\",\"seq\":%" G_GUINT64_FORMAT "}", project->key,
                                       project->head);
                place_set(listener, &project->log, project->head);
                tell(look, listener, "reset", data);
                return;
        }
        for (Seq seq = after + 1; seq <= project->head; seq++) {
                const char *commit = commit_data(look, project, seq);

                place_set(listener, &project->log, seq);
                if (commit != NULL)
                        tell(look, listener, "commit", commit);
        }
}

/* A job, as whoever asked for it hears of it. */
typedef struct {
        const Events *events;
        const Look *look;
} JobNews;

static const char *job_project(const Look *look, const StoreJob *job)
{
        for (guint i = 0; job->has_log && i < look->projects->len; i++) {
                const StoreProject *project = look->projects->pdata[i];

                if (id_equal(&project->log, &job->log))
                        return project->key;
        }
        return NULL;
}

static bool hears_of(const Listener *listener, const StoreJob *job)
{
        return id_equal(&listener->caller.person, &job->person) &&
               (!listener->has_project || !job->has_log || id_equal(&listener->project, &job->log)) &&
               (!listener->caller.has_project ||
                (job->has_log && id_equal(&listener->caller.project, &job->log)));
}

static bool tell_job(const StoreJob *job, void *payload, GError **error G_GNUC_UNUSED)
{
        const JobNews *news = payload;
        g_autoptr(Out) out = out_new(JOB_BYTES_MAX);
        g_autoptr(JWrite) w = jwrite_new(out);

        job_say(news->events->service->jobs, job, job_project(news->look, job), w);
        if (!out_check(out, NULL))
                return true;
        for (guint i = 0; i < news->events->listeners->len; i++) {
                const Listener *listener = news->events->listeners->pdata[i];

                if (hears_of(listener, job))
                        listener->fn("job", NULL, out_data(out), listener->payload);
        }
        return true;
}

/* ---- looking ---- */

static void tell_all(Events *events, const Look *look, const GArray *jobs)
{
        g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&events->lock);
        const JobNews news = { events, look };

        for (guint i = 0; i < events->listeners->len; i++) {
                Listener *listener = events->listeners->pdata[i];

                if (listener->fresh)
                        tell(look, listener, "hello", "{}");
                listener->fresh = false;
                for (guint p = 0; p < look->projects->len; p++)
                        tell_project(look, listener, look->projects->pdata[p]);
        }
        for (guint i = 0; i < jobs->len; i++) {
                g_autoptr(GError) why = NULL;

                if (!store_each_job(look->view, NULL, &g_array_index(jobs, Id, i), 1, tell_job,
                                    (void *)(uintptr_t)&news, &why))
                        log_event(LOG_WARNING_, "events", "message", why->message, NULL);
        }
}

static bool has_listeners(Events *events)
{
        g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&events->lock);

        return events->listeners->len > 0;
}

static bool look_and_tell(Events *events, StoreView *view, const GArray *jobs, GError **error)
{
        g_autoptr(GPtrArray) projects = NULL;
        g_autoptr(GHashTable) commits = hash_table_new_text(g_free, g_free);
        Look look = { view, NULL, commits };

        if (!has_listeners(events))
                return true; /* what changed meanwhile is found by who comes */
        if (!store_view_refresh(view, error))
                return false;
        projects = store_load_projects(view, error);
        look.projects = projects;
        if (projects != NULL)
                tell_all(events, &look, jobs);
        store_view_rest(view);
        return projects != NULL;
}

/* Waits for news and takes them; false at the end. */
static bool news_take(Events *events, GArray *jobs)
{
        g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&events->news_lock);

        while (!events->woken && !events->stop)
                pthread_cond_wait(&events->wake, &events->news_lock);
        events->woken = false;
        g_array_set_size(jobs, 0);
        g_array_append_vals(jobs, events->jobs->data, events->jobs->len);
        g_array_set_size(events->jobs, 0);
        return !events->stop;
}

static void *events_main(void *payload)
{
        Events *events = payload;
        g_autoptr(GArray) jobs = g_array_new(FALSE, FALSE, sizeof(Id));
        g_autoptr(GError) failure = NULL;
        g_autoptr(StoreView) view = store_view_open(events->service->store, &failure);

        if (view == NULL) {
                log_event(LOG_ERROR_, "events", "message", failure->message, NULL);
                return NULL;
        }
        store_view_rest(view);
        while (news_take(events, jobs)) {
                g_autoptr(GError) why = NULL;

                if (!look_and_tell(events, view, jobs, &why))
                        log_event(LOG_WARNING_, "events", "message", why->message, NULL);
                g_usleep(PAUSE_MICROSECONDS);
        }
        return NULL;
}

static void wake(Events *events)
{
        g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&events->news_lock);

        events->woken = true;
        pthread_cond_signal(&events->wake);
}

/* On the store's writer thread, at each durable write. */
static void on_durable(void *payload)
{
        Events *events = payload;

        wake(events);
        webhooks_wake(events->service);
}

void events_job_changed(Service *service, const Id *job)
{
        Events *events = service->events;

        if (events == NULL)
                return;

        g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&events->news_lock);

        for (guint i = 0; i < events->jobs->len; i++)
                if (id_equal(&g_array_index(events->jobs, Id, i), job))
                        return;
        g_array_append_val(events->jobs, *job);
        events->woken = true;
        pthread_cond_signal(&events->wake);
}

/* ---- listening ---- */

static void listener_free(Listener *listener)
{
        g_array_unref(listener->places);
        g_free(listener);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Listener, listener_free)

static bool listener_place(Listener *listener, StoreView *view, const char *project, const char *last,
                           GError **error)
{
        g_autoptr(GPtrArray) projects = store_load_projects(view, error);
        const StoreProject *named;

        if (projects == NULL)
                return false;
        if (project != NULL) {
                named = project_named(projects, project);
                if (named == NULL || !service_sees(view, &listener->caller, &named->log, NULL)) {
                        error_set(error, ZW_ERR_NOT_FOUND, "project",
                                  "there is no project \"%s\" that you may see", project);
                        return false;
                }
                listener->has_project = true;
                listener->project = named->log;
        }
        for (guint i = 0; i < projects->len; i++) {
                const StoreProject *one = projects->pdata[i];

                place_set(listener, &one->log, one->head);
        }
        return last == NULL || last[0] == '\0' || places_read(listener, projects, last, error);
}

Listener *events_listen(Service *service, const Caller *caller, const char *project, const char *last,
                        EventFn fn, void *payload, GError **error)
{
        Events *events = service->events;
        g_autoptr(StoreView) view = events == NULL ? NULL : store_view_open(service->store, error);
        g_autoptr(Listener) listener = NULL;

        if (view == NULL) {
                if (events == NULL)
                        error_set(error, ZW_ERR_BUSY, NULL, "events are for a running server");
                return NULL;
        }
        listener = g_new0(Listener, 1);
        *listener = (Listener){
                .events = events, .caller = *caller, .fn = fn, .payload = payload, .fresh = true
        };
        listener->places = g_array_new(FALSE, FALSE, sizeof(Place));
        if (!listener_place(listener, view, project, last, error))
                return NULL;
        pthread_mutex_lock(&events->lock);
        g_ptr_array_add(events->listeners, listener);
        pthread_mutex_unlock(&events->lock);
        wake(events);
        return g_steal_pointer(&listener);
}

void events_leave(Listener *listener)
{
        Events *events;

        if (listener == NULL)
                return;
        events = listener->events;
        pthread_mutex_lock(&events->lock);
        (void)g_ptr_array_remove_fast(events->listeners, listener);
        pthread_mutex_unlock(&events->lock);
        listener_free(listener);
}

/* ---- start and stop ---- */

static void events_free(Events *events)
{
        g_ptr_array_unref(events->listeners);
        g_array_unref(events->jobs);
        pthread_cond_destroy(&events->wake);
        pthread_mutex_destroy(&events->news_lock);
        pthread_mutex_destroy(&events->lock);
        g_free(events);
}

bool events_start(Service *service, GError **error)
{
        Events *events = g_new0(Events, 1);

        events->service = service;
        pthread_mutex_init(&events->lock, NULL);
        pthread_mutex_init(&events->news_lock, NULL);
        pthread_cond_init(&events->wake, NULL);
        events->listeners = g_ptr_array_new();
        events->jobs = g_array_new(FALSE, FALSE, sizeof(Id));
        if (pthread_create(&events->thread, NULL, events_main, events) != 0) {
                events_free(events);
                error_set(error, ZW_ERR_STORAGE, NULL, "the thread of events could not be made");
                return false;
        }
        service->events = events;
        store_listen(service->store, on_durable, events);
        return true;
}

void events_stop(Service *service)
{
        Events *events = service->events;

        if (events == NULL)
                return;
        store_listen(service->store, NULL, NULL);
        pthread_mutex_lock(&events->news_lock);
        events->stop = true;
        pthread_cond_signal(&events->wake);
        pthread_mutex_unlock(&events->news_lock);
        pthread_join(events->thread, NULL);
        service->events = NULL;
        events_free(events);
}
