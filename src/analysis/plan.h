/* The cheapest set of actions that brings places to SL-T, verified and with findings (docs/algorithms/plan.md; that the plan is
 * the cheapest cover is project practice, 62443 asks only for a plan). A *need* is one reason why a row demanded at SL-T is not
 * met for a member; an *action* meets needs. One Assess is used by one thread; a Plan belongs to the caller. */
#ifndef ANALYSIS_PLAN_H
#define ANALYSIS_PLAN_H

#include "analysis/assess.h"

/* In the order in which plans prefer them at equal cost: what leaves the plant as it is comes first. */
typedef enum {
        ACTION_REQUIRE,        /* state the requirements of a place: its required set */
        ACTION_CONFIRM,        /* judge again the suspect links of a claim */
        ACTION_TEST,           /* run an existing test case at the site */
        ACTION_NEW_TEST,       /* write and run a test of a claim */
        ACTION_VERIFY,         /* approve and test a countermeasure that is there */
        ACTION_REPAIR,         /* remove the cause of a failed test and repeat it */
        ACTION_PATCH,          /* apply the supplier's fixes to an asset or component */
        ACTION_CONFIGURE,      /* meet a row on one member by configuration, claimed and tested */
        ACTION_COUNTERMEASURE, /* a new one for a row at a place or system, claimed and tested */
        ACTION_MITIGATE,       /* a new countermeasure against a finding, tested */
} ActionKind;
enum { ZW_ACTION_KINDS = ACTION_MITIGATE + 1 };

typedef enum {
        NEED_NO_REQUIREMENT,
        NEED_NO_CLAIM,
        NEED_CLAIM_OPEN,   /* the claim says not met, expired, or what it rests on is missing */
        NEED_NOT_VERIFIED, /* no current proof at site stage */
        NEED_SUSPECT,
        NEED_FAILED,
        NEED_BROKEN,  /* by a confirmed finding */
        NEED_UNKNOWN, /* data are missing to say which members need the row: no action meets it */
} NeedKind;

typedef enum { COST_SMALL = 1, COST_MEDIUM = 3, COST_LARGE = 9 } CostClass;

const char *action_kind_name(ActionKind kind);
const char *need_kind_name(NeedKind kind);
const char *cost_class_name(CostClass cost);
/* The default of a kind; no attribute of the metamodel states what an action costs. */
CostClass action_cost(ActionKind kind);

typedef struct {
        NeedKind kind;
        ItemNo place;
        RowId row;
        ItemNo member;        /* or ZW_ITEM_NONE: the row itself */
        ItemNo item;          /* the claim, test case or finding it is about, or ZW_ITEM_NONE */
        GArray *alternatives; /* of uint32_t: actions that meet it; empty when there are none */
} PlanNeed;

typedef struct {
        ActionKind kind;
        ItemNo item; /* what is done something to: place, claim, test case, countermeasure, asset, finding … */
        RowId row; /* of configure and countermeasure, or ZW_ROW_NONE */
        bool chosen;
        GArray *needs; /* of uint32_t: those it meets */
} PlanAction;

/* What a step moves, after the steps before it. */
typedef struct {
        ItemNo place;
        int fr;
        int rows;        /* how many rows it leaves without a need */
        int8_t from, to; /* SL-A verified, with findings; SL-T at most */
} PlanGain;

typedef struct {
        uint32_t action;
        GArray *gains; /* of PlanGain, by place and FR */
} PlanStep;

typedef struct {
        ItemNo place;
        SlVector target, before, after; /* before and after: SL-T at most; unknown where SL-T is */
} PlanPlace;

typedef struct {
        GArray *places, *needs, *actions; /* of PlanPlace, PlanNeed and PlanAction */
        GArray *steps; /* of PlanStep: the chosen actions in the order they are best done */
        uint64_t cost;
} Plan;

enum { ZW_PLAN_NEEDS_MAX = 500000 };

/* Errors: LIMIT, more needs than that, or those of cover_solve. */
Plan *plan_make(Assess *assess, const ItemNo *places, size_t n_places, GError **error);
void plan_free(Plan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Plan, plan_free)

/* What an action touches in the plant: assets, conduits and places (`ret_items`), and safety functions and protection layers
 * that use one of them or that a countermeasure affects (`ret_functions`); each once, by number. Arrays of ItemNo. */
void plan_touches(GraphView view, const PlanAction *action, GArray *ret_items, GArray *ret_functions);

#endif
