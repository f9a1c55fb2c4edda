/* Names of the metamodel to numbers of this build. */
#include "base/error.h"
#include "store/rows/query.h"
#include <string.h>

static bool name_find(NameSort sort, const char *text, int *ret_number)
{
        KindId kind;
        StateId state;
        LinkTypeId type;
        AsId as;

        switch (sort) {
        case NAME_KIND:
                if (!kind_find(text, &kind))
                        return false;
                *ret_number = (int)kind;
                return true;
        case NAME_STATE:
                if (!state_find(text, &state))
                        return false;
                *ret_number = (int)state;
                return true;
        case NAME_LINK_TYPE:
                if (!link_type_find(text, &type))
                        return false;
                *ret_number = (int)type;
                return true;
        case NAME_AS:
                if (text[0] == '\0') {
                        *ret_number = ZW_AS_NONE;
                        return true;
                }
                if (!as_find(text, &as))
                        return false;
                *ret_number = (int)as;
                return true;
        case NAME_SORTS:
                break;
        }
        return false;
}

/* A slot for each name by a cheap hash; a name that finds its slot taken takes it over. */
static NameSlot *name_slot(SqlConnection *conn, NameSort sort, const char *text, size_t n)
{
        unsigned hash = (unsigned)n * 31U;

        for (size_t i = 0; i < n; i++)
                hash = hash * 33U ^ (unsigned char)text[i];
        return &conn->names[sort][hash % NAME_SLOTS];
}

bool query_get_name(const Query *q, int column, NameSort sort, int *ret_number, GError **error)
{
        const char *text = query_get_text(q, column);
        size_t n = text == NULL ? 0 : strlen(text);
        NameSlot *slot;

        if (text == NULL) {
                error_set(error, ZW_ERR_DAMAGED, query_column(q, column), "a stored name is missing");
                return false;
        }
        slot = name_slot(q->conn, sort, text, n);
        if (slot->used && strcmp(slot->text, text) == 0) {
                *ret_number = slot->number;
                return true;
        }
        if (!name_find(sort, text, ret_number)) {
                error_set(error, ZW_ERR_VERSION, query_column(q, column),
                          "stored data name \"%s\", which this program does not know", text);
                return false;
        }
        if (n < NAME_LENGTH) {
                memcpy(slot->text, text, n + 1);
                slot->number = *ret_number;
                slot->used = true;
        }
        return true;
}
