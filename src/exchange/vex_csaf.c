/* Statements of VEX as a document of CSAF 2.0 in its profile VEX. A vulnerability stands there once, and of each product it has one
 * status: another statement about the same two is lost. */
#include "exchange/vex.h"

#include "base/hash.h"
#include "exchange/csaf.h"

typedef struct {
        const VexDocument *document;
        json_t *branches, *names; /* of the product tree */
        json_t *vulnerabilities;  /* array */
        GHashTable *defined;      /* ids of products that stand in the tree; borrowed */
        GHashTable *by_name;      /* vulnerability → its object, borrowed from the array */
        GHashTable *spoken;       /* `VULNERABILITY PRODUCT` */
} Making;

static void making_clear(Making *making)
{
        json_decref(making->branches);
        json_decref(making->names);
        json_decref(making->vulnerabilities);
        g_hash_table_unref(making->defined);
        g_hash_table_unref(making->by_name);
        g_hash_table_unref(making->spoken);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Making, making_clear)

/* ---- the product tree ---- */

static json_t *helper_make(const json_t *product)
{
        const char *purl = jread_get_string(product, "purl");
        g_autofree char *generic = purl == NULL ? vex_generic_purl(product) : NULL;
        json_t *helper = json_pack("{s:s*, s:s*}", "cpe", jread_get_string(product, "cpe"), "purl",
                                   purl == NULL ? generic : purl),
               *number = json_object_get(product, "part_number");

        if (number != NULL)
                json_object_set_new(helper, "skus", json_pack("[O]", number));
        json_object_set_new(helper, "x_generic_uris",
                            json_pack("[{s:s, s:s}]", "namespace", "urn:zonewright", "uri",
                                      jread_get_string(product, "id")));
        return helper;
}

/* The branches below the one with that name, which is made where there is none. */
static json_t *branch_enter(json_t *branches, const char *category, const char *name)
{
        json_t *branch, *below;
        size_t i;

        json_array_foreach(branches, i, branch) if (strcmp(jread_get_string(branch, "name"), name) ==
                                                    0) return json_object_get(branch, "branches");
        below = json_array();
        json_array_append_new(branches, json_pack("{s:s, s:s, s:o}", "category", category, "name", name,
                                                  "branches", below));
        return below;
}

/* Vendor, product and version are branches where all are known, and the version is one that a branch may have; so is a range of versions. */
static void product_define(Making *making, const json_t *product)
{
        const char *id = jread_get_string(product, "key"), *vendor = jread_get_string(product, "vendor"),
                   *name = jread_get_string(product, "product"), *range = jread_get_string(product, "range"),
                   *version = jread_get_string(product, "version");
        json_t *full, *below;

        if (!g_hash_table_add(making->defined, (gpointer)(uintptr_t)id))
                return;
        full = json_pack("{s:s, s:s, s:o}", "name", jread_get_string(product, "title"), "product_id", id,
                         "product_identification_helper", helper_make(product));
        if (vendor == NULL || name == NULL ||
            (range == NULL && (version == NULL || csaf_reads_like_range(version)))) {
                json_array_append_new(making->names, full);
                return;
        }
        below = branch_enter(branch_enter(making->branches, "vendor", vendor), "product_name", name);
        json_array_append_new(below, json_pack("{s:s, s:s, s:o}", "category",
                                               range == NULL ? "product_version" : "product_version_range",
                                               "name", range == NULL ? version : range, "product", full));
}

static json_t *tree_make(const Making *making)
{
        json_t *tree = json_object();

        if (json_array_size(making->branches) > 0)
                json_object_set(tree, "branches", making->branches);
        if (json_array_size(making->names) > 0)
                json_object_set(tree, "full_product_names", making->names);
        return tree;
}

/* ---- vulnerabilities ---- */

/* `CVE-2026-0001`, with four digits or more at the end. */
static bool is_cve(const char *name)
{
        static const char digits[] = "0123456789";
        const char *number = name + strlen("CVE-2026-");

        return g_str_has_prefix(name, "CVE-") && strspn(name + strlen("CVE-"), digits) == 4 &&
               number[-1] == '-' && strspn(number, digits) >= 4 && number[strspn(number, digits)] == '\0';
}

static json_t *vulnerability_of(Making *making, const json_t *statement)
{
        const char *name = jread_get_string(statement, "vulnerability");
        json_t *made = g_hash_table_lookup(making->by_name, name);

        if (made != NULL)
                return made;
        made = is_cve(name) ? json_pack("{s:s}", "cve", name)
                            : json_pack("{s:[{s:s, s:s}]}", "ids", "system_name", "name in the source",
                                        "text", name);
        json_object_set_new(made, "notes",
                            json_pack("[{s:s, s:s}]", "category", "description", "text",
                                      jread_get_string(statement, "title")));
        json_object_set_new(made, "product_status", json_object());
        json_array_append_new(making->vulnerabilities, made);
        g_hash_table_insert(making->by_name, (gpointer)(uintptr_t)name, made);
        return made;
}

static json_t *list_of(json_t *object, const char *name)
{
        json_t *list = json_object_get(object, name);

        if (list == NULL) {
                list = json_array();
                json_object_set_new(object, name, list);
        }
        return list;
}

/* The products of the statement of which the document says nothing yet of this vulnerability. */
static json_t *products_take(Making *making, const json_t *statement)
{
        const char *vulnerability = jread_get_string(statement, "vulnerability");
        const json_t *product;
        json_t *ids = json_array();
        size_t i;

        json_array_foreach(json_object_get(statement, "products"), i, product)
        {
                const char *id = jread_get_string(product, "key");

                if (g_hash_table_add(making->spoken, g_strdup_printf("%s %s", vulnerability, id))) {
                        product_define(making, product);
                        json_array_append_new(ids, json_string(id));
                } else
                        vex_lose(
                                making->document, statement,
                                "what it says of %s, of which another finding speaks with this vulnerability",
                                id);
        }
        return ids;
}

static const char *remediation_category(const json_t *statement)
{
        const char *state = jread_get_string(statement, "state");

        if (strcmp(state, "mitigated") == 0)
                return "mitigation";
        if (strcmp(state, "accepted") == 0)
                return "no_fix_planned";
        return g_strcmp0(jread_get_string(statement, "fix"), "available") == 0 ? "vendor_fix"
                                                                               : "none_available";
}

/* The state and rationale stand as impact of every product; what its status demands, beside it. */
static void statement_add(Making *making, const json_t *statement)
{
        static const char *const names[][2] = { { "affected", "known_affected" },
                                                { "fixed", "fixed" },
                                                { "not_affected", "known_not_affected" },
                                                { "under_investigation", "under_investigation" } };
        const char *status = vex_status(jread_get_string(statement, "state")),
                   *justification = vex_justification(statement), *time = jread_get_string(statement, "time");
        g_autofree char *note = vex_note(statement);
        g_autoptr(Json) ids = products_take(making, statement);
        json_t *made;

        if (json_array_size(ids) == 0)
                return;
        made = vulnerability_of(making, statement);
        for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
                if (strcmp(names[i][0], status) == 0)
                        json_array_extend(list_of(json_object_get(made, "product_status"), names[i][1]), ids);
        if (strcmp(status, "not_affected") == 0 && justification != NULL)
                json_array_append_new(list_of(made, "flags"),
                                      json_pack("{s:s, s:s, s:O}", "label", justification, "date", time,
                                                "product_ids", ids));
        if (strcmp(status, "affected") == 0)
                json_array_append_new(list_of(made, "remediations"),
                                      json_pack("{s:s, s:s, s:s, s:O}", "category",
                                                remediation_category(statement), "details",
                                                vex_reason(statement), "date", time, "product_ids", ids));
        json_array_append_new(list_of(made, "threats"),
                              json_pack("{s:s, s:s, s:s, s:O}", "category", "impact", "details", note, "date",
                                        time, "product_ids", ids));
}

/* ---- the document ---- */

/* Where there is nothing to say it is none of the profile VEX, which asks for vulnerabilities. */
static json_t *document_make(const VexDocument *document)
{
        g_autofree char *id = g_strdup_printf("%s-VEX-%" G_GUINT64_FORMAT, document->project,
                                              document->commit),
                        *title = g_strdup_printf("Vulnerabilities of %s", document->title),
                        *namespace = g_strdup_printf("urn:zonewright:%s", document->project);
        char time[ZW_INSTANT_TEXT];

        instant_format(document->time, time);
        return json_pack(
                "{s:s, s:s, s:s, s:{s:s, s:s, s:s}, s:{s:s, s:s, s:s, s:s, s:s, s:[{s:s, s:s, s:s}]}}",
                "category", json_array_size(document->statements) == 0 ? "csaf_base" : "csaf_vex",
                "csaf_version", "2.0", "title", title, "publisher", "category", "user", "name",
                document->title, "namespace", namespace, "tracking", "id", id, "status", "final", "version",
                "1", "initial_release_date", time, "current_release_date", time, "revision_history", "date",
                time, "number", "1", "summary", "As of the commit that the id names");
}

json_t *vex_write_csaf(const VexDocument *document)
{
        g_auto(Making) making = { .document = document,
                                  .branches = json_array(),
                                  .names = json_array(),
                                  .vulnerabilities = json_array(),
                                  .defined = hash_table_new_text(NULL, NULL),
                                  .by_name = hash_table_new_text(NULL, NULL),
                                  .spoken = hash_table_new_text(g_free, NULL) };
        const json_t *statement;
        size_t i;

        json_array_foreach(document->statements, i, statement) statement_add(&making, statement);
        if (i == 0)
                return json_pack("{s:o}", "document", document_make(document));
        return json_pack("{s:o, s:o, s:O}", "document", document_make(document), "product_tree",
                         tree_make(&making), "vulnerabilities", making.vulnerabilities);
}

/* ---- the way back ---- */

/* The products of a tree by their id, as vex_product_read gives them. */
static void product_read(json_t *products, const json_t *full)
{
        const json_t *helper = json_object_get(full, "product_identification_helper"),
                     *uris = json_object_get(helper, "x_generic_uris");
        const char *id = jread_get_string(full, "product_id");

        if (id != NULL)
                json_object_set_new(products, id,
                                    vex_product_read(jread_get_string(json_array_get(uris, 0), "uri"),
                                                     jread_get_string(helper, "purl"),
                                                     jread_get_string(helper, "cpe")));
}

/* As deep as JSON may be nested. */
static void branches_read(json_t *products, const json_t *parent)
{
        const json_t *branch;
        size_t i;

        json_array_foreach(json_object_get(parent, "branches"), i, branch)
        {
                product_read(products, json_object_get(branch, "product"));
                branches_read(products, branch);
        }
}

static json_t *tree_read(const json_t *tree)
{
        json_t *products = json_object();
        const json_t *each;
        size_t i;

        branches_read(products, tree);
        json_array_foreach(json_object_get(tree, "full_product_names"), i, each) product_read(products, each);
        json_array_foreach(json_object_get(tree, "relationships"), i, each)
                product_read(products, json_object_get(each, "full_product_name"));
        return products;
}

/* What the first entry of a list that names a product says of it, by the id of the product, borrowed; of threats only the impact. */
static GHashTable *texts_index(const json_t *vulnerability, const char *list, const char *member)
{
        const bool threats = strcmp(list, "threats") == 0;
        GHashTable *texts = hash_table_new_text(NULL, NULL);
        const json_t *entry, *named;
        size_t i, j;

        json_array_foreach(json_object_get(vulnerability, list), i, entry)
        {
                const char *text = jread_get_string(entry, member);

                if (text == NULL ||
                    (threats && g_strcmp0(jread_get_string(entry, "category"), "impact") != 0))
                        continue;
                json_array_foreach(json_object_get(entry, "product_ids"), j, named)
                {
                        const char *id = json_string_value(named);

                        if (id != NULL && !g_hash_table_contains(texts, id))
                                g_hash_table_insert(texts, (gpointer)(uintptr_t)id,
                                                    (gpointer)(uintptr_t)text);
                }
        }
        return texts;
}

typedef struct {
        GHashTable *impact, *label, *action;
} Texts;

static void texts_clear(Texts *texts)
{
        g_hash_table_unref(texts->impact);
        g_hash_table_unref(texts->label);
        g_hash_table_unref(texts->action);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Texts, texts_clear)

static void status_read(json_t *statements, const Texts *texts, const json_t *tree, json_t *read,
                        const json_t *ids)
{
        const bool affected = strcmp(jread_get_string(read, "status"), "affected") == 0;
        const json_t *named;
        size_t i;

        json_array_foreach(ids, i, named)
        {
                const char *id = json_is_string(named) ? json_string_value(named) : "";
                json_t *product = json_object_get(tree, id);

                if (product == NULL)
                        continue;
                json_object_set_new(read, "products", json_pack("[O]", product));
                vex_statement_add(statements, read, g_hash_table_lookup(texts->impact, id),
                                  g_hash_table_lookup(texts->label, id),
                                  affected ? g_hash_table_lookup(texts->action, id) : NULL);
        }
}

json_t *vex_read_csaf(const json_t *document)
{
        static const char *const names[][2] = {
                { "known_affected", "affected" },
                { "first_affected", "affected" },
                { "last_affected", "affected" },
                { "fixed", "fixed" },
                { "first_fixed", "fixed" },
                { "known_not_affected", "not_affected" },
                { "under_investigation", "under_investigation" },
        };
        g_autoptr(Json) tree = tree_read(json_object_get(document, "product_tree"));
        json_t *statements = json_array();
        const json_t *vulnerability;
        size_t i;

        json_array_foreach(json_object_get(document, "vulnerabilities"), i, vulnerability)
        {
                const json_t *status = json_object_get(vulnerability, "product_status"),
                             *ids = json_object_get(vulnerability, "ids");
                const char *cve = jread_get_string(vulnerability, "cve"),
                           *name = cve != NULL ? cve : jread_get_string(json_array_get(ids, 0), "text");
                g_auto(Texts) texts = { texts_index(vulnerability, "threats", "details"),
                                        texts_index(vulnerability, "flags", "label"),
                                        texts_index(vulnerability, "remediations", "details") };
                g_autofree char *where = g_strdup_printf("/vulnerabilities/%zu", i);

                for (size_t j = 0; name != NULL && j < G_N_ELEMENTS(names); j++) {
                        g_autoptr(Json) read = json_pack("{s:s, s:s, s:s}", "where", where, "vulnerability",
                                                         name, "status", names[j][1]);

                        status_read(statements, &texts, tree, read, json_object_get(status, names[j][0]));
                }
        }
        return statements;
}
