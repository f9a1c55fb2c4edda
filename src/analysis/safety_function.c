#include "analysis/safety_function.h"

#include "analysis/safety_internal.h"
#include "model/safety.h"

#include <math.h>

/* ---- notes ---- */

const char *safety_note_kind_name(SafetyNoteKind kind)
{
        static const char *const names[] = { "missing", "refused", "failed", "taken" };

        return names[kind];
}

const char *safety_verdict_name(SafetyVerdict verdict)
{
        static const char *const names[] = { "unknown", "met", "not_met" };

        return names[verdict];
}

const char *safety_figure_basis_name(SafetyFigureBasis basis)
{
        static const char *const names[] = { "none", "computed", "stated" };

        return names[basis];
}

static void note_free(gpointer data)
{
        SafetyNote *note = data;

        g_free(note->text);
        g_free(note);
}

GPtrArray *safety_notes_new(void)
{
        return g_ptr_array_new_with_free_func(note_free);
}

void safety_note_add(GPtrArray *notes, SafetyNoteKind kind, const char *rule, ItemNo item, const char *format,
                     ...)
{
        SafetyNote *note = g_new(SafetyNote, 1);
        va_list args;

        va_start(args, format);
        *note = (SafetyNote){ kind, rule, item, g_strdup_vprintf(format, args) };
        va_end(args);
        g_ptr_array_add(notes, note);
}

/* ---- what the function states ---- */

static double stated(GraphView view, ItemNo item, AttrId attr)
{
        double value = (double)NAN;

        (void)facts_get_decimal(graph_facts(view, item), attr, &value);
        return value;
}

static void target_read(GraphView view, SafetyFunction *function)
{
        int64_t target = -1;

        (void)facts_get_int(graph_facts(view, function->function), ZW_ATTR_SIL_TARGET, &target);
        function->sil_target = (int)target;
        if (target < 0)
                safety_note_add(function->notes, SAFETY_NOTE_MISSING, "target_missing", function->function,
                                "nobody stated the SIL it needs (sil_target)");
        if (!function->machinery || target <= ZW_SIL_MOST_MACHINERY)
                return;
        function->sil_target = -1;
        safety_note_add(function->notes, SAFETY_NOTE_REFUSED, "sil_of_machinery", function->function,
                        "IEC 62061 knows no SIL %d", (int)target);
}

static void mode_read(GraphView view, SafetyFunction *function)
{
        const int mode = facts_get_enum(graph_facts(view, function->function), ZW_ATTR_MODE);
        const bool low = mode == ZW_VALUE_MODE_LOW;

        function->low_demand = low && !function->machinery;
        function->mode_known = function->machinery ? !low : mode >= 0;
        if (function->mode_known)
                return;
        if (function->machinery)
                safety_note_add(function->notes, SAFETY_NOTE_REFUSED, "mode_of_machinery", function->function,
                                "IEC 62061 judges by failures per hour, which low demand mode has not");
        else
                safety_note_add(function->notes, SAFETY_NOTE_MISSING, "mode_missing", function->function,
                                "nobody stated how often it is demanded (mode)");
}

static SafetyPart *part_of(SafetyFunction *function, AsId as)
{
        for (size_t i = 0; i < ZW_SAFETY_PARTS; i++)
                if (function->parts[i].as == as)
                        return &function->parts[i];
        return NULL;
}

/* A conduit adds what it states; a device on the path, its own response time. */
static void path_add(GraphView view, SafetyFunction *function, ItemNo item)
{
        const bool conduit = graph_kind(view, item) == ZW_KIND_CONDUIT;
        const double added = conduit ? stated(view, item, ZW_ATTR_LATENCY_MS)
                                     : safety_value(view, item, ZW_ATTR_ELEMENT_RESPONSE_MS);

        function->path_ms += added;
        if (isnan(added))
                safety_note_add(function->notes, SAFETY_NOTE_MISSING, "latency_missing", item,
                                "%s is on its path: nobody stated its %s", graph_key(view, item),
                                conduit ? "latency (latency_ms)" : "response time (element_response_ms)");
        if (graph_is_live(view, item))
                return;
        function->path_ms = (double)NAN;
        safety_note_add(function->notes, SAFETY_NOTE_REFUSED, "element_retired", item,
                        "%s is retired, and still on its path", graph_key(view, item));
}

static void elements_read(GraphView view, SafetyFunction *function, Instant now)
{
        GraphIter iter = graph_iter(view, function->function, GRAPH_OUT, LINK_MASK(ZW_LINK_USES));
        GraphEdge edge;

        while (graph_next(&iter, &edge)) {
                const AsId as = graph_link_as(view, edge.link);
                SafetyPart *part = part_of(function, as);
                SafetyElement element;

                if (as == ZW_AS_PATH)
                        path_add(view, function, edge.other);
                if (part == NULL)
                        continue;
                element = safety_element_read(view, edge.other, now, function->notes);
                (void)facts_get_int(graph_link_facts(view, edge.link), ZW_ATTR_CHANNEL, &element.channel);
                g_array_append_val(part->elements, element);
        }
}

/* ---- probability ---- */

static void figure_sum(SafetyFunction *function)
{
        double pfd = 0, pfh = 0;

        for (size_t i = 0; i < ZW_SAFETY_PARTS; i++) {
                pfd += function->parts[i].pfd.value;
                pfh += function->parts[i].pfh_per_h.value;
        }
        function->pfd = pfd;
        function->pfh_per_h = pfh;
}

/* What the function states counts where it cannot be computed; a lower figure than the computed one is told. */
static void figure_settle(GraphView view, SafetyFunction *function)
{
        double *figure = function->low_demand ? &function->pfd : &function->pfh_per_h;
        const char *name = function->low_demand ? "pfd" : "pfh_per_h";
        const double said = stated(view, function->function,
                                   function->low_demand ? ZW_ATTR_PFD : ZW_ATTR_PFH_PER_H);

        if (!function->mode_known)
                return;
        if (!isnan(*figure)) {
                function->figure_basis = SAFETY_FIGURE_COMPUTED;
                if (said < *figure)
                        safety_note_add(function->notes, SAFETY_NOTE_TAKEN, "stated_is_lower",
                                        function->function, "it states %s %.3g; its elements give %.3g", name,
                                        said, *figure);
                return;
        }
        if (isnan(said))
                return;
        *figure = said;
        function->figure_basis = SAFETY_FIGURE_STATED;
        safety_note_add(function->notes, SAFETY_NOTE_TAKEN, "figure_stated", function->function,
                        "its elements do not give %s; the %.3g that it states is taken", name, said);
}

/* First order for a low share of time: it is not there while it is bypassed. */
static void bypass_add(GraphView view, SafetyFunction *function)
{
        const double bypass = stated(view, function->function, ZW_ATTR_BYPASS_FRACTION);

        if (isnan(bypass) || !function->low_demand)
                return;
        function->pfd += bypass;
        if (!(function->pfd > 1))
                return;
        safety_note_add(function->notes, SAFETY_NOTE_REFUSED, "pfd_above_1", function->function,
                        "with the bypass its PFDavg is %.3g, which is no probability", function->pfd);
        function->pfd = (double)NAN;
        function->figure_basis = SAFETY_FIGURE_NONE;
}

/* ---- SIL ---- */

/* -1 is unknown, and stays so. */
static int lower(int a, int b)
{
        return MIN(a, b);
}

static void level_check(SafetyFunction *function, int level, const char *what)
{
        if (level < 0 || level >= function->sil_target)
                return;
        function->integrity = SAFETY_NOT_MET;
        safety_note_add(function->notes, SAFETY_NOTE_FAILED, "sil_below_target", function->function,
                        "SIL %d by %s, SIL %d is needed", level, what, function->sil_target);
}

static int sil_most(const SafetyFunction *function)
{
        return function->machinery ? ZW_SIL_MOST_MACHINERY : ZW_SIL_MOST;
}

int safety_function_sil(const SafetyFunction *function, double figure)
{
        if (!function->mode_known)
                return -1;
        return lower(sil_most(function),
                     safety_sil(function->low_demand ? SAFETY_SIL_PFDAVG : SAFETY_SIL_PFH, figure));
}

static void levels_judge(SafetyFunction *function)
{
        function->sil_hardware = function->sil_systematic = sil_most(function);
        for (size_t i = 0; i < ZW_SAFETY_PARTS; i++) {
                function->sil_hardware = lower(function->sil_hardware, function->parts[i].sil_hardware);
                function->sil_systematic = lower(function->sil_systematic, function->parts[i].sil_systematic);
        }
        function->sil_probability = safety_function_sil(function, function->low_demand ? function->pfd
                                                                                       : function->pfh_per_h);
        function->sil_achieved = lower(function->sil_probability,
                                       lower(function->sil_hardware, function->sil_systematic));
        if (function->sil_target < 0)
                return;
        if (function->sil_achieved >= function->sil_target)
                function->integrity = SAFETY_MET;
        level_check(function, function->sil_probability, "probability of failure");
        level_check(function, function->sil_hardware, "hardware fault tolerance");
        level_check(function, function->sil_systematic, "systematic capability");
}

/* ---- response time ---- */

static void budget_read(GraphView view, SafetyFunction *function)
{
        ItemNo item = function->function;

        function->process_safety_time_ms = stated(view, item, ZW_ATTR_PROCESS_SAFETY_TIME_MS);
        function->process_lag_ms = stated(view, item, ZW_ATTR_PROCESS_LAG_MS);
        function->margin_ms = stated(view, item, ZW_ATTR_RESPONSE_MARGIN_MS);
        if (isnan(function->process_safety_time_ms))
                safety_note_add(function->notes, SAFETY_NOTE_MISSING, "process_time_missing", item,
                                "nobody stated the time the process allows (process_safety_time_ms)");
        if (isnan(function->process_lag_ms))
                safety_note_add(function->notes, SAFETY_NOTE_MISSING, "lag_missing", item,
                                "nobody stated the lag of the process (process_lag_ms)");
        if (isnan(function->margin_ms) && !isnan(function->process_safety_time_ms)) {
                function->margin_ms = function->process_safety_time_ms / 2;
                safety_note_add(
                        function->notes, SAFETY_NOTE_TAKEN, "margin_half", item,
                        "response_margin_ms is not stated; half the process safety time, %.15g ms, is "
                        "taken",
                        function->margin_ms);
        }
        function->budget_most_ms = function->process_safety_time_ms - function->margin_ms;
        function->budget_ms = function->budget_most_ms - function->process_lag_ms;
        if (!isnan(function->process_lag_ms))
                function->budget_most_ms = function->budget_ms;
}

/* `the budget is 4000 ms`, or `is at most 5000 ms` without the lag; free it. */
static char *budget_tell(const SafetyFunction *function)
{
        return g_strdup_printf("the budget is %s%.15g ms", isnan(function->budget_ms) ? "at most " : "",
                               function->budget_most_ms);
}

/* A budget that one device alone uses up is no budget. */
static bool budget_holds_elements(GraphView view, const SafetyFunction *function)
{
        g_autofree char *budget = budget_tell(function);
        bool holds = true;

        for (size_t i = 0; i < ZW_SAFETY_PARTS; i++)
                for (guint k = 0; k < function->parts[i].elements->len; k++) {
                        const SafetyElement *element = &g_array_index(function->parts[i].elements,
                                                                      SafetyElement, k);

                        if (isnan(element->response_ms) || isnan(function->budget_most_ms) ||
                            safety_at_most(element->response_ms, function->budget_most_ms))
                                continue;
                        holds = false;
                        safety_note_add(function->notes, SAFETY_NOTE_REFUSED, "budget_below_element",
                                        element->item, "%s alone needs %.15g ms, and %s",
                                        graph_key(view, element->item), element->response_ms, budget);
                }
        return holds;
}

static void response_settle(GraphView view, SafetyFunction *function)
{
        const double said = stated(view, function->function, ZW_ATTR_RESPONSE_TIME_MS);
        double sum = function->path_ms;

        for (size_t i = 0; i < ZW_SAFETY_PARTS; i++)
                sum += function->parts[i].response_ms;
        function->response_ms = isnan(sum) ? said : sum;
        function->response_basis = !isnan(sum)    ? SAFETY_FIGURE_COMPUTED
                                   : !isnan(said) ? SAFETY_FIGURE_STATED
                                                  : SAFETY_FIGURE_NONE;
        if (function->response_basis == SAFETY_FIGURE_STATED)
                safety_note_add(function->notes, SAFETY_NOTE_TAKEN, "response_stated", function->function,
                                "its elements do not give a response time; the %.15g ms that it states are "
                                "taken",
                                said);
        if (said < sum)
                safety_note_add(function->notes, SAFETY_NOTE_TAKEN, "stated_is_lower", function->function,
                                "it states a response time of %.15g ms; its elements give %.15g ms", said,
                                sum);
}

SafetyVerdict safety_response_verdict(const SafetyFunction *function, double response_ms)
{
        if (isnan(response_ms) || isnan(function->budget_most_ms))
                return SAFETY_UNKNOWN;
        if (!safety_at_most(response_ms, function->budget_most_ms))
                return SAFETY_NOT_MET;
        return isnan(function->budget_ms) ? SAFETY_UNKNOWN : SAFETY_MET;
}

static void response_judge(GraphView view, SafetyFunction *function)
{
        g_autofree char *budget = NULL;

        budget_read(view, function);
        response_settle(view, function);
        if (!budget_holds_elements(view, function))
                return;
        function->response = safety_response_verdict(function, function->response_ms);
        if (function->response != SAFETY_NOT_MET)
                return;
        budget = budget_tell(function);
        safety_note_add(function->notes, SAFETY_NOTE_FAILED, "response_over_budget", function->function,
                        "it needs %.15g ms, and %s", function->response_ms, budget);
}

/* ---- the function ---- */

static SafetyFunction *function_new(GraphView view, ItemNo item)
{
        static const AsId parts[ZW_SAFETY_PARTS] = { ZW_AS_SENSOR, ZW_AS_LOGIC, ZW_AS_FINAL };
        const SafetyFigure unknown = { (double)NAN, NULL };
        SafetyFunction *function = g_new0(SafetyFunction, 1);

        function->function = item;
        function->notes = safety_notes_new();
        function->machinery = facts_get_enum(graph_facts(view, item), ZW_ATTR_SAFETY_STANDARD) ==
                              ZW_VALUE_SAFETY_STANDARD_62061;
        for (size_t i = 0; i < ZW_SAFETY_PARTS; i++)
                function->parts[i] = (SafetyPart){ .as = parts[i],
                                                   .elements = g_array_new(FALSE, FALSE,
                                                                           sizeof(SafetyElement)),
                                                   .pfd = unknown,
                                                   .pfh_per_h = unknown,
                                                   .safe_fraction = (double)NAN,
                                                   .sil_hardware = -1,
                                                   .sil_systematic = -1,
                                                   .response_ms = (double)NAN };
        return function;
}

SafetyFunction *safety_function_find(GraphView view, ItemNo item, Instant now)
{
        static const AttrId votes[ZW_SAFETY_PARTS] = { ZW_ATTR_SENSOR_VOTE, ZW_ATTR_LOGIC_VOTE,
                                                       ZW_ATTR_FINAL_VOTE };
        SafetyFunction *function = function_new(view, item);
        const Facts facts = graph_facts(view, item);
        const bool route_1h = function->machinery ||
                              facts_get_enum(facts, ZW_ATTR_HFT_ROUTE) == ZW_VALUE_HFT_ROUTE_1H;

        target_read(view, function);
        mode_read(view, function);
        elements_read(view, function, now);
        for (size_t i = 0; i < ZW_SAFETY_PARTS; i++)
                safety_part_judge(view, &function->parts[i], facts_get_enum(facts, votes[i]), function,
                                  route_1h, function->notes);
        figure_sum(function);
        figure_settle(view, function);
        bypass_add(view, function);
        levels_judge(function);
        response_judge(view, function);
        return function;
}

void safety_function_free(SafetyFunction *function)
{
        if (function == NULL)
                return;
        for (size_t i = 0; i < ZW_SAFETY_PARTS; i++)
                g_array_unref(function->parts[i].elements);
        g_ptr_array_unref(function->notes);
        g_free(function);
}
