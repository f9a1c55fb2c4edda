#include "model/steps.h"

#include <string.h>

static const char *const status_names[STEP_STATUS_COUNT] = {
        [STEP_PASSED] = "passed",
        [STEP_NOT_RUN] = "not_run",
        [STEP_BLOCKED] = "blocked",
        [STEP_FAILED] = "failed",
};

const char *step_status_name(StepStatus status)
{
        return status_names[status];
}

const char *const *step_status_names(void)
{
        return status_names;
}

bool step_status_find(const char *name, StepStatus *ret_status)
{
        for (int i = 0; i < STEP_STATUS_COUNT; i++)
                if (strcmp(status_names[i], name) == 0) {
                        *ret_status = (StepStatus)i;
                        return true;
                }
        return false;
}

/* ---- steps of a case ---- */

static void step_free(gpointer data)
{
        TestStep *step = data;

        g_free(step->does);
        g_free(step->expected);
        g_free(step);
}

/* What follows the number or mark of a list: `3. `, `3) `, `- `, `* `. */
static const char *list_mark_skip(const char *line)
{
        const size_t digits = strspn(line, "0123456789");
        const char *mark = line + digits;

        if (digits > 0 ? *mark != '.' && *mark != ')' : *mark != '-' && *mark != '*')
                return line;
        return mark[1] == ' ' || mark[1] == '\t' ? mark + 2 + strspn(mark + 2, " \t") : line;
}

/* Of texts, one a line that says something. */
static GPtrArray *lines_of(const char *text)
{
        GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);
        g_auto(GStrv) all = g_strsplit(text == NULL ? "" : text, "\n", -1);

        for (char **line = all; *line != NULL; line++) {
                const char *said = list_mark_skip(g_strstrip(*line));

                if (said[0] != '\0')
                        g_ptr_array_add(lines, g_strdup(said));
        }
        return lines;
}

static void step_add(GPtrArray *steps, const char *does, const char *expected)
{
        TestStep *step = g_new0(TestStep, 1);

        step->does = g_strdup(does);
        step->expected = g_strdup(expected);
        g_ptr_array_add(steps, step);
}

GPtrArray *steps_new(const char *steps, const char *expected)
{
        GPtrArray *all = g_ptr_array_new_with_free_func(step_free);
        g_autoptr(GPtrArray) does = lines_of(steps), musts = lines_of(expected);
        g_autofree char *whole = g_strstrip(g_strdup(expected == NULL ? "" : expected));
        const bool by_line = does->len == musts->len;

        for (guint i = 0; i < does->len; i++)
                step_add(all, g_ptr_array_index(does, i),
                         by_line              ? g_ptr_array_index(musts, i)
                         : i + 1 == does->len ? whole
                                              : "");
        if (all->len == 0)
                step_add(all, "", whole);
        return all;
}

/* ---- names and what was said ---- */

char *step_name(const char *test_case, guint step)
{
        return g_strdup_printf("%s/%u", test_case, step);
}

bool step_name_parse(const char *name, char **ret_case, guint *ret_step)
{
        const char *mark = strrchr(name, '/');
        guint64 number;

        if (mark == NULL || mark == name || !g_ascii_isdigit(mark[1]) ||
            !g_ascii_string_to_unsigned(mark + 1, 10, 1, G_MAXUINT, &number, NULL))
                return false;
        *ret_case = g_strndup(name, (gsize)(mark - name));
        *ret_step = (guint)number;
        return true;
}

char *step_said(StepStatus status, const char *observation)
{
        g_autofree char *text = g_strstrip(g_strdup(observation == NULL ? "" : observation));

        return text[0] == '\0' ? g_strdup(status_names[status])
                               : g_strdup_printf("%s: %s", status_names[status], text);
}

bool step_said_parse(const char *said, StepStatus *ret_status, const char **ret_observation)
{
        const size_t n = strcspn(said, ":");
        g_autofree char *name = g_strndup(said, n);

        if (!step_status_find(name, ret_status))
                return false;
        *ret_observation = said[n] == '\0' ? "" : said + n + 1 + strspn(said + n + 1, " ");
        return true;
}

ResultStatus step_outcome(StepStatus worst)
{
        static const ResultStatus outcomes[STEP_STATUS_COUNT] = {
                [STEP_PASSED] = RESULT_PASSED,
                [STEP_NOT_RUN] = RESULT_SKIPPED,
                [STEP_BLOCKED] = RESULT_ERROR,
                [STEP_FAILED] = RESULT_FAILED,
        };

        return outcomes[worst];
}
