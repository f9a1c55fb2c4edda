/* The sensors, the logic or the final elements of a safety function: what their vote makes of what they state. */
#include "analysis/safety_internal.h"

#include "model/safety.h"

#include <math.h>

typedef struct {
        GraphView view;
        SafetyPart *part;
        const SafetyFunction *function;
        GPtrArray *notes;
} Judge;

static const SafetyElement *element_at(const SafetyPart *part, guint i)
{
        return &g_array_index(part->elements, SafetyElement, i);
}

static const char *part_name(const SafetyPart *part)
{
        return as_name(part->as);
}

/* ---- channels ---- */

static double worse(double a, double b)
{
        return isnan(a) || isnan(b) ? (double)NAN : MAX(a, b);
}

static double better(double a, double b)
{
        return isnan(a) || isnan(b) ? (double)NAN : MIN(a, b);
}

/* What two have in common of test and repair is taken from the worse one: the safe side. */
static void tests_join(SafetyChannel *into, const SafetyChannel *from)
{
        into->interval = worse(into->interval, from->interval);
        into->coverage = better(into->coverage, from->coverage);
        into->mission = worse(into->mission, from->mission);
        into->repair = worse(into->repair, from->repair);
        into->beta = worse(into->beta, from->beta);
        into->beta_d = worse(into->beta_d, from->beta_d);
        into->switchover = better(into->switchover, from->switchover);
        into->diagnostic = worse(into->diagnostic, from->diagnostic);
}

static void series_join(SafetyChannel *into, const SafetyChannel *from)
{
        into->lambda_du += from->lambda_du;
        into->lambda_dd += from->lambda_dd;
        into->lambda_sd += from->lambda_sd;
        tests_join(into, from);
}

static void parallel_join(SafetyChannel *into, const SafetyChannel *from)
{
        into->lambda_du = worse(into->lambda_du, from->lambda_du);
        into->lambda_dd = worse(into->lambda_dd, from->lambda_dd);
        into->lambda_sd = worse(into->lambda_sd, from->lambda_sd);
        tests_join(into, from);
}

/* Is the element the first of its channel? */
static bool begins_channel(const SafetyPart *part, guint at)
{
        for (guint i = 0; i < at; i++)
                if (element_at(part, at)->channel >= 0 &&
                    element_at(part, i)->channel == element_at(part, at)->channel)
                        return false;
        return true;
}

static bool is_in_channel(const SafetyPart *part, guint first, guint i)
{
        return i == first || (element_at(part, first)->channel >= 0 &&
                              element_at(part, i)->channel == element_at(part, first)->channel);
}

static unsigned channels_count(const SafetyPart *part)
{
        unsigned n = 0;

        for (guint i = 0; i < part->elements->len; i++)
                n += begins_channel(part, i) ? 1 : 0;
        return n;
}

/* Elements of a channel in series, and the channel that is worst in each respect. */
static SafetyChannel channel_of(const SafetyPart *part)
{
        SafetyChannel worst = { 0 };
        bool any = false;

        for (guint first = 0; first < part->elements->len; first++) {
                SafetyChannel channel = element_at(part, first)->rates;

                if (!begins_channel(part, first))
                        continue;
                for (guint i = first + 1; i < part->elements->len; i++)
                        if (is_in_channel(part, first, i))
                                series_join(&channel, &element_at(part, i)->rates);
                if (any)
                        parallel_join(&worst, &channel);
                else
                        worst = channel;
                any = true;
        }
        return worst;
}

/* ---- what is missing ---- */

static void lacks(const Judge *judge, ItemNo item, const char *rule, const char *what)
{
        safety_note_add(judge->notes, SAFETY_NOTE_MISSING, rule, item, "%s (%s): nobody stated its %s",
                        graph_key(judge->view, item), part_name(judge->part), what);
}

static void lacks_where(const Judge *judge, double value, ItemNo item, const char *rule, const char *what)
{
        if (isnan(value))
                lacks(judge, item, rule, what);
}

/* `coverage` is that of the worst channel, where there are several: then all need a mission time. */
static void tests_check(const Judge *judge, const SafetyElement *element, double coverage)
{
        const SafetyChannel *rates = &element->rates;

        lacks_where(judge, rates->interval, element->item, "interval_missing",
                    "proof-test interval (proof_test_interval_h)");
        lacks_where(judge, rates->coverage, element->item, "coverage_missing",
                    "proof-test coverage (proof_test_coverage)");
        if (coverage < 1)
                lacks_where(judge, rates->mission, element->item, "mission_missing",
                            "mission time (mission_time_h), which counts since its proof test does not "
                            "reveal all");
}

/* Of one element, or of what is worst in a group. */
static void mission_check(const Judge *judge, ItemNo item, const SafetyChannel *rates)
{
        if (rates->coverage < 1 && rates->mission < rates->interval)
                safety_note_add(judge->notes, SAFETY_NOTE_REFUSED, "mission_below_interval", item,
                                "%s (%s): the mission time of %.0f h is below the %.0f h between proof tests",
                                graph_key(judge->view, item), part_name(judge->part), rates->mission,
                                rates->interval);
}

/* Repair counts where something of it is stated, or where it is needed anyhow; then all of it is. */
static void repair_check(const Judge *judge, const SafetyElement *element, bool redundant, bool needed)
{
        const SafetyChannel *rates = &element->rates;

        if (!needed && safety_channel_lacks_repair(rates)) {
                safety_note_add(judge->notes, SAFETY_NOTE_TAKEN, "repair_left_out", element->item,
                                "%s: neither lambda_dd_per_h nor repair_time_h is stated; the time of "
                                "repair is left out",
                                graph_key(judge->view, element->item));
                return;
        }
        lacks_where(judge, rates->lambda_dd, element->item, "rate_missing",
                    "rate of dangerous detected failures (lambda_dd_per_h), which counts with the time of "
                    "repair");
        lacks_where(judge, rates->repair, element->item, "repair_missing",
                    "time of repair (repair_time_h), which counts with lambda_dd_per_h");
        if (redundant)
                lacks_where(judge, rates->beta_d, element->item, "beta_missing",
                            "share of detected failures in common (beta_d)");
}

static void undetected_check(const Judge *judge, const SafetyElement *element)
{
        lacks_where(judge, element->rates.lambda_du, element->item, "rate_missing",
                    "rate of dangerous undetected failures (lambda_du_per_h)");
}

static void beta_check(const Judge *judge, const SafetyElement *element)
{
        lacks_where(judge, element->rates.beta, element->item, "beta_missing",
                    "share of undetected failures in common (beta)");
}

/* Of an element that is needed by itself. */
static void single_check(const Judge *judge, const SafetyElement *element)
{
        undetected_check(judge, element);
        if (!judge->function->low_demand)
                return;
        tests_check(judge, element, element->rates.coverage);
        repair_check(judge, element, false, false);
        mission_check(judge, element->item, &element->rates);
}

/* Of an element of redundant channels; `worst` is what they count as together. */
static void redundant_check(const Judge *judge, const SafetyElement *element, const SafetyChannel *worst)
{
        const bool diagnosed = judge->part->vote->diagnosed,
                   switches = diagnosed && !isnan(worst->switchover);

        undetected_check(judge, element);
        tests_check(judge, element, worst->coverage);
        repair_check(judge, element, true, switches);
        beta_check(judge, element);
        if (switches)
                lacks_where(judge, element->rates.lambda_sd, element->item, "rate_missing",
                            "rate of safe detected failures (lambda_sd_per_h), which counts with switchover");
        if (diagnosed && isnan(element->rates.switchover))
                safety_note_add(judge->notes, SAFETY_NOTE_TAKEN, "switchover_perfect", element->item,
                                "%s: switchover is not stated; diagnostics and switch-over are taken as "
                                "perfect",
                                graph_key(judge->view, element->item));
}

/* The same by IEC 62061, which asks for neither coverage nor repair. */
static void machinery_check(const Judge *judge, const SafetyElement *element, const SafetyChannel *worst)
{
        const SafetyChannel *rates = &element->rates;

        undetected_check(judge, element);
        lacks_where(judge, rates->lambda_dd, element->item, "rate_missing",
                    "rate of dangerous detected failures (lambda_dd_per_h)");
        lacks_where(judge, rates->interval, element->item, "interval_missing",
                    "proof-test interval (proof_test_interval_h)");
        beta_check(judge, element);
        if (worst->lambda_dd > 0)
                lacks_where(judge, rates->diagnostic, element->item, "interval_missing",
                            "interval of diagnostic tests (diagnostic_interval_h)");
}

/* ---- figures ---- */

/* Which is wanted, and whether the maker states it. */
static double stated_of(const Judge *judge, const SafetyElement *element)
{
        return judge->function->low_demand ? element->pfd : element->pfh_per_h;
}

static SafetyFigure figure_of(const Judge *judge, const SafetyVote *vote, const SafetyChannel *channel)
{
        if (judge->function->machinery)
                return safety_equation_pfh_machinery(vote, channel);
        return judge->function->low_demand ? safety_equation_pfd(vote, channel)
                                           : safety_equation_pfh(vote, channel);
}

/* All are needed: each counts by itself. */
static SafetyFigure figure_of_series(const Judge *judge)
{
        SafetyFigure sum = { 0, NULL };

        for (guint i = 0; i < judge->part->elements->len; i++) {
                const SafetyElement *element = element_at(judge->part, i);
                const double stated = stated_of(judge, element);
                SafetyFigure one = figure_of(judge, safety_vote_get(ZW_VALUE_SENSOR_VOTE_1OO1),
                                             &element->rates);

                if (isnan(element->rates.lambda_du) && !isnan(stated))
                        one = (SafetyFigure){ stated, sum.formula };
                else
                        single_check(judge, element);
                sum.value += one.value;
                sum.formula = one.formula;
        }
        return sum;
}

static SafetyFigure figure_of_group(const Judge *judge)
{
        const SafetyChannel channel = channel_of(judge->part);
        const SafetyFigure figure = figure_of(judge, judge->part->vote, &channel);

        if (!judge->function->machinery)
                mission_check(judge, judge->function->function, &channel);
        for (guint i = 0; i < judge->part->elements->len; i++) {
                const SafetyElement *element = element_at(judge->part, i);

                if (judge->function->machinery)
                        machinery_check(judge, element, &channel);
                else
                        redundant_check(judge, element, &channel);
                if (isnan(element->rates.lambda_du) && !isnan(stated_of(judge, element)))
                        safety_note_add(judge->notes, SAFETY_NOTE_MISSING, "stated_not_voted", element->item,
                                        "%s: the figure of its maker is that of one element, and says "
                                        "nothing of %s",
                                        graph_key(judge->view, element->item), judge->part->vote->name);
        }
        if (figure.formula == NULL)
                safety_note_add(judge->notes, SAFETY_NOTE_MISSING, "no_equation", judge->function->function,
                                "IEC 62061 has no equation for %s (%s)", judge->part->vote->name,
                                part_name(judge->part));
        return figure;
}

static void figure_set(const Judge *judge)
{
        SafetyPart *part = judge->part;
        SafetyFigure figure = safety_vote_tolerance(part->vote) == 0 ? figure_of_series(judge)
                                                                     : figure_of_group(judge);

        if (judge->function->low_demand && figure.value > 1) {
                safety_note_add(judge->notes, SAFETY_NOTE_REFUSED, "pfd_above_1", judge->function->function,
                                "%s: a PFDavg of %.3g is no probability; the equations do not hold for such "
                                "failure rates and intervals",
                                part_name(part), figure.value);
                figure.value = (double)NAN;
        }
        *(judge->function->low_demand ? &part->pfd : &part->pfh_per_h) = figure;
}

/* ---- hardware fault tolerance, systematic capability ---- */

static double fraction_of(const Judge *judge, const SafetyElement *element)
{
        const SafetyChannel *rates = &element->rates;
        const double good = element->lambda_su + rates->lambda_sd + rates->lambda_dd;

        const double fraction = good / (good + rates->lambda_du);

        lacks_where(judge, fraction, element->item, "safe_rate_missing",
                    "failure rates (lambda_sd_per_h, lambda_su_per_h, lambda_dd_per_h, lambda_du_per_h), of "
                    "which route 1H needs the safe fraction");
        return fraction;
}

static int hardware_by_route_1h(const Judge *judge)
{
        const int tolerance = safety_vote_tolerance(judge->part->vote);
        int lowest = ZW_SIL_MOST;

        for (guint i = 0; i < judge->part->elements->len; i++) {
                const SafetyElement *element = element_at(judge->part, i);
                const double fraction = fraction_of(judge, element);

                judge->part->safe_fraction = i == 0 ? fraction : better(judge->part->safe_fraction, fraction);
                if (element->type < 0)
                        lacks(judge, element->item, "type_missing", "type A or B (element_type)");
                lowest = MIN(lowest,
                             element->type < 0
                                     ? -1
                                     : safety_sil_of_fraction(tolerance, (char)element->type, fraction));
        }
        return lowest;
}

static int capability_of(const Judge *judge)
{
        int lowest = judge->part->elements->len == 0 ? -1 : ZW_SIL_MOST;

        for (guint i = 0; i < judge->part->elements->len; i++) {
                const SafetyElement *element = element_at(judge->part, i);

                if (element->capability < 0)
                        lacks(judge, element->item, "capability_missing",
                              "systematic capability (systematic_capability), nor a prior use "
                              "(prior_use_sil)");
                lowest = MIN(lowest, element->capability);
        }
        return lowest;
}

/* ---- the part ---- */

static bool vote_find(const Judge *judge, int number)
{
        SafetyPart *part = judge->part;
        const unsigned n = channels_count(part);
        const SafetyVote *vote = safety_vote_get(number < 0 && n == 1 ? ZW_VALUE_SENSOR_VOTE_1OO1 : number);

        if (n == 0)
                safety_note_add(judge->notes, SAFETY_NOTE_MISSING, "element_missing",
                                judge->function->function, "it uses nothing as %s", part_name(part));
        else if (vote == NULL)
                safety_note_add(judge->notes, SAFETY_NOTE_MISSING, "vote_missing", judge->function->function,
                                "nobody stated how its %u %s channels vote (%s_vote)", n, part_name(part),
                                part_name(part));
        else if (vote->channels != n)
                safety_note_add(judge->notes, SAFETY_NOTE_REFUSED, "vote_mismatch", judge->function->function,
                                "%s_vote is %s, but it uses %u channels as %s", part_name(part), vote->name,
                                n, part_name(part));
        else
                part->vote = vote;
        return part->vote != NULL;
}

static bool elements_are_live(const Judge *judge)
{
        bool live = true;

        for (guint i = 0; i < judge->part->elements->len; i++) {
                ItemNo item = element_at(judge->part, i)->item;

                if (graph_is_live(judge->view, item))
                        continue;
                live = false;
                safety_note_add(judge->notes, SAFETY_NOTE_REFUSED, "element_retired", item,
                                "%s is retired, and still its %s", graph_key(judge->view, item),
                                part_name(judge->part));
        }
        return live;
}

/* Of the slowest channel; elements of one act one after another. */
static double response_of(const Judge *judge)
{
        const SafetyPart *part = judge->part;
        double slowest = part->elements->len == 0 ? (double)NAN : 0;

        for (guint first = 0; first < part->elements->len; first++) {
                double channel = 0;

                for (guint i = first; i < part->elements->len && begins_channel(part, first); i++)
                        if (is_in_channel(part, first, i))
                                channel += element_at(part, i)->response_ms;
                slowest = worse(slowest, channel);
                lacks_where(judge, element_at(part, first)->response_ms, element_at(part, first)->item,
                            "response_missing", "response time (element_response_ms)");
        }
        return slowest;
}

void safety_part_judge(GraphView view, SafetyPart *part, int vote, const SafetyFunction *function,
                       bool route_1h, GPtrArray *notes)
{
        const Judge judge = { view, part, function, notes };
        bool live = elements_are_live(&judge);

        part->response_ms = response_of(&judge);
        if (!live)
                part->response_ms = (double)NAN;
        part->sil_systematic = capability_of(&judge);
        if (!vote_find(&judge, vote) || !live || !function->mode_known)
                return;
        figure_set(&judge);
        part->sil_hardware = route_1h ? hardware_by_route_1h(&judge)
                                      : safety_sil_of_tolerance(safety_vote_tolerance(part->vote),
                                                                function->low_demand);
}
