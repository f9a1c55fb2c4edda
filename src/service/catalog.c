/* The standards and their rows. */
#include "model/catalogue.h"
#include "service/internal.h"

bool usecase_catalog_list(Call *call G_GNUC_UNUSED, JWrite *w, GError **error G_GNUC_UNUSED)
{
        jwrite_array_begin(w);
        for (int i = 0; i < ZW_STANDARD_COUNT; i++) {
                RowId first;
                size_t n, counted = 0;

                catalogue_range((StandardId)i, &first, &n);
                for (RowId row = first; row < first + n; row++)
                        counted += catalogue_row(row)->counts;
                jwrite_object_begin(w);
                jwrite_key_string(w, "standard", standard_name((StandardId)i));
                jwrite_key_int(w, "requirements", (int64_t)counted);
                jwrite_object_end(w);
        }
        jwrite_array_end(w);
        return true;
}

/* Rows of another edition that this one went into or came from; and requirements of other frameworks that meet it. */
static void maps_write(JWrite *w, RowId id)
{
        const RowId *rows = catalogue_mapped(id);
        size_t n;
        const Crosswalk *others = catalogue_crosswalk(id, &n);

        if (rows != NULL) {
                jwrite_key(w, "maps_to");
                jwrite_array_begin(w);
                for (; *rows != ZW_ROW_NONE; rows++)
                        jwrite_string(w, catalogue_row(*rows)->id);
                jwrite_array_end(w);
        }
        if (n == 0)
                return;
        jwrite_key(w, "crosswalk");
        jwrite_array_begin(w);
        for (size_t i = 0; i < n; i++) {
                jwrite_object_begin(w);
                jwrite_key_string(w, "framework", others[i].framework);
                jwrite_key_string(w, "ref", others[i].ref);
                jwrite_key_string(w, "via", others[i].via);
                jwrite_object_end(w);
        }
        jwrite_array_end(w);
}

static void catalog_row_write(JWrite *w, RowId id)
{
        const CatalogueRow *row = catalogue_row(id);
        const AttrDef *types = attr_get(ZW_KIND_COMPONENT, ZW_ATTR_TYPES);

        jwrite_object_begin(w);
        jwrite_key_string(w, "id", row->id);
        if (row->fr == 0)
                jwrite_key_null(w, "fr");
        else
                jwrite_key_int(w, "fr", row->fr);
        jwrite_key_string(w, "title", row->title);
        jwrite_key(w, "sl");
        jwrite_array_begin(w);
        for (int level = 1; level <= ZW_SL_MAX; level++)
                jwrite_bool(w, catalogue_demanded(id, level));
        jwrite_array_end(w);
        jwrite_key_string(w, "parent", row->parent == ZW_ROW_NONE ? NULL : catalogue_row(row->parent)->id);
        jwrite_key(w, "types");
        jwrite_array_begin(w);
        for (size_t i = 0; row->standard == STANDARD_4_2 && i < types->n_values; i++)
                if (row->types & (1U << i))
                        jwrite_string(w, types->values[i]);
        jwrite_array_end(w);
        maps_write(w, id);
        jwrite_object_end(w);
}

bool usecase_catalog_show(Call *call, JWrite *w, GError **error)
{
        const char *name = jread_get_string(call->input, "standard");
        StandardId standard;
        RowId first;
        size_t n;

        if (name == NULL || !standard_find(name, &standard)) {
                error_set(error, ZW_ERR_NAME_UNKNOWN, "/standard",
                          "there is no standard \"%s\": see `zw catalog list`", name == NULL ? "" : name);
                return false;
        }
        catalogue_range(standard, &first, &n);
        jwrite_object_begin(w);
        jwrite_key_string(w, "standard", standard_name(standard));
        jwrite_key(w, "requirements");
        jwrite_array_begin(w);
        for (RowId row = first; row < first + n; row++)
                if (catalogue_row(row)->counts)
                        catalog_row_write(w, row);
        jwrite_array_end(w);
        jwrite_object_end(w);
        return true;
}
