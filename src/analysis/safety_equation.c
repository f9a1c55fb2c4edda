#include "analysis/safety_equation.h"

#include <glib.h>
#include <math.h>

static const SafetyVote votes[] = {
        { "1oo1", 1, 1, false }, { "1oo2", 1, 2, false }, { "2oo2", 2, 2, false }, { "2oo3", 2, 3, false },
        { "1oo3", 1, 3, false }, { "3oo3", 3, 3, false }, { "1oo2D", 1, 2, true },
};

const SafetyVote *safety_vote_get(int number)
{
        return number >= 0 && (size_t)number < G_N_ELEMENTS(votes) ? &votes[number] : NULL;
}

int safety_vote_tolerance(const SafetyVote *vote)
{
        return (int)(vote->channels - vote->needed);
}

bool safety_channel_lacks_repair(const SafetyChannel *channel)
{
        return isnan(channel->lambda_dd) && isnan(channel->repair);
}

/* ---- how long a failure stays ---- */

/* Parts of a proof test: a, what it reveals each interval t, and b, what stays until the mission ends at m. */
typedef struct {
        double a, b, t, m;
} Test;

static Test test_of(const SafetyChannel *channel)
{
        const double a = channel->coverage, mission = a >= 1 ? channel->interval : channel->mission;

        return (Test){ a, 1 - a, channel->interval, mission < channel->interval ? (double)NAN : mission };
}

/* The equations of redundant channels hold for whole intervals; the mission is taken up to the next. */
static Test test_of_whole(const SafetyChannel *channel)
{
        Test test = test_of(channel);

        if (test.t > 0)
                test.m = ceil(test.m / test.t) * test.t;
        return test;
}

/* Interval of a perfect test that would do as much for one channel. */
static double test_interval(Test test)
{
        return test.a * test.t + test.b * test.m;
}

/* Averages of (a (time since test) + b (time since renewal)) to the powers 2 and 3. */
static double test_square(Test test)
{
        const double a = test.a, b = test.b, t = test.t, m = test.m;

        return a * a * t * t / 3 + a * b * (t * m / 2 + t * t / 6) + b * b * m * m / 3;
}

static double test_cube(Test test)
{
        const double a = test.a, b = test.b, t = test.t, m = test.m;

        return a * a * a * t * t * t / 4 + a * a * b * (t * t * m / 2 + t * t * t / 4) +
               a * b * b * (t * m * m / 2 + t * t * m / 4) + b * b * b * m * m * m / 4;
}

static bool is_perfect(const SafetyChannel *channel)
{
        return channel->coverage >= 1;
}

static double repair_of(const SafetyChannel *channel, double share_du, double share_dd)
{
        if (safety_channel_lacks_repair(channel))
                return 0;
        return (share_du * channel->lambda_du + share_dd * channel->lambda_dd) * channel->repair;
}

/* Mean time that a failure stays: of an undetected one `undetected`, of a detected one `detected`. Without failures none does. */
static double failure_time(double rate_du, double undetected, double rate_detected, double detected)
{
        const double rates = rate_du + rate_detected;

        return rates == 0 ? 0 : (rate_du * undetected + rate_detected * detected) / rates;
}

/* ---- probability of failure on demand ---- */

static double pfd_common(const SafetyChannel *channel, Test test)
{
        return channel->beta * channel->lambda_du * test_interval(test) / 2 +
               repair_of(channel, channel->beta, safety_channel_lacks_repair(channel) ? 0 : channel->beta_d);
}

/* Rate of failures that channels have by themselves, how many of these stay undetected, and how long repair takes. */
typedef struct {
        double rate, undetected, repair;
} Independent;

static Independent independent_of(const SafetyChannel *channel)
{
        const double du = (1 - channel->beta) * channel->lambda_du, dd = channel->lambda_dd,
                     rates = channel->lambda_du + dd;

        if (safety_channel_lacks_repair(channel))
                return (Independent){ du, 1, 0 };
        return (Independent){ du + (1 - channel->beta_d) * dd, rates == 0 ? 0 : channel->lambda_du / rates,
                              channel->repair };
}

/* 2 rate^2 tCE tGE of 61508-6:2010 B.3.2.2.2 multiplied out: so T^2 / 3 can be the average of a test that does not reveal all. */
static double pfd_pair(const SafetyChannel *channel, Test test)
{
        const Independent one = independent_of(channel);
        const double p = one.undetected, r = one.repair;

        return one.rate * one.rate *
               (p * p * test_square(test) + p * test_interval(test) * r * 5 / 3 + 2 * r * r);
}

/* 6 rate^3 tCE tGE tG2E of 61508-6:2010 B.3.2.2.6, likewise. */
static double pfd_triple(const SafetyChannel *channel, Test test)
{
        const Independent one = independent_of(channel);
        const double p = one.undetected, r = one.repair;

        return one.rate * one.rate * one.rate *
               (p * p * p * test_cube(test) + p * p * test_square(test) * r * 27 / 4 +
                p * test_interval(test) * r * r * 13 / 2 + 6 * r * r * r);
}

/* 61508-6:2010 B.3.2.2.4, the interval widened for what a proof test does not reveal. */
static double pfd_diagnosed(const SafetyChannel *channel)
{
        const double du = channel->lambda_du, dd = channel->lambda_dd, sd = channel->lambda_sd;
        const double beta = channel->beta, t = test_interval(test_of(channel)), repair = channel->repair;
        const double one = failure_time(du, t / 2 + repair, dd + sd, repair);
        const double group = t / 3 + repair;

        return 2 * (1 - beta) * du * ((1 - beta) * du + (1 - channel->beta_d) * dd + sd) * one * group +
               2 * (1 - channel->switchover) * dd * one + beta * du * (t / 2 + repair);
}

/* By what is known of the channel: with repair; without, and a perfect proof test; or one that does not reveal all. */
static const char *pfd_formula(const SafetyVote *vote, const SafetyChannel *channel)
{
        static const char *const formulas[][3] = {
                { "PFDavg 1oo2 with DD", "PFDavg 1oo2", "PFDavg PTC 1oo2" },
                { "PFDavg 2oo3 with DD", "PFDavg 2oo3", "PFDavg PTC 2oo3" },
                { "PFDavg 1oo3 with DD", "PFDavg 1oo3", "PFDavg PTC 1oo3" },
        };
        const int column = !safety_channel_lacks_repair(channel) ? 0 : is_perfect(channel) ? 1 : 2;

        return formulas[vote->channels == 2 ? 0 : vote->needed == 2 ? 1 : 2][column];
}

SafetyFigure safety_equation_pfd(const SafetyVote *vote, const SafetyChannel *channel)
{
        const int tolerance = safety_vote_tolerance(vote);
        Test test;

        if (tolerance == 0)
                return (SafetyFigure){ channel->lambda_du * test_interval(test_of(channel)) / 2 +
                                               repair_of(channel, 1, 1),
                                       is_perfect(channel) ? "PFDavg 1oo1" : "PFDavg PTC 1oo1" };
        if (vote->diagnosed && !isnan(channel->switchover))
                return (SafetyFigure){ pfd_diagnosed(channel), "PFDavg 1oo2D full" };
        test = test_of_whole(channel);
        return (SafetyFigure){ (tolerance == 2 ? pfd_triple(channel, test)
                                               : (vote->channels == 3 ? 3 : 1) * pfd_pair(channel, test)) +
                                       pfd_common(channel, test),
                               vote->diagnosed && safety_channel_lacks_repair(channel)
                                       ? "PFDavg 1oo2D simplified"
                                       : pfd_formula(vote, channel) };
}

/* ---- dangerous failures per hour ---- */

/* 61508-6:2010 B.3.3.2.2, B.3.3.2.5 and B.3.3.2.6: the last failure is an undetected one. The interval is widened for what a proof
 * test does not reveal. */
static SafetyFigure pfh_detected(const SafetyVote *vote, const SafetyChannel *channel)
{
        static const char *const formulas[] = { "PFH 1oo2 with DD", "PFH 2oo3 with DD", "PFH 1oo3 with DD" };
        const double du = channel->lambda_du, dd = channel->lambda_dd, repair = channel->repair;
        const double t = test_interval(test_of(channel));
        const double one = failure_time(du, t / 2 + repair, dd, repair),
                     group = failure_time(du, t / 3 + repair, dd, repair);
        const double last = (1 - channel->beta) * du, any = (1 - channel->beta_d) * dd + last;
        const int tolerance = safety_vote_tolerance(vote);
        const double independent = tolerance == 2 ? 6 * any * any * last * one * group
                                                  : (vote->channels == 3 ? 6 : 2) * any * last * one;

        return (SafetyFigure){ independent + channel->beta * du,
                               formulas[tolerance == 2 ? 2 : vote->channels - 2] };
}

/* 61508-6:2010 B.3.3.2.4: a safe detected failure takes a channel out of the vote too, and what is detected may not be switched. */
static SafetyFigure pfh_diagnosed(const SafetyChannel *channel)
{
        const double du = channel->lambda_du, dd = channel->lambda_dd, sd = channel->lambda_sd;
        const double t = test_interval(test_of(channel)), last = (1 - channel->beta) * du;
        const double one = failure_time(du, t / 2 + channel->repair, dd + sd, channel->repair);

        return (SafetyFigure){ 2 * last * (last + (1 - channel->beta_d) * dd + sd) * one +
                                       2 * (1 - channel->switchover) * dd + channel->beta * du,
                               "PFH 1oo2D" };
}

SafetyFigure safety_equation_pfh(const SafetyVote *vote, const SafetyChannel *channel)
{
        const double du = (1 - channel->beta) * channel->lambda_du,
                     common = channel->beta * channel->lambda_du;
        const int tolerance = safety_vote_tolerance(vote);

        if (tolerance == 0)
                return (SafetyFigure){ channel->lambda_du, "PFH 1oo1" };
        if (vote->diagnosed && !isnan(channel->switchover))
                return pfh_diagnosed(channel);
        if (!safety_channel_lacks_repair(channel))
                return pfh_detected(vote, channel);
        if (tolerance == 2)
                return (SafetyFigure){ 3 * du * du * du * test_square(test_of_whole(channel)) + common,
                                       "PFH 1oo3" };
        return (SafetyFigure){ (vote->channels == 3 ? 3 : 1) * du * du * test_interval(test_of(channel)) +
                                       common,
                               vote->channels == 3 ? "PFH 2oo3" : "PFH 1oo2" };
}

SafetyFigure safety_equation_pfh_machinery(const SafetyVote *vote, const SafetyChannel *channel)
{
        const double lambda = channel->lambda_du + channel->lambda_dd, beta = channel->beta;
        const double lifetime = channel->interval > channel->mission ? channel->mission : channel->interval;

        if (safety_vote_tolerance(vote) == 0)
                return (SafetyFigure){ channel->lambda_du, "PFH 1oo1" };
        if (vote->channels != 2)
                return (SafetyFigure){ (double)NAN, NULL };
        /* lambda² (DC T2 + (1 - DC) T1) */
        return (SafetyFigure){
                (1 - beta) * (1 - beta) * lambda *
                                (channel->lambda_dd > 0 ? channel->lambda_dd * channel->diagnostic
                                                        : 0 * channel->lambda_dd) +
                        (1 - beta) * (1 - beta) * lambda * channel->lambda_du * lifetime + beta * lambda,
                "PFH 62061 subsystem D"
        };
}
