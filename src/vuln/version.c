/* A version is cut into numbers and words. They are compared from the left; numbers by value, words by what they are known
 * to mean (before or behind the release they are added to), and everything else is undecided. */
#include "vuln/version.h"

#include <string.h>

enum { TOKENS_MAX = 48 };

typedef enum {
        TOKEN_END,
        TOKEN_NUMBER,
        TOKEN_DIGITS, /* a number whose last digit is open: `1x` */
        TOKEN_WORD,
        TOKEN_WILD, /* `x` or `*` in place of a number: whatever follows */
} TokenType;

typedef struct {
        TokenType type;
        const char *p;
        size_t n;
        bool joined; /* no separator before it */
} Token;

typedef struct {
        Token token[TOKENS_MAX + 1]; /* ended by TOKEN_END */
        bool cut;                    /* there were more */
} Tokens;

/* ---- words ---- */

typedef enum {
        WORD_UNKNOWN,
        WORD_BEFORE, /* leads to the release */
        WORD_BEHIND, /* follows the release */
        WORD_NOISE,  /* says only that a version follows */
} WordClass;

static const struct {
        const char *word;
        WordClass class;
        int rank; /* order among the words before a release */
} words[] = {
        { "dev", WORD_BEFORE, 1 },    { "snapshot", WORD_BEFORE, 1 }, { "alpha", WORD_BEFORE, 2 },
        { "beta", WORD_BEFORE, 3 },   { "pre", WORD_BEFORE, 4 },      { "preview", WORD_BEFORE, 4 },
        { "rc", WORD_BEFORE, 5 },     { "sp", WORD_BEHIND, 0 },       { "servicepack", WORD_BEHIND, 0 },
        { "update", WORD_BEHIND, 0 }, { "upd", WORD_BEHIND, 0 },      { "u", WORD_BEHIND, 0 },
        { "patch", WORD_BEHIND, 0 },  { "p", WORD_BEHIND, 0 },        { "hotfix", WORD_BEHIND, 0 },
        { "hf", WORD_BEHIND, 0 },     { "fix", WORD_BEHIND, 0 },      { "fixpack", WORD_BEHIND, 0 },
        { "r", WORD_BEHIND, 0 },      { "rev", WORD_BEHIND, 0 },      { "revision", WORD_BEHIND, 0 },
        { "build", WORD_BEHIND, 0 },  { "cu", WORD_BEHIND, 0 },       { "tcu", WORD_BEHIND, 0 },
        { "mr", WORD_BEHIND, 0 },     { "post", WORD_BEHIND, 0 },     { "v", WORD_NOISE, 0 },
        { "ver", WORD_NOISE, 0 },     { "version", WORD_NOISE, 0 },   { "versions", WORD_NOISE, 0 },
        { "release", WORD_NOISE, 0 }, { "rel", WORD_NOISE, 0 },       { "firmware", WORD_NOISE, 0 },
        { "fw", WORD_NOISE, 0 },      { "software", WORD_NOISE, 0 },  { "sw", WORD_NOISE, 0 },
};

/* Different spellings of one word. */
static const char *const synonyms[][2] = { { "servicepack", "sp" }, { "upd", "update" },
                                           { "u", "update" },       { "p", "patch" },
                                           { "hotfix", "hf" },      { "revision", "rev" },
                                           { "preview", "pre" },    { "snapshot", "dev" } };

static bool token_is(const Token *token, const char *word)
{
        return strlen(word) == token->n && g_ascii_strncasecmp(token->p, word, token->n) == 0;
}

static WordClass word_class(const Token *token, int *ret_rank)
{
        for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
                if (token_is(token, words[i].word)) {
                        if (ret_rank != NULL)
                                *ret_rank = words[i].rank;
                        return words[i].class;
                }
        return WORD_UNKNOWN;
}

/* The spelling that stands for all of one word. */
static Token word_plain(const Token *token)
{
        for (size_t i = 0; i < G_N_ELEMENTS(synonyms); i++)
                if (token_is(token, synonyms[i][0]))
                        return (Token){ TOKEN_WORD, synonyms[i][1], strlen(synonyms[i][1]), token->joined };
        return *token;
}

/* ---- cutting ---- */

static bool is_letter(char c)
{
        return g_ascii_isalpha(c) || (unsigned char)c >= 0x80;
}

static Token token_at(const char *p, bool joined)
{
        Token token = { TOKEN_END, p, 0, joined };

        if (g_ascii_isdigit(*p)) {
                token.type = TOKEN_NUMBER;
                token.n = strspn(p, "0123456789");
                if ((p[token.n] == 'x' || p[token.n] == 'X') && !g_ascii_isalnum(p[token.n + 1]))
                        token.type = TOKEN_DIGITS;
        } else if (*p == '*') {
                token.type = TOKEN_WILD;
                token.n = 1;
        } else if (is_letter(*p)) {
                token.type = TOKEN_WORD;
                while (is_letter(p[token.n]))
                        token.n++;
                if (token.n == 1 && (*p == 'x' || *p == 'X') && !g_ascii_isdigit(p[1]))
                        token.type = TOKEN_WILD;
        }
        return token;
}

/* `Service Pack` is one word that is written as two. */
static void word_join(Tokens *tokens, size_t *n)
{
        static const char joined[] = "servicepack";

        if (*n >= 2 && token_is(&tokens->token[*n - 1], "pack") &&
            token_is(&tokens->token[*n - 2], "service")) {
                (*n)--;
                tokens->token[*n - 1].p = joined;
                tokens->token[*n - 1].n = strlen(joined);
        }
}

static void tokens_read(const char *text, Tokens *tokens)
{
        size_t n = 0;
        bool joined = false;

        tokens->cut = false;
        while (*text != '\0') {
                Token token = token_at(text, joined);

                if (token.n == 0) {
                        joined = false;
                        text++;
                        continue;
                }
                if (n == TOKENS_MAX) {
                        tokens->cut = true;
                        break;
                }
                tokens->token[n++] = token;
                word_join(tokens, &n);
                text += token.n + (token.type == TOKEN_DIGITS ? 1 : 0);
                joined = true;
        }
        tokens->token[n] = (Token){ .type = TOKEN_END };
}

/* The first token that counts: words that only announce a version are passed over, and an R or V before a number. */
static const Token *tokens_begin(const Tokens *tokens)
{
        const Token *token = tokens->token;

        for (; token->type == TOKEN_WORD; token++) {
                bool letter = token_is(token, "r") || token_is(token, "rev");

                if (!letter && word_class(token, NULL) != WORD_NOISE)
                        break;
                if (letter && token[1].type != TOKEN_NUMBER && token[1].type != TOKEN_DIGITS)
                        break;
        }
        return token;
}

/* ---- numbers ---- */

static int number_order(const Token *a, const Token *b)
{
        const char *p = a->p, *q = b->p;
        size_t n = a->n, m = b->n;
        int order;

        for (; n > 0 && *p == '0'; n--)
                p++;
        for (; m > 0 && *q == '0'; m--)
                q++;
        if (n != m)
                return n < m ? -1 : 1;
        order = memcmp(p, q, n);
        return order < 0 ? -1 : order > 0;
}

static bool is_zero(const Token *token)
{
        return token->type == TOKEN_NUMBER && strspn(token->p, "0") >= token->n;
}

/* Behind the first number, `7.1` against `7.03` may be 1 against 3 or .1 against .03: where a zero leads and the readings
 * differ, nobody can tell. */
static VersionOrder number_order_either(const Token *a, const Token *b)
{
        int order = number_order(a, b), digits;

        if (order == 0 || a->n == b->n || (*a->p != '0' && *b->p != '0'))
                return (VersionOrder)order;
        digits = memcmp(a->p, b->p, MIN(a->n, b->n));
        if (digits == 0)
                digits = a->n < b->n ? -1 : 1;
        return (digits < 0) == (order < 0) ? (VersionOrder)order : VERSION_UNDECIDED;
}

/* A number against `1x`, which is 10 to 19. `1` itself may be meant as 1 or as 10. */
static VersionOrder number_order_digits(const Token *number, const Token *digits)
{
        Token head = *number;

        if (number->n == digits->n + 1) {
                head.n--;
                return (VersionOrder)number_order(&head, digits);
        }
        if (number->n == digits->n && number_order(number, digits) == 0)
                return VERSION_UNDECIDED;
        return number->n <= digits->n ? VERSION_LESS : VERSION_GREATER;
}

/* ---- comparing ---- */

static VersionOrder reverse(VersionOrder order)
{
        return order == VERSION_UNDECIDED ? order : (VersionOrder) - (int)order;
}

/* One version has ended; what the rest of the other makes of it, seen from the one that goes on. */
static VersionOrder rest_order(const Token *rest)
{
        for (; rest->type != TOKEN_END; rest++) {
                switch (rest->type) {
                case TOKEN_WILD:
                        return VERSION_EQUAL;
                case TOKEN_DIGITS:
                        return VERSION_UNDECIDED;
                case TOKEN_NUMBER:
                        if (!is_zero(rest))
                                return VERSION_GREATER;
                        continue;
                default:
                        break;
                }
                switch (word_class(rest, NULL)) {
                case WORD_BEFORE:
                        return VERSION_LESS;
                case WORD_BEHIND:
                        return VERSION_GREATER;
                case WORD_NOISE:
                        return VERSION_UNDECIDED;
                case WORD_UNKNOWN:
                        break;
                }
                /* `1.0.2a` is a revision of 1.0.2; `4b1` may be a beta, and words may mean anything */
                return rest->n == 1 && rest->joined && rest[1].type == TOKEN_END ? VERSION_GREATER
                                                                                 : VERSION_UNDECIDED;
        }
        return VERSION_EQUAL;
}

static VersionOrder word_order(const Token *a, const Token *b)
{
        Token x = word_plain(a), y = word_plain(b);
        int rank_x = 0, rank_y = 0;
        WordClass class_x = word_class(&x, &rank_x), class_y = word_class(&y, &rank_y);

        if (x.n == y.n && g_ascii_strncasecmp(x.p, y.p, x.n) == 0)
                return VERSION_EQUAL;
        if (class_x == WORD_BEFORE && class_y == WORD_BEFORE)
                return rank_x < rank_y ? VERSION_LESS : rank_x > rank_y ? VERSION_GREATER : VERSION_UNDECIDED;
        if (class_x == WORD_BEFORE && class_y == WORD_BEHIND)
                return VERSION_LESS;
        if (class_x == WORD_BEHIND && class_y == WORD_BEFORE)
                return VERSION_GREATER;
        if (x.n == 1 && y.n == 1 && x.joined && y.joined)
                return g_ascii_tolower(*x.p) < g_ascii_tolower(*y.p) ? VERSION_LESS : VERSION_GREATER;
        return VERSION_UNDECIDED;
}

/* A number against a word at the same place: only a word before a release is decided, and a zero says nothing. */
static VersionOrder number_word_order(const Token *word)
{
        return word_class(word, NULL) == WORD_BEFORE ? VERSION_GREATER : VERSION_UNDECIDED;
}

static VersionOrder token_order(const Token *a, const Token *b, bool first)
{
        if (a->type == TOKEN_NUMBER && b->type == TOKEN_NUMBER)
                return first ? (VersionOrder)number_order(a, b) : number_order_either(a, b);
        if (a->type == TOKEN_DIGITS && b->type == TOKEN_DIGITS)
                return a->n == b->n ? (VersionOrder)number_order(a, b) : VERSION_UNDECIDED;
        if (a->type == TOKEN_DIGITS)
                return b->type == TOKEN_NUMBER ? reverse(number_order_digits(b, a)) : VERSION_UNDECIDED;
        if (b->type == TOKEN_DIGITS)
                return a->type == TOKEN_NUMBER ? number_order_digits(a, b) : VERSION_UNDECIDED;
        if (a->type == TOKEN_WORD && b->type == TOKEN_WORD)
                return word_order(a, b);
        return a->type == TOKEN_NUMBER ? number_word_order(b) : reverse(number_word_order(a));
}

static VersionOrder tokens_order(const Token *a, const Token *b, bool series)
{
        const Token *begin = a;

        while (a->type != TOKEN_END || b->type != TOKEN_END) {
                VersionOrder order;

                if (a->type == TOKEN_WILD || b->type == TOKEN_WILD || (series && b->type == TOKEN_END))
                        return VERSION_EQUAL;
                if (a->type == TOKEN_END)
                        return reverse(rest_order(b));
                if (b->type == TOKEN_END)
                        return rest_order(a);
                if (is_zero(a) && b->type == TOKEN_WORD) {
                        a++;
                        continue;
                }
                if (is_zero(b) && a->type == TOKEN_WORD) {
                        b++;
                        continue;
                }
                order = token_order(a, b, a == begin);
                if (order != VERSION_EQUAL)
                        return order;
                if (a->type == TOKEN_DIGITS || b->type == TOKEN_DIGITS)
                        return VERSION_EQUAL; /* an open digit is the end of a series */
                a++;
                b++;
        }
        return VERSION_EQUAL;
}

/* `6.02` and `6.2`: of two numbers the second may be a fraction, and then these are two versions. */
static bool is_fraction_doubt(const Token *a, const Token *b)
{
        for (int i = 0; i < 2; i++)
                if (a[i].type != TOKEN_NUMBER || b[i].type != TOKEN_NUMBER)
                        return false;
        return a[2].type == TOKEN_END && b[2].type == TOKEN_END && !is_zero(&a[1]) && a[1].n != b[1].n &&
               (a[1].p[0] == '0') != (b[1].p[0] == '0');
}

static VersionOrder order_of(const char *a, const char *b, bool series)
{
        Tokens left, right;
        const Token *x, *y;
        VersionOrder order;

        if (g_ascii_strcasecmp(a, b) == 0)
                return VERSION_EQUAL;
        tokens_read(a, &left);
        tokens_read(b, &right);
        x = tokens_begin(&left);
        y = tokens_begin(&right);
        if (left.cut || right.cut || x->type == TOKEN_END || y->type == TOKEN_END)
                return VERSION_UNDECIDED;
        order = tokens_order(x, y, series);
        return order == VERSION_EQUAL && !series && is_fraction_doubt(x, y) ? VERSION_UNDECIDED : order;
}

VersionOrder version_compare(const char *a, const char *b)
{
        return order_of(a, b, false);
}

VersionOrder version_in_series(const char *version, const char *series)
{
        return order_of(version, series, true);
}

bool version_has_number(const char *text)
{
        return strpbrk(text, "0123456789") != NULL;
}
