#include "model/operation.h"

#include "base/error.h"

#include <string.h>

enum {
        REGIMES_MOST = 32,
        CLOCKS_MOST = 16,
        NAME_MOST = 40,
        TITLE_MOST = 200,
        LENGTH_MOST = 10000, /* of a clock, in its unit */
        DAYS_MOST = 3650,
        DAYS_LEAST = 0,
        DAY_HOURS = 24,
};

struct OperationPolicy {
        json_t *json;
};

/* The times of an incident that a clock may run from, besides an earlier clock of its regime. */
static const char *const origins[] = { "aware", "occurred", "corrected" };
/* What a clock of a weakness runs from, and the steps it has. */
static const char *const weakness_origins[] = { "reported" };
static const char *const weakness_steps[] = { "acknowledge", "assess", "remedy", "disclose" };
static const char *const units[] = { "hours", "days", "months" };
static const char *const day_members[] = { "remind_days", "escalate_days", "emergency_days" };

/* ---- reading ---- */

static bool refuse(GError **error, const char *place, const char *what)
{
        error_set(error, ZW_ERR_INPUT, place, "%s", what);
        return false;
}

/* Names stand in addresses and in the names of notifications: a letter, then letters, digits and _. */
static bool name_fits(const char *name)
{
        if (name == NULL || strlen(name) > NAME_MOST || !g_ascii_islower(name[0]))
                return false;
        for (const char *c = name; *c != '\0'; c++)
                if (!g_ascii_islower(*c) && !g_ascii_isdigit(*c) && *c != '_')
                        return false;
        return true;
}

static bool text_fits(const char *text)
{
        return text != NULL && text[0] != '\0' && strlen(text) <= TITLE_MOST;
}

static bool member_known(const char *name, const char *const *names, size_t n)
{
        for (size_t i = 0; i < n; i++)
                if (strcmp(name, names[i]) == 0)
                        return true;
        return false;
}

static bool members_check(const json_t *object, const char *place, const char *const *names, size_t n,
                          GError **error)
{
        const char *member;
        json_t *value;

        if (!json_is_object(object))
                return refuse(error, place, "this is an object");
        json_object_foreach((json_t *)(uintptr_t)object, member, value)
        {
                g_autofree char *where = g_strconcat(place, "/", member, NULL);

                if (!member_known(member, names, n))
                        return refuse(error, where, "there is no such member");
        }
        return true;
}

/* Whether an entry before the n-th of a list has this name. */
static bool named_before(const json_t *list, size_t n, const char *name)
{
        for (size_t i = 0; i < n; i++)
                if (g_strcmp0(jread_get_string(json_array_get(list, i), "name"), name) == 0)
                        return true;
        return false;
}

/* The one unit a clock has, and its number of them; NULL for none, several, or a number out of range. */
static const char *unit_of(const json_t *clock, int *ret_n)
{
        const char *found = NULL;

        for (size_t i = 0; i < G_N_ELEMENTS(units); i++) {
                const json_t *value = json_object_get(clock, units[i]);

                if (value == NULL)
                        continue;
                if (found != NULL || !json_is_integer(value) || json_integer_value(value) < 1 ||
                    json_integer_value(value) > LENGTH_MOST)
                        return NULL;
                found = units[i];
                *ret_n = (int)json_integer_value(value);
        }
        return found;
}

/* A clock runs from one of `froms`, or from one before it. */
static bool clock_check(const json_t *clocks, size_t i, const char *place, const char *const *froms,
                        size_t n_froms, GError **error)
{
        static const char *const names[] = { "name", "title", "from", "hours", "days", "months" };
        const json_t *clock = json_array_get(clocks, i);
        const char *name = jread_get_string(clock, "name"), *from = jread_get_string(clock, "from");
        int n;

        if (!members_check(clock, place, names, G_N_ELEMENTS(names), error))
                return false;
        if (!name_fits(name) || named_before(clocks, i, name))
                return refuse(error, place, "a clock has a name of its own: small letters, digits and _");
        if (!text_fits(jread_get_string(clock, "title")))
                return refuse(error, place, "a clock has a title of 1 to 200 bytes");
        if (from == NULL || (!member_known(from, froms, n_froms) && !named_before(clocks, i, from)))
                return refuse(error, place,
                              n_froms == G_N_ELEMENTS(origins)
                                      ? "a clock runs from aware, occurred, corrected or a clock before it"
                                      : "a clock of a weakness runs from reported");
        if (unit_of(clock, &n) == NULL)
                return refuse(error, place,
                              "a clock runs for a number of hours, days or months: one of them");
        return true;
}

static bool regime_check(const json_t *regimes, size_t i, GError **error)
{
        static const char *const names[] = { "name", "title", "clocks" };
        const json_t *regime = json_array_get(regimes, i), *clocks = json_object_get(regime, "clocks");
        const char *name = jread_get_string(regime, "name");
        g_autofree char *place = g_strdup_printf("/regimes/%zu", i);

        if (!members_check(regime, place, names, G_N_ELEMENTS(names), error))
                return false;
        if (!name_fits(name) || named_before(regimes, i, name))
                return refuse(error, place, "a regime has a name of its own: small letters, digits and _");
        if (!text_fits(jread_get_string(regime, "title")))
                return refuse(error, place, "a regime has a title of 1 to 200 bytes");
        if (json_array_size(clocks) == 0 || json_array_size(clocks) > CLOCKS_MOST)
                return refuse(error, place, "a regime has 1 to 16 clocks");
        for (size_t k = 0; k < json_array_size(clocks); k++) {
                g_autofree char *where = g_strdup_printf("%s/clocks/%zu", place, k);

                if (!clock_check(clocks, k, where, origins, G_N_ELEMENTS(origins), error))
                        return false;
        }
        return true;
}

/* Left out, or each step once. */
static bool weakness_check(const json_t *clocks, GError **error)
{
        if (clocks == NULL)
                return true;
        if (json_array_size(clocks) != G_N_ELEMENTS(weakness_steps))
                return refuse(error, "/weakness", "the clocks are acknowledge, assess, remedy and disclose");
        for (size_t i = 0; i < G_N_ELEMENTS(weakness_steps); i++) {
                const json_t *clock = json_array_get(clocks, i);
                g_autofree char *place = g_strdup_printf("/weakness/%zu", i);

                if (!clock_check(clocks, i, place, weakness_origins, G_N_ELEMENTS(weakness_origins), error))
                        return false;
                if (strcmp(jread_get_string(clock, "from"), weakness_origins[0]) != 0 ||
                    !member_known(jread_get_string(clock, "name"), weakness_steps,
                                  G_N_ELEMENTS(weakness_steps)))
                        return refuse(
                                error, place,
                                "the clocks are acknowledge, assess, remedy and disclose, from reported");
        }
        return true;
}

static bool days_check(const json_t *value, GError **error)
{
        for (size_t i = 0; i < G_N_ELEMENTS(day_members); i++) {
                const json_t *days = json_object_get(value, day_members[i]);
                g_autofree char *place = g_strconcat("/", day_members[i], NULL);

                if (!json_is_integer(days) || json_integer_value(days) < DAYS_LEAST ||
                    json_integer_value(days) > DAYS_MOST)
                        return refuse(error, place, "days are a number from 0 to 3650");
        }
        return true;
}

OperationPolicy *operation_policy_read(const json_t *value, GError **error)
{
        static const char *const names[] = { "regimes", "weakness", "remind_days", "escalate_days",
                                             "emergency_days" };
        const json_t *regimes = json_object_get(value, "regimes");
        OperationPolicy *policy;

        if (!members_check(value, "", names, G_N_ELEMENTS(names), error) || !days_check(value, error))
                return NULL;
        if (!json_is_array(regimes) || json_array_size(regimes) > REGIMES_MOST) {
                error_set(error, ZW_ERR_INPUT, "/regimes", "this is a list of at most %d regimes",
                          REGIMES_MOST);
                return NULL;
        }
        for (size_t i = 0; i < json_array_size(regimes); i++)
                if (!regime_check(regimes, i, error))
                        return NULL;
        if (!weakness_check(json_object_get(value, "weakness"), error))
                return NULL;
        policy = g_new0(OperationPolicy, 1);
        policy->json = json_incref((json_t *)(uintptr_t)value);
        return policy;
}

OperationPolicy *operation_policy_default(void)
{
        g_autoptr(Json) value = jread_parse(operation_sources[0], strlen(operation_sources[0]), NULL);

        return operation_policy_read(value, NULL);
}

void operation_policy_free(OperationPolicy *policy)
{
        if (policy == NULL)
                return;
        json_decref(policy->json);
        g_free(policy);
}

const json_t *operation_policy_json(const OperationPolicy *policy)
{
        return policy->json;
}

int operation_remind_days(const OperationPolicy *policy)
{
        return (int)jread_get_int(policy->json, "remind_days", 0);
}

int operation_escalate_days(const OperationPolicy *policy)
{
        return (int)jread_get_int(policy->json, "escalate_days", 0);
}

int operation_emergency_days(const OperationPolicy *policy)
{
        return (int)jread_get_int(policy->json, "emergency_days", 0);
}

/* ---- clocks ---- */

const char *clock_state_name(ClockState state)
{
        static const char *const names[] = { "waiting", "running", "overdue", "met", "late" };

        return names[state];
}

/* A month later is the same day of the next month, or its last day. */
static Instant months_later(Instant from, int months)
{
        g_autoptr(GDateTime) start = g_date_time_new_from_unix_utc(from / 1000), end = NULL;

        end = start == NULL ? NULL : g_date_time_add_months(start, months);
        return end == NULL ? G_MAXINT64 : g_date_time_to_unix(end) * 1000 + from % 1000;
}

static Instant due_of(const json_t *clock, Instant from)
{
        int n = 0;
        const char *unit = unit_of(clock, &n);

        if (g_strcmp0(unit, "months") == 0)
                return months_later(from, n);
        return from + n * ZW_HOUR_MS * (g_strcmp0(unit, "days") == 0 ? DAY_HOURS : 1);
}

static bool time_read(const json_t *attrs, const char *member, Instant *ret_time)
{
        const char *text = jread_get_string(attrs, member);

        return text != NULL && instant_parse(text, ret_time, NULL);
}

static const json_t *weakness_clock(const OperationPolicy *policy, const char *step)
{
        const json_t *clock;
        size_t i;

        json_array_foreach(json_object_get(policy->json, "weakness"), i,
                           clock) if (g_strcmp0(jread_get_string(clock, "name"), step) == 0) return clock;
        return NULL;
}

Instant operation_weakness_due(const OperationPolicy *policy, const char *step, Instant reported)
{
        const json_t *clock = weakness_clock(policy, step);
        g_autoptr(OperationPolicy) own = clock == NULL ? operation_policy_default() : NULL;

        return due_of(clock != NULL ? clock : weakness_clock(own, step), reported);
}

static ClockState state_of(const Clock *clock, Instant now)
{
        if (clock->sent != 0)
                return clock->known && clock->sent > clock->due ? CLOCK_LATE : CLOCK_MET;
        if (!clock->known)
                return CLOCK_WAITING;
        return now > clock->due ? CLOCK_OVERDUE : CLOCK_RUNNING;
}

/* The time that a clock runs from: one of the incident's, or when the notification of an earlier clock was sent. */
static bool origin_of(const Clock *clock, const char *regime, const json_t *attrs, Instant *ret_from)
{
        g_autofree char *earlier = g_strconcat(regime, ".", clock->from, NULL);

        if (member_known(clock->from, origins, G_N_ELEMENTS(origins)))
                return time_read(attrs, clock->from, ret_from);
        return time_read(json_object_get(attrs, "notified"), earlier, ret_from);
}

static void regime_clocks(const json_t *regime, const json_t *attrs, Instant now, GArray *clocks)
{
        const char *name = jread_get_string(regime, "name");
        const json_t *each;
        size_t i;

        json_array_foreach(json_object_get(regime, "clocks"), i, each)
        {
                Clock clock = { .name = g_strconcat(name, ".", jread_get_string(each, "name"), NULL),
                                .regime = jread_get_string(regime, "title"),
                                .title = jread_get_string(each, "title"),
                                .from = jread_get_string(each, "from") };
                Instant from;

                clock.known = origin_of(&clock, name, attrs, &from);
                if (clock.known)
                        clock.due = due_of(each, from);
                time_read(json_object_get(attrs, "notified"), clock.name, &clock.sent);
                clock.state = state_of(&clock, now);
                g_array_append_val(clocks, clock);
        }
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

static void clock_clear(gpointer data)
{
        g_free(((Clock *)data)->name);
}

GArray *operation_clocks(const OperationPolicy *policy, const json_t *attrs, Instant now)
{
        GArray *clocks = g_array_new(FALSE, TRUE, sizeof(Clock));
        const json_t *regime;
        size_t i;

        g_array_set_clear_func(clocks, clock_clear);
        json_array_foreach(json_object_get(policy->json, "regimes"), i, regime)
        {
                if (list_has(json_object_get(attrs, "regimes"), jread_get_string(regime, "name")))
                        regime_clocks(regime, attrs, now, clocks);
        }
        return clocks;
}

char **operation_regime_names(const OperationPolicy *policy)
{
        const json_t *regimes = json_object_get(policy->json, "regimes"), *regime;
        char **names = g_new0(char *, json_array_size(regimes) + 1);
        size_t i;

        json_array_foreach(regimes, i, regime) names[i] = g_strdup(jread_get_string(regime, "name"));
        return names;
}

char **operation_clock_names(const OperationPolicy *policy)
{
        GPtrArray *names = g_ptr_array_new();
        const json_t *regime, *clock;
        size_t i, k;

        json_array_foreach(json_object_get(policy->json, "regimes"), i, regime)
        {
                json_array_foreach(json_object_get(regime, "clocks"), k, clock)
                        g_ptr_array_add(names, g_strconcat(jread_get_string(regime, "name"), ".",
                                                           jread_get_string(clock, "name"), NULL));
        }
        g_ptr_array_add(names, NULL);
        return (char **)g_ptr_array_free(names, FALSE);
}
