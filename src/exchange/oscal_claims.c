/* Component definitions and security plans: a claim answers a control; it covers the product or the system, or rests on the document
 * that is said to meet it. */
#include "exchange/oscal.h"

#include "base/hash.h"

#include <string.h>

/* ---- claims ---- */

/* What is said of one control by one component, or by the system itself. */
typedef struct {
        const char *subject; /* id of what it covers or rests on */
        GString *said;
        const char *status; /* the first one */
        bool mixed;         /* there was another */
} Said;

typedef struct {
        const char *control, *requirement; /* ids */
        JVal entry;
        const char *place;
        GPtrArray *said;        /* of Said, as they came */
        GHashTable *by_subject; /* id → Said */
} Answer;

static void said_free(gpointer data)
{
        Said *said = data;

        g_string_free(said->said, TRUE);
        g_free(said);
}

static Said *said_by(Answer *answer, const char *subject)
{
        Said *said = g_hash_table_lookup(answer->by_subject, subject);

        if (said != NULL)
                return said;
        said = g_new0(Said, 1);
        said->subject = subject;
        said->said = g_string_new(NULL);
        g_ptr_array_add(answer->said, said);
        g_hash_table_insert(answer->by_subject, (gpointer)(uintptr_t)subject, said);
        return said;
}

static void parameter_take(Oscal *oscal, JVal entry, const char *place G_GNUC_UNUSED, void *said)
{
        JIter iter = jval_iter(jval_get(entry, "values"));
        g_autoptr(GString) all = g_string_new(NULL);
        JVal value;

        while (jiter_next(&iter, &value)) {
                g_autofree char *text = oscal_prose(oscal, jval_text(value, NULL));

                if (text != NULL)
                        g_string_append_printf(all, "%s%s", all->len == 0 ? "" : ", ", text);
        }
        tell_paragraph(((Said *)said)->said, jval_get_text(entry, "param-id"), all->str);
}

static const char *status_of(JVal entry)
{
        const char *status = jval_get_text(jval_get(entry, "implementation-status"), "state");

        return status == NULL ? oscal_prop(entry, "implementation-status") : status;
}

static void texts_take(Oscal *oscal, Said *said, JVal entry, const char *head)
{
        const bool described = jval_get_text(entry, "description") != NULL;

        oscal_paragraph(oscal, said->said, head, entry, "description");
        oscal_paragraph(oscal, said->said, described ? NULL : head, entry, "remarks");
        oscal_each(oscal, entry, "set-parameters", "", parameter_take, said);
}

/* Takes what an entry says itself. */
static void entry_take(Oscal *oscal, Said *said, JVal entry, const char *head)
{
        const char *status = status_of(entry);

        said->mixed = said->mixed ||
                      (said->status != NULL && status != NULL && strcmp(said->status, status) != 0);
        if (said->status == NULL)
                said->status = status;
        texts_take(oscal, said, entry, head);
}

/* What is said of a control as a whole holds for each who answers it; its status for those who have none of their own. */
static void whole_take(Oscal *oscal, const Answer *answer)
{
        for (guint i = 0; i < answer->said->len; i++) {
                Said *said = answer->said->pdata[i];

                if (said->status == NULL)
                        said->status = status_of(answer->entry);
                texts_take(oscal, said, answer->entry, NULL);
        }
}

/* The states of OSCAL; `partial` is none of ours. */
static const char *statement_of(const Said *said)
{
        static const char *const states[][2] = { { "implemented", "met" },
                                                 { "planned", "not_met" },
                                                 { "not-implemented", "not_met" },
                                                 { "alternative", "compensated" },
                                                 { "not-applicable", "not_applicable" } };

        for (size_t i = 0; !said->mixed && i < G_N_ELEMENTS(states); i++)
                if (g_strcmp0(said->status, states[i][0]) == 0)
                        return states[i][1];
        return NULL;
}

static void claim_tell(Oscal *oscal, const Answer *answer, const Said *said, const char *title)
{
        g_autofree char *where = oscal_where(answer->entry, answer->place),
                        *id = g_strdup_printf("%s %s", answer->requirement, said->subject),
                        *full = g_strdup_printf("%s: %s", answer->control, title);
        json_t *attrs = json_object(), *extra = json_object();
        OscalRole role = OSCAL_SYSTEM;

        (void)oscal_role(oscal, said->subject, &role);
        tell_put(attrs, "statement", statement_of(said));
        tell_put(attrs, "rationale", said->said->str);
        tell_put(extra, "control", answer->control);
        tell_put(extra, "implementation-status", said->mixed ? "differs by statement" : said->status);
        tell_put_extra(attrs, extra);
        if (!tell_item(&oscal->tell, (TellItem){ where, "claim", id, full, NULL, attrs, NULL })) {
                sink_refuse(oscal->tell.sink, where, "a second requirement has the uuid of another");
                return;
        }
        oscal_link_control(oscal, answer->entry, answer->place, id, "answers", answer->control);
        tell_link(&oscal->tell, where, id, role == OSCAL_DOCUMENT ? "rests_on" : "covers", said->subject,
                  NULL);
}

/* Ends what was heard of a control. */
static void answer_tell(Oscal *oscal, Answer *answer, GHashTable *titles)
{
        for (guint i = 0; i < answer->said->len; i++) {
                const Said *said = answer->said->pdata[i];
                const char *title = g_hash_table_lookup(titles, said->subject);

                claim_tell(oscal, answer, said, title == NULL ? said->subject : title);
        }
        g_hash_table_unref(answer->by_subject);
        g_ptr_array_unref(answer->said);
}

static bool answer_begin(Oscal *oscal, JVal entry, const char *place, Answer *ret_answer)
{
        const char *control = jval_get_text(entry, "control-id"), *id = oscal_id(entry);
        g_autofree char *where = oscal_where(entry, place);

        if (control == NULL || control[0] == '\0') {
                sink_refuse(oscal->tell.sink, where, "there is no control-id");
                return false;
        }
        *ret_answer = (Answer){ control,
                                id == NULL ? control : id,
                                entry,
                                place,
                                g_ptr_array_new_with_free_func(said_free),
                                hash_table_new_text(NULL, NULL) };
        return true;
}

/* ---- component definitions ---- */

typedef struct {
        const char *id;
        GHashTable *titles; /* id of a component → title */
} Definition;

static void title_note(Oscal *oscal G_GNUC_UNUSED, JVal component, const char *place G_GNUC_UNUSED,
                       void *titles)
{
        const char *id = oscal_id(component), *title = jval_get_text(component, "title");

        if (id != NULL && title != NULL)
                g_hash_table_insert(titles, g_strdup(id), g_strdup(title));
}

static void defined_answer(Oscal *oscal, JVal entry, const char *place, void *data)
{
        const Definition *definition = data;
        JIter iter = jval_iter(jval_get(entry, "statements"));
        Answer answer;
        JVal statement;
        Said *said;

        if (!answer_begin(oscal, entry, place, &answer))
                return;
        said = said_by(&answer, definition->id);
        entry_take(oscal, said, entry, NULL);
        while (jiter_next(&iter, &statement))
                entry_take(oscal, said, statement, jval_get_text(statement, "statement-id"));
        answer_tell(oscal, &answer, definition->titles);
}

/* Which of the controls have a parameter is said by their catalogue. */
static void parameters_lose(const Oscal *oscal, JVal implementation, const char *place)
{
        const size_t n = jval_count(jval_get(implementation, "set-parameters"));

        if (n > 0)
                oscal_lose(oscal, implementation, place, "%zu parameter%s set for all controls together", n,
                           n == 1 ? "" : "s");
}

static void implementation_take(Oscal *oscal, JVal entry, const char *place, void *definition)
{
        parameters_lose(oscal, entry, place);
        oscal_each(oscal, entry, "implemented-requirements", place, defined_answer, definition);
}

static void definition_take(Oscal *oscal, JVal component, const char *place, void *titles)
{
        Definition definition = { oscal_id(component), titles };
        OscalRole role;

        if (oscal_role(oscal, definition.id, &role))
                oscal_each(oscal, component, "control-implementations", place, implementation_take,
                           &definition);
}

void oscal_definition_tell(Oscal *oscal)
{
        g_autoptr(GHashTable) titles = hash_table_new_text(g_free, g_free);

        oscal_each(oscal, oscal->model, "components", "", title_note, titles);
        oscal_components_tell(oscal, oscal->model, "/component-definition");
        oscal_each(oscal, oscal->model, "components", "/component-definition", definition_take, titles);
        oscal_lose_member(oscal, "capabilities", "what several components do together");
        oscal_lose_member(oscal, "import-component-definitions", "other documents are not read");
        oscal_lose_member(oscal, "back-matter", "sources are not imported");
}

/* ---- system security plans ---- */

typedef struct {
        const char *system; /* id */
        GHashTable *titles;
} Plan;

typedef struct {
        Answer *answer;
        const char *head;
} ByComponent;

static void by_component_take(Oscal *oscal, JVal entry, const char *place, void *data)
{
        const ByComponent *by = data;
        const char *id = jval_get_text(entry, "component-uuid");
        g_autofree char *where = oscal_where(entry, place);
        OscalRole role;

        if (oscal_role(oscal, id, &role))
                entry_take(oscal, said_by(by->answer, id), entry, by->head);
        else
                sink_problem(oscal->tell.sink, where, "%.200s is no component of the document",
                             id == NULL ? "what is not named" : id);
}

typedef struct {
        Answer *answer;
        const char *system; /* id */
} Planned;

/* What a statement says without a component is said of the system. */
static void planned_statement(Oscal *oscal, JVal entry, const char *place, void *data)
{
        const Planned *planned = data;
        ByComponent by = { planned->answer, jval_get_text(entry, "statement-id") };

        oscal_each(oscal, entry, "by-components", place, by_component_take, &by);
        if (jval_count(jval_get(entry, "by-components")) == 0 && jval_get_text(entry, "remarks") != NULL)
                entry_take(oscal, said_by(planned->answer, planned->system), entry, by.head);
}

static void planned_answer(Oscal *oscal, JVal entry, const char *place, void *data)
{
        const Plan *plan = data;
        Answer answer;
        ByComponent by = { &answer, NULL };
        Planned planned = { &answer, plan->system };

        if (!answer_begin(oscal, entry, place, &answer))
                return;
        oscal_each(oscal, entry, "by-components", place, by_component_take, &by);
        oscal_each(oscal, entry, "statements", place, planned_statement, &planned);
        if (answer.said->len == 0)
                (void)said_by(&answer, plan->system);
        whole_take(oscal, &answer);
        answer_tell(oscal, &answer, plan->titles);
}

/* The id of the system: that of the component that stands for it, else it is told here. */
static const char *system_of(Oscal *oscal, JVal implementation)
{
        JIter iter = jval_iter(jval_get(implementation, "components"));
        JVal facts = jval_get(oscal->model, "system-characteristics"), component;
        g_autofree char *where = oscal_where(facts, "/system-security-plan/system-characteristics");

        while (jiter_next(&iter, &component))
                if (g_strcmp0(jval_get_text(component, "type"), "this-system") == 0 &&
                    oscal_id(component) != NULL)
                        return oscal_id(component);
        (void)tell_item(&oscal->tell,
                        (TellItem){ where, "system", "system", jval_get_text(facts, "system-name"),
                                    jval_get_text(facts, "description"), NULL, NULL });
        return "system";
}

void oscal_plan_tell(Oscal *oscal)
{
        JVal implementation = jval_get(oscal->model, "system-implementation");
        g_autoptr(GHashTable) titles = hash_table_new_text(g_free, g_free);
        Plan plan = { system_of(oscal, implementation), titles };

        oscal_each(oscal, implementation, "components", "", title_note, titles);
        oscal_components_tell(oscal, implementation, "/system-security-plan/system-implementation");
        oscal_inventory_tell(oscal, implementation, "/system-security-plan/system-implementation");
        oscal_each(oscal, jval_get(oscal->model, "control-implementation"), "implemented-requirements",
                   "/system-security-plan/control-implementation", planned_answer, &plan);
        parameters_lose(oscal, jval_get(oscal->model, "control-implementation"),
                        "/system-security-plan/control-implementation");
        oscal_lose(oscal, jval_get(oscal->model, "system-characteristics"),
                   "/system-security-plan/system-characteristics",
                   "types of information, levels of impact, diagrams and status of the system");
        if (jval_count(jval_get(implementation, "users")) > 0)
                oscal_lose(oscal, implementation, "/system-security-plan/system-implementation/users",
                           "%zu roles of users", jval_count(jval_get(implementation, "users")));
        if (jval_count(jval_get(implementation, "leveraged-authorizations")) > 0)
                oscal_lose(oscal, implementation,
                           "/system-security-plan/system-implementation/leveraged-authorizations",
                           "authorizations of other systems that this one rests on");
        oscal_lose_member(oscal, "import-profile", "the profile is another document");
        oscal_lose_member(oscal, "back-matter", "sources are not imported");
}
