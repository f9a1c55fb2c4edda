/* What a safety function achieves (docs/algorithms/safety.md): PFDavg or PFH, SIL by probability, by hardware fault tolerance and
 * by systematic capability, and its response time against what the process allows. Source: IEC 61511-1, IEC 61508-2 and -6;
 * IEC 62061 for machinery. Security is left out: what countermeasures add is added by who knows them.
 *
 * Its elements are what it `uses` as sensor, logic and final; what an asset does not state itself is taken from its components.
 * A figure that needs something nobody stated is NaN, and a level -1: unknown, never zero, and no verdict; a note says what is
 * missing. Units are in the names. Results are owned by the caller. Thread-safe for readers of the view. */
#ifndef ANALYSIS_SAFETY_FUNCTION_H
#define ANALYSIS_SAFETY_FUNCTION_H

#include "analysis/safety_equation.h"
#include "graph/graph.h"

typedef enum {
        SAFETY_NOTE_MISSING, /* something that is needed is not known */
        SAFETY_NOTE_REFUSED, /* the data contradict each other or a standard: the figure is unknown */
        SAFETY_NOTE_FAILED,  /* why a verdict is `not met` */
        SAFETY_NOTE_TAKEN,   /* what was assumed, or which variant was taken */
} SafetyNoteKind;
const char *safety_note_kind_name(SafetyNoteKind kind);

typedef struct {
        SafetyNoteKind kind;
        const char *rule; /* a fixed word, such as rate_missing */
        ItemNo item;      /* what it is about */
        char *text;
} SafetyNote;
/* Owned by the array (of SafetyNote) of safety_notes_new. */
GPtrArray *safety_notes_new(void);
void safety_note_add(GPtrArray *notes, SafetyNoteKind kind, const char *rule, ItemNo item, const char *format,
                     ...) G_GNUC_PRINTF(5, 6);

typedef enum { SAFETY_UNKNOWN, SAFETY_MET, SAFETY_NOT_MET } SafetyVerdict;
const char *safety_verdict_name(SafetyVerdict verdict);

/* Where a figure comes from. */
typedef enum {
        SAFETY_FIGURE_NONE,     /* it is unknown */
        SAFETY_FIGURE_COMPUTED, /* from the elements */
        SAFETY_FIGURE_STATED,   /* the function states it, and it cannot be computed */
} SafetyFigureBasis;
const char *safety_figure_basis_name(SafetyFigureBasis basis);

/* What one asset or component states; NaN or -1 where nothing. */
typedef struct {
        ItemNo item;
        int64_t channel; /* -1: one of its own */
        SafetyChannel rates;
        double lambda_su;
        double pfd, pfh_per_h; /* stated by its maker */
        double response_ms;
        int type;       /* 'A' or 'B', or -1 */
        int capability; /* the better of systematic capability and prior use */
} SafetyElement;

enum { SAFETY_SENSOR, SAFETY_LOGIC, SAFETY_FINAL, ZW_SAFETY_PARTS };

/* The sensors, the logic, or the final elements. */
typedef struct {
        AsId as;
        GArray *elements;       /* of SafetyElement, in the order of their links */
        const SafetyVote *vote; /* NULL: unknown */
        SafetyFigure pfd, pfh_per_h;
        double safe_fraction; /* the lowest of its elements; for route 1H */
        int sil_hardware, sil_systematic;
        double response_ms; /* of its slowest channel */
} SafetyPart;

typedef struct {
        ItemNo function;
        bool machinery;  /* by 62061: PFH only, no SIL 4 */
        bool low_demand; /* PFDavg counts; else PFH */
        bool mode_known;
        int sil_target;
        SafetyPart parts[ZW_SAFETY_PARTS];

        double pfd, pfh_per_h; /* the one that counts by the mode; the other is NaN */
        SafetyFigureBasis figure_basis;
        int sil_probability, sil_hardware, sil_systematic;
        int sil_achieved;        /* the lowest of the three */
        SafetyVerdict integrity; /* against sil_target; not met as soon as one of the three is below it */

        double response_ms; /* sensor + logic + path + final, before countermeasures */
        SafetyFigureBasis response_basis;
        double path_ms; /* of the conduits and devices it uses as path */
        double process_safety_time_ms, process_lag_ms, margin_ms;
        double budget_ms;      /* process safety time - process lag - margin */
        double budget_most_ms; /* what it can be at most: without the lag where nobody stated it */
        SafetyVerdict response;

        GPtrArray *notes; /* of SafetyNote */
} SafetyFunction;

/* `now` tells which proof tests are overdue: they count with the time since the last one. */
SafetyFunction *safety_function_find(GraphView view, ItemNo item, Instant now);
void safety_function_free(SafetyFunction *function);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SafetyFunction, safety_function_free)

/* The SIL of the band, by the mode of PFDavg or PFH, that a figure lies in, with what others add to its own; -1: unknown. */
int safety_function_sil(const SafetyFunction *function, double figure);

/* A response time, with what others add to its own, against the budget. Where nobody stated the process lag, one that is over
 * budget_most_ms is `not met` all the same, and any other unknown. */
SafetyVerdict safety_response_verdict(const SafetyFunction *function, double response_ms);

#endif
