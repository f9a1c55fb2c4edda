/* One thing of the inventory: what it is known by, in as little memory as it takes, and the others it has to do with. */
#include "service/interchange/inventory.h"

#include <string.h>

/* ---- what it is known by ---- */

/* Each text is kept behind the number of its row, from 1, and ends with NUL; one more NUL ends all. */
static const struct {
        const char *name;
        bool list;
} known[] = {
        { "vendor", false },      { "product", false },
        { "version", false },     { "installed_version", false },
        { "part_number", false }, { "serial", false },
        { "cpe", false },         { "purl", false },
        { "hashes", true },       { "hostname", false },
        { "addresses", true },
};

static bool is_blank(const char *text)
{
        return text[strspn(text, " \t")] == '\0';
}

static const char *text_behind(const char *text)
{
        return text + strlen(text) + 1;
}

/* The next text of a row from `at` on, which is where one begins with its row; or NULL. */
static const char *text_find(const char *at, char row)
{
        for (; at[0] != '\0'; at = text_behind(at))
                if (at[0] == row)
                        return at + 1;
        return NULL;
}

static char row_of(const char *name)
{
        for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
                if (strcmp(known[i].name, name) == 0)
                        return (char)(i + 1);
        return '\0';
}

static void text_put(GString *texts, char row, const char *text)
{
        if (text == NULL || is_blank(text))
                return;
        g_string_append_c(texts, row);
        g_string_append(texts, text);
        g_string_append_c(texts, '\0');
}

static void value_put(GString *texts, char row, bool list, const json_t *value)
{
        const json_t *one;
        size_t i;

        if (!list)
                text_put(texts, row, json_string_value(value));
        else
                json_array_foreach(value, i, one) text_put(texts, row, json_string_value(one));
}

/* What `attrs` does not speak of stays as it was. */
static void texts_set(GStringChunk *chunk, Thing *thing, const json_t *attrs)
{
        GString *texts = g_string_new(NULL);

        for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
                const json_t *value = json_object_get(attrs, known[i].name);
                const char row = (char)(i + 1);
                const char *text = value != NULL ? NULL : text_find(thing->texts, row);

                value_put(texts, row, known[i].list, value);
                for (; text != NULL; text = text_find(text_behind(text), row))
                        text_put(texts, row, text);
        }
        if (texts->len > 0)
                thing->texts = g_string_chunk_insert_len(chunk, texts->str, (gssize)texts->len);
        else
                thing->texts = "";
        g_string_free(texts, TRUE);
}

void thing_set_attrs(GStringChunk *chunk, Thing *thing, const json_t *attrs)
{
        const char *name;
        json_t *value;

        if ((thing->kind == ZW_KIND_COMPONENT || thing->kind == ZW_KIND_ASSET) && json_object_size(attrs) > 0)
                texts_set(chunk, thing, attrs);
        if (thing->attrs == NULL)
                return;
        json_object_foreach((json_t *)(uintptr_t)attrs, name, value)
        {
                if (json_is_null(value))
                        json_object_del(thing->attrs, name);
                else
                        json_object_set(thing->attrs, name, value);
        }
}

const char *thing_each_text(const Thing *thing, const char *name, const char *last)
{
        return text_find(last == NULL ? thing->texts : text_behind(last), row_of(name));
}

const char *thing_text(const Thing *thing, const char *name)
{
        const char *text;

        if (thing->attrs == NULL)
                return thing_each_text(thing, name, NULL);
        text = jread_get_string(thing->attrs, name);
        return text == NULL || is_blank(text) ? NULL : text;
}

static bool texts_equal(const char *a, const char *b)
{
        while (a[0] != '\0' && strcmp(a, b) == 0) {
                a = text_behind(a);
                b = text_behind(b);
        }
        return a[0] == '\0' && b[0] == '\0';
}

bool thing_says_the_same(const Thing *a, const Thing *b)
{
        return a->kind == b->kind && a->state == b->state && g_strcmp0(a->system, b->system) == 0 &&
               g_strcmp0(a->id, b->id) == 0 && g_strcmp0(a->digest, b->digest) == 0 &&
               (a->attrs == NULL ? texts_equal(a->texts, b->texts) : json_equal(a->attrs, b->attrs) != 0);
}

json_t *thing_name(const Thing *thing)
{
        if (thing->key != NULL)
                return json_string(thing->key);
        return thing->system == NULL ? NULL : json_pack("{s:[s, s]}", "source", thing->system, thing->id);
}

/* ---- others ---- */

void things_clear(Things *things)
{
        if (things->room > 0)
                g_free(things->several);
}

static bool things_find(const Things *things, const Thing *thing, uint32_t *ret_i)
{
        for (uint32_t i = 0; i < things->n; i++)
                if (things_at(things, i) == thing) {
                        *ret_i = i;
                        return true;
                }
        return false;
}

void things_add(Things *things, Thing *thing)
{
        enum { ROOM = 4 };
        Thing **several;
        uint32_t i;

        if (things_find(things, thing, &i))
                return;
        if (things->n == 0 && things->room == 0)
                things->one = thing;
        else if (things->n >= MAX(things->room, 1)) {
                several = g_new(Thing *, MAX(2 * things->room, ROOM));
                for (i = 0; i < things->n; i++)
                        several[i] = things_at(things, i);
                several[things->n] = thing;
                things_clear(things);
                things->room = MAX(2 * things->room, ROOM);
                things->several = several;
        } else
                things->several[things->n] = thing;
        things->n++;
}

void things_remove(Things *things, const Thing *thing)
{
        uint32_t i;

        if (!things_find(things, thing, &i))
                return;
        for (i++; i < things->n; i++)
                things->several[i - 1] = things->several[i];
        things->n--;
}
