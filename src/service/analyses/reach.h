/* What an impact walk gives: which of the items reached, and how each is written. Shared by `impact` and what-if. */
#ifndef SERVICE_ANALYSES_REACH_H
#define SERVICE_ANALYSES_REACH_H

#include "graph/walk.h"
#include "service/internal.h"

enum { ZW_REACH_MAX = 1000000 };

/* What of it is wanted, made from the input of a call: `kinds`, `links`, `zone`, `discipline`, `shared`. */
typedef struct {
        uint64_t kinds; /* bit per KindId */
        LinkMask links; /* the walk follows these only */
        ItemNo zone;    /* or ZW_ITEM_NONE */
        int discipline; /* value of the attribute that requirements have; -1: any */
        bool shared;    /* safety functions, too, that share something with countermeasures */
        WalkDirection direction;
} ReachChoice;

/* Errors: NAME_UNKNOWN with near names; NOT_FOUND. */
bool reach_choose(Call *call, GraphView view, ReachChoice *ret_choice, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

/* Why a walk began: which fields of the start changed between two of its revisions. */
typedef struct {
        const char *key;
        uint32_t rev_old, rev_now; /* 0: there was none before */
        const json_t *changed;     /* array of names */
} ReachCause;

/* Writes the items of a walk that are wanted, the start left out, as elements of an array. `seen` (or NULL), a byte for each item of
 * the view: items marked there are left out, and those written are marked. */
void reach_write(JWrite *w, GraphView view, const ReachChoice *choice, const ReachCause *cause,
                 const WalkStep *steps, size_t n, uint8_t *seen);

#endif
