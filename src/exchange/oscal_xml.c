/* OSCAL says the same in XML and in JSON: elements that may come more than once are lists under another name, attributes are members,
 * and words with marks in them are texts. */
#include "exchange/oscal.h"

#include "base/jwrite.h"
#include "exchange/xtree.h"

#include <string.h>

/* Of the document made: so much, and so many times the file. */
enum { JSON_BYTES = 16 << 20, JSON_TIMES = 8 };

static const struct {
        const char *element, *list;
} lists[] = { { "activity", "activities" },
              { "add", "adds" },
              { "alter", "alters" },
              { "associated-risk", "related-risks" },
              { "attestation", "attestations" },
              { "by-component", "by-components" },
              { "capability", "capabilities" },
              { "choice", "choice" },
              { "component", "components" },
              { "constraint", "constraints" },
              { "control", "controls" },
              { "control-selection", "control-selections" },
              { "exclude-controls", "exclude-controls" },
              { "finding", "findings" },
              { "group", "groups" },
              { "guideline", "guidelines" },
              { "implemented-component", "implemented-components" },
              { "implemented-requirement", "implemented-requirements" },
              { "import", "imports" },
              { "import-component-definition", "import-component-definitions" },
              { "include-controls", "include-controls" },
              { "inventory-item", "inventory-items" },
              { "leveraged-authorization", "leveraged-authorizations" },
              { "link", "links" },
              { "location", "locations" },
              { "method", "methods" },
              { "observation", "observations" },
              { "param", "params" },
              { "part", "parts" },
              { "party", "parties" },
              { "party-uuid", "party-uuids" },
              { "poam-item", "poam-items" },
              { "port-range", "port-ranges" },
              { "prop", "props" },
              { "protocol", "protocols" },
              { "related-observation", "related-observations" },
              { "resource", "resources" },
              { "responsible-party", "responsible-parties" },
              { "responsible-role", "responsible-roles" },
              { "result", "results" },
              { "risk", "risks" },
              { "rlink", "rlinks" },
              { "role", "roles" },
              { "set-parameter", "set-parameters" },
              { "statement", "statements" },
              { "subject", "subjects" },
              { "system-id", "system-ids" },
              { "user", "users" },
              { "value", "values" },
              { "with-id", "with-ids" } };

static const char *const marked[] = { "p",      "ul", "ol",  "li",         "h1", "h2",     "h3", "h4",
                                      "h5",     "h6", "pre", "table",      "tr", "td",     "th", "em",
                                      "strong", "i",  "b",   "code",       "a",  "insert", "q",  "sub",
                                      "sup",    "br", "img", "blockquote", "hr", NULL };
static const char *const blocks[] = { "p",  "li", "h1", "h2",  "h3",         "h4", "h5",
                                      "h6", "tr", "br", "pre", "blockquote", "hr", NULL };
static const char *const holders[] = { "ul", "ol", "table", NULL };

static bool is_marked(const XNode *node)
{
        return strcmp(node->name, XNODE_TEXT) == 0 || g_strv_contains(marked, node->name);
}

/* ---- words ---- */

/* The marks that stand for elements where texts are written in JSON, before and behind the words. */
static const struct {
        const char *element, *mark;
} marks[] = {
        { "em", "*" }, { "i", "*" }, { "strong", "**" }, { "b", "**" }, { "code", "`" }, { "q", "\"" }
};

static const char *mark_of(const XNode *node)
{
        for (size_t i = 0; i < G_N_ELEMENTS(marks); i++)
                if (strcmp(node->name, marks[i].element) == 0)
                        return marks[i].mark;
        return NULL;
}

/* Texts came without the blanks around them. */
static void words_append(GString *out, const char *words)
{
        const char before = out->len == 0 ? '\n' : out->str[out->len - 1];

        if (words == NULL)
                return;
        if (strchr("\n ([", before) == NULL && strchr(".,;:)", words[0]) == NULL)
                g_string_append_c(out, ' ');
        g_string_append(out, words);
}

static void marked_append(GString *out, const XNode *node);

static void content_append(GString *out, const XNode *node)
{
        words_append(out, node->text);
        for (const XNode *at = node->first; at != NULL; at = at->next)
                marked_append(out, at);
}

/* Something within a line. */
static void inline_append(GString *out, const XNode *node)
{
        const char *mark = mark_of(node), *id = xnode_attr(node, "id-ref"), *href = xnode_attr(node, "href");
        g_autoptr(GString) words = g_string_new(NULL);
        g_autofree char *text = NULL;

        content_append(words, node);
        if (strcmp(node->name, "insert") == 0 && id != NULL)
                text = g_strdup_printf("{{ insert: param, %s }}", id);
        else if (href != NULL)
                text = g_strdup_printf("[%s](%s)", words->str, href);
        else
                text = g_strdup_printf("%s%s%s", mark == NULL ? "" : mark, words->str,
                                       mark == NULL ? "" : mark);
        words_append(out, text);
}

static void marked_append(GString *out, const XNode *node)
{
        const bool item = strcmp(node->name, "li") == 0;

        if (strcmp(node->name, XNODE_TEXT) == 0 || g_strv_contains(holders, node->name))
                content_append(out, node);
        else if (!g_strv_contains(blocks, node->name))
                inline_append(out, node);
        else {
                const bool next = item && node->parent->first != node;

                if (out->len > 0 && out->str[out->len - 1] != ' ') /* behind the mark of an item */
                        g_string_append(out, next ? "\n" : "\n\n");
                if (item)
                        g_string_append(out, strcmp(node->parent->name, "ol") == 0 ? "1. " : "* ");
                content_append(out, node);
        }
}

static bool holds_words(const XNode *node)
{
        for (const XNode *at = node->first; at != NULL; at = at->next)
                if (!is_marked(at))
                        return false;
        return node->attrs == NULL;
}

static json_t *words_json(const XNode *node)
{
        g_autoptr(GString) out = g_string_new(NULL);

        content_append(out, node);
        return json_string(out->str);
}

/* ---- entries ---- */

/* A statement with an id is one of several; that of a risk is words. A plan has one control implementation, a component many. */
static const char *list_of(const XNode *node)
{
        if (strcmp(node->name, "statement") == 0 && xnode_attr(node, "statement-id") == NULL)
                return NULL;
        if (strcmp(node->name, "control-implementation") == 0)
                return strcmp(node->parent->name, "component") == 0 ||
                                       strcmp(node->parent->name, "capability") == 0
                               ? "control-implementations"
                               : NULL;
        for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
                if (strcmp(node->name, lists[i].element) == 0)
                        return lists[i].list;
        return NULL;
}

static json_t *entry_json(const XNode *node);

static void child_take(json_t *object, const XNode *node)
{
        const char *list = list_of(node);
        json_t *value = holds_words(node) && (list == NULL || node->text != NULL || node->first != NULL)
                                ? words_json(node)
                                : entry_json(node),
               *all;

        if (list == NULL) {
                json_object_set_new(object, node->name, value);
                return;
        }
        all = json_object_get(object, list);
        if (all == NULL) {
                all = json_array();
                json_object_set_new(object, list, all);
        }
        json_array_append_new(all, value);
}

/* Words that stand among the members of an entry are its prose; beside attributes they are what the entry is, such as an id. */
static json_t *entry_json(const XNode *node)
{
        g_autoptr(GString) prose = g_string_new(NULL);
        json_t *object = json_object();

        json_object_set_new(object, "#line", json_integer((json_int_t)node->line));
        for (size_t i = 0; node->attrs != NULL && node->attrs[i] != NULL; i += 2)
                json_object_set_new(object, node->attrs[i], json_string(node->attrs[i + 1]));
        words_append(prose, node->text);
        for (const XNode *at = node->first; at != NULL; at = at->next) {
                if (is_marked(at))
                        marked_append(prose, at);
                else
                        child_take(object, at);
        }
        if (prose->len > 0)
                json_object_set_new(object, "prose", json_string(prose->str));
        return object;
}

GBytes *oscal_xml_to_json(GBytes *bytes, size_t depth_max, GError **error)
{
        g_autoptr(XTree) tree = xtree_load(bytes, depth_max, NULL, error);
        g_autoptr(Out) out = out_new(JSON_BYTES + JSON_TIMES * g_bytes_get_size(bytes));
        g_autoptr(JWrite) w = jwrite_new(out);
        g_autoptr(Json) entry = NULL;

        if (tree == NULL)
                return NULL;
        entry = entry_json(xtree_root(tree));
        jwrite_object_begin(w);
        jwrite_key_json(w, xtree_root(tree)->name, entry);
        jwrite_object_end(w);
        return out_steal(out, error);
}
