/* Projects and edits: the use cases that write. */
#include "service/internal.h"

#include <string.h>

bool usecase_project_list(Call *call, JWrite *w, GError **error)
{
        g_autoptr(GPtrArray) projects = store_load_projects(call->view, error);

        if (projects == NULL)
                return false;
        jwrite_array_begin(w);
        for (guint i = 0; i < projects->len; i++) {
                const StoreProject *project = g_ptr_array_index(projects, i);
                char hex[ZW_DIGEST_HEX], id[ZW_ID_HEX], changed[ZW_INSTANT_TEXT];

                hex_encode(project->root.b, ZW_DIGEST_BYTES, hex);
                hex_encode(project->log.b, ZW_ID_BYTES, id);
                instant_format(project->changed, changed);
                jwrite_object_begin(w);
                jwrite_key_string(w, "key", project->key);
                jwrite_key_string(w, "title", project->title);
                jwrite_key_bool(w, "sample", project->sample);
                jwrite_key_string(w, "log", id);
                jwrite_key_int(w, "commits", (int64_t)project->head);
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
static bool project_write(StoreTxn *txn, void *payload, GError **error)
{
        ProjectWrite *write = payload;
        const Caller *caller = write->call->caller;
        unsigned roles = ((1U << ZW_ROLE_COUNT) - 1) & ~(1U << ZW_ROLE_AUDITOR);

        return store_txn_create_project(txn, write->key, write->title, write->sample, &caller->person,
                                        caller->origin, &write->log, error) &&
               store_txn_put_roles(txn, &write->log, &caller->person, roles, error);
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

/* ---- edits ---- */

typedef struct {
        Call *call;
        const json_t *ops;
        const char *message;
        json_t *outcome; /* made anew at each run */
        Seq seq;         /* 0 when nothing was to be written */
} EditWrite;

/* A dry run goes all the way and is then given up. */
static bool edit_write(StoreTxn *txn, void *payload, GError **error)
{
        EditWrite *write = payload;
        Call *call = write->call;
        ResolveContext context = { .view = store_txn_view(txn),
                                   .store = call->service->store,
                                   .log = call->project->log,
                                   .actor = call->caller->person,
                                   .states = call->project->sample &&
                                             jread_get_bool(call->input, "states", false) };
        CommitDraft draft = { .log = call->project->log,
                              .actor = call->caller->person,
                              .origin = call->caller->origin,
                              .request = jread_get_string(call->input, "request"),
                              .message = write->message,
                              .editorial = jread_get_bool(call->input, "editorial", false) };
        g_autoptr(Json) native = NULL, ops = NULL;

        json_decref(write->outcome);
        write->outcome = json_pack("{s:{}, s:{}, s:{}, s:[]}", "created", "updated", "unchanged", "keys");
        write->seq = 0;
        native = satisfies_expand(context.view, &context.log, write->ops, error);
        ops = native == NULL ? NULL : resolve_ops(&context, native, write->outcome, error);
        if (ops == NULL)
                return false;
        if (json_array_size(ops) == 0 || jread_get_bool(call->input, "dry_run", false))
                return true;
        draft.ops = ops;
        return store_txn_commit(txn, &draft, &write->seq, error);
}

bool usecase_edit(Call *call, JWrite *w, GError **error)
{
        EditWrite write = { .call = call,
                            .ops = json_object_get(call->input, "ops"),
                            .message = jread_get_string(call->input, "message") };
        static const char *const names[] = { "created", "updated", "unchanged", "keys" };
        bool ok;

        if (!json_is_array(write.ops)) {
                error_set(error, ZW_ERR_USAGE, "/ops", "an edit has an array of operations");
                return false;
        }
        ok = store_write(call->service->store, edit_write, &write, error);
        if (ok) {
                jwrite_object_begin(w);
                for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
                        jwrite_key_json(w, names[i], json_object_get(write.outcome, names[i]));
                if (write.seq == 0)
                        jwrite_key_null(w, "commit");
                else
                        jwrite_key_int(w, "commit", (int64_t)write.seq);
                jwrite_object_end(w);
        }
        json_decref(write.outcome);
        return ok;
}
