#include "service/analyses/origins.h"

#include <string.h>

/* The sources that draw: the first part of an outside system, which a reader of files sets, or a native file itself. */
static const char *const drawings[] = { "tm7:", "drawing:" };

static LintOrigin origin_of_system(const char *system)
{
        for (size_t i = 0; i < G_N_ELEMENTS(drawings); i++)
                if (g_str_has_prefix(system, drawings[i]))
                        return LINT_DRAWN;
        return LINT_INVENTORY;
}

static bool origin_see(const ItemRev *rev, void *payload, GError **error)
{
        GArray *origins = payload;
        g_autoptr(Json) source = NULL;
        const char *system;

        if (rev->source == NULL || (rev->kind != ZW_KIND_ASSET && rev->kind != ZW_KIND_FLOW))
                return true;
        source = jread_parse(rev->source, strlen(rev->source), error);
        if (source == NULL)
                return false;
        system = jread_get_string(source, "system");
        if (system == NULL)
                return true;
        if (rev->no >= origins->len)
                g_array_set_size(origins, rev->no + 1);
        g_array_index(origins, uint8_t, rev->no) = (uint8_t)origin_of_system(system);
        return true;
}

GArray *origins_of_call(const Call *call, GError **error)
{
        g_autoptr(GArray) origins = g_array_new(FALSE, TRUE, sizeof(uint8_t));

        if (!store_each_item(call->view, &call->project->log, call->at, origin_see, origins, error))
                return NULL;
        return g_steal_pointer(&origins);
}

LintOrigins origins_view(const GArray *origins, const RiskMethods *methods)
{
        return (LintOrigins){ (const uint8_t *)origins->data, origins->len, methods };
}
