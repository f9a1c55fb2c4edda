/* Names of vendors. */
#include "vuln/name.h"

#include "vuln/name_words.h"

#include <string.h>

/* Takes legal forms off the end; one word stays. */
static void legal_forms_drop(char *words)
{
        char *blank = strrchr(words, ' ');

        while (blank != NULL && word_is_legal_form(blank + 1)) {
                *blank = '\0';
                blank = strrchr(words, ' ');
        }
}

void vendor_name_clear(VendorName *name)
{
        g_clear_pointer(&name->words, g_free);
        g_clear_pointer(&name->alias, g_free);
}

/* The text without what stands in parentheses, but for a beginning; the last of that, which may be a short form, in *ret_last. */
static char *remarks_drop(const char *text, char **ret_last)
{
        GString *out = g_string_new(NULL);

        for (const char *p = text; *p != '\0';) {
                const char *close = *p == '(' && p > text ? strchr(p, ')') : NULL;

                if (close == NULL) {
                        g_string_append_c(out, *p++);
                        continue;
                }
                g_free(*ret_last);
                *ret_last = g_strndup(p + 1, (size_t)(close - p - 1));
                g_string_append_c(out, ' ');
                p = close + 1;
        }
        return g_string_free(out, FALSE);
}

VendorName vendor_name_read(const char *text)
{
        g_autofree char *remark = NULL, *rest = remarks_drop(text, &remark);
        VendorName name = { .words = words_fold(rest, strlen(rest), true) };

        legal_forms_drop(name.words);
        if (remark != NULL) {
                name.alias = words_fold(remark, strlen(remark), true);
                legal_forms_drop(name.alias);
        }
        if (name.alias != NULL && name.alias[0] == '\0')
                g_clear_pointer(&name.alias, g_free);
        name.owner = words_owner(name.words);
        return name;
}

/* Equal but for blanks. */
static bool words_equal(const char *a, const char *b)
{
        if (a == NULL || b == NULL || *a == '\0' || *b == '\0')
                return false;
        for (;; a++, b++) {
                while (*a == ' ')
                        a++;
                while (*b == ' ')
                        b++;
                if (*a != *b)
                        return false;
                if (*a == '\0')
                        return true;
        }
}

/* One letter more, less, other or exchanged with its neighbour, in names of six letters or more. */
static bool one_letter_apart(const char *a, const char *b)
{
        size_t n = strlen(a), m = strlen(b), from = 0, end = 0;

        if (n < m)
                return one_letter_apart(b, a);
        if (m < 6 || n - m > 1)
                return false;
        while (from < m && a[from] == b[from])
                from++;
        while (end < m - from && a[n - 1 - end] == b[m - 1 - end])
                end++;
        if (m - from - end == 0 && n - from - end <= 1)
                return true;
        if (n == m && n - from - end == 1)
                return true;
        return n == m && n - from - end == 2 && a[from] == b[from + 1] && a[from + 1] == b[from];
}

/* Names of five letters or more that are equal when doubled letters count once: `Rittal` and `Rital`. */
static bool doubled_apart(const char *a, const char *b)
{
        const char *p = a, *q = b;

        for (;; p++, q++) {
                while (letter_is_doubled(a, p))
                        p++;
                while (letter_is_doubled(b, q))
                        q++;
                if (*p != *q)
                        return false;
                if (*p == '\0')
                        return p - a >= 5;
        }
}

enum { INNER_SIGNS = 4, INITIALS_MAX = 5, INITIALS_WORD = 3 };

/* One name stands within the other, behind a place or a word of the owner: `Wuxi Xinje Electric`. */
static bool words_within(const char *text, const char *words)
{
        const size_t n = strlen(words);

        if (n < INNER_SIGNS)
                return false;
        for (const char *at = strstr(text, words); at != NULL; at = strstr(at + 1, words))
                if (at > text && at[-1] == ' ' && (at[n] == ' ' || at[n] == '\0'))
                        return true;
        return false;
}

/* `ge` of `general electric`; a word of up to three letters is one of initials itself: `lsis` of `ls industrial systems`. */
static bool initials_fit(const char *initials, const char *words)
{
        const size_t n = strlen(initials);
        g_auto(GStrv) list = g_strsplit(words, " ", -1);
        g_autoptr(GString) first = g_string_new(NULL), whole = g_string_new(NULL);

        if (n < ZW_INITIALS_MIN || n > INITIALS_MAX || strchr(initials, ' ') != NULL || list[0] == NULL ||
            list[1] == NULL)
                return false;
        for (size_t i = 0; list[i] != NULL; i++) {
                g_string_append_len(first, list[i], 1);
                g_string_append_len(whole, list[i], strlen(list[i]) <= INITIALS_WORD ? -1 : 1);
        }
        return strcmp(first->str, initials) == 0 || strcmp(whole->str, initials) == 0;
}

static bool otherwise_written(const char *a, const char *b)
{
        return one_letter_apart(a, b) || doubled_apart(a, b) || words_within(a, b) || words_within(b, a) ||
               initials_fit(a, b) || initials_fit(b, a);
}

enum { FIRST_SIGNS = 5 };

/* A first word that many have, such as `general`, says nothing. */
static bool is_telling(const char *word)
{
        static const char *const common[] = { "advanced",  "american", "automation", "control",    "digital",
                                              "electric",  "first",    "general",    "industrial", "national",
                                              "power",     "smart",    "standard",   "systems",    "united",
                                              "universal", NULL };

        return strlen(word) >= FIRST_SIGNS && !g_strv_contains(common, word);
}

static char *telling_word(const char *words)
{
        const size_t n = words == NULL ? 0 : strcspn(words, " ");
        g_autofree char *first = n == 0 || words[n] == '\0' ? NULL : g_strndup(words, n);

        return first != NULL && is_telling(first) ? g_steal_pointer(&first) : NULL;
}

char *vendor_name_first(const VendorName *name)
{
        return telling_word(name->words);
}

/* `horner apg` and `horner automation`. */
static bool same_first_word(const char *a, const char *b)
{
        g_autofree char *left = telling_word(a), *right = telling_word(b);

        return left != NULL && g_strcmp0(left, right) == 0;
}

NameAnswer vendor_name_compare(const VendorName *a, const VendorName *b)
{
        if (words_equal(a->words, b->words) || words_equal(a->words, b->alias) ||
            words_equal(a->alias, b->words) || words_equal(a->alias, b->alias))
                return NAME_SAME;
        if (a->owner != NULL && g_strcmp0(a->owner, b->owner) == 0)
                return NAME_SAME;
        if (a->words[0] == '\0' || b->words[0] == '\0')
                return NAME_OTHER;
        if (otherwise_written(a->words, b->words))
                return NAME_SPELT;
        return words_begin(a->words, b->words) || words_begin(b->words, a->words) ||
                               same_first_word(a->words, b->words)
                       ? NAME_NEAR
                       : NAME_OTHER;
}

bool vendor_name_begins(const VendorName *vendor, const char *text)
{
        g_autofree char *folded = words_fold(text, strlen(text), true);

        return words_begin(folded, vendor->words) ||
               (vendor->alias != NULL && words_begin(folded, vendor->alias));
}
