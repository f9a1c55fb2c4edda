/* Threat models as bills of materials: what the two forms share. Both tell into a Drawn whose system is named by the model. */
#ifndef EXCHANGE_TM_BOM_H
#define EXCHANGE_TM_BOM_H

#include "exchange/format.h"

/* The draft of CycloneDX: components of type `threat-model` with properties (tm_bom_draft.c). `file` names a model without a name. */
void tm_bom_draft_tell(JVal root, Sink *sink, const char *file);
/* The threat model library of OWASP: lists by kind (tm_bom_library.c). */
void tm_bom_library_tell(JVal root, Sink *sink, const char *file);

#endif
