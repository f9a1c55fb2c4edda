#include "model/catalogue_tables.h"

#include <string.h>

/* The editions whose ids the tables hold: an id of an edition to come may mean something else. */
static const struct {
        const char *name;
        uint16_t editions[4];
} standards[ZW_STANDARD_COUNT] = {
        [STANDARD_3_3] = { "62443-3-3", { 2013 } },
        [STANDARD_4_2] = { "62443-4-2", { 2018, 2019 } },
        [STANDARD_4_1] = { "62443-4-1", { 2018 } },
        [STANDARD_3_2] = { "62443-3-2", { 2020 } },
        [STANDARD_2_4] = { "62443-2-4", { 2015, 2017, 2023, 2024 } },
        [STANDARD_2_1] = { "62443-2-1", { 2009, 2010, 2024 } },
};

enum { REF_MAX = 80, KEY_MAX = 32, NUMBER_MAX = 4, LETTERS_MAX = 5 };

/* A reference is folded to upper case with plain blanks and hyphens, then read from left to right into a key of
 * catalogue_keys: the number of the standard, the letters, the numbers, `+` and the enhancement. search_key of
 * tools/gen-catalogue.py makes the same keys from the ids of the tables. */
typedef struct {
        const char *at;   /* what is left of the folded reference */
        int standard;     /* StandardId, or -1 when the reference names none */
        unsigned edition; /* year, or 0 */
        char key[KEY_MAX];
        size_t n;
} Ref;

/* One character of UTF-8 as ASCII; '?', which no reference holds, for what has no place in one. */
static char fold_char(const char *at, size_t *ret_n)
{
        static const struct {
                const char *bytes;
                char as;
        } wide[] = { { "\u00a0", ' ' }, { "\u202f", ' ' }, { "\u2009", ' ' },
                     { "\u2010", '-' }, { "\u2011", '-' }, { "\u2013", '-' } };

        *ret_n = 1;
        if (g_ascii_isspace(*at))
                return ' ';
        if ((*at & 0x80) == 0)
                return g_ascii_toupper(*at);
        for (size_t i = 0; i < G_N_ELEMENTS(wide); i++)
                if (g_str_has_prefix(at, wide[i].bytes)) {
                        *ret_n = strlen(wide[i].bytes);
                        return wide[i].as;
                }
        return '?';
}

static bool fold(const char *text, char folded[REF_MAX])
{
        size_t n = 0, step;

        for (; *text != '\0'; text += step) {
                if (n + 1 == REF_MAX)
                        return false;
                folded[n++] = fold_char(text, &step);
        }
        folded[n] = '\0';
        return true;
}

static size_t skip_blanks(Ref *ref)
{
        size_t n = strspn(ref->at, " ");

        ref->at += n;
        return n;
}

static bool take(Ref *ref, const char *word)
{
        size_t n = strlen(word);

        if (strncmp(ref->at, word, n) != 0)
                return false;
        ref->at += n;
        return true;
}

/* `IEC`, `ANSI/ISA-`, `EN IEC ` and the like, when 62443 follows. */
static void take_publishers(Ref *ref)
{
        static const char *const names[] = {
                "ANSI", "BS", "CSA", "DIN", "EN", "IEC", "ISA", "NF", "UL", "VDE"
        };
        const char *start = ref->at;
        size_t i = 0;

        while (i < G_N_ELEMENTS(names))
                if (take(ref, names[i])) {
                        ref->at += strspn(ref->at, " /-");
                        i = 0;
                } else {
                        i++;
                }
        if (!g_str_has_prefix(ref->at, "62443"))
                ref->at = start;
}

/* `:2013`. False when the catalogue does not hold that edition; a colon before anything else is left alone. */
static bool take_edition(Ref *ref)
{
        const char *at = ref->at;
        size_t n;

        if (*at != ':')
                return true;
        at += 1 + strspn(at + 1, " ");
        n = strspn(at, "0123456789");
        if (n != 4 || at[n] == '.')
                return true;
        for (size_t i = 0; i < 4; i++)
                ref->edition = ref->edition * 10 + (unsigned)(at[i] - '0');
        ref->at = at + n;
        for (size_t i = 0; i < G_N_ELEMENTS(standards[0].editions); i++)
                if (ref->edition != 0 && standards[ref->standard].editions[i] == ref->edition)
                        return true;
        return false;
}

/* The standard with its edition. True without having read anything when there is none. */
static bool take_standard(Ref *ref)
{
        take_publishers(ref);
        for (int i = 0; i < ZW_STANDARD_COUNT; i++)
                if (take(ref, standards[i].name)) {
                        ref->standard = i;
                        return !g_ascii_isalnum(*ref->at) && take_edition(ref);
                }
        return true;
}

static bool take_separator(Ref *ref)
{
        const char *start = ref->at;

        skip_blanks(ref);
        if (*ref->at != '\0' && strchr(",:;/", *ref->at) != NULL)
                ref->at++;
        skip_blanks(ref);
        return ref->at > start;
}

static bool key_add(Ref *ref, const char *text, size_t n)
{
        if (n >= sizeof ref->key - ref->n)
                return false;
        memcpy(ref->key + ref->n, text, n);
        ref->n += n;
        ref->key[ref->n] = '\0';
        return true;
}

/* A number without leading zeros; only 2-4 writes them. */
static bool take_number(Ref *ref)
{
        size_t n = strspn(ref->at, "0123456789");
        size_t zeros = strspn(ref->at, "0");

        if (n == 0 || n > NUMBER_MAX || zeros == n || (zeros > 0 && ref->standard != STANDARD_2_4))
                return false;
        if (!key_add(ref, ref->at + zeros, n - zeros))
                return false;
        ref->at += n;
        return true;
}

/* The standard that letters alone tell; -1 for those that others use as well. */
static int standard_of_letters(const char *letters, size_t n)
{
        static const struct {
                const char *letters;
                StandardId standard;
        } owners[] = { { "SR", STANDARD_3_3 },  { "CR", STANDARD_4_2 },  { "CCSC", STANDARD_4_2 },
                       { "SAR", STANDARD_4_2 }, { "EDR", STANDARD_4_2 }, { "HDR", STANDARD_4_2 },
                       { "NDR", STANDARD_4_2 }, { "ZCR", STANDARD_3_2 }, { "SP", STANDARD_2_4 } };

        for (size_t i = 0; i < G_N_ELEMENTS(owners); i++)
                if (strlen(owners[i].letters) == n && strncmp(owners[i].letters, letters, n) == 0)
                        return (int)owners[i].standard;
        return -1;
}

/* The letters and what stands between them and the first number. */
static bool take_letters(Ref *ref)
{
        const char *letters = ref->at;
        size_t n = 0;
        bool named = ref->standard >= 0;

        while (g_ascii_isupper(letters[n]))
                n++;
        if (n > LETTERS_MAX)
                return false;
        if (!named)
                ref->standard = standard_of_letters(letters, n);
        if (ref->standard < 0)
                return false;
        ref->at += n;
        if (n == 0) { /* clauses of 2-1:2010, with the year before them unless it stood with the standard */
                if (ref->standard != STANDARD_2_1 || ref->edition == 2024)
                        return false;
                if (take(ref, "2010:"))
                        skip_blanks(ref);
        } else if (ref->standard == STANDARD_2_1 && ref->edition != 0 && ref->edition != 2024) {
                return false;
        } else if (ref->standard == STANDARD_2_4 && *ref->at == '.') {
                ref->at++;
        } else if (ref->standard == STANDARD_2_4 && !named) {
                return false;
        } else if (skip_blanks(ref) == 0 && named && *ref->at == '-') {
                ref->at++;
        }
        ref->key[0] = (char)('0' + ref->standard);
        ref->n = 1;
        return key_add(ref, letters, n);
}

/* `RE(1)`, `RE (1)`, `RE 1`, `RE1`, or `BR` of 2-4, which the key leaves out. */
static bool take_enhancement(Ref *ref)
{
        bool bracket;

        skip_blanks(ref);
        if (ref->standard == STANDARD_2_4 && take(ref, "BR"))
                return true;
        if (!take(ref, "RE"))
                return true;
        skip_blanks(ref);
        bracket = take(ref, "(");
        skip_blanks(ref);
        if (!key_add(ref, "+", 1) || !take_number(ref))
                return false;
        skip_blanks(ref);
        return !bracket || take(ref, ")");
}

static bool take_id(Ref *ref)
{
        if (!take_letters(ref) || !take_number(ref))
                return false;
        while (*ref->at == '.') {
                ref->at++;
                if (!key_add(ref, ".", 1) || !take_number(ref))
                        return false;
        }
        if (!take_enhancement(ref))
                return false;
        skip_blanks(ref);
        return *ref->at == '\0';
}

static RowId key_find(const char *key)
{
        size_t low = 0, high = catalogue_n_rows;

        while (low < high) {
                size_t middle = (low + high) / 2;
                int order = strcmp(catalogue_keys[middle].name, key);

                if (order == 0)
                        return catalogue_keys[middle].row;
                if (order < 0)
                        low = middle + 1;
                else
                        high = middle;
        }
        return ZW_ROW_NONE;
}

bool standard_find(const char *name, StandardId *ret_standard)
{
        char folded[REF_MAX];
        Ref ref = { .at = folded, .standard = -1 };

        if (name == NULL || !fold(name, folded))
                return false;
        skip_blanks(&ref);
        if (!take_standard(&ref) || ref.standard < 0)
                return false;
        skip_blanks(&ref);
        if (*ref.at != '\0')
                return false;
        *ret_standard = (StandardId)ref.standard;
        return true;
}

RowId catalogue_find(const char *text)
{
        char folded[REF_MAX];
        Ref ref = { .at = folded, .standard = -1 };

        if (text == NULL || !fold(text, folded))
                return ZW_ROW_NONE;
        skip_blanks(&ref);
        if (!take_standard(&ref) || (ref.standard >= 0 && !take_separator(&ref)))
                return ZW_ROW_NONE;
        return take_id(&ref) ? key_find(ref.key) : ZW_ROW_NONE;
}

RowId catalogue_find_in(StandardId standard, const char *id)
{
        char folded[REF_MAX];
        Ref ref = { .at = folded, .standard = (int)standard };

        if (id == NULL || !fold(id, folded))
                return ZW_ROW_NONE;
        skip_blanks(&ref);
        return take_id(&ref) ? key_find(ref.key) : ZW_ROW_NONE;
}

char *catalogue_ref(RowId row)
{
        return g_strdup_printf("%s %s", standards[catalogue_rows[row].standard].name, catalogue_rows[row].id);
}

const char *standard_name(StandardId standard)
{
        return standards[standard].name;
}
