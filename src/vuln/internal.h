/* Inside vuln/ only: the parts of matching. */
#ifndef VULN_INTERNAL_H
#define VULN_INTERNAL_H

#include "base/hash.h"
#include "vuln/cpe.h"
#include "vuln/match.h"
#include "vuln/name.h"
#include "vuln/purl.h"
#include "vuln/range.h"

/* Steps that matching one advisory may take, since foreign text decides how many there are. */
typedef struct {
        uint64_t left;
} Work;

enum {
        WORK_MAX = 100000000,
        WORK_SAY = 1,
        WORK_PATTERN = 5,
        WORK_READ = 50,
        WORK_JUDGE = 100,
        WORK_TOGETHER = 100
};

/* False when there is none left. */
static inline bool work_take(Work *work, uint64_t steps)
{
        work->left -= MIN(steps, work->left);
        return work->left > 0;
}

/* ---- match_index.c: what is installed ---- */

typedef struct {
        char *vendor_text, *product_text, *version, *part_text, *serial_text;
        VendorName vendor;   /* words NULL when not known */
        ProductName name;    /* core NULL when not known */
        char *part, *serial; /* folded, or NULL */
        Cpe cpe;             /* value[0] NULL when there is none */
        Purl purl;           /* type NULL when there is none */
        char **hashes;       /* lower case, or NULL */
        GArray *within;      /* of uint32_t, or NULL */
} Installed;

const Installed *index_subject(const MatchIndex *index, uint32_t subject);

typedef enum { KEY_NAME, KEY_CPE, KEY_PURL, KEY_PART, KEY_SERIAL, KEY_HASH, ZW_KEY_COUNT } IndexKey;

/* Appends the subjects of a key (uint32_t). */
void index_find(const MatchIndex *index, IndexKey key, const char *text, GArray *subjects);
/* Appends the subjects whose folded part or serial number fits a pattern. */
void index_find_pattern(const MatchIndex *index, IndexKey key, const char *pattern, Work *work,
                        GArray *subjects);
/* Do two subjects belong together: the same, one within the other, or both within a third? */
bool index_is_together(const MatchIndex *index, uint32_t a, uint32_t b);
/* A key as the text it is kept by (match_keys.c). Free it. */
char *match_key(IndexKey key, const char *text);
/* The key of a CPE name: vendor and product; NULL when one is a wildcard. Free it. */
char *index_cpe_key(const Cpe *cpe);
/* `rp_210e_firmware` is what runs on `rp_210e`. */
bool cpe_is_firmware_of(const Cpe *firmware, const Cpe *hardware);

/* ---- match_product.c: one product of an advisory ---- */

typedef struct {
        const AdvisoryProduct *given;
        VendorName vendor; /* words NULL when not told */
        ProductName name;  /* core NULL when not told */
        bool whole_name;   /* the name is the full product name, for want of branches */
        Range *range;      /* NULL: the source states no version */
        const char *range_text;
        char *version_text; /* owned text behind range_text, or NULL */
        Cpe cpe;
        GArray *purls;    /* of Purl */
        GPtrArray *parts; /* texts: model numbers, stock keeping units, a part number in the name */
        bool open;        /* `range` is open to one side only because the source left out the other end */
} Product;

typedef struct {
        uint32_t subject;
        MatchConfidence confidence; /* NONE: the product, but the version is outside */
        int narrow; /* 2: this version is named, 1: it is in a range, 0: all versions or none stated */
        bool undecided;
        bool variant; /* the product has order numbers and the subject tells none */
        char *reason; /* NULL when outside */
} Claim;

void claim_clear(gpointer data);
/* Reads what a product is known by. Clear it. */
Product product_read(const AdvisoryProduct *given);
void product_clear(Product *product);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Product, product_clear)
/* A product that the texts of another name; what it is read from is its own. */
typedef struct {
        Product product;
        AdvisoryProduct given;
        char *name, *range;
} NamedProduct;

/* Those in its range (range_named), and each of a list in its name (GPtrArray of NamedProduct); none is the product itself. */
GPtrArray *named_products_read(const AdvisoryProduct *given);
/* The keys of its vendor, by each of his names, and its name together; none where one is not told. */
GStrv product_full_keys(const Product *product);
/* Claims on all candidates, by subject (GArray of Claim); not on all of them when no work is left. */
GArray *product_claims(const MatchIndex *index, const Product *product, Work *work);
/* Judges one pair; false when the subject is not the product at all. */
bool product_judge(const Product *product, const Installed *installed, Claim *ret_claim);

#endif
