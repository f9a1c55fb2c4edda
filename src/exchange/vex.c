/* Statements of VEX: what the formats have in common. */
#include "exchange/vex.h"

#include "base/error.h"
#include "base/near.h"
#include "model/metamodel.h"
#include "vuln/purl.h"

#include <string.h>

static const struct {
        const char *name;
        json_t *(*write)(const VexDocument *document);
        json_t *(*read)(const json_t *document);
        const char *mark; /* the member by which a document is known */
} formats[VEX_FORMATS] = {
        [VEX_OPENVEX] = { "openvex", vex_write_openvex, vex_read_openvex, "@context" },
        [VEX_CSAF] = { "csaf", vex_write_csaf, vex_read_csaf, "document" },
        [VEX_CYCLONEDX] = { "cyclonedx", vex_write_cyclonedx, vex_read_cyclonedx, "bomFormat" },
};

static const struct {
        const char *state, *status;
} statuses[] = {
        { "new", "under_investigation" },   { "acknowledged", "under_investigation" },
        { "in_progress", "affected" },      { "mitigated", "affected" },
        { "accepted", "affected" },         { "fixed", "fixed" },
        { "not_affected", "not_affected" }, { "false_positive", "not_affected" },
};

static const char *const justifications[] = {
        "component_not_present",
        "vulnerable_code_not_present",
        "vulnerable_code_not_in_execute_path",
        "vulnerable_code_cannot_be_controlled_by_adversary",
        "inline_mitigations_already_exist",
};

const char *vex_format_name(VexFormat format)
{
        return formats[format].name;
}

bool vex_format_find(const char *name, VexFormat *ret_format, GError **error)
{
        const char *known[VEX_FORMATS];
        g_autofree char *near = NULL;

        for (int i = 0; i < VEX_FORMATS; i++) {
                known[i] = formats[i].name;
                if (g_strcmp0(name, known[i]) == 0) {
                        *ret_format = (VexFormat)i;
                        return true;
                }
        }
        near = near_names(name == NULL ? "" : name, known, VEX_FORMATS);
        error_set(error, ZW_ERR_NAME_UNKNOWN, "/format", "no VEX is written as \"%s\"%s",
                  name == NULL ? "" : name, near);
        return false;
}

json_t *vex_write(VexFormat format, const VexDocument *document)
{
        return formats[format].write(document);
}

const char *vex_status(const char *state)
{
        for (size_t i = 0; i < G_N_ELEMENTS(statuses); i++)
                if (strcmp(statuses[i].state, state) == 0)
                        return statuses[i].status;
        return "under_investigation";
}

char *vex_note(const json_t *statement)
{
        const char *state = jread_get_string(statement, "state"),
                   *rationale = jread_get_string(statement, "rationale");

        return rationale == NULL ? g_strdup(state) : g_strdup_printf("%s: %s", state, rationale);
}

const char *vex_reason(const json_t *statement)
{
        const char *rationale = jread_get_string(statement, "rationale"),
                   *remediation = jread_get_string(statement, "remediation");
        const bool affected = strcmp(vex_status(jread_get_string(statement, "state")), "affected") == 0;

        if (rationale != NULL)
                return rationale;
        if (!affected)
                return "No reason is recorded.";
        return remediation != NULL ? remediation : "No action is recorded yet.";
}

const char *vex_justification(const json_t *statement)
{
        const char *rationale = jread_get_string(statement, "rationale");

        for (size_t i = 0; rationale != NULL && i < G_N_ELEMENTS(justifications); i++) {
                const size_t n = strlen(justifications[i]);

                if (strncmp(rationale, justifications[i], n) == 0 &&
                    (rationale[n] == '\0' || rationale[n] == ':'))
                        return justifications[i];
        }
        return NULL;
}

void vex_lose(const VexDocument *document, const json_t *statement, const char *format, ...)
{
        g_autofree char *what = NULL;
        va_list args;

        va_start(args, format);
        what = g_strdup_vprintf(format, args);
        va_end(args);
        json_array_append_new(document->lost,
                              json_pack("{s:s, s:s}", "where", jread_get_string(statement, "finding"), "what",
                                        what));
}

char *vex_generic_purl(const json_t *product)
{
        char *keys[] = { (char[]){ "order_number" }, NULL },
             *values[] = { (char *)(uintptr_t)jread_get_string(product, "part_number"), NULL };
        const Purl purl = { .type = (char[]){ "generic" },
                            .namespace = (char *)(uintptr_t)jread_get_string(product, "vendor"),
                            .name = (char *)(uintptr_t)jread_get_string(product, "product"),
                            .version = (char *)(uintptr_t)jread_get_string(product, "version"),
                            .keys = values[0] == NULL ? NULL : keys,
                            .values = values[0] == NULL ? NULL : values };

        return purl.name == NULL ? NULL : purl_format(&purl);
}

/* ---- the way back ---- */

json_t *vex_read(const json_t *document, GError **error)
{
        for (size_t i = 0; i < VEX_FORMATS; i++)
                if (json_object_get(document, formats[i].mark) != NULL)
                        return formats[i].read(document);
        error_set(error, ZW_ERR_INPUT, "/vex", "this is no document of OpenVEX, CSAF or CycloneDX");
        return NULL;
}

/* The state that a note begins with, when it is one that is published as this status; the rationale after it, or NULL. */
static bool note_read(const char *note, const char *status, StateId *ret_state, const char **ret_rationale)
{
        const char *colon = note == NULL ? NULL : strstr(note, ": ");
        g_autofree char *name = colon == NULL ? g_strdup(note) : g_strndup(note, (gsize)(colon - note));

        if (name == NULL || !state_find(name, ret_state) || strcmp(vex_status(name), status) != 0)
                return false;
        *ret_rationale = colon == NULL ? NULL : colon + 2;
        return true;
}

void vex_statement_add(json_t *statements, const json_t *read, const char *note, const char *label,
                       const char *text)
{
        const char *rationale = text != NULL ? text : note;
        g_autofree char *joined = label != NULL && rationale != NULL
                                          ? g_strdup_printf("%s: %s", label, rationale)
                                          : g_strdup(label);
        json_t *statement = json_copy((json_t *)(uintptr_t)read);
        StateId state;

        if (note_read(note, jread_get_string(read, "status"), &state, &rationale))
                json_object_set_new(statement, "state", json_string(state_def(state)->name));
        else if (joined != NULL)
                rationale = joined;
        if (rationale != NULL && rationale[0] != '\0')
                json_object_set_new(statement, "rationale", json_string(rationale));
        json_array_append_new(statements, statement);
}

json_t *vex_product_read(const char *id, const char *purl, const char *cpe)
{
        static const char ours[] = "urn:zonewright:";
        const char *key = id != NULL && g_str_has_prefix(id, ours) ? strrchr(id, ':') + 1 : NULL;

        if (purl == NULL && id != NULL && g_str_has_prefix(id, "pkg:"))
                purl = id;
        return json_pack("{s:s*, s:s*, s:s*}", "key", key, "purl", purl, "cpe", cpe);
}
