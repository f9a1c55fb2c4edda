/* A range becomes a list of bounds in the order of their versions, which is read as the vers specification does: bounds
 * beside each other that look at each other enclose a stretch, an outer one is open to its side. Free text is turned into the
 * same list by a table of phrases. Answers have three values, so that one bound that cannot be decided does not decide. */
#include "vuln/range.h"

#include "vuln/version.h"

#include <string.h>

typedef enum {
        BOUND_NONE,
        BOUND_EQ,
        BOUND_NE,
        BOUND_LT,
        BOUND_LE,
        BOUND_UPTO, /* "up to 5": whether 5 itself is meant is not said */
        BOUND_GT,
        BOUND_GE,
} BoundOp;

typedef struct {
        BoundOp op;
        char *version;
        char *other; /* the second reading of `7.03 /7.04`, or NULL */
} Bound;

typedef enum { RANGE_BOUNDS, RANGE_ALL, RANGE_NOTHING, RANGE_UNREAD } RangeKind;

struct Range {
        RangeKind kind;
        GArray *bounds; /* of Bound */
};

enum { RANGE_BYTES_MAX = 4096, VERSION_WORDS_MAX = 8 };

static void bound_clear(gpointer data)
{
        Bound *bound = data;

        g_free(bound->version);
        g_free(bound->other);
}

static Range *range_new(void)
{
        Range *range = g_new0(Range, 1);

        range->bounds = g_array_new(FALSE, FALSE, sizeof(Bound));
        g_array_set_clear_func(range->bounds, bound_clear);
        return range;
}

void range_free(Range *range)
{
        if (range == NULL)
                return;
        g_array_unref(range->bounds);
        g_free(range);
}

/* ---- the list of bounds ---- */

/* Keeps the versions in order; where that cannot be told, the order in which they were given. */
static void bound_add(Range *range, BoundOp op, const char *version)
{
        Bound bound = { .op = op };
        const char *slash = strchr(version, '/');
        guint at = range->bounds->len;

        if (slash != NULL && strchr(slash + 1, '/') == NULL && version_has_number(slash + 1)) {
                bound.version = g_strstrip(g_strndup(version, (size_t)(slash - version)));
                bound.other = g_strstrip(g_strdup(slash + 1));
        } else
                bound.version = g_strdup(version);
        if (bound.version[0] == '\0' ||
            (!version_has_number(bound.version) && strpbrk(bound.version, "xX*") == NULL))
                range->kind = RANGE_UNREAD;
        while (at > 0 && version_compare(bound.version,
                                         g_array_index(range->bounds, Bound, at - 1).version) == VERSION_LESS)
                at--;
        g_array_insert_val(range->bounds, at, bound);
}

/* ---- vers ---- */

static BoundOp comparator(const char **text)
{
        static const struct {
                const char *sign;
                BoundOp op;
        } signs[] = { { "<=", BOUND_LE }, { ">=", BOUND_GE }, { "!=", BOUND_NE }, { "==", BOUND_EQ },
                      { "<", BOUND_LT },  { ">", BOUND_GT },  { "=", BOUND_EQ } };

        for (size_t i = 0; i < G_N_ELEMENTS(signs); i++)
                if (g_str_has_prefix(*text, signs[i].sign)) {
                        *text += strlen(signs[i].sign);
                        return signs[i].op;
                }
        return BOUND_EQ;
}

static void vers_read(Range *range, const char *text)
{
        const char *slash = strchr(text, '/');
        g_auto(GStrv) parts = g_strsplit(slash == NULL ? "" : slash + 1, "|", -1);

        if (slash != NULL && strcmp(slash + 1, "*") == 0) {
                range->kind = g_str_has_prefix(text, "vers:none/") ? RANGE_NOTHING : RANGE_ALL;
                return;
        }
        for (size_t i = 0; parts[i] != NULL; i++) {
                const char *part = g_strstrip(parts[i]);
                BoundOp op = comparator(&part);
                g_autofree char *version = g_uri_unescape_string(part, NULL);

                if (part == parts[i] && part[0] == '\0')
                        continue; /* nothing between two bars */
                if (version == NULL)
                        range->kind = RANGE_UNREAD;
                else
                        bound_add(range, op, g_strstrip(version));
        }
        if (range->bounds->len == 0)
                range->kind = RANGE_UNREAD;
}

/* ---- free text ---- */

typedef enum {
        PHRASE_OP,     /* stands before a version */
        PHRASE_SUFFIX, /* stands behind one */
        PHRASE_JOIN,   /* stands between two: from the first to the second */
        PHRASE_BREAK,  /* ends one statement */
        PHRASE_ALL,
        PHRASE_NOISE,
} PhraseType;

/* Longer phrases before shorter ones with the same beginning. */
static const struct {
        const char *phrase;
        PhraseType type;
        BoundOp op;
} phrases[] = {
        { "<=", PHRASE_OP, BOUND_LE },
        { "=<", PHRASE_OP, BOUND_LE },
        { ">=", PHRASE_OP, BOUND_GE },
        { "=>", PHRASE_OP, BOUND_GE },
        { "<", PHRASE_OP, BOUND_LT },
        { ">", PHRASE_OP, BOUND_GT },
        { "!=", PHRASE_OP, BOUND_NE },
        { "==", PHRASE_OP, BOUND_EQ },
        { "=", PHRASE_OP, BOUND_EQ },
        { "up to and including", PHRASE_OP, BOUND_LE },
        { "up to", PHRASE_OP, BOUND_UPTO },
        { "until", PHRASE_OP, BOUND_UPTO },
        { "prior to", PHRASE_OP, BOUND_LT },
        { "earlier than", PHRASE_OP, BOUND_LT },
        { "lower than", PHRASE_OP, BOUND_LT },
        { "less than", PHRASE_OP, BOUND_LT },
        { "older than", PHRASE_OP, BOUND_LT },
        { "before", PHRASE_OP, BOUND_LT },
        { "below", PHRASE_OP, BOUND_LT },
        { "later than", PHRASE_OP, BOUND_GT },
        { "newer than", PHRASE_OP, BOUND_GT },
        { "greater than", PHRASE_OP, BOUND_GT },
        { "higher than", PHRASE_OP, BOUND_GT },
        { "above", PHRASE_OP, BOUND_GT },
        { "after", PHRASE_OP, BOUND_GT },
        { "starting with", PHRASE_OP, BOUND_GE },
        { "starting from", PHRASE_OP, BOUND_GE },
        { "beginning with", PHRASE_OP, BOUND_GE },
        { "between", PHRASE_OP, BOUND_GE },
        { "from", PHRASE_OP, BOUND_GE },
        { "since", PHRASE_OP, BOUND_GE },
        { "and all prior", PHRASE_SUFFIX, BOUND_LE },
        { "and all earlier", PHRASE_SUFFIX, BOUND_LE },
        { "and prior", PHRASE_SUFFIX, BOUND_LE },
        { "and earlier", PHRASE_SUFFIX, BOUND_LE },
        { "and below", PHRASE_SUFFIX, BOUND_LE },
        { "and lower", PHRASE_SUFFIX, BOUND_LE },
        { "and older", PHRASE_SUFFIX, BOUND_LE },
        { "and previous", PHRASE_SUFFIX, BOUND_LE },
        { "or prior", PHRASE_SUFFIX, BOUND_LE },
        { "or earlier", PHRASE_SUFFIX, BOUND_LE },
        { "or below", PHRASE_SUFFIX, BOUND_LE },
        { "or lower", PHRASE_SUFFIX, BOUND_LE },
        { "or older", PHRASE_SUFFIX, BOUND_LE },
        { "and later", PHRASE_SUFFIX, BOUND_GE },
        { "and newer", PHRASE_SUFFIX, BOUND_GE },
        { "and above", PHRASE_SUFFIX, BOUND_GE },
        { "and higher", PHRASE_SUFFIX, BOUND_GE },
        { "or later", PHRASE_SUFFIX, BOUND_GE },
        { "or newer", PHRASE_SUFFIX, BOUND_GE },
        { "or above", PHRASE_SUFFIX, BOUND_GE },
        { "or higher", PHRASE_SUFFIX, BOUND_GE },
        { "through", PHRASE_JOIN, BOUND_LE },
        { "thru", PHRASE_JOIN, BOUND_LE },
        { "to", PHRASE_JOIN, BOUND_LE },
        { "-", PHRASE_JOIN, BOUND_LE },
        { "and", PHRASE_BREAK, BOUND_NONE },
        { "or", PHRASE_BREAK, BOUND_NONE },
        { "|", PHRASE_BREAK, BOUND_NONE },
        { ",", PHRASE_BREAK, BOUND_NONE },
        { ";", PHRASE_BREAK, BOUND_NONE },
        { "all", PHRASE_ALL, BOUND_NONE },
        { "any", PHRASE_ALL, BOUND_NONE },
        { "*", PHRASE_ALL, BOUND_NONE },
        { "versions", PHRASE_NOISE, BOUND_NONE },
        { "version", PHRASE_NOISE, BOUND_NONE },
        { "ver.", PHRASE_NOISE, BOUND_NONE },
        { "v", PHRASE_NOISE, BOUND_NONE },
        { "releases", PHRASE_NOISE, BOUND_NONE },
        { "release", PHRASE_NOISE, BOUND_NONE },
        { "revisions", PHRASE_NOISE, BOUND_NONE },
        { "firmware", PHRASE_NOISE, BOUND_NONE },
        { "software", PHRASE_NOISE, BOUND_NONE },
};

/* Words, and each sign of comparison or separation as one. Lower case; free the array. */
static char **words_new(const char *text)
{
        g_autoptr(GString) spaced = g_string_new(NULL);
        g_autofree char *lower = g_ascii_strdown(text, -1);

        for (const char *p = lower; *p != '\0';) {
                size_t n = strspn(p, "<>=!");

                if (*p == '_') { /* a blank that somebody wrote so: `<=9.90_SP10`, `>FW16_up_to_FW26` */
                        g_string_append_c(spaced, ' ');
                        p++;
                        continue;
                }
                if (n == 0 && strchr("|,;", *p) != NULL)
                        n = 1;
                if (n > 0) {
                        g_string_append_printf(spaced, " %.*s ", (int)n, p);
                        p += n;
                } else if (g_str_has_prefix(p, "\xe2\x89\xa4") || g_str_has_prefix(p, "\xe2\x89\xa5")) {
                        g_string_append(spaced, p[2] == '\xa4' ? " <= " : " >= ");
                        p += 3;
                } else
                        g_string_append_c(spaced, *p++);
        }
        return g_strsplit_set(spaced->str, " \t\r\n", -1);
}

typedef struct {
        Range *range;
        char **words;
        BoundOp op; /* of the version that comes */
        bool between, all;
        GString *version;
        size_t n_words;
} Text;

static void version_end(Text *text, BoundOp otherwise)
{
        BoundOp op = text->op != BOUND_NONE ? text->op : otherwise;
        bool open = text->version->len > 1 && text->version->str[text->version->len - 1] == '+';

        if (text->version->len == 0 && text->op == BOUND_NONE)
                return;
        if (text->version->len == 0 || text->n_words > VERSION_WORDS_MAX)
                text->range->kind = RANGE_UNREAD;
        else {
                if (open)
                        g_string_truncate(text->version, text->version->len - 1);
                bound_add(text->range, open && text->op == BOUND_NONE ? BOUND_GE : op, text->version->str);
        }
        g_string_truncate(text->version, 0);
        text->n_words = 0;
        text->op = BOUND_NONE;
}

/* The row of the table whose words stand at `at`, and how many they are; -1 for none. */
static int phrase_at(char **words, size_t *ret_n)
{
        for (size_t i = 0; i < G_N_ELEMENTS(phrases); i++) {
                g_auto(GStrv) parts = NULL;
                size_t n = 0;

                if (words[0][0] != phrases[i].phrase[0])
                        continue;
                parts = g_strsplit(phrases[i].phrase, " ", -1);
                while (parts[n] != NULL && words[n] != NULL && strcmp(parts[n], words[n]) == 0)
                        n++;
                if (parts[n] == NULL) {
                        *ret_n = n;
                        return (int)i;
                }
        }
        return -1;
}

static void phrase_take(Text *text, int row)
{
        BoundOp op = phrases[row].op;

        switch (phrases[row].type) {
        case PHRASE_OP:
                version_end(text, BOUND_EQ);
                text->op = op;
                text->between = strcmp(phrases[row].phrase, "between") == 0;
                break;
        case PHRASE_SUFFIX:
                version_end(text, op);
                break;
        case PHRASE_JOIN:
                version_end(text, BOUND_GE);
                text->op = op;
                break;
        case PHRASE_BREAK:
                version_end(text, BOUND_EQ);
                if (text->between && strcmp(phrases[row].phrase, "and") == 0)
                        text->op = BOUND_LE;
                text->between = false;
                break;
        case PHRASE_ALL:
                text->all = true;
                break;
        case PHRASE_NOISE:
                break;
        }
}

static void text_read(Range *range, const char *words)
{
        g_auto(GStrv) split = words_new(words);
        g_autoptr(GPtrArray) kept = g_ptr_array_new();
        g_autoptr(GString) version = g_string_new(NULL);
        Text text = { .range = range, .version = version };

        for (size_t i = 0; split[i] != NULL; i++)
                if (split[i][0] != '\0')
                        g_ptr_array_add(kept, split[i]);
        g_ptr_array_add(kept, NULL);
        for (char **at = (char **)kept->pdata; *at != NULL;) {
                size_t n = 1;
                int row = phrase_at(at, &n);

                if (row >= 0)
                        phrase_take(&text, row);
                else {
                        g_string_append_printf(version, "%s%s", version->len > 0 ? " " : "", *at);
                        text.n_words++;
                }
                at += n;
        }
        version_end(&text, BOUND_EQ);
        if (range->kind == RANGE_BOUNDS && range->bounds->len == 0)
                range->kind = text.all ? RANGE_ALL : RANGE_UNREAD;
}

bool range_named(const char *text, char **ret_name, char **ret_range)
{
        g_autofree char *plain = g_strstrip(g_strdup(text));
        const size_t signs = strspn(plain, "<>=");
        const char *last = strrchr(plain, ' '), *name = plain + signs;

        if (signs == 0 || last == NULL || last < name || strpbrk(plain, "|,") != NULL)
                return false;
        if (!g_ascii_isdigit(last[1]) && !(g_ascii_tolower(last[1]) == 'v' && g_ascii_isdigit(last[2])))
                return false;
        while (*name == ' ')
                name++;
        if (name >= last || strpbrk(name, "0123456789") < last)
                return false;
        *ret_name = g_strndup(name, (size_t)(last - name));
        *ret_range = g_strdup_printf("%.*s%s", (int)signs, plain, last + 1);
        return true;
}

Range *range_parse(const char *text)
{
        Range *range = range_new();

        if (strlen(text) > RANGE_BYTES_MAX)
                range->kind = RANGE_UNREAD;
        else if (g_str_has_prefix(text, "vers:"))
                vers_read(range, text);
        else
                text_read(range, text);
        return range;
}

Range *range_between(const char *least, bool least_inside, const char *most, bool most_inside)
{
        Range *range = range_new();

        if (least != NULL)
                bound_add(range, least_inside ? BOUND_GE : BOUND_GT, least);
        if (most != NULL)
                bound_add(range, most_inside ? BOUND_LE : BOUND_LT, most);
        if (least == NULL && most == NULL)
                range->kind = RANGE_ALL;
        return range;
}

/* ---- answers ---- */

typedef enum { NO, MAYBE, YES } Tri;

static Tri reading_holds(BoundOp op, const char *version, const char *bound)
{
        VersionOrder order = version_compare(version, bound);

        if (order == VERSION_UNDECIDED)
                return MAYBE;
        switch (op) {
        case BOUND_EQ:
                return order == VERSION_EQUAL ? YES : NO;
        case BOUND_NE:
                return order == VERSION_EQUAL ? NO : YES;
        case BOUND_LT:
                return order == VERSION_LESS ? YES : NO;
        case BOUND_LE:
                return order == VERSION_GREATER ? NO : YES;
        case BOUND_UPTO:
                return order == VERSION_LESS ? YES : order == VERSION_EQUAL ? MAYBE : NO;
        case BOUND_GT:
                return order == VERSION_GREATER ? YES : NO;
        case BOUND_GE:
                return order == VERSION_LESS ? NO : YES;
        case BOUND_NONE:
                break;
        }
        return MAYBE;
}

static Tri bound_holds(const Bound *bound, const char *version)
{
        Tri first = reading_holds(bound->op, version, bound->version);

        if (bound->other != NULL && reading_holds(bound->op, version, bound->other) != first)
                return MAYBE;
        return first;
}

static bool is_upper(BoundOp op)
{
        return op == BOUND_LT || op == BOUND_LE || op == BOUND_UPTO;
}

static bool is_lower(BoundOp op)
{
        return op == BOUND_GT || op == BOUND_GE;
}

/* Stretches: a lower bound with the upper one behind it, and bounds without a partner. */
static Tri stretches_hold(const Range *range, const char *version, bool *ret_any)
{
        const Bound *open = NULL; /* a lower bound that waits for its upper one */
        Tri holds = NO;

        for (guint i = 0; i < range->bounds->len; i++) {
                const Bound *bound = &g_array_index(range->bounds, Bound, i);

                if (!is_lower(bound->op) && !is_upper(bound->op))
                        continue;
                *ret_any = true;
                if (is_lower(bound->op)) {
                        if (open != NULL)
                                holds = MAX(holds, bound_holds(open, version));
                        open = bound;
                        continue;
                }
                holds = MAX(holds, open == NULL
                                           ? bound_holds(bound, version)
                                           : MIN(bound_holds(open, version), bound_holds(bound, version)));
                open = NULL;
        }
        return open == NULL ? holds : MAX(holds, bound_holds(open, version));
}

RangeAnswer range_contains(const Range *range, const char *version)
{
        static const RangeAnswer answers[] = { RANGE_OUTSIDE, RANGE_UNDECIDED, RANGE_INSIDE };
        bool any = false;
        Tri holds, but = YES;

        if (range->kind != RANGE_BOUNDS)
                return range->kind == RANGE_ALL       ? RANGE_INSIDE
                       : range->kind == RANGE_NOTHING ? RANGE_OUTSIDE
                                                      : RANGE_UNDECIDED;
        holds = stretches_hold(range, version, &any);
        for (guint i = 0; i < range->bounds->len; i++) {
                const Bound *bound = &g_array_index(range->bounds, Bound, i);

                if (bound->op == BOUND_EQ) {
                        holds = MAX(holds, bound_holds(bound, version));
                        any = true;
                } else if (bound->op == BOUND_NE)
                        but = MIN(but, bound_holds(bound, version));
        }
        return answers[MIN(any ? holds : YES, but)];
}

bool range_is_all(const Range *range)
{
        return range->kind == RANGE_ALL;
}

bool range_is_list(const Range *range)
{
        for (guint i = 0; i < range->bounds->len; i++)
                if (g_array_index(range->bounds, Bound, i).op != BOUND_EQ)
                        return false;
        return range->kind == RANGE_BOUNDS;
}

bool range_is_unread(const Range *range)
{
        return range->kind == RANGE_UNREAD;
}
