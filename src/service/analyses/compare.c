#include "service/analyses/compare.h"

#include "analysis/assess.h"
#include "base/verify.h"

#include <string.h>

typedef struct {
        JWrite *w;
        Assess *assess[2]; /* before and after */
        ItemNo place;
        uint64_t stages[2][ZW_STAGE_COUNT]; /* demanded rows by stage, before and after */
        uint64_t n;
} Comparing;

static void place_begin(const Comparing *c, const bool there[2])
{
        GraphView view = assess_view(c->assess[there[1]]);

        jwrite_object_begin(c->w);
        jwrite_key_string(c->w, "place", graph_key(view, c->place));
        jwrite_key_string(c->w, "title", graph_title(view, c->place));
        jwrite_key_string(c->w, "change", !there[0] ? "added" : !there[1] ? "removed" : NULL);
}

static void level_write(JWrite *w, const char *key, int level)
{
        if (level == ZW_SL_UNKNOWN)
                jwrite_key_null(w, key);
        else
                jwrite_key_int(w, key, level);
}

/* One vector, entry by entry; a place that is not there has none. */
static void vector_compare(Comparing *c, const char *name, const SlVector *old, const SlVector *new)
{
        for (int i = 0; i < ZW_FR_COUNT; i++) {
                const int before = old == NULL ? ZW_SL_UNKNOWN : old->e[i],
                          after = new == NULL ? ZW_SL_UNKNOWN : new->e[i];

                if (before == after)
                        continue;
                c->n++;
                jwrite_object_begin(c->w);
                jwrite_key_string(c->w, "vector", name);
                jwrite_key_int(c->w, "fr", i + 1);
                level_write(c->w, "old", before);
                level_write(c->w, "new", after);
                jwrite_object_end(c->w);
        }
}

static void levels_compare(Comparing *c, const PlaceAssessment *old, const PlaceAssessment *new)
{
        static const char *const names[] = { [LEVEL_VERIFIED] = "verified",
                                             [LEVEL_CLAIMED] = "claimed",
                                             [LEVEL_VERIFIED_WITH_FINDINGS] = "verified_with_findings",
                                             [LEVEL_CLAIMED_WITH_FINDINGS] = "claimed_with_findings" };

        jwrite_key(c->w, "levels");
        jwrite_array_begin(c->w);
        vector_compare(c, "target", old == NULL ? NULL : &old->target, new == NULL ? NULL : &new->target);
        for (int kind = 0; kind < ZW_LEVEL_KINDS; kind++)
                vector_compare(c, names[kind], old == NULL ? NULL : place_vector(old, (LevelKind)kind),
                               new == NULL ? NULL : place_vector(new, (LevelKind)kind));
        jwrite_array_end(c->w);
}

typedef struct {
        RowStatus status;
        RowStage stage;
        bool broken;
} RowState;

static RowState row_state(const Comparing *c, int when, const RowAssessment *row)
{
        return (RowState){ row->status, row_stage(assess_view(c->assess[when]), row), row->broken };
}

static void row_state_write(JWrite *w, const char *key, const RowState *state)
{
        jwrite_key(w, key);
        if (state == NULL) {
                jwrite_null(w);
                return;
        }
        jwrite_object_begin(w);
        jwrite_key_string(w, "status", row_status_name(state->status));
        jwrite_key_string(w, "stage", row_stage_name(state->stage));
        jwrite_key_bool(w, "broken", state->broken);
        jwrite_object_end(w);
}

static bool row_differs(const RowState *old, const RowState *new)
{
        return old == NULL || new == NULL || old->status != new->status || old->stage != new->stage ||
               old->broken != new->broken;
}

static void row_compare(Comparing *c, RowId id, const PlaceAssessment *old, const PlaceAssessment *new)
{
        const RowAssessment *rows[2] = { old == NULL ? NULL : &old->rows[id],
                                         new == NULL ? NULL : &new->rows[id] };
        RowState states[2];
        const RowState *given[2] = { NULL, NULL };
        const RowAssessment *named = rows[1] == NULL ? rows[0] : rows[1];

        for (int i = 0; i < 2; i++)
                if (rows[i] != NULL) {
                        states[i] = row_state(c, i, rows[i]);
                        given[i] = &states[i];
                }
        if (!row_differs(given[0], given[1]))
                return;
        ZW_VERIFY(named != NULL); /* the place is there in one of the states */
        if (named->requirement == ZW_ITEM_NONE && rows[0] != NULL)
                named = rows[0];
        c->n++;
        jwrite_object_begin(c->w);
        jwrite_key_string(c->w, "ref", catalogue_row(id)->id);
        jwrite_key_string(c->w, "title", catalogue_row(id)->title);
        jwrite_key_string(c->w, "requirement",
                          named->requirement == ZW_ITEM_NONE
                                  ? NULL
                                  : graph_key(assess_view(c->assess[named == rows[1]]), named->requirement));
        row_state_write(c->w, "old", given[0]);
        row_state_write(c->w, "new", given[1]);
        jwrite_object_end(c->w);
}

static bool vectors_equal(const SlVector *a, const SlVector *b)
{
        return memcmp(a->e, b->e, sizeof(a->e)) == 0;
}

static bool places_differ(const Comparing *c, const PlaceAssessment *old, const PlaceAssessment *new)
{
        if (old == NULL || new == NULL || !vectors_equal(&old->target, &new->target))
                return true;
        for (int kind = 0; kind < ZW_LEVEL_KINDS; kind++)
                if (!vectors_equal(place_vector(old, (LevelKind)kind), place_vector(new, (LevelKind)kind)))
                        return true;
        for (RowId row = 0; row < ZW_SR_ROWS; row++) {
                const RowState before = row_state(c, 0, &old->rows[row]),
                               after = row_state(c, 1, &new->rows[row]);

                if (row_differs(&before, &after))
                        return true;
        }
        return false;
}

/* How far the rows that the SL-T demands have come. */
static void stages_count(Comparing *c, int when, const PlaceAssessment *place)
{
        for (RowId row = 0; place != NULL && row < ZW_SR_ROWS; row++) {
                const int level = place->target.e[catalogue_row(row)->fr - 1];

                if (level > 0 && catalogue_demanded(row, level))
                        c->stages[when][row_stage(assess_view(c->assess[when]), &place->rows[row])]++;
        }
}

static void coverage_write(const Comparing *c)
{
        jwrite_key(c->w, "coverage");
        jwrite_array_begin(c->w);
        for (int stage = 0; stage < ZW_STAGE_COUNT; stage++) {
                jwrite_object_begin(c->w);
                jwrite_key_string(c->w, "stage", row_stage_name((RowStage)stage));
                jwrite_key_int(c->w, "old", (int64_t)c->stages[0][stage]);
                jwrite_key_int(c->w, "new", (int64_t)c->stages[1][stage]);
                jwrite_object_end(c->w);
        }
        jwrite_array_end(c->w);
}

static void place_compare(Comparing *c)
{
        g_autoptr(PlaceAssessment) old = NULL, new = NULL;
        bool there[2];

        for (int i = 0; i < 2; i++)
                there[i] = graph_is_live(assess_view(c->assess[i]), c->place);
        old = there[0] ? assess_place(c->assess[0], c->place, false) : NULL;
        new = there[1] ? assess_place(c->assess[1], c->place, false) : NULL;
        stages_count(c, 0, old);
        stages_count(c, 1, new);
        if (!places_differ(c, old, new))
                return;
        place_begin(c, there);
        levels_compare(c, old, new);
        jwrite_key(c->w, "rows");
        jwrite_array_begin(c->w);
        for (RowId row = 0; row < ZW_SR_ROWS; row++)
                row_compare(c, row, old, new);
        jwrite_array_end(c->w);
        jwrite_object_end(c->w);
}

/* The places of both states, each once: those there were before, then those that are new. */
static GArray *places_of(const Comparing *c)
{
        GArray *places = g_array_new(FALSE, FALSE, sizeof(ItemNo));
        size_t n;
        const ItemNo *list = assess_places(c->assess[0], &n);

        g_array_append_vals(places, list, (guint)n);
        list = assess_places(c->assess[1], &n);
        for (size_t i = 0; i < n; i++)
                if (!graph_is_live(assess_view(c->assess[0]), list[i]))
                        g_array_append_val(places, list[i]);
        return places;
}

uint64_t compare_places_write(JWrite *w, const AnalysedState *old, const AnalysedState *new, ItemNo only)
{
        g_autoptr(Assess) before = assess_new(old->view, old->instant),
                          after = assess_new(new->view, new->instant);
        Comparing c = { .w = w, .assess = { before, after } };
        g_autoptr(GArray) places = places_of(&c);

        jwrite_key(w, "places");
        jwrite_array_begin(w);
        for (guint i = 0; i < places->len; i++) {
                c.place = g_array_index(places, ItemNo, i);
                if (only == ZW_ITEM_NONE || only == c.place)
                        place_compare(&c);
        }
        jwrite_array_end(w);
        coverage_write(&c);
        return c.n;
}
