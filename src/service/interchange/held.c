#include "service/interchange/held.h"

#include "service/findings/finding.h"
#include "service/interchange/advisory.h"
#include "service/interchange/subjects.h"

#include <string.h>

static GPtrArray *document_keys(Store *store, const Thing *document, GError **error)
{
        g_autoptr(Advisory) advisory = NULL;
        GPtrArray *keys;

        if (document->digest == NULL)
                return g_ptr_array_new_with_free_func(g_free);
        advisory = advisory_of(store, document, error);
        if (advisory == NULL)
                return NULL;
        keys = match_advisory_keys(advisory);
        for (guint i = 0; i < keys->len; i++) {
                g_autofree char *key = keys->pdata[i];

                keys->pdata[i] = g_strconcat(ZW_HELD_DOCUMENT, key, NULL);
        }
        return keys;
}

bool held_finding_is_plain(const Thing *finding)
{
        const char *vulnerability = thing_text(finding, "vulnerability");
        const size_t n = vulnerability == NULL ? 0 : strlen(vulnerability);

        return g_strcmp0(finding->system, ZW_FINDING_SYSTEM) != 0 ||
               (n > 0 && strncmp(finding->id, vulnerability, n) == 0 && finding->id[n] == '|');
}

/* What it was made for stands before a `|` of its identity; which one, nobody can tell. */
static GPtrArray *finding_keys(const Thing *finding)
{
        GPtrArray *keys = g_ptr_array_new_with_free_func(g_free);
        const char *vulnerability = thing_text(finding, "vulnerability"),
                   *decision = thing_text(finding, "decision");

        if (vulnerability != NULL)
                g_ptr_array_add(keys, g_strconcat(ZW_HELD_FINDING, vulnerability, NULL));
        if (decision != NULL)
                g_ptr_array_add(keys, g_strconcat(ZW_HELD_DECISION, decision, NULL));
        for (const char *end = held_finding_is_plain(finding) ? NULL : strchr(finding->id, '|'); end != NULL;
             end = strchr(end + 1, '|'))
                g_ptr_array_add(keys, g_strdup_printf(ZW_HELD_FINDING "%.*s", (int)(end - finding->id),
                                                      finding->id));
        return keys;
}

GPtrArray *held_keys(Store *store, const Thing *thing, GError **error)
{
        if (thing->kind == ZW_KIND_COMPONENT || thing->kind == ZW_KIND_ASSET)
                return subject_keys(thing);
        if (thing->kind == ZW_KIND_DOCUMENT)
                return document_keys(store, thing, error);
        if (thing->kind == ZW_KIND_FINDING)
                return finding_keys(thing);
        return g_ptr_array_new_with_free_func(g_free);
}
