/* Safety and security arguments in goal structuring notation, as gsn2x writes them, YAML: elements by their names, whose first
 * letters tell what they are. */
#include "exchange/readers.h"

#include "exchange/jfigures.h"
#include "exchange/yamljson.h"

#include <string.h>

static const JFormat format = { "argument", "*",
                                NULL,       NULL,
                                0,          "an argument is read for its figures only: nothing is imported" };

typedef struct {
        Sink *sink;
        JVal root;
        int64_t nodes, undeveloped;
        int64_t links[2]; /* of link_names */
} Argument;

static const char *const link_names[] = { "supportedBy", "inContextOf" };

/* What an element refers to is an element of this file, or of another module. */
static void link_take(Argument *argument, const char *name, size_t kind, JVal link)
{
        const char *to = jval_text(link, NULL);

        argument->links[kind]++;
        if (to == NULL || jval_get(argument->root, to).type == JVAL_NONE)
                sink_problem(argument->sink, name, "%s names an element that is not in this file",
                             link_names[kind]);
}

/* A list of names, or one name. */
static void links_take(Argument *argument, const char *name, JVal element)
{
        for (size_t kind = 0; kind < G_N_ELEMENTS(link_names); kind++) {
                JVal links = jval_get(element, link_names[kind]), link;
                JIter iter = jval_iter(links);

                if (links.type == JVAL_STRING)
                        link_take(argument, name, kind, links);
                while (jiter_next(&iter, &link))
                        link_take(argument, name, kind, link);
        }
}

static void element_take(Argument *argument, const char *name, JVal element)
{
        size_t letters = 0;
        bool yes = false;

        if (strcmp(name, "module") == 0 || element.type != JVAL_OBJECT)
                return;
        while (g_ascii_isalpha(name[letters]))
                letters++;
        g_autofree char *prefix = g_strndup(name, letters);

        argument->nodes++;
        sink_figure_add(argument->sink, "by_prefix", prefix, 1);
        argument->undeveloped += jval_bool(jval_get(element, "undeveloped"), &yes) && yes;
        links_take(argument, name, element);
}

bool gsn_read(const Source *source, Sink *sink, GError **error)
{
        g_autoptr(GBytes) json = yaml_to_json(source->bytes, source->depth_max, error);
        g_autoptr(JDoc) doc = json == NULL ? NULL : jfigures_read_bytes(source, json, sink, &format, error);
        Argument argument = { .sink = sink };
        const char *name;
        JVal element;
        JIter iter;

        if (doc == NULL)
                return false;
        argument.root = jdoc_root(doc);
        iter = jval_iter(argument.root);
        while (jiter_next_member(&iter, &name, NULL, &element))
                element_take(&argument, name, element);
        sink_figure_int(sink, "nodes", argument.nodes);
        sink_figure_int(sink, "undeveloped", argument.undeveloped);
        for (size_t kind = 0; kind < G_N_ELEMENTS(link_names); kind++)
                sink_figure_int(sink, link_names[kind], argument.links[kind]);
        return true;
}
