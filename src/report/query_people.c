/* Who did what: signatures, and the people named in the case. */
#include "report/query_items.h"

#include "base/hash.h"

#include <string.h>

/* ---- signatures ---- */

enum {
        SIGNED_ITEM,
        SIGNED_REV,
        SIGNED_MEANING,
        SIGNED_ROLE,
        SIGNED_PERSON,
        SIGNED_TIME,
        SIGNED_REASON,
        SIGNED_STANDING,
        SIGNED_KIND,
        SIGNED_N
};

static const QueryField signed_fields[SIGNED_N] = {
        [SIGNED_ITEM] = { "item", CELL_STEP },       [SIGNED_REV] = { "rev", CELL_NUMBER },
        [SIGNED_MEANING] = { "meaning", CELL_WORD }, [SIGNED_ROLE] = { "role", CELL_WORD },
        [SIGNED_PERSON] = { "person", CELL_TEXT },   [SIGNED_TIME] = { "time", CELL_TIME },
        [SIGNED_REASON] = { "reason", CELL_TEXT },   [SIGNED_STANDING] = { "standing", CELL_WORD },
        [SIGNED_KIND] = { "kind", CELL_WORD },
};

static bool signature_row(const SignatureRecord *record, void *payload)
{
        Query *query = payload;

        if (query->stopped)
                return false;
        fill_clear(query);
        fill_step(query, SIGNED_ITEM, (CellStep){ record->item, false });
        fill_number(query, SIGNED_REV, record->rev);
        fill_text(query, SIGNED_MEANING, record->meaning);
        fill_text(query, SIGNED_ROLE, record->role);
        fill_text(query, SIGNED_PERSON, record->person);
        fill_time(query, SIGNED_TIME, record->time);
        fill_text(query, SIGNED_REASON, record->reason);
        fill_text(query, SIGNED_STANDING, record->standing ? "standing" : "superseded");
        fill_text(query, SIGNED_KIND, kind_def(graph_kind(query->context->view, record->item))->name);
        return fill_emit(query);
}

static void signed_run(Query *query)
{
        const Records *records = query->context->records;

        if (records->signatures != NULL &&
            !records->signatures(records->payload, signature_row, query, &query->error))
                query->stopped = true;
}

const QueryDef report_query_signed = { "signatures", false, signed_fields, SIGNED_N, signed_run };

/* ---- people ---- */

enum { PEOPLE_PERSON, PEOPLE_OWNS, PEOPLE_DECIDED, PEOPLE_N };

static const QueryField people_fields[PEOPLE_N] = {
        [PEOPLE_PERSON] = { "person", CELL_TEXT },
        [PEOPLE_OWNS] = { "owns", CELL_COUNTS },
        [PEOPLE_DECIDED] = { "decided", CELL_NUMBER },
};

typedef struct {
        char *name;
        gint64 owns[ZW_KIND_COUNT], decided;
} Person;

static void person_free(gpointer data)
{
        Person *person = data;

        g_free(person->name);
        g_free(person);
}

static Person *person_of(GPtrArray *people, GHashTable *by_name, const char *name)
{
        Person *person = g_hash_table_lookup(by_name, name);

        if (person == NULL) {
                person = g_new0(Person, 1);
                person->name = g_strdup(name);
                g_ptr_array_add(people, person);
                g_hash_table_insert(by_name, person->name, person);
        }
        return person;
}

static gint person_compare(gconstpointer a, gconstpointer b)
{
        return strcmp((*(const Person *const *)a)->name, (*(const Person *const *)b)->name);
}

static void person_row(Query *query, const Person *person)
{
        CellCount owns[ZW_KIND_COUNT];
        size_t n = 0;

        for (int kind = 0; kind < ZW_KIND_COUNT; kind++)
                if (person->owns[kind] > 0)
                        owns[n++] = (CellCount){ kind_def((KindId)kind)->name, person->owns[kind] };
        fill_clear(query);
        fill_text(query, PEOPLE_PERSON, person->name);
        fill_list(query, PEOPLE_OWNS, owns, n);
        fill_number(query, PEOPLE_DECIDED, person->decided);
        (void)fill_emit(query);
}

/* Those who own zones, conduits, threats, hazards, risks and targets, or decided about a risk. */
static void people_run(Query *query)
{
        const uint64_t kinds = KIND_BIT(ZW_KIND_SYSTEM) | KIND_BIT(ZW_KIND_ZONE) | KIND_BIT(ZW_KIND_CONDUIT) |
                               KIND_BIT(ZW_KIND_THREAT) | KIND_BIT(ZW_KIND_HAZARD) | KIND_BIT(ZW_KIND_RISK) |
                               KIND_BIT(ZW_KIND_SL_TARGET);
        GraphView view = query->context->view;
        g_autoptr(GPtrArray) people = g_ptr_array_new_with_free_func(person_free);
        g_autoptr(GHashTable) by_name = hash_table_new_text(NULL, NULL);

        for (ItemNo item = 0; item < graph_item_count(view) && !query->stopped; item++) {
                ItemRecord record;
                g_autofree char *by = NULL;

                if (!graph_exists(view, item) || !graph_is_live(view, item) ||
                    (KIND_BIT(graph_kind(view, item)) & kinds) == 0)
                        continue;
                record = query_record(query, item);
                if (record.owner != NULL)
                        person_of(people, by_name, record.owner)->owns[graph_kind(view, item)]++;
                by = value_text(json_object_get(record.attrs, "decided_by"));
                if (by != NULL)
                        person_of(people, by_name, by)->decided++;
        }
        g_ptr_array_sort(people, person_compare);
        for (guint i = 0; i < people->len && !query->stopped; i++)
                person_row(query, g_ptr_array_index(people, i));
}

const QueryDef report_query_people = { "people", false, people_fields, PEOPLE_N, people_run };
