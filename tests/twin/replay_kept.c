/* A plant that is edited: after each commit, what is kept against what is computed from scratch. */
#include "analysis/kept.h"
#include "base/error.h"
#include "base/jread.h"
#include "replay.h"

#include <string.h>

static bool same_members(const GArray *a, const GArray *b)
{
        if (a->len != b->len)
                return false;
        for (guint i = 0; i < a->len; i++) {
                const MemberStatus *one = &g_array_index(a, MemberStatus, i),
                                   *other = &g_array_index(b, MemberStatus, i);

                if (one->member != other->member || one->status != other->status ||
                    one->claim != other->claim || one->broken != other->broken)
                        return false;
        }
        return true;
}

static bool same_rows(const RowAssessment *one, const RowAssessment *other)
{
        return one->status == other->status && one->broken == other->broken &&
               one->requirement == other->requirement && one->unallocated == other->unallocated &&
               one->waiver == other->waiver && same_members(one->members, other->members);
}

static bool same_places(const PlaceAssessment *one, const PlaceAssessment *other)
{
        for (RowId row = 0; row < ZW_SR_ROWS; row++)
                if (!same_rows(&one->rows[row], &other->rows[row]))
                        return false;
        for (int kind = 0; kind < ZW_LEVEL_KINDS; kind++)
                if (memcmp(place_vector(one, (LevelKind)kind), place_vector(other, (LevelKind)kind),
                           sizeof(SlVector)) != 0)
                        return false;
        return memcmp(&one->target, &other->target, sizeof(SlVector)) == 0;
}

/* The key of the first place in which they differ; "places" when these do; NULL. */
static const char *difference(Assess *kept, Assess *scratch)
{
        size_t n, m;
        const ItemNo *places = assess_places(scratch, &n), *known = assess_places(kept, &m);

        if (n != m || (n > 0 && memcmp(places, known, n * sizeof *places) != 0))
                return "places";
        for (size_t i = 0; i < n; i++) {
                g_autoptr(PlaceAssessment) one = kept_place(kept, places[i]),
                                           other = assess_place(scratch, places[i], false);

                if (one == NULL || !same_places(one, other))
                        return graph_key(assess_view(scratch), places[i]);
        }
        return NULL;
}

static void touch(Kept *kept, const json_t *commit, Seq seq)
{
        static const struct {
                const char *list, *ends[2];
        } named[] = { { "items", { "no", "no" } },
                      { "links", { "from", "to" } },
                      { "results", { "case", "run" } } };
        json_t *each;
        size_t i;

        for (size_t list = 0; list < G_N_ELEMENTS(named); list++)
                json_array_foreach(json_object_get(commit, named[list].list), i, each) for (int end = 0;
                                                                                            end < 2; end++)
                        kept_touch(kept, seq, (ItemNo)jread_get_int(each, named[list].ends[end], 0));
}

json_t *kept_json(Assess *assess G_GNUC_UNUSED, const json_t *model)
{
        g_autoptr(Graph) graph = graph_new();
        g_autoptr(Kept) kept = kept_new(ZW_KEPT_BYTES_MAX);
        g_autoptr(Kept) narrow = kept_new(1);
        g_autoptr(GError) error = NULL;
        json_t *answer = json_array(), *commit;
        size_t i;

        g_assert_true(model_apply(graph, model, 1, &error));
        json_array_foreach(json_object_get(model, "commits"), i, commit)
        {
                const Instant now = jread_get_int(commit, "now", 0);
                g_autoptr(Assess) scratch = NULL, known = NULL;
                const char *wrong;
                size_t n;

                g_assert_true(model_apply(graph, commit, i + 2, &error));
                touch(kept, commit, i + 2);
                if (json_is_true(json_object_get(commit, "unasked"))) /* several commits at once */
                        continue;
                known = kept_assess(kept, graph_pin(graph), now);
                g_assert_null(kept_assess(narrow, graph_pin(graph), now));
                scratch = assess_new(graph_pin(graph), now);
                wrong = difference(known, scratch);
                assess_places(scratch, &n);
                json_array_append_new(answer, json_pack("{s:s?, s:i, s:i}", "wrong", wrong, "computed",
                                                        (int)kept_computed(kept), "places", (int)n));
        }
        return answer;
}
