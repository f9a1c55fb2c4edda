/* What one finding does to the security case (docs/algorithms/findings.md): the rows it breaks or is proposed to break and why,
 * where, what that makes of SL-A, what clears it, which scenarios it makes real and which safety functions it touches.
 *
 * Everything is computed from one view; an Exposure belongs to the caller. Uses and leaves an Assess without suppositions. */
#ifndef ANALYSIS_EXPOSURE_H
#define ANALYSIS_EXPOSURE_H

#include "analysis/assess.h"
#include "model/proposal.h"

typedef enum {
        EXPOSURE_WITHOUT_FINDINGS, /* what no finding moves */
        EXPOSURE_NOW,              /* with all findings as they are */
        EXPOSURE_IF_CLEARED,       /* with all others */
        EXPOSURE_IF_CONFIRMED,     /* with all, and this one breaks what it is proposed to break */
} ExposureCase;
enum { ZW_EXPOSURE_CASES = EXPOSURE_IF_CONFIRMED + 1 };

/* A row at stake for one member of its need in one place. */
typedef struct {
        RowId row;
        ItemNo member;
        RowStatus status; /* of the member, findings left out */
} ExposedRow;

typedef struct {
        ItemNo place;
        SlVector target;
        SlVector verified[ZW_EXPOSURE_CASES], claimed[ZW_EXPOSURE_CASES];
        GArray *rows; /* of ExposedRow */
} ExposedPlace;

/* A countermeasure that mitigates it, and whether that clears it. */
typedef struct {
        ItemNo countermeasure;
        bool clears;
        const char *why; /* fixed text */
} ExposureMeasure;

/* A threat that uses it: linked by a person, or one that threatens what it touches and exercises an FR of a row at stake. */
typedef struct {
        ItemNo threat;
        bool linked;
        ItemNo target; /* what it threatens; ZW_ITEM_NONE where it is linked */
} ExposedScenario;

/* A safety function or protection layer, and what of it is touched. */
typedef struct {
        ItemNo function, element;
        AsId as;
} ExposedFunction;

typedef struct {
        ItemNo finding;
        bool confirmed; /* somebody said which rows it breaks */
        bool cleared;   /* it breaks nothing now */
        GArray *rows;   /* of Proposal: what it breaks where that is confirmed, else what is proposed */
        GArray *assets; /* of ItemNo: the live assets that are, hold or run what it concerns, by number */
        GArray *places; /* of ExposedPlace, by number: where a row is at stake */
        GArray *measures, *scenarios, *functions;
} Exposure;

/* Rows that the finding is proposed to break (GArray of Proposal): from its weaknesses, the techniques of the threats that
 * exploit it, or its CVSS vector, and those that it states itself. */
GArray *finding_proposals(GraphView view, ItemNo finding);

/* The live assets that are, hold or run what the finding concerns, by number (GArray of ItemNo). */
GArray *finding_assets(GraphView view, ItemNo finding);

Exposure *exposure_find(Assess *assess, ItemNo finding);
void exposure_free(Exposure *exposure);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Exposure, exposure_free)

#endif
