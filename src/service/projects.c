/* Whole projects: listed, made, given away as one file, taken from one, deleted. */
#include "service/proof/retention.h"

#include "base/lock.h"

bool usecase_project_list(Call *call, JWrite *w, GError **error)
{
        g_autoptr(GPtrArray) projects = rights_load_projects(call->view, call->caller, &call->rights,
                                                             call->instant, error);

        if (projects == NULL)
                return false;
        jwrite_array_begin(w);
        for (guint i = 0; i < projects->len; i++) {
                const ProjectRights *one = projects->pdata[i];
                const StoreProject *project = one->project;
                char hex[ZW_DIGEST_HEX], id[ZW_ID_HEX], changed[ZW_INSTANT_TEXT];

                if (!call_sees(&one->rights))
                        continue;
                hex_encode(project->root.b, ZW_DIGEST_BYTES, hex);
                hex_encode(project->log.b, ZW_ID_BYTES, id);
                instant_format(project->changed, changed);
                jwrite_object_begin(w);
                jwrite_key_string(w, "key", project->key);
                jwrite_key_string(w, "title", project->title);
                jwrite_key_bool(w, "sample", project->sample);
                jwrite_key_string(w, "log", id);
                jwrite_key_int(w, "commits",
                               (int64_t)(rights_upto(&one->rights) == 0 ? project->head
                                                                        : rights_upto(&one->rights)));
                jwrite_key_string(w, "root", hex);
                jwrite_key_string(w, "changed", changed);
                jwrite_object_end(w);
        }
        jwrite_array_end(w);
        return true;
}

typedef struct {
        Call *call;
        const char *key, *title;
        bool sample;
        Id log;
} ProjectWrite;

/* Whoever makes a project may work in it; `auditor` is given to somebody else by purpose. */
static bool roles_put(StoreTxn *txn, const Id *log, void *payload, GError **error)
{
        const Call *call = payload;
        unsigned roles = ((1U << ZW_ROLE_COUNT) - 1) & ~(1U << ZW_ROLE_AUDITOR);

        return store_txn_put_roles(txn, log, &call->caller->person, roles, error);
}

/* An imported project brings no roles along. */
static bool import_also(StoreTxn *txn, const Id *log, void *payload, GError **error)
{
        char hex[ZW_ID_HEX];

        hex_encode(log->b, ZW_ID_BYTES, hex);
        return roles_put(txn, log, payload, error) &&
               call_audit(payload, txn, "project.import", hex, "ok", error);
}

static bool project_write(StoreTxn *txn, void *payload, GError **error)
{
        ProjectWrite *write = payload;
        const Caller *caller = write->call->caller;

        return store_txn_create_project(txn, write->key, write->title, write->sample, &caller->person,
                                        caller->origin, &write->log, error) &&
               roles_put(txn, &write->log, write->call, error) &&
               call_audit_in(write->call, txn, write->key, "project.create", write->key, "ok", error);
}

bool usecase_project_create(Call *call, JWrite *w, GError **error)
{
        const char *key = jread_get_string(call->input, "key"),
                   *title = jread_get_string(call->input, "title");
        ProjectWrite write = { .call = call,
                               .key = key,
                               .title = title == NULL ? key : title,
                               .sample = jread_get_bool(call->input, "sample", false) };
        char id[ZW_ID_HEX];

        if (key == NULL) {
                error_set(error, ZW_ERR_USAGE, "/key", "a project has a key");
                return false;
        }
        if (!store_write(call->service->store, project_write, &write, error))
                return false;
        hex_encode(write.log.b, ZW_ID_BYTES, id);
        jwrite_object_begin(w);
        jwrite_key_string(w, "key", key);
        jwrite_key_string(w, "log", id);
        jwrite_key_int(w, "commit", 1);
        jwrite_object_end(w);
        return true;
}

/* ---- files ---- */

static const ServiceFile *call_file(const Call *call, GError **error)
{
        if (call->files.n == 1)
                return &call->files.files[0];
        error_set(error, ZW_ERR_USAGE, "file", "one file is expected, there are %zu", call->files.n);
        return NULL;
}

static void project_say(JWrite *w, const StoreProject *project)
{
        char root[ZW_DIGEST_HEX], log[ZW_ID_HEX];

        hex_encode(project->root.b, ZW_DIGEST_BYTES, root);
        hex_encode(project->log.b, ZW_ID_BYTES, log);
        jwrite_key_string(w, "key", project->key);
        jwrite_key_string(w, "log", log);
        jwrite_key_int(w, "commits", (int64_t)project->head);
        jwrite_key_string(w, "root", root);
}

bool usecase_project_export(Call *call, JWrite *w, GError **error)
{
        const ServiceFile *file = call_file(call, error);

        if (file == NULL ||
            !store_export_project(call->service->store, &call->project->log, file->fd, call->progress, error))
                return false;
        jwrite_object_begin(w);
        project_say(w, call->project);
        jwrite_object_end(w);
        return true;
}

/* Damage is what stored data have; a file that comes from outside and does not hold is refused. */
static bool refuse_file(const ServiceFile *file, GError *why, GError **error)
{
        const char *where = error_where(why);
        int code = g_error_matches(why, ZW_ERROR, ZW_ERR_DAMAGED) ? ZW_ERR_INPUT : why->code;
        g_autofree char *place = g_strdup_printf("%s%s%s", file->name, where == NULL ? "" : ": ",
                                                 where == NULL ? "" : where);

        error_set(error, (ZwErrorCode)code, place, "%s", why->message);
        g_error_free(why);
        return false;
}

static const StoreProject *project_of_log(const GPtrArray *projects, const Id *log)
{
        for (guint i = 0; i < projects->len; i++)
                if (id_equal(&((const StoreProject *)projects->pdata[i])->log, log))
                        return projects->pdata[i];
        return NULL;
}

bool usecase_project_import(Call *call, JWrite *w, GError **error)
{
        const ServiceFile *file = call_file(call, error);
        g_autoptr(GPtrArray) projects = NULL;
        const StoreProject *project;
        GError *why = NULL;
        Id log;

        if (file == NULL)
                return false;
        if (!store_import_project(call->service->store, file->fd, import_also, call, call->progress, &log,
                                  &why))
                return refuse_file(file, why, error);
        if (!store_view_refresh(call->view, error))
                return false;
        projects = store_load_projects(call->view, error);
        project = projects == NULL ? NULL : project_of_log(projects, &log);
        if (project == NULL)
                return projects != NULL &&
                       (error_set(error, ZW_ERR_STATE, NULL, "the project was deleted meanwhile"), false);
        jwrite_object_begin(w);
        project_say(w, project);
        jwrite_object_end(w);
        return true;
}

/* ---- deleting ---- */

static bool delete_write(StoreTxn *txn, void *payload, GError **error)
{
        const Call *call = payload;

        return retention_check(store_txn_view(txn), call->project, error) &&
               store_txn_delete_project(txn, &call->project->log, error) &&
               call_audit(call, txn, "project.delete", call->project->key, "ok", error);
}

bool usecase_project_delete(Call *call, JWrite *w, GError **error)
{
        if (!jread_get_bool(call->input, "yes", false)) {
                error_set(error, ZW_ERR_USAGE, "/yes",
                          "deleting %s with its %" G_GUINT64_FORMAT
                          " commits cannot be undone: export it first, then say --yes",
                          call->project->key, call->project->head);
                return false;
        }
        if (!store_write(call->service->store, delete_write, call, error))
                return false;
        service_forget_graph(call->service, &call->project->log);
        jwrite_object_begin(w);
        project_say(w, call->project);
        jwrite_object_end(w);
        return true;
}
