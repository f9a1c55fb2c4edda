/* The command line: global options, one function per subcommand (`commands.def`), and printing. A command makes the input
 * of a use case, calls it, and prints what it wrote: as it is with --json, else as text made from the same JSON, so that
 * both say the same. Not thread-safe; one per process. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "base/error.h"
#include "base/jread.h"
#include "cli/session.h"

/* Serves a data directory until it is told to end; with `check_only` judges the settings as a start would. */
typedef bool (*CliServeFn)(const char *dir, const Config *config, bool check_only, GError **error);

typedef struct {
        const char *program;
        CliServeFn serve;
        const SessionRemote *elsewhere;
        char *server, *token_file;
        char *data, *project, *at, *instant, *message;
        gboolean json, editorial, quiet, verbose;
        Config *config;
        Session *session; /* opened by cli_open */
        bool no;          /* the answer is "no": exit 1 */
        bool refused;     /* the answer lists what was refused: exit 3 */
        /* Not NULL while help is made: cli_parse then only says which options the command has, and fails. */
        void (*describe)(const GOptionEntry *options, void *payload);
        void *describe_payload;
} Cli;

/* Runs the program; gives its exit status. `serve` does what `zw serve` asks for, `elsewhere` what --server does. */
int cli_main(int argc, char **argv, CliServeFn serve, const SessionRemote *elsewhere);

/* Parses the options of a command besides the global ones; operands are left in *ret_operands (free with g_strfreev), at
 * least `least` and at most `most` of them. Errors: USAGE. */
bool cli_parse(Cli *cli, char **args, const GOptionEntry *options, int least, int most, char ***ret_operands,
               GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Says that the words of a command are none that it takes, and is false. Errors: USAGE. */
bool cli_wrong_words(const char *command, GError **error);

/* The data directory the command works on. Free it. */
char *cli_data_dir(const Cli *cli);
/* The one that a command is to make: the folder it lies in by default is made where it is missing. Free it. */
char *cli_new_data_dir(const Cli *cli);
/* Opens it, once. */
bool cli_open(Cli *cli, GError **error) G_GNUC_WARN_UNUSED_RESULT;

enum { ZW_CLI_JSON_MAX = 8 << 20 };
/* The JSON value in a file, - for standard input, of at most ZW_CLI_JSON_MAX bytes. Errors: INPUT, it cannot be read or is no
 * JSON; LIMIT. */
json_t *cli_read_json(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Hands `why` over, with the file before the place in it that it names. */
void cli_error_in(const char *path, GError *why, GError **error);

/* The operations of a native file, - for standard input; `commit` lines are left out. Errors: INPUT with file and line; LIMIT. */
json_t *cli_read_changeset(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Calls a use case with `input` (the reference is stolen) and gives the JSON it wrote. */
json_t *cli_call(Cli *cli, const char *usecase, json_t *input, GError **error) G_GNUC_WARN_UNUSED_RESULT;
json_t *cli_call_files(Cli *cli, const char *usecase, json_t *input, ServiceFiles files, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* The same, printed by `print`, or as JSON with --json. */
typedef void (*CliPrint)(const json_t *answer);
void cli_print(const Cli *cli, const json_t *answer, CliPrint print);
bool cli_answer(Cli *cli, const char *usecase, json_t *input, CliPrint print, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

/* The same of a use case that says whether a project is `ok`. Where there are several and none is named it is asked about each, and the
 * answer is {ok, projects, problems}: `projects` has what it said of each, with its name. */
bool cli_answer_each(Cli *cli, const char *usecase, CliPrint print, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A text of an answer, empty where it has none (borrowed). */
const char *cli_text(const json_t *object, const char *key);

/* Prints which commit an edit made, if it made one; `changes` is what the edit answered. */
void cli_print_commit(const json_t *changes);

/* The same as cli_answer for a use case that writes a file: a new one of this name, there once it is whole. Errors: EXISTS. */
bool cli_answer_file(Cli *cli, const char *usecase, json_t *input, const char *path, CliPrint print,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* On stderr, where the member `feeds` of an answer says that what the feeds tell is unknown, that and why. */
void cli_note_feeds(const json_t *answer);

/* Prints what the use case `diff` wrote. */
void print_diff(const json_t *answer);

/* Words with commas between as an array, empty for NULL. */
json_t *cli_words(const char *text);

/* Prints the member `places` of a comparison of two states. */
void print_places_compared(const json_t *places);

/* Prints how an SL-T follows from risks, as `sl` and `risk.derive` write it. */
void print_derivation(const json_t *derivation);

/* One row of commands.def. */
typedef struct {
        const char *name;
        bool (*run)(Cli *cli, char **args, GError **error);
        const char *operands, *summary;
} Command;
const Command *cli_commands(size_t *ret_n);
/* Errors: USAGE with near names. */
const Command *cli_find_command(const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Calls `fn` with the options every command takes (they store nothing), ended by a row without a name. */
void cli_each_global(void (*fn)(const GOptionEntry *options, void *payload), void *payload);

#define COMMAND(name, function, operands, summary) bool function(Cli *cli, char **args, GError **error);
#include "cli/commands.def"
#undef COMMAND

#endif
