/* What the resolver knows of safety: what a safety function may state, and what touches safety, so that two disciplines
 * approve it. */
#include "model/safety.h"
#include "service/changeset/resolve.h"

/* ---- what a function states ---- */

static const json_t *stated(const json_t *attrs, AttrId attr)
{
        return json_object_get(attrs, attr_get(ZW_KIND_SAFETY_FUNCTION, attr)->name);
}

static bool is_chosen(const json_t *attrs, AttrId attr, int value)
{
        const char *name = attr_get(ZW_KIND_SAFETY_FUNCTION, attr)->values[value];

        return g_strcmp0(json_string_value(stated(attrs, attr)), name) == 0;
}

bool resolver_machinery_check(const Known *known, const json_t *set, GError **error)
{
        static const AttrId together[] = { ZW_ATTR_SAFETY_STANDARD, ZW_ATTR_MODE, ZW_ATTR_SIL_TARGET };
        const json_t *given = json_object_get(set, "attrs"),
                     *attrs = json_object_get(known->members, "attrs");
        bool says = false;
        json_int_t target;

        if (known->kind != ZW_KIND_SAFETY_FUNCTION ||
            !is_chosen(attrs, ZW_ATTR_SAFETY_STANDARD, ZW_VALUE_SAFETY_STANDARD_62061))
                return true;
        for (size_t i = 0; i < G_N_ELEMENTS(together); i++)
                says |= stated(given, together[i]) != NULL;
        if (!says)
                return true;
        target = json_integer_value(stated(attrs, ZW_ATTR_SIL_TARGET));
        if (target > ZW_SIL_MOST_MACHINERY)
                error_set(error, ZW_ERR_INPUT, "/attrs/sil_target",
                          "a function judged by IEC 62061 has a SIL of at most %d, not %d",
                          ZW_SIL_MOST_MACHINERY, (int)target);
        else if (is_chosen(attrs, ZW_ATTR_MODE, ZW_VALUE_MODE_LOW))
                error_set(error, ZW_ERR_INPUT, "/attrs/mode",
                          "IEC 62061 judges by failures per hour, which low demand mode has not");
        else
                return true;
        return false;
}

/* ---- what touches safety ---- */

static bool is_safety(const Known *known)
{
        const json_t *attrs = json_object_get(known->members, "attrs"),
                     *nature = json_object_get(attrs, "nature"), *one;
        size_t i;

        /* What its computed impact found goes further than the walk here; that it found nothing is not trusted. */
        if (known->kind == ZW_KIND_CHANGE)
                return jread_get_bool(attrs, "touches_safety", false);
        if (known->kind == ZW_KIND_SAFETY_FUNCTION || known->kind == ZW_KIND_PROTECTION_LAYER)
                return true;
        if (known->kind != ZW_KIND_ZONE && known->kind != ZW_KIND_CONDUIT && known->kind != ZW_KIND_ASSET)
                return false;
        json_array_foreach(nature, i, one) if (g_strcmp0(json_string_value(one), "safety") == 0) return true;
        return false;
}

/* What a thing serves: those that use it, the assets that are of a product, the functions that a countermeasure affects. */
static bool served_find(Resolver *r, Known *known, GPtrArray *ret_known, GError **error)
{
        switch (known->kind) {
        case ZW_KIND_COMPONENT:
                if (!resolver_sources(r, known, ZW_LINK_INSTANCE_OF, ret_known, error))
                        return false;
                return resolver_sources(r, known, ZW_LINK_USES, ret_known, error);
        case ZW_KIND_ASSET:
        case ZW_KIND_CONDUIT:
                return resolver_sources(r, known, ZW_LINK_USES, ret_known, error);
        case ZW_KIND_COUNTERMEASURE:
                return resolver_targets(r, known, UINT64_C(1) << ZW_LINK_AFFECTS, ret_known, error);
        default:
                return true;
        }
}

/* However long the way is, and however much goes in circles: each item is left once. */
bool resolver_touches_safety(Resolver *r, Known *known, bool *ret_touches, GError **error)
{
        const bool users = known->kind == ZW_KIND_CHANGE || known->kind == ZW_KIND_INCIDENT;
        g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
        g_autoptr(GPtrArray) reached = g_ptr_array_new(); /* of Known, some of them twice */

        *ret_touches = false;
        g_ptr_array_add(reached, known);
        for (guint i = 0; i < reached->len && !*ret_touches; i++) {
                Known *at = reached->pdata[i];

                /* What is retired serves nothing any more. */
                if (!g_hash_table_add(seen, at) ||
                    (at != known && (state_def(at->state)->flags & STATE_RETIRED) != 0))
                        continue;
                *ret_touches = is_safety(at);
                if (!*ret_touches && (!resolver_targets(r, at, resolver_ways(at->kind), reached, error) ||
                                      (users && !served_find(r, at, reached, error))))
                        return false;
        }
        return true;
}
