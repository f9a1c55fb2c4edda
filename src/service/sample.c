/* The sample plant: native operations of data/sample/, compiled in, one changeset a file in the order of their names. They
 * go through the use cases like any other change; only that items come in the state the file gives is kept for a sample. */
#include "service/internal.h"
#include "service/sample_resource.h"

#include <string.h>

#define SAMPLE_FOLDER "/zonewright/sample/"

/* Lines of operations; a `commit` line gives the message. `error` is not NULL. */
static bool sample_read(GBytes *file, json_t *input, GError **error)
{
        gsize n;
        const char *line = g_bytes_get_data(file, &n), *end = line + n;
        json_t *ops = json_array();

        json_object_set_new(input, "ops", ops);
        for (size_t number = 1; line < end; number++) {
                const char *stop = memchr(line, '\n', (size_t)(end - line));
                size_t length = (size_t)((stop == NULL ? end : stop) - line);
                g_autoptr(Json) op = jread_parse(line, length, error);

                if (op == NULL) {
                        error_set_where(*error, "line %zu", number);
                        return false;
                }
                if (g_strcmp0(jread_get_string(op, "op"), "commit") == 0)
                        json_object_set(input, "message", json_object_get(op, "message"));
                else
                        json_array_append(ops, op);
                line += length + 1;
        }
        return true;
}

/* Puts the name of the file in front of the place of an error. */
static void error_in_file(GError *error, const char *name)
{
        g_autofree char *place = g_strdup(error_where(error) == NULL ? "" : error_where(error));

        error_set_where(error, "%s %s", name, place);
}

static bool sample_load(Call *call, const char *project, const char *name, JWrite *w, GError **error)
{
        g_autofree char *path = g_strconcat(SAMPLE_FOLDER, name, NULL);
        g_autoptr(GBytes) file = g_resource_lookup_data(sample_get_resource(), path,
                                                        G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
        g_autoptr(Json) input = json_pack("{s:s, s:b}", "project", project, "states", 1);
        g_autoptr(GError) why = NULL;

        if (file == NULL) {
                error_set(error, ZW_ERR_INTERNAL, name, "the sample was not compiled in");
                return false;
        }
        if (sample_read(file, input, &why) &&
            service_call(call->service, call->caller, "edit", input, (ServiceFiles){ NULL, 0 }, w, &why))
                return true;
        error_in_file(why, name);
        g_propagate_error(error, g_steal_pointer(&why));
        return false;
}

static int name_compare(gconstpointer a, gconstpointer b)
{
        return strcmp(*(const char *const *)a, *(const char *const *)b);
}

bool usecase_sample_create(Call *call, JWrite *w, GError **error)
{
        const char *key = jread_get_string(call->input, "key");
        g_autoptr(Json) project = json_pack("{s:s?, s:s, s:b}", "key", key, "title",
                                            "Lindental water works (sample)", "sample", 1);
        g_auto(GStrv) names = g_resource_enumerate_children(sample_get_resource(), SAMPLE_FOLDER,
                                                            G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
        size_t n = names == NULL ? 0 : g_strv_length(names);

        jwrite_object_begin(w);
        jwrite_key(w, "project");
        if (!service_call(call->service, call->caller, "project.create", project, (ServiceFiles){ NULL, 0 },
                          w, error))
                return false;
        if (n > 1)
                qsort(names, n, sizeof(*names), name_compare);
        jwrite_key(w, "changesets");
        jwrite_array_begin(w);
        for (size_t i = 0; i < n; i++)
                if (!sample_load(call, key, names[i], w, error))
                        return false;
        jwrite_array_end(w);
        jwrite_object_end(w);
        return true;
}
