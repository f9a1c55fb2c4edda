/* What `test.ingest` adds to an import: facts of the run that the file does not know, and totals. */
#include "service/interchange/import.h"

#include <string.h>

/* Of the input: its member, and where it goes. */
static const struct {
        const char *member, *attr; /* attr: of the run, NULL: a member of the profile of its own name */
        const char *profile;
} facts[] = { { "run", NULL, "run" }, { "ran", NULL, "at" }, { "stage", "stage", NULL } };

static json_t *defaults_of(json_t *profile)
{
        json_t *defaults = json_object_get(profile, "defaults");

        /* A copy: the profile may be one of the project's, which others read. */
        defaults = json_is_object(defaults) ? json_deep_copy(defaults) : json_object();
        json_object_set_new(profile, "defaults", defaults);
        return defaults;
}

/* `CP-4=2.1.0` */
static bool versions_take(const json_t *list, json_t *profile, GError **error)
{
        json_t *defaults, *versions;
        const json_t *value;
        size_t i;

        if (json_array_size(list) == 0)
                return true;
        defaults = defaults_of(profile);
        versions = json_object_get(defaults, "versions");
        if (!json_is_object(versions)) {
                versions = json_object();
                json_object_set_new(defaults, "versions", versions);
        }
        json_array_foreach(list, i, value)
        {
                const char *text = json_string_value(value), *mark = text == NULL ? NULL : strchr(text, '=');
                g_autofree char *key = mark == NULL ? NULL : g_strndup(text, (gsize)(mark - text));
                g_autofree char *where = g_strdup_printf("/versions/%zu", i);

                if (key == NULL || key[0] == '\0' || mark[1] == '\0') {
                        error_set(
                                error, ZW_ERR_USAGE, where,
                                "a version is written KEY=VERSION, KEY being that of an asset or component");
                        return false;
                }
                json_object_set_new(versions, key, json_string(mark + 1));
        }
        return true;
}

bool import_run_facts(Import *import, GError **error)
{
        const json_t *input = import->call->input;
        g_autoptr(Json) profile = import->profile == NULL ? json_object() : json_copy(import->profile);

        for (size_t i = 0; i < G_N_ELEMENTS(facts); i++) {
                const char *value = jread_get_string(input, facts[i].member);

                if (value == NULL)
                        continue;
                if (facts[i].attr == NULL)
                        json_object_set_new(profile, facts[i].profile, json_string(value));
                else
                        json_object_set_new(defaults_of(profile), facts[i].attr, json_string(value));
        }
        if (!versions_take(json_object_get(input, "versions"), profile, error))
                return false;
        if (json_object_size(profile) == 0)
                return true;
        json_decref(import->profile);
        import->profile = g_steal_pointer(&profile);
        return true;
}

json_t *import_run_totals(const json_t *ops)
{
        static const char *const names[] = { "passed", "failed", "error", "skipped", "unmatched" };
        json_t *totals = json_object();
        const json_t *op;
        size_t i;

        for (size_t n = 0; n < G_N_ELEMENTS(names); n++)
                json_object_set_new(totals, names[n], json_integer(0));
        json_array_foreach(ops, i, op)
        {
                const json_t *counts = json_object_get(json_object_get(op, "attrs"), "counts");

                for (size_t n = 0; n < G_N_ELEMENTS(names); n++)
                        json_object_set_new(totals, names[n],
                                            json_integer(jread_get_int(totals, names[n], 0) +
                                                         jread_get_int(counts, names[n], 0)));
        }
        return totals;
}
