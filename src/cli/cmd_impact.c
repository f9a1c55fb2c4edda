/* What a change reaches, and what a proposed one would do. */
#include "cli/cli.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { CHANGESET_MAX = 64 << 20 };

/* ---- printing ---- */

static void print_path(const json_t *path)
{
        const json_t *step;
        size_t s;

        json_array_foreach(path, s, step) printf("%s%s", s == 0 ? " " : " > ", json_string_value(step));
        putchar('\n');
}

/* What started it, once for all rows that follow. */
static void print_because(const json_t *because)
{
        const json_t *name;
        size_t i;

        if (json_array_size(json_object_get(because, "changed")) == 0)
                return;
        printf("%s changed from revision %" JSON_INTEGER_FORMAT " to %" JSON_INTEGER_FORMAT ":",
               cli_text(because, "key"), json_integer_value(json_object_get(because, "rev_old")),
               json_integer_value(json_object_get(because, "rev_now")));
        json_array_foreach(json_object_get(because, "changed"), i, name)
                printf("%s %s", i == 0 ? "" : ",", json_string_value(name));
        putchar('\n');
}

static void print_impact(const json_t *answer)
{
        const json_t *reached, *last = NULL;
        size_t i;

        json_array_foreach(answer, i, reached)
        {
                const json_t *path = json_object_get(reached, "path"),
                             *shared = json_object_get(reached, "shared"),
                             *because = json_object_get(reached, "because");

                if (last == NULL || !json_equal(because, last))
                        print_because(because);
                last = because;
                printf("%" JSON_INTEGER_FORMAT " %s:",
                       json_integer_value(json_object_get(reached, "distance")), cli_text(reached, "key"));
                print_path(path);
                if (shared != NULL && !json_equal(shared, path)) {
                        printf("  shares:");
                        print_path(shared);
                }
        }
}

static void print_level(const json_t *level)
{
        if (json_is_integer(level))
                printf("%" JSON_INTEGER_FORMAT, json_integer_value(level));
        else
                putchar('?');
}

static void print_place(const json_t *place)
{
        const json_t *one;
        size_t i;

        printf("%s %s%s%s\n", cli_text(place, "place"), cli_text(place, "title"),
               json_is_string(json_object_get(place, "change")) ? ": " : "", cli_text(place, "change"));
        json_array_foreach(json_object_get(place, "levels"), i, one)
        {
                printf("  %s FR %" JSON_INTEGER_FORMAT ": ", cli_text(one, "vector"),
                       json_integer_value(json_object_get(one, "fr")));
                print_level(json_object_get(one, "old"));
                fputs(" -> ", stdout);
                print_level(json_object_get(one, "new"));
                putchar('\n');
        }
        json_array_foreach(json_object_get(place, "rows"), i, one)
                printf("  %-22s %-8s %s -> %s\n", cli_text(one, "ref"), cli_text(one, "requirement"),
                       cli_text(json_object_get(one, "old"), "status"),
                       cli_text(json_object_get(one, "new"), "status"));
}

void print_places_compared(const json_t *places)
{
        const json_t *place;
        size_t i;

        json_array_foreach(places, i, place) print_place(place);
}

static void print_what_if(const json_t *answer)
{
        const json_t *one;
        size_t i;

        json_array_foreach(json_object_get(answer, "changed"), i, one)
                printf("%s %s %s\n", cli_text(one, "change"), cli_text(one, "key"), cli_text(one, "title"));
        json_array_foreach(json_object_get(answer, "suspects"), i, one)
                printf("would be suspect: %s/%s/%s\n", cli_text(one, "from"), cli_text(one, "type"),
                       cli_text(one, "to"));
        print_places_compared(json_object_get(answer, "places"));
        json_array_foreach(json_object_get(answer, "without_source"), i, one)
                printf("left without a source: %s\n", json_string_value(one));
        json_array_foreach(json_object_get(answer, "safety"), i, one)
        {
                printf("touches %s:", cli_text(one, "key"));
                print_path(json_object_get(one, "path"));
        }
        printf("reaches %zu items\n", json_array_size(json_object_get(answer, "impact")));
}

/* ---- the input ---- */

/* Operations in the native format, one a line; what a commit line says is left out. */
static json_t *changeset_parse(const char *path, const char *text, size_t n, GError **error)
{
        g_autoptr(Json) ops = json_array();
        size_t number = 1;

        for (const char *line = text, *end = text + n; line < end; number++) {
                const char *stop = memchr(line, '\n', (size_t)(end - line));
                const size_t length = (size_t)((stop == NULL ? end : stop) - line);
                GError *why = NULL;
                json_t *op = length == 0 ? NULL : jread_parse(line, length, &why);

                if (why != NULL) {
                        error_set_where(why, "%s line %zu", path, number);
                        g_propagate_error(error, why);
                        return NULL;
                }
                if (op != NULL && g_strcmp0(jread_get_string(op, "op"), "commit") != 0)
                        json_array_append(ops, op);
                json_decref(op);
                line += length + 1;
        }
        return g_steal_pointer(&ops);
}

json_t *cli_read_changeset(const char *path, GError **error)
{
        FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
        g_autofree char *text = NULL;
        bool is_read;
        size_t n;

        if (file == NULL) {
                error_set(error, ZW_ERR_INPUT, path, "%s", g_strerror(errno));
                return NULL;
        }
        text = g_malloc(CHANGESET_MAX + 1);
        n = fread(text, 1, CHANGESET_MAX + 1, file);
        is_read = ferror(file) == 0;
        if (file != stdin)
                fclose(file);
        if (is_read && n <= CHANGESET_MAX)
                return changeset_parse(path, text, n, error);
        error_set(error, is_read ? ZW_ERR_LIMIT : ZW_ERR_INPUT, path,
                  is_read ? "a changeset has at most %d bytes" : "it cannot be read (at most %d bytes)",
                  (int)CHANGESET_MAX);
        return NULL;
}

/* Words given several times, or with commas between. */
static json_t *words_of(char **given)
{
        json_t *list = json_array();

        for (char **words = given; words != NULL && *words != NULL; words++) {
                g_autoptr(Json) some = cli_words(*words);

                json_array_extend(list, some);
        }
        return list;
}

typedef struct {
        gboolean up, down, shared;
        char **kinds, **links;
        char *zone, *discipline, *since, *what_if;
} ImpactOptions;

static void options_clear(ImpactOptions *o)
{
        g_strfreev(o->kinds);
        g_strfreev(o->links);
        g_free(o->zone);
        g_free(o->discipline);
        g_free(o->since);
        g_free(o->what_if);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ImpactOptions, options_clear)

static bool impact_call(Cli *cli, const ImpactOptions *o, const char *key, GError **error)
{
        g_autoptr(Json) input = json_pack("{s:b, s:b, s:b, s:o, s:o, s:s*, s:s*, s:s*, s:s*}", "up", o->up,
                                          "down", o->down, "shared", o->shared, "kinds", words_of(o->kinds),
                                          "links", words_of(o->links), "zone", o->zone, "discipline",
                                          o->discipline, "since", o->since, "key", key);
        json_t *ops;

        if ((key == NULL) == (o->what_if == NULL)) {
                error_set(error, ZW_ERR_USAGE, "impact", "either a KEY or --what-if FILE says what changes");
                return false;
        }
        if (o->what_if == NULL)
                return cli_answer(cli, "impact", g_steal_pointer(&input), print_impact, error);
        ops = cli_read_changeset(o->what_if, error);
        if (ops == NULL)
                return false;
        json_object_set_new(input, "ops", ops);
        return cli_answer(cli, "what_if", g_steal_pointer(&input), print_what_if, error);
}

bool cmd_impact(Cli *cli, char **args, GError **error)
{
        g_auto(ImpactOptions) o = { 0 };
        const GOptionEntry options[] = {
                { "up", 0, 0, G_OPTION_ARG_NONE, &o.up, "towards the source", NULL },
                { "down", 0, 0, G_OPTION_ARG_NONE, &o.down, "towards the proof", NULL },
                { "kinds", 0, 0, G_OPTION_ARG_STRING_ARRAY, &o.kinds,
                  "only items of these kinds, with commas between", "KIND" },
                { "links", 0, 0, G_OPTION_ARG_STRING_ARRAY, &o.links,
                  "only over links of these types, with commas between", "TYPE" },
                { "zone", 0, 0, G_OPTION_ARG_STRING, &o.zone, "only what is in or about this zone or conduit",
                  "KEY" },
                { "discipline", 0, 0, G_OPTION_ARG_STRING, &o.discipline,
                  "of requirements only security, safety or functional ones", "NAME" },
                { "shared", 0, 0, G_OPTION_ARG_NONE, &o.shared,
                  "safety functions, too, that share something with the countermeasures", NULL },
                { "since", 0, 0, G_OPTION_ARG_STRING, &o.since,
                  "what changed since this commit, date or baseline, not the last change alone", "COMMIT" },
                { "what-if", 0, 0, G_OPTION_ARG_FILENAME, &o.what_if,
                  "what the native operations in FILE would do, without a commit", "FILE" },
                G_OPTION_ENTRY_NULL,
        };
        g_auto(GStrv) operands = NULL;

        return cli_parse(cli, args, options, 0, 1, &operands, error) &&
               impact_call(cli, &o, operands[0], error);
}
