/* Operations on links: link, unlink, judge. A commit that touches a link twice leaves one row of it. */
#include "base/error.h"
#include "store/internal.h"
#include <string.h>

typedef struct {
        const char *op, *from, *to, *type, *as;
        json_t *attrs, *judged;
} LinkOp;

#define LINK_FIELDS                                                     \
        { "op", JREAD_STRING, offsetof(LinkOp, op), true },             \
                { "from", JREAD_STRING, offsetof(LinkOp, from), true }, \
                { "type", JREAD_STRING, offsetof(LinkOp, type), true }, \
                { "to", JREAD_STRING, offsetof(LinkOp, to), true },     \
        {                                                               \
                "as", JREAD_STRING, offsetof(LinkOp, as), false         \
        }

static bool link_begin(Projector *p, const json_t *op, const JReadField *fields, LinkOp *ret_op,
                       LinkKey *ret_key, GError **error)
{
        LinkKey key = { .as = ZW_AS_NONE };

        *ret_op = (LinkOp){ .as = "" };
        if (!jread_object(op, fields, ret_op, "", error))
                return false;
        if (!link_type_find(ret_op->type, &key.type)) {
                error_set(error, ZW_ERR_NAME_UNKNOWN, "/type", "there is no link type \"%s\"", ret_op->type);
                return false;
        }
        if (ret_op->as[0] != '\0' && !as_find(ret_op->as, &key.as)) {
                error_set(error, ZW_ERR_NAME_UNKNOWN, "/as", "no link has the role \"%s\"", ret_op->as);
                return false;
        }
        if (!project_item_no(p, ret_op->from, "/from", &key.from, error) ||
            !project_item_no(p, ret_op->to, "/to", &key.to, error))
                return false;
        *ret_key = key;
        return true;
}

/* `least` is 1 where a person has looked, 0 where none may have. */
static bool judged_read(const json_t *judged, int least, LinkRev *rev, GError **error)
{
        json_int_t from = json_integer_value(json_array_get(judged, 0));
        json_int_t to = json_integer_value(json_array_get(judged, 1));

        if (json_array_size(judged) != 2 || !json_is_integer(json_array_get(judged, 0)) ||
            !json_is_integer(json_array_get(judged, 1)) || from < least || to < least || from > UINT32_MAX ||
            to > UINT32_MAX) {
                error_set(error, ZW_ERR_INPUT, "/judged", "the revisions of both ends are expected, from %d",
                          least);
                return false;
        }
        rev->judged_from = (uint32_t)from;
        rev->judged_to = (uint32_t)to;
        return true;
}

typedef struct {
        LinkRev rev;
        char *attrs;
        bool found;
} LinkNow;

static void link_now_clear(LinkNow *now)
{
        g_clear_pointer(&now->attrs, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(LinkNow, link_now_clear)

static bool link_keep(const LinkRev *rev, void *payload, GError **error G_GNUC_UNUSED)
{
        LinkNow *now = payload;

        now->rev = *rev;
        g_free(now->attrs);
        now->attrs = g_strdup(rev->attrs);
        now->rev.attrs = now->attrs;
        now->found = true;
        return true;
}

static bool link_load(Projector *p, const LinkKey *key, LinkNow *ret_now, GError **error)
{
        return p->view->backend->link_read(p->view, p->log->no, key, ZW_SEQ_OPEN - 1, link_keep, ret_now,
                                           error);
}

static bool link_missing(const LinkOp *op, GError **error)
{
        error_set(error, ZW_ERR_NOT_FOUND, NULL, "there is no link %s from %s to %s%s%s", op->type, op->from,
                  op->to, op->as[0] == '\0' ? "" : " as ", op->as);
        return false;
}

/* Puts the row that begins here in the place of the one that is valid now. */
static bool link_replace(Projector *p, const LinkNow *now, const LinkKey *key, LinkRev *rev, GError **error)
{
        const StoreBackend *backend = p->view->backend;

        if (now->found && now->rev.from_seq < p->seq &&
            !backend->link_end(p->view, p->log->no, key, p->seq, error))
                return false;
        rev->from_seq = p->seq;
        rev->to_seq = ZW_SEQ_OPEN;
        return backend->link_put(p->view, p->log->no, rev, error);
}

bool project_link(Projector *p, const json_t *op, GError **error)
{
        static const JReadField fields[] = {
                LINK_FIELDS,
                { "attrs", JREAD_JSON, offsetof(LinkOp, attrs), false },
                { "judged", JREAD_ARRAY, offsetof(LinkOp, judged), true },
                JREAD_END,
        };
        g_auto(LinkNow) now = { 0 };
        LinkKey key;
        LinkOp link;
        LinkRev rev;

        if (!link_begin(p, op, fields, &link, &key, error) || !link_load(p, &key, &now, error))
                return false;
        rev = (LinkRev){ .from = key.from, .to = key.to, .type = key.type, .as = key.as };
        if (link.attrs != NULL && !json_is_object(link.attrs) && !json_is_null(link.attrs)) {
                error_set(error, ZW_ERR_INPUT, "/attrs", "an object is expected");
                return false;
        }
        if (json_object_size(link.attrs) > 0 && !project_canon(p, link.attrs, "/attrs", &rev.attrs, error))
                return false;
        return judged_read(link.judged, 0, &rev, error) && link_replace(p, &now, &key, &rev, error);
}

bool project_judge(Projector *p, const json_t *op, GError **error)
{
        static const JReadField fields[] = {
                LINK_FIELDS,
                { "judged", JREAD_ARRAY, offsetof(LinkOp, judged), true },
                JREAD_END,
        };
        g_auto(LinkNow) now = { 0 };
        LinkKey key;
        LinkOp judge;
        LinkRev rev;

        if (!link_begin(p, op, fields, &judge, &key, error) || !link_load(p, &key, &now, error))
                return false;
        if (!now.found)
                return link_missing(&judge, error);
        rev = now.rev;
        return judged_read(judge.judged, 1, &rev, error) && link_replace(p, &now, &key, &rev, error);
}

bool project_unlink(Projector *p, const json_t *op, GError **error)
{
        static const JReadField fields[] = { LINK_FIELDS, JREAD_END };
        const StoreBackend *backend = p->view->backend;
        g_auto(LinkNow) now = { 0 };
        LinkKey key;
        LinkOp unlink_op;

        if (!link_begin(p, op, fields, &unlink_op, &key, error) || !link_load(p, &key, &now, error))
                return false;
        if (!now.found)
                return link_missing(&unlink_op, error);
        if (now.rev.from_seq == p->seq)
                return backend->link_drop(p->view, p->log->no, &key, p->seq, error);
        return backend->link_end(p->view, p->log->no, &key, p->seq, error);
}
