/* What the terms of a filter mean. */
#include "service/lists/filter.h"

#include "analysis/assess.h"
#include "base/near.h"
#include <string.h>

enum { DAY_MS = 86400000, PLACE_DEPTH_MAX = 32 };

typedef enum {
        FIELD_KIND,
        FIELD_STATE,
        FIELD_KEY,
        FIELD_TITLE,
        FIELD_TEXT,
        FIELD_OWNER,
        FIELD_TAG,
        FIELD_FR,
        FIELD_SL,
        FIELD_CHANGED,
        FIELD_ZONE,
        FIELD_STATUS,
        FIELD_SUSPECT,
        FIELD_ATTR,
} Field;

/* A term that is bound: one number, text or set of items to compare with. */
typedef struct Bound {
        FilterNodeType type;
        GPtrArray *kids; /* of Bound */
        Field field;
        FilterCompare compare;
        char *value, *text; /* as given, and folded */
        char *name;         /* of an attribute */
        uint64_t number;    /* kind, state, integer */
        Seq first, last;    /* CHANGED: commits of the present revision that fit */
        uint8_t *items;     /* ZONE, STATUS, SUSPECT: by ItemNo */
        ItemNo n_items;
} Bound;

struct Filter {
        Bound *root;
        bool ages;
};

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
        end = strchr(term->value, 'T') == NULL ? begin + DAY_MS - 1 : begin;
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

static bool bind_attr(Binder *binder G_GNUC_UNUSED, Bound *bound, const FilterNode *term,
                      GError **error G_GNUC_UNUSED)
{
        bound->name = g_strdup(term->name);
        return true;
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
        assess = assess_new(graph_of(binder), binder->call->instant);
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

static bool is_attribute(const char *name)
{
        for (int kind = 0; kind < ZW_KIND_COUNT; kind++)
                if (attr_find((KindId)kind, name) != NULL)
                        return true;
        return false;
}

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
        return is_attribute(term->name) ? bind_attr(binder, bound, term, error)
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

void filter_free(Filter *filter)
{
        if (filter == NULL)
                return;
        bound_free(filter->root);
        g_free(filter);
}

/* ---- answering ---- */

static bool holds(const char *text, const char *folded_part)
{
        g_autofree char *folded = text == NULL ? NULL : g_utf8_casefold(text, -1);

        return folded != NULL && strstr(folded, folded_part) != NULL;
}

static bool same(const char *text, const char *folded_value)
{
        g_autofree char *folded = text == NULL ? NULL : g_utf8_casefold(text, -1);

        return folded != NULL && strcmp(folded, folded_value) == 0;
}

static bool ordered(FilterCompare compare, double a, double b)
{
        switch (compare) {
        case FILTER_EQ:
                return !(a < b) && !(a > b);
        case FILTER_LT:
                return a < b;
        case FILTER_LE:
                return a <= b;
        case FILTER_GT:
                return a > b;
        case FILTER_GE:
                return a >= b;
        }
        return false;
}

static bool tag_fits(const Bound *bound, const char *tags)
{
        g_autoptr(Json) list = tags == NULL ? NULL : json_loads(tags, 0, NULL);
        const json_t *tag;
        size_t i;

        json_array_foreach(list, i, tag) if (same(json_string_value(tag), bound->text)) return true;
        return false;
}

/* The row of the catalogue a requirement stands for. */
static RowId row_of(const json_t *attrs)
{
        return catalogue_find(jread_get_string(attrs, "ref"));
}

static bool fr_fits(const Bound *bound, const json_t *attrs)
{
        RowId row = row_of(attrs);
        const json_t *fr;
        size_t i;

        if (row != ZW_ROW_NONE && catalogue_row(row)->fr != 0)
                return ordered(bound->compare, catalogue_row(row)->fr, (double)bound->number);
        json_array_foreach(json_object_get(attrs, "frs"), i,
                           fr) if (ordered(bound->compare, (double)json_integer_value(fr),
                                           (double)bound->number)) return true;
        return false;
}

/* Of a requirement the lowest level that demands its row; of an SL-T its highest entry. */
static bool sl_fits(const Bound *bound, const json_t *attrs)
{
        RowId row = row_of(attrs);
        json_int_t most = -1;
        const json_t *entry;
        size_t i;

        for (int level = 1; row != ZW_ROW_NONE && level <= 4; level++)
                if (catalogue_demanded(row, level))
                        return ordered(bound->compare, level, (double)bound->number);
        json_array_foreach(json_object_get(attrs, "vector"), i, entry)
                most = json_is_integer(entry) ? MAX(most, json_integer_value(entry)) : most;
        return most >= 0 && ordered(bound->compare, (double)most, (double)bound->number);
}

/* Texts fit when they hold the value, lists when one entry does, numbers and dates by order. */
static bool value_fits(const Bound *bound, const json_t *value)
{
        const json_t *entry;
        const char *name;
        json_t *inner;
        size_t i;

        if (json_is_string(value) && bound->compare != FILTER_EQ) {
                Instant a, b;
                char *end_a, *end_b;
                double x = g_ascii_strtod(json_string_value(value), &end_a),
                       y = g_ascii_strtod(bound->value, &end_b);

                if (*end_a == '\0' && *end_b == '\0')
                        return ordered(bound->compare, x, y);
                return instant_parse(json_string_value(value), &a, NULL) &&
                       instant_parse(bound->value, &b, NULL) && ordered(bound->compare, (double)a, (double)b);
        }
        if (json_is_string(value))
                return holds(json_string_value(value), bound->text);
        if (json_is_boolean(value))
                return strcmp(bound->text, json_is_true(value) ? "true" : "false") == 0;
        if (json_is_integer(value)) {
                char *end;
                double y = g_ascii_strtod(bound->text, &end);

                return *end == '\0' && ordered(bound->compare, (double)json_integer_value(value), y);
        }
        json_array_foreach(value, i, entry) if (value_fits(bound, entry)) return true;
        json_object_foreach((json_t *)(uintptr_t)value, name,
                            inner) if (json_is_true(inner) && same(name, bound->text)) return true;
        return false;
}

static bool attrs_fit(const Bound *bound, const ItemRev *rev)
{
        g_autoptr(Json) attrs = json_loads(rev->attrs, 0, NULL);

        if (bound->field == FIELD_FR)
                return fr_fits(bound, attrs);
        if (bound->field == FIELD_SL)
                return sl_fits(bound, attrs);
        return value_fits(bound, json_object_get(attrs, bound->name));
}

static bool term_fits(const Bound *bound, const ItemRev *rev)
{
        switch (bound->field) {
        case FIELD_KIND:
                return rev->kind == (KindId)bound->number;
        case FIELD_STATE:
                return rev->state == (StateId)bound->number;
        case FIELD_KEY:
                return same(rev->key, bound->text);
        case FIELD_TITLE:
                return holds(rev->title, bound->text);
        case FIELD_TEXT:
                return holds(rev->key, bound->text) || holds(rev->title, bound->text) ||
                       holds(rev->body, bound->text);
        case FIELD_OWNER:
                return same(rev->owner, bound->text);
        case FIELD_TAG:
                return tag_fits(bound, rev->tags);
        case FIELD_CHANGED:
                return rev->from_seq >= bound->first && rev->from_seq <= bound->last;
        case FIELD_ZONE:
        case FIELD_STATUS:
        case FIELD_SUSPECT:
                return rev->no < bound->n_items && bound->items[rev->no] != 0;
        case FIELD_FR:
        case FIELD_SL:
        case FIELD_ATTR:
                return attrs_fit(bound, rev);
        }
        return false;
}

static bool bound_fits(const Bound *bound, const ItemRev *rev)
{
        if (bound->type == FILTER_TERM)
                return term_fits(bound, rev);
        if (bound->type == FILTER_NOT)
                return !bound_fits(g_ptr_array_index(bound->kids, 0), rev);
        for (guint i = 0; i < bound->kids->len; i++)
                if (bound_fits(g_ptr_array_index(bound->kids, i), rev) == (bound->type == FILTER_ANY))
                        return bound->type == FILTER_ANY;
        return bound->type == FILTER_ALL;
}

bool filter_fits(const Filter *filter, const ItemRev *rev)
{
        return bound_fits(filter->root, rev);
}

static uint64_t bound_kinds(const Bound *bound)
{
        const uint64_t all = G_MAXUINT64;
        uint64_t kinds = bound->type == FILTER_ANY ? 0 : all;

        if (bound->type == FILTER_TERM)
                return bound->field == FIELD_KIND ? UINT64_C(1) << bound->number : all;
        for (guint i = 0; i < bound->kids->len && bound->type != FILTER_NOT; i++) {
                const uint64_t kid = bound_kinds(g_ptr_array_index(bound->kids, i));

                kinds = bound->type == FILTER_ANY ? kinds | kid : kinds & kid;
        }
        return kinds;
}

uint64_t filter_kinds(const Filter *filter)
{
        return bound_kinds(filter->root);
}

bool filter_ages(const Filter *filter)
{
        return filter->ages;
}
