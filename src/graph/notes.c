/* What is asked of a view. */
#include "graph/internal.h"

/* One list. An item is in it when its round is that of the list; a list inside another one takes over the round of what both have, so
 * the outer one may get that twice. */
typedef struct {
        GArray *items; /* of ItemNo */
        uint32_t round;
        bool missed;
} Asked;

struct GraphNotes {
        GArray *lists;  /* of Asked; the last one is written */
        GArray *rounds; /* of uint32_t, by item */
        uint32_t round; /* the last one given */
};

GraphNotes *graph_notes_new(void)
{
        GraphNotes *notes = g_new0(GraphNotes, 1);

        notes->lists = g_array_new(FALSE, FALSE, sizeof(Asked));
        notes->rounds = g_array_new(FALSE, TRUE, sizeof(uint32_t));
        return notes;
}

void graph_notes_free(GraphNotes *notes)
{
        if (notes == NULL)
                return;
        for (guint i = 0; i < notes->lists->len; i++)
                g_array_unref(g_array_index(notes->lists, Asked, i).items);
        g_array_unref(notes->lists);
        g_array_unref(notes->rounds);
        g_free(notes);
}

void graph_notes_begin(GraphNotes *notes)
{
        Asked asked = { .items = g_array_new(FALSE, FALSE, sizeof(ItemNo)) };

        if (notes->lists->len == 0 && notes->round > UINT32_MAX / 2) { /* no round comes twice */
                memset(notes->rounds->data, 0, notes->rounds->len * sizeof(uint32_t));
                notes->round = 0;
        }
        asked.round = ++notes->round;
        g_array_append_val(notes->lists, asked);
}

GArray *graph_notes_end(GraphNotes *notes, bool *ret_missed)
{
        const Asked asked = g_array_index(notes->lists, Asked, notes->lists->len - 1);

        g_array_set_size(notes->lists, notes->lists->len - 1);
        *ret_missed = asked.missed;
        return asked.items;
}

static Asked *written(GraphNotes *notes)
{
        return notes->lists->len == 0 ? NULL : &g_array_index(notes->lists, Asked, notes->lists->len - 1);
}

void notes_ask(GraphNotes *notes, ItemNo item)
{
        Asked *asked = written(notes);
        uint32_t *round;

        if (asked == NULL)
                return;
        if (item >= notes->rounds->len)
                g_array_set_size(notes->rounds, item + 1);
        round = &g_array_index(notes->rounds, uint32_t, item);
        if (*round == asked->round)
                return;
        *round = asked->round;
        g_array_append_val(asked->items, item);
}

void notes_miss(GraphNotes *notes)
{
        Asked *asked = written(notes);

        if (asked != NULL)
                asked->missed = true;
}
