/* Commands on foreign files. */
#include "cli/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { ANSWER_MAX = 1 << 30 };

/* ---- files ---- */

static void file_clear(gpointer data)
{
        close(((ServiceFile *)data)->fd);
}

static GArray *files_new(void)
{
        GArray *files = g_array_new(FALSE, FALSE, sizeof(ServiceFile));

        g_array_set_clear_func(files, file_clear);
        return files;
}

/* Without waiting for the other end, should it be a pipe: the reader says that this is no regular file. */
static bool file_open(GArray *files, const char *path, GError **error)
{
        const char *slash = strrchr(path, '/');
        ServiceFile file = { .name = slash == NULL ? path : slash + 1,
                             .fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) };

        if (file.fd < 0) {
                error_set(error, ZW_ERR_INPUT, path, "%s", g_strerror(errno));
                return false;
        }
        g_array_append_val(files, file);
        return true;
}

static GArray *files_open(char **paths, GError **error)
{
        g_autoptr(GArray) files = files_new();

        for (char **path = paths; *path != NULL; path++)
                if (!file_open(files, *path, error))
                        return NULL;
        return g_steal_pointer(&files);
}

static ServiceFiles files_of(const GArray *files)
{
        return (ServiceFiles){ (const ServiceFile *)(const void *)files->data, files->len };
}

/* ---- inspect ---- */

static const char *text_of(const json_t *object, const char *key)
{
        const char *text = jread_get_string(object, key);

        return text == NULL ? "" : text;
}

static void print_rows(const char *label, const json_t *rows, const char *member)
{
        const json_t *row;
        size_t i;

        json_array_foreach(rows, i, row)
                printf("%s %s: %s\n", label, text_of(row, "where"), text_of(row, member));
}

static void print_figure(const char *name, const json_t *value)
{
        const char *entry;
        const json_t *n;

        printf("  %-24s", name);
        if (json_is_integer(value))
                printf(" %" JSON_INTEGER_FORMAT, json_integer_value(value));
        else if (json_is_string(value))
                printf(" %s", json_string_value(value));
        json_object_foreach((json_t *)(uintptr_t)value, entry, n)
                printf(" %s:%" JSON_INTEGER_FORMAT, entry, json_integer_value(n));
        putchar('\n');
}

static void print_inspected(const json_t *answer)
{
        const char *name;
        const json_t *value;
        size_t i;

        json_array_foreach(answer, i, value) print_inspected(value);
        if (json_is_array(answer))
                return;
        if (json_object_get(answer, "refused") != NULL)
                printf("%s: refused\n", text_of(answer, "file"));
        else
                printf("%s: %s %s\n", text_of(answer, "file"), text_of(answer, "format"),
                       text_of(answer, "version"));
        json_object_foreach(json_object_get(answer, "figures"), name, value) print_figure(name, value);
        print_rows("refused", json_object_get(answer, "refused"), "reason");
        print_rows("problem", json_object_get(answer, "problems"), "message");
        print_rows("lost", json_object_get(answer, "lost"), "what");
}

static bool has_refusal(const json_t *answer)
{
        const json_t *one;
        size_t i;

        json_array_foreach(answer, i, one)
        {
                if (json_object_get(one, "refused") != NULL)
                        return true;
        }
        return false;
}

/* Without a data directory, so it is not asked for. */
static json_t *inspect(const json_t *input, ServiceFiles files, GError **error)
{
        g_autoptr(Out) out = out_new(ANSWER_MAX);
        g_autoptr(JWrite) w = jwrite_new(out);

        if (!service_inspect(input, files, w, error) || !out_check(out, error))
                return NULL;
        return jread_parse(out_data(out), out_length(out), error);
}

bool cmd_inspect(Cli *cli, char **args, GError **error)
{
        g_autofree char *format = NULL;
        const GOptionEntry options[] = { { "format", 0, 0, G_OPTION_ARG_STRING, &format,
                                           "Read as this format", "FORMAT" },
                                         G_OPTION_ENTRY_NULL };
        g_autoptr(Json) input = json_object(), answer = NULL;
        g_autoptr(GArray) files = NULL;
        g_auto(GStrv) operands = NULL;

        if (!cli_parse(cli, args, options, 1, -1, &operands, error))
                return false;
        if (format != NULL)
                json_object_set_new(input, "format", json_string(format));
        files = files_open(operands, error);
        answer = files == NULL ? NULL : inspect(input, files_of(files), error);
        if (answer == NULL)
                return false;
        cli_print(cli, answer, print_inspected);
        cli->refused = has_refusal(answer);
        return true;
}
