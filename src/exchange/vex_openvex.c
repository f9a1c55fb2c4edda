/* Statements of VEX as an OpenVEX document, version 0.2.0. */
#include "exchange/vex.h"

#include <string.h>

static json_t *product_make(const json_t *product)
{
        const char *purl = jread_get_string(product, "purl"), *cpe = jread_get_string(product, "cpe");
        const bool is_23 = cpe != NULL && g_str_has_prefix(cpe, "cpe:2.3:");
        g_autofree char *generic = purl == NULL ? vex_generic_purl(product) : NULL;
        json_t *made = json_pack("{s:s}", "@id", jread_get_string(product, "id")), *identifiers;

        identifiers = json_pack("{s:s*, s:s*, s:s*}", "purl", purl == NULL ? generic : purl, "cpe23",
                                is_23 ? cpe : NULL, "cpe22", is_23 ? NULL : cpe);
        if (json_object_size(identifiers) > 0)
                json_object_set(made, "identifiers", identifiers);
        json_decref(identifiers);
        return made;
}

static json_t *statement_make(const json_t *statement)
{
        const char *status = vex_status(jread_get_string(statement, "state"));
        const bool clear = strcmp(status, "not_affected") == 0, affected = strcmp(status, "affected") == 0;
        const json_t *product;
        g_autofree char *note = vex_note(statement);
        json_t *products = json_array();
        size_t i;

        json_array_foreach(json_object_get(statement, "products"), i, product)
                json_array_append_new(products, product_make(product));
        return json_pack("{s:{s:s}, s:s, s:o, s:s, s:s*, s:s*, s:s*, s:s}", "vulnerability", "name",
                         jread_get_string(statement, "vulnerability"), "timestamp",
                         jread_get_string(statement, "time"), "products", products, "status", status,
                         "justification", clear ? vex_justification(statement) : NULL, "impact_statement",
                         clear ? vex_reason(statement) : NULL, "action_statement",
                         affected ? vex_reason(statement) : NULL, "status_notes", note);
}

json_t *vex_write_openvex(const VexDocument *document)
{
        g_autofree char *id = g_strdup_printf("urn:zonewright:%s:vex:%" G_GUINT64_FORMAT, document->project,
                                              document->commit);
        char time[ZW_INSTANT_TEXT];
        json_t *statements = json_array();
        const json_t *statement;
        size_t i;

        instant_format(document->time, time);
        json_array_foreach(document->statements, i, statement)
                json_array_append_new(statements, statement_make(statement));
        return json_pack("{s:s, s:s, s:s, s:s, s:I, s:s, s:o}", "@context", "https://openvex.dev/ns/v0.2.0",
                         "@id", id, "author", document->title, "timestamp", time, "version",
                         (json_int_t)document->commit, "tooling", "Zonewright", "statements", statements);
}

/* ---- the way back ---- */

static json_t *products_read(const json_t *statement)
{
        const json_t *product;
        json_t *products = json_array();
        size_t i;

        json_array_foreach(json_object_get(statement, "products"), i, product)
        {
                const json_t *identifiers = json_object_get(product, "identifiers");
                const char *id = json_is_string(product) ? json_string_value(product)
                                                         : jread_get_string(product, "@id"),
                           *cpe = jread_get_string(identifiers, "cpe23");

                json_array_append_new(products,
                                      vex_product_read(id, jread_get_string(identifiers, "purl"),
                                                       cpe != NULL ? cpe
                                                                   : jread_get_string(identifiers, "cpe22")));
        }
        return products;
}

json_t *vex_read_openvex(const json_t *document)
{
        static const char *const known[] = { "affected", "fixed", "not_affected", "under_investigation",
                                             NULL };
        json_t *statements = json_array();
        const json_t *statement;
        size_t i;

        json_array_foreach(json_object_get(document, "statements"), i, statement)
        {
                const json_t *named = json_object_get(statement, "vulnerability");
                const char *name = json_is_string(named) ? json_string_value(named)
                                                         : jread_get_string(named, "name"),
                           *status = jread_get_string(statement, "status"),
                           *impact = jread_get_string(statement, "impact_statement");
                g_autofree char *where = g_strdup_printf("/statements/%zu", i);
                g_autoptr(Json) read = NULL;

                if (name == NULL || status == NULL || !g_strv_contains(known, status))
                        continue;
                read = json_pack("{s:s, s:s, s:s, s:o}", "where", where, "vulnerability", name, "status",
                                 status, "products", products_read(statement));
                vex_statement_add(statements, read, jread_get_string(statement, "status_notes"),
                                  jread_get_string(statement, "justification"),
                                  impact != NULL ? impact : jread_get_string(statement, "action_statement"));
        }
        return statements;
}
