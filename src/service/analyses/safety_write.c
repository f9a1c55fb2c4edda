#include "service/analyses/safety_write.h"

bool safety_subject(const Call *call, GraphView view, uint64_t kinds, ItemNo *ret_item, GError **error)
{
        *ret_item = ZW_ITEM_NONE;
        if (jread_get_string(call->input, "key") == NULL)
                return true;
        if (!call_item(call, view, "key", ret_item, error))
                return false;
        if ((kinds >> graph_kind(view, *ret_item) & 1) != 0)
                return true;
        error_set(error, ZW_ERR_USAGE, "/key", "%s is of kind %s, which this does not speak of",
                  graph_key(view, *ret_item), kind_def(graph_kind(view, *ret_item))->name);
        return false;
}

void item_head_write(JWrite *w, GraphView view, const char *name, ItemNo item)
{
        jwrite_key_string(w, name, graph_key(view, item));
        jwrite_key_string(w, "title", graph_title(view, item));
}

void items_write(JWrite *w, GraphView view, const char *name, const ItemNo *items, size_t n)
{
        jwrite_key(w, name);
        jwrite_array_begin(w);
        for (size_t i = 0; i < n; i++)
                jwrite_string(w, graph_key(view, items[i]));
        jwrite_array_end(w);
}

static void notes_write(JWrite *w, GraphView view, const GPtrArray *notes)
{
        for (guint i = 0; i < notes->len; i++) {
                const SafetyNote *note = g_ptr_array_index(notes, i);

                jwrite_object_begin(w);
                jwrite_key_string(w, "kind", safety_note_kind_name(note->kind));
                jwrite_key_string(w, "rule", note->rule);
                jwrite_key_string(w, "item", note->item == ZW_ITEM_NONE ? NULL : graph_key(view, note->item));
                jwrite_key_string(w, "text", note->text);
                jwrite_object_end(w);
        }
}

void safety_notes_write(JWrite *w, GraphView view, const GPtrArray *notes, const GPtrArray *before)
{
        jwrite_key(w, "notes");
        jwrite_array_begin(w);
        if (before != NULL)
                notes_write(w, view, before);
        notes_write(w, view, notes);
        jwrite_array_end(w);
}

void safety_conflict_write(JWrite *w, GraphView view, const SafetyConflict *conflict)
{
        jwrite_object_begin(w);
        jwrite_key_string(w, "kind", conflict_kind_name(conflict->kind));
        jwrite_key_string(w, "function", graph_key(view, conflict->function));
        jwrite_key_string(w, "measure",
                          conflict->measure == ZW_ITEM_NONE ? NULL : graph_key(view, conflict->measure));
        jwrite_key_string(w, "text", conflict->text);
        jwrite_object_end(w);
}
