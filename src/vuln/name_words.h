/* Words about names, as facts of the market: legal forms, brands and former names with their owner, kinds of products. All are
 * folded (lower case, one blank between). Pure functions; the tables are constants. */
#ifndef VULN_NAME_WORDS_H
#define VULN_NAME_WORDS_H

#include <stdbool.h>

/* `gmbh`, `inc`, `group`: no part of a vendor's name at its end. */
bool word_is_legal_form(const char *word);
/* Who is known to have the brand, or to have the name today; NULL when the words are neither. */
const char *words_owner(const char *words);
/* What follows a brand of the owner at the beginning of `words`; NULL when none stands there. */
const char *words_behind_brand(const char *words, const char *owner);
/* Words that say what kind of thing it is: next to a word with a digit they are no part of a product's name (`Stratix 5400
 * Industrial Ethernet Switches`). */
bool word_is_kind(const char *word);

#endif
