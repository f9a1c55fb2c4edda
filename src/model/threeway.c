#include "model/threeway.h"

#include <glib.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static json_t *member(const json_t *object, const char *name)
{
        json_t *value = json_object_get(object, name);

        return json_is_null(value) ? NULL : value;
}

bool threeway_same(const json_t *a, const json_t *b)
{
        const bool no_a = a == NULL || json_is_null(a), no_b = b == NULL || json_is_null(b);

        return no_a || no_b ? no_a && no_b : json_equal(a, b) == 1;
}

static int name_compare(const void *a, const void *b)
{
        return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void names_add(GPtrArray *names, const json_t *object, const json_t *unless)
{
        const char *name;
        json_t *value;

        json_object_foreach((json_t *)(uintptr_t)object, name, value)
        {
                if (json_object_get(unless, name) == NULL)
                        g_ptr_array_add(names, (gpointer)(uintptr_t)name);
        }
}

bool threeway_each(const json_t *base, const json_t *theirs, const json_t *ours, ThreewayFn fn, void *payload)
{
        g_autoptr(GPtrArray) names = g_ptr_array_new();

        names_add(names, base, NULL);
        names_add(names, theirs, base);
        if (names->len > 0)
                qsort(names->pdata, names->len, sizeof names->pdata[0], name_compare);
        for (guint i = 0; i < names->len; i++) {
                const char *name = names->pdata[i];
                const ThreewayChange change = { .name = name,
                                                .base = member(base, name),
                                                .theirs = member(theirs, name),
                                                .ours = member(ours, name),
                                                .conflict = !threeway_same(member(base, name),
                                                                           member(ours, name)) };

                if (!threeway_same(change.base, change.theirs) &&
                    !threeway_same(change.theirs, change.ours) && !fn(&change, payload))
                        return false;
        }
        return true;
}
