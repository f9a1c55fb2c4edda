/* What reports say and the graph does not hold: bodies, owners and the attributes that no analysis needs, signatures, risk
 * methods, where items came from. Whoever asks for a report gives them; without them what they would say is unknown. */
#ifndef REPORT_RECORDS_H
#define REPORT_RECORDS_H

#include "analysis/lint.h"
#include "model/risk.h"

/* Borrowed until the next call. */
typedef struct {
        const json_t *attrs;
        const char *body, *owner; /* or NULL */
        Seq changed;              /* the commit that made this revision */
} ItemRecord;

/* Borrowed for the length of a call. */
typedef struct {
        ItemNo item;
        uint32_t rev;
        const char *meaning, *role, *reason;
        const char *person; /* or NULL when the name is no longer kept */
        Instant time;
        bool standing; /* the item still says what was signed */
} SignatureRecord;

typedef bool (*SignatureRecordFn)(const SignatureRecord *signature, void *payload);

/* All of it may be NULL. The functions: errors of whoever keeps the records. */
typedef struct {
        const LintOrigins *origins;
        const RiskMethods *methods; /* NULL: those of the program */
        bool (*item)(void *payload, ItemNo item, ItemRecord *ret_record, GError **error);
        /* Those on any item, by item, then as they were made. */
        bool (*signatures)(void *payload, SignatureRecordFn fn, void *fn_payload, GError **error);
        void *payload;
} Records;

#endif
