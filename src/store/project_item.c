/* Operations that make revisions of items: create, update, transition, attach, detach. */
#include "base/error.h"
#include "base/near.h"
#include "model/workflow.h"
#include "store/internal.h"
#include <string.h>

/* ---- create ---- */

typedef struct {
        const char *op, *id, *key, *kind, *state;
        json_t *set;
} CreateOp;

static const JReadField create_fields[] = {
        { "op", JREAD_STRING, offsetof(CreateOp, op), true },
        { "id", JREAD_STRING, offsetof(CreateOp, id), true },
        { "key", JREAD_STRING, offsetof(CreateOp, key), true },
        { "kind", JREAD_STRING, offsetof(CreateOp, kind), true },
        { "state", JREAD_STRING, offsetof(CreateOp, state), true },
        { "set", JREAD_OBJECT, offsetof(CreateOp, set), true },
        JREAD_END,
};

typedef struct {
        KindId kind;
        StateId state;
        bool has;
} WorkflowAsk;

static bool workflow_ask(const char *name G_GNUC_UNUSED, const char *value, void *payload,
                         GError **error G_GNUC_UNUSED)
{
        WorkflowAsk *ask = payload;
        g_autoptr(Json) json = json_loads(value, JSON_DECODE_ANY, NULL);
        g_autoptr(Workflow) workflow = json == NULL ? NULL : workflow_read(ask->kind, json, NULL);

        ask->has = workflow != NULL && workflow_has(workflow, ask->state);
        return true;
}

/* A state of the kind's lifecycle, or one that the project's own state machine has. */
static bool state_of(Projector *p, KindId kind, const char *name, const char *where, StateId *ret_state,
                     GError **error)
{
        g_autofree char *setting = g_strdup_printf("workflow:%s", kind_def(kind)->name);
        WorkflowAsk ask = { .kind = kind };

        if (state_find(name, ret_state)) {
                if (lifecycle_has(kind_def(kind)->lifecycle, *ret_state))
                        return true;
                ask.state = *ret_state;
                if (!p->view->backend->setting_read(p->view, p->log->no, setting, ZW_SEQ_OPEN - 1,
                                                    workflow_ask, &ask, error))
                        return false;
                if (ask.has)
                        return true;
        }
        error_set(error, ZW_ERR_NAME_UNKNOWN, where, "a %s has no state \"%s\"", kind_def(kind)->name, name);
        return false;
}

static bool create_names(Projector *p, const CreateOp *create, ItemRev *rev, GError **error)
{
        size_t n;
        const char *const *kinds = kind_names(&n);

        if (!hex_decode(create->id, rev->id.b, ZW_ID_BYTES, NULL)) {
                error_set(error, ZW_ERR_INPUT, "/id", "an item's id is %d lower-case hex digits",
                          2 * ZW_ID_BYTES);
                return false;
        }
        if (!kind_find(create->kind, &rev->kind)) {
                g_autofree char *near = near_names(create->kind, kinds, n);

                error_set(error, ZW_ERR_NAME_UNKNOWN, "/kind", "there is no kind \"%s\"%s", create->kind,
                          near);
                return false;
        }
        return state_of(p, rev->kind, create->state, "/state", &rev->state, error);
}

static bool create_insert(Projector *p, const ItemRev *rev, GError **error)
{
        char stem[ZW_ITEM_KEY_MAX + 1];
        ItemRow row = { .no = rev->no, .id = rev->id, .stem = stem };
        GError *local = NULL;

        if (!key_split(rev->key, stem, &row.number, error))
                return false;
        if (p->view->backend->item_insert(p->view, p->log->no, &row, &local))
                return true;
        if (g_error_matches(local, ZW_ERROR, ZW_ERR_EXISTS)) {
                error_set(error, ZW_ERR_EXISTS, "/key", "the key %s or the id of the item is taken",
                          rev->key);
                g_clear_error(&local);
        } else {
                g_propagate_error(error, local);
        }
        return false;
}

bool project_create(Projector *p, const json_t *op, GError **error)
{
        CreateOp create;
        ItemRev rev = { .no = p->log->items,
                        .rev = 1,
                        .subst = 1,
                        .title = "",
                        .body = "",
                        .attrs = "{}",
                        .author = p->actor,
                        .from_seq = p->seq,
                        .to_seq = ZW_SEQ_OPEN };

        if (!jread_object(op, create_fields, &create, "", error) || !create_names(p, &create, &rev, error))
                return false;
        if (p->log->items >= ZW_ITEM_NONE - 1) {
                error_set(error, ZW_ERR_LIMIT, NULL, "a project has at most %u items", ZW_ITEM_NONE - 1);
                return false;
        }
        rev.key = create.key;
        if (!create_insert(p, &rev, error) || !project_set(p, create.set, &rev, error) ||
            !p->view->backend->rev_insert(p->view, p->log->no, &rev, error))
                return false;
        project_know(p, &rev.id, rev.no);
        p->log->items++;
        return true;
}

/* ---- What follows makes a new revision of an item that is there ---- */

typedef struct {
        const char *op, *id, *to, *name, *sha256, *media;
        int64_t rev, subst, size;
        json_t *set;
} ReviseOp;

#define REVISE_FIELDS                                                 \
        { "op", JREAD_STRING, offsetof(ReviseOp, op), true },         \
                { "id", JREAD_STRING, offsetof(ReviseOp, id), true }, \
                { "rev", JREAD_INT, offsetof(ReviseOp, rev), true },  \
        {                                                             \
                "subst", JREAD_INT, offsetof(ReviseOp, subst), true   \
        }

/* Reads the operation and the newest revision, and checks that the one follows the other. */
static bool revise_begin(Projector *p, const json_t *op, const JReadField *fields, ReviseOp *ret_op,
                         StoreItem **ret_item, GError **error)
{
        g_autoptr(StoreItem) item = NULL;
        ItemNo no;

        if (!jread_object(op, fields, ret_op, "", error) ||
            !project_item_no(p, ret_op->id, "/id", &no, error) ||
            !item_load(p->view, p->log->no, no, ZW_SEQ_OPEN - 1, &item, error))
                return false;
        if (item == NULL) {
                error_set(error, ZW_ERR_DAMAGED, "/id", "the item has no revision");
                return false;
        }
        if (ret_op->rev != (int64_t)item->rev.rev + 1) {
                error_set(error, ZW_ERR_CONFLICT, "/rev",
                          "%s is at revision %u, the operation makes revision %" G_GINT64_FORMAT,
                          item->rev.key, item->rev.rev, ret_op->rev);
                return false;
        }
        if (ret_op->subst != item->rev.subst && ret_op->subst != ret_op->rev) {
                error_set(error, ZW_ERR_INPUT, "/subst", "the last substantive revision is %u or the new one",
                          item->rev.subst);
                return false;
        }
        *ret_item = g_steal_pointer(&item);
        return true;
}

static bool revise_end(Projector *p, ItemRev *rev, const ReviseOp *op, GError **error)
{
        const StoreBackend *backend = p->view->backend;

        if (!backend->rev_end(p->view, p->log->no, rev->no, rev->rev, p->seq, error))
                return false;
        rev->rev = (uint32_t)op->rev;
        rev->subst = (uint32_t)op->subst;
        rev->author = p->actor;
        rev->from_seq = p->seq;
        rev->to_seq = ZW_SEQ_OPEN;
        return backend->rev_insert(p->view, p->log->no, rev, error);
}

bool project_update(Projector *p, const json_t *op, GError **error)
{
        static const JReadField fields[] = {
                REVISE_FIELDS,
                { "set", JREAD_OBJECT, offsetof(ReviseOp, set), true },
                JREAD_END,
        };
        g_autoptr(StoreItem) item = NULL;
        ReviseOp update;

        return revise_begin(p, op, fields, &update, &item, error) &&
               project_set(p, update.set, &item->rev, error) && revise_end(p, &item->rev, &update, error);
}

bool project_transition(Projector *p, const json_t *op, GError **error)
{
        static const JReadField fields[] = {
                REVISE_FIELDS,
                { "to", JREAD_STRING, offsetof(ReviseOp, to), true },
                JREAD_END,
        };
        g_autoptr(StoreItem) item = NULL;
        ReviseOp transition;

        return revise_begin(p, op, fields, &transition, &item, error) &&
               state_of(p, item->rev.kind, transition.to, "/to", &item->rev.state, error) &&
               revise_end(p, &item->rev, &transition, error);
}

/* ---- Attachments: a JSON array by name ---- */

static json_t *attachments_without(const char *text, const char *name, bool *ret_found, GError **error)
{
        g_autoptr(Json) list = text == NULL ? json_array() : jread_parse(text, strlen(text), error);

        *ret_found = false;
        for (size_t i = json_array_size(list); i-- > 0;)
                if (g_strcmp0(jread_get_string(json_array_get(list, i), "name"), name) == 0) {
                        json_array_remove(list, i);
                        *ret_found = true;
                }
        return g_steal_pointer(&list);
}

static bool attachments_set(Projector *p, ItemRev *rev, const json_t *list, GError **error)
{
        if (json_array_size(list) == 0) {
                rev->attachments = NULL;
                return true;
        }
        return project_canon(p, list, NULL, &rev->attachments, error);
}

static void attachments_add(json_t *list, const ReviseOp *op)
{
        size_t at = 0;

        while (at < json_array_size(list) &&
               g_strcmp0(jread_get_string(json_array_get(list, at), "name"), op->name) < 0)
                at++;
        json_array_insert_new(list, at,
                              json_pack("{s:s, s:s, s:s, s:I}", "name", op->name, "sha256", op->sha256,
                                        "media", op->media, "size", (json_int_t)op->size));
}

static bool attach_check(Projector *p, const json_t *op, const ReviseOp *attach, GError **error)
{
        const char *text;
        Digest digest;
        uint64_t size = 0;
        bool there;

        if (!project_text(json_object_get(op, "name"), ZW_NAME_MAX, "/name", &text, error) ||
            !project_text(json_object_get(op, "media"), ZW_NAME_MAX, "/media", &text, error) ||
            !project_digest(attach->sha256, "/sha256", &digest, error))
                return false;
        if (attach->name[0] == '\0' || attach->size < 0) {
                error_set(error, ZW_ERR_INPUT, "/name", "an attachment has a name and a size");
                return false;
        }
        if (p->replay)
                return true;
        if (!blob_exists(p->store, &digest, &there, &size, error))
                return false;
        if (!there) {
                error_set(error, ZW_ERR_NOT_FOUND, "/sha256", "this content is not in the store");
                return false;
        }
        if (size != (uint64_t)attach->size) {
                error_set(error, ZW_ERR_INPUT, "/size", "the content has %" G_GUINT64_FORMAT " bytes", size);
                return false;
        }
        return true;
}

bool project_attach(Projector *p, const json_t *op, GError **error)
{
        static const JReadField fields[] = {
                REVISE_FIELDS,
                { "name", JREAD_STRING, offsetof(ReviseOp, name), true },
                { "sha256", JREAD_STRING, offsetof(ReviseOp, sha256), true },
                { "size", JREAD_INT, offsetof(ReviseOp, size), true },
                { "media", JREAD_STRING, offsetof(ReviseOp, media), true },
                JREAD_END,
        };
        const StoreBackend *backend = p->view->backend;
        g_autoptr(StoreItem) item = NULL;
        g_autoptr(Json) list = NULL;
        AttachmentRow row;
        ReviseOp attach;
        bool had;

        if (!revise_begin(p, op, fields, &attach, &item, error) || !attach_check(p, op, &attach, error))
                return false;
        list = attachments_without(item->rev.attachments, attach.name, &had, error);
        if (list == NULL)
                return false;
        if (had && !backend->attachment_end(p->view, p->log->no, item->rev.no, attach.name, p->seq, error))
                return false;
        attachments_add(list, &attach);
        row = (AttachmentRow){ attach.name, attach.sha256, (uint64_t)attach.size, attach.media };
        return backend->attachment_put(p->view, p->log->no, item->rev.no, &row, p->seq, error) &&
               attachments_set(p, &item->rev, list, error) && revise_end(p, &item->rev, &attach, error);
}

bool project_detach(Projector *p, const json_t *op, GError **error)
{
        static const JReadField fields[] = {
                REVISE_FIELDS,
                { "name", JREAD_STRING, offsetof(ReviseOp, name), true },
                JREAD_END,
        };
        g_autoptr(StoreItem) item = NULL;
        g_autoptr(Json) list = NULL;
        ReviseOp detach;
        bool had;

        if (!revise_begin(p, op, fields, &detach, &item, error))
                return false;
        list = attachments_without(item->rev.attachments, detach.name, &had, error);
        if (list == NULL)
                return false;
        if (!had) {
                error_set(error, ZW_ERR_NOT_FOUND, "/name", "%s has no attachment \"%s\"", item->rev.key,
                          detach.name);
                return false;
        }
        return p->view->backend->attachment_end(p->view, p->log->no, item->rev.no, detach.name, p->seq,
                                                error) &&
               attachments_set(p, &item->rev, list, error) && revise_end(p, &item->rev, &detach, error);
}
