/* The syntax of filters. */
#include "service/lists/filter.h"

#include <string.h>

typedef struct {
        const char *text, *at;
        size_t terms, depth;
} Parser;

static FilterNode *parse_any(Parser *p, GError **error);

void filter_node_free(FilterNode *node)
{
        if (node == NULL)
                return;
        g_clear_pointer(&node->kids, g_ptr_array_unref);
        g_free(node->name);
        g_free(node->value);
        g_free(node);
}

static FilterNode *node_new(FilterNodeType type)
{
        FilterNode *node = g_new0(FilterNode, 1);

        node->type = type;
        if (type != FILTER_TERM)
                node->kids = g_ptr_array_new_with_free_func((GDestroyNotify)filter_node_free);
        return node;
}

static void *refuse(const Parser *p, const char *what, GError **error)
{
        error_set(error, ZW_ERR_INPUT, "/q", "%s, at character %zu of the filter", what,
                  (size_t)(p->at - p->text) + 1);
        return NULL;
}

static void skip_blanks(Parser *p)
{
        while (g_ascii_isspace(*p->at))
                p->at++;
}

static bool is_word_end(char c)
{
        return c == '\0' || g_ascii_isspace(c) || c == '(' || c == ')';
}

static bool at_or(const Parser *p)
{
        return (p->at[0] == 'o' || p->at[0] == 'O') && (p->at[1] == 'r' || p->at[1] == 'R') &&
               is_word_end(p->at[2]);
}

/* Text in quotes (a backslash takes the next character as it is), or up to a blank or a parenthesis. */
static char *parse_value(Parser *p, GError **error)
{
        g_autoptr(GString) value = g_string_new(NULL);

        if (*p->at != '"') {
                while (!is_word_end(*p->at))
                        g_string_append_c(value, *p->at++);
        } else {
                for (p->at++; *p->at != '"'; p->at++) {
                        if (*p->at == '\\' && p->at[1] != '\0')
                                p->at++;
                        if (*p->at == '\0')
                                return refuse(p, "a quote has no end", error);
                        g_string_append_c(value, *p->at);
                }
                p->at++;
        }
        if (value->len == 0)
                return refuse(p, "a value is missing", error);
        return g_string_free(g_steal_pointer(&value), FALSE);
}

static bool parse_compare(Parser *p, FilterCompare *ret_compare)
{
        static const struct {
                const char *text;
                FilterCompare compare;
        } table[] = { { ">=", FILTER_GE }, { "<=", FILTER_LE }, { ">", FILTER_GT },
                      { "<", FILTER_LT },  { ":", FILTER_EQ },  { "=", FILTER_EQ } };

        for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
                if (!g_str_has_prefix(p->at, table[i].text))
                        continue;
                p->at += strlen(table[i].text);
                *ret_compare = table[i].compare;
                return true;
        }
        return false;
}

static FilterNode *parse_term(Parser *p, GError **error)
{
        g_autoptr(FilterNode) node = node_new(FILTER_TERM);
        size_t n = strspn(p->at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
        const char *begin = p->at;

        if (++p->terms > ZW_FILTER_TERMS_MAX) {
                error_set(error, ZW_ERR_LIMIT, "/q", "a filter has at most %d terms", ZW_FILTER_TERMS_MAX);
                return NULL;
        }
        p->at += n;
        if (n > 0 && parse_compare(p, &node->compare))
                node->name = g_ascii_strdown(begin, (gssize)n);
        else
                p->at = begin;
        node->value = parse_value(p, error);
        return node->value == NULL ? NULL : g_steal_pointer(&node);
}

static FilterNode *parse_group(Parser *p, GError **error)
{
        g_autoptr(FilterNode) node = NULL;

        if (++p->depth > ZW_FILTER_DEPTH_MAX) {
                error_set(error, ZW_ERR_LIMIT, "/q", "a filter nests at most %d deep", ZW_FILTER_DEPTH_MAX);
                return NULL;
        }
        p->at++;
        node = parse_any(p, error);
        if (node == NULL)
                return NULL;
        if (*p->at != ')')
                return refuse(p, "a parenthesis has no end", error);
        p->at++;
        p->depth--;
        return g_steal_pointer(&node);
}

static FilterNode *parse_one(Parser *p, GError **error)
{
        bool negated = false;
        FilterNode *inner, *node;

        for (; *p->at == '-'; p->at++)
                negated = !negated;
        inner = *p->at == '(' ? parse_group(p, error) : parse_term(p, error);
        if (inner == NULL || !negated)
                return inner;
        node = node_new(FILTER_NOT);
        g_ptr_array_add(node->kids, inner);
        return node;
}

static FilterNode *parse_all(Parser *p, GError **error)
{
        g_autoptr(FilterNode) node = node_new(FILTER_ALL);

        for (skip_blanks(p); *p->at != '\0' && *p->at != ')' && !at_or(p); skip_blanks(p)) {
                FilterNode *kid = parse_one(p, error);

                if (kid == NULL)
                        return NULL;
                g_ptr_array_add(node->kids, kid);
        }
        return g_steal_pointer(&node);
}

static FilterNode *parse_any(Parser *p, GError **error)
{
        g_autoptr(FilterNode) node = node_new(FILTER_ANY);

        for (;;) {
                FilterNode *kid = parse_all(p, error);
                bool more;

                if (kid == NULL)
                        return NULL;
                g_ptr_array_add(node->kids, kid);
                more = at_or(p);
                if (kid->kids->len == 0 && (more || node->kids->len > 1 || p->depth > 0))
                        return refuse(p, "a term is missing", error);
                if (!more)
                        return g_steal_pointer(&node);
                p->at += 2;
        }
}

FilterNode *filter_parse(const char *text, GError **error)
{
        Parser p = { .text = text, .at = text };
        g_autoptr(FilterNode) node = NULL;

        if (strlen(text) > ZW_FILTER_BYTES_MAX) {
                error_set(error, ZW_ERR_LIMIT, "/q", "a filter has at most %d bytes", ZW_FILTER_BYTES_MAX);
                return NULL;
        }
        node = parse_any(&p, error);
        if (node == NULL)
                return NULL;
        if (*p.at != '\0')
                return refuse(&p, "a parenthesis has no beginning", error);
        return g_steal_pointer(&node);
}
