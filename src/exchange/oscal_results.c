/* What an assessment saw is evidence; a finding that is not satisfied is a nonconformity of its control, one that is satisfied
 * evidence for it; an item of a plan of action is an action. */
#include "exchange/oscal.h"

#include "base/hash.h"
#include "exchange/sheet.h"

#include <string.h>

typedef struct {
        GHashTable *risks; /* uuid → index + 1 */
        GArray *values;    /* of JVal */
} Risks;

static char *title_of(JVal entry)
{
        const char *title = jval_get_text(entry, "title");

        return title == NULL || title[0] == '\0' ? sheet_title(jval_get_text(entry, "description"), "")
                                                 : g_strdup(title);
}

/* False where there is no uuid, or it was told; then it is refused. */
static bool item_tell(Oscal *oscal, const char *kind, JVal entry, const char *place, GString *body,
                      json_t *attrs)
{
        const char *id = oscal_id(entry);
        g_autofree char *where = oscal_where(entry, place), *title = title_of(entry);

        if (id != NULL && tell_item(&oscal->tell, (TellItem){ where, kind, id, title, body->str,
                                                              json_incref(attrs), NULL })) {
                json_decref(attrs);
                return true;
        }
        json_decref(attrs);
        sink_refuse(oscal->tell.sink, where,
                    id == NULL ? "there is no uuid" : "a second entry has the uuid of another");
        return false;
}

/* ---- observations ---- */

static const char *nature_of(JVal observation)
{
        static const char *const natures[][2] = { { "EXAMINE", "inspection" }, { "INTERVIEW", "interview" } };
        JIter iter = jval_iter(jval_get(observation, "methods"));
        JVal method;

        while (jiter_next(&iter, &method))
                for (size_t i = 0; i < G_N_ELEMENTS(natures); i++)
                        if (g_strcmp0(jval_text(method, NULL), natures[i][0]) == 0)
                                return natures[i][1];
        return "observation";
}

static void observation_tell(Oscal *oscal, JVal entry, const char *place, void *data G_GNUC_UNUSED)
{
        g_autoptr(GString) body = g_string_new(NULL);
        json_t *attrs = json_object();

        oscal_paragraph(oscal, body, NULL, entry, "description");
        oscal_paragraph(oscal, body, NULL, entry, "remarks");
        tell_put(attrs, "nature", nature_of(entry));
        oscal_put_date(attrs, "date", jval_get_text(entry, "collected"));
        oscal_put_date(attrs, "valid_until", jval_get_text(entry, "expires"));
        (void)item_tell(oscal, "evidence", entry, place, body, attrs);
}

/* ---- risks ---- */

static void risk_note(Oscal *oscal G_GNUC_UNUSED, JVal entry, const char *place G_GNUC_UNUSED, void *data)
{
        Risks *risks = data;
        const char *id = jval_get_text(entry, "uuid");

        g_array_append_val(risks->values, entry);
        if (id != NULL)
                g_hash_table_insert(risks->risks, g_strdup(id), GUINT_TO_POINTER(risks->values->len));
}

/* Risks that an entry names, as paragraphs of its body. */
static void risks_append(const Oscal *oscal, const Risks *risks, JVal entry, GString *body)
{
        JIter iter = jval_iter(jval_get(entry, "related-risks"));
        JVal related;

        while (jiter_next(&iter, &related)) {
                const char *id = jval_get_text(related, "risk-uuid");
                const guint at = id == NULL ? 0 : GPOINTER_TO_UINT(g_hash_table_lookup(risks->risks, id));

                if (at == 0)
                        continue;
                oscal_paragraph(oscal, body, "Risk", g_array_index(risks->values, JVal, at - 1), "title");
                oscal_paragraph(oscal, body, NULL, g_array_index(risks->values, JVal, at - 1), "statement");
        }
}

/* ---- findings and items of plans ---- */

/* Observations that an entry names are evidence for it. */
static void observations_link(Oscal *oscal, JVal entry, const char *place)
{
        JIter iter = jval_iter(jval_get(entry, "related-observations"));
        JVal related;

        for (size_t i = 0; jiter_next(&iter, &related); i++) {
                const char *id = jval_get_text(related, "observation-uuid");
                g_autofree char *where = oscal_where(related, place);

                if (id != NULL && tell_has(&oscal->tell, id))
                        tell_link(&oscal->tell, where, id, "evidences", oscal_id(entry), NULL);
                else
                        sink_problem(oscal->tell.sink, where, "%.200s is no observation of the document",
                                     id == NULL ? "what is not named" : id);
        }
}

/* Targets are statements or objectives of a control, whose id is before that; ids of controls may have underscores themselves.
 * Where neither is named, it ends at the first underscore. */
static char *control_of(JVal target)
{
        static const char *const parts[] = { "_smt", "_obj" };
        const char *id = jval_get_text(target, "target-id"), *end = NULL;

        if (id == NULL)
                return NULL;
        for (size_t i = 0; end == NULL && i < G_N_ELEMENTS(parts); i++)
                end = g_strrstr(id, parts[i]);
        return g_strndup(id, end == NULL ? strcspn(id, "_") : (gsize)(end - id));
}

static const char *state_of(JVal target)
{
        JVal status = jval_get(target, "status");
        const char *state = jval_get_text(status, "state");

        return state == NULL ? jval_text(status, NULL) : state;
}

static void finding_tell(Oscal *oscal, JVal entry, const char *place, void *data)
{
        JVal target = jval_get(entry, "target");
        const bool satisfied = g_strcmp0(state_of(target), "satisfied") == 0;
        g_autofree char *control = control_of(target);
        g_autoptr(GString) body = g_string_new(NULL);
        json_t *attrs = satisfied ? json_pack("{s:s}", "nature", "report") : json_object();

        oscal_paragraph(oscal, body, NULL, entry, "description");
        oscal_paragraph(oscal, body, NULL, target, "description");
        oscal_paragraph(oscal, body, NULL, entry, "remarks");
        risks_append(oscal, data, entry, body);
        if (!item_tell(oscal, satisfied ? "evidence" : "nonconformity", entry, place, body, attrs))
                return;
        if (control != NULL)
                oscal_link_control(oscal, entry, place, oscal_id(entry), satisfied ? "evidences" : "concerns",
                                   control);
        if (!satisfied)
                observations_link(oscal, entry, place);
}

static void poam_item_tell(Oscal *oscal, JVal entry, const char *place, void *data)
{
        g_autoptr(GString) body = g_string_new(NULL);

        oscal_paragraph(oscal, body, NULL, entry, "description");
        oscal_paragraph(oscal, body, NULL, entry, "remarks");
        risks_append(oscal, data, entry, body);
        if (item_tell(oscal, "action", entry, place, body, json_object()))
                observations_link(oscal, entry, place);
}

/* ---- documents ---- */

/* What a result and a plan of action hold alike; `items` are told after what they name. */
static void holder_tell(Oscal *oscal, JVal holder, const char *place, const char *items, OscalEntryFn take)
{
        g_autoptr(GHashTable) by_id = hash_table_new_text(g_free, NULL);
        g_autoptr(GArray) values = g_array_new(FALSE, FALSE, sizeof(JVal));
        JVal local = jval_get(holder, "local-definitions");
        g_autofree char *within = g_strconcat(place, "/local-definitions", NULL);
        Risks risks = { by_id, values };

        oscal_components_tell(oscal, local, within);
        oscal_inventory_tell(oscal, local, within);
        oscal_each(oscal, holder, "observations", place, observation_tell, NULL);
        oscal_each(oscal, holder, "risks", place, risk_note, &risks);
        oscal_each(oscal, holder, "findings", place, finding_tell, &risks);
        if (take != NULL)
                oscal_each(oscal, holder, items, place, take, &risks);
        if (values->len > 0)
                oscal_lose(oscal, holder, place,
                           "risks (%u) as such: what they say is part of the items that name them",
                           values->len);
}

static void result_tell(Oscal *oscal, JVal result, const char *place, void *data G_GNUC_UNUSED)
{
        holder_tell(oscal, result, place, NULL, NULL);
        if (jval_count(jval_get(result, "attestations")) + jval_count(jval_get(result, "assessment-log")) > 0)
                oscal_lose(oscal, result, place, "attestations and the log of the assessment");
}

void oscal_results_tell(Oscal *oscal)
{
        oscal_each(oscal, oscal->model, "results", "/assessment-results", result_tell, NULL);
        oscal_lose_member(oscal, "import-ap", "the plan of the assessment is another document");
        oscal_lose_member(oscal, "local-definitions", "activities of the assessment");
        oscal_lose_member(oscal, "back-matter", "sources are not imported");
}

void oscal_poam_tell(Oscal *oscal)
{
        holder_tell(oscal, oscal->model, "/plan-of-action-and-milestones", "poam-items", poam_item_tell);
        oscal_lose_member(oscal, "import-ssp", "the plan of the system is another document");
        oscal_lose_member(oscal, "back-matter", "sources are not imported");
}
