/* A run by hand as it stands (`test.show`). */
#include "service/execution/execution.h"

#include <string.h>

/* Files of a step are named by it: `TC-7-2 photo.png`. */
static void files_write(JWrite *w, const json_t *files, const char *test_case, guint step)
{
        g_autofree char *prefix = g_strdup_printf("%s-%u ", test_case, step);
        const json_t *file;
        size_t i;

        jwrite_key(w, "attachments");
        jwrite_array_begin(w);
        json_array_foreach(files, i, file)
        {
                const char *name = jread_get_string(file, "name");

                if (name == NULL || !g_str_has_prefix(name, prefix))
                        continue;
                jwrite_object_begin(w);
                jwrite_key_string(w, "name", name);
                jwrite_key_string(w, "sha256", jread_get_string(file, "sha256"));
                jwrite_key_int(w, "size", jread_get_int(file, "size", 0));
                jwrite_object_end(w);
        }
        jwrite_array_end(w);
}

static void step_write(JWrite *w, const ExecutionCase *test_case, guint number, const json_t *step_results,
                       const json_t *files)
{
        const TestStep *step = g_ptr_array_index(test_case->steps, number - 1);
        const char *said = execution_said(step_results, test_case->key, number), *observation = "";
        StepStatus status = STEP_NOT_RUN;

        if (said != NULL && !step_said_parse(said, &status, &observation))
                status = STEP_NOT_RUN;
        jwrite_object_begin(w);
        jwrite_key_int(w, "step", number);
        jwrite_key_string(w, "does",
                          step->does[0] != '\0' ? step->does : store_item_rev(test_case->given)->title);
        jwrite_key_string(w, "expected", step->expected);
        jwrite_key_string(w, "status", step_status_name(status));
        jwrite_key_string(w, "observation", observation);
        jwrite_key_string(w, "recorded", said);
        if (files != NULL)
                files_write(w, files, test_case->key, number);
        jwrite_object_end(w);
}

static void case_write(JWrite *w, const ExecutionCase *test_case, const json_t *step_results,
                       const json_t *files)
{
        const ItemRev *given = store_item_rev(test_case->given);
        const StepStatus worst = execution_worst(test_case, step_results);

        jwrite_object_begin(w);
        jwrite_key_string(w, "key", test_case->key);
        jwrite_key_string(w, "title", given->title);
        jwrite_key_int(w, "rev", given->rev);
        jwrite_key_bool(w, "changed", test_case->changed);
        jwrite_key_bool(w, "retired", test_case->retired);
        jwrite_key_string(w, "environment", jread_get_string(test_case->attrs, "environment"));
        jwrite_key_string(w, "outcome", step_status_name(worst));
        jwrite_key(w, "steps");
        jwrite_array_begin(w);
        for (guint i = 1; i <= test_case->steps->len; i++)
                step_write(w, test_case, i, step_results, files);
        jwrite_array_end(w);
        jwrite_object_end(w);
}

void execution_cases_write(JWrite *w, const Execution *execution, const json_t *step_results,
                           const json_t *files)
{
        jwrite_key(w, "cases");
        jwrite_array_begin(w);
        for (guint i = 0; i < execution->cases->len; i++)
                case_write(w, g_ptr_array_index(execution->cases, i), step_results, files);
        jwrite_array_end(w);
}

/* ---- test.show ---- */

static void head_write(JWrite *w, const Execution *execution)
{
        static const char *const texts[] = { "environment", "stage", "tester", "at" };
        const ItemRev *run = store_item_rev(execution->run);
        const json_t *versions = json_object_get(execution->attrs, "versions");
        g_autoptr(Json)
                none = json_object(),
                counts = execution_counts(execution, json_object_get(execution->attrs, "step_results"));

        jwrite_key_string(w, "key", run->key);
        jwrite_key_string(w, "title", run->title);
        jwrite_key_string(w, "body", run->body);
        jwrite_key_int(w, "rev", run->rev);
        jwrite_key_string(w, "state", state_def(run->state)->name);
        for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
                jwrite_key_string(w, texts[i], jread_get_string(execution->attrs, texts[i]));
        jwrite_key_json(w, "versions", versions == NULL ? none : versions);
        jwrite_key_json(w, "counts", counts);
}

bool usecase_test_show(Call *call, JWrite *w, GError **error)
{
        g_auto(Execution) execution = { 0 };
        g_autoptr(Json) files = NULL;
        const char *attachments;

        if (!execution_of_call(call, &execution, error))
                return false;
        attachments = store_item_rev(execution.run)->attachments;
        files = attachments == NULL ? json_array() : jread_parse(attachments, strlen(attachments), error);
        if (files == NULL)
                return false;
        jwrite_object_begin(w);
        head_write(w, &execution);
        execution_cases_write(w, &execution, json_object_get(execution.attrs, "step_results"), files);
        if (!signatures_write(call, store_item_rev(execution.run), w, error))
                return false;
        jwrite_object_end(w);
        return true;
}
