/* Revisions of items and links, and results, as the store gives them and the graph takes them. All pointers are
 * borrowed from the giver for the length of a call. Items of a log are numbered from 0 in the order of their creation:
 * the number is the graph's node. */
#ifndef MODEL_REVISION_H
#define MODEL_REVISION_H

#include "base/hash.h"
#include "base/instant.h"
#include "model/metamodel.h"

typedef uint32_t ItemNo;
typedef uint64_t Seq;
#define ZW_SEQ_OPEN  ((Seq)INT64_MAX) /* valid still */
#define ZW_ITEM_NONE ((ItemNo)UINT32_MAX)

typedef struct {
        ItemNo no;
        Id id;
        const char *key;
        KindId kind;
        StateId state;
        uint32_t rev;   /* from 1 */
        uint32_t subst; /* number of the last substantive revision */
        const char *title, *body;
        const char *attrs; /* canonical JSON object */
        const char *owner; /* or NULL */
        const char *tags;  /* canonical JSON array, or NULL */
        int64_t order;
        const char *parent;      /* key of the item it is shown under, or NULL */
        const char *source;      /* JSON {"system","id","rev"} of the outside origin, or NULL */
        const char *attachments; /* JSON [{"name","sha256","size","media"}], or NULL */
        Id author;               /* who made this revision */
        Seq from_seq, to_seq;
} ItemRev;

typedef struct {
        ItemNo from, to;
        LinkTypeId type;
        AsId as;
        uint32_t judged_from, judged_to; /* last substantive revisions of the ends when last judged */
        const char *attrs;               /* canonical JSON object, or NULL */
        Seq from_seq, to_seq;
} LinkRev;

typedef enum { RESULT_PASSED, RESULT_FAILED, RESULT_ERROR, RESULT_SKIPPED } ResultStatus;

typedef struct {
        ItemNo test_case, run;
        ResultStatus status;
        Instant at;
        const char *message; /* or NULL */
        Seq seq;             /* commit that brought it */
} ResultRev;

const char *result_status_name(ResultStatus status);
bool result_status_find(const char *name, ResultStatus *ret_status);
/* How little it proves: passed 0, skipped, error, failed 3. Of several results for one thing the highest counts. */
int result_status_rank(ResultStatus status);

#endif
