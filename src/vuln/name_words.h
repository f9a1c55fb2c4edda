/* What names are made of: folded words, and facts of the market about them, which are legal forms, brands and former names with
 * their owner, and kinds of products. All are folded (lower case, one blank between). Pure functions; the tables are constants. */
#ifndef VULN_NAME_WORDS_H
#define VULN_NAME_WORDS_H

#include <stdbool.h>
#include <stddef.h>

/* Fewer first letters are no short form. */
enum { ZW_INITIALS_MIN = 2 };

/* Lower case without accents and trade marks; what is neither letter, digit nor `+` becomes one blank, `&` the word
 * `and`. A dot stays between digits, so that `8.0` is one word, and is nothing elsewhere when `dots_away`. Free it. */
char *words_fold(const char *text, size_t n, bool dots_away);
/* Whole words of it: `siemens` begins `siemens ag`, not `siemensstadt`. */
bool words_begin(const char *text, const char *beginning);
/* The same letter as the one before it; but for `i`, which counts in Roman numbers. */
bool letter_is_doubled(const char *begin, const char *p);

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
