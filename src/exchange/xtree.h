/* A document of XML as a tree, for readers that make items of parts that stand far apart. Names are local names. All is owned
 * by the tree and lives as long; the tree is bounded by the size of the file. Not thread-safe to load, then constant. */
#ifndef EXCHANGE_XTREE_H
#define EXCHANGE_XTREE_H

#include "exchange/format.h"

/* The name of a text that stands behind a child of its element. */
#define XNODE_TEXT "#text"

typedef struct XNode XNode;
struct XNode {
        const char *name;
        const char *text;   /* of the element up to its first child, without blanks around; NULL for none */
        const char **attrs; /* name, value, ..., NULL; or NULL for none */
        const XNode *parent, *first, *next;
        size_t line;
};

typedef struct XTree XTree;

/* Elements named in `but` (ended by NULL; may be NULL) are left out with all below them. Errors: those of xml_next; LIMIT. */
XTree *xtree_load(GBytes *bytes, size_t depth_max, const char *const *but, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
void xtree_free(XTree *tree);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(XTree, xtree_free)

const XNode *xtree_root(const XTree *tree);
/* The value of an attribute, NULL when it is absent or empty. */
const char *xnode_attr(const XNode *node, const char *name);
/* The first child of that name (NULL: any), or the next one of its siblings; NULL when there is none. */
const XNode *xnode_child(const XNode *node, const char *name);
const XNode *xnode_next(const XNode *node, const char *name);
/* The text of the first element on a path of names parted by `/`, or NULL. */
const char *xnode_text(const XNode *node, const char *path);
/* All text below the element, in order, with a blank between what elements part. Free it. */
char *xnode_all_text(const XNode *node);
/* The next element of the tree below `within`, in the order of the document; `at` is the last one, or `within` to begin. */
const XNode *xnode_walk(const XNode *at, const XNode *within);
/* `line N`; free it. */
char *xnode_where(const XNode *node);

#endif
