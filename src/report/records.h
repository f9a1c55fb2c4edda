/* What reports say and the graph does not hold: bodies, owners and the attributes that no analysis needs, signatures, risk
 * methods, where items came from. Whoever asks for a report gives them; without them what they would say is unknown. */
#ifndef REPORT_RECORDS_H
#define REPORT_RECORDS_H

#include "analysis/lint.h"
#include "analysis/metric.h"
#include "model/operation.h"
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

/* What a source of the feeds holds. */
typedef struct {
        const char *source, *state; /* fresh, stale, partial, empty */
        const char *newest;         /* or NULL */
        gint64 records, age_days;   /* -1: not known */
} SourceRecord;

typedef bool (*SourceRecordFn)(const SourceRecord *source, void *payload);

/* A commit. Borrowed until the next call. */
typedef struct {
        Seq seq;
        Instant time;
        const char *person;           /* or NULL when the name is no longer kept */
        const char *origin, *message; /* NULL when erased */
        gint64 operations;
        bool editorial;
} CommitRecord;

/* Where the log stands at the commit of the report. */
typedef struct {
        const char *log, *root; /* hex; the Merkle root over all commits up to it */
} PositionRecord;

/* All of it may be NULL. The functions: errors of whoever keeps the records. */
typedef struct {
        const LintOrigins *origins;
        const RiskMethods *methods;    /* NULL: those of the program */
        const OperationPolicy *policy; /* NULL: that of the program */
        bool (*item)(void *payload, ItemNo item, ItemRecord *ret_record, GError **error);
        /* Those on any item, by item, then as they were made. */
        bool (*signatures)(void *payload, SignatureRecordFn fn, void *fn_payload, GError **error);
        /* Of each source that there is or should be, by name. */
        bool (*sources)(void *payload, SourceRecordFn fn, void *fn_payload, GError **error);
        /* The commits after an instant and not after another: none when *ret_last is below *ret_first. */
        bool (*span)(void *payload, Instant from, Instant to, Seq *ret_first, Seq *ret_last, GError **error);
        bool (*commit)(void *payload, Seq seq, CommitRecord *ret_record, GError **error);
        bool (*position)(void *payload, PositionRecord *ret_record, GError **error);
        /* How findings went through their states, as metric_base_new takes it; borrowed. */
        const GArray *(*changes)(void *payload, GError **error);
        void *payload;
} Records;

#endif
