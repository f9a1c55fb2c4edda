/* Commands that write. */
#include "base/newfile.h"
#include "cli/cli.h"
#include "cli/meter.h"
#include "model/metamodel.h"

#include <stdio.h>
#include <string.h>

static void print_commit(const json_t *answer)
{
        static const char *const names[] = { "created", "updated", "unchanged" };
        const json_t *key;
        size_t k;

        for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
                const char *kind;
                json_t *n;

                json_object_foreach(json_object_get(answer, names[i]), kind, n)
                        printf("%s %" JSON_INTEGER_FORMAT " %s\n", names[i], json_integer_value(n), kind);
        }
        json_array_foreach(json_object_get(answer, "keys"), k, key)
                printf("%s%s%s", k == 0 ? "key " : ", ", json_string_value(key),
                       k + 1 == json_array_size(json_object_get(answer, "keys")) ? "\n" : "");
        if (json_is_null(json_object_get(answer, "commit")))
                puts("nothing to change");
        else
                printf("commit %" JSON_INTEGER_FORMAT "\n",
                       json_integer_value(json_object_get(answer, "commit")));
}

static bool edit(Cli *cli, json_t *op, GError **error)
{
        return cli_answer(cli, "edit", json_pack("{s:[o]}", "ops", op), print_commit, error);
}

/* Whether there is something in the directory already. */
static bool is_filled(const char *path)
{
        g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);

        return dir != NULL && g_dir_read_name(dir) != NULL;
}

/* Where the rows of a new data directory are to lie; NULL: in it. */
static const char *database_of(const Cli *cli)
{
        const char *database = config_text(cli->config, ZW_CONFIG_DATABASE);

        return database[0] == '\0' ? NULL : database;
}

/* What was made, in words or as JSON. */
static void print_made(const Cli *cli, const char *words, const char *dir, const char *project)
{
        g_autoptr(Json) made = json_pack("{s:s, s:s*}", "data", dir, "project", project);

        if (cli->json)
                cli_print(cli, made, NULL);
        else
                printf("%s\n", words);
}

static bool init_join(Cli *cli, const char *dir, GError **error)
{
        g_autofree char *words = g_strdup_printf("created %s for the store in the database", dir);

        if (database_of(cli) == NULL) {
                error_set(error, ZW_ERR_USAGE, "join",
                          "name the database in ZONEWRIGHT_DATABASE or store.database");
                return false;
        }
        if (!service_join(database_of(cli), dir, error))
                return false;
        print_made(cli, words, dir, NULL);
        return true;
}

bool cmd_init(Cli *cli, char **args, GError **error)
{
        gboolean sample = FALSE, if_absent = FALSE, join = FALSE;
        const GOptionEntry options[] = {
                { "if-absent", 0, 0, G_OPTION_ARG_NONE, &if_absent,
                  "leave a directory that holds something as it is", NULL },
                { "join", 0, 0, G_OPTION_ARG_NONE, &join, "For the store that store.database has already",
                  NULL },
                { "sample", 0, 0, G_OPTION_ARG_NONE, &sample, "With the sample plant", NULL },
                G_OPTION_ENTRY_NULL,
        };
        g_auto(GStrv) operands = NULL;
        g_autoptr(Json) input = NULL;
        g_autofree char *dir = NULL, *words = NULL;
        const char *key;

        if (!cli_parse(cli, args, options, 0, 0, &operands, error))
                return false;
        key = cli->project == NULL ? "MAIN" : cli->project;
        dir = cli_new_data_dir(cli);
        if (if_absent && is_filled(dir))
                return true;
        if (join)
                return init_join(cli, dir, error);
        input = json_pack("{s:s}", "key", key);
        if (!service_create_with(database_of(cli), dir, sample ? "sample.create" : "project.create", input,
                                 error))
                return false;
        words = g_strdup_printf("created %s with %s %s", dir,
                                sample ? "the sample plant as project" : "project", key);
        print_made(cli, words, dir, key);
        return true;
}

static bool is_list(AttrType type)
{
        return type == ATTR_ENUMS || type == ATTR_LIST || type == ATTR_REFS || type == ATTR_KEYS ||
               type == ATTR_INTS;
}

/* Words with commas between; what is to be a number and is none is left for the service to refuse. */
static json_t *list_read(const char *text, bool numbers)
{
        g_auto(GStrv) parts = g_strsplit(text, ",", -1);
        json_t *list = json_array();

        for (char **part = parts; *part != NULL; part++) {
                const char *word = g_strstrip(*part);
                json_t *number = numbers ? json_loads(word, JSON_DECODE_ANY, NULL) : NULL;

                json_array_append_new(list, number != NULL ? number : json_string(word));
        }
        return list;
}

/* A value as the attribute's type takes it: JSON where it is JSON, else text. */
static json_t *value_read(const AttrDef *def, const char *text)
{
        json_t *value;

        if (text[0] == '\0')
                return json_null();
        if (def != NULL && (def->type == ATTR_TEXT || def->type == ATTR_ENUM || def->type == ATTR_DECIMAL ||
                            def->type == ATTR_DATE || def->type == ATTR_REF))
                return json_string(text);
        if (def != NULL && text[0] != '[' && is_list(def->type))
                return list_read(text, def->type == ATTR_INTS);
        value = json_loads(text, JSON_DECODE_ANY, NULL);
        return value == NULL ? json_string(text) : value;
}

/* Those that every item has, besides its attributes; false when `name` is none. */
static bool member_read(json_t *op, const char *name, const char *text)
{
        static const char *const texts[] = { "title", "body", NULL }, *const names[] = { "owner", "parent",
                                                                                         NULL };
        json_t *value = NULL;

        if (g_strv_contains(texts, name))
                value = json_string(text);
        else if (g_strv_contains(names, name))
                value = text[0] == '\0' ? json_null() : json_string(text);
        else if (strcmp(name, "tags") == 0)
                value = text[0] == '\0' ? json_null() : list_read(text, false);
        else if (strcmp(name, "order") == 0)
                value = value_read(NULL, text);
        if (value != NULL)
                json_object_set_new(op, name, value);
        return value != NULL;
}

/* title=… and other members of an item, and attributes, into an `item` operation. */
static bool members_read(json_t *op, KindId kind, char **pairs, GError **error)
{
        json_t *attrs = json_object();

        json_object_set_new(op, "attrs", attrs);
        for (; *pairs != NULL; pairs++) {
                const char *equals = strchr(*pairs, '=');
                g_autofree char *name = equals == NULL ? NULL : g_strndup(*pairs, (gsize)(equals - *pairs));

                if (name == NULL) {
                        error_set(error, ZW_ERR_USAGE, *pairs, "a value is given as NAME=VALUE");
                        return false;
                }
                if (!member_read(op, name, equals + 1))
                        json_object_set_new(attrs, name, value_read(attr_find(kind, name), equals + 1));
        }
        return true;
}

bool cmd_add(Cli *cli, char **args, GError **error)
{
        g_auto(GStrv) operands = NULL;
        g_autoptr(Json) op = NULL;
        KindId kind = ZW_KIND_SYSTEM;

        if (!cli_parse(cli, args, NULL, 1, -1, &operands, error))
                return false;
        op = json_pack("{s:s, s:s}", "op", "item", "kind", operands[0]);
        if (kind_find(operands[0], &kind) && !members_read(op, kind, operands + 1, error))
                return false;
        return edit(cli, json_incref(op), error);
}

bool cmd_set(Cli *cli, char **args, GError **error)
{
        g_auto(GStrv) operands = NULL;
        g_autoptr(Json) op = NULL, item = NULL;
        KindId kind;

        if (!cli_parse(cli, args, NULL, 2, -1, &operands, error))
                return false;
        item = cli_call(cli, "item.show", json_pack("{s:s}", "key", operands[0]), error);
        if (item == NULL || !kind_find(jread_get_string(item, "kind"), &kind))
                return false;
        op = json_pack("{s:s, s:s, s:O}", "op", "item", "key", operands[0], "rev",
                       json_object_get(item, "rev"));
        return members_read(op, kind, operands + 1, error) && edit(cli, json_incref(op), error);
}

static bool link_op(Cli *cli, const char *name, char **args, GError **error)
{
        g_auto(GStrv) operands = NULL;

        if (!cli_parse(cli, args, NULL, 3, 4, &operands, error))
                return false;
        return edit(cli,
                    json_pack("{s:s, s:s, s:s, s:s, s:s}", "op", name, "from", operands[0], "type",
                              operands[1], "to", operands[2], "as", operands[3] == NULL ? "" : operands[3]),
                    error);
}

bool cmd_link(Cli *cli, char **args, GError **error)
{
        return link_op(cli, "link", args, error);
}

bool cmd_unlink(Cli *cli, char **args, GError **error)
{
        return link_op(cli, "unlink", args, error);
}

bool cmd_retire(Cli *cli, char **args, GError **error)
{
        g_auto(GStrv) operands = NULL;

        return cli_parse(cli, args, NULL, 1, 1, &operands, error) &&
               edit(cli, json_pack("{s:s, s:s}", "op", "retire", "key", operands[0]), error);
}

static void print_transitions(const json_t *answer)
{
        const json_t *one;
        size_t i;

        printf("%s is %s%s\n", jread_get_string(answer, "key"), jread_get_string(answer, "state"),
               jread_get_bool(answer, "locked", false) ? ", locked" : "");
        json_array_foreach(json_object_get(answer, "transitions"), i, one)
                printf("  %-14s %s\n", jread_get_string(one, "to"),
                       jread_get_bool(one, "allowed", false) ? "yes" : jread_get_string(one, "why"));
}

bool cmd_move(Cli *cli, char **args, GError **error)
{
        g_auto(GStrv) operands = NULL;

        if (!cli_parse(cli, args, NULL, 1, 2, &operands, error))
                return false;
        if (operands[1] == NULL)
                return cli_answer(cli, "transition.list", json_pack("{s:s}", "key", operands[0]),
                                  print_transitions, error);
        return edit(cli,
                    json_pack("{s:s, s:s, s:s}", "op", "transition", "key", operands[0], "to", operands[1]),
                    error);
}

bool cmd_bench(Cli *cli, char **args, GError **error)
{
        g_autofree char *size = NULL;
        gint seed = 1;
        const GOptionEntry options[] = { { "size", 0, 0, G_OPTION_ARG_STRING, &size,
                                           "S one plant, M ten, L a programme, Q many findings", "S|M|L|Q" },
                                         { "seed", 0, 0, G_OPTION_ARG_INT, &seed,
                                           "the same seed gives the same project", "N" },
                                         G_OPTION_ENTRY_NULL };
        g_auto(GStrv) operands = NULL;

        if (!cli_parse(cli, args, options, 1, 1, &operands, error))
                return false;
        if (strcmp(operands[0], "generate") != 0) {
                error_set(error, ZW_ERR_USAGE, "bench",
                          "use `bench generate --size S|M|L|Q`; `make bench` measures");
                return false;
        }
        return cli_answer(cli, "bench.generate",
                          json_pack("{s:s, s:i, s:s*}", "size", size == NULL ? "S" : size, "seed", (int)seed,
                                    "key", cli->project),
                          NULL, error);
}

/* ---- data directories ---- */

static void print_backup(const json_t *answer)
{
        printf("wrote %s\n", cli_text(answer, "file"));
        if (jread_get_bool(answer, "feeds_left_out", false))
                puts("without the vulnerability feeds: `zw feed sync` or a bundle gives them again");
}

bool cmd_backup(Cli *cli, char **args, GError **error)
{
        g_auto(GStrv) operands = NULL;
        g_autoptr(NewFile) file = NULL;
        g_autoptr(Json) answer = NULL;
        ServiceFile product;

        if (!cli_parse(cli, args, NULL, 1, 1, &operands, error))
                return false;
        file = newfile_begin(operands[0], NEWFILE_FRESH, error);
        if (file == NULL)
                return false;
        product = (ServiceFile){ operands[0], newfile_fd(file) };
        answer = cli_call_files(cli, "backup", json_object(), (ServiceFiles){ &product, 1 }, error);
        if (answer == NULL || !newfile_place(file, error))
                return false;
        json_object_set_new(answer, "file", json_string(operands[0]));
        cli_print(cli, answer, print_backup);
        return true;
}

bool cmd_restore(Cli *cli, char **args, GError **error)
{
        g_auto(GStrv) operands = NULL;
        g_autofree char *dir = NULL, *words = NULL;
        g_auto(Meter) meter = { 0 };

        if (!cli_parse(cli, args, NULL, 1, 1, &operands, error))
                return false;
        dir = cli_new_data_dir(cli);
        if (!service_restore(database_of(cli), operands[0], dir, meter_begin(&meter, cli->quiet), error))
                return false;
        words = g_strdup_printf("restored %s", dir);
        print_made(cli, words, dir, NULL);
        return true;
}
