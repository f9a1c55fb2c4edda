/* Inside the reader of CSAF only: the document as it is read, and the parts of the reader. Places are chains on the stack
 * (base/jtext.h), made to a JSON pointer when something is reported. */
#ifndef EXCHANGE_CSAF_H
#define EXCHANGE_CSAF_H

#include "base/arena.h"
#include "base/jtext.h"
#include "exchange/format.h"

#include <string.h>

/* One full product name, wherever it is defined. Texts are borrowed from the document, or lie in the arena. */
typedef struct {
        const char *id, *name;
        const char *vendor, *family, *product, *version, *range;
        JVal helper;               /* product_identification_helper */
        const char *relation;      /* category of the relationship that defines it, or NULL */
        const char *of_id, *on_id; /* the two products of the relationship */
        int of, on;                /* the same as numbers, -1 when not defined */
        bool circular;             /* a relationship that leads back to itself */
        int out;                   /* its number in the assertions, -1 when no status names it */
} CsafProduct;

typedef struct {
        Sink *sink;
        bool draft_2_1; /* csaf_version 2.1 */
        bool figures_only;
        JVal root, document, tracking, tree, vulnerabilities;
        const char *category;
        GArray *products;   /* of CsafProduct, in the order of their definition */
        GHashTable *by_id;  /* product id → number + 1 */
        GHashTable *groups; /* group id → GArray of int */
        Arena *arena;
        size_t n_problems, n_warnings;
        int64_t n_branch_products; /* branches that carry a product */
} Csaf;

static inline JPlace csaf_key(const JPlace *parent, const char *key)
{
        return (JPlace){ .parent = parent, .key = key, .key_n = strlen(key) };
}

static inline JPlace csaf_index(const JPlace *parent, size_t index)
{
        return (JPlace){ .parent = parent, .index = index };
}

/* A violation, with the number of the test of CSAF (NULL for what the schema alone demands). At most 1000 are listed. */
void csaf_problem(Csaf *csaf, const JPlace *place, const char *test, const char *format, ...)
        G_GNUC_PRINTF(4, 5);
/* The same for a test of section 6.2, which a document should pass and need not. */
void csaf_warning(Csaf *csaf, const JPlace *place, const char *test, const char *format, ...)
        G_GNUC_PRINTF(4, 5);

/* A set of products: bits of each, cleared over those that were touched, since documents decide how many there are and how often. */
typedef struct {
        uint8_t *bits;
        GArray *touched; /* of int, in the order they were first set */
} CsafMarks;

CsafMarks csaf_marks_new(const Csaf *csaf);
void csaf_marks_clear(CsafMarks *marks);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CsafMarks, csaf_marks_clear)
void csaf_marks_reset(CsafMarks *marks);
/* Gives the bits that were set before. */
uint8_t csaf_marks_set(CsafMarks *marks, int product, uint8_t bit);

/* The member `key`, an array; anything else but its absence refuses the file's content there and counts as empty. */
JVal csaf_list(Csaf *csaf, JVal object, const char *key, const JPlace *parent);
/* A product id as the number of the product; -1, with problem 6.1.1, when it is not defined. */
int csaf_product(Csaf *csaf, JVal id, const JPlace *place);
/* The same without a problem. */
int csaf_product_find(const Csaf *csaf, JVal id);
/* The products that an element names in `key` and by its group_ids, each once, sorted, as ints. Reports 6.1.1 and 6.1.4
 * when `report`. Free it. */
GArray *csaf_products_of(Csaf *csaf, JVal element, const char *key, const JPlace *place, bool report);

/* Reads the product tree (csaf_tree.c). */
void csaf_tree_read(Csaf *csaf);

/* Mandatory tests (csaf_check.c, csaf_history.c, csaf_cvss.c). */
void csaf_check_document(Csaf *csaf);
void csaf_check_history(Csaf *csaf);
void csaf_check_tree(Csaf *csaf);
void csaf_check_vulnerabilities(Csaf *csaf);
void csaf_check_score(Csaf *csaf, JVal score, const char *member, const JPlace *place);
/* Mandatory tests of the draft 2.1 alone (csaf_draft.c). */
void csaf_check_draft(Csaf *csaf);
/* Optional tests (csaf_optional.c). */
void csaf_check_optional(Csaf *csaf);

/* Whether the name of a version reads like a range of them, as that of a single one must not (6.1.31). */
bool csaf_reads_like_range(const char *name);

/* The normalized assertions, docs/formats/csaf.md (csaf_assert.c). */
json_t *csaf_assertions(Csaf *csaf);

#endif
