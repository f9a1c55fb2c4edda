/* What the use cases of programmes share. Inside service/ only. */
#ifndef SERVICE_PROGRAMMES_PROGRAMMES_H
#define SERVICE_PROGRAMMES_PROGRAMMES_H

#include "analysis/programme.h"
#include "service/internal.h"

/* The member `standard` of the input. Errors: USAGE, NAME_UNKNOWN. */
bool programme_of_call(const Call *call, ProgrammeId *ret_programme, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* The member `subject`, a product, system or place, or ZW_ITEM_NONE. Errors: NOT_FOUND, USAGE. */
bool subject_of_call(const Call *call, GraphView view, ItemNo *ret_subject, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

#endif
