/* Inside workflow*.c only. */
#ifndef MODEL_WORKFLOW_INTERNAL_H
#define MODEL_WORKFLOW_INTERNAL_H

#include "model/workflow.h"

G_STATIC_ASSERT(ZW_STATE_COUNT <= 64);

struct Workflow {
        KindId kind;
        StateId initial;
        uint64_t states, locked;      /* bit per StateId */
        char *labels[ZW_STATE_COUNT]; /* or NULL */
        GArray *rules;                /* of WorkflowRule */
};

Workflow *workflow_new(KindId kind);

#endif
