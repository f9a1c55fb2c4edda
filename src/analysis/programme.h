/* How a programme of 62443-2-1, 2-4 or 4-1 stands: row by row the maturity that is claimed, what records carry, and what an assessor
 * found, with what is missing, and rolled up with reasons (docs/algorithms/programme.md). A programme is made of requirements that
 * name its rows; claims answer them. Pure functions of a view; results are owned by the caller. */
#ifndef ANALYSIS_PROGRAMME_H
#define ANALYSIS_PROGRAMME_H

#include "graph/graph.h"

/* The two editions of 62443-2-1 are programmes of their own. */
typedef enum {
        PROGRAMME_2_1_2024, /* asset owners */
        PROGRAMME_2_1_2010,
        PROGRAMME_2_4, /* service providers */
        PROGRAMME_4_1, /* product suppliers */
        ZW_PROGRAMME_COUNT
} ProgrammeId;

const char *programme_name(ProgrammeId programme); /* `62443-2-1:2024` */
/* By that name or what standard_find takes; 62443-2-1 without an edition is that of 2024. */
bool programme_find(const char *name, ProgrammeId *ret_programme);
/* Is it a row of the programme that counts? */
bool programme_has_row(ProgrammeId programme, RowId row);

enum { MATURITY_UNKNOWN = -1, MATURITY_MAX = 4 };

typedef enum {
        PROGRAMME_NO_REQUIREMENT, /* nothing in the project names the row */
        PROGRAMME_NOT_ASSESSED,   /* nothing is claimed */
        PROGRAMME_GAPS,
        PROGRAMME_MET,
        PROGRAMME_NOT_APPLICABLE,
        ZW_PROGRAMME_STATES
} ProgrammeState;
const char *programme_state_name(ProgrammeState state);

typedef enum {
        PROGRAMME_GAP_NO_PROCEDURE,
        PROGRAMME_GAP_PROCEDURE_NOT_APPROVED,
        PROGRAMME_GAP_NO_RECORD,
        PROGRAMME_GAP_RECORD_NOT_CURRENT,
        PROGRAMME_GAP_NO_SUBJECT, /* 2-4 and 4-1: not said in which solution or product it was done */
        PROGRAMME_GAP_NO_IMPROVEMENT,
        PROGRAMME_GAP_NOT_APPROVED, /* the claim */
        PROGRAMME_GAP_NOT_VERIFIED,
        PROGRAMME_GAP_NO_ASSESSOR,
        PROGRAMME_GAP_EXPIRED,
        PROGRAMME_GAP_BELOW_TARGET,
        PROGRAMME_GAP_NONCONFORMITY, /* one that is not closed */
} ProgrammeGapKind;
const char *programme_gap_name(ProgrammeGapKind kind);

typedef struct {
        ProgrammeGapKind kind;
        ItemNo item; /* that it is about, or ZW_ITEM_NONE */
} ProgrammeGap;

/* One requirement of a row: for an organisation, and for the products or systems it is allocated to. */
typedef struct {
        RowId row;
        ItemNo requirement; /* or ZW_ITEM_NONE */
        ItemNo claim;       /* the one that counts, or ZW_ITEM_NONE */
        ProgrammeState state;
        int target;    /* MATURITY_UNKNOWN: none */
        int claimed;   /* 0: not met */
        int supported; /* by procedures, records and improvements */
        int verified;  /* by an assessment that stands, and no more than is supported */
        GArray *subjects, *procedures, *records; /* of ItemNo, by number */
        GArray *gaps;                            /* of ProgrammeGap */
} ProgrammeRecord;

/* A practice, functional area or group of rows, or all of them (`group` NULL). A level is the lowest of the records; unknown where one of
 * them is, unless another is 0. */
typedef struct {
        const char *group;
        size_t n[ZW_PROGRAMME_STATES]; /* records by state */
        int claimed, verified;
        GArray *holding; /* of guint: numbers of the records that hold `verified` where it is, by number */
} ProgrammeGroup;

typedef struct {
        ProgrammeId id;
        GArray *records; /* of ProgrammeRecord, by row and then requirement */
        GArray *groups;  /* of ProgrammeGroup, in the order of the rows; all of them is the last */
} Programme;

/* `organisation` and `subject` narrow it to the requirements of that organisation, and to those allocated to that product or system or to
 * nothing; NULL and ZW_ITEM_NONE for all. `now` is the evaluation instant. */
typedef struct {
        const char *organisation;
        ItemNo subject;
        Instant now;
} ProgrammeFocus;
Programme *programme_assess(GraphView view, ProgrammeId id, const ProgrammeFocus *focus);
void programme_free(Programme *programme);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Programme, programme_free)

/* The organisations that requirements of the programme name, each once, sorted (GPtrArray of char *). */
GPtrArray *programme_organisations(GraphView view, ProgrammeId id);

#endif
