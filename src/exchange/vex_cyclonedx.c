/* Statements of VEX as a CycloneDX 1.6 document: the products it speaks of, and the vulnerabilities with their analysis. */
#include "exchange/vex.h"

#include "base/hash.h"

#include <string.h>

/* How a state is called there, and what is done about it. */
static const struct {
        const char *state, *analysis, *response;
} states[] = {
        { "in_progress", "exploitable", NULL },        { "mitigated", "exploitable", "workaround_available" },
        { "accepted", "exploitable", "will_not_fix" }, { "fixed", "resolved", NULL },
        { "not_affected", "not_affected", NULL },      { "false_positive", "false_positive", NULL },
};

/* The justification that says the same; where there is none only the text says it. */
static const struct {
        const char *ours, *theirs;
} justifications[] = {
        { "component_not_present", "code_not_present" },
        { "vulnerable_code_not_present", "code_not_present" },
        { "vulnerable_code_not_in_execute_path", "code_not_reachable" },
        { "inline_mitigations_already_exist", "protected_by_mitigating_control" },
};

static json_t *component_make(const json_t *product)
{
        const char *purl = jread_get_string(product, "purl"), *vendor = jread_get_string(product, "vendor"),
                   *name = jread_get_string(product, "product"),
                   *number = jread_get_string(product, "part_number");
        g_autofree char *generic = purl == NULL ? vex_generic_purl(product) : NULL;
        json_t *made = json_pack("{s:s, s:s}", "type", purl == NULL ? "device" : "library", "bom-ref",
                                 jread_get_string(product, "id"));

        if (vendor != NULL)
                json_object_set_new(made, "manufacturer", json_pack("{s:s}", "name", vendor));
        json_object_update_new(made, json_pack("{s:s, s:s*, s:s*, s:s*}", "name",
                                               name == NULL ? jread_get_string(product, "title") : name,
                                               "version", jread_get_string(product, "version"), "cpe",
                                               jread_get_string(product, "cpe"), "purl",
                                               purl == NULL ? generic : purl));
        if (number != NULL)
                json_object_set_new(made, "properties",
                                    json_pack("[{s:s, s:s}]", "name", "zonewright:order_number", "value",
                                              number));
        return made;
}

static json_t *analysis_make(const json_t *statement)
{
        const char *state = jread_get_string(statement, "state"), *analysis = "in_triage", *response = NULL,
                   *justification = strcmp(vex_status(state), "not_affected") == 0
                                            ? vex_justification(statement)
                                            : NULL,
                   *theirs = NULL;
        g_autofree char *note = vex_note(statement);
        json_t *made;

        for (size_t i = 0; i < G_N_ELEMENTS(states); i++)
                if (strcmp(states[i].state, state) == 0) {
                        analysis = states[i].analysis;
                        response = states[i].response;
                }
        for (size_t i = 0; justification != NULL && i < G_N_ELEMENTS(justifications); i++)
                if (strcmp(justifications[i].ours, justification) == 0)
                        theirs = justifications[i].theirs;
        made = json_pack("{s:s, s:s*, s:s, s:s}", "state", analysis, "justification", theirs, "detail", note,
                         "lastUpdated", jread_get_string(statement, "time"));
        if (response != NULL)
                json_object_set_new(made, "response", json_pack("[s]", response));
        return made;
}

static json_t *vulnerability_make(const json_t *statement)
{
        const char *remediation = jread_get_string(statement, "remediation");
        json_t *affects = json_array();
        const json_t *product;
        size_t i;

        json_array_foreach(json_object_get(statement, "products"), i, product)
                json_array_append_new(affects, json_pack("{s:O}", "ref", json_object_get(product, "id")));
        return json_pack("{s:s, s:s, s:s, s:s*, s:o, s:o}", "bom-ref", jread_get_string(statement, "finding"),
                         "id", jread_get_string(statement, "vulnerability"), "description",
                         jread_get_string(statement, "title"), "recommendation", remediation, "analysis",
                         analysis_make(statement), "affects", affects);
}

json_t *vex_write_cyclonedx(const VexDocument *document)
{
        g_autoptr(GHashTable) defined = hash_table_new_text(NULL, NULL);
        char time[ZW_INSTANT_TEXT];
        json_t *components = json_array(), *vulnerabilities = json_array();
        const json_t *statement, *product;
        size_t i, j;

        instant_format(document->time, time);
        json_array_foreach(document->statements, i, statement)
        {
                json_array_append_new(vulnerabilities, vulnerability_make(statement));
                json_array_foreach(
                        json_object_get(statement, "products"), j,
                        product) if (g_hash_table_add(defined,
                                                      (gpointer)(uintptr_t)jread_get_string(product, "id")))
                        json_array_append_new(components, component_make(product));
        }
        return json_pack("{s:s, s:s, s:I, s:{s:s, s:{s:s, s:s}}, s:o, s:o}", "bomFormat", "CycloneDX",
                         "specVersion", "1.6", "version", (json_int_t)document->commit, "metadata",
                         "timestamp", time, "component", "type", "platform", "name", document->title,
                         "components", components, "vulnerabilities", vulnerabilities);
}

/* ---- the way back ---- */

/* Components by their reference, as deep as JSON may be nested. */
static void components_read(json_t *products, const json_t *component)
{
        const char *ref = jread_get_string(component, "bom-ref");
        const json_t *below;
        size_t i;

        if (ref != NULL)
                json_object_set_new(products, ref,
                                    vex_product_read(ref, jread_get_string(component, "purl"),
                                                     jread_get_string(component, "cpe")));
        json_array_foreach(json_object_get(component, "components"), i, below)
                components_read(products, below);
}

static json_t *affects_read(const json_t *vulnerability, const json_t *products)
{
        json_t *list = json_array();
        const json_t *affected;
        size_t i;

        json_array_foreach(json_object_get(vulnerability, "affects"), i, affected)
        {
                const char *ref = jread_get_string(affected, "ref");
                json_t *product = ref == NULL ? NULL : json_object_get(products, ref);

                if (product != NULL)
                        json_array_append(list, product);
        }
        return list;
}

/* Without an analysis a vulnerability is told, and nothing said about it. */
static const char *status_read(const json_t *analysis)
{
        static const char *const names[][2] = {
                { "exploitable", "affected" },         { "resolved", "fixed" },
                { "resolved_with_pedigree", "fixed" }, { "not_affected", "not_affected" },
                { "false_positive", "not_affected" },  { "in_triage", "under_investigation" },
        };
        const char *state = jread_get_string(analysis, "state");

        for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
                if (g_strcmp0(names[i][0], state) == 0)
                        return names[i][1];
        return NULL;
}

json_t *vex_read_cyclonedx(const json_t *document)
{
        g_autoptr(Json) products = json_object();
        json_t *statements = json_array();
        const json_t *vulnerability;
        size_t i;

        components_read(products, json_object_get(json_object_get(document, "metadata"), "component"));
        components_read(products, document);
        json_array_foreach(json_object_get(document, "vulnerabilities"), i, vulnerability)
        {
                const json_t *analysis = json_object_get(vulnerability, "analysis");
                const char *name = jread_get_string(vulnerability, "id"), *status = status_read(analysis);
                g_autofree char *where = g_strdup_printf("/vulnerabilities/%zu", i);
                g_autoptr(Json) read = NULL;

                if (name == NULL || status == NULL)
                        continue;
                read = json_pack("{s:s, s:s, s:s, s:o}", "where", where, "vulnerability", name, "status",
                                 status, "products", affects_read(vulnerability, products));
                if (strcmp(jread_get_string(analysis, "state"), "false_positive") == 0)
                        json_object_set_new(read, "state", json_string("false_positive"));
                vex_statement_add(statements, read, jread_get_string(analysis, "detail"),
                                  jread_get_string(analysis, "justification"), NULL);
        }
        return statements;
}
