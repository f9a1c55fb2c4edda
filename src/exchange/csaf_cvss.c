/* Scores: 6.1.8 (the shape), 6.1.9 (the computation) and 6.1.10 (members beside the vector). */
#include "exchange/csaf.h"
#include "vuln/cvss.h"

#include <math.h>

/* The version and members each kind of score must have. */
static bool shape_check(Csaf *csaf, JVal score, const char *member, Cvss *ret_cvss, const JPlace *place)
{
        const char *vector = jval_get_text(score, "vectorString"), *version = jval_get_text(score, "version");
        g_autoptr(GError) error = NULL;
        double base;

        if (score.type != JVAL_OBJECT || vector == NULL || version == NULL ||
            !jval_real(jval_get(score, "baseScore"), &base)) {
                csaf_problem(csaf, place, "6.1.8", "a score has version, vectorString and baseScore");
                return false;
        }
        if (strcmp(member, "cvss_v2") != 0 && jval_get_text(score, "baseSeverity") == NULL)
                csaf_problem(csaf, place, "6.1.8", "the score has no baseSeverity");
        if (!(base >= 0 && base <= 10))
                csaf_problem(csaf, place, "6.1.8", "the score is not between 0 and 10");
        if (!cvss_parse(vector, ret_cvss, &error)) {
                csaf_problem(csaf, place, "6.1.8", "%s: %s", vector, error->message);
                return false;
        }
        if (strcmp(version, cvss_version_name(ret_cvss->version)) == 0 && member[6] == version[0])
                return true;
        csaf_problem(csaf, place, "6.1.8", "the vector is of version %s, the score of %s",
                     cvss_version_name(ret_cvss->version), version);
        return false;
}

/* A stated score and severity against the computed one. Scores are stated with one decimal. */
static void stated_check(Csaf *csaf, JVal score, const char *name, int tenths, bool severities,
                         const JPlace *place)
{
        g_autofree char *score_name = g_strdup_printf("%sScore", name),
                        *severity_name = g_strdup_printf("%sSeverity", name);
        const char *severity = jval_get_text(score, severity_name);
        double stated;

        if (jval_real(jval_get(score, score_name), &stated) && fabs(stated * 10 - tenths) > 1e-6)
                csaf_problem(csaf, place, "6.1.9", "%s is %g, the vector gives %d.%d", score_name, stated,
                             tenths / 10, tenths % 10);
        if (severities && severity != NULL && g_ascii_strcasecmp(severity, cvss_severity(tenths)) != 0)
                csaf_problem(csaf, place, "6.1.9", "%s is %s, the vector gives %s", severity_name, severity,
                             cvss_severity(tenths));
}

/* `not defined` and a metric that is not in the vector are the same. */
static bool same_value(const char *in_vector, const char *value)
{
        if (in_vector == NULL)
                return strcmp(value, "X") == 0 || strcmp(value, "ND") == 0;
        return strcmp(in_vector, value) == 0;
}

static void members_check(Csaf *csaf, JVal score, const Cvss *cvss, const JPlace *place)
{
        JIter iter = jval_iter(score);
        const char *name, *metric, *value;
        JVal member;

        while (jiter_next_member(&iter, &name, NULL, &member)) {
                const char *word = jval_text(member, NULL);

                if (word == NULL || !cvss_member_metric(cvss->version, name, &metric))
                        continue;
                if (!cvss_member_value(cvss->version, metric, word, &value))
                        csaf_problem(csaf, place, "6.1.8", "%s cannot be %s", name, word);
                else if (!same_value(cvss_metric(cvss, metric), value))
                        csaf_problem(csaf, place, "6.1.10", "%s is %s, the vector says %s:%s", name, word,
                                     metric,
                                     cvss_metric(cvss, metric) == NULL ? "X" : cvss_metric(cvss, metric));
        }
}

void csaf_check_score(Csaf *csaf, JVal score, const char *member, const JPlace *place)
{
        JPlace here = csaf_key(place, member);
        bool severities = strcmp(member, "cvss_v2") != 0;
        CvssScores scores;
        Cvss cvss;

        if (!shape_check(csaf, score, member, &cvss, &here))
                return;
        members_check(csaf, score, &cvss, &here);
        scores = cvss_scores(&cvss);
        stated_check(csaf, score, "base", scores.base, severities, &here);
        stated_check(csaf, score, "temporal", scores.temporal, severities, &here);
        stated_check(csaf, score, "environmental", scores.environmental, severities, &here);
}
