#include "exchange/openpsa_tree.h"

#include "base/hash.h"
#include "exchange/tell.h"
#include "exchange/xtree.h"
#include "model/fault_tree.h"

#include <math.h>
#include <string.h>

/* What a document defines: `name`, `tree.component.name` for a gate, and for an event that is private where it stands,
 * `group.common` for a group. */
typedef struct {
        Sink *sink;
        GHashTable *defined; /* full name → XNode */
        GHashTable *names;   /* XNode → its full name */
        Tell *tell;
        bool valueless;   /* some basic event has no constant probability */
        size_t undefined; /* basic events that are defined nowhere */
} Model;

/* One tree that is written: what it needs and is not written yet. */
typedef struct {
        Model *model;
        const XNode *tree;
        GPtrArray *lines;    /* of char * */
        GPtrArray *queue;    /* of XNode: definitions */
        GHashTable *queued;  /* names */
        const XNode *failed; /* where it turned out to be none */
        char *why;
} Writing;

static bool is_group(const XNode *node)
{
        return strcmp(node->name, "define-CCF-group") == 0;
}

/* A group of events that fail by a common cause defines its members. */
static const XNode *group_of(const XNode *node)
{
        const XNode *members = strcmp(node->name, "basic-event") == 0 ? node->parent : NULL;

        return members != NULL && strcmp(members->name, "members") == 0 && members->parent != NULL &&
                               is_group(members->parent)
                       ? members->parent
                       : NULL;
}

static bool is_beta_factor(const XNode *group)
{
        const char *model = xnode_attr(group, "model");

        return xnode_attr(group, "name") != NULL && model != NULL && strcmp(model, "beta-factor") == 0;
}

/* A group by the beta factor defines the event in which all of it fails, too. */
static bool is_definition(const XNode *node)
{
        return group_of(node) != NULL || (is_group(node) && is_beta_factor(node)) ||
               strcmp(node->name, "define-gate") == 0 || strcmp(node->name, "define-basic-event") == 0 ||
               strcmp(node->name, "define-house-event") == 0;
}

static bool is_container(const XNode *node)
{
        return strcmp(node->name, "define-fault-tree") == 0 || strcmp(node->name, "define-component") == 0;
}

static const XNode *container_around(const XNode *node)
{
        while (node != NULL && !is_container(node))
                node = node->parent;
        return node;
}

/* Whether the nearest element that says a role says that names stay where they are. */
static bool is_private(const XNode *node)
{
        const char *role = NULL;

        for (; node != NULL && role == NULL; node = node->parent)
                role = xnode_attr(node, "role");
        return g_strcmp0(role, "private") == 0;
}

/* A name as its containers make it: `tree.component.name`. */
static char *path_name(const XNode *container, const char *name)
{
        char *path = g_strdup(name);

        for (; container != NULL; container = container_around(container->parent)) {
                const char *part = xnode_attr(container, "name");
                char *longer = part == NULL ? NULL : g_strconcat(part, ".", path, NULL);

                if (longer == NULL)
                        continue;
                g_free(path);
                path = longer;
        }
        return path;
}

/* A reference: an element without children that names an event or a gate. */
static const char *reference_of(const XNode *node)
{
        static const char *const names[] = { "event", "gate", "basic-event", "house-event" };

        if (group_of(node) != NULL)
                return NULL;
        for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
                if (strcmp(node->name, names[i]) == 0)
                        return xnode_attr(node, "name");
        return NULL;
}

static char *full_name(const XNode *definition, const char *name)
{
        if (is_group(definition))
                return g_strconcat(name, ".common", NULL);
        return strcmp(definition->name, "define-gate") == 0 || is_private(definition)
                       ? path_name(container_around(definition), name)
                       : g_strdup(name);
}

static void definitions_find(Model *model, const XNode *root)
{
        for (const XNode *at = root; at != NULL; at = xnode_walk(at, root)) {
                const char *name = is_definition(at) ? xnode_attr(at, "name") : NULL;
                char *full;

                if (name == NULL)
                        continue;
                full = full_name(at, name);
                g_hash_table_insert(model->names, (gpointer)(uintptr_t)at, full);
                if (g_hash_table_contains(model->defined, full)) {
                        g_autofree char *where = xnode_where(at);

                        sink_refuse(model->sink, where, "%s is defined twice", name);
                }
                g_hash_table_insert(model->defined, full, (gpointer)(uintptr_t)at);
        }
}

/* As it is seen from where it is named: the innermost container first. */
static const XNode *definition_of(const Model *model, const XNode *at, const char *name)
{
        const XNode *found = NULL;

        for (const XNode *container = container_around(at); container != NULL && found == NULL;
             container = container_around(container->parent)) {
                g_autofree char *full = path_name(container, name);

                found = g_hash_table_lookup(model->defined, full);
        }
        return found != NULL ? found : g_hash_table_lookup(model->defined, name);
}

/* ---- lines ---- */

static bool fail(Writing *writing, const XNode *at, const char *format, ...) G_GNUC_PRINTF(3, 4);

static bool fail(Writing *writing, const XNode *at, const char *format, ...)
{
        va_list args;

        if (writing->failed != NULL)
                return false;
        va_start(args, format);
        writing->why = g_strdup_vprintf(format, args);
        va_end(args);
        writing->failed = at;
        return false;
}

static void enqueue(Writing *writing, const char *name, const XNode *definition)
{
        if (g_hash_table_add(writing->queued, g_strdup(name)) && definition != NULL)
                g_ptr_array_add(writing->queue, (gpointer)(uintptr_t)definition);
}

/* Events may be defined nowhere, as in Aralia trees, or in a file of their own: they are basic ones. */
static char *reference_name(Writing *writing, const XNode *at, const char *name)
{
        const XNode *definition = definition_of(writing->model, at, name);

        if (definition != NULL) {
                const char *full = g_hash_table_lookup(writing->model->names, definition);

                enqueue(writing, full, definition);
                return g_strdup(full);
        }
        if (strcmp(at->name, "event") != 0 && strcmp(at->name, "basic-event") != 0) {
                (void)fail(writing, at, "%s is not defined", name);
        } else if (!g_hash_table_contains(writing->queued, name)) {
                enqueue(writing, name, NULL);
                g_ptr_array_add(writing->lines, g_strdup_printf("%s = event", name));
                writing->model->undefined++;
        }
        return g_strdup(name);
}

static bool formula_write(Writing *writing, const char *name, const XNode *formula);

/* The names of what a gate takes; a formula inside becomes a gate `name.N` of its own. */
static bool inputs_append(Writing *writing, const char *name, const XNode *gate, GString *line)
{
        unsigned n = 0;

        for (const XNode *at = xnode_child(gate, NULL); at != NULL; at = xnode_next(at, NULL)) {
                const char *reference = reference_of(at);
                g_autofree char *input = reference != NULL ? reference_name(writing, at, reference)
                                                           : g_strdup_printf("%s.%u", name, ++n);

                g_string_append_printf(line, " %s", input);
                if (reference == NULL && !formula_write(writing, input, at))
                        return false;
        }
        return writing->failed == NULL;
}

static bool formula_write(Writing *writing, const char *name, const XNode *formula)
{
        const char *what = formula == NULL ? "" : formula->name, *least;
        g_autoptr(GString) line = g_string_new(name);
        char *reference;

        if (formula == NULL)
                return fail(writing, writing->tree, "%s has no formula", name);
        if (reference_of(formula) != NULL) {
                reference = reference_name(writing, formula, reference_of(formula));
                g_string_append_printf(line, " = or %s", reference);
                g_free(reference);
        } else if (strcmp(what, "and") == 0 || strcmp(what, "or") == 0) {
                g_string_append_printf(line, " = %s", what);
        } else if (strcmp(what, "atleast") == 0) {
                least = xnode_attr(formula, "min");
                g_string_append_printf(line, " = atleast %s", least == NULL ? "" : least);
        } else {
                return fail(writing, formula, "%s: minimal cut sets are of and, or and atleast, not of %s",
                            name, what);
        }
        if (reference_of(formula) == NULL && !inputs_append(writing, name, formula, line))
                return false;
        g_ptr_array_add(writing->lines, g_string_free(g_steal_pointer(&line), FALSE));
        return writing->failed == NULL;
}

/* A constant; other laws need a time that the document leaves open. */
static void event_write(Writing *writing, const char *name, const XNode *event)
{
        const XNode *constant = xnode_child(event, "float");
        const char *value = constant == NULL ? NULL : xnode_attr(constant, "value");

        writing->model->valueless |= value == NULL;
        g_ptr_array_add(writing->lines, g_strdup_printf("%s = event%s%s", name, value == NULL ? "" : " ",
                                                        value == NULL ? "" : value));
}

/* The constant of the first element of this name, or NaN. */
static double constant_in(const XNode *around, const char *element)
{
        const XNode *holder = xnode_child(around, element),
                    *constant = holder == NULL ? NULL : xnode_child(holder, "float");
        const char *text = constant == NULL ? NULL : xnode_attr(constant, "value");
        char *end = NULL;
        const double value = text == NULL ? (double)NAN : g_ascii_strtod(text, &end);

        return text != NULL && end != text && *end == '\0' && value >= 0 && value <= 1 ? value : (double)NAN;
}

/* The share of failures that all of a group have in common; a document may put its factors into one element. */
static double beta_of(const XNode *group)
{
        const XNode *factors = xnode_child(group, "factors");

        return constant_in(factors == NULL ? group : factors, "factor");
}

static void part_write(Writing *writing, const char *name, double probability)
{
        char text[G_ASCII_DTOSTR_BUF_SIZE];

        writing->model->valueless |= isnan(probability);
        g_ptr_array_add(writing->lines,
                        isnan(probability)
                                ? g_strdup_printf("%s = event", name)
                                : g_strdup_printf("%s = event %s", name,
                                                  g_ascii_formatd(text, sizeof text, "%.17g", probability)));
}

/* By the beta factor each member fails alone, or all of its group do; by another model only that it fails is kept. */
static void member_write(Writing *writing, const char *name, const XNode *group)
{
        const char *common = g_hash_table_lookup(writing->model->names, group);
        g_autofree char *alone = g_strconcat(name, ".alone", NULL);

        if (common == NULL) {
                part_write(writing, name, (double)NAN);
                return;
        }
        g_ptr_array_add(writing->lines, g_strdup_printf("%s = or %s %s", name, alone, common));
        part_write(writing, alone, (1 - beta_of(group)) * constant_in(group, "distribution"));
        enqueue(writing, common, group);
}

static void house_write(Writing *writing, const char *name, const XNode *event)
{
        const XNode *constant = xnode_child(event, "constant");
        const char *value = constant == NULL ? NULL : xnode_attr(constant, "value");

        g_ptr_array_add(writing->lines, g_strdup_printf("%s = house %s", name, value == NULL ? "" : value));
}

static bool definition_write(Writing *writing, const XNode *definition)
{
        const char *name = g_hash_table_lookup(writing->model->names, definition);
        const XNode *child = xnode_child(definition, NULL), *group = group_of(definition);

        if (group != NULL) {
                member_write(writing, name, group);
                return true;
        }
        if (is_group(definition)) {
                part_write(writing, name, beta_of(definition) * constant_in(definition, "distribution"));
                return true;
        }
        while (child != NULL && (strcmp(child->name, "label") == 0 || strcmp(child->name, "attributes") == 0))
                child = xnode_next(child, NULL);
        if (strcmp(definition->name, "define-gate") == 0)
                return formula_write(writing, name, child);
        if (strcmp(definition->name, "define-house-event") == 0)
                house_write(writing, name, definition);
        else
                event_write(writing, name, definition);
        return true;
}

/* ---- trees ---- */

static bool is_of(const char *line, const char *top)
{
        return strncmp(line, top, strlen(top)) == 0 && line[strlen(top)] == ' ';
}

/* The top event is the first line. */
static json_t *lines_json(const GPtrArray *lines, const char *top)
{
        json_t *list = json_array();

        for (guint i = 0; i < lines->len; i++)
                if (is_of(g_ptr_array_index(lines, i), top))
                        json_array_insert_new(list, 0, json_string(g_ptr_array_index(lines, i)));
                else
                        json_array_append_new(list, json_string(g_ptr_array_index(lines, i)));
        return list;
}

/* What the model of fault trees says of the lines: a cycle, above all. */
static bool lines_check(Writing *writing, const XNode *top, const json_t *list)
{
        g_autofree const char **lines = g_new0(const char *, json_array_size(list) + 1);
        g_autoptr(FaultTree) tree = NULL;
        g_autoptr(GError) error = NULL;

        for (size_t i = 0; i < json_array_size(list); i++)
                lines[i] = json_string_value(json_array_get(list, i));
        tree = fault_tree_read(lines, json_array_size(list), &error);
        return tree != NULL ? true : fail(writing, top, "%s", error->message);
}

static void tree_write(Model *model, const XNode *tree, const XNode *top)
{
        g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free), queue = g_ptr_array_new();
        g_autoptr(GHashTable) queued = hash_table_new_text(g_free, NULL);
        Writing writing = { model, tree, lines, queue, queued, NULL, NULL };
        const char *name = g_hash_table_lookup(model->names, top);
        g_autofree char *where = xnode_where(top), *failed = NULL;
        g_autoptr(Json) list = NULL;
        bool well = true;

        enqueue(&writing, name, top);
        for (guint i = 0; well && i < queue->len && i < ZW_FAULT_TREE_NODES_MAX; i++)
                well = definition_write(&writing, g_ptr_array_index(queue, i));
        list = lines_json(lines, name);
        if (well && lines_check(&writing, top, list)) {
                (void)tell_item(model->tell, (TellItem){ .where = where,
                                                         .kind = "hazard",
                                                         .id = name,
                                                         .title = name,
                                                         .body = xnode_text(top, "label"),
                                                         .attrs = json_pack("{s:O}", "fault_tree", list) });
        } else {
                failed = xnode_where(writing.failed);
                sink_refuse(model->sink, failed, "fault tree %s: %s", name, writing.why);
        }
        g_free(writing.why);
}

/* Gates that something refers to; of a tree in a circle none is on top, and the first one stands for it. */
static GHashTable *needed_find(const Model *model, const XNode *tree)
{
        GHashTable *needed = g_hash_table_new(NULL, NULL);

        for (const XNode *at = xnode_walk(tree, tree); at != NULL; at = xnode_walk(at, tree))
                if (reference_of(at) != NULL)
                        g_hash_table_add(needed,
                                         (gpointer)(uintptr_t)definition_of(model, at, reference_of(at)));
        return needed;
}

static void tree_tell(Model *model, const XNode *tree)
{
        g_autoptr(GHashTable) needed = needed_find(model, tree);
        const XNode *first = NULL;
        bool any = false;

        for (const XNode *at = xnode_walk(tree, tree); at != NULL; at = xnode_walk(at, tree)) {
                if (strcmp(at->name, "define-gate") != 0 || xnode_attr(at, "name") == NULL)
                        continue;
                first = first == NULL ? at : first;
                if (g_hash_table_contains(needed, at))
                        continue;
                any = true;
                tree_write(model, tree, at);
        }
        if (!any && first != NULL)
                tree_write(model, tree, first);
}

/* Whether it is a top event, which is told with its label. */
static bool is_told(const Model *model, const XNode *node)
{
        const char *name = g_hash_table_lookup(model->names, node);

        return name != NULL && tell_has(model->tell, name);
}

static void losses_tell(const Model *model, const XNode *root)
{
        static const struct {
                const char *element, *what;
        } losses[] = {
                { "define-event-tree", "event trees" }, { "define-initiating-event", "initiating events" },
                { "define-sequence", "sequences" },     { "define-substitution", "substitutions" },
                { "define-alignment", "alignments" },   { "attributes", "attributes" }
        };
        bool there[G_N_ELEMENTS(losses)] = { false }, groups = false, labels = false;

        for (const XNode *at = root; at != NULL; at = xnode_walk(at, root)) {
                for (size_t i = 0; i < G_N_ELEMENTS(losses); i++)
                        there[i] |= strcmp(at->name, losses[i].element) == 0;
                groups |= is_group(at) && !is_beta_factor(at);
                labels |= strcmp(at->name, "label") == 0 && !is_told(model, at->parent);
        }
        if (model->valueless)
                sink_lost(model->sink, "", "probabilities of basic events that are no constants");
        for (size_t i = 0; i < G_N_ELEMENTS(losses); i++)
                if (there[i])
                        sink_lost(model->sink, "", "%s", losses[i].what);
        if (labels)
                sink_lost(model->sink, "", "labels, but those of top events");
        if (groups)
                sink_lost(model->sink, "", "models of common cause other than the beta factor");
        if (model->undefined > 0)
                sink_problem(model->sink, "",
                             "%zu basic events are not defined here, so they have no probability",
                             model->undefined);
        if (g_hash_table_size(model->tell->ids) == 0)
                sink_problem(model->sink, "", "no fault tree was found, so nothing is imported");
}

bool openpsa_trees_tell(const Source *source, Sink *sink, GError **error)
{
        g_autoptr(XTree) tree = xtree_load(source->bytes, source->depth_max, NULL, error);
        g_autoptr(GHashTable) defined = hash_table_new_text(NULL, NULL),
                              names = g_hash_table_new_full(NULL, NULL, NULL, g_free);
        const XNode *root = tree == NULL ? NULL : xtree_root(tree);

        if (tree == NULL)
                return false;
        g_auto(Tell)
                tell = tell_init(sink, "openpsa",
                                 xnode_attr(root, "name") == NULL ? source->name : xnode_attr(root, "name"));
        Model model = { sink, defined, names, &tell, false, 0 };

        definitions_find(&model, root);
        for (const XNode *at = root; at != NULL; at = xnode_walk(at, root))
                if (strcmp(at->name, "define-fault-tree") == 0)
                        tree_tell(&model, at);
        losses_tell(&model, root);
        return true;
}
