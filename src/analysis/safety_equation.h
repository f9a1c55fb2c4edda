/* Simplified equations of functional safety (docs/algorithms/safety.md): average probability of failure on demand and frequency
 * of dangerous failures of channels that vote. Each names the row of data/catalogues/safety.tsv that it follows, where its
 * variant and source stand. First order: they hold while failures per hour times hours are far below 1.
 *
 * Units: hours, and failures per hour. A value that nobody stated is NaN, and so is what needs it: never zero. Thread-safe. */
#ifndef ANALYSIS_SAFETY_EQUATION_H
#define ANALYSIS_SAFETY_EQUATION_H

#include <stdbool.h>
#include <stddef.h>

/* How many of how many channels are needed; numbers are those of the attributes sensor_vote, logic_vote, final_vote. */
typedef struct {
        const char *name;
        unsigned needed, channels;
        bool diagnosed; /* diagnostics take a failed channel out of the vote: 1oo2D */
} SafetyVote;
/* NULL beyond the last one. */
const SafetyVote *safety_vote_get(int number);
/* Dangerous faults it stands, channels - needed. */
int safety_vote_tolerance(const SafetyVote *vote);

/* One channel; redundant ones are taken as alike. */
typedef struct {
        double lambda_du, lambda_dd, lambda_sd;
        double interval; /* between proof tests */
        double coverage; /* share of lambda_du that a proof test reveals, 0 to 1 */
        double mission; /* until everything is renewed; needed where coverage is below 1, and then not below interval */
        double repair; /* mean time to restoration; with lambda_dd, or both unknown: repair is left out */
        double beta;   /* share of undetected failures in common */
        double beta_d; /* of detected ones */
        double switchover; /* of 1oo2D: share of detected failures after which the other channel goes on; unknown: all */
        double diagnostic; /* between diagnostic tests; for 62061 only */
} SafetyChannel;

typedef struct {
        double value;        /* NaN: unknown */
        const char *formula; /* key of SAFETY_FORMULA in model/safety.h */
} SafetyFigure;

/* Is repair left out, since neither lambda_dd nor the time is known? */
bool safety_channel_lacks_repair(const SafetyChannel *channel);

/* PFDavg of redundant channels, or of one (`vote` 1oo1). Channels that are all needed are summed by the caller. */
SafetyFigure safety_equation_pfd(const SafetyVote *vote, const SafetyChannel *channel);
/* Dangerous failures per hour. */
SafetyFigure safety_equation_pfh(const SafetyVote *vote, const SafetyChannel *channel);
/* The same by IEC 62061, which has equations for one channel and for two; else value and formula are unknown. */
SafetyFigure safety_equation_pfh_machinery(const SafetyVote *vote, const SafetyChannel *channel);

#endif
