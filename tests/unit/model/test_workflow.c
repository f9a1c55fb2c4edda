/* State machines: the default of every kind comes back as it was written, and what a project may not put in its place. */
#include "base/error.h"
#include "base/jread.h"
#include "model/workflow.h"

#include <string.h>

static json_t *json_of(const char *text)
{
        g_autofree char *copy = g_strdelimit(g_strdup(text), "'", '"');
        g_autoptr(GError) error = NULL;
        json_t *json = jread_parse(copy, strlen(copy), &error);

        g_assert_no_error(error);
        return json;
}

static void test_default(void)
{
        for (int kind = 0; kind < ZW_KIND_COUNT; kind++) {
                g_autoptr(Workflow) workflow = workflow_default((KindId)kind), again = NULL;
                g_autoptr(Json) written = workflow_write(workflow), twice = NULL;
                g_autoptr(GError) error = NULL;
                const LifecycleId life = kind_def((KindId)kind)->lifecycle;

                again = workflow_read((KindId)kind, written, &error);
                g_assert_no_error(error);
                twice = workflow_write(again);
                g_assert_true(json_equal(written, twice));
                g_assert_cmpint(workflow_initial(again), ==, lifecycle_initial(life));
                for (int from = 0; from < ZW_STATE_COUNT; from++) {
                        g_assert_cmpint(workflow_has(again, (StateId)from), ==,
                                        lifecycle_has(life, (StateId)from));
                        for (int to = 0; to < ZW_STATE_COUNT; to++) {
                                const TransitionDef *row = transition_find(life, (StateId)from, (StateId)to);
                                const WorkflowRule *rule = workflow_find(again, (StateId)from, (StateId)to);

                                g_assert_cmpint(row == NULL, ==, rule == NULL);
                                g_assert_true(row == NULL || row->roles == rule->roles);
                        }
                }
        }
}

#define STATES "'states':[{'state':'draft'},{'state':'approved','locked':true},{'state':'retired'}]"
#define T1     "{'from':'draft','to':'approved','roles':['approver']}"
#define T2     "{'from':'approved','to':'retired','roles':['approver']}"
#define PART   "{'from':'draft','to':'approved','roles':['approver'],"

static void test_read(void)
{
        g_autoptr(Json) json = json_of(
                "{'initial':'draft','states':[{'state':'draft','label':'Entwurf'},{'state':'on_hold'},"
                "{'state':'verified','locked':true},{'state':'retired'}],'transitions':["
                "{'from':'draft','to':'verified','roles':['approver','asset_owner'],'other_person':true,"
                "'dual':'always','fields':['rationale','body'],'links':[{'type':'answers','least':2},"
                "{'type':'verifies','end':'to'}],'signatures':[{'meaning':'reviewed','least':3}]},"
                "{'from':'draft','to':'on_hold','roles':['author']},"
                "{'from':'verified','to':'retired','roles':['approver']}]}");
        g_autoptr(GError) error = NULL;
        g_autoptr(Workflow) workflow = workflow_read(ZW_KIND_CLAIM, json, &error);
        const WorkflowRule *rule;

        g_assert_no_error(error);
        g_assert_true(workflow_is_locked(workflow, ZW_STATE_VERIFIED));
        g_assert_false(workflow_is_locked(workflow, ZW_STATE_DRAFT));
        g_assert_false(workflow_has(workflow, ZW_STATE_APPROVED));
        rule = workflow_find(workflow, ZW_STATE_DRAFT, ZW_STATE_VERIFIED);
        g_assert_cmpuint(rule->roles, ==, 1U << ZW_ROLE_APPROVER | 1U << ZW_ROLE_ASSET_OWNER);
        g_assert_true(rule->other_person);
        g_assert_cmpint(rule->dual, ==, DUAL_ALWAYS);
        g_assert_cmpstr(rule->fields[1], ==, "body");
        g_assert_cmpuint(rule->links[0].least, ==, 2);
        g_assert_true(rule->links[1].incoming);
        g_assert_cmpint(rule->signatures[0].meaning, ==, ZW_MEANING_REVIEWED);
        g_assert_cmpuint(rule->signatures[0].least, ==, 3);
        g_assert_null(workflow_find(workflow, ZW_STATE_VERIFIED, ZW_STATE_DRAFT));
}

typedef struct {
        KindId kind;
        const char *json, *where, *words;
} Wrong;

static const Wrong wrong[] = {
        { ZW_KIND_CLAIM, "[]", NULL, "object" },
        { ZW_KIND_CLAIM, "{'initial':'draft'}", NULL, "states" },
        { ZW_KIND_CLAIM, "{'initial':'draft'," STATES ",'transitions':[" T1 "," T2 "],'more':1}", "",
          "more" },
        { ZW_KIND_CLAIM, "{'initial':'drafft'," STATES ",'transitions':[" T1 "," T2 "]}", "/initial",
          "did you mean \"draft\"" },
        { ZW_KIND_CLAIM, "{'initial':'open'," STATES ",'transitions':[" T1 "," T2 "]}", "/initial",
          "not among" },
        { ZW_KIND_CLAIM, "{'initial':'approved'," STATES ",'transitions':[" T1 "," T2 "]}", "/initial",
          "does not begin" },
        { ZW_KIND_CLAIM, "{'initial':'draft'," STATES ",'transitions':[" T1 "]}", "/states",
          "no transition leads" },
        { ZW_KIND_CLAIM,
          "{'initial':'draft','states':[{'state':'draft'},{'state':'approved'}],'transitions':[" T1 "]}",
          "/states", "\"retired\" is needed" },
        { ZW_KIND_CLAIM,
          "{'initial':'draft','states':[{'state':'draft'},{'state':'retired'}],"
          "'transitions':[{'from':'draft','to':'retired','roles':['author']}]}",
          "/states", "counts as approved" },
        { ZW_KIND_FINDING,
          "{'initial':'new','states':[{'state':'new'},{'state':'retired'}],"
          "'transitions':[{'from':'new','to':'retired','roles':['vulnerability_manager']}]}",
          "/states", "counts as cleared" },
        { ZW_KIND_FINDING,
          "{'initial':'on_hold','states':[{'state':'on_hold'},{'state':'fixed'},{'state':'retired'}],"
          "'transitions':[{'from':'on_hold','to':'fixed','roles':['author']}]}",
          "/initial", "begins as new" },
        { ZW_KIND_CLAIM,
          "{'initial':'draft','states':[{'state':'draft'},{'state':'draft'}],'transitions':[]}", "/states/1",
          "stands twice" },
        { ZW_KIND_CLAIM, "{'initial':'draft','states':[{'state':'frozen'}],'transitions':[]}", "/states/0",
          "no state \"frozen\"" },
        { ZW_KIND_CLAIM, "{'initial':'draft','states':[{'state':'draft','label':''}],'transitions':[]}",
          "/states/0", "label" },
        { ZW_KIND_CLAIM, "{'initial':'draft'," STATES ",'transitions':[" T1 "," T1 "," T2 "]}",
          "/transitions/1", "stands twice" },
        { ZW_KIND_CLAIM,
          "{'initial':'draft'," STATES ",'transitions':[{'from':'draft','to':'draft','roles':['author']}]}",
          "/transitions/0", "no transition" },
        { ZW_KIND_CLAIM,
          "{'initial':'draft'," STATES ",'transitions':[{'from':'draft','to':'closed','roles':['author']}]}",
          "/transitions/0", "not among" },
        { ZW_KIND_CLAIM,
          "{'initial':'draft'," STATES ",'transitions':[{'from':'draft','to':'approved','roles':[]}]}",
          "/transitions/0/roles", "at least one role" },
        { ZW_KIND_CLAIM,
          "{'initial':'draft'," STATES
          ",'transitions':[{'from':'draft','to':'approved','roles':['aprover']}]}",
          "/transitions/0/roles/0", "did you mean \"approver\"" },
        { ZW_KIND_CLAIM,
          "{'initial':'draft'," STATES
          ",'transitions':[{'from':'draft','to':'approved','roles':['administrator']}]}",
          "/transitions/0/roles/0", "never changes content" },
        { ZW_KIND_CLAIM,
          "{'initial':'draft'," STATES
          ",'transitions':[{'from':'draft','to':'approved','roles':['viewer']}]}",
          "/transitions/0/roles/0", "never changes content" },
        { ZW_KIND_CLAIM, "{'initial':'draft'," STATES ",'transitions':[" PART "'dual':'sometimes'}]}",
          "/transitions/0/dual", "never, safety, disciplines or always" },
        { ZW_KIND_CLAIM, "{'initial':'draft'," STATES ",'transitions':[" PART "'fields':['rationalle']}]}",
          "/transitions/0/fields/0", "rationalle" },
        { ZW_KIND_CLAIM, "{'initial':'draft'," STATES ",'transitions':[" PART "'links':[{'type':'uses'}]}]}",
          "/transitions/0/links/0", "never at the end" },
        { ZW_KIND_CLAIM, "{'initial':'draft'," STATES ",'transitions':[" PART "'links':[{'type':'rests'}]}]}",
          "/transitions/0/links/0", "did you mean \"rests_on\"" },
        { ZW_KIND_CLAIM,
          "{'initial':'draft'," STATES ",'transitions':[" PART "'links':[{'type':'answers','end':'up'}]}]}",
          "/transitions/0/links/0", "from or to" },
        { ZW_KIND_CLAIM,
          "{'initial':'draft'," STATES ",'transitions':[" PART "'links':[{'type':'answers','least':0}]}]}",
          "/transitions/0/links/0", "least is 1 to" },
        { ZW_KIND_CLAIM,
          "{'initial':'draft'," STATES ",'transitions':[" PART "'signatures':[{'meaning':'aproved'}]}]}",
          "/transitions/0/signatures/0", "did you mean \"approved\"" },
        { ZW_KIND_CLAIM,
          "{'initial':'draft'," STATES ",'transitions':[" PART
          "'signatures':[{'meaning':'accepted_risk'}]}]}",
          "/transitions/0/signatures/0", "not signed as" },
        { ZW_KIND_CLAIM,
          "{'initial':'draft'," STATES ",'transitions':[" PART
          "'signatures':[{'meaning':'approved'},{'meaning':'approved','least':2}]}]}",
          "/transitions/0/signatures/1", "stands twice" },
        { ZW_KIND_CLAIM,
          "{'initial':'draft'," STATES ",'transitions':[" PART
          "'signatures':[{'meaning':'approved','least':17}]}]}",
          "/transitions/0/signatures/0", "least is 1 to" },
        { ZW_KIND_CLAIM, "{'initial':'draft'," STATES ",'transitions':[" PART "'other_person':'yes'}]}",
          "/transitions/0/other_person", "true or false" },
};

static void test_refused(gconstpointer data)
{
        const Wrong *row = data;
        g_autoptr(Json) json = json_of(row->json);
        g_autoptr(GError) error = NULL;
        g_autoptr(Workflow) workflow = workflow_read(row->kind, json, &error);

        g_assert_null(workflow);
        g_assert_error(error, ZW_ERROR, ZW_ERR_METAMODEL);
        g_test_message("%s: %s", error_where(error), error->message);
        if (row->where != NULL)
                g_assert_cmpstr(error_where(error), ==, row->where);
        g_assert_nonnull(strstr(error->message, row->words));
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/model/workflow/default", test_default);
        g_test_add_func("/model/workflow/read", test_read);
        for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
                g_autofree char *path = g_strdup_printf("/model/workflow/refused/%zu", i);

                g_test_add_data_func(path, &wrong[i], test_refused);
        }
        return g_test_run();
}
