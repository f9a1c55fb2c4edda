/* What calls for assessing anew (`assessment.triggers`). */
#include "analysis/reassess.h"
#include "service/internal.h"

static void trigger_write(JWrite *w, GraphView view, const ReassessTrigger *trigger)
{
        char text[ZW_INSTANT_TEXT];

        jwrite_object_begin(w);
        jwrite_key_string(w, "reason", reassess_reason_name(trigger->reason));
        jwrite_key_string(w, "because", graph_key(view, trigger->because));
        jwrite_key_string(w, "title", graph_title(view, trigger->because));
        instant_format(trigger->ends, text);
        text[10] = '\0';
        jwrite_key_string(w, "ends", trigger->ends == 0 ? NULL : text);
        jwrite_key(w, "items");
        jwrite_array_begin(w);
        for (guint i = 0; i < trigger->items->len; i++)
                jwrite_string(w, graph_key(view, g_array_index(trigger->items, ItemNo, i)));
        jwrite_array_end(w);
        jwrite_object_end(w);
}

bool usecase_assessment_triggers(Call *call, JWrite *w, GError **error)
{
        g_auto(PinnedGraph) pinned = { 0 };
        g_autoptr(GArray) triggers = NULL;

        if (!graph_of_call(call, &pinned, error))
                return false;
        triggers = reassess_find(pinned.view, call->instant);
        jwrite_array_begin(w);
        for (guint i = 0; i < triggers->len; i++)
                trigger_write(w, pinned.view, &g_array_index(triggers, ReassessTrigger, i));
        jwrite_array_end(w);
        return true;
}
