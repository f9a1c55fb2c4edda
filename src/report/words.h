/* The words of the program as people read them: a label, a sign and a tone for each (data/reports/words.tsv, compiled in).
 * A tone never stands without its sign and label, so colour carries nothing alone. Thread-safe: constant data. */
#ifndef REPORT_WORDS_H
#define REPORT_WORDS_H

typedef enum { TONE_NONE, TONE_OK, TONE_CLAIMED, TONE_WARN, TONE_BAD, TONE_UNKNOWN, TONE_DIM } Tone;

typedef struct {
        const char *word, *label;
        const char *sign; /* or "" */
        Tone tone;
} Word;

/* The word's row; a word the table does not know is its own label. */
Word word_find(const char *word);
/* Its label; blanks for underscores where the table does not know it. Free it. */
char *word_label(const char *word);
/* Class of a tone in the style sheet; "" for none. */
const char *tone_class(Tone tone);

extern const Word words_table[];
extern const unsigned words_count;

#endif
