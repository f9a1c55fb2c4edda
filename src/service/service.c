#include "service/internal.h"

#include "base/log.h"
#include "base/near.h"
#include "service/sight.h"
#include "service/feeds/feed_keyring.h"
#include "service/feeds/feed_rules.h"
#include <pwd.h>
#include <string.h>
#include <unistd.h>

typedef enum { SCOPE_GLOBAL_, SCOPE_PROJECT_, SCOPE_ACCESS_ } UsecaseScope;

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

/* Use cases that show a project as of the call's commit and nothing later, ended by NULL. */
static const struct {
        const char *name;
        bool zones;
} bounded[] = {
#define ASOF(name, zones) { name, zones },
#include "service/asof.def"
#undef ASOF
};

/* Takes the store over. */
static Service *service_new(Store *store)
{
        Service *service = g_new0(Service, 1);

        service->store = store;
        service->throttle = throttle_new();
        service->identities = identities_new();
        pthread_mutex_init(&service->lock, NULL);
        service->open = g_ptr_array_new_with_free_func((GDestroyNotify)open_project_unref);
        return service;
}

/* Gives the store back. */
static Store *service_free(Service *service)
{
        Store *store = service->store;

        g_ptr_array_unref(service->open);
        pthread_mutex_destroy(&service->lock);
        throttle_free(service->throttle);
        identities_free(service->identities);
        feed_rules_unref(service->feed_rules);
        feed_keyring_unref(service->feed_keyring);
        g_free(service);
        return store;
}

Service *service_open(const char *dir, GError **error)
{
        Store *store = store_open(dir, error);

        return store == NULL ? NULL : service_new(store);
}

void service_close(Service *service)
{
        if (service != NULL)
                store_close(service_free(service));
}

typedef struct {
        const char *usecase;
        const json_t *input;
} Fill;

static bool fill_run(Store *store, void *payload, GError **error)
{
        enum { ANSWER_MAX = 16 << 20 };
        const Fill *fill = payload;
        g_autofree char *user = service_user_name(geteuid());
        g_autoptr(Out) out = out_new(ANSWER_MAX);
        g_autoptr(JWrite) w = jwrite_new(out);
        Service *service = service_new(store);
        Caller caller;
        bool ok = service_local_caller(service, user, &caller, error) &&
                  service_call(service, &caller, fill->usecase, fill->input, (ServiceFiles){ NULL, 0 }, w,
                               error);

        service_free(service);
        return ok;
}

bool service_create_with(const char *database, const char *dir, const char *usecase, const json_t *input,
                         GError **error)
{
        Fill fill = { usecase, input };

        return store_make_in(database, dir, fill_run, &fill, error);
}

uint64_t service_generation(Service *service)
{
        return store_generation(service->store);
}

bool service_is_ready(Service *service, GError **error)
{
        g_autoptr(StoreView) view = store_view_open(service->store, error);
        g_autoptr(GPtrArray) projects = view == NULL ? NULL : store_load_projects(view, error);

        return projects != NULL;
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
        *ret_caller = (Caller){ .origin = ORIGIN_CLI };
        person = store_find_person(view, name, NULL);
        if (person == NULL && !store_write(service->store, person_write, &write, error))
                return false;
        ret_caller->person = person == NULL ? write.id : person->id;
        return true;
}

bool call_sees(const Rights *rights)
{
        return rights->is_operator || (rights->roles != 0 && (rights->limit & 1U << ZW_PERM_READ) != 0);
}

/* Who sees one commit or some zones only is shown nothing that goes beyond them. */
static bool within_bound(const Call *call, const Usecase *usecase, GError **error)
{
        const bool zones = rights_zones_seen(&call->rights) != NULL;

        if (!zones && rights_upto(&call->rights) == 0)
                return true;
        for (size_t i = 0; i < G_N_ELEMENTS(bounded); i++)
                if (strcmp(bounded[i].name, usecase->name) == 0 && (bounded[i].zones || !zones))
                        return true;
        error_set(error, ZW_ERR_DENIED, NULL, "%s is not for an auditor who is limited to %s", usecase->name,
                  zones ? "zones" : "a baseline");
        return false;
}

static bool permitted(Call *call, const Usecase *usecase, GError **error)
{
        const char *permission = permission_name(usecase->permission);

        if (usecase->scope == SCOPE_GLOBAL_) {
                if (usecase->permission == ZW_PERM_ADMIN
                            ? call->rights.is_operator
                            : (call->rights.limit & 1U << usecase->permission) != 0)
                        return true;
                error_set(error, ZW_ERR_DENIED, NULL,
                          usecase->permission == ZW_PERM_ADMIN ? "%s is for operators of the installation"
                                                               : "%s needs a token with more permissions",
                          usecase->name);
                return false;
        }
        if (usecase->scope == SCOPE_ACCESS_ && usecase->permission == ZW_PERM_ADMIN &&
            call->project->is_branch) {
                error_set(error, ZW_ERR_STATE, "project",
                          "the roles in %s are those of the project it was made from", call->project->key);
                return false;
        }
        if (usecase->scope == SCOPE_ACCESS_ && call->rights.is_operator)
                return true;
        if (rights_roles_with(&call->rights, usecase->permission) != 0)
                return within_bound(call, usecase, error);
        error_set(error, ZW_ERR_DENIED, NULL, "%s needs the permission \"%s\" in project %s", usecase->name,
                  permission, call->project->key);
        return false;
}

/* ---- the audit trail ---- */

bool call_audit(const Call *call, StoreTxn *txn, const char *action, const char *object, const char *outcome,
                GError **error)
{
        return call_audit_in(call, txn, call->project == NULL ? NULL : call->project->key, action, object,
                             outcome, error);
}

bool call_audit_in(const Call *call, StoreTxn *txn, const char *project, const char *action,
                   const char *object, const char *outcome, GError **error)
{
        const char *address = call->caller->address;
        const StoreAudit entry = { .time = instant_now(),
                                   .person = &call->caller->person,
                                   .action = action,
                                   .project = project,
                                   .object = object,
                                   .address = address[0] == '\0' ? NULL : address,
                                   .outcome = outcome };

        return store_txn_audit(txn, &entry, error);
}

typedef struct {
        const Call *call;
        const char *action, *object, *outcome;
} AuditWrite;

static bool audit_write(StoreTxn *txn, void *payload, GError **error)
{
        const AuditWrite *write = payload;

        return call_audit(write->call, txn, write->action, write->object, write->outcome, error);
}

/* What of the input says which thing was looked at. */
static const char *view_object(const Call *call)
{
        static const char *const members[] = { "key", "q", "type", "from", "format", "zone" };
        const char *object = NULL;

        for (size_t i = 0; i < G_N_ELEMENTS(members) && object == NULL; i++)
                object = jread_get_string(call->input, members[i]);
        return object;
}

/* What an auditor looks at is recorded before it is shown, or it is not shown. */
static bool view_record(const Call *call, const Usecase *usecase, GError **error)
{
        const char *what = view_object(call);
        g_autofree char *object = g_strdup_printf("%s%s%s", usecase->name, what == NULL ? "" : " ",
                                                  what == NULL ? "" : what);
        AuditWrite write = { call, "view", object, "ok" };

        return call->project == NULL || (call->rights.roles & 1U << ZW_ROLE_AUDITOR) == 0 ||
               store_write_aside(call->service->store, audit_write, &write, error);
}

static void denial_record(const Call *call, const Usecase *usecase, const GError *why, const char *outcome)
{
        g_autofree char *object = g_strdup_printf("%s: %s", usecase->name, why->message);
        AuditWrite write = { call, "call", object, outcome };
        g_autoptr(GError) failure = NULL;

        /* The caller is told of the denial all the same. */
        if (!store_write_aside(call->service->store, audit_write, &write, &failure))
                log_event(LOG_WARNING_, "audit", "action", "call", "message", failure->message, NULL);
}

/* ---- which project, as of when ---- */

static bool project_refuse(const char *key, GError **error)
{
        /* The same words whether it is not there or not theirs to see: keys are not to be guessed. */
        error_set(error, ZW_ERR_NOT_FOUND, "project", "there is no project \"%s\" that you may see", key);
        return false;
}

static bool call_named_project(Call *call, const char *key, GError **error)
{
        g_autoptr(GError) why = NULL;

        call->project = store_find_project(call->view, key, &why);
        if (call->project == NULL) {
                if (g_error_matches(why, ZW_ERROR, ZW_ERR_NOT_FOUND))
                        return project_refuse(key, error);
                g_propagate_error(error, g_steal_pointer(&why));
                return false;
        }
        if (rights_load_roles(call->view, call->caller, &call->project->log, instant_now(), &call->rights,
                              &why) &&
            call_sees(&call->rights))
                return true;
        if (why == NULL)
                return project_refuse(key, error);
        g_propagate_error(error, g_steal_pointer(&why));
        return false;
}

/* The only project the caller sees. */
static bool call_only_project(Call *call, GError **error)
{
        g_autoptr(GPtrArray)
                all = rights_load_projects(call->view, call->caller, &call->rights, instant_now(), error);
        ProjectRights *only = NULL;
        unsigned seen = 0;

        if (all == NULL)
                return false;
        for (guint i = 0; i < all->len; i++) {
                ProjectRights *one = all->pdata[i];

                /* A branch is worked on by who names it. */
                if (!one->project->is_branch && call_sees(&one->rights)) {
                        only = one;
                        seen++;
                }
        }
        if (seen != 1) {
                error_set(error, ZW_ERR_USAGE, "/project", "there are %u projects: name one with --project",
                          seen);
                return false;
        }
        call->project = g_steal_pointer(&only->project);
        call->rights = only->rights;
        only->rights = (Rights){ 0 };
        return true;
}

static bool call_project(Call *call, GError **error)
{
        const char *key = jread_get_string(call->input, "project");

        return key != NULL && key[0] != '\0' ? call_named_project(call, key, error)
                                             : call_only_project(call, error);
}

static bool names_commit(Call *call, const json_t *attrs, Seq seq)
{
        const char *given = jread_get_string(attrs, "hash");
        char hex[ZW_DIGEST_HEX];
        Digest hash;

        if (given == NULL || !store_commit_hash(call->view, &call->project->log, seq, &hash, NULL))
                return false;
        hex_encode(hash.b, ZW_DIGEST_BYTES, hex);
        return strcmp(hex, given) == 0;
}

/* A day is its first instant, so that the day on which a project began is before its first commit. */
static bool before_first(const Call *call, const char *where, const char *text, GError **error)
{
        char first[ZW_INSTANT_TEXT];
        Instant time;

        if (!store_commit_time(call->view, &call->project->log, 1, &time, error))
                return false;
        instant_format(time, first);
        error_set(error, ZW_ERR_NOT_FOUND, where,
                  "%s is before the first commit of %s, at %s; a day without a time is its first instant",
                  text, call->project->key, first);
        return false;
}

bool call_find_seq(Call *call, const char *text, const char *member, Seq *ret_seq, GError **error)
{
        const Seq bound = rights_upto(&call->rights), newest = bound == 0 ? call->project->head : bound;
        g_autofree char *where = g_strdup_printf("/%s", member);
        g_autoptr(StoreItem) baseline = NULL;
        g_autoptr(Json) attrs = NULL;
        guint64 number;
        Instant time;
        Seq seq = 0;

        if (g_ascii_string_to_unsigned(text, 10, 1, newest, &number, NULL)) {
                seq = number;
        } else if (instant_parse(text, &time, NULL)) {
                if (!store_seq_at(call->view, &call->project->log, time, &seq, error))
                        return false;
                if (seq == 0)
                        return before_first(call, where, text, error);
        } else {
                baseline = store_item_by_key(call->view, &call->project->log, text, ZW_SEQ_OPEN - 1, NULL);
                if (baseline != NULL && store_item_rev(baseline)->kind == ZW_KIND_BASELINE)
                        attrs = json_loads(store_item_rev(baseline)->attrs, 0, NULL);
                seq = (Seq)jread_get_int(attrs, "seq", 0);
                /* A branch holds baselines of the project, which name commits of that. */
                if (seq != 0 && call->project->is_branch && !names_commit(call, attrs, seq))
                        seq = 0;
        }
        if (seq >= 1 && seq <= newest) {
                *ret_seq = seq;
                return true;
        }
        error_set(error, ZW_ERR_NOT_FOUND, where,
                  "%s is no commit, date or baseline of %s, which has commits 1 to %" G_GUINT64_FORMAT, text,
                  call->project->key, newest);
        return false;
}

static bool call_seq(Call *call, GError **error)
{
        const char *at = jread_get_string(call->input, "at");
        const Seq bound = rights_upto(&call->rights);

        call->at = bound == 0 ? call->project->head : bound;
        call->instant = instant_now();
        if (at == NULL || at[0] == '\0')
                return true;
        if (!call_find_seq(call, at, "at", &call->at, error))
                return false;
        if (bound == 0 || call->at == bound)
                return true;
        error_set(error, ZW_ERR_DENIED, "/at", "you see the project as of commit %" G_GUINT64_FORMAT " only",
                  bound);
        return false;
}

/* What is changed is changed now. Where nothing is, or a commit is what a branch begins with or a report speaks of, `at` is read. */
static bool call_now(const Call *call, const Usecase *usecase, GError **error)
{
        const PermissionId asked = usecase->permission;
        const char *at = jread_get_string(call->input, "at");

        if (at == NULL || at[0] == '\0' || jread_get_bool(call->input, "dry_run", false) ||
            usecase->run == usecase_branch_create || usecase->run == usecase_report_issue ||
            (asked != ZW_PERM_CHANGE && asked != ZW_PERM_COMMENT && asked != ZW_PERM_IMPORT &&
             asked != ZW_PERM_TEST))
                return true;
        error_set(error, ZW_ERR_USAGE, "/at", "what is changed is changed now, and not as of %s", at);
        return false;
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

/* Without a writer it only finds out whether the use case may be run. */
static bool call_run(Call *call, const Usecase *usecase, JWrite *w, GError **error)
{
        if (w == NULL)
                return rights_load_account(call->view, call->caller, &call->rights, error) &&
                       (usecase->scope == SCOPE_GLOBAL_ || call_project(call, error)) &&
                       permitted(call, usecase, error) &&
                       (usecase->scope == SCOPE_GLOBAL_ ||
                        (call_seq(call, error) && call_instant(call, error)));
        if (!rights_load_account(call->view, call->caller, &call->rights, error))
                return false;
        if (usecase->scope == SCOPE_GLOBAL_)
                return permitted(call, usecase, error) && usecase->run(call, w, error);
        return call_project(call, error) && permitted(call, usecase, error) &&
               call_now(call, usecase, error) && call_seq(call, error) && call_instant(call, error) &&
               sight_set(call, error) && view_record(call, usecase, error) && usecase->run(call, w, error);
}

/* Runs it, and records a denial, and what a state or a stale view did not allow: transitions and signatures refused. */
static bool call_do(Call *call, const Usecase *usecase, JWrite *w, GError **error)
{
        GError *why = NULL;
        bool ok = call_run(call, usecase, w, &why);

        if (g_error_matches(why, ZW_ERROR, ZW_ERR_DENIED))
                denial_record(call, usecase, why, "denied");
        else if (g_error_matches(why, ZW_ERROR, ZW_ERR_STATE) || g_error_matches(why, ZW_ERROR, ZW_ERR_STALE))
                denial_record(call, usecase, why, "refused");
        sight_lift(call);
        g_clear_pointer(&call->project, store_project_free);
        rights_clear(&call->rights);
        if (!ok && why != NULL)
                g_propagate_error(error, why);
        return ok;
}

static const Usecase *usecase_find(const char *name, GError **error)
{
        const char *names[G_N_ELEMENTS(usecases)];
        g_autofree char *near = NULL;

        for (size_t i = 0; i < G_N_ELEMENTS(usecases); i++) {
                names[i] = usecases[i].name;
                if (strcmp(usecases[i].name, name) == 0)
                        return &usecases[i];
        }
        near = near_names(name, names, G_N_ELEMENTS(usecases));
        error_set(error, ZW_ERR_NAME_UNKNOWN, name, "there is no use case \"%s\"%s", name, near);
        return NULL;
}

bool service_call(Service *service, const Caller *caller, const char *usecase, const json_t *input,
                  ServiceFiles files, JWrite *w, GError **error)
{
        return service_call_watched(service, caller, usecase, input, files, NULL, w, error);
}

bool service_call_watched(Service *service, const Caller *caller, const char *name, const json_t *input,
                          ServiceFiles files, Progress *progress, JWrite *w, GError **error)
{
        const Usecase *usecase = usecase_find(name, error);
        g_autoptr(StoreView) view = usecase == NULL ? NULL : store_view_open(service->store, error);
        Call call = { .service = service,
                      .caller = caller,
                      .input = input,
                      .files = files,
                      .progress = progress,
                      .instant = instant_now() };

        call.view = view;
        return view != NULL && call_do(&call, usecase, w, error);
}

bool service_may(Service *service, const Caller *caller, const char *name, const json_t *input,
                 bool *ret_in_project, Id *ret_log, GError **error)
{
        const Usecase *usecase = usecase_find(name, error);
        g_autoptr(StoreView) view = usecase == NULL ? NULL : store_view_open(service->store, error);
        Call call = { .service = service, .caller = caller, .input = input, .instant = instant_now() };
        GError *why = NULL;
        bool may;

        call.view = view;
        if (view == NULL)
                return false;
        may = call_run(&call, usecase, NULL, &why);
        *ret_in_project = may && call.project != NULL;
        if (*ret_in_project)
                *ret_log = call.project->log;
        if (g_error_matches(why, ZW_ERROR, ZW_ERR_DENIED))
                denial_record(&call, usecase, why, "denied");
        g_clear_pointer(&call.project, store_project_free);
        rights_clear(&call.rights);
        if (why != NULL)
                g_propagate_error(error, why);
        return may;
}

bool service_sees(StoreView *view, const Caller *caller, const Id *log, GError **error)
{
        g_auto(Rights) rights = { 0 };

        return rights_load_account(view, caller, &rights, error) &&
               rights_load_roles(view, caller, log, instant_now(), &rights, error) && call_sees(&rights) &&
               rights_upto(&rights) == 0 && rights_zones_seen(&rights) == NULL;
}
