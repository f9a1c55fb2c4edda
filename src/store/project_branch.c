/* Operations on whole logs: branch, merge. */
#include "base/error.h"
#include "store/internal.h"
#include <string.h>

typedef struct {
        const char *op, *key, *title, *log;
        int64_t seq;
} BranchOp;

static bool other_log(const BranchOp *op, Id *ret_log, GError **error)
{
        if (!hex_decode(op->log, ret_log->b, ZW_ID_BYTES, NULL)) {
                error_set(error, ZW_ERR_INPUT, "/log", "the id of a log is %d lower-case hex digits",
                          2 * ZW_ID_BYTES);
                return false;
        }
        if (op->seq >= 1)
                return true;
        error_set(error, ZW_ERR_INPUT, "/seq", "a commit has a number from 1");
        return false;
}

bool branch_key_check(const char *key, GError **error)
{
        const char *dot = strrchr(key, '.');
        g_autofree char *parent = dot == NULL ? NULL : g_strndup(key, (size_t)(dot - key));

        /* A branch of a branch has more than one dot. */
        if (dot != NULL && strlen(key) <= ZW_BRANCH_KEY_MAX && project_key_check(dot + 1, NULL) &&
            (strchr(parent, '.') == NULL ? project_key_check(parent, NULL) : branch_key_check(parent, NULL)))
                return true;
        error_set(error, ZW_ERR_INPUT, "/key",
                  "the key of a branch is that of the project, a dot, and 1 to %d of A-Z a-z 0-9 - _; "
                  "together at most %d",
                  (int)ZW_PROJECT_KEY_MAX, (int)ZW_BRANCH_KEY_MAX);
        return false;
}

static bool branch_put(Projector *p, const BranchOp *op, const Id *parent, GError **error)
{
        const StoreBackend *backend = p->view->backend;
        GError *local = NULL;
        LogRow from;
        ProjectRow row = { .log = p->log->id, .log_no = p->log->no, .key = op->key, .title = op->title };
        bool found;

        if (!backend->log_find(p->view, parent, &from, &found, error))
                return false;
        if (!found || (!p->replay && (Seq)op->seq > from.head)) {
                error_set(error, ZW_ERR_NOT_FOUND, "/log",
                          "commit %" G_GINT64_FORMAT
                          " of the log %s, from which the branch starts, is not here",
                          op->seq, op->log);
                return false;
        }
        if (!backend->project_insert(p->view, &row, &local)) {
                if (g_error_matches(local, ZW_ERROR, ZW_ERR_EXISTS))
                        error_set_where(local, "/key");
                g_propagate_error(error, local);
                return false;
        }
        return backend->branch_insert(p->view, p->log->no, parent, (Seq)op->seq, error) &&
               backend->fork(p->view, from.no, (Seq)op->seq, p->log->no, &p->log->items, error);
}

bool project_branch(Projector *p, const json_t *op, GError **error)
{
        static const JReadField fields[] = {
                { "op", JREAD_STRING, offsetof(BranchOp, op), true },
                { "key", JREAD_STRING, offsetof(BranchOp, key), true },
                { "title", JREAD_STRING, offsetof(BranchOp, title), true },
                { "log", JREAD_STRING, offsetof(BranchOp, log), true },
                { "seq", JREAD_INT, offsetof(BranchOp, seq), true },
                JREAD_END,
        };
        const char *title;
        BranchOp branch;
        Id parent;

        return jread_object(op, fields, &branch, "", error) && branch_key_check(branch.key, error) &&
               project_text(json_object_get(op, "title"), ZW_TITLE_MAX, "/title", &title, error) &&
               other_log(&branch, &parent, error) && branch_put(p, &branch, &parent, error);
}

bool project_merge(Projector *p, const json_t *op, GError **error)
{
        static const JReadField fields[] = {
                { "op", JREAD_STRING, offsetof(BranchOp, op), true },
                { "log", JREAD_STRING, offsetof(BranchOp, log), true },
                { "seq", JREAD_INT, offsetof(BranchOp, seq), true },
                JREAD_END,
        };
        BranchOp merge;
        Id branch;

        return jread_object(op, fields, &merge, "", error) && other_log(&merge, &branch, error) &&
               p->view->backend->merge_insert(p->view, p->log->no, p->seq, &branch, (Seq)merge.seq, error);
}
