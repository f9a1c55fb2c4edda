/* What a file is and what is in it, without a project. */
#include "service/internal.h"
#include "service/interchange/reading.h"

static void inspect_write(JWrite *w, const ServiceFile *file, const WorkerResult *result)
{
        const json_t *row;
        size_t i;

        jwrite_object_begin(w);
        jwrite_key_string(w, "file", file->name);
        jwrite_key_string(w, "format", format_def(result->format)->name);
        jwrite_key_string(w, "version", result->version);
        jwrite_key_json(w, "figures", result->figures);
        jwrite_key(w, "problems");
        jwrite_array_begin(w);
        json_array_foreach(result->problems, i, row) jwrite_json(w, row);
        json_array_foreach(result->refused, i, row)
        {
                jwrite_object_begin(w);
                jwrite_key_json(w, "where", json_object_get(row, "where"));
                jwrite_key_json(w, "message", json_object_get(row, "reason"));
                jwrite_object_end(w);
        }
        jwrite_array_end(w);
        jwrite_key_json(w, "warnings", result->warnings);
        jwrite_key_json(w, "lost", result->lost);
        if (result->table != NULL)
                jwrite_key_json(w, "table", result->table);
        jwrite_object_end(w);
}

/* One of several files is reported with the others; a single one makes the call fail. */
static void refusal_write(JWrite *w, const ServiceFile *file, const GError *why)
{
        jwrite_object_begin(w);
        jwrite_key_string(w, "file", file->name);
        jwrite_key_null(w, "format");
        jwrite_key(w, "refused");
        jwrite_array_begin(w);
        jwrite_object_begin(w);
        jwrite_key_string(w, "where", error_where(why) == NULL ? "" : error_where(why));
        jwrite_key_string(w, "reason", why->message);
        jwrite_object_end(w);
        jwrite_array_end(w);
        jwrite_object_end(w);
}

static bool inspect_one(const json_t *input, const ServiceFile *file, JWrite *w, GError **error)
{
        g_autoptr(WorkerResult) result = NULL;
        g_autoptr(Json) profile = NULL;
        const char *format;

        if (!reading_options(input, &format, &profile, error))
                return false;
        result = reading_run(file, format, profile, true, NULL, error);
        if (result != NULL)
                inspect_write(w, file, result);
        return result != NULL;
}

bool service_inspect(const json_t *input, ServiceFiles files, JWrite *w, GError **error)
{
        if (files.n == 0) {
                error_set(error, ZW_ERR_USAGE, NULL, "a file is needed");
                return false;
        }
        if (files.n == 1)
                return inspect_one(input, files.files, w, error);
        jwrite_array_begin(w);
        for (size_t i = 0; i < files.n; i++) {
                g_autoptr(GError) why = NULL;

                if (inspect_one(input, &files.files[i], w, &why))
                        continue;
                if (error_exit_code(why->code) != error_exit_code(ZW_ERR_INPUT)) {
                        g_propagate_error(error, g_steal_pointer(&why));
                        return false;
                }
                refusal_write(w, &files.files[i], why);
        }
        jwrite_array_end(w);
        return true;
}

bool usecase_inspect(Call *call, JWrite *w, GError **error)
{
        return service_inspect(call->input, call->files, w, error);
}
