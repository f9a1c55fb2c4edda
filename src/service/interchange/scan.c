#include "service/interchange/scan.h"

#include "base/hash.h"
#include "model/device.h"
#include "service/findings/finding.h"

#include <string.h>

typedef struct {
        Inventory *inventory;
        GHashTable *marked[ZW_DEVICE_MARKS]; /* mark → GPtrArray of assets that stand somewhere; borrowed */
        GHashTable *findings;                /* `THING VULNERABILITY` → Thing of the finding */
        GHashTable *said;                    /* the same → Said */
        GPtrArray *order;                    /* of Said, as they came */
} Scans;

/* All that the scans of one import say of one vulnerability on one thing. */
typedef struct {
        Thing *subject;
        const json_t *worst; /* the operation with the highest score, else the first */
        double score;
        GPtrArray *sources; /* texts, owned */
        GString *reason;
} Said;

static void said_free(gpointer data)
{
        Said *said = data;

        g_ptr_array_unref(said->sources);
        g_string_free(said->reason, TRUE);
        g_free(said);
}

static void list_free(gpointer list)
{
        g_ptr_array_unref(list);
}

static void scans_clear(Scans *scans)
{
        inventory_free(scans->inventory);
        for (size_t i = 0; i < ZW_DEVICE_MARKS; i++)
                g_hash_table_unref(scans->marked[i]);
        g_hash_table_unref(scans->findings);
        g_hash_table_unref(scans->said);
        g_ptr_array_unref(scans->order);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Scans, scans_clear)

/* ---- which device ---- */

typedef void (*MarkFn)(DeviceMark by, const char *mark, void *data);

static void mark_give(const char *text, MarkFn fn, void *data)
{
        DeviceMark by;
        g_autofree char *mark = text == NULL ? NULL : device_address_mark(text, strlen(text), &by);

        if (mark != NULL)
                fn(by, mark, data);
}

static void marks_each(const Thing *asset, MarkFn fn, void *data)
{
        const char *serial = thing_text(asset, "serial");
        g_autofree char *mark = serial == NULL ? NULL : device_serial_mark(serial, strlen(serial));
        const char *address = NULL;

        if (mark != NULL)
                fn(DEVICE_BY_SERIAL, mark, data);
        while ((address = thing_each_text(asset, "addresses", address)) != NULL)
                mark_give(address, fn, data);
        mark_give(thing_text(asset, "hostname"), fn, data);
}

typedef struct {
        Scans *scans;
        Thing *asset;
        Thing *found[ZW_DEVICE_MARKS];
        bool several[ZW_DEVICE_MARKS];
} Marked;

static void mark_put(DeviceMark by, const char *mark, void *data)
{
        Marked *marked = data;
        GPtrArray *list = g_hash_table_lookup(marked->scans->marked[by], mark);

        if (list == NULL) {
                list = g_ptr_array_new();
                g_hash_table_insert(marked->scans->marked[by], g_strdup(mark), list);
        }
        g_ptr_array_add(list, marked->asset);
}

static void mark_look(DeviceMark by, const char *mark, void *data)
{
        Marked *marked = data;
        const GPtrArray *list = g_hash_table_lookup(marked->scans->marked[by], mark);

        for (guint i = 0; list != NULL && i < list->len; i++) {
                marked->several[by] = marked->several[by] ||
                                      (marked->found[by] != NULL && marked->found[by] != list->pdata[i]);
                marked->found[by] = list->pdata[i];
        }
}

/* The asset that counts: itself where it stands somewhere, else the one that is the same device and does. */
static Thing *standing(Scans *scans, Thing *asset)
{
        Marked marked = { .scans = scans, .asset = asset };

        if (asset->placed)
                return asset;
        marks_each(asset, mark_look, &marked);
        for (size_t by = 0; by < ZW_DEVICE_MARKS; by++)
                if (marked.found[by] != NULL && !marked.several[by])
                        return marked.found[by];
        return asset;
}

/* ---- which finding ---- */

static char *pair_name(const Thing *subject, const char *vulnerability)
{
        return g_strdup_printf("%p %s", (const void *)subject, vulnerability);
}

static void finding_note(Scans *scans, Thing *finding)
{
        const char *vulnerability = thing_text(finding, "vulnerability");

        for (guint i = 0; vulnerability != NULL && i < finding->subjects.n; i++) {
                char *name = pair_name(things_at(&finding->subjects, i), vulnerability);

                if (g_hash_table_contains(scans->findings, name))
                        g_free(name);
                else
                        g_hash_table_insert(scans->findings, name, finding);
        }
}

static void inventory_note(Scans *scans)
{
        for (guint i = 0; i < scans->inventory->things->len; i++) {
                Thing *thing = scans->inventory->things->pdata[i];
                Marked marked = { .scans = scans, .asset = thing };

                if (thing->retired)
                        continue;
                if (thing->kind == ZW_KIND_FINDING)
                        finding_note(scans, thing);
                else if (thing->kind == ZW_KIND_ASSET && thing->placed)
                        marks_each(thing, mark_put, &marked);
        }
}

/* The finding of the subject, else of a product it is an instance of; or NULL. */
static Thing *finding_of(const Scans *scans, const Thing *subject, const char *vulnerability)
{
        g_autofree char *own = pair_name(subject, vulnerability);
        Thing *finding = g_hash_table_lookup(scans->findings, own);

        for (guint i = 0; finding == NULL && i < subject->components.n; i++) {
                g_autofree char *name = pair_name(things_at(&subject->components, i), vulnerability);

                finding = g_hash_table_lookup(scans->findings, name);
        }
        return finding;
}

/* ---- what is said ---- */

static double score_of(const json_t *op)
{
        const char *score = jread_get_string(op, "score");

        return score == NULL ? -1 : g_ascii_strtod(score, NULL);
}

static void scan_take(Scans *scans, const json_t *op)
{
        Thing *asset = inventory_find(scans->inventory, json_object_get(op, "asset"));
        const char *vulnerability = jread_get_string(op, "vulnerability"),
                   *source = jread_get_string(op, "source"), *line = jread_get_string(op, "said");
        g_autofree char *name = NULL;
        Said *said;

        if (asset == NULL || asset->retired || vulnerability == NULL || source == NULL)
                return;
        asset = standing(scans, asset);
        name = pair_name(asset, vulnerability);
        said = g_hash_table_lookup(scans->said, name);
        if (said == NULL) {
                said = g_new0(Said, 1);
                *said = (Said){ asset, op, score_of(op), g_ptr_array_new_with_free_func(g_free),
                                g_string_new(NULL) };
                g_hash_table_insert(scans->said, g_steal_pointer(&name), said);
                g_ptr_array_add(scans->order, said);
        } else if (score_of(op) > said->score) {
                said->worst = op;
                said->score = score_of(op);
        }
        if (!g_ptr_array_find_with_equal_func(said->sources, source, g_str_equal, NULL))
                g_ptr_array_add(said->sources, g_strdup(source));
        g_string_append_printf(said->reason, "%s%s: %s", said->reason->len > 0 ? "\n" : "", source,
                               line == NULL ? vulnerability : line);
}

/* ---- operations ---- */

static json_t *list_of(const json_t *op)
{
        const json_t *cwes = json_object_get(op, "cwes");

        return cwes == NULL ? json_null() : json_incref((json_t *)(uintptr_t)cwes);
}

static json_t *proposed_of(const json_t *op)
{
        const json_t *cwes = json_object_get(op, "cwes"), *value;
        g_auto(GStrv) texts = g_new0(char *, json_array_size(cwes) + 1);
        json_t *rows;
        size_t i;

        json_array_foreach(cwes, i, value) texts[i] = g_strdup(json_string_value(value));
        rows = finding_proposed(texts);
        if (json_array_size(rows) > 0)
                return rows;
        json_decref(rows);
        return json_null();
}

/* A value that the metamodel does not take is left out: it came from outside. */
static void put_checked(json_t *attrs, const json_t *op, const char *name)
{
        json_t *value = json_object_get(op, name);
        const AttrDef *def = attr_find(ZW_KIND_FINDING, name);

        if (value != NULL && def != NULL && attr_check(def, value, NULL, NULL))
                json_object_set(attrs, name, value);
        else
                json_object_set_new(attrs, name, json_null());
}

/* The sign of the scanner: its name and the colon. */
static char *mark_of(const Said *said)
{
        const char *source = said->sources->pdata[0];

        return g_strndup(source, strcspn(source, ":") + 1);
}

static bool is_only_by(const Thing *finding, const char *mark)
{
        const json_t *value;
        size_t i;

        json_array_foreach(json_object_get(finding->attrs, "sources"), i,
                           value) if (!json_is_string(value) ||
                                      !g_str_has_prefix(json_string_value(value), mark)) return false;
        return true;
}

static void put_all(json_t *attrs, const Said *said)
{
        static const char *const plain[] = { "severity", "score", "cvss", "remediation" };

        json_object_set(attrs, "vulnerability", json_object_get(said->worst, "vulnerability"));
        json_object_set_new(attrs, "confidence", json_string("probable"));
        for (size_t i = 0; i < G_N_ELEMENTS(plain); i++)
                put_checked(attrs, said->worst, plain[i]);
        json_object_set_new(attrs, "cwes", list_of(said->worst));
        json_object_set_new(attrs, "proposed", proposed_of(said->worst));
}

static void put_said(json_t *attrs, const Thing *finding, const Said *said, const char *mark)
{
        const char *const marks[] = { mark, NULL };
        g_autoptr(GPtrArray) sources = g_ptr_array_new();
        g_autofree char *reason = finding_merge_reason(finding, said->reason->str, marks);

        for (guint i = 0; i < said->sources->len; i++)
                g_ptr_array_add(sources, said->sources->pdata[i]);
        g_ptr_array_add(sources, NULL);
        json_object_set_new(attrs, "sources",
                            finding_merge_sources(finding, (char *const *)sources->pdata, marks));
        json_object_set_new(attrs, "reason", json_string(reason));
}

static json_t *op_on(const Thing *finding)
{
        if (g_strcmp0(finding->system, ZW_FINDING_SYSTEM) == 0)
                return json_pack("{s:s, s:s, s:{s:s, s:s}}", "op", "item", "kind", "finding", "source",
                                 "system", finding->system, "id", finding->id);
        return json_pack("{s:s, s:s}", "op", "item", "key", finding->key);
}

static void op_append(json_t *ops, const Said *said, json_t *op, json_t *attrs)
{
        static const char *const places[] = { "where", "file" };

        for (size_t i = 0; i < G_N_ELEMENTS(places); i++)
                if (json_object_get(said->worst, places[i]) != NULL)
                        json_object_set(op, places[i], json_object_get(said->worst, places[i]));
        json_object_set_new(op, "attrs", attrs);
        json_array_append_new(ops, op);
}

static void finding_update(const Said *said, const Thing *finding, json_t *ops)
{
        g_autofree char *mark = mark_of(said);
        json_t *attrs = json_object();

        if (g_strcmp0(finding->system, ZW_FINDING_SYSTEM) == 0 &&
            finding->state == lifecycle_initial(kind_def(ZW_KIND_FINDING)->lifecycle) &&
            is_only_by(finding, mark))
                put_all(attrs, said);
        put_said(attrs, finding, said, mark);
        op_append(ops, said, op_on(finding), attrs);
}

static void finding_create(const Said *said, json_t *ops)
{
        const char *vulnerability = jread_get_string(said->worst, "vulnerability"),
                   *about = jread_get_string(said->worst, "title");
        g_autofree char *mark = mark_of(said), *identity = finding_identity(said->subject, vulnerability),
                        *title = g_strdup_printf("%s: %.1000s", vulnerability, about == NULL ? "" : about);
        g_autofree char *valid = g_utf8_make_valid(title, -1);
        json_t *attrs = json_object();

        put_all(attrs, said);
        put_said(attrs, NULL, said, mark);
        op_append(ops, said,
                  json_pack("{s:s, s:s, s:s, s:{s:s, s:s}}", "op", "item", "kind", "finding", "title", valid,
                            "source", "system", ZW_FINDING_SYSTEM, "id", identity),
                  attrs);
        json_array_append_new(ops, json_pack("{s:s, s:{s:[s, s]}, s:s, s:o}", "op", "link", "from", "source",
                                             ZW_FINDING_SYSTEM, identity, "type",
                                             link_type_def(ZW_LINK_CONCERNS)->name, "to",
                                             thing_name(said->subject)));
}

static void said_append(const Scans *scans, json_t *ops)
{
        for (guint i = 0; i < scans->order->len; i++) {
                const Said *said = scans->order->pdata[i];
                const char *vulnerability = jread_get_string(said->worst, "vulnerability");
                const Thing *finding = finding_of(scans, said->subject, vulnerability);

                if (finding == NULL)
                        finding_create(said, ops);
                else
                        finding_update(said, finding, ops);
        }
}

/* ---- the step ---- */

bool scan_is(const json_t *op)
{
        return g_strcmp0(jread_get_string(op, "op"), "scan") == 0;
}

static json_t *others_of(const json_t *ops)
{
        json_t *others = json_array(), *op;
        size_t i;

        json_array_foreach(ops, i, op) if (!scan_is(op)) json_array_append(others, op);
        return others;
}

bool scans_take(StoreView *view, const Id *log, const json_t *ops, json_t **ret_ops, GError **error)
{
        g_autoptr(Json) others = others_of(ops);
        g_auto(Scans) scans = { .findings = hash_table_new_text(g_free, NULL),
                                .said = hash_table_new_text(g_free, said_free),
                                .order = g_ptr_array_new() };
        json_t *op;
        size_t i;

        for (i = 0; i < ZW_DEVICE_MARKS; i++)
                scans.marked[i] = hash_table_new_text(g_free, list_free);
        if (json_array_size(others) < json_array_size(ops)) {
                const OpSource source = op_source_of_array(others);

                scans.inventory = inventory_load(view, log, &source, error);
                if (scans.inventory == NULL)
                        return false;
                inventory_note(&scans);
                json_array_foreach(ops, i, op) if (scan_is(op)) scan_take(&scans, op);
                said_append(&scans, others);
        }
        *ret_ops = g_steal_pointer(&others);
        return true;
}
