/* Whether an item fits a bound filter: by its revision, or as far as the graph alone can tell. */
#include "service/lists/filter_internal.h"
#include <string.h>

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

static bool numbers_fit(const Bound *bound, const char *text)
{
        char *end_a, *end_b;
        double a = g_ascii_strtod(text, &end_a), b = g_ascii_strtod(bound->value, &end_b);

        return *end_a == '\0' && *end_b == '\0' && ordered(bound->compare, a, b);
}

/* The place of a name among those of an enumeration, which stand in their order; or after them all. */
static size_t place_of(const AttrDef *def, const char *folded)
{
        size_t i = 0;

        while (i < def->n_values && !same(def->values[i], folded))
                i++;
        return i;
}

static bool names_fit(const Bound *bound, const AttrDef *def, const char *name)
{
        g_autofree char *folded = g_utf8_casefold(name, -1);
        const size_t here = place_of(def, folded), there = place_of(def, bound->text);

        return here < def->n_values && there < def->n_values &&
               ordered(bound->compare, (double)here, (double)there);
}

/* Texts fit when they hold the value, lists when one entry does, numbers and dates by order; what is one of some names fits as a
 * whole, since `not_met` holds `met`. */
static bool value_fits(const Bound *bound, const AttrDef *def, const json_t *value)
{
        const json_t *entry;
        const char *name;
        json_t *inner;
        size_t i;

        if (json_is_string(value) && def->type == ATTR_DECIMAL)
                return numbers_fit(bound, json_string_value(value));
        if (json_is_string(value) && (def->type == ATTR_ENUM || def->type == ATTR_ENUMS))
                return names_fit(bound, def, json_string_value(value));
        if (json_is_string(value) && bound->compare != FILTER_EQ) {
                Instant a, b;

                if (numbers_fit(bound, json_string_value(value)))
                        return true;
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
        json_array_foreach(value, i, entry) if (value_fits(bound, def, entry)) return true;
        json_object_foreach((json_t *)(uintptr_t)value, name,
                            inner) if (json_is_true(inner) && same(name, bound->text)) return true;
        return false;
}

static bool attrs_fit(const Bound *bound, const ItemRev *rev)
{
        g_autoptr(Json) attrs = json_loads(rev->attrs, 0, NULL);
        const AttrDef *def;

        if (bound->field == FIELD_FR)
                return fr_fits(bound, attrs);
        if (bound->field == FIELD_SL)
                return sl_fits(bound, attrs);
        def = attr_find(rev->kind, bound->name);
        return def != NULL && value_fits(bound, def, json_object_get(attrs, bound->name));
}

static bool term_fits(const Bound *bound, const ItemRev *rev)
{
        if (bound->items != NULL)
                return rev->no < bound->n_items && bound->items[rev->no] != 0;
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
        case FIELD_FR:
        case FIELD_SL:
        case FIELD_ATTR:
                return attrs_fit(bound, rev);
        case FIELD_ZONE:
        case FIELD_STATUS:
        case FIELD_SUSPECT:
                break; /* sets of items, above */
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

/* ---- at a glance ---- */

static FilterGlance glance_of(bool fits)
{
        return fits ? FILTER_GLANCE_FITS : FILTER_GLANCE_NOT;
}

static FilterGlance term_glance(const Bound *bound, GraphView view, ItemNo item)
{
        if (bound->items != NULL)
                return glance_of(item < bound->n_items && bound->items[item] != 0);
        switch (bound->field) {
        case FIELD_KIND:
                return glance_of(graph_kind(view, item) == (KindId)bound->number);
        case FIELD_STATE:
                return glance_of(graph_state(view, item) == (StateId)bound->number);
        case FIELD_KEY:
                return glance_of(same(graph_key(view, item), bound->text));
        case FIELD_TITLE:
                return glance_of(holds(graph_title(view, item), bound->text));
        case FIELD_TEXT:
                return holds(graph_key(view, item), bound->text) ||
                                       holds(graph_title(view, item), bound->text)
                               ? FILTER_GLANCE_FITS
                               : FILTER_GLANCE_ASK;
        case FIELD_CHANGED:
                return glance_of(graph_changed(view, item) >= bound->first &&
                                 graph_changed(view, item) <= bound->last);
        case FIELD_ZONE:
        case FIELD_STATUS:
        case FIELD_SUSPECT:
        case FIELD_OWNER:
        case FIELD_TAG:
        case FIELD_FR:
        case FIELD_SL:
        case FIELD_ATTR:
                return FILTER_GLANCE_ASK;
        }
        return FILTER_GLANCE_ASK;
}

/* What is certain of one part is certain of all where one is enough. */
static FilterGlance bound_glance(const Bound *bound, GraphView view, ItemNo item)
{
        const FilterGlance enough = glance_of(bound->type == FILTER_ANY);
        FilterGlance all = glance_of(bound->type != FILTER_ANY);

        if (bound->type == FILTER_TERM)
                return term_glance(bound, view, item);
        if (bound->type == FILTER_NOT) {
                const FilterGlance kid = bound_glance(g_ptr_array_index(bound->kids, 0), view, item);

                return kid == FILTER_GLANCE_ASK ? kid : glance_of(kid == FILTER_GLANCE_NOT);
        }
        for (guint i = 0; i < bound->kids->len; i++) {
                const FilterGlance kid = bound_glance(g_ptr_array_index(bound->kids, i), view, item);

                if (kid == enough)
                        return enough;
                if (kid == FILTER_GLANCE_ASK)
                        all = kid;
        }
        return all;
}

FilterGlance filter_glance(const Filter *filter, GraphView view, ItemNo item)
{
        return bound_glance(filter->root, view, item);
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
