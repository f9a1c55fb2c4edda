/* Operations on the project itself, settings, and results. */
#include "base/error.h"
#include "model/results.h"
#include "store/internal.h"
#include <string.h>

/* ---- project ---- */

typedef struct {
        const char *op, *key, *title;
        bool sample;
} ProjectOp;

bool project_key_check(const char *key, GError **error)
{
        size_t n = strlen(key);

        if (n >= 1 && n <= ZW_PROJECT_KEY_MAX &&
            strspn(key, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") == n)
                return true;
        error_set(error, ZW_ERR_INPUT, "/key", "the key of a project is 1 to %d of A-Z a-z 0-9 - _",
                  (int)ZW_PROJECT_KEY_MAX);
        return false;
}

bool project_project(Projector *p, const json_t *op, GError **error)
{
        static const JReadField fields[] = {
                { "op", JREAD_STRING, offsetof(ProjectOp, op), true },
                { "key", JREAD_STRING, offsetof(ProjectOp, key), true },
                { "title", JREAD_STRING, offsetof(ProjectOp, title), true },
                { "sample", JREAD_BOOL, offsetof(ProjectOp, sample), true },
                JREAD_END,
        };
        GError *local = NULL;
        const char *title;
        ProjectOp project;
        ProjectRow row;

        if (!jread_object(op, fields, &project, "", error) || !project_key_check(project.key, error) ||
            !project_text(json_object_get(op, "title"), ZW_TITLE_MAX, "/title", &title, error))
                return false;
        row = (ProjectRow){ .log = p->log->id,
                            .log_no = p->log->no,
                            .key = project.key,
                            .title = title,
                            .sample = project.sample };
        if (p->view->backend->project_insert(p->view, &row, &local))
                return true;
        if (g_error_matches(local, ZW_ERROR, ZW_ERR_EXISTS)) {
                error_set(error, ZW_ERR_EXISTS, "/key", "there is a project %s", project.key);
                g_clear_error(&local);
        } else {
                g_propagate_error(error, local);
        }
        return false;
}

/* ---- setting ---- */

typedef struct {
        const char *op, *name;
        json_t *value;
} SettingOp;

static bool setting_seen(const char *name G_GNUC_UNUSED, const char *value G_GNUC_UNUSED, void *payload,
                         GError **error G_GNUC_UNUSED)
{
        *(bool *)payload = true;
        return true;
}

/* Ends what is valid: a row of this very commit goes, an earlier one gets its end. */
static bool setting_end(Projector *p, const char *name, GError **error)
{
        const StoreBackend *backend = p->view->backend;
        bool before = false;

        if (!backend->setting_drop(p->view, p->log->no, name, p->seq, error) ||
            !backend->setting_read(p->view, p->log->no, name, ZW_SEQ_OPEN - 1, setting_seen, &before, error))
                return false;
        return !before || backend->setting_end(p->view, p->log->no, name, p->seq, error);
}

bool project_setting(Projector *p, const json_t *op, GError **error)
{
        static const JReadField fields[] = {
                { "op", JREAD_STRING, offsetof(SettingOp, op), true },
                { "name", JREAD_STRING, offsetof(SettingOp, name), true },
                { "value", JREAD_JSON, offsetof(SettingOp, value), true },
                JREAD_END,
        };
        const char *name, *value;
        SettingOp setting;

        if (!jread_object(op, fields, &setting, "", error) ||
            !project_text(json_object_get(op, "name"), ZW_NAME_MAX, "/name", &name, error))
                return false;
        if (name[0] == '\0') {
                error_set(error, ZW_ERR_INPUT, "/name", "a setting has a name");
                return false;
        }
        if (!setting_end(p, name, error))
                return false;
        if (json_is_null(setting.value))
                return true;
        return project_canon(p, setting.value, "/value", &value, error) &&
               p->view->backend->setting_put(p->view, p->log->no, name, value, p->seq, error);
}

/* ---- results ---- */

typedef struct {
        const char *op, *run, *file;
        int64_t n;
} ResultsOp;

typedef struct {
        bool found;
        Instant at;
        Seq seq;
} ResultNow;

static bool result_keep(const ResultRev *result, void *payload, GError **error G_GNUC_UNUSED)
{
        ResultNow *now = payload;

        *now = (ResultNow){ true, result->at, result->seq };
        return true;
}

/* The latest result of a case in a run is the one with the highest time, then commit, then place in the file. */
static bool result_apply(Projector *p, ItemNo run, const ResultLine *line, GError **error)
{
        const StoreBackend *backend = p->view->backend;
        ResultRev rev = {
                .run = run, .status = line->status, .at = line->at, .message = line->message, .seq = p->seq
        };
        ResultNow now = { 0 };

        if (!project_item_find(p, &line->test_case, &rev.test_case, error))
                return false;
        if (rev.test_case == ZW_ITEM_NONE) {
                char hex[ZW_ID_HEX];

                hex_encode(line->test_case.b, ZW_ID_BYTES, hex);
                error_set(error, ZW_ERR_NOT_FOUND, "/file",
                          "the results name the case %s, which is not there", hex);
                return false;
        }
        if (!backend->result_read(p->view, p->log->no, rev.test_case, run, ZW_SEQ_OPEN - 1, result_keep, &now,
                                  error))
                return false;
        if (now.found && now.at > line->at)
                return true;
        if (now.found && now.seq < p->seq &&
            !backend->result_end(p->view, p->log->no, rev.test_case, run, p->seq, error))
                return false;
        return backend->result_put(p->view, p->log->no, &rev, error);
}

static GArray *results_load(Projector *p, const ResultsOp *op, GError **error)
{
        g_autoptr(GBytes) bytes = NULL;
        g_autoptr(GArray) lines = NULL;
        Digest digest;

        if (!project_digest(op->file, "/file", &digest, error))
                return NULL;
        bytes = store_blob_load(p->store, &digest, ZW_RESULTS_BYTES_MAX, error);
        if (bytes == NULL)
                return NULL;
        lines = results_decode(bytes, error);
        if (lines != NULL && (int64_t)lines->len != op->n) {
                error_set(error, ZW_ERR_INPUT, "/n", "the file holds %u results", lines->len);
                return NULL;
        }
        return g_steal_pointer(&lines);
}

bool project_results(Projector *p, const json_t *op, GError **error)
{
        static const JReadField fields[] = {
                { "op", JREAD_STRING, offsetof(ResultsOp, op), true },
                { "run", JREAD_STRING, offsetof(ResultsOp, run), true },
                { "file", JREAD_STRING, offsetof(ResultsOp, file), true },
                { "n", JREAD_INT, offsetof(ResultsOp, n), true },
                JREAD_END,
        };
        g_autoptr(GArray) lines = NULL;
        ResultsOp results;
        ItemNo run;

        if (!jread_object(op, fields, &results, "", error) ||
            !project_item_no(p, results.run, "/run", &run, error))
                return false;
        lines = results_load(p, &results, error);
        if (lines == NULL || !p->view->backend->result_file_insert(p->view, p->log->no, p->seq, p->n, run,
                                                                   results.file, error))
                return false;
        for (guint i = 0; i < lines->len; i++)
                if (!result_apply(p, run, &g_array_index(lines, ResultLine, i), error))
                        return false;
        return true;
}
