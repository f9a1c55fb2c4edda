#include "service/interchange/subjects.h"

typedef struct {
        MatchIndex *index;
        GPtrArray *things; /* by number in the index */
} Subjects;

/* Borrowed texts, ended by NULL. */
static const char **hashes_of(const Thing *thing)
{
        GPtrArray *hashes = g_ptr_array_new();
        const char *hash = NULL;

        while ((hash = thing_each_text(thing, "hashes", hash)) != NULL)
                g_ptr_array_add(hashes, (gpointer)(uintptr_t)hash);
        g_ptr_array_add(hashes, NULL);
        return (const char **)g_ptr_array_free(hashes, FALSE);
}

/* By the names of a product; none where it is NULL. A package URL has a version of its own. */
static MatchSubject subject_of(const Thing *product, const char *const *hashes, bool purl)
{
        if (product == NULL)
                return (MatchSubject){ 0 };
        return (MatchSubject){ .vendor = thing_text(product, "vendor"),
                               .product = thing_text(product, "product"),
                               .part_number = thing_text(product, "part_number"),
                               .cpe = thing_text(product, "cpe"),
                               .purl = purl ? thing_text(product, "purl") : NULL,
                               .hashes = hashes };
}

static void subject_add(Subjects *subjects, Thing *thing, const Thing *product, const char *version,
                        const char *serial)
{
        g_autofree const char **hashes = product == NULL ? NULL : hashes_of(product);
        MatchSubject subject = subject_of(product, hashes, thing == product);

        subject.version = version;
        subject.serial = serial;
        thing->number = match_index_add(subjects->index, &subject) + 1;
        g_ptr_array_add(subjects->things, thing);
}

/* The version an asset is told to have, where it is another than that of its only component. */
static const char *own_version(const Thing *asset)
{
        const char *version = thing_text(asset, "installed_version");

        if (version == NULL || asset->components.n != 1 ||
            g_strcmp0(version, thing_text(things_at(&asset->components, 0), "version")) == 0)
                return NULL;
        return version;
}

/* Every instance says that another version is installed: the component as it is written down is nowhere. */
static bool is_elsewhere(const Thing *component)
{
        bool any = false;

        for (uint32_t i = 0; i < component->wholes.n; i++) {
                const Thing *whole = things_at(&component->wholes, i);

                if (whole->kind != ZW_KIND_ASSET || whole->retired)
                        continue;
                if (own_version(whole) == NULL)
                        return false;
                any = true;
        }
        return any;
}

/* An asset is a subject of its own where it has a version or a serial number of its own. It takes its names from the
 * component only with the version, or else the component's findings would be found twice. Others take part in what belongs
 * together. */
static void asset_add(Subjects *subjects, Thing *asset)
{
        const Thing *component = asset->components.n == 1 ? things_at(&asset->components, 0) : NULL;
        const char *own = own_version(asset), *version = own;

        if (version == NULL)
                version = thing_text(asset, "installed_version");
        if (version == NULL && component != NULL)
                version = thing_text(component, "version");
        subject_add(subjects, asset, own != NULL ? component : NULL, version, thing_text(asset, "serial"));
}

static void component_add(Subjects *subjects, Thing *component)
{
        subject_add(subjects, component, is_elsewhere(component) ? NULL : component,
                    thing_text(component, "version"), NULL);
}

static void thing_add(Subjects *subjects, Thing *thing)
{
        if (thing->aside)
                subject_add(subjects, thing, NULL, NULL, NULL);
        else if (thing->kind == ZW_KIND_ASSET)
                asset_add(subjects, thing);
        else
                component_add(subjects, thing);
}

static bool is_installed(const Thing *thing)
{
        return !thing->retired && (thing->kind == ZW_KIND_COMPONENT || thing->kind == ZW_KIND_ASSET);
}

void subjects_add(const Inventory *inventory, MatchIndex *index, GPtrArray *things)
{
        Subjects subjects = { index, things };

        for (guint i = 0; i < inventory->things->len; i++)
                if (is_installed(inventory->things->pdata[i]))
                        thing_add(&subjects, inventory->things->pdata[i]);
        for (guint i = 0; i < things->len; i++) {
                const Thing *thing = things->pdata[i];

                for (uint32_t j = 0; j < thing->wholes.n; j++) {
                        const Thing *whole = things_at(&thing->wholes, j);

                        if (whole->number > 0)
                                match_index_put_within(index, i, whole->number - 1);
                }
        }
        match_index_finish(index);
}

GPtrArray *subject_keys(const Thing *thing)
{
        g_autofree const char **hashes = hashes_of(thing);
        MatchSubject subject = subject_of(thing->kind == ZW_KIND_COMPONENT ? thing : NULL, hashes, true);

        if (thing->kind == ZW_KIND_ASSET)
                subject.serial = thing_text(thing, "serial");
        return match_subject_keys(&subject);
}
