/* Names of products, and part numbers. */
#include "vuln/name.h"

#include "vuln/name_words.h"

#include <string.h>

/* ---- numbers ---- */

char *number_fold(const char *text)
{
        GString *out = g_string_new(NULL);

        for (; *text != '\0'; text++)
                if (*text != ' ' && *text != '-' && *text != '\t')
                        g_string_append_c(out, g_ascii_toupper(*text));
        return g_string_free(out, FALSE);
}

bool number_is_pattern(const char *pattern)
{
        for (; *pattern != '\0'; pattern++) {
                if (*pattern == '\\' && pattern[1] != '\0')
                        pattern++;
                else if (*pattern == '*' || *pattern == '?')
                        return true;
        }
        return false;
}

/* Greedy, going back to the last `*` only: no more than length times length steps. */
static bool glob(const char *pattern, const char *text)
{
        const char *star = NULL, *retry = NULL;

        while (*text != '\0') {
                bool quoted = *pattern == '\\' && pattern[1] != '\0';

                if (!quoted && *pattern == '*') {
                        star = ++pattern;
                        retry = text;
                } else if ((!quoted && *pattern == '?') || (quoted ? pattern[1] : *pattern) == *text) {
                        pattern += quoted ? 2 : 1;
                        text++;
                } else if (star != NULL) {
                        pattern = star;
                        text = ++retry;
                } else
                        return false;
        }
        while (*pattern == '*')
                pattern++;
        return *pattern == '\0';
}

bool number_fits(const char *pattern, const char *number)
{
        g_autofree char *from = number_fold(pattern), *to = number_fold(number);
        bool literal = false;

        if (strlen(from) > 256 || strlen(to) > 256)
                return false;
        for (const char *p = from; *p != '\0'; p++)
                literal = literal || g_ascii_isalnum(*p) || (unsigned char)*p >= 0x80;
        return literal && to[0] != '\0' && glob(from, to);
}

/* ---- products ---- */

void product_name_clear(ProductName *name)
{
        g_clear_pointer(&name->core, g_free);
        g_clear_pointer(&name->key, g_free);
        g_clear_pointer(&name->series, g_free);
        g_clear_pointer(&name->part, g_free);
}

/* Order numbers have letters and digits, five signs or more, and no blank: `6GK5332-0GA01-2AC2`, `BCAV1F2-C600`. */
static bool is_part_number(const char *text, size_t n)
{
        size_t digits = 0, letters = 0;

        for (size_t i = 0; i < n; i++) {
                digits += g_ascii_isdigit(text[i]) ? 1 : 0;
                letters += g_ascii_isalpha(text[i]) ? 1 : 0;
                if (!g_ascii_isalnum(text[i]) && strchr("-./", text[i]) == NULL)
                        return false;
        }
        return n >= 5 && digits >= 2 && letters >= 1;
}

bool number_is_part(const char *text)
{
        return is_part_number(text, strlen(text));
}

/* `PDU` behind `Power Distribution Unit`: the first letters of the last words, a word for each. */
static bool is_short_form(const char *text, size_t n, const char *before)
{
        g_autofree char *initials = words_fold(text, n, true),
                        *words = words_fold(before, strlen(before), true);
        const char *from = words + strlen(words);

        for (size_t i = strlen(initials); i > 0; i--) {
                while (from > words && from[-1] == ' ')
                        from--;
                if (from == words)
                        return false;
                while (from > words && from[-1] != ' ')
                        from--;
                if (*from != initials[i - 1])
                        return false;
        }
        return strlen(initials) >= ZW_INITIALS_MIN;
}

/* Words that tell variants of one name apart. */
static bool is_variant(const char *word)
{
        static const char *const variants[] = { "edition",  "version", "standard",     "basic",
                                                "advanced", "premium", "professional", "only",
                                                "with",     "without", "variant",      "model",
                                                "hardware", "client",  "server",       "firmware",
                                                NULL };

        return g_strv_contains(variants, word) || strpbrk(word, "0123456789") != NULL;
}

/* What says in other words what stands before: what is included, a short form, or a description of two words or more. */
static bool is_remark(const char *text, size_t n, const char *before)
{
        g_autofree char *folded = words_fold(text, n, true);
        g_auto(GStrv) words = g_strsplit(folded, " ", -1);

        if (g_str_has_prefix(folded, "incl") || is_short_form(text, n, before))
                return true;
        for (size_t i = 0; words[i] != NULL; i++)
                if (is_variant(words[i]))
                        return false;
        return words[0] != NULL && words[1] != NULL;
}

/* The text without what stands in parentheses and is a part number (which is kept) or a remark. */
static char *parentheses_drop(const char *text, char **ret_part)
{
        GString *out = g_string_new(NULL);

        while (*text != '\0') {
                const char *close = *text == '(' ? strchr(text, ')') : NULL;
                size_t n = close == NULL ? 0 : (size_t)(close - text - 1);

                if (close != NULL && is_part_number(text + 1, n)) {
                        if (*ret_part == NULL) {
                                g_autofree char *part = g_strndup(text + 1, n);

                                *ret_part = number_fold(part);
                        }
                        text = close + 1;
                } else if (close != NULL && is_remark(text + 1, n, out->str))
                        text = close + 1;
                else
                        g_string_append_c(out, *text++);
        }
        return g_string_free(out, FALSE);
}

/* A last word that is a version: `v3`, `8.1`, `8.0.x`. Plain numbers are part of names (`Stratix 5700`). */
static bool is_series(const char *word)
{
        bool v = word[0] == 'v' && g_ascii_isdigit(word[1]);
        size_t n;

        if (!v && (!g_ascii_isdigit(word[0]) || strchr(word, '.') == NULL))
                return false;
        word += v ? 1 : 0;
        n = strspn(word, "0123456789.");
        return word[n] == '\0' || strcmp(word + n, "x") == 0;
}

static void last_word_take(char *words, bool (*wanted)(const char *word), char **ret_word)
{
        char *blank = strrchr(words, ' ');

        if (blank == NULL || !wanted(blank + 1))
                return;
        *ret_word = g_strdup(blank + 1);
        *blank = '\0';
}

static bool is_layer(const char *word)
{
        return strcmp(word, "firmware") == 0 || strcmp(word, "hardware") == 0 || strcmp(word, "fw") == 0;
}

static bool is_model(const char *word)
{
        return strcmp(word, "model") == 0;
}

/* What stays where a name was cut before a version: `RTU 6049-E70 with` (firmware 5.0). */
static bool is_joint(const char *word)
{
        static const char *const joints[] = { "with", "running", "and", "version", "versions", NULL };

        return g_strv_contains(joints, word);
}

static NameLayer layer_take(char *words)
{
        g_autofree char *word = NULL;

        last_word_take(words, is_layer, &word);
        if (word == NULL)
                return LAYER_NONE;
        return strcmp(word, "hardware") == 0 ? LAYER_HARDWARE : LAYER_FIRMWARE;
}

static bool is_sort(const char *word)
{
        static const char *const sorts[] = { "series", "software",    "product", "products",
                                             "models", "application", NULL };

        return g_strv_contains(sorts, word);
}

/* Takes off the end what is no part of the name, whatever its order. */
static void tail_take(ProductName *name)
{
        g_autofree char *joint = NULL, *model = NULL, *sort = NULL;

        last_word_take(name->core, is_joint, &joint);
        last_word_take(name->core, is_sort, &sort);
        name->layer = layer_take(name->core);
        last_word_take(name->core, is_series, &name->series);
        if (name->layer == LAYER_NONE)
                name->layer = layer_take(name->core);
        last_word_take(name->core, is_model, &model);
        name->model = model != NULL;
}

/* `LeviStudioU`, `myPRO`: a capital behind a small letter. */
static bool is_coined(const char *text)
{
        for (; *text != '\0' && text[1] != '\0'; text++)
                if (g_ascii_islower(text[0]) && g_ascii_isupper(text[1]))
                        return true;
        return false;
}

/* What a program is for, behind a name that needs no such word. */
static void purposes_drop(char *words)
{
        static const char *const purposes[] = { "hmi", "scada", "dcs", "suite", "system", NULL };
        char *blank = strrchr(words, ' ');

        for (; blank != NULL && g_strv_contains(purposes, blank + 1); blank = strrchr(words, ' '))
                *blank = '\0';
}

static void kinds_drop(char *words)
{
        size_t n = strlen(words);
        char *blank = strrchr(words, ' ');

        while (blank != NULL &&
               word_is_kind(blank + 1)) { /* cut off while looking, and put back where it stays */
                *blank = '\0';
                blank = strrchr(words, ' ');
        }
        if (strpbrk(blank == NULL ? words : blank + 1, "0123456789") == NULL)
                for (size_t i = 0; i < n; i++)
                        if (words[i] == '\0')
                                words[i] = ' ';
}

static bool is_code(const char *word, size_t n)
{
        bool digit = false, letter = false;

        for (size_t i = 0; i < n; i++) {
                digit = digit || g_ascii_isdigit(word[i]);
                letter = letter || g_ascii_isalpha(word[i]);
        }
        return digit && letter;
}

/* Does a word have letters and digits together? */
static bool has_code(const char *words)
{
        for (size_t n; *words != '\0'; words += n + (words[n] == ' ' ? 1 : 0)) {
                n = strcspn(words, " ");
                if (is_code(words, n))
                        return true;
        }
        return false;
}

/* The same words before a name that has its own: `power meter sicam q100`. */
static const char *kinds_skip(const char *words)
{
        for (;;) {
                const size_t n = strcspn(words, " ");
                g_autofree char *word = g_strndup(words, n);

                if (words[n] == '\0' || !word_is_kind(word) || !has_code(words + n + 1))
                        return words;
                words += n + 1;
        }
}

/* How long the word around `p` is. */
static size_t word_length(const char *begin, const char *p)
{
        const char *from = p;

        while (from > begin && from[-1] != ' ')
                from--;
        return strcspn(from, " ");
}

char *product_name_key(const char *vendor, const char *core)
{
        g_autofree char *both = vendor == NULL ? NULL : g_strdup_printf("%s %s", vendor, core);
        const char *words = both == NULL ? core : both;
        GString *key = g_string_sized_new(strlen(words) + 1);

        for (const char *p = words; *p != '\0'; p++) {
                const bool between_digits = p > words && g_ascii_isdigit(p[-1]) && g_ascii_isdigit(p[1]);

                if ((*p != ' ' || between_digits) &&
                    !(letter_is_doubled(words, p) && word_length(words, p) >= 6))
                        g_string_append_c(key, *p);
        }
        if (key->len > 6 && key->str[key->len - 1] == 's')
                g_string_truncate(key, key->len - 1);
        return g_string_free(key, FALSE);
}

/* Shorter names others may well have: `Gate 7`. */
enum { OWN_SIGNS = 6 };

bool product_name_is_own(const ProductName *name)
{
        return strlen(name->key) >= OWN_SIGNS && (name->coined || strpbrk(name->core, " 0123456789") != NULL);
}

bool product_name_is_distinct(const ProductName *name)
{
        g_auto(GStrv) words = g_strsplit(name->core, " ", -1);

        for (size_t i = 0; words[i] != NULL; i++)
                if (strlen(words[i]) >= 5 && strpbrk(words[i], "0123456789") != NULL &&
                    strpbrk(words[i], "abcdefghijklmnopqrstuvwxyz") != NULL)
                        return true;
        return false;
}

enum { LISTED_SIGNS = 3, LISTED_DIGITS = 2, LISTED_MAX = 16 };

static bool is_listed(const char *part)
{
        size_t digits = 0, n = 0;

        for (; g_ascii_isalnum(part[n]); n++)
                digits += g_ascii_isdigit(part[n]) ? 1 : 0;
        return part[n] == '\0' && n >= LISTED_SIGNS && digits >= LISTED_DIGITS;
}

char **product_name_list(const char *text)
{
        const char *begin = strchr(text, '/'), *end;
        g_autofree char *word = NULL;
        g_auto(GStrv) parts = NULL;

        if (begin == NULL)
                return NULL;
        while (begin > text && begin[-1] != ' ')
                begin--;
        end = begin + strcspn(begin, " ");
        word = g_strndup(begin, (size_t)(end - begin));
        parts = g_strsplit(word, "/", LISTED_MAX);
        for (size_t i = 0; parts[i] != NULL; i++)
                if (!is_listed(parts[i]))
                        return NULL;
        for (size_t i = 0; parts[i] != NULL; i++) {
                char *name = g_strdup_printf("%.*s%s%s", (int)(begin - text), text, parts[i], end);

                g_free(parts[i]);
                parts[i] = name;
        }
        return g_steal_pointer(&parts);
}

/* The name behind the vendor, or behind a brand of his. */
static const char *vendor_skip(const char *words, const VendorName *vendor)
{
        g_autofree char *first = vendor_name_first(vendor);
        const char *const names[] = { vendor->words, vendor->alias, first };
        const char *behind;

        for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
                if (names[i] != NULL && words_begin(words, names[i]) && words[strlen(names[i])] == ' ')
                        return words + strlen(names[i]) + 1;
        behind = vendor->owner == NULL ? NULL : words_behind_brand(words, vendor->owner);
        return behind == NULL ? words : behind;
}

ProductName product_name_read(const char *text, const VendorName *vendor)
{
        ProductName name = { 0 };
        g_autofree char *plain = parentheses_drop(text, &name.part),
                        *words = words_fold(plain, strlen(plain), false);

        name.core = g_strdup(vendor == NULL || vendor->words == NULL ? words : vendor_skip(words, vendor));
        tail_take(&name);
        name.coined = is_coined(plain);
        if (name.coined)
                purposes_drop(name.core);
        kinds_drop(name.core);
        memmove(name.core, kinds_skip(name.core), strlen(kinds_skip(name.core)) + 1);
        name.key = product_name_key(NULL, name.core);
        return name;
}
