/* Whether the program works on this machine, beside all data: the sample plant is made in a folder of its own, changed, judged,
 * read from a file in the sandbox, backed up and restored. What fails names itself; the folder goes in any case. */
#include "base/newfile.h"
#include "cli/files.h"
#include "service/service.h"

#include <stdio.h>
#include <string.h>

typedef struct {
        Cli *cli;
        char *folder;
        char *root; /* of the log, before the backup */
} Trial;

static void trial_clear(Trial *trial)
{
        session_close(g_steal_pointer(&trial->cli->session));
        if (trial->folder != NULL)
                cli_folder_remove(trial->folder);
        g_free(trial->folder);
        g_free(trial->root);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Trial, trial_clear)

static char *inside(const Trial *trial, const char *name)
{
        return g_build_filename(trial->folder, name, NULL);
}

static bool open_in(Trial *trial, const char *name, GError **error)
{
        g_autofree char *dir = inside(trial, name);

        session_close(g_steal_pointer(&trial->cli->session));
        trial->cli->session = session_open(dir, error);
        return trial->cli->session != NULL;
}

static bool expect(bool holds, const char *what, GError **error)
{
        if (!holds)
                error_set(error, ZW_ERR_INTERNAL, NULL, "%s", what);
        return holds;
}

static bool try_store(Trial *trial, GError **error)
{
        g_autoptr(Json) input = json_pack("{s:s}", "key", "TRIAL");
        g_autofree char *dir = inside(trial, "data");

        return service_create_with(NULL, dir, "sample.create", input, error) && open_in(trial, "data", error);
}

static bool try_edit(Trial *trial, GError **error)
{
        g_autoptr(Json) made = cli_call(trial->cli, "edit",
                                        json_pack("{s:[{s:s, s:s, s:s}]}", "ops", "op", "item", "kind",
                                                  "zone", "title", "Trial"),
                                        error);

        return made != NULL &&
               expect(json_array_size(json_object_get(made, "keys")) == 1, "no item came of an edit", error);
}

static bool try_log(Trial *trial, GError **error)
{
        g_autoptr(Json) verified = cli_call(trial->cli, "verify", json_object(), error);
        g_autoptr(Json) checked = verified == NULL ? NULL
                                                   : cli_call(trial->cli, "check", json_object(), error);

        if (checked == NULL)
                return false;
        trial->root = g_strdup(cli_text(verified, "root"));
        return expect(jread_get_bool(verified, "ok", false), "the log is not as it was written", error) &&
               expect(jread_get_bool(checked, "ok", false), "the projections are not what the log says",
                      error);
}

/* As many places as there are zones and conduits, and a level that is reached in one of them. */
static bool try_levels(Trial *trial, GError **error)
{
        g_autoptr(Json) items = cli_call(trial->cli, "item.list",
                                         json_pack("{s:s}", "q", "kind:zone or kind:conduit"), error);
        g_autoptr(Json) places = items == NULL ? NULL : cli_call(trial->cli, "sl", json_object(), error);
        const json_t *place, *level;
        bool reached = false;
        size_t i, fr;

        if (places == NULL)
                return false;
        json_array_foreach(places, i, place)
                json_array_foreach(json_object_get(json_object_get(place, "achieved"), "verified"), fr, level)
                        reached = reached || json_integer_value(level) > 0;
        return expect(reached && json_array_size(places) == json_array_size(items),
                      "the levels are not those of the sample plant", error);
}

/* What reads files runs in a process that this machine has to be able to shut in. */
static bool try_reader(Trial *trial, GError **error)
{
        static const char line[] = "{\"op\":\"item\",\"kind\":\"zone\",\"title\":\"Read\"}\n";
        g_autofree char *path = inside(trial, "trial.ndjson");
        char *paths[] = { path, NULL };
        g_autoptr(GArray) files = NULL;
        g_autoptr(Json) read = NULL;

        if (!g_file_set_contents(path, line, -1, error))
                return false;
        files = cli_files_open(paths, error);
        read = files == NULL ? NULL
                             : cli_call_files(trial->cli, "import", json_pack("{s:b}", "dry_run", 1),
                                              cli_files_of(files), error);
        return read != NULL &&
               expect(json_integer_value(json_object_get(json_object_get(read, "created"), "zone")) == 1,
                      "a file was not read as what it is", error);
}

static bool try_backup(Trial *trial, GError **error)
{
        g_autofree char *path = inside(trial, "backup"), *dir = inside(trial, "restored");
        g_autoptr(NewFile) file = newfile_begin(path, NEWFILE_FRESH, error);
        g_autoptr(Json) answer = NULL, verified = NULL;
        ServiceFile product;

        if (file == NULL)
                return false;
        product = (ServiceFile){ path, newfile_fd(file) };
        answer = cli_call_files(trial->cli, "backup", json_object(), (ServiceFiles){ &product, 1 }, error);
        if (answer == NULL || !newfile_place(file, error) || !service_restore(NULL, path, dir, NULL, error) ||
            !open_in(trial, "restored", error))
                return false;
        verified = cli_call(trial->cli, "verify", json_object(), error);
        return verified != NULL &&
               expect(strcmp(cli_text(verified, "root"), trial->root) == 0, "another log came back", error);
}

/* Each needs what those before it left. */
static const struct {
        const char *name, *doc;
        bool (*run)(Trial *trial, GError **error);
} trials[] = {
        { "store", "a data directory with the sample plant", try_store },
        { "edit", "a change is a commit", try_edit },
        { "log", "every hash of the log, and what is made from it", try_log },
        { "levels", "SL-T and SL-A of every zone and conduit", try_levels },
        { "reader", "a file is read in the sandbox", try_reader },
        { "backup", "a backup is restored and verified", try_backup },
};

static void print_trials(const json_t *answer)
{
        const json_t *trial;
        size_t i;

        json_array_foreach(json_object_get(answer, "trials"), i, trial)
                printf("%-7s %-7s %s\n", jread_get_bool(trial, "ok", false) ? "ok" : "FAILED",
                       cli_text(trial, "name"),
                       cli_text(trial, jread_get_bool(trial, "ok", false) ? "doc" : "message"));
}

/* Up to the first that fails. */
static json_t *trials_run(Trial *trial)
{
        g_autoptr(Json) list = json_array();
        bool ok = true;

        for (size_t i = 0; i < G_N_ELEMENTS(trials) && ok; i++) {
                g_autoptr(GError) why = NULL;

                ok = trials[i].run(trial, &why);
                json_array_append_new(list, json_pack("{s:s, s:s, s:b, s:s?}", "name", trials[i].name, "doc",
                                                      trials[i].doc, "ok", (int)ok, "message",
                                                      ok ? NULL : why->message));
        }
        return json_pack("{s:b, s:O}", "ok", (int)ok, "trials", list);
}

bool cmd_selftest(Cli *cli, char **args, GError **error)
{
        g_auto(Trial) trial = { .cli = cli };
        g_auto(GStrv) operands = NULL;
        g_autoptr(Json) answer = NULL;

        if (!cli_parse(cli, args, NULL, 0, 0, &operands, error))
                return false;
        if (cli->server != NULL || cli->project != NULL || cli->at != NULL) {
                error_set(error, ZW_ERR_USAGE, "selftest", "this program is tried, and no data");
                return false;
        }
        cli->project = g_strdup("TRIAL");
        trial.folder = g_dir_make_tmp("zw-selftest-XXXXXX", error);
        if (trial.folder == NULL)
                return false;
        answer = trials_run(&trial);
        cli_print(cli, answer, print_trials);
        cli->no = !jread_get_bool(answer, "ok", false);
        return true;
}
