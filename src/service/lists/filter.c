/* What the terms of a filter mean in a project: names are looked up, and what is a set of items is marked. */
#include "analysis/assess.h"
#include "base/near.h"
#include "service/lists/filter_internal.h"
#include "service/lists/words.h"
#include <math.h>
#include <string.h>

typedef struct {
        Call *call;
        PinnedGraph pinned;
        bool has_graph;
        bool ages; /* a term asks for what is judged at the instant */
} Binder;

typedef bool (*BindFn)(Binder *binder, Bound *bound, const FilterNode *term, GError **error);

static void bound_free(gpointer data)
{
        Bound *bound = data;

        if (bound == NULL)
                return;
        g_clear_pointer(&bound->kids, g_ptr_array_unref);
        g_free(bound->value);
        g_free(bound->text);
        g_free(bound->name);
        g_free(bound->items);
        g_free(bound);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Bound, bound_free)

static bool refuse(GError **error, const FilterNode *term, const char *what)
{
        error_set(error, ZW_ERR_INPUT, "/q", "%s: %s", term->name == NULL ? term->value : term->name, what);
        return false;
}

static bool only_equal(const FilterNode *term, GError **error)
{
        return term->compare == FILTER_EQ || refuse(error, term, "this term takes no order, only a colon");
}

static GraphView graph_of(Binder *binder)
{
        return binder->pinned.view;
}

static bool need_graph(Binder *binder, Bound *bound, GError **error)
{
        if (!binder->has_graph && !graph_of_call(binder->call, &binder->pinned, error))
                return false;
        binder->has_graph = true;
        bound->n_items = graph_item_count(graph_of(binder));
        bound->items = g_malloc0(bound->n_items + 1);
        return true;
}

/* ---- terms that compare a name or a text ---- */

static bool bind_kind(Binder *binder G_GNUC_UNUSED, Bound *bound, const FilterNode *term, GError **error)
{
        g_autofree char *near = NULL;
        const char *const *names;
        KindId kind;
        size_t n;

        if (!only_equal(term, error))
                return false;
        bound->number = 0;
        if (kind_find(term->value, &kind)) {
                bound->number = kind;
                return true;
        }
        names = kind_names(&n);
        near = near_names(term->value, names, n);
        error_set(error, ZW_ERR_NAME_UNKNOWN, "/q", "there is no kind \"%s\"%s", term->value, near);
        return false;
}

static bool bind_state(Binder *binder G_GNUC_UNUSED, Bound *bound, const FilterNode *term, GError **error)
{
        const char *names[ZW_STATE_COUNT];
        g_autofree char *near = NULL;
        StateId state;

        if (!only_equal(term, error))
                return false;
        if (state_find(term->value, &state)) {
                bound->number = state;
                return true;
        }
        for (int i = 0; i < ZW_STATE_COUNT; i++)
                names[i] = state_def((StateId)i)->name;
        near = near_names(term->value, names, ZW_STATE_COUNT);
        error_set(error, ZW_ERR_NAME_UNKNOWN, "/q", "there is no state \"%s\"%s", term->value, near);
        return false;
}

static bool bind_text(Binder *binder G_GNUC_UNUSED, Bound *bound G_GNUC_UNUSED, const FilterNode *term,
                      GError **error)
{
        return only_equal(term, error);
}

static bool bind_number(Binder *binder G_GNUC_UNUSED, Bound *bound, const FilterNode *term, GError **error)
{
        guint64 most = bound->field == FIELD_FR ? 7 : 4;

        return g_ascii_string_to_unsigned(term->value, 10, 0, most, &bound->number, NULL) ||
               refuse(error, term, most == 7 ? "an FR is 1 to 7" : "a security level is 0 to 4");
}

/* A date is its whole day; a time with its fraction is that millisecond. */
static bool bind_changed(Binder *binder, Bound *bound, const FilterNode *term, GError **error)
{
        const Id *log = &binder->call->project->log;
        Instant begin, end;
        Seq before, upto;

        if (!instant_parse(term->value, &begin, NULL))
                return refuse(error, term, "a date such as 2026-03-01 is expected");
        end = strchr(term->value, 'T') == NULL ? begin + ZW_DAY_MS - 1 : begin;
        if (!store_seq_at(binder->call->view, log, begin - 1, &before, error) ||
            !store_seq_at(binder->call->view, log, end, &upto, error))
                return false;
        bound->first = term->compare == FILTER_GT                                 ? upto + 1
                       : term->compare == FILTER_EQ || term->compare == FILTER_GE ? before + 1
                                                                                  : 0;
        bound->last = term->compare == FILTER_LT                                 ? before
                      : term->compare == FILTER_EQ || term->compare == FILTER_LE ? upto
                                                                                 : ZW_SEQ_OPEN;
        return true;
}

static bool is_number(const char *text)
{
        char *end;

        return isfinite(g_ascii_strtod(text, &end)) && end != text && *end == '\0';
}

static bool is_one_of(const AttrDef *def, const char *text)
{
        for (size_t i = 0; i < def->n_values; i++)
                if (g_ascii_strcasecmp(def->values[i], text) == 0)
                        return true;
        return false;
}

/* What is wrong with the term for an attribute of this type; NULL when there may be such a value. */
static const char *attr_refusal(const AttrDef *def, const FilterNode *term)
{
        const bool equal = term->compare == FILTER_EQ;
        Instant instant;

        switch (def->type) {
        case ATTR_ENUM:
        case ATTR_ENUMS:
                return is_one_of(def, term->value) ? NULL : "";
        case ATTR_INT:
        case ATTR_INTS:
        case ATTR_DECIMAL:
                return is_number(term->value) ? NULL : "a number is expected";
        case ATTR_BOOL:
                return equal && (g_ascii_strcasecmp(term->value, "true") == 0 ||
                                 g_ascii_strcasecmp(term->value, "false") == 0)
                               ? NULL
                               : "true or false is expected, after a colon";
        case ATTR_DATE:
                return equal || instant_parse(term->value, &instant, NULL)
                               ? NULL
                               : "a date such as 2026-03-01 is expected";
        default:
                return NULL;
        }
}

/* Attributes of one name may be of several types; it is enough that one can have the value. */
static bool bind_attr(Binder *binder G_GNUC_UNUSED, Bound *bound, const FilterNode *term, GError **error)
{
        const AttrDef *def = NULL, *named = NULL;
        g_autofree char *near = NULL;
        const char *why = NULL;

        for (int kind = 0; kind < ZW_KIND_COUNT; kind++) {
                const char *here;

                def = attr_find((KindId)kind, term->name);
                if (def == NULL)
                        continue;
                here = attr_refusal(def, term);
                if (here == NULL) {
                        bound->name = g_strdup(term->name);
                        return true;
                }
                if (here[0] == '\0')
                        named = def;
                else
                        why = here;
        }
        if (named == NULL)
                return refuse(error, term, why);
        near = near_names(term->value, named->values, named->n_values);
        error_set(error, ZW_ERR_NAME_UNKNOWN, "/q", "%s has no value \"%s\"%s", term->name, term->value,
                  near);
        return false;
}

/* ---- terms that are sets of items ---- */

/* The place, what is part of it to any depth, and what has a link with one of these. */
static void zone_mark(GraphView view, ItemNo place, uint8_t *items)
{
        g_autoptr(GArray) inside = g_array_new(FALSE, FALSE, sizeof(ItemNo));
        GraphEdge edge;

        g_array_append_val(inside, place);
        items[place] = 1;
        for (guint i = 0; i < inside->len; i++) {
                GraphIter iter = graph_iter(view, g_array_index(inside, ItemNo, i), GRAPH_IN,
                                            LINK_MASK(ZW_LINK_PART_OF));

                while (graph_next(&iter, &edge)) {
                        if (items[edge.other])
                                continue;
                        items[edge.other] = 1;
                        g_array_append_val(inside, edge.other);
                }
        }
        for (guint i = 0; i < inside->len; i++)
                for (int side = GRAPH_OUT; side <= GRAPH_IN; side++) {
                        GraphIter iter = graph_iter(view, g_array_index(inside, ItemNo, i), (GraphSide)side,
                                                    (LinkMask){ ~LINK_MASK(ZW_LINK_PART_OF).mask });

                        while (graph_next(&iter, &edge))
                                items[edge.other] = 1;
                }
}

static bool bind_zone(Binder *binder, Bound *bound, const FilterNode *term, GError **error)
{
        ItemNo place;

        if (!only_equal(term, error) || !need_graph(binder, bound, error))
                return false;
        if (!graph_find_key(graph_of(binder), term->value, &place)) {
                error_set(error, ZW_ERR_NOT_FOUND, "/q", "there is no item %s in %s", term->value,
                          binder->call->project->key);
                return false;
        }
        zone_mark(graph_of(binder), place, bound->items);
        return true;
}

/* Requirements whose row has the status in a place they speak for. */
static bool bind_status(Binder *binder, Bound *bound, const FilterNode *term, GError **error)
{
        const char *names[STATUS_REMOVED + 1];
        g_autofree char *near = NULL;
        g_autoptr(Assess) assess = NULL;
        const ItemNo *places;
        size_t n;

        bound->number = STATUS_REMOVED + 1;
        for (RowStatus i = STATUS_OPEN; i <= STATUS_REMOVED; i++) {
                names[i] = row_status_name(i);
                if (strcmp(names[i], term->value) == 0)
                        bound->number = i;
        }
        if (bound->number > STATUS_REMOVED) {
                near = near_names(term->value, names, G_N_ELEMENTS(names));
                error_set(error, ZW_ERR_NAME_UNKNOWN, "/q", "there is no status \"%s\"%s", term->value, near);
                return false;
        }
        if (!only_equal(term, error) || !need_graph(binder, bound, error))
                return false;
        assess = assess_of_call(binder->call, &binder->pinned);
        binder->ages = true;
        places = assess_places(assess, &n);
        for (size_t i = 0; i < n; i++) {
                g_autoptr(PlaceAssessment) place = assess_place(assess, places[i], false);

                for (RowId row = 0; row < ZW_SR_ROWS; row++)
                        if (place->rows[row].requirement != ZW_ITEM_NONE &&
                            place->rows[row].status == (RowStatus)bound->number)
                                bound->items[place->rows[row].requirement] = 1;
        }
        return true;
}

static bool bind_suspect(Binder *binder, Bound *bound, const FilterNode *term G_GNUC_UNUSED, GError **error)
{
        GraphView view;

        if (!need_graph(binder, bound, error))
                return false;
        view = graph_of(binder);
        for (ItemNo item = 0; item < bound->n_items; item++) {
                GraphIter iter = graph_iter(view, item, GRAPH_OUT, LINK_MASK_ALL);
                GraphEdge edge;

                while (graph_next(&iter, &edge))
                        if (graph_link_is_suspect(view, edge.link))
                                bound->items[item] = bound->items[edge.other] = 1;
        }
        return true;
}

uint8_t *filter_zone_items(GraphView view, ItemNo place)
{
        uint8_t *items = g_malloc0(graph_item_count(view) + 1);

        zone_mark(view, place, items);
        return items;
}

/* ---- binding ---- */

static const struct {
        const char *name;
        Field field;
        BindFn bind;
} fields[] = {
        { "kind", FIELD_KIND, bind_kind },
        { "state", FIELD_STATE, bind_state },
        { "key", FIELD_KEY, bind_text },
        { "title", FIELD_TITLE, bind_text },
        { "text", FIELD_TEXT, bind_text },
        { "owner", FIELD_OWNER, bind_text },
        { "tag", FIELD_TAG, bind_text },
        { "fr", FIELD_FR, bind_number },
        { "sl", FIELD_SL, bind_number },
        { "changed", FIELD_CHANGED, bind_changed },
        { "zone", FIELD_ZONE, bind_zone },
        { "status", FIELD_STATUS, bind_status },
        { "suspect", FIELD_SUSPECT, bind_suspect },
};

static bool name_unknown(const char *name, GError **error)
{
        g_autoptr(GPtrArray) names = g_ptr_array_new();
        g_autofree char *near = NULL;

        for (size_t i = 0; i < G_N_ELEMENTS(fields); i++)
                g_ptr_array_add(names, (gpointer)(uintptr_t)fields[i].name);
        for (int kind = 0; kind < ZW_KIND_COUNT; kind++) {
                g_autoptr(GPtrArray) attrs = attr_list((KindId)kind);

                for (guint i = 0; i < attrs->len; i++) {
                        const AttrDef *def = g_ptr_array_index(attrs, i);

                        if (!g_ptr_array_find_with_equal_func(names, def->name, g_str_equal, NULL))
                                g_ptr_array_add(names, (gpointer)(uintptr_t)def->name);
                }
        }
        near = near_names(name, (const char *const *)names->pdata, names->len);
        error_set(error, ZW_ERR_NAME_UNKNOWN, "/q", "a filter has no term \"%s\"%s", name, near);
        return false;
}

static bool bind_term(Binder *binder, Bound *bound, const FilterNode *term, GError **error)
{
        bound->compare = term->compare;
        bound->value = g_strdup(term->value);
        bound->text = g_utf8_casefold(term->value, -1);
        if (term->name == NULL) {
                bool suspect = strcmp(term->value, "suspect") == 0;

                bound->field = suspect ? FIELD_SUSPECT : FIELD_TEXT;
                return !suspect || bind_suspect(binder, bound, term, error);
        }
        for (size_t i = 0; i < G_N_ELEMENTS(fields); i++) {
                if (strcmp(fields[i].name, term->name) != 0)
                        continue;
                bound->field = fields[i].field;
                return fields[i].bind(binder, bound, term, error);
        }
        bound->field = FIELD_ATTR;
        return attr_is_known(term->name) ? bind_attr(binder, bound, term, error)
                                         : name_unknown(term->name, error);
}

static Bound *bind_node(Binder *binder, const FilterNode *node, GError **error)
{
        g_autoptr(Bound) bound = g_new0(Bound, 1);

        bound->type = node->type;
        if (node->type == FILTER_TERM)
                return bind_term(binder, bound, node, error) ? g_steal_pointer(&bound) : NULL;
        bound->kids = g_ptr_array_new_with_free_func(bound_free);
        for (guint i = 0; i < node->kids->len; i++) {
                Bound *kid = bind_node(binder, g_ptr_array_index(node->kids, i), error);

                if (kid == NULL)
                        return NULL;
                g_ptr_array_add(bound->kids, kid);
        }
        return g_steal_pointer(&bound);
}

Filter *filter_new(Call *call, const char *text, GError **error)
{
        g_autoptr(FilterNode) tree = filter_parse(text == NULL ? "" : text, error);
        Binder binder = { .call = call };
        Bound *root = tree == NULL ? NULL : bind_node(&binder, tree, error);
        Filter *filter;

        pinned_graph_clear(&binder.pinned);
        if (root == NULL)
                return NULL;
        filter = g_new0(Filter, 1);
        filter->root = root;
        filter->ages = binder.ages;
        return filter;
}

static bool bound_look_up(Bound *bound, const Call *call, Words *words, ItemNo n, GError **error)
{
        const bool is_text = bound->type == FILTER_TERM &&
                             (bound->field == FIELD_TEXT || bound->field == FIELD_TITLE);
        g_autofree uint8_t *items = is_text ? g_malloc0(n + 1) : NULL;
        bool known;

        for (guint i = 0; bound->kids != NULL && i < bound->kids->len; i++)
                if (!bound_look_up(g_ptr_array_index(bound->kids, i), call, words, n, error))
                        return false;
        if (!is_text)
                return true;
        if (!words_find(words, call, bound->text,
                        bound->field == FIELD_TITLE ? WORDS_IN_TITLE : WORDS_ANYWHERE, items, n, &known,
                        error))
                return false;
        if (known) {
                bound->items = g_steal_pointer(&items);
                bound->n_items = n;
        }
        return true;
}

bool filter_look_up(Filter *filter, const Call *call, const PinnedGraph *pinned, GError **error)
{
        Words *words = call->at == call->project->head ? words_of_pinned(pinned) : NULL;

        return words == NULL ||
               bound_look_up(filter->root, call, words, graph_item_count(pinned->view), error);
}

void filter_free(Filter *filter)
{
        if (filter == NULL)
                return;
        bound_free(filter->root);
        g_free(filter);
}
