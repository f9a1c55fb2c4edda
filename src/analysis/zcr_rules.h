/* Inside analysis/ only: what the rows of zcr.c ask of their subjects. */
#ifndef ANALYSIS_ZCR_RULES_H
#define ANALYSIS_ZCR_RULES_H

#include "analysis/internal.h"
#include "analysis/target.h"
#include "analysis/zcr.h"

typedef struct {
        GraphView view;  /* all there is */
        GraphView shown; /* the subjects, and what is said of them */
        Assess *assess;
        const RiskMethods *methods;
        const ZcrOutside *outside;
        GHashTable *rated;   /* risk → RatedRisk */
        GHashTable *defects; /* rule → GHashTable of the items it names first */
} Zcr;

typedef bool (*ZcrSubjectFn)(Zcr *zcr, ItemNo item);
/* What the subject lacks, or NULL. Free it. */
typedef char *(*ZcrLackFn)(Zcr *zcr, ItemNo item);

/* One thing that a row asks of its subjects. Without `look` the attribute, or a link of the type to or from a live item, has
 * to be there; with it, they only say where it is entered. */
typedef struct {
        const char *row;      /* `ZCR 1.1` */
        uint64_t kinds;       /* of the subjects; 0: the project as a whole */
        ZcrSubjectFn subject; /* which of them; NULL: all */
        AttrId attr;          /* or ZW_ATTR_COUNT */
        LinkTypeId link;      /* or ZW_LINK_COUNT */
        const char *lacks;    /* in words, after the key of the subject */
        ZcrLackFn look;
} ZcrDemand;

#define ZCR_KIND(name) (UINT64_C(1) << ZW_KIND_##name)
#define ZCR_PLACES     (ZCR_KIND(ZONE) | ZCR_KIND(CONDUIT))

/* Of the steps 1, 3, 6 and 7 (zcr_place.c), and of 2, 4 and 5 (zcr_risk.c). */
extern const ZcrDemand zcr_place_demands[], zcr_risk_demands[];
extern const size_t zcr_n_place_demands, zcr_n_risk_demands;

/* The risk with its level (borrowed). */
const RatedRisk *zcr_rated(Zcr *zcr, ItemNo risk);
bool zcr_has_link(const Zcr *zcr, ItemNo item, LinkTypeId type);
bool zcr_has_defect(const Zcr *zcr, const char *rule, ItemNo item);
/* Is there a live report of this type? */
bool zcr_has_report(const Zcr *zcr, const char *type, bool approved_by_owner);
bool zcr_is_owned(const Zcr *zcr, ItemNo item);
bool zcr_is_approved_by_owner(const Zcr *zcr, ItemNo item);

#endif
