#include "exchange/xfigures.h"

#include "base/hash.h"

#include <string.h>

/* A name longer than what is kept of it is none of ours. */
enum { LEVELS_MAX = 256, NAME_BYTES = 64, VALUE_MAX = 64 << 10, DISTINCT_MAX = 1000000, NAMES_MAX = 10000 };

typedef struct {
        char name[NAME_BYTES];
        int64_t n;
} Frequency;

typedef struct {
        const XFormat *format;
        Sink *sink;
        int64_t *counts;            /* of each row */
        GHashTable **distinct;      /* of each row; NULL for others */
        char **texts;               /* of each row */
        char (*names)[NAME_BYTES];  /* of the open elements, by depth */
        GString *text;              /* of the element of a row with "." */
        size_t text_depth;          /* of that element, 0 for none */
        char *root, *space, *where; /* of the root */
        bool proved;
        GHashTable *frequency; /* name → index + 1 into `seen` */
        GArray *seen;          /* of Frequency, in the order of their first element */
        int64_t elements;
} Pass;

static void pass_clear(Pass *pass)
{
        for (size_t i = 0; i < pass->format->n_rows; i++) {
                g_clear_pointer(&pass->distinct[i], g_hash_table_unref);
                g_free(pass->texts[i]);
        }
        g_free(pass->counts);
        g_free(pass->distinct);
        g_free(pass->texts);
        g_free(pass->names);
        g_string_free(pass->text, TRUE);
        g_free(pass->root);
        g_free(pass->space);
        g_free(pass->where);
        g_hash_table_unref(pass->frequency);
        g_array_unref(pass->seen);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Pass, pass_clear)

static Pass pass_init(const XFormat *format, Sink *sink)
{
        return (Pass){ .format = format,
                       .sink = sink,
                       .proved = format->proofs == NULL,
                       .counts = g_new0(int64_t, format->n_rows),
                       .distinct = g_new0(GHashTable *, format->n_rows),
                       .texts = g_new0(char *, format->n_rows),
                       .names = g_malloc0((size_t)LEVELS_MAX * NAME_BYTES),
                       .text = g_string_new(NULL),
                       .frequency = hash_table_new_text(g_free, NULL),
                       .seen = g_array_new(FALSE, TRUE, sizeof(Frequency)) };
}

static bool is(const char *wanted, const char *name)
{
        return wanted == NULL || strcmp(wanted, name) == 0;
}

static bool distinct_add(Pass *pass, size_t i, const char *value, GError **error)
{
        if (pass->distinct[i] == NULL)
                pass->distinct[i] = hash_table_new_text(g_free, NULL);
        if (g_hash_table_size(pass->distinct[i]) >= DISTINCT_MAX) {
                error_set(error, ZW_ERR_LIMIT, NULL, "the document has more than %d different values of %s",
                          DISTINCT_MAX, pass->format->rows[i].name);
                return false;
        }
        g_hash_table_add(pass->distinct[i], g_strdup(value));
        return true;
}

/* Counts one element for a row; `value` is NULL where it has none. */
static bool row_add(Pass *pass, size_t i, const char *value, GError **error)
{
        const XFigure *row = &pass->format->rows[i];

        if (row->value != NULL && g_strcmp0(row->value, value) != 0)
                return true;
        switch (row->kind) {
        case XFIGURE_COUNT:
                pass->counts[i]++;
                return true;
        case XFIGURE_MAP:
                sink_figure_add(pass->sink, row->name, value == NULL ? "None" : value, 1);
                return true;
        case XFIGURE_NAMES:
                sink_figure_add(pass->sink, row->name, value, 1);
                return true;
        case XFIGURE_DISTINCT:
                return value == NULL || distinct_add(pass, i, value, error);
        case XFIGURE_TEXT:
                if (pass->texts[i] == NULL)
                        pass->texts[i] = g_strdup(value);
                return true;
        }
        return true;
}

static bool fits(const Pass *pass, const XFigure *row, size_t depth)
{
        return is(row->element, pass->names[depth]) &&
               (row->parent == NULL || (depth > 1 && is(row->parent, pass->names[depth - 1])));
}

static bool wants_text(const XFigure *row)
{
        return g_strcmp0(row->attr, ".") == 0;
}

/* ---- which elements are most frequent ---- */

static void frequency_add(Pass *pass, const char *name)
{
        guint at = GPOINTER_TO_UINT(g_hash_table_lookup(pass->frequency, name));
        Frequency first = { .n = 0 };

        if (at == 0 && pass->seen->len >= NAMES_MAX)
                return;
        if (at == 0) {
                g_strlcpy(first.name, name, NAME_BYTES);
                g_array_append_val(pass->seen, first);
                at = pass->seen->len;
                g_hash_table_insert(pass->frequency, g_strdup(name), GUINT_TO_POINTER(at));
        }
        g_array_index(pass->seen, Frequency, at - 1).n++;
}

static void frequencies_give(Pass *pass)
{
        for (unsigned i = 0; i < pass->format->top && pass->seen->len > 0; i++) {
                guint most = 0;

                for (guint k = 1; k < pass->seen->len; k++)
                        if (g_array_index(pass->seen, Frequency, k).n >
                            g_array_index(pass->seen, Frequency, most).n)
                                most = k;
                if (g_array_index(pass->seen, Frequency, most).n == 0)
                        return;
                sink_figure_add(pass->sink, "top", g_array_index(pass->seen, Frequency, most).name,
                                g_array_index(pass->seen, Frequency, most).n);
                g_array_index(pass->seen, Frequency, most).n = 0;
        }
}

/* ---- the pass ---- */

static bool element_open(Pass *pass, Xml *xml, GError **error)
{
        const size_t depth = xml_depth(xml);
        bool text = false;

        g_strlcpy(pass->names[depth], xml_name(xml), NAME_BYTES);
        pass->elements++;
        pass->proved = pass->proved || g_strv_contains(pass->format->proofs, pass->names[depth]);
        if (pass->format->top > 0)
                frequency_add(pass, pass->names[depth]);
        if (pass->format->open != NULL)
                pass->format->open(xml, depth > 1 ? pass->names[depth - 1] : "", pass->format->data);
        for (size_t i = 0; i < pass->format->n_rows; i++) {
                const XFigure *row = &pass->format->rows[i];

                if (!fits(pass, row, depth))
                        continue;
                if (wants_text(row))
                        text = true;
                else if (!row_add(pass, i,
                                  row->kind == XFIGURE_NAMES ? pass->names[depth]
                                  : row->attr == NULL        ? NULL
                                                             : xml_attr(xml, row->attr),
                                  error))
                        return false;
        }
        if (text) {
                pass->text_depth = depth;
                g_string_truncate(pass->text, 0);
        }
        return true;
}

static bool element_close(Pass *pass, Xml *xml, GError **error)
{
        const size_t depth = xml_depth(xml);

        if (depth != pass->text_depth)
                return true;
        pass->text_depth = 0;
        g_strstrip(pass->text->str);
        for (size_t i = 0; i < pass->format->n_rows; i++) {
                const XFigure *row = &pass->format->rows[i];

                if (wants_text(row) && fits(pass, row, depth) &&
                    !row_add(pass, i,
                             pass->text->len == 0 || pass->text->str[0] == '\0' ? NULL : pass->text->str,
                             error))
                        return false;
        }
        return true;
}

/* The text of an element ends where a child begins; what is longer than any value of a figure is cut. */
static void text_take(Pass *pass, Xml *xml)
{
        if (pass->text_depth == xml_depth(xml) && pass->text->len < VALUE_MAX)
                g_string_append(pass->text, xml_text(xml));
}

static bool pass_run(Pass *pass, Xml *xml, GError **error)
{
        XmlEvent event = XML_EVENT_OPEN;

        do {
                if (event == XML_EVENT_OPEN && !element_open(pass, xml, error))
                        return false;
                if (event == XML_EVENT_CLOSE && !element_close(pass, xml, error))
                        return false;
                if (event == XML_EVENT_TEXT)
                        text_take(pass, xml);
                if (!xml_next(xml, &event, error))
                        return false;
        } while (event != XML_EVENT_END);
        return true;
}

/* Rows of the same name add up; the last of them is given. */
static bool is_last(const Pass *pass, size_t i)
{
        for (size_t k = i + 1; k < pass->format->n_rows; k++)
                if (strcmp(pass->format->rows[k].name, pass->format->rows[i].name) == 0)
                        return false;
        return true;
}

static int64_t sum_of(const Pass *pass, const char *name)
{
        int64_t n = 0;

        for (size_t i = 0; i < pass->format->n_rows; i++)
                if (strcmp(pass->format->rows[i].name, name) == 0)
                        n += pass->distinct[i] == NULL ? pass->counts[i]
                                                       : g_hash_table_size(pass->distinct[i]);
        return n;
}

static void text_give(Pass *pass, size_t i)
{
        const char *name = pass->format->rows[i].name, *text = pass->texts[i];

        if (text == NULL)
                return;
        sink_figure_text(pass->sink, name, text);
        if (g_strcmp0(name, pass->format->version) == 0)
                sink_version(pass->sink, text);
}

static void figures_give(Pass *pass)
{
        for (size_t i = 0; i < pass->format->n_rows; i++) {
                const XFigure *row = &pass->format->rows[i];

                switch (row->kind) {
                case XFIGURE_TEXT:
                        text_give(pass, i);
                        break;
                case XFIGURE_MAP:
                case XFIGURE_NAMES:
                        sink_figure_map(pass->sink, row->name);
                        break;
                case XFIGURE_COUNT:
                case XFIGURE_DISTINCT:
                        if (is_last(pass, i))
                                sink_figure_int(pass->sink, row->name, sum_of(pass, row->name));
                }
        }
}

static bool root_check(Pass *pass, Xml *xml, GError **error)
{
        pass->where = xml_where(xml);
        pass->root = g_strdup(xml_name(xml));
        pass->space = g_strdup(xml_space(xml));
        if (g_strv_contains(pass->format->roots, pass->root))
                return true;
        error_set(error, ZW_ERR_INPUT, pass->where, "the root element of %s is <%s>, not <%.60s>",
                  pass->format->what, pass->format->roots[0], pass->root);
        return false;
}

static bool proof_check(const Pass *pass, GError **error)
{
        if (pass->proved)
                return true;
        error_set(error, ZW_ERR_INPUT, pass->where, "this <%s> is not %s: there is no <%s> in it", pass->root,
                  pass->format->what, pass->format->proofs[0]);
        return false;
}

bool xfigures_read_bytes(const Source *source, GBytes *bytes, Sink *sink, const XFormat *format,
                         GError **error)
{
        g_autoptr(Xml) xml = xml_new(bytes, source->depth_max, XFIGURES_ELEMENTS_MAX, error);
        g_auto(Pass) pass = pass_init(format, sink);

        if (xml == NULL || !xml_root(xml, error) || !root_check(&pass, xml, error) ||
            !pass_run(&pass, xml, error) || !proof_check(&pass, error))
                return false;
        figures_give(&pass);
        if (format->top > 0) {
                sink_figure_int(sink, "elements", pass.elements);
                frequencies_give(&pass);
        }
        if (format->root_and_space) {
                sink_figure_text(sink, "root", pass.root);
                sink_figure_text(sink, "ns", pass.space[0] == '\0' ? "(none)" : pass.space);
        }
        if (format->refusal != NULL && source->figures_only)
                sink_lost(sink, "", "%s", format->refusal);
        else if (format->refusal != NULL)
                sink_refuse(sink, "", "%s", format->refusal);
        return true;
}

bool xfigures_read(const Source *source, Sink *sink, const XFormat *format, GError **error)
{
        return xfigures_read_bytes(source, source->bytes, sink, format, error);
}
