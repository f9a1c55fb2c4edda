/* Headers of commits, read back. Nearly all have the one form that the program writes, so that is read straight from the bytes;
 * whatever differs from it in any way is read as JSON, which also says what is wrong with it. Both give the same. */
#include "base/canon.h"
#include "base/error.h"
#include "store/internal.h"
#include <string.h>

enum { COMMITMENT_CHARS = ZW_DIGEST_HEX - 1, INT_DIGITS_MAX = 15 /* below 2^53 */ };

void open_header_clear(OpenHeader *header)
{
        g_clear_pointer(&header->json, json_decref);
        g_clear_pointer(&header->text, g_free);
}

/* ---- As written ---- */

/* A place in a copy of the bytes, in which each text ends where its quote was. NULL: it is of another form. */
typedef struct {
        char *at;
        const char *end;
} Scan;

static bool scan_word(Scan *s, const char *word)
{
        size_t n = strlen(word);

        if ((size_t)(s->end - s->at) < n || memcmp(s->at, word, n) != 0)
                return false;
        s->at += n;
        return true;
}

/* A text without anything that JSON could write in two ways. */
static const char *scan_text(Scan *s)
{
        char *begin = s->at + 1, *at = begin;

        if (!scan_word(s, "\""))
                return NULL;
        while (at < s->end && *at >= ' ' && *at <= '~' && *at != '"' && *at != '\\')
                at++;
        if (at == s->end || *at != '"')
                return NULL;
        *at = '\0';
        s->at = at + 1;
        return begin;
}

static bool scan_int(Scan *s, int64_t *ret_value)
{
        const char *begin = s->at;

        *ret_value = 0;
        for (; s->at < s->end && g_ascii_isdigit(*s->at) && s->at - begin < INT_DIGITS_MAX; s->at++)
                *ret_value = *ret_value * 10 + (*s->at - '0');
        return s->at > begin && (*begin != '0' || s->at - begin == 1);
}

static bool scan_bool(Scan *s, bool *ret_value)
{
        *ret_value = scan_word(s, "true");
        return *ret_value || scan_word(s, "false");
}

/* Texts as long as a commitment, one after another. */
static bool scan_commitments(Scan *s, HeaderList *ret_list)
{
        *ret_list = (HeaderList){ 0 };
        if (scan_word(s, "[]"))
                return true;
        if (!scan_word(s, "["))
                return false;
        ret_list->first = s->at + 1;
        do {
                const char *begin = s->at, *text = scan_text(s);

                if (text == NULL || s->at - begin != COMMITMENT_CHARS + 2)
                        return false;
                ret_list->n++;
        } while (scan_word(s, ","));
        return scan_word(s, "]");
}

/* The members in their order. `open.text` is the copy that is cut up. */
static bool scan_header(OpenHeader *open, size_t n)
{
        Scan s = { open->text, open->text + n };
        int64_t metamodel;

        if (!scan_word(&s, "{\"actor\":") || (open->actor = scan_text(&s)) == NULL ||
            !scan_word(&s, ",\"editorial\":") || !scan_bool(&s, &open->editorial) ||
            !scan_word(&s, ",\"format\":") || !scan_int(&s, &open->format) || !scan_word(&s, ",\"log\":") ||
            (open->log = scan_text(&s)) == NULL || !scan_word(&s, ",\"message\":") ||
            (open->message = scan_text(&s)) == NULL || !scan_word(&s, ",\"metamodel\":") ||
            !scan_int(&s, &metamodel) || !scan_word(&s, ",\"ops\":") || !scan_commitments(&s, &open->ops) ||
            !scan_word(&s, ",\"origin\":") || (open->origin = scan_text(&s)) == NULL ||
            !scan_word(&s, ",\"parents\":") || !scan_commitments(&s, &open->parents))
                return false;
        if (scan_word(&s, ",\"request\":") && (open->request = scan_text(&s)) == NULL)
                return false;
        return scan_word(&s, ",\"seq\":") && scan_int(&s, &open->seq) && scan_word(&s, ",\"time\":") &&
               (open->time = scan_text(&s)) != NULL && scan_word(&s, "}") && s.at == s.end;
}

/* ---- As JSON ---- */

typedef struct {
        OpenHeader open;
        json_t *ops, *parents;
        int64_t metamodel;
} HeaderFields;

static bool is_canonical(const json_t *json, const void *bytes, size_t n)
{
        g_autoptr(GBytes) again = canon_bytes(json, ZW_HEADER_BYTES_MAX, NULL);

        return again != NULL && g_bytes_get_size(again) == n &&
               memcmp(g_bytes_get_data(again, NULL), bytes, n) == 0;
}

static bool read_header(const void *bytes, size_t n, OpenHeader *ret_header, GError **error)
{
        static const JReadField fields[] = {
                { "actor", JREAD_STRING, offsetof(HeaderFields, open.actor), true },
                { "editorial", JREAD_BOOL, offsetof(HeaderFields, open.editorial), true },
                { "format", JREAD_INT, offsetof(HeaderFields, open.format), true },
                { "log", JREAD_STRING, offsetof(HeaderFields, open.log), true },
                { "message", JREAD_STRING, offsetof(HeaderFields, open.message), true },
                { "metamodel", JREAD_INT, offsetof(HeaderFields, metamodel), true },
                { "ops", JREAD_ARRAY, offsetof(HeaderFields, ops), true },
                { "origin", JREAD_STRING, offsetof(HeaderFields, open.origin), true },
                { "parents", JREAD_ARRAY, offsetof(HeaderFields, parents), true },
                { "request", JREAD_STRING, offsetof(HeaderFields, open.request), false },
                { "seq", JREAD_INT, offsetof(HeaderFields, open.seq), true },
                { "time", JREAD_STRING, offsetof(HeaderFields, open.time), true },
                JREAD_END,
        };
        g_autoptr(GError) why = NULL;
        g_autoptr(Json) json = jread_parse(bytes, n, &why);
        HeaderFields header = { 0 };

        if (json == NULL || !jread_object(json, fields, &header, "", &why)) {
                error_set(error, ZW_ERR_DAMAGED, error_where(why), "the header of a commit: %s",
                          why->message);
                return false;
        }
        header.open.canonical = is_canonical(json, bytes, n);
        header.open.ops = (HeaderList){ .json = header.ops, .n = json_array_size(header.ops) };
        header.open.parents = (HeaderList){ .json = header.parents, .n = json_array_size(header.parents) };
        header.open.json = g_steal_pointer(&json);
        *ret_header = header.open;
        return true;
}

/* ---- Both ---- */

const char *header_list_get(const HeaderList *list, size_t i)
{
        if (list->json != NULL)
                return json_string_value(json_array_get(list->json, i));
        return i < list->n ? list->first + i * (COMMITMENT_CHARS + 3) : NULL; /* two quotes and a comma */
}

/* A header is a flat list of commitments. One with more parts than that, from a file, could take many times its size when
 * parsed. */
static bool commas_check(const char *bytes, size_t n, GError **error)
{
        size_t commas = 0;

        for (const char *at = bytes; (at = memchr(at, ',', n - (size_t)(at - bytes))) != NULL; at++)
                commas++;
        if (n <= ZW_HEADER_BYTES_MAX && commas <= ZW_COMMIT_OPS_MAX + 64)
                return true;
        error_set(error, ZW_ERR_DAMAGED, NULL, "the header of a commit is larger than a header can be");
        return false;
}

bool header_open(const void *bytes, size_t n, OpenHeader *ret_header, GError **error)
{
        g_auto(OpenHeader) open = { .canonical = true };
        const char *text = n > 0 ? bytes : ""; /* a damaged store has empty ones, too */

        if (!commas_check(text, n, error))
                return false;
        open.text = g_memdup2(text, MAX(n, 1));
        if (!scan_header(&open, n))
                return read_header(text, n, ret_header, error);
        *ret_header = open;
        open = (OpenHeader){ 0 };
        return true;
}
