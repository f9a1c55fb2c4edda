#include "service/interchange/bind_cases.h"

#include "base/error.h"
#include "base/jread.h"
#include "base/near.h"

#include <string.h>

/* Parts of a name that are compared with keys, from its end; and the longest list of candidates that is told. */
enum { PARTS_MAX = 16, SHOWN_MAX = 5 };

/* A key as it is looked for in names: in lower case, with - for _. */
typedef struct {
        char *text;
        const TestCase *test_case;
} Word;

typedef struct {
        const char *match, *test_case; /* borrowed from the profile */
        const TestCase *found;
} Rule;

struct TestCases {
        GPtrArray *all;      /* of TestCase */
        GHashTable *by_key;  /* key of a test case → TestCase */
        GHashTable *by_name; /* entry of `keys` → GPtrArray of TestCase */
        GArray *words;       /* of Word, sorted */
        GArray *rules;       /* of Rule, in the order of the profile */
        size_t name_max;     /* bytes of the longest entry of `keys` */
};

static void case_free(gpointer data)
{
        TestCase *test_case = data;

        g_free(test_case->shown);
        json_decref(test_case->named);
        g_ptr_array_unref(test_case->keys);
        g_free(test_case);
}

static void word_clear(gpointer data)
{
        g_free(((Word *)data)->text);
}

void test_cases_free(TestCases *cases)
{
        if (cases == NULL)
                return;
        g_array_unref(cases->rules);
        g_array_unref(cases->words);
        g_hash_table_unref(cases->by_name);
        g_hash_table_unref(cases->by_key);
        g_ptr_array_unref(cases->all);
        g_free(cases);
}

/* ---- loading ---- */

static TestCase *case_add(TestCases *cases, const char *shown, json_t *named)
{
        TestCase *test_case = g_new0(TestCase, 1);

        test_case->shown = g_strdup(shown);
        test_case->named = named;
        test_case->keys = g_ptr_array_new_with_free_func(g_free);
        g_ptr_array_add(cases->all, test_case);
        if (json_is_string(named))
                g_hash_table_insert(cases->by_key, g_strdup(shown), test_case);
        return test_case;
}

/* Takes the attribute `keys`, when `attrs` says something of it. */
static void keys_take(TestCase *test_case, const json_t *attrs)
{
        const json_t *keys = json_object_get(attrs, "keys"), *key;
        size_t i;

        if (keys == NULL)
                return;
        g_ptr_array_set_size(test_case->keys, 0);
        json_array_foreach(keys, i, key) if (json_string_length(key) > 0)
                g_ptr_array_add(test_case->keys, g_strdup(json_string_value(key)));
}

static bool take_stored(const ItemRev *rev, void *payload, GError **error)
{
        TestCase *test_case;
        g_autoptr(Json) attrs = NULL;

        if (rev->kind != ZW_KIND_TEST_CASE)
                return true;
        attrs = jread_parse(rev->attrs, strlen(rev->attrs), error);
        if (attrs == NULL)
                return false;
        test_case = case_add(payload, rev->key, json_string(rev->key));
        test_case->retired = (state_def(rev->state)->flags & STATE_RETIRED) != 0;
        keys_take(test_case, attrs);
        return true;
}

typedef struct {
        TestCases *cases;
        StoreView *view;
        const Id *log;
} Load;

/* The test case an operation names, NULL when it is none or new. */
static bool op_case(const Load *load, const json_t *op, TestCase **ret_case, GError **error)
{
        const char *key = jread_get_string(op, "key");
        const json_t *source = json_object_get(op, "source");
        const char *system = jread_get_string(source, "system"), *id = jread_get_string(source, "id");
        g_autoptr(StoreItem) item = NULL;

        *ret_case = NULL;
        if (key == NULL && system != NULL && id != NULL) {
                if (!store_item_by_source(load->view, load->log, system, id, &item, error))
                        return false;
                key = item == NULL ? NULL : store_item_rev(item)->key;
        }
        if (key != NULL)
                *ret_case = g_hash_table_lookup(load->cases->by_key, key);
        return true;
}

static bool take_item(const Load *load, const json_t *op, GError **error)
{
        const char *key = jread_get_string(op, "key"), *kind = jread_get_string(op, "kind");
        const json_t *source = json_object_get(op, "source");
        const char *system = jread_get_string(source, "system"), *id = jread_get_string(source, "id");
        const bool new_case = g_strcmp0(kind, "test_case") == 0;
        TestCase *test_case;

        if (!new_case && json_object_get(json_object_get(op, "attrs"), "keys") == NULL)
                return true;
        if (!op_case(load, op, &test_case, error))
                return false;
        if (test_case == NULL && new_case && key != NULL)
                test_case = case_add(load->cases, key, json_string(key));
        else if (test_case == NULL && new_case && system != NULL && id != NULL)
                test_case = case_add(load->cases, id, json_pack("{s:[s, s]}", "source", system, id));
        if (test_case != NULL)
                keys_take(test_case, json_object_get(op, "attrs"));
        return true;
}

static bool take_op(const Load *load, const json_t *op, GError **error)
{
        const char *name = jread_get_string(op, "op"), *to = jread_get_string(op, "to");
        TestCase *test_case;
        StateId state;

        if (g_strcmp0(name, "item") == 0)
                return take_item(load, op, error);
        if (g_strcmp0(name, "retire") != 0 && g_strcmp0(name, "transition") != 0)
                return true;
        if (!op_case(load, op, &test_case, error))
                return false;
        if (test_case != NULL && strcmp(name, "retire") == 0)
                test_case->retired = true;
        else if (test_case != NULL && to != NULL && state_find(to, &state))
                test_case->retired = (state_def(state)->flags & STATE_RETIRED) != 0;
        return true;
}

/* ---- indexing ---- */

static char *word_new(const char *text)
{
        char *word = g_ascii_strdown(text, -1);

        return g_strdelimit(word, "_", '-');
}

/* A word without a digit or a letter is too common to be meant. */
static bool is_word(const char *key)
{
        return strcspn(key, "0123456789") < strlen(key) &&
               strcspn(key, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") < strlen(key);
}

static int word_compare(gconstpointer a, gconstpointer b)
{
        return strcmp(((const Word *)a)->text, ((const Word *)b)->text);
}

static void index_make(TestCases *cases)
{
        for (guint i = 0; i < cases->all->len; i++) {
                const TestCase *test_case = g_ptr_array_index(cases->all, i);

                for (guint j = 0; j < test_case->keys->len; j++) {
                        const char *name = g_ptr_array_index(test_case->keys, j);
                        GPtrArray *list = g_hash_table_lookup(cases->by_name, name);

                        if (list == NULL) {
                                list = g_ptr_array_new();
                                g_hash_table_insert(cases->by_name, g_strdup(name), list);
                        }
                        if (!g_ptr_array_find(list, test_case, NULL))
                                g_ptr_array_add(list, (gpointer)(uintptr_t)test_case);
                        cases->name_max = MAX(cases->name_max, strlen(name));
                }
                if (json_is_string(test_case->named) && is_word(test_case->shown)) {
                        Word word = { word_new(test_case->shown), test_case };

                        g_array_append_val(cases->words, word);
                }
        }
        g_array_sort(cases->words, word_compare);
}

/* ---- rules ---- */

static bool rule_refuse(const TestCases *cases, size_t i, const char *key, GError **error)
{
        g_autofree char *where = g_strdup_printf("/tests/%zu/case", i), *near = NULL;
        g_autoptr(GPtrArray) keys = g_ptr_array_new();

        for (guint j = 0; j < cases->all->len; j++)
                g_ptr_array_add(keys, ((const TestCase *)g_ptr_array_index(cases->all, j))->shown);
        near = near_names(key, (const char *const *)keys->pdata, keys->len);
        error_set(error, ZW_ERR_INPUT, where, "there is no test case %s%s", key, near);
        return false;
}

static bool rules_read(TestCases *cases, const json_t *profile, GError **error)
{
        static const JReadField fields[] = { { "match", JREAD_STRING, G_STRUCT_OFFSET(Rule, match), true },
                                             { "case", JREAD_STRING, G_STRUCT_OFFSET(Rule, test_case), true },
                                             JREAD_END };
        const json_t *rules = json_object_get(profile, "tests"), *value;
        size_t i;

        if (rules != NULL && !json_is_array(rules)) {
                error_set(error, ZW_ERR_INPUT, "/tests", "the rules are an array");
                return false;
        }
        json_array_foreach(rules, i, value)
        {
                g_autofree char *where = g_strdup_printf("/tests/%zu", i);
                Rule rule = { 0 };

                if (!jread_object(value, fields, &rule, where, error))
                        return false;
                rule.found = g_hash_table_lookup(cases->by_key, rule.test_case);
                if (rule.found == NULL)
                        return rule_refuse(cases, i, rule.test_case, error);
                g_array_append_val(cases->rules, rule);
        }
        return true;
}

TestCases *test_cases_load(StoreView *view, const Id *log, const json_t *profile, const json_t *ops,
                           GError **error)
{
        g_autoptr(TestCases) cases = g_new0(TestCases, 1);
        Load load = { cases, view, log };
        const json_t *op;
        size_t i;

        cases->all = g_ptr_array_new_with_free_func(case_free);
        cases->by_key = hash_table_new_text(g_free, NULL);
        cases->by_name = hash_table_new_text(g_free, (GDestroyNotify)g_ptr_array_unref);
        cases->words = g_array_new(FALSE, TRUE, sizeof(Word));
        g_array_set_clear_func(cases->words, word_clear);
        cases->rules = g_array_new(FALSE, TRUE, sizeof(Rule));
        if (!store_each_item(view, log, ZW_SEQ_OPEN - 1, take_stored, cases, error))
                return NULL;
        json_array_foreach(ops, i, op) if (!take_op(&load, op, error)) return NULL;
        index_make(cases);
        return rules_read(cases, profile, error) ? g_steal_pointer(&cases) : NULL;
}

/* ---- finding ---- */

/* Test cases by the whole name, else by what follows one of its separators, the longest part first. */
static void find_by_keys(const TestCases *cases, const char *name, GPtrArray *found)
{
        const char *parts[PARTS_MAX] = { NULL };
        size_t n = 0;

        for (const char *p = name + strlen(name); p > name && n < PARTS_MAX; p--)
                if (strchr(".:/#", p[-1]) != NULL)
                        parts[n++] = p;
        for (size_t i = n + 1; i > 0 && found->len == 0; i--) {
                const char *part = i == n + 1 ? name : parts[i - 1];
                GPtrArray *list = strlen(part) > cases->name_max ? NULL
                                                                 : g_hash_table_lookup(cases->by_name, part);

                for (guint j = 0; list != NULL && j < list->len; j++)
                        g_ptr_array_add(found, g_ptr_array_index(list, j));
        }
}

static bool is_letter(char c)
{
        return g_ascii_isalnum(c) || (unsigned char)c >= 0x80;
}

/* The first of words[lo..hi), which have `at` bytes in common, whose next byte is not below `c`. */
static guint words_bound(const GArray *words, guint lo, guint hi, size_t at, int c)
{
        while (lo < hi) {
                guint middle = lo + (hi - lo) / 2;

                if ((unsigned char)g_array_index(words, Word, middle).text[at] < c)
                        lo = middle + 1;
                else
                        hi = middle;
        }
        return lo;
}

/* The longest words that stand at the beginning of `text`: words[*ret_first..*ret_end), and their length, 0 for none. */
static size_t words_at(const GArray *words, const char *text, guint *ret_first, guint *ret_end)
{
        guint lo = 0, hi = words->len;
        size_t found = 0;

        for (size_t at = 0; text[at] != '\0' && lo < hi; at++) {
                const int c = (unsigned char)text[at];

                lo = words_bound(words, lo, hi, at, c);
                hi = words_bound(words, lo, hi, at, c + 1);
                if (lo < hi && g_array_index(words, Word, lo).text[at + 1] == '\0' &&
                    !is_letter(text[at + 1])) {
                        found = at + 1;
                        *ret_first = lo;
                        *ret_end = words_bound(words, lo, hi, at + 1, 1);
                }
        }
        return found;
}

static void add_once(GPtrArray *found, const TestCase *test_case)
{
        if (!g_ptr_array_find(found, test_case, NULL))
                g_ptr_array_add(found, (gpointer)(uintptr_t)test_case);
}

/* Test cases whose key stands in the name with no letter or digit beside it; a key within a longer one is not meant. */
static void find_by_words(const TestCases *cases, const char *name, GPtrArray *found)
{
        g_autofree char *text = word_new(name);
        const char *reached = text;

        for (const char *p = text; *p != '\0'; p++) {
                guint first = 0, end = 0;
                size_t n;

                if (p > text && is_letter(p[-1]))
                        continue;
                n = words_at(cases->words, p, &first, &end);
                if (n == 0 || p + n <= reached)
                        continue;
                reached = p + n;
                for (guint i = first; i < end; i++)
                        add_once(found, g_array_index(cases->words, Word, i).test_case);
        }
}

/* Only * stands for something: any text. */
static bool fits(const char *pattern, const char *name)
{
        const char *star = NULL, *retry = NULL;

        while (*name != '\0')
                if (*pattern == '*') {
                        star = ++pattern;
                        retry = name;
                } else if (*pattern == *name) {
                        pattern++;
                        name++;
                } else if (star != NULL) {
                        pattern = star;
                        name = ++retry;
                } else
                        return false;
        while (*pattern == '*')
                pattern++;
        return *pattern == '\0';
}

static void find_by_rules(const TestCases *cases, const char *name, GPtrArray *found)
{
        for (guint i = 0; i < cases->rules->len && found->len == 0; i++)
                if (fits(g_array_index(cases->rules, Rule, i).match, name))
                        g_ptr_array_add(found,
                                        (gpointer)(uintptr_t)g_array_index(cases->rules, Rule, i).found);
}

/* The only one of `found` that is in use. */
static const TestCase *choose(const GPtrArray *found, char **ret_why)
{
        g_autoptr(GString) list = g_string_new(NULL);
        const TestCase *chosen = NULL;
        guint n = 0;

        for (guint i = 0; i < found->len; i++) {
                const TestCase *test_case = g_ptr_array_index(found, i);

                if (test_case->retired)
                        continue;
                chosen = test_case;
                if (n++ < SHOWN_MAX)
                        g_string_append_printf(list, "%s%s", n > 1 ? ", " : "", test_case->shown);
        }
        if (n == 1)
                return chosen;
        if (n > 1)
                *ret_why = g_strdup_printf("it fits several test cases: %s%s", list->str,
                                           n > SHOWN_MAX ? " and others" : "");
        else
                *ret_why = g_strdup_printf("the test case %s is retired",
                                           ((const TestCase *)g_ptr_array_index(found, 0))->shown);
        return NULL;
}

/* Tags are words of their own: one that is an entry of `keys`, or the whole key of a test case. */
static void find_by_tags(const TestCases *cases, const json_t *tags, GPtrArray *found)
{
        const json_t *value;
        size_t i;

        json_array_foreach(tags, i, value)
        {
                const char *tag = json_string_value(value);
                g_autofree char *word = tag == NULL ? NULL : word_new(tag);
                const GPtrArray *list = tag == NULL ? NULL : g_hash_table_lookup(cases->by_name, tag);
                guint first = 0, end = 0;

                for (guint j = 0; list != NULL && j < list->len; j++)
                        add_once(found, g_ptr_array_index(list, j));
                if (word == NULL || words_at(cases->words, word, &first, &end) != strlen(word))
                        continue;
                for (guint j = first; j < end; j++)
                        add_once(found, g_array_index(cases->words, Word, j).test_case);
        }
}

const TestCase *test_cases_find(const TestCases *cases, const char *name, const json_t *tags, char **ret_why)
{
        static void (*const ways[])(const TestCases *cases, const char *name,
                                    GPtrArray *found) = { find_by_keys, find_by_words, find_by_rules };
        g_autoptr(GPtrArray) found = g_ptr_array_new();

        find_by_tags(cases, tags, found);
        if (found->len == 0 && name[0] == '\0') {
                *ret_why = g_strdup("the result names no test");
                return NULL;
        }
        for (size_t i = 0; i < G_N_ELEMENTS(ways) && found->len == 0; i++)
                ways[i](cases, name, found);
        if (found->len > 0)
                return choose(found, ret_why);
        *ret_why = g_strdup("no test case has it among its keys, its key is not in it, and no rule fits");
        return NULL;
}
