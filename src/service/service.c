#include "service/internal.h"

#include "base/near.h"
#include <pwd.h>
#include <string.h>

typedef enum { SCOPE_GLOBAL_, SCOPE_PROJECT_ } UsecaseScope;

typedef struct {
        const char *name;
        UsecaseFn run;
        PermissionId permission;
        UsecaseScope scope;
} Usecase;

static const Usecase usecases[] = {
#define USECASE(symbol, name, function, permission, scope, summary) \
        { (name), (function), ZW_PERM_##permission, SCOPE_##scope##_ },
#include "service/usecases.def"
#undef USECASE
};

Service *service_open(const char *dir, GError **error)
{
        Store *store = store_open(dir, error);
        Service *service;

        if (store == NULL)
                return NULL;
        service = g_new0(Service, 1);
        service->store = store;
        pthread_mutex_init(&service->lock, NULL);
        service->open = g_ptr_array_new_with_free_func((GDestroyNotify)open_project_unref);
        return service;
}

void service_close(Service *service)
{
        if (service == NULL)
                return;
        g_ptr_array_unref(service->open);
        pthread_mutex_destroy(&service->lock);
        store_close(service->store);
        g_free(service);
}

/* ---- callers ---- */

char *service_user_name(uid_t uid)
{
        enum { ENTRY_MAX = 16384 };
        g_autofree char *buffer = g_malloc(ENTRY_MAX);
        struct passwd entry, *found = NULL;

        if (getpwuid_r(uid, &entry, buffer, ENTRY_MAX, &found) != 0 || found == NULL)
                return g_strdup_printf("uid-%u", uid);
        return g_strdup(found->pw_name);
}

typedef struct {
        const char *name;
        Id id;
} PersonWrite;

static bool person_write(StoreTxn *txn, void *payload, GError **error)
{
        PersonWrite *write = payload;

        return store_txn_put_person(txn, write->name, write->name, &write->id, error);
}

bool service_local_caller(Service *service, const char *name, Caller *ret_caller, GError **error)
{
        g_autoptr(StoreView) view = store_view_open(service->store, error);
        g_autoptr(StorePerson) person = NULL;
        PersonWrite write = { .name = name };

        if (view == NULL)
                return false;
        ret_caller->origin = ORIGIN_CLI;
        person = store_find_person(view, name, NULL);
        if (person == NULL && !store_write(service->store, person_write, &write, error))
                return false;
        ret_caller->person = person == NULL ? write.id : person->id;
        return true;
}

static bool permitted(Call *call, const Usecase *usecase, GError **error)
{
        unsigned roles, permissions = 0;

        if (usecase->scope == SCOPE_GLOBAL_)
                return true;
        if (!store_load_roles(call->view, &call->project->log, &call->caller->person, &roles, error))
                return false;
        for (int i = 0; i < ZW_ROLE_COUNT; i++)
                if (roles & (1U << i))
                        permissions |= role_def((RoleId)i)->permissions;
        if (permissions & (1U << usecase->permission))
                return true;
        error_set(error, ZW_ERR_DENIED, NULL, "%s needs the permission \"%s\" in project %s", usecase->name,
                  permission_name(usecase->permission), call->project->key);
        return false;
}

/* ---- which project, as of when ---- */

static bool call_project(Call *call, GError **error)
{
        const char *key = jread_get_string(call->input, "project");
        g_autoptr(GPtrArray) all = NULL;

        if (key != NULL && key[0] != '\0') {
                call->project = store_find_project(call->view, key, error);
                return call->project != NULL;
        }
        all = store_load_projects(call->view, error);
        if (all == NULL)
                return false;
        if (all->len != 1) {
                error_set(error, ZW_ERR_USAGE, "/project", "there are %u projects: name one with --project",
                          all->len);
                return false;
        }
        call->project = g_ptr_array_steal_index(all, 0);
        return true;
}

bool call_find_seq(Call *call, const char *text, const char *member, Seq *ret_seq, GError **error)
{
        g_autofree char *where = g_strdup_printf("/%s", member);
        g_autoptr(StoreItem) baseline = NULL;
        g_autoptr(Json) attrs = NULL;
        guint64 number;
        Instant time;
        Seq seq = 0;

        if (g_ascii_string_to_unsigned(text, 10, 1, call->project->head, &number, NULL)) {
                seq = number;
        } else if (instant_parse(text, &time, NULL)) {
                if (!store_seq_at(call->view, &call->project->log, time, &seq, error))
                        return false;
        } else {
                baseline = store_item_by_key(call->view, &call->project->log, text, ZW_SEQ_OPEN - 1, NULL);
                if (baseline != NULL && store_item_rev(baseline)->kind == ZW_KIND_BASELINE)
                        attrs = json_loads(store_item_rev(baseline)->attrs, 0, NULL);
                seq = (Seq)jread_get_int(attrs, "seq", 0);
        }
        if (seq >= 1 && seq <= call->project->head) {
                *ret_seq = seq;
                return true;
        }
        error_set(error, ZW_ERR_NOT_FOUND, where,
                  "%s is no commit, date or baseline of %s, which has commits 1 to %" G_GUINT64_FORMAT, text,
                  call->project->key, call->project->head);
        return false;
}

static bool call_seq(Call *call, GError **error)
{
        const char *at = jread_get_string(call->input, "at");

        call->at = call->project->head;
        call->instant = instant_now();
        return at == NULL || at[0] == '\0' || call_find_seq(call, at, "at", &call->at, error);
}

typedef struct {
        Instant time;
} CommitTime;

static bool commit_time(const StoreCommit *commit, void *payload, GError **error G_GNUC_UNUSED)
{
        ((CommitTime *)payload)->time = commit->time;
        return true;
}

/* As of a past commit the evaluation instant is that commit's time, since evidence and waivers age; `instant` fixes it. */
static bool call_instant(Call *call, GError **error)
{
        CommitTime time = { call->instant };
        const char *instant = jread_get_string(call->input, "instant");

        if (instant != NULL)
                return instant_parse(instant, &call->instant, error);
        if (call->at == call->project->head && jread_get_string(call->input, "at") == NULL)
                return true;
        if (!store_each_commit(call->view, &call->project->log, call->at, call->at, commit_time, &time,
                               error))
                return false;
        call->instant = time.time;
        return true;
}

static bool call_run(Call *call, const Usecase *usecase, JWrite *w, GError **error)
{
        if (usecase->scope == SCOPE_PROJECT_ &&
            (!call_project(call, error) || !permitted(call, usecase, error) || !call_seq(call, error) ||
             !call_instant(call, error)))
                return false;
        return usecase->run(call, w, error);
}

bool service_call(Service *service, const Caller *caller, const char *usecase, const json_t *input,
                  ServiceFiles files, JWrite *w, GError **error)
{
        const char *names[G_N_ELEMENTS(usecases)];
        g_autofree char *near = NULL;
        g_autoptr(StoreView) view = NULL;
        Call call = { .service = service, .caller = caller, .input = input, .files = files };
        bool ok;

        for (size_t i = 0; i < G_N_ELEMENTS(usecases); i++) {
                names[i] = usecases[i].name;
                if (strcmp(usecases[i].name, usecase) != 0)
                        continue;
                view = store_view_open(service->store, error);
                if (view == NULL)
                        return false;
                call.view = view;
                ok = call_run(&call, &usecases[i], w, error);
                store_project_free(call.project);
                return ok;
        }
        near = near_names(usecase, names, G_N_ELEMENTS(usecases));
        error_set(error, ZW_ERR_NAME_UNKNOWN, usecase, "there is no use case \"%s\"%s", usecase, near);
        return false;
}
