/* Cutting by brackets and quotes alone. What lies between two cuts is parsed later with the member's name and brackets put
 * around it, so a text that would end its array or object early can not hide in a part. */
#include "exchange/jparts.h"

#include "base/jcheck.h"
#include "base/jtext.h"

#include <string.h>

enum { PART_BYTES = 64 << 10, PARTS_MAX = 1 << 20 };

typedef struct {
        size_t key, key_end; /* of the member's name, quotes included */
        size_t from, to;
        bool run; /* elements of an array */
        bool begins;
} Part;

struct JParts {
        GBytes *bytes;
        const char *text;
        size_t n, depth_max;
        size_t skipped; /* a byte order mark */
        GArray *parts;
        GString *wrapped;
        JDoc *doc;
};

typedef struct {
        const char *text, *p, *end;
        GArray *parts;
        size_t elements_max;
        bool full; /* an array has more */
} Cut;

static void skip_space(Cut *cut)
{
        while (cut->p < cut->end && (*cut->p == ' ' || *cut->p == '\n' || *cut->p == '\r' || *cut->p == '\t'))
                cut->p++;
}

/* Behind the closing quote of the text that begins here. */
static bool skip_text(Cut *cut)
{
        const char *p = cut->p + 1;

        for (;;) {
                const char *quote = memchr(p, '"', (size_t)(cut->end - p)), *before = quote;

                if (quote == NULL)
                        return false;
                while (before > cut->p + 1 && before[-1] == '\\')
                        before--;
                p = quote + 1;
                if ((quote - before) % 2 == 0)
                        break;
        }
        cut->p = p;
        return true;
}

/* 1 opens, 2 closes, 3 begins a text, 4 is a comma; all else is passed over. */
static const uint8_t signs[256] = { ['{'] = 1, ['['] = 1, ['}'] = 2, [']'] = 2, ['"'] = 3, [','] = 4 };

/* Passes over one value, to the comma or bracket that follows it. */
static bool skip_value(Cut *cut)
{
        const char *p = cut->p, *end = cut->end;
        size_t depth = 0;

        for (;; p++) {
                while (p < end && signs[(uint8_t)*p] == 0)
                        p++;
                cut->p = p;
                if (p == end)
                        return false;
                switch (signs[(uint8_t)*p]) {
                case 1:
                        depth++;
                        break;
                case 2:
                        if (depth == 0)
                                return true;
                        depth--;
                        break;
                case 3:
                        if (!skip_text(cut))
                                return false;
                        p = cut->p - 1;
                        break;
                default:
                        if (depth == 0)
                                return true;
                        break;
                }
        }
}

static bool is_blank(const char *from, const char *to)
{
        while (from < to && (*from == ' ' || *from == '\n' || *from == '\r' || *from == '\t'))
                from++;
        return from == to;
}

/* The elements of an array, behind its bracket, in runs; afterwards behind its closing bracket. */
static bool cut_array(Cut *cut, Part part)
{
        size_t elements = 0;

        part.run = true;
        part.from = (size_t)(cut->p - cut->text);
        for (;;) {
                const char *begin = cut->p;

                cut->full = elements++ == cut->elements_max;
                if (cut->full || !skip_value(cut) || *cut->p == '}')
                        return false;
                part.to = (size_t)(cut->p - cut->text);
                if (*cut->p == ',' && part.to - part.from < PART_BYTES) {
                        cut->p++;
                        continue;
                }
                if (!part.begins && is_blank(begin, cut->p))
                        return false; /* nothing between the last comma and the bracket */
                g_array_append_val(cut->parts, part);
                if (*cut->p++ == ']')
                        return true;
                part.from = (size_t)(cut->p - cut->text);
                part.begins = false;
        }
}

static bool cut_member(Cut *cut)
{
        Part part = { .begins = true };

        if (cut->p >= cut->end || *cut->p != '"')
                return false;
        part.key = (size_t)(cut->p - cut->text);
        if (!skip_text(cut))
                return false;
        part.key_end = (size_t)(cut->p - cut->text);
        skip_space(cut);
        if (cut->p >= cut->end || *cut->p++ != ':')
                return false;
        skip_space(cut);
        if (cut->p < cut->end && *cut->p == '[') {
                cut->p++;
                return cut_array(cut, part);
        }
        part.from = (size_t)(cut->p - cut->text);
        if (!skip_value(cut))
                return false;
        part.to = (size_t)(cut->p - cut->text);
        g_array_append_val(cut->parts, part);
        return true;
}

static bool cut_object(Cut *cut)
{
        skip_space(cut);
        if (cut->p >= cut->end || *cut->p++ != '{')
                return false;
        skip_space(cut);
        if (cut->p < cut->end && *cut->p == '}') {
                cut->p++;
                return is_blank(cut->p, cut->end);
        }
        for (;;) {
                skip_space(cut);
                if (cut->parts->len >= PARTS_MAX || !cut_member(cut))
                        return false;
                skip_space(cut);
                if (cut->p >= cut->end)
                        return false;
                if (*cut->p == '}')
                        return is_blank(cut->p + 1, cut->end);
                if (*cut->p++ != ',')
                        return false;
        }
}

/* Where and why the whole text is not an object of JSON; `else_why`, which may be NULL and is taken, when it is one. */
static void explain(const JParts *parts, GError *else_why, GError **error)
{
        const char *text = parts->text + parts->skipped;
        size_t n = parts->n - parts->skipped, valid = utf8_prefix(text, n);
        g_autoptr(GError) why = else_why;
        g_autofree char *where = NULL;
        JFault fault;

        if (valid < n) {
                where = g_strdup_printf("byte %zu", parts->skipped + valid);
                error_set(error, ZW_ERR_ENCODING, where, "the text is not valid UTF-8");
                return;
        }
        if (!jcheck_text(text, n, parts->depth_max, &fault)) {
                where = g_strdup_printf("byte %zu", parts->skipped + fault.at);
                error_set(error, fault.deep ? ZW_ERR_LIMIT : ZW_ERR_INPUT, where, "%s", fault.message);
                return;
        }
        if (why != NULL)
                g_propagate_error(error, g_steal_pointer(&why));
        else
                error_set(error, ZW_ERR_INPUT, "byte 0", "this is not an object of JSON");
}

static void explain_full(const JParts *parts, const Cut *cut, GError **error)
{
        g_autofree char *where = g_strdup_printf("byte %zu", (size_t)(cut->p - cut->text));

        if (cut->full)
                error_set(error, ZW_ERR_LIMIT, where, "an array has more than %zu elements",
                          cut->elements_max);
        else if (parts->parts->len >= PARTS_MAX)
                error_set(error, ZW_ERR_LIMIT, NULL, "the object has more than %d members", PARTS_MAX);
        else
                explain(parts, NULL, error);
}

JParts *jparts_new(GBytes *bytes, size_t depth_max, size_t elements_max, GError **error)
{
        g_autoptr(JParts) parts = g_new0(JParts, 1);
        Cut cut;

        parts->text = g_bytes_get_data(bytes, &parts->n);
        parts->bytes = g_bytes_ref(bytes);
        parts->depth_max = depth_max;
        parts->parts = g_array_new(FALSE, FALSE, sizeof(Part));
        parts->wrapped = g_string_new(NULL);
        parts->skipped = parts->n >= 3 && memcmp(parts->text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
        cut = (Cut){ .text = parts->text,
                     .p = parts->text + parts->skipped,
                     .end = parts->text + parts->n,
                     .parts = parts->parts,
                     .elements_max = elements_max };
        if (cut_object(&cut))
                return g_steal_pointer(&parts);
        explain_full(parts, &cut, error);
        return NULL;
}

void jparts_free(JParts *parts)
{
        if (parts == NULL)
                return;
        jdoc_free(parts->doc);
        g_array_unref(parts->parts);
        g_string_free(parts->wrapped, TRUE);
        g_bytes_unref(parts->bytes);
        g_free(parts);
}

static const Part *part_at(const JParts *parts, size_t part)
{
        return &g_array_index(parts->parts, Part, part);
}

size_t jparts_count(const JParts *parts)
{
        return parts->parts->len;
}

bool jparts_begins(const JParts *parts, size_t part)
{
        return part_at(parts, part)->begins;
}

bool jparts_whole(const JParts *parts, size_t part)
{
        return part_at(parts, part)->begins &&
               (part + 1 == parts->parts->len || part_at(parts, part + 1)->begins);
}

bool jparts_is(const JParts *parts, size_t part, const char *key)
{
        const Part *at = part_at(parts, part);
        size_t n = strlen(key);

        return at->key_end - at->key == n + 2 && memcmp(parts->text + at->key + 1, key, n) == 0;
}

bool jparts_parse(JParts *parts, size_t part, JVal *ret_object, GError **error)
{
        const Part *at = part_at(parts, part);
        g_autoptr(GBytes) bytes = NULL;
        GError *why = NULL;

        g_clear_pointer(&parts->doc, jdoc_free);
        g_string_assign(parts->wrapped, "{");
        g_string_append_len(parts->wrapped, parts->text + at->key, (gssize)(at->key_end - at->key));
        g_string_append(parts->wrapped, at->run ? ":[" : ":");
        g_string_append_len(parts->wrapped, parts->text + at->from, (gssize)(at->to - at->from));
        g_string_append(parts->wrapped, at->run ? "]}" : "}");
        bytes = g_bytes_new_static(parts->wrapped->str, parts->wrapped->len);
        parts->doc = jdoc_parse(bytes, parts->depth_max, &why);
        if (parts->doc == NULL) {
                error_set_where(why, "byte %zu", at->from);
                explain(parts, why, error);
                return false;
        }
        *ret_object = jdoc_root(parts->doc);
        return true;
}
