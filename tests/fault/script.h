/* One life of a store under a fault: a fixed script of everything a store does, a record of what it acknowledged and what
 * it refused, and the look at what is left. What is wrong is collected, one line each. */
#ifndef FAULT_SCRIPT_H
#define FAULT_SCRIPT_H

#include "layer.h"
#include "store/store.h"

typedef struct Script Script;

typedef enum {
        SCRIPT_WORKS,  /* no call may fail */
        SCRIPT_RETRY,  /* one may; tried once more it must work */
        SCRIPT_REOPEN, /* calls may fail until the store is opened again */
        SCRIPT_FAILS   /* they may fail for good */
} ScriptHope;

/* A new life in the empty directory `root`, in which is hoped for so much. */
Script *script_new(const char *root, ScriptHope hope);
void script_free(Script *script);
/* Lives it, to the closing of the store. */
void script_run(Script *script);
/* Looks at what is left, with no fault armed; `go_on`: and that the store works. */
void script_check(Script *script, bool go_on);
/* What was found wrong: lines (borrowed). */
const GPtrArray *script_problems(const Script *script);
/* How many calls were acknowledged and failed. */
void script_count(const Script *script, unsigned *ret_done, unsigned *ret_failed);

#endif
