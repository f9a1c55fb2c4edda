#include "service/interchange/reading.h"

#include "base/near.h"
#include "base/sanitized.h"
#include "exchange/profile.h"
#include "exchange/unxz.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What a reader may use: a part that is free, and a part for each MiB of the file. A document of JSON takes about 15 times
 * its size, and what is found is longer than what it was found in. Packed files are counted as what they may hold. */
enum {
        CPU_TIMES = ZW_SANITIZED ? 10 : 1,
        CPU_SECONDS = 1,
        CPU_MIB_A_SECOND = 1,
        MEMORY_MIB = 256,
        MEMORY_TIMES = 24,
        OUTPUT_MIB = 64,
        OUTPUT_TIMES = 24,
        PACKED_TIMES = 25,
};

static bool is_packed(int fd)
{
        uint8_t head[6];

        return pread(fd, head, sizeof(head), 0) == (ssize_t)sizeof(head) && unxz_is_magic(head, sizeof(head));
}

static WorkerLimits limits_of(int fd)
{
        struct stat facts = { 0 };
        uint64_t mib;

        if (fstat(fd, &facts) != 0)
                facts.st_size = 0;
        mib = (uint64_t)facts.st_size * (is_packed(fd) ? PACKED_TIMES : 1) >> 20;
        return (WorkerLimits){ .cpu_seconds = CPU_TIMES * (CPU_SECONDS + mib / CPU_MIB_A_SECOND),
                               .memory_bytes = (MEMORY_MIB + mib * MEMORY_TIMES) << 20,
                               .output_bytes = (OUTPUT_MIB + mib * OUTPUT_TIMES) << 20 };
}

/* The name of the file stands in front of the place of an error. */
static void name_file(const ServiceFile *file, GError *why, GError **error)
{
        g_autofree char *where = g_strdup(error_where(why));

        if (where == NULL || strcmp(where, file->name) == 0)
                error_set_where(why, "%s", file->name);
        else
                error_set_where(why, "%s: %s", file->name, where);
        g_propagate_error(error, why);
}

WorkerResult *reading_run(const ServiceFile *file, const char *format, const json_t *profile,
                          bool figures_only, Progress *progress, GError **error)
{
        const WorkerLimits limits = limits_of(file->fd);
        GError *why = NULL;
        WorkerResult *result = worker_read(file->fd, file->name, format, profile, figures_only, &limits,
                                           progress, &why);

        if (result == NULL)
                name_file(file, why, error);
        return result;
}

WorkerResult *reading_run_lines(const ServiceFile *file, const char *format, const json_t *profile,
                                Progress *progress, GError **error)
{
        const WorkerLimits limits = limits_of(file->fd);
        GError *why = NULL;
        WorkerResult *result = worker_read_lines(file->fd, file->name, format, profile, &limits, progress,
                                                 &why);

        if (result == NULL)
                name_file(file, why, error);
        return result;
}

WorkerResult *reading_run_each(const ServiceFile *file, const char *format, Progress *progress,
                               WorkerOpFn take, void *data, GError **error)
{
        g_autoptr(WorkerResult) result = reading_run_lines(file, format, NULL, progress, error);
        GError *why = NULL;

        if (result == NULL || worker_each_op(result, take, data, &why))
                return g_steal_pointer(&result);
        name_file(file, why, error);
        return NULL;
}

static bool format_check(const json_t *format, GError **error)
{
        g_autofree char *near = NULL;
        const char *const *names;
        FormatId id;
        size_t n;

        if (format == NULL || (json_is_string(format) && format_find(json_string_value(format), &id)))
                return true;
        if (!json_is_string(format)) {
                error_set(error, ZW_ERR_USAGE, "/format", "a format is named by a text");
                return false;
        }
        names = format_names(&n);
        near = near_names(json_string_value(format), names, n);
        error_set(error, ZW_ERR_NAME_UNKNOWN, "/format", "there is no format \"%s\"%s",
                  json_string_value(format), near);
        return false;
}

static json_t *profile_parse(const char *text, GError **error)
{
        json_t *profile = jread_parse(text, strlen(text), error);

        if (profile == NULL)
                g_prefix_error(error, "the profile: ");
        return profile;
}

bool reading_options(const json_t *input, const char **ret_format, json_t **ret_profile, GError **error)
{
        json_t *format = json_object_get(input, "format"), *given = json_object_get(input, "profile");
        g_autoptr(Json) profile = NULL;

        if (!format_check(format, error))
                return false;
        if (json_is_string(given) && json_string_value(given)[0] == '{')
                profile = profile_parse(json_string_value(given), error);
        else if (json_is_string(given))
                profile = profile_new_builtin(json_string_value(given), error);
        else if (json_is_object(given))
                profile = json_incref(given);
        else if (given != NULL)
                error_set(error, ZW_ERR_USAGE, "/profile", "a profile is an object or a name");
        if (given != NULL && profile == NULL)
                return false;
        *ret_format = json_string_value(format);
        *ret_profile = g_steal_pointer(&profile);
        return true;
}
