#include "report/words.h"

#include <glib.h>
#include <string.h>

const char *tone_class(Tone tone)
{
        static const char *const classes[] = { "", "ok", "cl", "warn", "bad", "unk", "dim" };

        return classes[tone];
}

char *word_label(const char *word)
{
        return g_strdelimit(g_strdup(word_find(word).label), "_", ' ');
}

/* The generator sorts the table by word as bytes. */
Word word_find(const char *word)
{
        size_t low = 0, high = words_count;

        while (low < high) {
                size_t middle = (low + high) / 2;
                int order = strcmp(words_table[middle].word, word);

                if (order == 0)
                        return words_table[middle];
                if (order < 0)
                        low = middle + 1;
                else
                        high = middle;
        }
        return (Word){ word, word, "", TONE_NONE };
}
