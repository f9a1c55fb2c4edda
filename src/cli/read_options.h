/* What commands that read foreign files take besides the files. */
#ifndef CLI_READ_OPTIONS_H
#define CLI_READ_OPTIONS_H

#include "cli/cli.h"

typedef struct {
        char *format, *profile;
} ReadOptions;

void read_options_clear(ReadOptions *options);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ReadOptions, read_options_clear)

/* The members `format` and `profile` of an input: a profile is a file when it looks like one, else the name of one. Errors: INPUT. */
json_t *read_options_input(const ReadOptions *options, GError **error);

/* Prints lists of places, cut when they are long; --json gives all of them. */
void print_rows(const char *label, const json_t *rows, const char *member);
/* Prints what an import changed. */
void print_imported(const json_t *answer);
/* Exit 3 when the answer lists what was refused, unless the rest was to be taken. */
void import_judge(Cli *cli, const json_t *answer, bool partial);

#endif
