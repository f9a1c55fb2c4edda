#include "exchange/yamljson.h"

#include "base/hash.h"
#include "base/jwrite.h"

#include <math.h>
#include <string.h>
#include <yaml.h>

enum { ANCHORS_MAX = 10000, GROWTH = 6, GROWTH_FREE = 1 << 20 };

typedef struct {
        bool mapping, key_next;
        GHashTable *keys; /* of a mapping */
        char *anchor;     /* or NULL */
        size_t from;      /* where it begins in the output */
} Level;

typedef struct {
        yaml_parser_t parser;
        Out *out;
        JWrite *w;
        GArray *levels;      /* of Level */
        GHashTable *anchors; /* name → JSON text */
        size_t depth_max, documents;
        size_t left; /* bytes that anchors may still take */
} Yaml;

static void level_clear(gpointer data)
{
        Level *level = data;

        g_clear_pointer(&level->keys, g_hash_table_unref);
        g_clear_pointer(&level->anchor, g_free);
}

static void yaml_clear(Yaml *yaml)
{
        yaml_parser_delete(&yaml->parser);
        jwrite_free(yaml->w);
        out_free(yaml->out);
        g_array_unref(yaml->levels);
        g_hash_table_unref(yaml->anchors);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Yaml, yaml_clear)

typedef yaml_event_t YamlEvent;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(YamlEvent, yaml_event_delete)

static bool refuse(const yaml_mark_t *mark, ZwErrorCode code, const char *what, GError **error)
{
        g_autofree char *where = g_strdup_printf("line %zu", mark->line + 1);

        error_set(error, code, where, "%s", what);
        return false;
}

/* ---- scalars ---- */

static bool is_word(const char *text, const char *const *words)
{
        g_autofree char *lower = g_ascii_strdown(text, -1);

        return g_strv_contains(words, lower);
}

/* A number of the core schema whose text is one of JSON, too; others (0o7, 0x1F, .5, infinities) stay texts. */
static bool is_number(const char *text)
{
        const char *at = text + (text[0] == '-');
        const size_t whole = strspn(at, "0123456789");

        if (whole == 0 || (whole > 1 && at[0] == '0') || whole > 18)
                return false;
        at += whole;
        if (*at == '.') {
                const size_t part = strspn(at + 1, "0123456789");

                if (part == 0)
                        return false;
                at += part + 1;
        }
        if (*at == 'e' || *at == 'E') {
                at += 1 + (at[1] == '-' || at[1] == '+');
                if (strspn(at, "0123456789") == 0)
                        return false;
                at += strspn(at, "0123456789");
        }
        return *at == '\0' && isfinite(g_ascii_strtod(text, NULL));
}

/* The JSON of a plain scalar that is no text, or NULL. */
static const char *plain_json(const char *text)
{
        static const char *const nulls[] = { "", "~", "null", NULL };
        static const char *const truths[] = { "true", "yes", "on", NULL };
        static const char *const lies[] = { "false", "no", "off", NULL };

        if (is_word(text, nulls))
                return "null";
        if (is_word(text, truths))
                return "true";
        if (is_word(text, lies))
                return "false";
        return is_number(text) ? text : NULL;
}

static bool key_take(Yaml *yaml, Level *level, const YamlEvent *event, GError **error)
{
        const char *text = (const char *)event->data.scalar.value;

        if (!g_hash_table_add(level->keys, g_strdup(text)))
                return refuse(&event->start_mark, ZW_ERR_INPUT, "a mapping has this key twice", error);
        jwrite_key(yaml->w, text);
        level->key_next = false;
        return true;
}

/* Notes what an anchor names: what was written from `from` on. */
static bool anchor_take(Yaml *yaml, const char *anchor, size_t from, const YamlEvent *event, GError **error)
{
        const char *json = out_data(yaml->out) + from;
        const size_t n = out_length(yaml->out) - from;

        if (anchor == NULL)
                return true;
        if (n > yaml->left || g_hash_table_size(yaml->anchors) >= ANCHORS_MAX)
                return refuse(&event->start_mark, ZW_ERR_LIMIT,
                              "there are too many anchors, or too large ones", error);
        yaml->left -= n;
        g_hash_table_replace(yaml->anchors, g_strdup(anchor), g_strdup(json[0] == ',' ? json + 1 : json));
        return true;
}

static Level *top(Yaml *yaml)
{
        return yaml->levels->len == 0 ? NULL : &g_array_index(yaml->levels, Level, yaml->levels->len - 1);
}

/* After a value, a mapping expects a key. */
static void value_done(Yaml *yaml)
{
        Level *level = top(yaml);

        if (level != NULL)
                level->key_next = level->mapping;
}

static bool scalar_take(Yaml *yaml, const YamlEvent *event, GError **error)
{
        const char *text = (const char *)event->data.scalar.value;
        const size_t n = event->data.scalar.length;
        const char *json = event->data.scalar.plain_implicit ? plain_json(text) : NULL;
        const size_t from = out_length(yaml->out);
        Level *level = top(yaml);

        if (strlen(text) != n)
                return refuse(&event->start_mark, ZW_ERR_ENCODING, "a text has a zero byte", error);
        if (level != NULL && level->key_next)
                return key_take(yaml, level, event, error);
        if (json != NULL)
                jwrite_raw(yaml->w, json, strlen(json));
        else
                jwrite_string_n(yaml->w, text, n);
        value_done(yaml);
        return anchor_take(yaml, (const char *)event->data.scalar.anchor, from, event, error);
}

static bool alias_take(Yaml *yaml, const YamlEvent *event, GError **error)
{
        const char *json = g_hash_table_lookup(yaml->anchors, event->data.alias.anchor);

        if (json == NULL || (top(yaml) != NULL && top(yaml)->key_next))
                return refuse(&event->start_mark, ZW_ERR_INPUT,
                              "an alias stands for a value that has its anchor above, and for no key", error);
        jwrite_raw(yaml->w, json, strlen(json));
        value_done(yaml);
        return true;
}

/* ---- mappings and sequences ---- */

static bool level_open(Yaml *yaml, bool mapping, const YamlEvent *event, GError **error)
{
        const yaml_char_t *anchor = mapping ? event->data.mapping_start.anchor
                                            : event->data.sequence_start.anchor;
        Level *above = top(yaml),
              level = { .mapping = mapping, .key_next = mapping, .from = out_length(yaml->out) };

        if (above != NULL && above->key_next)
                return refuse(&event->start_mark, ZW_ERR_INPUT, "a key is a single value", error);
        if (yaml->levels->len >= yaml->depth_max)
                return refuse(&event->start_mark, ZW_ERR_LIMIT, "the document is nested too deeply", error);
        if (mapping) {
                level.keys = hash_table_new_text(g_free, NULL);
                jwrite_object_begin(yaml->w);
        } else {
                jwrite_array_begin(yaml->w);
        }
        level.anchor = g_strdup((const char *)anchor);
        g_array_append_val(yaml->levels, level);
        return true;
}

static bool level_close(Yaml *yaml, const YamlEvent *event, GError **error)
{
        /* libyaml ends no level that it did not begin. */
        Level *level = &g_array_index(yaml->levels, Level, yaml->levels->len - 1);
        g_autofree char *anchor = g_steal_pointer(&level->anchor);
        const size_t from = level->from;

        if (level->mapping)
                jwrite_object_end(yaml->w);
        else
                jwrite_array_end(yaml->w);
        g_array_set_size(yaml->levels, yaml->levels->len - 1);
        value_done(yaml);
        return anchor_take(yaml, anchor, from, event, error);
}

static bool event_take(Yaml *yaml, const YamlEvent *event, GError **error)
{
        switch (event->type) {
        case YAML_DOCUMENT_START_EVENT:
                return ++yaml->documents == 1 || refuse(&event->start_mark, ZW_ERR_INPUT,
                                                        "a second document begins here; one is read", error);
        case YAML_SCALAR_EVENT:
                return scalar_take(yaml, event, error);
        case YAML_ALIAS_EVENT:
                return alias_take(yaml, event, error);
        case YAML_MAPPING_START_EVENT:
        case YAML_SEQUENCE_START_EVENT:
                return level_open(yaml, event->type == YAML_MAPPING_START_EVENT, event, error);
        case YAML_MAPPING_END_EVENT:
        case YAML_SEQUENCE_END_EVENT:
                return level_close(yaml, event, error);
        default:
                return true;
        }
}

static bool parser_refuse(const yaml_parser_t *parser, GError **error)
{
        const char *what = parser->problem == NULL ? "this is not YAML" : parser->problem;

        if (parser->error == YAML_READER_ERROR) {
                g_autofree char *where = g_strdup_printf("byte %zu", parser->problem_offset);

                error_set(error, ZW_ERR_ENCODING, where, "%s", what);
                return false;
        }
        return refuse(&parser->problem_mark, parser->error == YAML_MEMORY_ERROR ? ZW_ERR_LIMIT : ZW_ERR_INPUT,
                      what, error);
}

static bool events_read(Yaml *yaml, GError **error)
{
        bool ended = false;

        while (!ended) {
                g_auto(YamlEvent) event = { 0 };

                if (!yaml_parser_parse(&yaml->parser, &event))
                        return parser_refuse(&yaml->parser, error);
                if (!event_take(yaml, &event, error))
                        return false;
                if (!out_check(yaml->out, NULL))
                        return refuse(&event.start_mark, ZW_ERR_LIMIT,
                                      "with its aliases the document is far larger than the file", error);
                ended = event.type == YAML_STREAM_END_EVENT;
        }
        if (yaml->documents == 1)
                return true;
        error_set(error, ZW_ERR_INPUT, "line 1", "there is no document");
        return false;
}

GBytes *yaml_to_json(GBytes *bytes, size_t depth_max, GError **error)
{
        gsize n;
        const unsigned char *text = g_bytes_get_data(bytes, &n);
        g_auto(Yaml) yaml = { .out = out_new(GROWTH * n + GROWTH_FREE),
                              .levels = g_array_new(FALSE, TRUE, sizeof(Level)),
                              .anchors = hash_table_new_text(g_free, g_free),
                              .depth_max = depth_max,
                              .left = GROWTH * n + GROWTH_FREE };

        yaml.w = jwrite_new(yaml.out);
        g_array_set_clear_func(yaml.levels, level_clear);
        if (!yaml_parser_initialize(&yaml.parser)) {
                error_set(error, ZW_ERR_LIMIT, NULL, "there is no memory for the document");
                return NULL;
        }
        yaml_parser_set_input_string(&yaml.parser, text == NULL ? (const unsigned char *)"" : text, n);
        return events_read(&yaml, error) ? out_steal(yaml.out, error) : NULL;
}

GBytes *yaml_or_json(GBytes *bytes, size_t depth_max, GError **error)
{
        gsize n;
        const char *text = g_bytes_get_data(bytes, &n);
        size_t i = n >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

        while (i < n && g_ascii_isspace(text[i]))
                i++;
        return i < n && text[i] == '{' ? g_bytes_ref(bytes) : yaml_to_json(bytes, depth_max, error);
}
