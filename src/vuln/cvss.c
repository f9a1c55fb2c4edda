/* Equations: CVSS 2.0 guide section 3.2; CVSS 3.0 and 3.1 specifications sections 7 and 8 and appendix A; those of 4.0 are in
 * cvss_4.c. */
#include "vuln/cvss_internal.h"

#include <math.h>
#include <string.h>

static const struct {
        const char *name, *prefix;
        const CvssMetrics *metrics;
        bool ordered; /* metrics stand in the order of the table */
} versions[] = {
        [CVSS_2_0] = { "2.0", "", &cvss_metrics_2, false },
        [CVSS_3_0] = { "3.0", "CVSS:3.0/", &cvss_metrics_3, false },
        [CVSS_3_1] = { "3.1", "CVSS:3.1/", &cvss_metrics_3, false },
        [CVSS_4_0] = { "4.0", "CVSS:4.0/", &cvss_metrics_4, true },
};

const char *cvss_version_name(CvssVersion version)
{
        return versions[version].name;
}

/* ---- tables ---- */

static const CvssMetric *metric_find(CvssVersion version, const char *name)
{
        for (size_t i = 0; i < versions[version].metrics->n; i++)
                if (strcmp(versions[version].metrics->all[i].name, name) == 0)
                        return &versions[version].metrics->all[i];
        return NULL;
}

/* The place of a word in a list separated by blanks, -1 when it is not there. */
static int place_in(const char *list, const char *word)
{
        size_t n = strlen(word);

        for (int place = 0; *list != '\0'; place++) {
                size_t length = strcspn(list, " ");

                if (length == n && memcmp(list, word, n) == 0)
                        return place;
                list += length + (list[length] == ' ' ? 1 : 0);
        }
        return -1;
}

bool cvss_member_metric(CvssVersion version, const char *member, const char **ret_metric)
{
        for (size_t i = 0; i < versions[version].metrics->n; i++)
                if (strcmp(versions[version].metrics->all[i].member, member) == 0) {
                        *ret_metric = versions[version].metrics->all[i].name;
                        return true;
                }
        return false;
}

/* Values of the vector as constants that live as long as the program. */
static const char *value_constant(const char *value)
{
        static const char *const all[] = { "N",     "A",     "L",   "P",  "H",  "U",  "C",  "R",
                                           "X",     "F",     "O",   "T",  "W",  "M",  "S",  "POC",
                                           "ND",    "OF",    "TF",  "UC", "UR", "LM", "MH", "Clear",
                                           "Green", "Amber", "Red", "D",  "I",  "Y" };

        for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
                if (strcmp(all[i], value) == 0)
                        return all[i];
        return NULL;
}

bool cvss_member_value(CvssVersion version, const char *metric, const char *word, const char **ret_value)
{
        const CvssMetric *def = metric_find(version, metric);
        int place = def == NULL ? -1 : place_in(def->words, word);
        g_auto(GStrv) values = NULL;

        if (place < 0)
                return false;
        values = g_strsplit(def->values, " ", -1);
        *ret_value = value_constant(values[place]);
        return *ret_value != NULL;
}

/* ---- reading ---- */

static bool refuse(const char *metric, const char *why, GError **error)
{
        error_set(error, ZW_ERR_INPUT, metric, "this is no CVSS vector: %s%s%s", metric == NULL ? "" : metric,
                  metric == NULL ? "" : " ", why);
        return false;
}

static bool metric_take(Cvss *cvss, const char *text, GError **error)
{
        const char *colon = strchr(text, ':');
        size_t n = colon == NULL ? 0 : (size_t)(colon - text);
        g_autofree char *name = g_strndup(text, n);
        const CvssMetric *def;

        if (n == 0 || n > 3 || colon[1] == '\0' || strlen(colon + 1) > 5)
                return refuse(NULL, "a metric is written NAME:VALUE", error);
        def = metric_find(cvss->version, name);
        if (def == NULL)
                return refuse(name, "is no metric of this version", error);
        if (place_in(def->values, colon + 1) < 0)
                return refuse(name, "has no such value", error);
        if (cvss_metric(cvss, name) != NULL)
                return refuse(name, "is given twice", error);
        if (versions[cvss->version].ordered && cvss->n > 0 &&
            def < metric_find(cvss->version, cvss->metric[cvss->n - 1].name))
                return refuse(name, "stands too late", error);
        if (cvss->n == ZW_CVSS_METRICS_MAX)
                return refuse(NULL, "it has too many metrics", error);
        g_strlcpy(cvss->metric[cvss->n].name, name, sizeof(cvss->metric[0].name));
        g_strlcpy(cvss->metric[cvss->n].value, colon + 1, sizeof(cvss->metric[0].value));
        cvss->n++;
        return true;
}

static bool base_check(const Cvss *cvss, GError **error)
{
        for (size_t i = 0; i < versions[cvss->version].metrics->n; i++) {
                const CvssMetric *def = &versions[cvss->version].metrics->all[i];

                if (def->base && cvss_metric(cvss, def->name) == NULL)
                        return refuse(def->name, "is missing", error);
        }
        return true;
}

bool cvss_parse(const char *vector, Cvss *ret_cvss, GError **error)
{
        Cvss cvss = { .version = CVSS_2_0 };
        g_auto(GStrv) parts = NULL;

        if (strlen(vector) > 512)
                return refuse(NULL, "it is too long", error);
        for (int i = CVSS_3_0; i <= CVSS_4_0; i++)
                if (g_str_has_prefix(vector, versions[i].prefix)) {
                        cvss.version = (CvssVersion)i;
                        vector += strlen(versions[i].prefix);
                        break;
                }
        if (cvss.version == CVSS_2_0 && g_str_has_prefix(vector, "CVSS:"))
                return refuse(NULL, "its version is none of 3.0, 3.1 and 4.0", error);
        parts = g_strsplit(vector, "/", -1);
        for (size_t i = 0; parts[i] != NULL; i++)
                if (!metric_take(&cvss, parts[i], error))
                        return false;
        if (!base_check(&cvss, error))
                return false;
        *ret_cvss = cvss;
        return true;
}

const char *cvss_metric(const Cvss *cvss, const char *name)
{
        for (size_t i = 0; i < cvss->n; i++)
                if (strcmp(cvss->metric[i].name, name) == 0)
                        return cvss->metric[i].value;
        return NULL;
}

/* ---- scores ---- */

static double weight_of(const Cvss *cvss, const char *name, const char *value)
{
        const CvssMetric *def = metric_find(cvss->version, name);
        int place = def == NULL || value == NULL ? -1 : place_in(def->values, value);

        return place < 0 ? 0 : def->weights[place];
}

/* The weight of a metric; of one that is not there, that of `otherwise`, which base metrics do not need. */
static double weight(const Cvss *cvss, const char *name, const char *otherwise)
{
        const char *value = cvss_metric(cvss, name);

        return weight_of(cvss, name, value == NULL ? otherwise : value);
}

/* The value in force: that of the modified metric, unless it is not defined. */
static const char *in_force(const Cvss *cvss, bool modified, const char *name)
{
        char changed[8];
        const char *value;

        g_snprintf(changed, sizeof(changed), "M%s", name);
        value = modified ? cvss_metric(cvss, changed) : NULL;
        return value == NULL || strcmp(value, "X") == 0 ? cvss_metric(cvss, name) : value;
}

static double weight_in_force(const Cvss *cvss, bool modified, const char *name)
{
        return weight_of(cvss, name, in_force(cvss, modified, name));
}

/* Tenths, rounded up; 3.1 guards against what binary fractions add, 3.0 does not say how. */
static int round_up(CvssVersion version, double value)
{
        double hundred_thousand = round(value * 100000);

        if (version == CVSS_3_0)
                return (int)ceil(round(value * 1e9) / 1e8);
        if (fmod(hundred_thousand, 10000) == 0)
                return (int)(hundred_thousand / 10000);
        return (int)floor(hundred_thousand / 10000) + 1;
}

static double privileges(const Cvss *cvss, bool modified, bool changed)
{
        const char *value = in_force(cvss, modified, "PR");

        if (changed && g_strcmp0(value, "L") == 0)
                return .68;
        if (changed && g_strcmp0(value, "H") == 0)
                return .5;
        return weight_in_force(cvss, modified, "PR");
}

static double impact_sub_score(const Cvss *cvss, bool modified)
{
        double c = weight_in_force(cvss, modified, "C"), i = weight_in_force(cvss, modified, "I"),
               a = weight_in_force(cvss, modified, "A");

        if (!modified)
                return 1 - (1 - c) * (1 - i) * (1 - a);
        c *= weight(cvss, "CR", "X");
        i *= weight(cvss, "IR", "X");
        a *= weight(cvss, "AR", "X");
        return MIN(1 - (1 - c) * (1 - i) * (1 - a), .915);
}

/* The base score in tenths, or its like over the modified metrics. */
static int score_3(const Cvss *cvss, bool modified)
{
        bool changed = g_strcmp0(in_force(cvss, modified, "S"), "C") == 0;
        double iss = impact_sub_score(cvss, modified), impact, exploitability;

        if (!changed)
                impact = 6.42 * iss;
        else if (modified && cvss->version == CVSS_3_1)
                impact = 7.52 * (iss - .029) - 3.25 * pow(iss * .9731 - .02, 13);
        else
                impact = 7.52 * (iss - .029) - 3.25 * pow(iss - .02, 15);
        if (impact <= 0)
                return 0;
        exploitability = 8.22 * weight_in_force(cvss, modified, "AV") *
                         weight_in_force(cvss, modified, "AC") * privileges(cvss, modified, changed) *
                         weight_in_force(cvss, modified, "UI");
        return round_up(cvss->version, MIN((changed ? 1.08 : 1) * (impact + exploitability), 10));
}

static void scores_3(const Cvss *cvss, CvssScores *ret_scores)
{
        double temporal = weight(cvss, "E", "X") * weight(cvss, "RL", "X") * weight(cvss, "RC", "X");

        ret_scores->base = score_3(cvss, false);
        ret_scores->temporal = round_up(cvss->version, ret_scores->base / 10.0 * temporal);
        ret_scores->environmental = round_up(cvss->version, score_3(cvss, true) / 10.0 * temporal);
}

static int round_tenths(double value)
{
        return (int)floor(value * 10 + .5 + 1e-9);
}

static double base_2(const Cvss *cvss, double impact)
{
        double exploitability = 20 * weight(cvss, "AV", NULL) * weight(cvss, "AC", NULL) *
                                weight(cvss, "Au", NULL);

        return (.6 * impact + .4 * exploitability - 1.5) * (impact == 0 ? 0 : 1.176);
}

static void scores_2(const Cvss *cvss, CvssScores *ret_scores)
{
        double c = weight(cvss, "C", NULL), i = weight(cvss, "I", NULL), a = weight(cvss, "A", NULL),
               adjusted;
        double temporal = weight(cvss, "E", "ND") * weight(cvss, "RL", "ND") * weight(cvss, "RC", "ND");
        int again;

        ret_scores->base = round_tenths(base_2(cvss, 10.41 * (1 - (1 - c) * (1 - i) * (1 - a))));
        ret_scores->temporal = round_tenths(ret_scores->base / 10.0 * temporal);
        c *= weight(cvss, "CR", "ND");
        i *= weight(cvss, "IR", "ND");
        a *= weight(cvss, "AR", "ND");
        adjusted = MIN(10, 10.41 * (1 - (1 - c) * (1 - i) * (1 - a)));
        again = round_tenths(round_tenths(base_2(cvss, adjusted)) / 10.0 * temporal);
        ret_scores->environmental = round_tenths(
                (again / 10.0 + (10 - again / 10.0) * weight(cvss, "CDP", "ND")) * weight(cvss, "TD", "ND"));
}

CvssScores cvss_scores(const Cvss *cvss)
{
        CvssScores scores;

        if (cvss->version == CVSS_2_0)
                scores_2(cvss, &scores);
        else if (cvss->version == CVSS_4_0)
                scores.base = scores.temporal = scores.environmental = cvss_score_4(cvss);
        else
                scores_3(cvss, &scores);
        return scores;
}

const char *cvss_severity(int tenths)
{
        return tenths >= 90   ? "critical"
               : tenths >= 70 ? "high"
               : tenths >= 40 ? "medium"
               : tenths > 0   ? "low"
                              : "none";
}
