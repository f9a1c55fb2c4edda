/* Controls of foreign catalogues: a reader of OSCAL links claims, nonconformities and evidence to a control by its id, `to`
 * {"control":"ac-2"}; here each becomes links to the requirements that are called so: those imported from a catalogue of OSCAL, now or
 * before, and those with that row of the 62443 series. Inside service/ only; runs on the pending tip of a write. */
#ifndef SERVICE_INTERCHANGE_CONTROLS_H
#define SERVICE_INTERCHANGE_CONTROLS_H

#include "service/interchange/import.h"

/* A link to a control. */
bool control_is_named(const json_t *op);
/* Gives in *ret_ops a new array. A claim that answers nothing here is left out with its links; each control that is called nothing
 * is listed under `unmatched` of the outcome. Errors: those of the store. */
bool controls_bind(Import *import, StoreView *view, const json_t *ops, json_t **ret_ops, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

#endif
