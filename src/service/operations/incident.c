/* Incidents: each with what it affects, whether it was foreseen, what failed, what is done about it, and its deadlines of notification
 * (docs/algorithms/operation.md). */
#include "base/near.h"
#include "service/analyses/risk.h"
#include "service/lists/past.h"
#include "service/operations/operation.h"

#include <string.h>

#define KIND(kind) (UINT64_C(1) << ZW_KIND_##kind)
#define LINK(type) (UINT64_C(1) << ZW_LINK_##type)

enum { SECOND_MS = 1000 };

/* ---- what it affects ---- */

/* The things it concerns, and the places that those lie in: zones and conduits, each once. */
static void affected_write(const WorkItem *work, JWrite *w)
{
        GraphIter iter = graph_iter(work->view, work->rev->no, GRAPH_OUT, LINK_MASK(ZW_LINK_CONCERNS));
        g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
        GraphEdge edge;

        work_links_write(work, w, "assets", GRAPH_OUT, LINK(CONCERNS),
                         KIND(ASSET) | KIND(COMPONENT) | KIND(ACCESS_POINT) | KIND(CONFIGURATION));
        jwrite_key(w, "affected_places");
        jwrite_array_begin(w);
        while (graph_next(&iter, &edge)) {
                const KindId kind = graph_kind(work->view, edge.other);
                const ItemNo place = kind == ZW_KIND_ZONE || kind == ZW_KIND_CONDUIT
                                             ? edge.other
                                             : graph_first(work->view, edge.other, GRAPH_OUT,
                                                           ZW_LINK_PART_OF);

                if (place != ZW_ITEM_NONE && g_hash_table_add(seen, GUINT_TO_POINTER(place)))
                        work_item_write(w, work->view, place);
        }
        jwrite_array_end(w);
}

/* ---- was it foreseen? ---- */

typedef struct {
        const WorkItem *work;
        GHashTable *linked; /* scenarios it names itself */
        bool any, before;
} Scenarios;

/* A scenario that was in the case before the incident was. */
static bool scenario_write(Scenarios *s, ItemNo threat, JWrite *w, GError **error)
{
        const WorkItem *work = s->work;
        g_autoptr(Past) past = past_load(work->call, threat, error), own = NULL;
        bool before;

        own = past == NULL ? NULL : past_load(work->call, work->rev->no, error);
        if (own == NULL)
                return false;
        before = past_at(past, 1)->from_seq < past_at(own, 1)->from_seq;
        s->any = true;
        s->before = s->before || before;
        jwrite_object_begin(w);
        jwrite_key_string(w, "key", graph_key(work->view, threat));
        jwrite_key_string(w, "title", graph_title(work->view, threat));
        jwrite_key_bool(w, "before", before);
        jwrite_object_end(w);
        return true;
}

static bool scenarios_of_side(Scenarios *s, GraphSide side, uint64_t types, JWrite *w, GError **error)
{
        GraphIter iter = graph_iter(s->work->view, s->work->rev->no, side, (LinkMask){ types });
        GraphEdge edge;

        while (graph_next(&iter, &edge))
                if (graph_kind(s->work->view, edge.other) == ZW_KIND_THREAT &&
                    graph_is_live(s->work->view, edge.other) &&
                    g_hash_table_add(s->linked, GUINT_TO_POINTER(edge.other)) &&
                    !scenario_write(s, edge.other, w, error))
                        return false;
        return true;
}

/* The scenarios that threaten what it concerns, and that nobody has said it was. */
static void candidates_write(const Scenarios *s, JWrite *w)
{
        const GraphView view = s->work->view;
        GraphIter iter = graph_iter(view, s->work->rev->no, GRAPH_OUT, LINK_MASK(ZW_LINK_CONCERNS));
        g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
        GraphEdge edge;

        jwrite_key(w, "candidates");
        jwrite_array_begin(w);
        while (graph_next(&iter, &edge)) {
                const ItemNo ends[] = { edge.other,
                                        graph_first(view, edge.other, GRAPH_OUT, ZW_LINK_PART_OF) };

                for (size_t i = 0; i < G_N_ELEMENTS(ends) && ends[i] != ZW_ITEM_NONE; i++) {
                        GraphIter threats = graph_iter(view, ends[i], GRAPH_IN, LINK_MASK(ZW_LINK_THREATENS));
                        GraphEdge threat;

                        while (graph_next(&threats, &threat))
                                if (graph_is_live(view, threat.other) &&
                                    !g_hash_table_contains(s->linked, GUINT_TO_POINTER(threat.other)) &&
                                    g_hash_table_add(seen, GUINT_TO_POINTER(threat.other)))
                                        work_item_write(w, view, threat.other);
                }
        }
        jwrite_array_end(w);
}

/* Foreseen: a scenario it is linked to was there before it. Not foreseen: those there are came after it. Else nobody has said. */
static bool scenarios_write(const WorkItem *work, JWrite *w, GError **error)
{
        g_autoptr(GHashTable) linked = g_hash_table_new(NULL, NULL);
        Scenarios s = { .work = work, .linked = linked };

        jwrite_key(w, "scenarios");
        jwrite_array_begin(w);
        if (!scenarios_of_side(&s, GRAPH_OUT, LINK(CONCERNS) | LINK(RELATES_TO) | LINK(DERIVES), w, error) ||
            !scenarios_of_side(&s, GRAPH_IN, LINK(RELATES_TO), w, error))
                return false;
        jwrite_array_end(w);
        jwrite_key(w, "foreseen");
        if (s.any)
                jwrite_bool(w, s.before);
        else
                jwrite_null(w);
        candidates_write(&s, w);
        return true;
}

/* ---- deadlines ---- */

static void clock_write(const Clock *clock, Instant now, JWrite *w)
{
        char due[ZW_INSTANT_TEXT], sent[ZW_INSTANT_TEXT];

        if (clock->known)
                instant_format(clock->due, due);
        if (clock->sent != 0)
                instant_format(clock->sent, sent);
        jwrite_object_begin(w);
        jwrite_key_string(w, "clock", clock->name);
        jwrite_key_string(w, "regime", clock->regime);
        jwrite_key_string(w, "title", clock->title);
        jwrite_key_string(w, "from", clock->from);
        jwrite_key_string(w, "state", clock_state_name(clock->state));
        jwrite_key_string(w, "due", clock->known ? due : NULL);
        jwrite_key_string(w, "sent", clock->sent != 0 ? sent : NULL);
        if (clock->known && clock->sent == 0)
                jwrite_key_int(w, "left_s", (clock->due - now) / SECOND_MS);
        else
                jwrite_key_null(w, "left_s");
        jwrite_object_end(w);
}

static void clocks_write(const WorkItem *work, JWrite *w)
{
        g_autoptr(GArray) clocks = operation_clocks(work->policy, work->attrs, work->call->instant);

        jwrite_key(w, "clocks");
        jwrite_array_begin(w);
        for (guint i = 0; i < clocks->len; i++)
                clock_write(&g_array_index(clocks, Clock, i), work->call->instant, w);
        jwrite_array_end(w);
}

/* Regimes it names that the policy does not know: no deadline of theirs runs. */
static void problems_write(const WorkItem *work, JWrite *w)
{
        g_auto(GStrv) names = operation_regime_names(work->policy);
        const json_t *regime;
        size_t i;

        jwrite_key(w, "problems");
        jwrite_array_begin(w);
        json_array_foreach(json_object_get(work->attrs, "regimes"), i, regime)
        {
                const char *name = json_string_value(regime);
                g_autofree char *near = near_names(name, (const char *const *)names, g_strv_length(names)),
                                *text = g_strdup_printf("the policy has no regime \"%s\"%s", name, near);

                if (!g_strv_contains((const char *const *)names, name))
                        jwrite_string(w, text);
        }
        jwrite_array_end(w);
}

/* ---- all of it ---- */

static bool incident_members_write(const WorkItem *work, JWrite *w, GError **error)
{
        static const char *const texts[] = { "severity",    "occurred",   "aware",
                                             "containment", "root_cause", "corrected" };
        g_auto(WorkReach) reach = { 0 };

        work_head_write(work, w);
        for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
                jwrite_key_string(w, texts[i], jread_get_string(work->attrs, texts[i]));
        affected_write(work, w);
        if (!scenarios_write(work, w, error) || !work_reach(work, &reach, error))
                return false;
        work_reach_write(work, &reach, w);
        jwrite_key_bool(w, "touches_safety", work_reach_safety(work, &reach));
        work_links_write(work, w, "failed", GRAPH_OUT, LINK(CONCERNS), KIND(REQUIREMENT) | KIND(CLAIM));
        work_links_write(work, w, "lessons", GRAPH_OUT, LINK(DERIVES), KIND(REQUIREMENT) | KIND(THREAT));
        work_links_write(work, w, "actions", GRAPH_IN, LINK(RESOLVES) | LINK(CONCERNS),
                         KIND(ACTION) | KIND(CHANGE));
        clocks_write(work, w);
        problems_write(work, w);
        return true;
}

static bool incident_see(const WorkItem *work, void *payload, GError **error)
{
        JWrite *w = payload;

        jwrite_object_begin(w);
        if (!incident_members_write(work, w, error))
                return false;
        jwrite_object_end(w);
        return true;
}

bool usecase_incident_list(Call *call, JWrite *w, GError **error)
{
        jwrite_array_begin(w);
        if (!work_items_each(call, KIND(INCIDENT), incident_see, w, error))
                return false;
        jwrite_array_end(w);
        return true;
}

/* The times it states, and the notifications that were sent. */
static json_t *times_of(const WorkItem *work)
{
        static const char *const members[] = { "occurred", "aware", "corrected" };
        json_t *rows = json_array();
        const char *clock;
        json_t *sent;

        for (size_t i = 0; i < G_N_ELEMENTS(members); i++) {
                const char *time = jread_get_string(work->attrs, members[i]);

                if (time != NULL)
                        json_array_append_new(rows,
                                              json_pack("{s:s, s:s}", "time", time, "what", members[i]));
        }
        json_object_foreach(json_object_get(work->attrs, "notified"), clock, sent)
                json_array_append_new(rows, json_pack("{s:O, s:s, s:s}", "time", sent, "what", "notified",
                                                      "clock", clock));
        return rows;
}

static bool incident_show(const WorkItem *work, void *payload, GError **error)
{
        JWrite *w = payload;

        jwrite_object_begin(w);
        if (!incident_members_write(work, w, error) || !work_timeline_write(work, times_of(work), w, error))
                return false;
        jwrite_object_end(w);
        return true;
}

static bool key_given(const Call *call, GError **error)
{
        if (jread_get_string(call->input, "key") != NULL)
                return true;
        error_set(error, ZW_ERR_USAGE, "/key", "the key of an incident is needed");
        return false;
}

bool usecase_incident_show(Call *call, JWrite *w, GError **error)
{
        return key_given(call, error) && work_items_each(call, KIND(INCIDENT), incident_show, w, error);
}

/* ---- a notification was sent ---- */

static const Clock *clock_find(const GArray *clocks, const char *name)
{
        for (guint i = 0; i < clocks->len; i++)
                if (strcmp(g_array_index(clocks, Clock, i).name, name) == 0)
                        return &g_array_index(clocks, Clock, i);
        return NULL;
}

static bool clock_check(const WorkItem *work, const char *name, GError **error)
{
        g_autoptr(GArray) clocks = operation_clocks(work->policy, work->attrs, work->call->instant);
        g_auto(GStrv) names = operation_clock_names(work->policy);
        g_autofree char *near = near_names(name, (const char *const *)names, g_strv_length(names));

        if (clock_find(clocks, name) != NULL)
                return true;
        if (g_strv_contains((const char *const *)names, name))
                error_set(error, ZW_ERR_STATE, "/clock",
                          "%s is under no regime that asks for %s: name it in its attribute regimes",
                          work->rev->key, name);
        else
                error_set(error, ZW_ERR_NAME_UNKNOWN, "/clock", "there is no notification \"%s\"%s", name,
                          near);
        return false;
}

static bool notify_see(const WorkItem *work, void *payload, GError **error)
{
        JWrite *w = payload;
        const Call *call = work->call;
        const char *clock = jread_get_string(call->input, "clock"),
                   *sent = jread_get_string(call->input, "sent");
        const json_t *before = json_object_get(work->attrs, "notified");
        g_autoptr(Json) notified = json_is_object(before) ? json_deep_copy(before) : json_object(),
                        ops = NULL;
        char text[ZW_INSTANT_TEXT];
        Instant at = call->instant;

        if (!clock_check(work, clock, error))
                return false;
        if (sent != NULL && !instant_parse(sent, &at, error)) {
                g_prefix_error(error, "sent: ");
                return false;
        }
        if (at > call->instant) {
                error_set(error, ZW_ERR_INPUT, "/sent", "what was sent was sent before now");
                return false;
        }
        instant_format(at, text);
        json_object_set_new(notified, clock, json_string(text));
        ops = json_pack("[{s:s, s:s, s:I, s:{s:O}}]", "op", "item", "key", work->rev->key, "rev",
                        (json_int_t)work->rev->rev, "attrs", "notified", notified);
        jwrite_object_begin(w);
        jwrite_key_string(w, "clock", clock);
        jwrite_key_string(w, "sent", text);
        if (!edit_call(work->call, ops, "notification sent", w, error))
                return false;
        jwrite_object_end(w);
        return true;
}

bool usecase_incident_notify(Call *call, JWrite *w, GError **error)
{
        if (!key_given(call, error))
                return false;
        if (jread_get_string(call->input, "clock") == NULL) {
                error_set(error, ZW_ERR_USAGE, "/clock", "say which notification was sent");
                return false;
        }
        return work_items_each(call, KIND(INCIDENT), notify_see, w, error);
}
