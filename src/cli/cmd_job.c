/* Long work at a server: how far it is, how it ended, and its end before. */
#include "base/newfile.h"
#include "cli/cli.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void print_job(const json_t *job)
{
        const json_t *total = json_object_get(job, "total"), *problem = json_object_get(job, "problem");

        printf("%s %-9s %-14s %" JSON_INTEGER_FORMAT, cli_text(job, "id"), cli_text(job, "state"),
               cli_text(job, "kind"), json_integer_value(json_object_get(job, "done")));
        if (json_is_integer(total))
                printf(" of %" JSON_INTEGER_FORMAT, json_integer_value(total));
        printf(" %s%s%s\n", cli_text(job, "unit"), cli_text(problem, "detail")[0] == '\0' ? "" : ": ",
               cli_text(problem, "detail"));
}

static void print_jobs(const json_t *answer)
{
        const json_t *job;
        size_t i;

        json_array_foreach(answer, i, job) print_job(job);
}

static bool job_file(Cli *cli, const char *id, const char *target, GError **error)
{
        g_autoptr(NewFile) product = target == NULL ? NULL : newfile_begin(target, NEWFILE_SHARED, error);
        const ServiceFile file = { target == NULL ? "-" : target,
                                   product == NULL ? STDOUT_FILENO : newfile_fd(product) };
        g_autoptr(Json) answer = NULL;

        if (target != NULL && product == NULL)
                return false;
        answer = cli_call_files(cli, "job.file", json_pack("{s:s}", "id", id), (ServiceFiles){ &file, 1 },
                                error);
        if (answer == NULL || (product != NULL && !newfile_place(product, error)))
                return false;
        if (target != NULL)
                printf("wrote %s\n", target);
        return true;
}

bool cmd_job(Cli *cli, char **args, GError **error)
{
        gboolean all = FALSE;
        g_autofree char *target = NULL;
        const GOptionEntry options[] = {
                { "all", 0, 0, G_OPTION_ARG_NONE, &all, "those of everybody, for operators", NULL },
                { "output", 'o', 0, G_OPTION_ARG_FILENAME, &target, "the file to write; else standard output",
                  "FILE" },
                G_OPTION_ENTRY_NULL,
        };
        g_auto(GStrv) words = NULL;
        guint n;

        if (!cli_parse(cli, args, options, 1, 2, &words, error))
                return false;
        n = g_strv_length(words);
        if (strcmp(words[0], "list") == 0 && n == 1)
                return cli_answer(cli, "job.list", json_pack("{s:b}", "all", all), print_jobs, error);
        if (strcmp(words[0], "show") == 0 && n == 2)
                return cli_answer(cli, "job.show", json_pack("{s:s}", "id", words[1]), print_job, error);
        if (strcmp(words[0], "cancel") == 0 && n == 2)
                return cli_answer(cli, "job.cancel", json_pack("{s:s}", "id", words[1]), print_job, error);
        if (strcmp(words[0], "file") == 0 && n == 2)
                return job_file(cli, words[1], target, error);
        return cli_wrong_words("job", error);
}
