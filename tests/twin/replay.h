/* Parts of replay.c: what the program says of a model, as new JSON. */
#ifndef TWIN_REPLAY_H
#define TWIN_REPLAY_H

#include "analysis/assess.h"
#include <jansson.h>

/* Applies items, links and results of an object as one commit. */
bool model_apply(Graph *graph, const json_t *model, Seq seq, GError **error) G_GNUC_WARN_UNUSED_RESULT;

json_t *vector_json(const SlVector *vector);
json_t *metrics_json(Assess *assess, const json_t *model);
json_t *exposures_json(Assess *assess, const json_t *model);
json_t *plan_json(Assess *assess, const json_t *model);
json_t *programmes_json(Assess *assess, const json_t *model);
json_t *interactions_json(Assess *assess, const json_t *model);
json_t *attacks_json(Assess *assess, const json_t *model);
json_t *safety_json(Assess *assess, const json_t *model);
json_t *kept_json(Assess *assess, const json_t *model);

#endif
