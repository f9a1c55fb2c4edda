/* How programmes stand (`assessment`, `assessment.list`; docs/algorithms/programme.md). */
#include "analysis/evidence.h"
#include "service/programmes/programmes.h"

bool programme_of_call(const Call *call, ProgrammeId *ret_programme, GError **error)
{
        const char *name = jread_get_string(call->input, "standard");

        if (name != NULL && programme_find(name, ret_programme))
                return true;
        error_set(error, name == NULL ? ZW_ERR_USAGE : ZW_ERR_NAME_UNKNOWN, "/standard",
                  "a programme is of %s, %s, %s or %s%s%s%s", programme_name(PROGRAMME_2_1_2024),
                  programme_name(PROGRAMME_2_1_2010), programme_name(PROGRAMME_2_4),
                  programme_name(PROGRAMME_4_1), name == NULL ? "" : ", not of \"", name == NULL ? "" : name,
                  name == NULL ? "" : "\"");
        return false;
}

bool subject_of_call(const Call *call, GraphView view, ItemNo *ret_subject, GError **error)
{
        KindId kind;

        *ret_subject = ZW_ITEM_NONE;
        if (json_object_get(call->input, "subject") == NULL)
                return true;
        if (!call_item(call, view, "subject", ret_subject, error))
                return false;
        kind = graph_kind(view, *ret_subject);
        if (kind == ZW_KIND_COMPONENT || kind == ZW_KIND_SYSTEM || kind == ZW_KIND_ZONE ||
            kind == ZW_KIND_CONDUIT || kind == ZW_KIND_ASSET)
                return true;
        error_set(error, ZW_ERR_USAGE, "/subject",
                  "%s is no product, system or place that one is allocated to",
                  graph_key(view, *ret_subject));
        return false;
}

/* ---- parts ---- */

static void key_write(JWrite *w, const char *member, GraphView view, ItemNo item)
{
        jwrite_key_string(w, member, item == ZW_ITEM_NONE ? NULL : graph_key(view, item));
}

static void keys_write(JWrite *w, const char *member, GraphView view, const GArray *items)
{
        jwrite_key(w, member);
        jwrite_array_begin(w);
        for (guint i = 0; i < items->len; i++)
                jwrite_string(w, graph_key(view, g_array_index(items, ItemNo, i)));
        jwrite_array_end(w);
}

static void text_fact(JWrite *w, const char *member, GraphView view, ItemNo item, AttrId attr)
{
        size_t n = 0;
        const char *text = item == ZW_ITEM_NONE ? NULL : facts_get_text(graph_facts(view, item), attr, &n);
        g_autofree char *whole = text == NULL ? NULL : g_strndup(text, n);

        jwrite_key_string(w, member, whole);
}

static void day_fact(JWrite *w, const char *member, GraphView view, ItemNo item, AttrId attr)
{
        char text[ZW_INSTANT_TEXT];
        Instant at;

        if (item == ZW_ITEM_NONE || !facts_get_date(graph_facts(view, item), attr, &at)) {
                jwrite_key_null(w, member);
                return;
        }
        instant_format(at, text);
        text[10] = '\0';
        jwrite_key_string(w, member, text);
}

/* Procedures and records, each with what can be relied on. */
static void carriers_write(JWrite *w, const char *member, GraphView view, const GArray *items, Instant now)
{
        jwrite_key(w, member);
        jwrite_array_begin(w);
        for (guint i = 0; i < items->len; i++) {
                const ItemNo item = g_array_index(items, ItemNo, i);

                jwrite_object_begin(w);
                jwrite_key_string(w, "key", graph_key(view, item));
                jwrite_key_string(w, "title", graph_title(view, item));
                jwrite_key_string(w, "state",
                                  graph_kind(view, item) == ZW_KIND_EVIDENCE
                                          ? evidence_state_name(evidence_state(view, item, now))
                                  : graph_is_approved(view, item) ? "current"
                                                                  : "not_approved");
                jwrite_object_end(w);
        }
        jwrite_array_end(w);
}

static void gaps_write(JWrite *w, GraphView view, const GArray *gaps)
{
        jwrite_key(w, "gaps");
        jwrite_array_begin(w);
        for (guint i = 0; i < gaps->len; i++) {
                const ProgrammeGap *gap = &g_array_index(gaps, ProgrammeGap, i);

                jwrite_object_begin(w);
                jwrite_key_string(w, "gap", programme_gap_name(gap->kind));
                key_write(w, "item", view, gap->item);
                jwrite_object_end(w);
        }
        jwrite_array_end(w);
}

/* Rows of the other edition of 62443-2-1, and how they stand: a mapping is a hint, and nothing counts by it. */
static void mapped_write(JWrite *w, GraphView view, const Programme *other, RowId row)
{
        const RowId *rows = catalogue_mapped(row);

        jwrite_key(w, "mapped");
        jwrite_array_begin(w);
        for (; other != NULL && rows != NULL && *rows != ZW_ROW_NONE; rows++)
                for (guint i = 0; i < other->records->len; i++) {
                        const ProgrammeRecord *record = &g_array_index(other->records, ProgrammeRecord, i);

                        if (record->row != *rows)
                                continue;
                        jwrite_object_begin(w);
                        jwrite_key_string(w, "ref", catalogue_row(*rows)->id);
                        key_write(w, "requirement", view, record->requirement);
                        jwrite_key_string(w, "state", programme_state_name(record->state));
                        jwrite_key_level(w, "verified", record->verified);
                        jwrite_object_end(w);
                }
        jwrite_array_end(w);
}

typedef struct {
        GraphView view;
        Instant now;
        const Programme *other; /* of the other edition, or NULL */
} Asked;

static void record_write(JWrite *w, const Asked *asked, const ProgrammeRecord *record)
{
        const GraphView view = asked->view;
        const CatalogueRow *row = catalogue_row(record->row);

        jwrite_object_begin(w);
        jwrite_key_string(w, "ref", row->id);
        jwrite_key_string(w, "title", row->title);
        jwrite_key_string(w, "group", row->group);
        key_write(w, "requirement", view, record->requirement);
        text_fact(w, "organisation", view, record->requirement, ZW_ATTR_ORGANISATION);
        keys_write(w, "subjects", view, record->subjects);
        jwrite_key_string(w, "state", programme_state_name(record->state));
        jwrite_key_level(w, "target", record->target);
        key_write(w, "claim", view, record->claim);
        jwrite_key_level(w, "claimed", record->claimed);
        jwrite_key_level(w, "supported", record->supported);
        jwrite_key_level(w, "verified", record->verified);
        text_fact(w, "assessor", view, record->claim, ZW_ATTR_ASSESSOR);
        day_fact(w, "assessed", view, record->claim, ZW_ATTR_ASSESSED);
        day_fact(w, "valid_until", view, record->claim, ZW_ATTR_VALID_UNTIL);
        carriers_write(w, "procedures", view, record->procedures, asked->now);
        carriers_write(w, "records", view, record->records, asked->now);
        gaps_write(w, view, record->gaps);
        mapped_write(w, view, asked->other, record->row);
        jwrite_object_end(w);
}

static void group_members_write(JWrite *w, GraphView view, const Programme *programme,
                                const ProgrammeGroup *group)
{
        jwrite_key_string(w, "group", group->group);
        for (int i = 0; i < ZW_PROGRAMME_STATES; i++)
                jwrite_key_int(w, programme_state_name((ProgrammeState)i), (int64_t)group->n[i]);
        jwrite_key_level(w, "claimed", group->claimed);
        jwrite_key_level(w, "verified", group->verified);
        jwrite_key(w, "held_by");
        jwrite_array_begin(w);
        for (guint i = 0; i < group->holding->len; i++) {
                const ProgrammeRecord *record = &g_array_index(programme->records, ProgrammeRecord,
                                                               g_array_index(group->holding, guint, i));

                jwrite_object_begin(w);
                jwrite_key_string(w, "ref", catalogue_row(record->row)->id);
                key_write(w, "requirement", view, record->requirement);
                jwrite_object_end(w);
        }
        jwrite_array_end(w);
}

/* ---- assessment ---- */

static void organisations_write(JWrite *w, GraphView view, ProgrammeId id)
{
        g_autoptr(GPtrArray) names = programme_organisations(view, id);

        jwrite_key(w, "organisations");
        jwrite_array_begin(w);
        for (guint i = 0; i < names->len; i++)
                jwrite_string(w, names->pdata[i]);
        jwrite_array_end(w);
}

static void programme_write(JWrite *w, const Asked *asked, const Programme *programme)
{
        const guint n = programme->groups->len;

        jwrite_key(w, "groups");
        jwrite_array_begin(w);
        for (guint i = 0; i + 1 < n; i++) {
                jwrite_object_begin(w);
                group_members_write(w, asked->view, programme,
                                    &g_array_index(programme->groups, ProgrammeGroup, i));
                jwrite_object_end(w);
        }
        jwrite_array_end(w);
        jwrite_key(w, "total");
        jwrite_object_begin(w);
        group_members_write(w, asked->view, programme,
                            &g_array_index(programme->groups, ProgrammeGroup, n - 1));
        jwrite_object_end(w);
        jwrite_key(w, "records");
        jwrite_array_begin(w);
        for (guint i = 0; i < programme->records->len; i++)
                record_write(w, asked, &g_array_index(programme->records, ProgrammeRecord, i));
        jwrite_array_end(w);
}

bool usecase_assessment(Call *call, JWrite *w, GError **error)
{
        g_auto(PinnedGraph) pinned = { 0 };
        g_autoptr(Programme) programme = NULL, other = NULL;
        ProgrammeFocus focus = { .organisation = jread_get_string(call->input, "organisation"),
                                 .now = call->instant };
        ProgrammeId id;

        if (!programme_of_call(call, &id, error) || !graph_of_call(call, &pinned, error) ||
            !subject_of_call(call, pinned.view, &focus.subject, error))
                return false;
        programme = programme_assess(pinned.view, id, &focus);
        if (id == PROGRAMME_2_1_2024 || id == PROGRAMME_2_1_2010)
                other = programme_assess(pinned.view,
                                         id == PROGRAMME_2_1_2024 ? PROGRAMME_2_1_2010 : PROGRAMME_2_1_2024,
                                         &focus);
        jwrite_object_begin(w);
        jwrite_key_string(w, "standard", programme_name(id));
        jwrite_key_string(w, "organisation", focus.organisation);
        key_write(w, "subject", pinned.view, focus.subject);
        organisations_write(w, pinned.view, id);
        programme_write(w, &(Asked){ pinned.view, call->instant, other }, programme);
        jwrite_object_end(w);
        return true;
}

/* ---- assessment.list ---- */

static void listed_write(JWrite *w, GraphView view, ProgrammeId id, const char *organisation, Instant now)
{
        const ProgrammeFocus focus = { organisation, ZW_ITEM_NONE, now };
        g_autoptr(Programme) programme = programme_assess(view, id, &focus);

        jwrite_object_begin(w);
        jwrite_key_string(w, "standard", programme_name(id));
        jwrite_key_string(w, "organisation", organisation);
        group_members_write(w, view, programme,
                            &g_array_index(programme->groups, ProgrammeGroup, programme->groups->len - 1));
        jwrite_object_end(w);
}

/* Every programme by every organisation that has one; where no organisation is named, as a whole. */
bool usecase_assessment_list(Call *call, JWrite *w, GError **error)
{
        g_auto(PinnedGraph) pinned = { 0 };

        if (!graph_of_call(call, &pinned, error))
                return false;
        jwrite_array_begin(w);
        for (int id = 0; id < ZW_PROGRAMME_COUNT; id++) {
                g_autoptr(GPtrArray) names = programme_organisations(pinned.view, (ProgrammeId)id);

                for (guint i = 0; i < names->len; i++)
                        listed_write(w, pinned.view, (ProgrammeId)id, names->pdata[i], call->instant);
                if (names->len == 0)
                        listed_write(w, pinned.view, (ProgrammeId)id, NULL, call->instant);
        }
        jwrite_array_end(w);
        return true;
}
