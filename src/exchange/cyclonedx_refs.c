/* Names by number, in one text and one open table, and needs as pairs of numbers: 300,000 components with a million
 * needs take some tens of megabytes. Chains that come back are found by a depth-first walk with a stack of its own. */
#include "base/hash.h"
#include "exchange/cyclonedx.h"

#include <string.h>

enum { TABLE_FIRST = 256, LISTED_MAX = 20, CHAIN_SHOWN = 6 };

typedef struct {
        size_t at; /* of the name in `names`, which ends it with NUL */
        uint64_t hash;
        bool defined;
} Ref;

typedef struct {
        uint32_t from, to;
} Need;

struct CdxRefs {
        GString *names;
        GArray *refs;    /* Ref */
        GArray *needs;   /* Need */
        uint32_t *table; /* 1 + number of a ref, 0 for none */
        size_t mask;
};

CdxRefs *cdx_refs_new(void)
{
        CdxRefs *refs = g_new0(CdxRefs, 1);

        refs->names = g_string_new(NULL);
        refs->refs = g_array_new(FALSE, FALSE, sizeof(Ref));
        refs->needs = g_array_new(FALSE, FALSE, sizeof(Need));
        refs->table = g_new0(uint32_t, TABLE_FIRST);
        refs->mask = TABLE_FIRST - 1;
        return refs;
}

void cdx_refs_free(CdxRefs *refs)
{
        if (refs == NULL)
                return;
        g_string_free(refs->names, TRUE);
        g_array_unref(refs->refs);
        g_array_unref(refs->needs);
        g_free(refs->table);
        g_free(refs);
}

static Ref *ref_at(const CdxRefs *refs, uint32_t number)
{
        return &g_array_index(refs->refs, Ref, number);
}

static const char *name_of(const CdxRefs *refs, uint32_t number)
{
        return refs->names->str + ref_at(refs, number)->at;
}

static void table_grow(CdxRefs *refs)
{
        size_t size = (refs->mask + 1) * 2;

        g_free(refs->table);
        refs->table = g_new0(uint32_t, size);
        refs->mask = size - 1;
        for (uint32_t i = 0; i < refs->refs->len; i++) {
                size_t slot = ref_at(refs, i)->hash & refs->mask;

                while (refs->table[slot] != 0)
                        slot = (slot + 1) & refs->mask;
                refs->table[slot] = i + 1;
        }
}

uint32_t cdx_refs_number(CdxRefs *refs, const char *name, size_t n)
{
        uint64_t hash = hash_keyed(name, n);
        size_t slot = hash & refs->mask;
        Ref fresh = { .at = refs->names->len, .hash = hash };

        for (; refs->table[slot] != 0; slot = (slot + 1) & refs->mask) {
                const Ref *ref = ref_at(refs, refs->table[slot] - 1);
                const char *known = refs->names->str + ref->at;

                if (ref->hash == hash && strncmp(known, name, n) == 0 && known[n] == '\0')
                        return refs->table[slot] - 1;
        }
        g_string_append_len(refs->names, name, (gssize)n);
        g_string_append_c(refs->names, '\0');
        g_array_append_val(refs->refs, fresh);
        refs->table[slot] = refs->refs->len;
        if (refs->refs->len > refs->mask / 2)
                table_grow(refs);
        return refs->refs->len - 1;
}

bool cdx_refs_define(CdxRefs *refs, uint32_t ref)
{
        bool fresh = !ref_at(refs, ref)->defined;

        ref_at(refs, ref)->defined = true;
        return fresh;
}

void cdx_refs_need(CdxRefs *refs, uint32_t from, uint32_t to)
{
        Need need = { from, to };

        g_array_append_val(refs->needs, need);
}

size_t cdx_refs_needs(const CdxRefs *refs)
{
        return refs->needs->len;
}

void cdx_refs_from(CdxRefs *refs, size_t first, uint32_t from)
{
        for (size_t i = first; i < refs->needs->len; i++)
                if (g_array_index(refs->needs, Need, i).from == CDX_REF_NONE)
                        g_array_index(refs->needs, Need, i).from = from;
}

/* ---- what is wrong with them ---- */

/* Reports, until enough are listed, and then only counts. */
static void list(Sink *sink, size_t *n, const char *text)
{
        if (++*n <= LISTED_MAX)
                sink_problem(sink, "dependencies", "%s", text);
}

static void list_rest(Sink *sink, size_t n, const char *what)
{
        if (n > LISTED_MAX)
                sink_problem(sink, "dependencies", "and %zu more %s", n - LISTED_MAX, what);
}

static void report_dangling(CdxRefs *refs, Sink *sink)
{
        size_t n = 0;

        for (guint i = 0; i < refs->needs->len; i++) {
                const Need *need = &g_array_index(refs->needs, Need, i);
                g_autofree char *from = NULL, *to = NULL, *text = NULL;

                if (ref_at(refs, need->to)->defined)
                        continue;
                if (n >= LISTED_MAX) {
                        n++;
                        continue;
                }
                to = cdx_shown(name_of(refs, need->to), strlen(name_of(refs, need->to)));
                if (need->from != CDX_REF_NONE)
                        from = cdx_shown(name_of(refs, need->from), strlen(name_of(refs, need->from)));
                text = from == NULL
                               ? g_strdup_printf("\"%s\" is nowhere in the file", to)
                               : g_strdup_printf("\"%s\" depends on \"%s\", which is nowhere in the file",
                                                 from, to);
                list(sink, &n, text);
        }
        list_rest(sink, n, "references to what is nowhere in the file");
}

/* Needs by where they begin: those of `i` are to[first[i]] up to to[first[i + 1]]. */
typedef struct {
        uint32_t *first, *to, *next, *stack;
        uint8_t *seen; /* 0 not yet, 1 on the stack, 2 done */
        size_t depth;
} Walk;

static Walk walk_new(const CdxRefs *refs)
{
        size_t n = refs->refs->len;
        Walk walk = { .first = g_new0(uint32_t, n + 1),
                      .to = g_new0(uint32_t, refs->needs->len + 1),
                      .next = g_new0(uint32_t, n + 1),
                      .stack = g_new0(uint32_t, n + 1),
                      .seen = g_new0(uint8_t, n + 1) };

        for (guint i = 0; i < refs->needs->len; i++)
                if (g_array_index(refs->needs, Need, i).from != CDX_REF_NONE)
                        walk.first[g_array_index(refs->needs, Need, i).from + 1]++;
        for (size_t i = 0; i < n; i++) {
                walk.first[i + 1] += walk.first[i];
                walk.next[i] = walk.first[i];
        }
        for (guint i = 0; i < refs->needs->len; i++) {
                const Need *need = &g_array_index(refs->needs, Need, i);

                if (need->from != CDX_REF_NONE)
                        walk.to[walk.next[need->from]++] = need->to;
        }
        memcpy(walk.next, walk.first, n * sizeof(*walk.next));
        return walk;
}

static void walk_clear(Walk *walk)
{
        g_free(walk->first);
        g_free(walk->to);
        g_free(walk->next);
        g_free(walk->stack);
        g_free(walk->seen);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Walk, walk_clear)

/* The stack from `back` to its top, and `back` again. */
static void report_chain(const CdxRefs *refs, const Walk *walk, uint32_t back, Sink *sink, size_t *n)
{
        g_autoptr(GString) text = g_string_new(NULL);
        size_t from = walk->depth, shown = 0;

        if (*n >= LISTED_MAX) {
                ++*n;
                return;
        }
        while (walk->stack[from - 1] != back)
                from--;
        for (size_t i = from - 1; i < walk->depth && shown < CHAIN_SHOWN; i++, shown++) {
                g_autofree char *name = cdx_shown(name_of(refs, walk->stack[i]),
                                                  strlen(name_of(refs, walk->stack[i])));

                g_string_append_printf(text, "\"%s\" → ", name);
        }
        if (walk->depth - (from - 1) > shown)
                g_string_append(text, "… → ");
        g_string_append_printf(text, "\"%s\": a chain of dependencies comes back to where it began",
                               name_of(refs, back));
        list(sink, n, text->str);
}

static void report_loops(CdxRefs *refs, Sink *sink)
{
        g_auto(Walk) walk = walk_new(refs);
        size_t n = 0;

        for (uint32_t start = 0; start < refs->refs->len; start++) {
                if (walk.seen[start] != 0)
                        continue;
                walk.stack[walk.depth++] = start;
                walk.seen[start] = 1;
                while (walk.depth > 0) {
                        uint32_t here = walk.stack[walk.depth - 1], there;

                        if (walk.next[here] == walk.first[here + 1]) {
                                walk.seen[here] = 2;
                                walk.depth--;
                                continue;
                        }
                        there = walk.to[walk.next[here]++];
                        if (walk.seen[there] == 1)
                                report_chain(refs, &walk, there, sink, &n);
                        if (walk.seen[there] != 0)
                                continue;
                        walk.stack[walk.depth++] = there;
                        walk.seen[there] = 1;
                }
        }
        list_rest(sink, n, "chains that come back");
}

void cdx_refs_report(CdxRefs *refs, Sink *sink)
{
        report_dangling(refs, sink);
        report_loops(refs, sink);
}
