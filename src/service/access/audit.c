/* The audit trail, as its readers see it. */
#include "service/internal.h"

#include <string.h>

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

/* ---- which ---- */

/* The member as a time; the whole day where `to_end` and it is a day. */
static bool time_read(const Call *call, const char *member, bool to_end, Instant *ret_time, GError **error)
{
        const char *text = jread_get_string(call->input, member);
        g_autoptr(GError) why = NULL;

        if (text == NULL || text[0] == '\0')
                return true;
        if (!instant_parse(text, ret_time, &why)) {
                g_autofree char *where = g_strdup_printf("/%s", member);

                error_set(error, ZW_ERR_INPUT, where, "%s", why->message);
                return false;
        }
        if (to_end && strlen(text) == strlen("YYYY-MM-DD"))
                *ret_time += ZW_DAY_MS - 1;
        return true;
}

static const char *word_of(const Call *call, const char *member)
{
        const char *word = jread_get_string(call->input, member);

        return word == NULL || word[0] == '\0' ? NULL : word;
}

static bool page_read(const Call *call, StoreAuditQuery *query, GError **error)
{
        const int64_t before = jread_get_int(call->input, "before", 0),
                      most = jread_get_int(call->input, "most", ENTRIES_USUAL);

        query->before = (uint64_t)before;
        query->most = (unsigned)most;
        if (before >= 0 && most >= 1 && most <= ENTRIES_MOST)
                return true;
        error_set(error, ZW_ERR_INPUT, before < 0 ? "/before" : "/most",
                  "before is a number of an entry, most is 1 to %d", (int)ENTRIES_MOST);
        return false;
}

static bool entries_write(Call *call, const char *project, JWrite *w, GError **error)
{
        StoreAuditQuery query = { .project = project,
                                  .action = word_of(call, "action"),
                                  .text = word_of(call, "q"),
                                  .to = INT64_MAX };
        const char *name = word_of(call, "person");
        g_autoptr(StorePerson) person = NULL;
        Listing list = { call, w };
        bool ok;

        if (!page_read(call, &query, error) || !time_read(call, "from", false, &query.from, error) ||
            !time_read(call, "to", true, &query.to, error))
                return false;
        if (name != NULL) {
                person = store_find_person(call->view, name, error);
                if (person == NULL)
                        return false;
                query.person = &person->id;
        }
        jwrite_array_begin(w);
        ok = store_each_audit(call->view, &query, entry_write, &list, error);
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
