/* Binds results that name their case as a test tool does to the test cases of the project (docs/formats/junit.md).
 * Inside service/ only; runs on the pending tip of a write. */
#ifndef SERVICE_INTERCHANGE_BIND_H
#define SERVICE_INTERCHANGE_BIND_H

#include "base/error.h"
#include "store/store.h"

/* A result whose `case` is {"name":N,"tags":[…]}. */
bool result_is_named_by_tool(const json_t *op);

/* Gives in *ret_ops a new array of `ops` in which each result whose `case` is {"name":N,"tags":[…]} has the key of a test case. In
 * this order: one that a tag names, by an entry of its attribute `keys` or by its key; one whose `keys` have N or the last part of N; one whose key stands in N as a word of its
 * own; the first rule of `profile` ("tests": [{"match": "pkg.Class.*", "case": "TC-7"}]) that fits. Test cases that `ops`
 * create or change count as they will be.
 *
 * Several results of one run for one case become one, the worst with the latest time. A result without a time gets that
 * of its run; a new run without one gets the present instant, which its item keeps. What no test case is found for is
 * left out, counted in `counts.unmatched` of the run, and appended to `unmatched` as {"where","what"}. Results that name
 * a key already are left as they are. `profile` may be NULL. A write
 * that runs twice begins with an empty `unmatched` each time.
 * Errors: those of the store; INPUT, a rule of the profile is wrong or names no test case (`/tests/2/case`). */
bool results_bind(StoreView *view, const Id *log, const json_t *profile, const json_t *ops, json_t **ret_ops,
                  json_t *unmatched, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
