/* The audit trail, as its readers see it. */
#include "service/internal.h"

enum { ENTRIES_USUAL = 100, ENTRIES_MOST = 1000 };

typedef struct {
        const Call *call;
        JWrite *w;
} Listing;

static bool entry_write(const StoreAudit *entry, void *payload, GError **error)
{
        Listing *list = payload;
        g_autoptr(StorePerson) person = NULL;
        char time[ZW_INSTANT_TEXT];

        if (entry->person != NULL) {
                person = store_load_person(list->call->view, entry->person, error);
                if (person == NULL)
                        return false;
        }
        instant_format(entry->time, time);
        jwrite_object_begin(list->w);
        jwrite_key_int(list->w, "no", (int64_t)entry->no);
        jwrite_key_string(list->w, "time", time);
        jwrite_key_string(list->w, "person", person == NULL ? NULL : person->name);
        jwrite_key_string(list->w, "action", entry->action);
        jwrite_key_string(list->w, "project", entry->project);
        jwrite_key_string(list->w, "object", entry->object);
        jwrite_key_string(list->w, "address", entry->address);
        jwrite_key_string(list->w, "outcome", entry->outcome);
        jwrite_object_end(list->w);
        return true;
}

static bool entries_write(Call *call, const char *project, JWrite *w, GError **error)
{
        const int64_t before = jread_get_int(call->input, "before", 0),
                      most = jread_get_int(call->input, "most", ENTRIES_USUAL);
        Listing list = { call, w };
        bool ok;

        if (before < 0 || most < 1 || most > ENTRIES_MOST) {
                error_set(error, ZW_ERR_INPUT, before < 0 ? "/before" : "/most",
                          "before is a number of an entry, most is 1 to %d", (int)ENTRIES_MOST);
                return false;
        }
        jwrite_array_begin(w);
        ok = store_each_audit(call->view, project, (uint64_t)before, (unsigned)most, entry_write, &list,
                              error);
        jwrite_array_end(w);
        return ok;
}

bool usecase_audit_list(Call *call, JWrite *w, GError **error)
{
        return entries_write(call, call->project->key, w, error);
}

bool usecase_audit_all(Call *call, JWrite *w, GError **error)
{
        return entries_write(call, NULL, w, error);
}
