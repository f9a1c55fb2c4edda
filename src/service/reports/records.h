/* What reports need of the log beside the graph, at the commit of a call. Inside service/ only. */
#ifndef SERVICE_REPORTS_RECORDS_H
#define SERVICE_REPORTS_RECORDS_H

#include "report/records.h"
#include "service/internal.h"

typedef struct CallRecords CallRecords;

/* `view`: the graph of the call. Errors: those of the store. It lives as long as what it gives is used. */
CallRecords *records_of_call(Call *call, GraphView view, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void records_free(CallRecords *records);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CallRecords, records_free)
Records records_view(CallRecords *records);

#endif
