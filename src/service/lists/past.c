#include "service/lists/past.h"

#include "base/hash.h"
#include "service/lists/fields.h"

#include <string.h>

struct Past {
        GPtrArray *revs; /* of StoreItem, oldest first */
        Seq upto;
};

static bool rev_keep(const ItemRev *rev, void *payload, GError **error G_GNUC_UNUSED)
{
        Past *past = payload;

        if (rev->from_seq <= past->upto)
                g_ptr_array_add(past->revs, store_item_copy(rev));
        return true;
}

Past *past_load(Call *call, ItemNo item, GError **error)
{
        g_autoptr(Past) past = g_new0(Past, 1);

        past->revs = g_ptr_array_new_with_free_func((GDestroyNotify)store_item_free);
        past->upto = call->at;
        if (!store_each_revision(call->view, &call->project->log, item, rev_keep, past, error))
                return NULL;
        if (past->revs->len > 0)
                return g_steal_pointer(&past);
        error_set(error, ZW_ERR_NOT_FOUND, NULL, "item %u has no revision at commit %" G_GUINT64_FORMAT, item,
                  call->at);
        return NULL;
}

void past_free(Past *past)
{
        if (past == NULL)
                return;
        g_ptr_array_unref(past->revs);
        g_free(past);
}

static const ItemRev *rev_of(const Past *past, guint i)
{
        return store_item_rev(g_ptr_array_index(past->revs, i));
}

const ItemRev *past_now(const Past *past)
{
        return rev_of(past, past->revs->len - 1);
}

/* The place of the first revision after one; the number of revisions when there is none. */
static guint after(const Past *past, uint32_t rev)
{
        guint i = 0;

        while (i < past->revs->len && rev_of(past, i)->rev <= rev)
                i++;
        return i;
}

const ItemRev *past_at(const Past *past, uint32_t rev)
{
        guint i = after(past, rev);

        return i == 0 ? NULL : rev_of(past, i - 1);
}

uint32_t past_rev_at(const Past *past, Seq seq)
{
        uint32_t rev = 0;

        for (guint i = 0; i < past->revs->len && rev_of(past, i)->from_seq <= seq; i++)
                rev = rev_of(past, i)->rev;
        return rev;
}

static bool is_substantive(const ItemRev *rev)
{
        return rev->subst == rev->rev;
}

const ItemRev *past_first_substantive(const Past *past, uint32_t rev)
{
        for (guint i = after(past, rev); i < past->revs->len; i++)
                if (is_substantive(rev_of(past, i)))
                        return rev_of(past, i);
        return past_now(past);
}

typedef struct {
        KindId kind;
        GHashTable *all, *substantive; /* names of fields */
} Changed;

static void changed_see(const char *field, bool is_attr, const json_t *old G_GNUC_UNUSED, const json_t *new,
                        void *payload)
{
        Changed *changed = payload;

        g_hash_table_add(changed->all, g_strdup(field));
        if (field_is_substantive(changed->kind, field, is_attr, new))
                g_hash_table_add(changed->substantive, g_strdup(field));
}

static int text_compare(const void *a, const void *b)
{
        return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static json_t *names_sorted(GHashTable *names)
{
        json_t *answer = json_array();
        g_autofree gpointer *list = NULL;
        guint n;

        list = g_hash_table_get_keys_as_array(names, &n);
        qsort(list, n, sizeof(*list), text_compare);
        for (guint i = 0; i < n; i++)
                json_array_append_new(answer, json_string(list[i]));
        return answer;
}

json_t *past_changed(const Past *past, uint32_t rev)
{
        g_autoptr(GHashTable) all = hash_table_new_text(g_free, NULL);
        g_autoptr(GHashTable) substantive = hash_table_new_text(g_free, NULL);
        Changed changed = { past_now(past)->kind, all, substantive };

        for (guint i = MAX(after(past, rev), 1); i < past->revs->len; i++)
                if (is_substantive(rev_of(past, i)))
                        fields_each(rev_of(past, i - 1), rev_of(past, i), changed_see, &changed);
        return names_sorted(g_hash_table_size(substantive) > 0 ? substantive : all);
}
