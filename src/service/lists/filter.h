/* The filter language of lists (docs/filter.md): `kind:requirement fr:2 sl>=2 -tag:legacy (owner:ann or suspect)`. Terms are
 * ANDed, `or` and parentheses group, `-` in front negates, a word alone is looked for in key, title and body.
 *
 * filter_parse.c turns the text into a tree and knows no names; filter.c binds the terms to one project at one commit;
 * filter_fit.c answers. A Filter belongs to one call and one thread. */
#ifndef SERVICE_LISTS_FILTER_H
#define SERVICE_LISTS_FILTER_H

#include "service/internal.h"

enum { ZW_FILTER_BYTES_MAX = 4096, ZW_FILTER_TERMS_MAX = 256, ZW_FILTER_DEPTH_MAX = 32 };

/* ---- the tree ---- */

typedef enum { FILTER_ALL, FILTER_ANY, FILTER_NOT, FILTER_TERM } FilterNodeType;
typedef enum { FILTER_EQ, FILTER_LT, FILTER_LE, FILTER_GT, FILTER_GE } FilterCompare;

typedef struct {
        FilterNodeType type;
        GPtrArray *kids; /* of FilterNode; NULL for terms */
        char *name;      /* of a term; NULL for a word alone */
        FilterCompare compare;
        char *value;
} FilterNode;

void filter_node_free(FilterNode *node);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FilterNode, filter_node_free)

/* Errors: INPUT with the position (`/q` and the byte, from 1); LIMIT. An empty text is a FILTER_ALL without kids. */
FilterNode *filter_parse(const char *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ---- the answer ---- */

typedef struct Filter Filter;

/* Binds `text` to the call's project and commit. Errors: those of filter_parse; NAME_UNKNOWN with near names; INPUT for a
 * value or comparison the term does not take. */
Filter *filter_new(Call *call, const char *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void filter_free(Filter *filter);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Filter, filter_free)

/* Looks the texts of its terms up in those of the project, as far as they are at hand, so that no item need be read for them. The
 * graph is pinned at the call's commit. Errors: those of the store. */
bool filter_look_up(Filter *filter, const Call *call, const PinnedGraph *pinned, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
bool filter_fits(const Filter *filter, const ItemRev *rev);
/* The same as far as the graph at the filter's commit can tell, which knows no bodies, owners, tags or attributes; `item` exists. */
typedef enum { FILTER_GLANCE_NOT, FILTER_GLANCE_FITS, FILTER_GLANCE_ASK } FilterGlance;
FilterGlance filter_glance(const Filter *filter, GraphView view, ItemNo item);
/* Whether what fits changes with the call's instant alone: evidence and waivers age. */
bool filter_ages(const Filter *filter);
/* The kinds of which an item can fit at all, as bits of KindId: what is asked for besides is not looked at. */
uint64_t filter_kinds(const Filter *filter);

/* Which items fit `q` (NULL or empty: all) at the call's commit: a byte for each item of the view, not 0 where it does. Free it.
 * Errors: those of filter_new. */
uint8_t *filter_items(Call *call, GraphView view, const char *q, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What the term `zone:KEY` means: a byte for each item of the view, 1 for the place, what is part of it to any depth, and what
 * has a link with one of these. Free it. */
uint8_t *filter_zone_items(GraphView view, ItemNo place);

#endif
