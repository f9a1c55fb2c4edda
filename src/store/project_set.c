/* The members of `set`, which create and update lay over a revision. */
#include "base/error.h"
#include "base/near.h"
#include "store/internal.h"
#include <string.h>

static bool set_text(const json_t *set, const char *name, size_t max, const char *where, const char *absent,
                     const char **value, GError **error)
{
        const json_t *given = json_object_get(set, name);

        if (given == NULL)
                return true;
        if (json_is_null(given)) {
                *value = absent;
                return true;
        }
        return project_text(given, max, where, value, error);
}

static bool set_tags(Projector *p, const json_t *set, const char **value, GError **error)
{
        const json_t *given = json_object_get(set, "tags");

        if (given == NULL)
                return true;
        if (json_is_null(given)) {
                *value = NULL;
                return true;
        }
        for (size_t i = 0; i < json_array_size(given); i++) {
                const char *tag;

                if (!project_text(json_array_get(given, i), ZW_NAME_MAX, "/set/tags", &tag, error))
                        return false;
        }
        if (!json_is_array(given)) {
                error_set(error, ZW_ERR_INPUT, "/set/tags", "an array of texts is expected");
                return false;
        }
        return project_canon(p, given, "/set/tags", value, error);
}

static bool set_order(const json_t *set, int64_t *value, GError **error)
{
        const json_t *given = json_object_get(set, "order");

        if (given == NULL)
                return true;
        if (!json_is_null(given) && !json_is_integer(given)) {
                error_set(error, ZW_ERR_INPUT, "/set/order", "an integer is expected");
                return false;
        }
        *value = json_integer_value(given); /* 0 for null */
        return true;
}

static bool set_attrs(Projector *p, const json_t *set, const char **value, GError **error)
{
        json_t *given = json_object_get(set, "attrs"), *one;
        g_autoptr(Json) merged = NULL;
        const char *name;

        if (given == NULL)
                return true;
        if (!json_is_object(given) && !json_is_null(given)) {
                error_set(error, ZW_ERR_INPUT, "/set/attrs", "an object is expected");
                return false;
        }
        merged = json_is_null(given) ? json_object() : jread_parse(*value, strlen(*value), error);
        if (merged == NULL)
                return false;
        json_object_foreach(given, name, one)
        {
                if (json_is_null(one))
                        json_object_del(merged, name);
                else
                        json_object_set(merged, name, one);
        }
        return project_canon(p, merged, "/set/attrs", value, error);
}

typedef struct {
        const char *system, *id, *rev;
} Source;

static bool source_read(const json_t *object, Source *ret_source, GError **error)
{
        static const JReadField fields[] = {
                { "system", JREAD_STRING, offsetof(Source, system), true },
                { "id", JREAD_STRING, offsetof(Source, id), true },
                { "rev", JREAD_STRING, offsetof(Source, rev), false },
                JREAD_END,
        };
        const char *text;

        return jread_object(object, fields, ret_source, "/set/source", error) &&
               project_text(json_object_get(object, "system"), ZW_NAME_MAX, "/set/source/system", &text,
                            error) &&
               project_text(json_object_get(object, "id"), ZW_SOURCE_ID_MAX, "/set/source/id", &text, error);
}

/* Keeps item_source at the newest revisions. */
static bool source_move(Projector *p, ItemNo no, const char *old_text, const json_t *given, GError **error)
{
        const StoreBackend *backend = p->view->backend;
        g_autoptr(Json) old = NULL;
        GError *local = NULL;
        Source was = { 0 }, now = { 0 };

        if (old_text != NULL) {
                old = jread_parse(old_text, strlen(old_text), error);
                if (old == NULL || !source_read(old, &was, error))
                        return false;
        }
        if (!json_is_null(given) && !source_read(given, &now, error))
                return false;
        if (was.id != NULL && now.id != NULL && strcmp(was.system, now.system) == 0 &&
            strcmp(was.id, now.id) == 0)
                return true;
        if (was.id != NULL && !backend->source_delete(p->view, p->log->no, was.system, was.id, error))
                return false;
        if (now.id == NULL || backend->source_insert(p->view, p->log->no, now.system, now.id, no, &local))
                return true;
        if (g_error_matches(local, ZW_ERROR, ZW_ERR_EXISTS)) {
                error_set(error, ZW_ERR_EXISTS, "/set/source", "another item came from %s as \"%s\"",
                          now.system, now.id);
                g_clear_error(&local);
        } else {
                g_propagate_error(error, local);
        }
        return false;
}

static bool set_source(Projector *p, const json_t *set, ItemNo no, const char **value, GError **error)
{
        const json_t *given = json_object_get(set, "source");

        if (given == NULL)
                return true;
        if (!source_move(p, no, *value, given, error))
                return false;
        if (json_is_null(given)) {
                *value = NULL;
                return true;
        }
        return project_canon(p, given, "/set/source", value, error);
}

static bool set_check(const json_t *set, GError **error)
{
        static const char *const names[] = { "title", "body",  "attrs",  "owner",
                                             "tags",  "order", "parent", "source" };
        const char *name;
        const json_t *value;

        json_object_foreach((json_t *)set, name, value)
        {
                g_autofree char *near = NULL;
                bool known = false;

                for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
                        known = known || strcmp(names[i], name) == 0;
                if (known)
                        continue;
                near = near_names(name, names, G_N_ELEMENTS(names));
                error_set(error, ZW_ERR_INPUT, "/set", "a revision has no \"%s\"%s", name, near);
                return false;
        }
        return true;
}

bool project_set(Projector *p, const json_t *set, ItemRev *rev, GError **error)
{
        return set_check(set, error) &&
               set_text(set, "title", ZW_TITLE_MAX, "/set/title", "", &rev->title, error) &&
               set_text(set, "body", ZW_OP_BYTES_MAX, "/set/body", "", &rev->body, error) &&
               set_text(set, "owner", ZW_NAME_MAX, "/set/owner", NULL, &rev->owner, error) &&
               set_text(set, "parent", ZW_ITEM_KEY_MAX, "/set/parent", NULL, &rev->parent, error) &&
               set_tags(p, set, &rev->tags, error) && set_order(set, &rev->order, error) &&
               set_attrs(p, set, &rev->attrs, error) && set_source(p, set, rev->no, &rev->source, error);
}
