#include "model/triage.h"

#include "base/error.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

enum { RULES_MOST = 64, DAYS_MOST = 3650, NAME_MOST = 200 };

struct TriagePolicy {
        json_t *json;
};

/* ---- decimals ---- */

/* A decimal such as `9.8` or `9e-05`, as attributes and the lists of EPSS have them; -1 for NULL and anything else. */
static double decimal_of(const char *text)
{
        double number;
        char *end;

        if (text == NULL || !g_ascii_isdigit(*text) || text[strspn(text, "0123456789.eE+-")] != '\0')
                return -1;
        number = g_ascii_strtod(text, &end);
        return *end == '\0' && isfinite(number) ? number : -1;
}

/* ---- conditions ---- */

static bool is_bool(const json_t *value)
{
        return json_is_boolean(value);
}

static bool is_decimal(const json_t *value)
{
        return decimal_of(json_string_value(value)) >= 0;
}

static bool is_level(const json_t *value)
{
        return json_is_integer(value) && json_integer_value(value) >= 1 && json_integer_value(value) <= 4;
}

static bool is_text_list(const json_t *value)
{
        const json_t *each;
        size_t i;

        if (json_array_size(value) == 0)
                return false;
        json_array_foreach(value, i, each)
        {
                if (!json_is_string(each))
                        return false;
        }
        return true;
}

/* Bounds by the number before the dot of a CVSS version. */
static bool is_scores(const json_t *value)
{
        const char *version;
        json_t *bound;

        if (!json_is_object(value) || json_object_size(value) == 0)
                return false;
        json_object_foreach((json_t *)(uintptr_t)value, version, bound)
        {
                if (strlen(version) != 1 || strchr("234", version[0]) == NULL || !is_decimal(bound))
                        return false;
        }
        return true;
}

static bool fits_kev(const json_t *wanted, const TriageFacts *facts)
{
        return json_is_true(wanted) == facts->kev;
}

static bool fits_safety(const json_t *wanted, const TriageFacts *facts)
{
        return json_is_true(wanted) == facts->safety;
}

static bool fits_epss(const json_t *wanted, const TriageFacts *facts)
{
        return decimal_of(facts->epss) >= decimal_of(json_string_value(wanted));
}

static bool fits_sl_t(const json_t *wanted, const TriageFacts *facts)
{
        return facts->sl_t >= json_integer_value(wanted);
}

static bool list_has(const json_t *list, const char *text)
{
        const json_t *each;
        size_t i;

        json_array_foreach(list, i, each)
        {
                if (g_strcmp0(json_string_value(each), text) == 0)
                        return true;
        }
        return false;
}

static bool fits_severity(const json_t *wanted, const TriageFacts *facts)
{
        return list_has(wanted, facts->severity);
}

static bool fits_confidence(const json_t *wanted, const TriageFacts *facts)
{
        return list_has(wanted, facts->confidence);
}

/* `CVSS:3.1/...` says its version; a vector of 2.0 says none. */
static bool fits_score(const json_t *wanted, const TriageFacts *facts)
{
        static const char mark[] = "CVSS:";
        char version[2] = "2";
        const json_t *bound;

        if (facts->cvss == NULL)
                return false;
        if (g_str_has_prefix(facts->cvss, mark))
                version[0] = facts->cvss[strlen(mark)];
        bound = json_object_get(wanted, version);
        return bound != NULL && decimal_of(facts->score) >= decimal_of(json_string_value(bound));
}

static const struct {
        const char *name;
        bool (*is_right)(const json_t *value);
        bool (*fits)(const json_t *wanted, const TriageFacts *facts);
        const char *what;
        bool matched; /* known when things are matched: a rule that confirms may ask for it */
} conditions[] = {
        { "kev", is_bool, fits_kev, "true or false", true },
        { "safety", is_bool, fits_safety, "true or false", false },
        { "epss", is_decimal, fits_epss, "a decimal such as \"0.5\"", false },
        { "sl_t", is_level, fits_sl_t, "a level from 1 to 4", false },
        { "severity", is_text_list, fits_severity, "a list of severities", true },
        { "confidence", is_text_list, fits_confidence, "a list of confidences", true },
        { "score", is_scores, fits_score, "least scores by version of CVSS, such as {\"3\":\"9.0\"}", true },
};

static bool rule_fits(const json_t *rule, const TriageFacts *facts)
{
        for (size_t i = 0; i < G_N_ELEMENTS(conditions); i++) {
                const json_t *wanted = json_object_get(rule, conditions[i].name);

                if (wanted != NULL && !conditions[i].fits(wanted, facts))
                        return false;
        }
        return true;
}

/* ---- reading ---- */

static bool refuse(GError **error, const char *list, size_t i, const char *member, const char *what)
{
        g_autofree char *place = g_strdup_printf("/%s/%zu%s%s", list, i, member[0] == '\0' ? "" : "/",
                                                 member);

        error_set(error, ZW_ERR_INPUT, place, "%s", what);
        return false;
}

static bool condition_check(const char *list, size_t i, const char *name, const json_t *value, bool with_days,
                            GError **error)
{
        for (size_t k = 0; k < G_N_ELEMENTS(conditions); k++) {
                g_autofree char *what = NULL;

                if (strcmp(conditions[k].name, name) != 0 || (!with_days && !conditions[k].matched))
                        continue;
                if (conditions[k].is_right(value))
                        return true;
                what = g_strdup_printf("this is %s", conditions[k].what);
                return refuse(error, list, i, name, what);
        }
        return refuse(error, list, i, name, "a rule has no such member");
}

static bool rule_check(const char *list, size_t i, const json_t *rule, bool with_days, GError **error)
{
        const char *name = jread_get_string(rule, "name"), *member;
        json_t *value;

        if (!json_is_object(rule) || name == NULL || name[0] == '\0' || strlen(name) > NAME_MOST)
                return refuse(error, list, i, "", "a rule is an object with a name");
        json_object_foreach((json_t *)(uintptr_t)rule, member, value)
        {
                if (strcmp(member, "name") == 0)
                        continue;
                if (with_days && strcmp(member, "days") == 0) {
                        if (!json_is_integer(value) || json_integer_value(value) < 0 ||
                            json_integer_value(value) > DAYS_MOST)
                                return refuse(error, list, i, member, "days are a number from 0 to 3650");
                        continue;
                }
                if (!condition_check(list, i, member, value, with_days, error))
                        return false;
        }
        if (!with_days || json_object_get(rule, "days") != NULL)
                return true;
        return refuse(error, list, i, "days", "a rule says within how many days");
}

static bool rules_check(const json_t *value, const char *list, bool with_days, GError **error)
{
        const json_t *rules = json_object_get(value, list), *rule;
        size_t i;

        if (!json_is_array(rules) || json_array_size(rules) > RULES_MOST) {
                g_autofree char *place = g_strdup_printf("/%s", list);

                error_set(error, ZW_ERR_INPUT, place, "this is a list of at most %d rules", RULES_MOST);
                return false;
        }
        json_array_foreach(rules, i, rule)
        {
                if (!rule_check(list, i, rule, with_days, error))
                        return false;
        }
        return true;
}

/* The last rule takes any: only name and days. */
static bool last_check(const json_t *value, GError **error)
{
        const json_t *rules = json_object_get(value, "due");
        const size_t n = json_array_size(rules);

        if (n > 0 && json_object_size(json_array_get(rules, n - 1)) == 2)
                return true;
        error_set(error, ZW_ERR_INPUT, "/due",
                  "the last rule has no condition, so that every finding is due");
        return false;
}

TriagePolicy *triage_policy_read(const json_t *value, GError **error)
{
        const char *member;
        TriagePolicy *policy;
        json_t *each;

        json_object_foreach((json_t *)(uintptr_t)value, member, each)
        {
                if (strcmp(member, "confirm") != 0 && strcmp(member, "due") != 0) {
                        error_set(error, ZW_ERR_INPUT, member, "a triage policy has `confirm` and `due`");
                        return NULL;
                }
        }
        if (!rules_check(value, "confirm", false, error) || !rules_check(value, "due", true, error) ||
            !last_check(value, error))
                return NULL;
        policy = g_new0(TriagePolicy, 1);
        policy->json = json_incref((json_t *)(uintptr_t)value);
        return policy;
}

TriagePolicy *triage_policy_default(void)
{
        g_autoptr(Json) value = jread_parse(triage_sources[0], strlen(triage_sources[0]), NULL);

        return triage_policy_read(value, NULL);
}

const json_t *triage_policy_json(const TriagePolicy *policy)
{
        return policy->json;
}

void triage_policy_free(TriagePolicy *policy)
{
        if (policy == NULL)
                return;
        json_decref(policy->json);
        g_free(policy);
}

/* ---- judging ---- */

bool triage_is_unsaid(const json_t *attrs)
{
        return g_strcmp0(jread_get_string(attrs, "treatment"), "never") == 0 &&
               json_string_length(json_object_get(attrs, "treatment_reason")) == 0;
}

static const json_t *rule_find(const TriagePolicy *policy, const char *list, const TriageFacts *facts)
{
        const json_t *rules = json_object_get(policy->json, list), *rule;
        size_t i;

        json_array_foreach(rules, i, rule)
        {
                if (rule_fits(rule, facts))
                        return rule;
        }
        return NULL;
}

int triage_policy_days(const TriagePolicy *policy, const TriageFacts *facts, const char **ret_rule)
{
        const json_t *rule = rule_find(policy, "due", facts);

        *ret_rule = jread_get_string(rule, "name");
        return (int)jread_get_int(rule, "days", 0);
}

bool triage_policy_confirms(const TriagePolicy *policy, const TriageFacts *facts, const char **ret_rule)
{
        const json_t *rule = rule_find(policy, "confirm", facts);

        if (rule != NULL)
                *ret_rule = jread_get_string(rule, "name");
        return rule != NULL;
}
