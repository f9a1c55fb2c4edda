/* Writing the report that a call asks for. Inside service/ only. */
#ifndef SERVICE_REPORTS_REPORT_H
#define SERVICE_REPORTS_REPORT_H

#include "report/report.h"
#include "service/internal.h"

typedef struct {
        char *type, *title;
        const ReportRenderer *renderer;
        char hash[ZW_DIGEST_HEX]; /* of the commit */
        guint64 bytes;
        Digest digest; /* of what was written */
} ReportMade;

void report_made_clear(ReportMade *made);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ReportMade, report_made_clear)

/* The Merkle root over the commits up to the call's, in hex. Errors: those of the store. */
bool report_root_of_call(Call *call, char ret_hex[ZW_DIGEST_HEX], GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Writes the report that `type`, the scope and the period of the input ask for, at the commit and instant of the call. Errors:
 * USAGE, NAME_UNKNOWN, those of the store and of report_write. */
bool report_of_call(Call *call, const ReportRenderer *renderer, Stream *stream, ReportMade *ret_made,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
