/* Operations to projections: the one place that knows what an operation does. Commit, replay, check and import all go
 * through it, so that what is checked is what was written. */
#include "base/canon.h"
#include "base/error.h"
#include "base/near.h"
#include "store/internal.h"
#include <string.h>

typedef struct {
        const char *name;
        bool (*apply)(Projector *p, const json_t *op, GError **error);
} OpDef;

static const OpDef op_defs[] = {
        { "project", project_project },       { "create", project_create },   { "update", project_update },
        { "transition", project_transition }, { "link", project_link },       { "unlink", project_unlink },
        { "judge", project_judge },           { "results", project_results }, { "attach", project_attach },
        { "detach", project_detach },         { "setting", project_setting }, { "sign", project_sign },
        { "comment", project_comment },       { "branch", project_branch },   { "merge", project_merge },
};

Arena *project_arena(void)
{
        return arena_new((size_t)8 * ZW_OP_BYTES_MAX);
}

static const OpDef *op_find(const char *name, GError **error)
{
        const char *names[G_N_ELEMENTS(op_defs)];
        g_autofree char *near = NULL;

        for (size_t i = 0; i < G_N_ELEMENTS(op_defs); i++) {
                if (strcmp(op_defs[i].name, name) == 0)
                        return &op_defs[i];
                names[i] = op_defs[i].name;
        }
        near = near_names(name, names, G_N_ELEMENTS(op_defs));
        error_set(error, ZW_ERR_NAME_UNKNOWN, "/op", "there is no operation \"%s\"%s", name, near);
        return NULL;
}

static bool apply(Projector *p, const json_t *op, GError **error)
{
        const char *name = jread_get_string(op, "op");
        const OpDef *def;

        if (name == NULL) {
                error_set(error, ZW_ERR_INPUT, "/op", "an operation is an object with the text \"op\"");
                return false;
        }
        def = op_find(name, error);
        if (def == NULL)
                return false;
        if ((p->seq == 1 && p->n == 0) != (def->apply == project_project || def->apply == project_branch)) {
                error_set(error, ZW_ERR_INPUT, "/op",
                          "the first operation of a log, and no other, is \"project\" or \"branch\"");
                return false;
        }
        return def->apply(p, op, error);
}

bool project_op(Projector *p, const json_t *op, int n, GError **error)
{
        GError *local = NULL;
        bool ok;

        p->n = n;
        ok = apply(p, op, &local);
        arena_reset(p->arena);
        if (!ok) {
                g_autofree char *inner = g_strdup(error_where(local));

                error_set_where(local, "/%d%s%s", n, inner == NULL || inner[0] == '/' ? "" : "/",
                                inner == NULL ? "" : inner);
                g_propagate_error(error, local);
        }
        return ok;
}

/* ---- Items that are known ---- */

/* A commit of many operations names the same items again and again, and an item has its number for good. An id has one slot, which
 * the last one that was met there has. */
enum { KNOWN_SLOTS = 1 << 14 };

struct KnownItems {
        struct {
                Id id;
                ItemNo next; /* its number and one; 0: nobody */
        } slots[KNOWN_SLOTS];
};

KnownItems *project_known(void)
{
        return g_new0(KnownItems, 1);
}

/* Ids are random. */
static uint32_t known_slot(const Id *id)
{
        uint32_t head;

        memcpy(&head, id->b, sizeof head);
        return head % KNOWN_SLOTS;
}

void project_know(Projector *p, const Id *id, ItemNo no)
{
        const uint32_t slot = known_slot(id);

        if (p->known == NULL || no == ZW_ITEM_NONE)
                return;
        p->known->slots[slot].id = *id;
        p->known->slots[slot].next = no + 1;
}

static bool known_find(const KnownItems *known, const Id *id, ItemNo *ret_no)
{
        const uint32_t slot = known_slot(id);

        if (known == NULL || known->slots[slot].next == 0 || !id_equal(&known->slots[slot].id, id))
                return false;
        *ret_no = known->slots[slot].next - 1;
        return true;
}

bool project_item_find(Projector *p, const Id *id, ItemNo *ret_no, GError **error)
{
        if (known_find(p->known, id, ret_no))
                return true;
        if (!p->view->backend->item_find_id(p->view, p->log->no, id, ret_no, error))
                return false;
        project_know(p, id, *ret_no);
        return true;
}

/* ---- Shared by the parts ---- */

bool project_item_no(Projector *p, const char *id, const char *where, ItemNo *ret_no, GError **error)
{
        Id item;

        if (!hex_decode(id, item.b, ZW_ID_BYTES, NULL)) {
                error_set(error, ZW_ERR_INPUT, where, "an item's id is %d lower-case hex digits",
                          2 * ZW_ID_BYTES);
                return false;
        }
        if (!project_item_find(p, &item, ret_no, error))
                return false;
        if (*ret_no == ZW_ITEM_NONE)
                error_set(error, ZW_ERR_NOT_FOUND, where, "there is no item with the id %s", id);
        return *ret_no != ZW_ITEM_NONE;
}

bool project_canon(Projector *p, const json_t *value, const char *where, const char **ret_text,
                   GError **error)
{
        g_autoptr(Out) out = out_new(ZW_OP_BYTES_MAX);
        g_autoptr(GError) why = NULL;

        if (!canon_encode(value, out, &why) || !out_check(out, &why)) {
                error_set(error, why->code == ZW_ERR_LIMIT ? ZW_ERR_LIMIT : ZW_ERR_INPUT, where, "%s",
                          why->message);
                return false;
        }
        *ret_text = arena_text(p->arena, out_data(out), out_length(out));
        if (*ret_text == NULL)
                error_set(error, ZW_ERR_LIMIT, where, "the operation is too large");
        return *ret_text != NULL;
}

bool project_text(const json_t *value, size_t max, const char *where, const char **ret_text, GError **error)
{
        const char *text = json_string_value(value);

        if (text == NULL || strlen(text) != json_string_length(value)) {
                error_set(error, ZW_ERR_INPUT, where, "a text without NUL is expected");
                return false;
        }
        if (json_string_length(value) > max) {
                error_set(error, ZW_ERR_LIMIT, where, "a text of at most %zu bytes is expected", max);
                return false;
        }
        *ret_text = text;
        return true;
}

bool project_digest(const char *text, const char *where, Digest *ret_digest, GError **error)
{
        if (hex_decode(text, ret_digest->b, ZW_DIGEST_BYTES, NULL))
                return true;
        error_set(error, ZW_ERR_INPUT, where, "a SHA-256 is %d lower-case hex digits", 2 * ZW_DIGEST_BYTES);
        return false;
}

/* ---- Replay ---- */

typedef struct {
        Projector *p;
        StoreView *from;
        int64_t from_log;
        ProgressStage stage; /* commits */
} Replay;

static bool replay_one(Replay *replay, Seq seq, GError **error)
{
        g_auto(OpenOps) ops = { 0 };
        size_t n;

        if (!ops_open(replay->from, replay->from_log, seq, NULL, NULL, &ops, error))
                return false;
        n = json_array_size(ops.ops);
        for (size_t i = 0; i < n; i++) {
                const json_t *op = json_array_get(ops.ops, i);

                if (json_is_null(op)) {
                        error_set(error, ZW_ERR_DAMAGED, NULL,
                                  "operation %zu is erased and cannot be replayed", i);
                        return false;
                }
                if (!project_op(replay->p, op, (int)i, error) || !progress_step(&replay->stage, 0, error))
                        return false;
        }
        return true;
}

static bool replay_commit(const CommitRow *row, void *payload, GError **error)
{
        Replay *replay = payload;
        GError *local = NULL;

        replay->p->seq = row->seq;
        replay->p->actor = row->actor;
        if (replay_one(replay, row->seq, &local))
                return progress_step(&replay->stage, 1, error);
        g_prefix_error(&local, "seq %" G_GUINT64_FORMAT ": ", row->seq);
        g_propagate_error(error, local);
        return false;
}

bool project_replay(Projector *p, StoreView *from, int64_t from_log, Seq first, Seq last, GError **error)
{
        g_autofree KnownItems *known = project_known();
        Replay replay = { p, from, from_log,
                          progress_begin(p->progress, "replaying", "commits", last - first + 1) };
        bool ok;

        p->known = known;
        ok = from->backend->commit_read(from, from_log, first, last, replay_commit, &replay, error);
        p->known = NULL;
        return ok;
}
