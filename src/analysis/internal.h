/* Inside analysis/ only: what the files of the assessment share. */
#ifndef ANALYSIS_INTERNAL_H
#define ANALYSIS_INTERNAL_H

#include "analysis/assess.h"

enum { ANCESTORS_MAX = 32 };

/* A requirement item that reaches a place: allocated to it, to an ancestor, or to a member. */
typedef struct {
        RowId row;
        ItemNo requirement;
        ItemNo at; /* the item it is allocated to */
} Reach;

struct Assess {
        GraphView view;
        Instant now;
        GArray *places;     /* of ItemNo */
        GHashTable *breaks; /* subject → what its findings break (finding.c) */
};

/* What the scopes of the rows ask of an asset. */
typedef struct {
        ItemNo asset;
        uint8_t types;
        uint32_t yes, no; /* traits answered */
} AssetFacts;

/* A place while it is assessed. */
typedef struct {
        Assess *assess;
        ItemNo place;
        ItemNo ancestors[ANCESTORS_MAX]; /* the place itself first, then what contains it */
        size_t n_ancestors;
        ItemNo system;    /* or ZW_ITEM_NONE */
        GArray *assets;   /* of ItemNo */
        GArray *facts;    /* of AssetFacts, one for each asset */
        GArray *boundary; /* of ItemNo: conduits and access points; for a conduit, itself */
        GArray *reaches;  /* of Reach, sorted by row */
        bool explain;
} PlaceContext;

PlaceContext *place_context_new(Assess *assess, ItemNo place, bool explain);
void place_context_free(PlaceContext *context);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlaceContext, place_context_free)

/* Members of a row; causes say why the row is unknown. False when it is unknown. */
bool place_need(PlaceContext *context, RowId row, GArray *ret_members, GPtrArray **causes);

/* The requirement items of `row` that reach the place. */
const Reach *place_reaches(const PlaceContext *context, RowId row, size_t *ret_n);

/* Items that contain `member` in this context, itself first (at most ANCESTORS_MAX + 1). */
size_t place_containers(const PlaceContext *context, ItemNo member, ItemNo *ret_items);

/* Component types (TYPE_ bits) of an asset over its components; 0 when none is known. */
uint8_t asset_types(GraphView view, ItemNo asset);
/* Answers of an asset; its own go before those of its components. */
void asset_traits(GraphView view, ItemNo asset, uint32_t *ret_yes, uint32_t *ret_no);
/* The place (zone or conduit) an item is part of, or ZW_ITEM_NONE. */
ItemNo item_place(GraphView view, ItemNo item);

/* The best of the claims for `row` on `member`, CRs left out. */
RowStatus claims_status(PlaceContext *context, RowId row, ItemNo member, ItemNo *ret_claim,
                        GPtrArray **causes);
/* Has `countermeasure` a verifying test that passed, and is it approved and not expired? */
bool countermeasure_is_verified(const Assess *assess, ItemNo countermeasure);
/* Is the result, or the evidence or run, of site stage (SAT or operation)? */
bool result_is_site(GraphView view, ItemNo test_case, ItemNo run);

/* Is a live threat, hazard, incident or risk above the requirement, over live requirements and SL targets (stage.c)? */
bool derives_from_risk(GraphView view, ItemNo requirement);

/* Does a confirmed finding break `row` for `member`? */
ItemNo finding_breaking(PlaceContext *context, RowId row, ItemNo member);

void cause_add(PlaceContext *context, GPtrArray **causes, const char *kind, ItemNo item, const char *format,
               ...) G_GNUC_PRINTF(5, 6);

#endif
