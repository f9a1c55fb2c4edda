#include "service/lists/fields.h"

#include <string.h>

typedef struct {
        FieldFn fn;
        void *payload;
} Seeing;

static void text_see(const Seeing *seeing, const char *field, const char *old, const char *new)
{
        g_autoptr(Json) before = NULL, after = NULL;

        if (g_strcmp0(old, new) == 0)
                return;
        before = old == NULL ? NULL : json_string(old);
        after = new == NULL ? NULL : json_string(new);
        seeing->fn(field, false, before, after, seeing->payload);
}

static void attrs_see(const Seeing *seeing, const char *old_text, const char *new_text)
{
        g_autoptr(Json) old = old_text == NULL ? json_object() : json_loads(old_text, 0, NULL);
        g_autoptr(Json) new = json_loads(new_text, 0, NULL);
        const char *name;
        json_t *value;

        json_object_foreach(new, name, value)
        {
                const json_t *before = json_object_get(old, name);

                if (before == NULL || !json_equal(before, value))
                        seeing->fn(name, true, before, value, seeing->payload);
        }
        json_object_foreach(old, name, value)
        {
                if (json_object_get(new, name) == NULL)
                        seeing->fn(name, true, value, NULL, seeing->payload);
        }
}

static char *order_text(int64_t order)
{
        return order == 0 ? NULL : g_strdup_printf("%" G_GINT64_FORMAT, order);
}

void fields_each(const ItemRev *old, const ItemRev *new, FieldFn fn, void *payload)
{
        static const ItemRev nothing = { .body = "" };
        const ItemRev *before = old == NULL ? &nothing : old;
        const Seeing seeing = { fn, payload };
        g_autofree char *old_order = order_text(before->order), *new_order = order_text(new->order);

        text_see(&seeing, "title", before->title, new->title);
        text_see(&seeing, "body", before->body, new->body);
        text_see(&seeing, "state", old == NULL ? NULL : state_def(old->state)->name,
                 state_def(new->state)->name);
        text_see(&seeing, "owner", before->owner, new->owner);
        text_see(&seeing, "tags", before->tags, new->tags);
        text_see(&seeing, "parent", before->parent, new->parent);
        text_see(&seeing, "order", old_order, new_order);
        text_see(&seeing, "attachments", before->attachments, new->attachments);
        attrs_see(&seeing, before->attrs, new->attrs);
}

static void value_write(JWrite *w, const char *key, const json_t *value)
{
        if (value == NULL)
                jwrite_key_null(w, key);
        else
                jwrite_key_json(w, key, value);
}

static void field_write(const char *field, bool is_attr G_GNUC_UNUSED, const json_t *old, const json_t *new,
                        void *payload)
{
        JWrite *w = payload;

        jwrite_object_begin(w);
        jwrite_key_string(w, "field", field);
        value_write(w, "old", old);
        value_write(w, "new", new);
        jwrite_object_end(w);
}

void fields_write(JWrite *w, const ItemRev *old, const ItemRev *new)
{
        jwrite_array_begin(w);
        fields_each(old, new, field_write, w);
        jwrite_array_end(w);
}

bool field_is_substantive(KindId kind, const char *field, bool is_attr, const json_t *new)
{
        g_autoptr(Json) set = NULL;
        StateId state;

        if (!is_attr && strcmp(field, "state") == 0)
                return json_is_string(new) && state_find(json_string_value(new), &state) &&
                       (state_def(state)->flags & STATE_RETIRED) != 0;
        set = is_attr ? json_pack("{s:{s:n}}", "attrs", field) : json_pack("{s:n}", field);
        return change_is_substantive(kind, set);
}
