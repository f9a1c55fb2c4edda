/* Supplier statements: what a maker says of one component, row by row of 62443-4-2 (docs/formats/supplier-statement.md). A reader
 * gives claims with the member `supplier` {"component","ref"}; here each becomes a claim that answers a requirement of the
 * component, with what follows from it. Inside service/ only; runs on the pending tip of a write. */
#ifndef SERVICE_INTERCHANGE_STATEMENTS_H
#define SERVICE_INTERCHANGE_STATEMENTS_H

#include "service/interchange/import.h"

/* A claim with the member `supplier`. */
bool statement_is(const json_t *op);
/* Gives in *ret_ops a new array. A row of another type of component, or a component that is not there, is appended to
 * `import->refused_here`. Errors: those of the store. */
bool statements_take(Import *import, StoreView *view, const json_t *ops, json_t **ret_ops, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

#endif
