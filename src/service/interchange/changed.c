#include "service/interchange/changed.h"

#include "base/hash.h"
#include "base/numbers.h"
#include "service/findings/decision.h"

#include <string.h>

enum { TOUCHED_MAX = 10000 }; /* beyond it everything is read at once */

G_STATIC_ASSERT(sizeof(ItemNo) == sizeof(uint32_t));

Changed *changed_new(void)
{
        Changed *touched = g_new0(Changed, 1);

        touched->items = g_array_new(FALSE, FALSE, sizeof(ItemNo));
        touched->links = g_array_new(FALSE, FALSE, sizeof(PartLink));
        touched->vulnerabilities = hash_table_new_text(g_free, NULL);
        touched->decisions = hash_table_new_text(g_free, NULL);
        return touched;
}

void changed_free(Changed *touched)
{
        if (touched == NULL)
                return;
        g_array_unref(touched->items);
        g_array_unref(touched->links);
        g_hash_table_unref(touched->vulnerabilities);
        g_hash_table_unref(touched->decisions);
        g_free(touched);
}

void changed_vulnerability(Changed *touched, const char *id)
{
        g_hash_table_add(touched->vulnerabilities, g_strdup(id));
        touched->all = touched->all ||
                       g_hash_table_size(touched->vulnerabilities) > ZW_CHANGED_VULNERABILITIES_MAX;
}

bool changed_is_empty(const Changed *touched)
{
        return !touched->all && touched->items->len == 0 && touched->links->len == 0 &&
               g_hash_table_size(touched->vulnerabilities) == 0 && g_hash_table_size(touched->decisions) == 0;
}

/* ---- items and links ---- */

static void item_see(const ItemRev *rev, void *payload)
{
        Changed *touched = payload;

        if (inventory_has_kind(rev->kind) && touched->items->len <= TOUCHED_MAX)
                g_array_append_val(touched->items, rev->no);
}

static void link_see(const LinkRev *rev, bool ended G_GNUC_UNUSED, void *payload)
{
        Changed *touched = payload;
        const PartLink link = { rev->from, rev->to, rev->type, rev->as };

        if (inventory_has_link(rev->type) && touched->links->len <= TOUCHED_MAX)
                g_array_append_val(touched->links, link);
}

/* ---- what else commits do ---- */

typedef struct {
        Changed *touched;
        StoreView *view;
        const Id *log;
        Seq after, upto;
} Look;

static bool decision_look(const Look *look, const char *name, Seq seq, GError **error)
{
        g_autofree char *text = NULL;
        g_autoptr(Json) value = NULL;
        const char *vulnerability;

        if (!store_load_setting(look->view, look->log, name, seq, &text, error))
                return false;
        value = text == NULL ? NULL : json_loads(text, JSON_DECODE_ANY, NULL);
        vulnerability = jread_get_string(value, "vulnerability");
        if (vulnerability != NULL)
                changed_vulnerability(look->touched, vulnerability);
        return true;
}

/* A decision is of one vulnerability, which may be another one than before. */
static bool setting_look(const Look *look, const json_t *op, GError **error)
{
        const char *name = jread_get_string(op, "name");

        if (name == NULL || !g_str_has_prefix(name, ZW_DECISION_PREFIX)) {
                look->touched->all = true;
                return true;
        }
        g_hash_table_add(look->touched->decisions, g_strdup(name + strlen(ZW_DECISION_PREFIX)));
        return decision_look(look, name, look->after, error) && decision_look(look, name, look->upto, error);
}

/* What is not known to leave alone what is matched may touch it, as what was erased. */
static bool commit_look(const StoreCommit *commit, void *payload, GError **error)
{
        static const char *const known[] = { "create", "update",  "transition", "attach", "detach", "link",
                                             "unlink", "comment", "results",    "sign",   "judge",  NULL };
        const Look *look = payload;
        const json_t *op;
        size_t i;

        json_array_foreach(commit->ops, i, op)
        {
                const char *name = jread_get_string(op, "op");

                if (g_strcmp0(name, "setting") == 0) {
                        if (!setting_look(look, op, error))
                                return false;
                } else
                        look->touched->all = look->touched->all || name == NULL ||
                                             !g_strv_contains(known, name);
        }
        return true;
}

bool changed_read(Changed *touched, StoreView *view, const Id *log, Seq after, Seq upto, GError **error)
{
        static const StoreFeed feed = { .item = item_see, .link = link_see };
        Look look = { touched, view, log, after, upto };

        if (after >= upto)
                return true;
        if (!store_feed(view, log, after, upto, &feed, touched, error))
                return false;
        touched->all = touched->all || touched->items->len > TOUCHED_MAX || touched->links->len > TOUCHED_MAX;
        numbers_sort(touched->items);
        return touched->all || store_each_commit(view, log, after + 1, upto, commit_look, &look, error);
}
