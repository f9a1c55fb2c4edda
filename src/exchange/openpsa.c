/* Fault and event trees of the Open-PSA model exchange format. */
#include "exchange/readers.h"

#include "exchange/openpsa_tree.h"
#include "exchange/xfigures.h"

static const char *const roots[] = { "opsa-mef", NULL };

static const XFigure rows[] = {
        { XFIGURE_COUNT, "define_fault_tree", NULL, "define-fault-tree", NULL, NULL },
        { XFIGURE_COUNT, "define_gate", NULL, "define-gate", NULL, NULL },
        { XFIGURE_COUNT, "define_basic_event", NULL, "define-basic-event", NULL, NULL },
        { XFIGURE_DISTINCT, "distinct_basic_event_refs", NULL, "basic-event", "name", NULL },
        { XFIGURE_COUNT, "house", NULL, "define-house-event", NULL, NULL },
        { XFIGURE_COUNT, "define_event_tree", NULL, "define-event-tree", NULL, NULL },
        { XFIGURE_COUNT, "ccf", NULL, "define-CCF-group", NULL, NULL },
        { XFIGURE_NAMES, "gate_ops", NULL, "and", NULL, NULL },
        { XFIGURE_NAMES, "gate_ops", NULL, "or", NULL, NULL },
        { XFIGURE_NAMES, "gate_ops", NULL, "not", NULL, NULL },
        { XFIGURE_NAMES, "gate_ops", NULL, "atleast", NULL, NULL },
        { XFIGURE_NAMES, "gate_ops", NULL, "xor", NULL, NULL },
        { XFIGURE_NAMES, "gate_ops", NULL, "nand", NULL, NULL },
        { XFIGURE_NAMES, "gate_ops", NULL, "nor", NULL, NULL },
        { XFIGURE_NAMES, "gate_ops", NULL, "iff", NULL, NULL },
        { XFIGURE_NAMES, "gate_ops", NULL, "imply", NULL, NULL },
        { XFIGURE_NAMES, "gate_ops", NULL, "cardinality", NULL, NULL },
};

static const XFormat format = { .roots = roots,
                                .what = "a model of Open-PSA",
                                .rows = rows,
                                .n_rows = G_N_ELEMENTS(rows),
                                .root_and_space = true };

bool openpsa_read(const Source *source, Sink *sink, GError **error)
{
        return xfigures_read(source, sink, &format, error) &&
               (source->figures_only || openpsa_trees_tell(source, sink, error));
}
