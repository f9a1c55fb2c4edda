#include "exchange/xtree.h"

#include "base/arena.h"
#include "base/verify.h"
#include "exchange/xfigures.h"
#include "exchange/xml.h"

#include <string.h>

/* Of the tree: so much, and so many times the file. */
enum { TREE_BYTES = 32 << 20, TREE_TIMES = 16 };

struct XTree {
        Arena *arena;
        XNode *root;
};

typedef struct {
        XTree *tree;
        Xml *xml;
        XNode *open;     /* the innermost element that is not ended */
        GPtrArray *last; /* of each open element, the last child */
        const char *const *but;
} Load;

void xtree_free(XTree *tree)
{
        if (tree == NULL)
                return;
        arena_free(tree->arena);
        g_free(tree);
}

static bool too_large(const Load *load, GError **error)
{
        g_autofree char *where = xml_where(load->xml);

        error_set(error, ZW_ERR_LIMIT, where, "the document holds more than is kept of a file of its size");
        return false;
}

static bool attrs_take(const Load *load, XNode *node)
{
        XmlAttrs attrs = xml_attrs(load->xml);
        const char *space, *name, *value;
        size_t n = 0;

        while (xml_attrs_next(load->xml, &attrs, &space, &name, &value))
                n++;
        if (n == 0)
                return true;
        node->attrs = arena_alloc(load->tree->arena, (2 * n + 1) * sizeof(char *));
        attrs = xml_attrs(load->xml);
        for (size_t i = 0; node->attrs != NULL && xml_attrs_next(load->xml, &attrs, &space, &name, &value);) {
                node->attrs[i++] = arena_text(load->tree->arena, name, strlen(name));
                node->attrs[i] = arena_text(load->tree->arena, value, strlen(value));
                if (node->attrs[i - 1] == NULL || node->attrs[i++] == NULL)
                        return false;
        }
        return node->attrs != NULL;
}

static void node_append(Load *load, XNode *node)
{
        XNode *before = load->last->len == 0 ? NULL : load->last->pdata[load->last->len - 1];

        node->parent = load->open;
        if (load->open == NULL)
                load->tree->root = node;
        else if (before == NULL)
                load->open->first = node;
        else
                before->next = node;
        if (load->last->len > 0)
                load->last->pdata[load->last->len - 1] = node;
        g_ptr_array_add(load->last, NULL);
        load->open = node;
}

static void node_close(Load *load)
{
        ZW_VERIFY(load->open != NULL); /* libxml2 closes nothing that it did not open */
        load->open = (XNode *)(uintptr_t)load->open->parent;
        g_ptr_array_set_size(load->last, (int)load->last->len - 1);
}

static bool node_open(Load *load, GError **error)
{
        const char *name = xml_name(load->xml);
        XNode *node;

        if (load->open != NULL && load->but != NULL && g_strv_contains(load->but, name))
                return xml_skip(load->xml, error);
        node = arena_alloc(load->tree->arena, sizeof(XNode));
        if (node == NULL)
                return too_large(load, error);
        node->name = arena_text(load->tree->arena, name, strlen(name));
        node->line = xml_line(load->xml);
        if (node->name == NULL || !attrs_take(load, node))
                return too_large(load, error);
        node_append(load, node);
        return true;
}

/* What stands behind a child is a node of its own, so that the order of a text with elements in it is kept. */
static bool text_append(Load *load, const char *piece, GError **error)
{
        XNode *node = arena_alloc(load->tree->arena, sizeof(XNode));

        if (node == NULL || (node->text = arena_text(load->tree->arena, piece, strlen(piece))) == NULL)
                return too_large(load, error);
        node->name = XNODE_TEXT;
        node->line = xml_line(load->xml);
        node_append(load, node);
        node_close(load);
        return true;
}

static bool node_text(Load *load, GError **error)
{
        g_autofree char *piece = g_strstrip(g_strdup(xml_text(load->xml)));
        g_autofree char *joined = NULL;
        const char *before = load->open == NULL ? NULL : load->open->text;

        if (load->open == NULL || piece[0] == '\0')
                return true;
        if (load->open->first != NULL)
                return text_append(load, piece, error);
        joined = before == NULL ? g_strdup(piece) : g_strconcat(before, " ", piece, NULL);
        load->open->text = arena_text(load->tree->arena, joined, strlen(joined));
        return load->open->text != NULL || too_large(load, error);
}

static bool event_take(Load *load, XmlEvent event, GError **error)
{
        switch (event) {
        case XML_EVENT_OPEN:
                return node_open(load, error);
        case XML_EVENT_TEXT:
                return node_text(load, error);
        case XML_EVENT_CLOSE:
                node_close(load);
                return true;
        case XML_EVENT_END:
                break;
        }
        return true;
}

XTree *xtree_load(GBytes *bytes, size_t depth_max, const char *const *but, GError **error)
{
        g_autoptr(Xml) xml = xml_new(bytes, depth_max, XFIGURES_ELEMENTS_MAX, error);
        g_autoptr(GPtrArray) last = g_ptr_array_new();
        g_autoptr(XTree) tree = g_new0(XTree, 1);
        Load load = { tree, xml, NULL, last, but };
        XmlEvent event = XML_EVENT_OPEN;

        tree->arena = arena_new(TREE_BYTES + TREE_TIMES * g_bytes_get_size(bytes));
        if (xml == NULL || !xml_root(xml, error))
                return NULL;
        while (event != XML_EVENT_END)
                if (!event_take(&load, event, error) || !xml_next(xml, &event, error))
                        return NULL;
        return g_steal_pointer(&tree);
}

const XNode *xtree_root(const XTree *tree)
{
        return tree->root;
}

const char *xnode_attr(const XNode *node, const char *name)
{
        for (size_t i = 0; node->attrs != NULL && node->attrs[i] != NULL; i += 2)
                if (strcmp(node->attrs[i], name) == 0)
                        return node->attrs[i + 1][0] == '\0' ? NULL : node->attrs[i + 1];
        return NULL;
}

static const XNode *first_named(const XNode *node, const char *name)
{
        while (node != NULL && name != NULL && strcmp(node->name, name) != 0)
                node = node->next;
        return node;
}

const XNode *xnode_child(const XNode *node, const char *name)
{
        return first_named(node->first, name);
}

const XNode *xnode_next(const XNode *node, const char *name)
{
        return first_named(node->next, name);
}

const char *xnode_text(const XNode *node, const char *path)
{
        g_auto(GStrv) names = g_strsplit(path, "/", -1);

        for (size_t i = 0; node != NULL && names[i] != NULL; i++)
                node = xnode_child(node, names[i]);
        return node == NULL ? NULL : node->text;
}

const XNode *xnode_walk(const XNode *at, const XNode *within)
{
        if (at->first != NULL)
                return at->first;
        while (at != within && at->next == NULL)
                at = at->parent;
        return at == within ? NULL : at->next;
}

char *xnode_all_text(const XNode *node)
{
        GString *all = g_string_new(node->text);

        for (const XNode *at = xnode_walk(node, node); at != NULL; at = xnode_walk(at, node))
                if (at->text != NULL)
                        g_string_append_printf(all, "%s%s", all->len == 0 ? "" : " ", at->text);
        return g_string_free(all, FALSE);
}

char *xnode_where(const XNode *node)
{
        return g_strdup_printf("line %zu", node->line);
}
