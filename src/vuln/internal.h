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
        WORK_FIND = 1, /* of one thing that has a key */
        WORK_PATTERN = 5,
        WORK_CLAIM = 20,  /* also bounds what claims are kept */
        WORK_VENDOR = 20, /* one vendor against another */
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

/* ---- match_installed.c: what is written of what is installed ---- */

typedef struct {
        char *text;      /* NULL when not known */
        VendorName name; /* words NULL when not known */
        bool wild;       /* something of it has a CPE name with wildcards, which has no key */
} InstalledVendor;

void installed_vendor_free(gpointer data);

/* All subjects of which the same is written are one, but for their serial numbers: what is judged of one holds for all. */
typedef struct {
        const InstalledVendor *vendor; /* of the index */
        char *product_text, *version, *part_text;
        ProductName name; /* core NULL when not known */
        char *part;       /* folded, or NULL */
        Cpe cpe;          /* value[0] NULL when there is none */
        Purl purl;        /* type NULL when there is none */
        char **hashes;    /* lower case, or NULL */
        GArray *subjects; /* of uint32_t, in order */
} Installed;

/* The vendor as the subject names it, or as its CPE name does; NULL when neither. Free it. */
char *installed_vendor_text(const MatchSubject *subject);
InstalledVendor *installed_vendor_read(const MatchSubject *subject);
Installed *installed_read(const MatchSubject *subject, const InstalledVendor *vendor);
void installed_free(gpointer data);
/* A text that is the same for subjects of which the same is written. Free it. */
char *installed_key(const MatchSubject *subject);

typedef enum { KEY_NAME, KEY_CPE, KEY_PURL, KEY_PART, KEY_SERIAL, KEY_HASH, ZW_KEY_COUNT } IndexKey;

typedef struct {
        IndexKey key;
        char *text;
} InstalledKey;

/* All texts under which something is looked up; a serial number is not among them, which a subject has alone. */
typedef struct {
        InstalledKey *all;
        size_t n;
        bool wild; /* it has a CPE name with wildcards, which has no key */
} InstalledKeys;

InstalledKeys installed_keys(const Installed *installed);
void installed_keys_clear(InstalledKeys *keys);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(InstalledKeys, installed_keys_clear)
/* The key of a CPE name: vendor and product; NULL when one is a wildcard. Free it. */
char *index_cpe_key(const Cpe *cpe);
/* `rp_210e_firmware` is what runs on `rp_210e`. */
bool cpe_is_firmware_of(const Cpe *firmware, const Cpe *hardware);

/* ---- match_index.c: what is installed, by its keys ---- */

/* The serial number of a subject; texts NULL when it has none. */
typedef struct {
        char *text, *folded;
} Serial;

const Installed *index_installed(const MatchIndex *index, uint32_t installed);
uint32_t index_installed_of(const MatchIndex *index, uint32_t subject);
const Serial *index_serial(const MatchIndex *index, uint32_t subject);

/* Something installed and its vendor, by their numbers; with KEY_SERIAL a subject, and no vendor. */
typedef struct {
        uint32_t vendor, installed;
} Posting;

/* What has a key, *ret_n of them, by vendor with KEY_NAME; NULL when there is none. */
const Posting *index_find(const MatchIndex *index, IndexKey key, const char *text, size_t *ret_n);
const InstalledVendor *index_vendor(const MatchIndex *index, uint32_t vendor);
/* Called for each text of a key, KEY_PART or KEY_SERIAL, that fits a pattern. */
typedef void (*IndexFound)(const char *text, void *payload);
void index_find_pattern(const MatchIndex *index, IndexKey key, const char *pattern, Work *work,
                        IndexFound found, void *payload);
/* Do two subjects belong together: the same, one within the other, or both within a third? */
bool index_is_together(const MatchIndex *index, uint32_t a, uint32_t b);
/* A key as the text it is kept by (match_keys.c). Free it. */
char *match_key(IndexKey key, const char *text);
/* The text in place of a part or serial number that stands for any of them, since a pattern may fit it. */
#define ZW_KEY_ANY "*"
/* A number that advisories write is looked up as it is, or tried as a pattern. */
bool number_is_exact(const char *number);

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
        bool variant;       /* the product has order numbers and the subject tells none */
        const char *reason; /* NULL when outside; lives as long as the texts it was put into */
} Claim;

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
/* Claims on all candidates, by subject (GArray of Claim, reasons in `reasons`); not on all of them when no work is left. */
GArray *product_claims(const MatchIndex *index, const Product *product, GStringChunk *reasons, Work *work);

/* ---- match_judge.c: one product of an advisory against one thing installed ---- */

/* What is asked of many things for one product; answers that are the same for many of them are kept. */
typedef struct {
        const Product *product;
        GStrv full;                   /* product_full_keys */
        const InstalledVendor *asked; /* of whom the vendor was compared last, */
        NameAnswer answer;            /* and what came out */
        GString *reason;
} Question;

Question question_new(const Product *product);
void question_clear(Question *question);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Question, question_clear)
/* Whether the product's vendor is this one, as far as names are to be believed. */
NameAnswer question_vendor(Question *question, const InstalledVendor *vendor);
/* Judges one pair; false when it is not the product at all. `serial` is that of the subject. */
bool question_judge(Question *question, const Installed *installed, const Serial *serial,
                    GStringChunk *reasons, Claim *ret_claim);

#endif
