/* What countermeasures do to safety and essential functions (docs/algorithms/safety-security.md): which of them have to be
 * judged since they share something with a function, how they were judged, and what the added latencies and probabilities of
 * failure leave of the budget and of the SIL of each function.
 *
 * Probabilities are averages on demand. A figure that nobody stated is NaN, never zero. Pure
 * functions over a view; an Interactions belongs to the caller. Thread-safe for readers. */
#ifndef ANALYSIS_INTERACTION_H
#define ANALYSIS_INTERACTION_H

#include "analysis/safety_function.h"

typedef enum {
        INTERACTION_UNASSESSED, /* nobody said what it does */
        INTERACTION_OPEN,       /* somebody did, and left the verdict open */
        INTERACTION_REOPENED,   /* what the verdict was given on has changed since */
        INTERACTION_ACCEPTABLE,
        INTERACTION_NOT_ACCEPTABLE,
} InteractionState;
enum { ZW_INTERACTION_STATES = INTERACTION_NOT_ACCEPTABLE + 1 };
const char *interaction_state_name(InteractionState state);

enum { ZW_INTERACTION_PATH_MAX = 5 };

typedef struct {
        ItemNo measure, function;
        /* The countermeasure, where it is deployed, what is shared, what the function uses, the function; what is the same as
         * the one before it is left out. n is 0 where nothing is shared and a person linked the two. */
        ItemNo path[ZW_INTERACTION_PATH_MAX];
        size_t n;
        bool on_loop; /* what is shared belongs to the loop, not to an engineering station alone */
        InteractionState state;
        bool linked;
        uint32_t link;                      /* the link `affects`, where linked */
        uint32_t aspects;                   /* bit per value of the attribute */
        double added_latency_ms, added_pfd; /* as stated */
} Interaction;

/* Does one of its aspects ask for the figure? Of one that is not assessed, its place on the loop does. */
bool interaction_needs_latency(const Interaction *interaction);
bool interaction_needs_pfd(const Interaction *interaction);
/* Events of the attribute `keeps` that one of its aspects can bring about. */
uint32_t interaction_events(const Interaction *interaction);

typedef enum {
        FUNCTION_ACCEPTABLE,
        FUNCTION_OPEN,     /* an interaction is to be assessed, or again */
        FUNCTION_UNKNOWN,  /* a figure is missing */
        FUNCTION_CONFLICT, /* there is a conflict */
} FunctionVerdict;
const char *function_verdict_name(FunctionVerdict verdict);

/* A function with what countermeasures add to it. */
typedef struct {
        ItemNo function;
        size_t first, n; /* its interactions in `found` */
        size_t open;     /* of them: to be assessed, or again */
        SafetyFunction *
                own; /* without countermeasures; NULL for an essential function, of which no figures are asked */
        double added_latency_ms, added_pfd; /* the sums of what is known */
        double response_ms,
                pfd; /* with the function's own; PFH where that counts, which added_pfd cannot add to */
        SafetyVerdict response;    /* against the budget */
        SafetyVerdict probability; /* against the band of the SIL demanded */
        int sil;                   /* of the band the sum lies in; -1: unknown */
        GPtrArray *notes; /* of SafetyNote: what of the countermeasures is missing, or does not apply */
        FunctionVerdict verdict;
} FunctionBalance;

typedef enum {
        CONFLICT_RESPONSE,       /* over the budget */
        CONFLICT_PROBABILITY,    /* outside the band */
        CONFLICT_NOT_ACCEPTABLE, /* a person's verdict */
        CONFLICT_HINDERED, /* the function does not go on through an event that the countermeasure can bring about, and nobody
                              accepted that */
} ConflictKind;
const char *conflict_kind_name(ConflictKind kind);

typedef struct {
        ConflictKind kind;
        ItemNo function;
        ItemNo measure; /* or ZW_ITEM_NONE: of the sum */
        char *text;     /* with the arithmetic */
} SafetyConflict;

typedef struct {
        GArray *found;     /* of Interaction, by function and countermeasure */
        GArray *functions; /* of FunctionBalance: all live safety and essential functions, by number */
        GArray *conflicts; /* of SafetyConflict, by function */
        GArray *everywhere; /* of ItemNo: live countermeasures deployed on whole systems only, which says nothing about sharing */
} Interactions;

/* `now` as for safety_function_find. */
Interactions *interactions_find(GraphView view, Instant now);
void interactions_free(Interactions *interactions);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Interactions, interactions_free)

/* What a verdict is given on: both ends, where the countermeasure is deployed, what the function uses, and the components of
 * these; live, by number (GArray of ItemNo). */
GArray *interaction_basis(GraphView view, ItemNo measure, ItemNo function);

/* Why an interaction is reopened: texts (of char *) are added to `ret_causes`, if any. False when it is not. */
bool interaction_is_reopened(GraphView view, const Interaction *interaction, GPtrArray *ret_causes);

/* The sums written out, `38000 ms own + 40 ms CM-16 = 38040 ms; budget 300000 ms = 600000 ms process safety time - 0 ms process
 * lag - 300000 ms margin`, of a safety function; free them. */
char *balance_response_tell(GraphView view, const Interactions *interactions, const FunctionBalance *balance);
char *balance_probability_tell(GraphView view, const Interactions *interactions,
                               const FunctionBalance *balance);

#endif
