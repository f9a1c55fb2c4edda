/* The requirements a programme begins with: one for each row that has none yet for the organisation and the subject
 * (`assessment.start`). */
#include "service/analyses/risk.h"
#include "service/programmes/programmes.h"

#include <inttypes.h>

typedef struct {
        ProgrammeId id;
        const char *organisation, *subject; /* the key; or NULL */
        int64_t target;                     /* 0: none */
} Start;

/* Who answers for it, as the parts of the series speak to. */
static const char *const responsible[ZW_PROGRAMME_COUNT] = {
        [PROGRAMME_2_1_2024] = "owner",
        [PROGRAMME_2_1_2010] = "owner",
        [PROGRAMME_2_4] = "integrator",
        [PROGRAMME_4_1] = "supplier",
};

static void requirement_begin(const Start *start, RowId row, uint64_t number, json_t *ops)
{
        g_autofree char *key = g_strdup_printf("%s-%" PRIu64, kind_def(ZW_KIND_REQUIREMENT)->prefix, number),
                        *ref = catalogue_ref(row);
        json_t *attrs = json_pack("{s:s, s:s, s:s, s:s, s:s}", "ref", ref, "level", "organisation",
                                  "discipline", "security", "responsible", responsible[start->id],
                                  "organisation", start->organisation);

        if (start->target > 0)
                json_object_set_new(attrs, "maturity_target", json_integer(start->target));
        json_array_append_new(ops, json_pack("{s:s, s:s, s:i, s:s, s:o, s:o}", "op", "item", "key", key,
                                             "rev", 0, "kind", kind_def(ZW_KIND_REQUIREMENT)->name, "title",
                                             json_sprintf("%s: %s", catalogue_row(row)->id,
                                                          catalogue_row(row)->title),
                                             "attrs", attrs));
        if (start->subject != NULL)
                json_array_append_new(ops, json_pack("{s:s, s:s, s:s, s:s}", "op", "link", "from", key,
                                                     "type", link_type_def(ZW_LINK_ALLOCATED_TO)->name, "to",
                                                     start->subject));
}

static bool start_of_call(const Call *call, Start *ret_start, GError **error)
{
        ret_start->organisation = jread_get_string(call->input, "organisation");
        ret_start->target = jread_get_int(call->input, "target", 0);
        if (ret_start->organisation == NULL || ret_start->organisation[0] == '\0') {
                error_set(error, ZW_ERR_USAGE, "/organisation", "whose programme it is has to be said");
                return false;
        }
        if (ret_start->target < 0 || ret_start->target > MATURITY_MAX) {
                error_set(error, ZW_ERR_USAGE, "/target", "a maturity level is 1 to %d", MATURITY_MAX);
                return false;
        }
        return programme_of_call(call, &ret_start->id, error);
}

bool usecase_assessment_start(Call *call, JWrite *w, GError **error)
{
        g_auto(PinnedGraph) pinned = { 0 };
        g_autoptr(Programme) programme = NULL;
        g_autoptr(Json) ops = json_array(), made = NULL;
        Start start = { 0 };
        ProgrammeFocus focus = { .now = call->instant };
        uint64_t next;
        int64_t n = 0;

        if (!start_of_call(call, &start, error) || !graph_of_call(call, &pinned, error) ||
            !subject_of_call(call, pinned.view, &focus.subject, error) || !replay_made(call, &made, error))
                return false;
        focus.organisation = start.organisation;
        start.subject = focus.subject == ZW_ITEM_NONE ? NULL : graph_key(pinned.view, focus.subject);
        programme = programme_assess(pinned.view, start.id, &focus);
        next = item_next_number(pinned.view, ZW_KIND_REQUIREMENT);
        for (guint i = 0; i < programme->records->len; i++) {
                const ProgrammeRecord *record = &g_array_index(programme->records, ProgrammeRecord, i);

                if (record->requirement != ZW_ITEM_NONE)
                        continue;
                requirement_begin(&start, record->row, next++, ops);
                n++;
        }
        jwrite_object_begin(w);
        jwrite_key_string(w, "standard", programme_name(start.id));
        jwrite_key_string(w, "organisation", start.organisation);
        jwrite_key_string(w, "subject", start.subject);
        jwrite_key_int(w, "added", made == NULL ? n : (int64_t)json_array_size(made));
        if (!edit_call(call, ops, "requirements of the programme", w, error))
                return false;
        jwrite_object_end(w);
        return true;
}
