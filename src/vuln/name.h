/* Names of vendors and products, brought to a form in which spellings of one name are equal: `Siemens AG` and `SIEMENS`,
 * `SCALANCE XCM332 (6GK5332-0GA01-2AC2)` and `Scalance XCM332`. Conservative: nothing is guessed from words in common.
 * The rules are project practice (docs/algorithms/matching.md). Pure functions. */
#ifndef VULN_NAME_H
#define VULN_NAME_H

#include <glib.h>
#include <stdbool.h>

typedef enum { NAME_OTHER, NAME_NEAR, NAME_SPELT, NAME_SAME } NameAnswer;

typedef struct {
        char *words;       /* folded, one blank between; without legal forms */
        char *alias;       /* a short form given in parentheses, folded, or NULL */
        const char *owner; /* who is known to have the brand, or to have the name today; or NULL */
} VendorName;

void vendor_name_clear(VendorName *name);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(VendorName, vendor_name_clear)
VendorName vendor_name_read(const char *text);
/* NEAR: one name begins with the other. SPELT: the same name written in another way: one letter differs, in names of six letters or
 * more, or is doubled; it stands behind other words; or it is given by its initials. Two names without words are not the same. */
NameAnswer vendor_name_compare(const VendorName *a, const VendorName *b);
/* `grundfos` of `grundfos pumps`, where that word says who it is; NULL for others. Free it. */
char *vendor_name_first(const VendorName *name);
/* The vendor's name is the beginning of `text`, such as a publisher `Siemens ProductCERT`. */
bool vendor_name_begins(const VendorName *vendor, const char *text);

typedef enum { LAYER_NONE, LAYER_FIRMWARE, LAYER_HARDWARE } NameLayer;

typedef struct {
        char *core; /* folded; without the vendor, part numbers, a series, and words at the end that are no name */
        char *key; /* the core by which names are equal: without blanks but between digits, doubled letters of long words once, no `s` at the end */
        char *series;    /* `8.0.x` of `IntelliSpace Portal 8.0.x`, or NULL */
        char *part;      /* a part number in parentheses, folded, or NULL */
        NameLayer layer; /* firmware and hardware of one product are two things */
        bool model;      /* it ended in the word `model` */
        bool coined;     /* a word was made up, as capitals within it show: `LeviStudioU` */
} ProductName;

void product_name_clear(ProductName *name);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ProductName, product_name_clear)
/* `vendor` may be NULL. */
ProductName product_name_read(const char *text, const VendorName *vendor);

/* The names of a list such as `JetWave 2411/2111`, to be freed; NULL for any other text. */
char **product_name_list(const char *text);
/* The key of `vendor` and `core` together, for names that are written as one; free it. */
char *product_name_key(const char *vendor, const char *core);
/* The name has a word of five or more letters and digits together, so that the vendor is hardly needed to know it. */
bool product_name_is_distinct(const ProductName *name);
/* The name is one that others will not have by chance: of six signs, and two words, with a digit or coined. */
bool product_name_is_own(const ProductName *name);

/* A part, model or serial number without blanks, dashes and case; free it. */
char *number_fold(const char *text);
/* Does a number fit a pattern with `?` (one sign), `*` (any) and `\` before either? Both are folded first. A pattern without
 * a letter or digit fits nothing. */
bool number_fits(const char *pattern, const char *number);
bool number_is_pattern(const char *pattern);
/* Looks like an order number: letters and digits, five signs or more, no blank, such as `6GK5332-0GA01-2AC2`. */
bool number_is_part(const char *text);

#endif
