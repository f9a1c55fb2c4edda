#include "analysis/reassess.h"

#include "analysis/evidence.h"
#include "analysis/internal.h"
#include "analysis/programme.h"

#include <string.h>

enum { SUCCESSORS_MAX = 100, DEPTH_MAX = 32 };

typedef struct {
        GraphView view;
        Instant now;
        GArray *triggers;
} Looking;

const char *reassess_reason_name(ReassessReason reason)
{
        static const char *const names[] = {
                [REASSESS_CERTIFICATE_EXPIRED] = "certificate_expired",
                [REASSESS_CERTIFICATE_EXPIRING] = "certificate_expiring",
                [REASSESS_BEYOND_SCOPE] = "beyond_scope",
                [REASSESS_COMPETENCE_EXPIRED] = "competence_expired",
                [REASSESS_COMPETENCE_EXPIRING] = "competence_expiring",
                [REASSESS_ASSESSMENT_EXPIRED] = "assessment_expired",
                [REASSESS_ASSESSMENT_EXPIRING] = "assessment_expiring",
                [REASSESS_PROCEDURE_CHANGED] = "procedure_changed",
                [REASSESS_INCIDENT] = "incident",
        };

        return names[reason];
}

/* What one reason and item call for is one trigger. */
static void trigger_add(Looking *looking, ReassessReason reason, ItemNo because, ItemNo item, Instant ends)
{
        ReassessTrigger made = { reason, because, NULL, ends };

        for (guint i = 0; i < looking->triggers->len; i++) {
                const ReassessTrigger *old = &g_array_index(looking->triggers, ReassessTrigger, i);

                if (old->reason != reason || old->because != because)
                        continue;
                items_add(old->items, item);
                return;
        }
        made.items = g_array_new(FALSE, FALSE, sizeof(ItemNo));
        g_array_append_val(made.items, item);
        g_array_append_val(looking->triggers, made);
}

/* `reason` is that of what has ended; that of what ends soon comes after it. */
static void end_look(Looking *looking, ItemNo item, ReassessReason reason)
{
        Instant last;

        if (!facts_get_date(graph_facts(looking->view, item), ZW_ATTR_VALID_UNTIL, &last))
                return;
        if (looking->now >= last + ZW_DAY_MS)
                trigger_add(looking, reason, item, item, last);
        else if (last - looking->now < EVIDENCE_SOON_DAYS * ZW_DAY_MS)
                trigger_add(looking, reason + 1, item, item, last);
}

/* ---- certificates ---- */

/* `2.1` is itself; `2.*` whatever begins with `2.`. */
static bool version_fits(const char *pattern, size_t n, const char *version, size_t version_n)
{
        if (n > 0 && pattern[n - 1] == '*')
                return version_n >= n - 1 && memcmp(pattern, version, n - 1) == 0;
        return version_n == n && memcmp(pattern, version, n) == 0;
}

/* A certificate that states no version covers all of them. */
static bool is_covered(GraphView view, ItemNo certificate, ItemNo component)
{
        const Facts facts = graph_facts(view, certificate);
        FactsIter scope = facts_iter(facts, ZW_ATTR_SCOPE);
        size_t n, version_n;
        const char *pattern = facts_get_text(facts, ZW_ATTR_VERSION, &n),
                   *version = facts_get_text(graph_facts(view, component), ZW_ATTR_VERSION, &version_n);
        bool stated = pattern != NULL;

        if (version == NULL)
                return !stated && !facts_has(facts, ZW_ATTR_SCOPE);
        if (stated && version_fits(pattern, n, version, version_n))
                return true;
        while (facts_next_text(&scope, &pattern, &n)) {
                stated = true;
                if (version_fits(pattern, n, version, version_n))
                        return true;
        }
        return !stated;
}

/* The product, and what replaced it since. */
static void scope_look(Looking *looking, ItemNo certificate, ItemNo component)
{
        const GraphView view = looking->view;

        for (int i = 0; i < SUCCESSORS_MAX && component != ZW_ITEM_NONE; i++) {
                if (graph_is_live(view, component) && !is_covered(view, certificate, component))
                        trigger_add(looking, REASSESS_BEYOND_SCOPE, component, certificate, 0);
                component = graph_first(view, component, GRAPH_IN, ZW_LINK_SUPERSEDES);
        }
}

static void evidence_look(Looking *looking, ItemNo evidence)
{
        const int nature = facts_get_enum(graph_facts(looking->view, evidence), ZW_ATTR_NATURE);
        GraphIter iter = graph_iter(looking->view, evidence, GRAPH_OUT, LINK_MASK(ZW_LINK_CONCERNS));
        GraphEdge edge;

        if (nature == ZW_VALUE_EVIDENCE_NATURE_COMPETENCE)
                end_look(looking, evidence, REASSESS_COMPETENCE_EXPIRED);
        if (nature != ZW_VALUE_EVIDENCE_NATURE_CERTIFICATE)
                return;
        end_look(looking, evidence, REASSESS_CERTIFICATE_EXPIRED);
        while (graph_next(&iter, &edge))
                if (graph_kind(looking->view, edge.other) == ZW_KIND_COMPONENT)
                        scope_look(looking, evidence, edge.other);
}

/* ---- assessments ---- */

static void procedures_look(Looking *looking, ItemNo of, GraphSide side, LinkTypeId type, ItemNo claim)
{
        GraphIter iter = graph_iter(looking->view, of, side, LINK_MASK(type));
        GraphEdge edge;

        while (graph_next(&iter, &edge))
                if (graph_is_live(looking->view, edge.other) &&
                    graph_kind(looking->view, edge.other) == ZW_KIND_DOCUMENT &&
                    graph_link_is_suspect(looking->view, edge.link))
                        trigger_add(looking, REASSESS_PROCEDURE_CHANGED, edge.other, claim, 0);
}

/* Is the item the subject, an instance of it, or a part of it? */
static bool lies_in(GraphView view, ItemNo item, ItemNo subject)
{
        for (int i = 0; i < DEPTH_MAX && item != ZW_ITEM_NONE; i++) {
                if (item == subject || graph_first(view, item, GRAPH_OUT, ZW_LINK_INSTANCE_OF) == subject)
                        return true;
                item = graph_first(view, item, GRAPH_OUT, ZW_LINK_PART_OF);
        }
        return false;
}

static bool incident_is_about(GraphView view, ItemNo incident, const ProgrammeRecord *record)
{
        GraphIter iter = graph_iter(view, incident, GRAPH_OUT, LINK_MASK(ZW_LINK_CONCERNS));
        GraphEdge edge;

        while (graph_next(&iter, &edge)) {
                if (edge.other == record->requirement || edge.other == record->claim)
                        return true;
                for (guint i = 0; i < record->subjects->len; i++)
                        if (lies_in(view, edge.other, g_array_index(record->subjects, ItemNo, i)))
                                return true;
        }
        return false;
}

static void incidents_look(Looking *looking, const GArray *incidents, const ProgrammeRecord *record)
{
        Instant assessed, occurred;

        if (!facts_get_date(graph_facts(looking->view, record->claim), ZW_ATTR_ASSESSED, &assessed))
                return;
        for (guint i = 0; i < incidents->len; i++) {
                const ItemNo incident = g_array_index(incidents, ItemNo, i);

                if (facts_get_date(graph_facts(looking->view, incident), ZW_ATTR_OCCURRED, &occurred) &&
                    occurred > assessed && occurred <= looking->now &&
                    incident_is_about(looking->view, incident, record))
                        trigger_add(looking, REASSESS_INCIDENT, incident, record->claim, 0);
        }
}

static void record_look(Looking *looking, const GArray *incidents, const ProgrammeRecord *record)
{
        if (record->claim == ZW_ITEM_NONE || record->state == PROGRAMME_NOT_APPLICABLE)
                return;
        end_look(looking, record->claim, REASSESS_ASSESSMENT_EXPIRED);
        procedures_look(looking, record->requirement, GRAPH_IN, ZW_LINK_EVIDENCES, record->claim);
        procedures_look(looking, record->claim, GRAPH_IN, ZW_LINK_EVIDENCES, record->claim);
        procedures_look(looking, record->claim, GRAPH_OUT, ZW_LINK_RESTS_ON, record->claim);
        incidents_look(looking, incidents, record);
}

static void programmes_look(Looking *looking, const GArray *incidents)
{
        const ProgrammeFocus focus = { NULL, ZW_ITEM_NONE, looking->now };

        for (int id = 0; id < ZW_PROGRAMME_COUNT; id++) {
                g_autoptr(Programme) programme = programme_assess(looking->view, (ProgrammeId)id, &focus);

                for (guint i = 0; i < programme->records->len; i++)
                        record_look(looking, incidents,
                                    &g_array_index(programme->records, ProgrammeRecord, i));
        }
}

/* ---- all of them ---- */

static void trigger_clear(gpointer data)
{
        g_array_unref(((ReassessTrigger *)data)->items);
}

static int trigger_compare(gconstpointer a, gconstpointer b)
{
        const ReassessTrigger *left = a, *right = b;

        if (left->reason != right->reason)
                return left->reason < right->reason ? -1 : 1;
        return (left->because > right->because) - (left->because < right->because);
}

GArray *reassess_find(GraphView view, Instant now)
{
        Looking looking = { view, now, g_array_new(FALSE, FALSE, sizeof(ReassessTrigger)) };
        g_autoptr(GArray) incidents = g_array_new(FALSE, FALSE, sizeof(ItemNo));

        g_array_set_clear_func(looking.triggers, trigger_clear);
        for (ItemNo item = 0; item < graph_item_count(view); item++) {
                if (!graph_exists(view, item) || !graph_is_live(view, item))
                        continue;
                if (graph_kind(view, item) == ZW_KIND_EVIDENCE)
                        evidence_look(&looking, item);
                else if (graph_kind(view, item) == ZW_KIND_INCIDENT)
                        g_array_append_val(incidents, item);
        }
        programmes_look(&looking, incidents);
        g_array_sort(looking.triggers, trigger_compare);
        for (guint i = 0; i < looking.triggers->len; i++)
                g_array_sort(g_array_index(looking.triggers, ReassessTrigger, i).items, item_compare);
        return looking.triggers;
}
