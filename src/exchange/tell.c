#include "exchange/tell.h"

#include "base/hash.h"
#include "base/jtext.h"

#include <string.h>

/* What the project takes (docs/import.md, limits); a text of an attribute is far longer than any that is meant to be read. */
enum {
        SYSTEM_BYTES = 256,
        ID_BYTES = 1024,
        TITLE_BYTES = 4096,
        TEXT_BYTES = 64 << 10,
        TAG_BYTES = 256,
        TEXTS_MAX = 2000
};

/* UTF-8 without blanks around and within a limit; free it. */
static char *text_clean(const char *text, size_t max)
{
        g_autofree char *valid = g_utf8_make_valid(text, -1);

        g_strstrip(valid);
        return g_strndup(valid, utf8_prefix(valid, MIN(strlen(valid), max)));
}

/* What is too long to be an identity is known by its hash. */
static char *id_clean(const char *id)
{
        g_autofree char *valid = g_utf8_make_valid(id, -1);
        char hex[ZW_DIGEST_HEX];
        Digest digest;

        if (strlen(valid) <= ID_BYTES)
                return g_steal_pointer(&valid);
        digest = hash_sha256(valid, strlen(valid));
        hex_encode(digest.b, ZW_DIGEST_BYTES, hex);
        return g_strdup(hex);
}

Tell tell_init(Sink *sink, const char *what, const char *name)
{
        g_autofree char *system = name == NULL ? g_strdup(what) : g_strconcat(what, ":", name, NULL);

        return (Tell){ .sink = sink,
                       .system = text_clean(system, SYSTEM_BYTES),
                       .ids = hash_table_new_text(g_free, NULL) };
}

void tell_clear(Tell *tell)
{
        g_free(tell->system);
        g_hash_table_unref(tell->ids);
}

bool tell_has(const Tell *tell, const char *id)
{
        g_autofree char *clean = id_clean(id);

        return g_hash_table_contains(tell->ids, clean);
}

bool tell_item(Tell *tell, TellItem item)
{
        g_autofree char *id = id_clean(item.id),
                        *title = text_clean(item.title == NULL ? "" : item.title, TITLE_BYTES),
                        *body = text_clean(item.body == NULL ? "" : item.body, TEXT_BYTES);
        bool is_new = g_hash_table_add(tell->ids, g_strdup(id));
        json_t *op;

        if (!is_new) {
                json_decref(item.attrs);
                json_decref(item.tags);
                return false;
        }
        g_strdelimit(title, "\r\n\t", ' ');
        op = json_pack("{s:s, s:s, s:s, s:{s:s, s:s}, s:s, s:s}", "op", "item", "where",
                       item.where == NULL ? "" : item.where, "kind", item.kind, "source", "system",
                       tell->system, "id", id, "title", title[0] == '\0' ? id : title, "body", body);
        if (item.attrs != NULL)
                json_object_set_new(op, "attrs", item.attrs);
        if (item.tags != NULL)
                json_object_set_new(op, "tags", item.tags);
        if (tell->part)
                json_object_set_new(op, "part", json_true());
        sink_op(tell->sink, op);
        return true;
}

json_t *tell_name(const Tell *tell, const char *id)
{
        g_autofree char *clean = id_clean(id);

        return json_pack("{s:[s, s]}", "source", tell->system, clean);
}

void tell_link(const Tell *tell, const char *where, const char *from, const char *type, const char *to,
               const char *as)
{
        json_t *op = json_pack("{s:s, s:s, s:o, s:s, s:o}", "op", "link", "where", where == NULL ? "" : where,
                               "from", tell_name(tell, from), "type", type, "to", tell_name(tell, to));

        if (as != NULL)
                json_object_set_new(op, "as", json_string(as));
        sink_op(tell->sink, op);
}

void tell_put(json_t *attrs, const char *name, const char *text)
{
        g_autofree char *clean = text == NULL ? NULL : text_clean(text, TEXT_BYTES);

        if (clean != NULL && clean[0] != '\0')
                json_object_set_new(attrs, name, json_string(clean));
}

void tell_put_list(json_t *attrs, const char *name, const GPtrArray *texts)
{
        json_t *list = json_array();

        for (guint i = 0; i < texts->len; i++)
                json_array_append_new(list, json_string(texts->pdata[i]));
        if (texts->len > 0)
                json_object_set(attrs, name, list);
        json_decref(list);
}

void tell_put_extra(json_t *attrs, json_t *extra)
{
        if (json_object_size(extra) > 0)
                json_object_set(attrs, "extra", extra);
        json_decref(extra);
}

json_t *tell_tags(const GPtrArray *texts)
{
        json_t *tags = texts->len == 0 ? NULL : json_array();

        for (guint i = 0; i < texts->len; i++) {
                g_autofree char *tag = text_clean(texts->pdata[i], TAG_BYTES);

                json_array_append_new(tags, json_string(tag));
        }
        return tags;
}

void tell_paragraph(GString *body, const char *name, const char *text)
{
        g_autofree char *clean = text == NULL ? NULL : text_clean(text, TEXT_BYTES);

        if (clean == NULL || clean[0] == '\0')
                return;
        if (body->len > 0)
                g_string_append(body, "\n\n");
        if (name != NULL)
                g_string_append_printf(body, "%s: ", name);
        g_string_append(body, clean);
}

void tell_add(GPtrArray *texts, const char *text)
{
        g_autofree char *clean = text == NULL ? NULL : text_clean(text, TITLE_BYTES);

        if (clean == NULL || clean[0] == '\0' || texts->len >= TEXTS_MAX ||
            g_ptr_array_find_with_equal_func(texts, clean, g_str_equal, NULL))
                return;
        g_ptr_array_add(texts, g_steal_pointer(&clean));
}
