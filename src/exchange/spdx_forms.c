/* The forms an SPDX document comes in: JSON and XML have the same elements and are read by one walk through a form; tag and
 * value is read line by line; version 3 is a list of elements that name each other. */
#include "exchange/spdx.h"

#include "base/hash.h"

#include <string.h>

/* ---- JSON and XML of version 2 ---- */

/* How an element gives its texts, and the elements of a list in it. */
typedef struct {
        const char *(*text)(const void *element, const char *name);
        void (*each)(const void *element, const char *name, void (*see)(const void *element, void *data),
                     void *data);
} Form;

static const char *json_text(const void *element, const char *name)
{
        return jval_get_text(*(const JVal *)element, name);
}

static void json_each(const void *element, const char *name, void (*see)(const void *element, void *data),
                      void *data)
{
        JIter iter = jval_iter(jval_get(*(const JVal *)element, name));
        JVal value;

        while (jiter_next(&iter, &value))
                see(&value, data);
}

static const char *xml_text_of(const void *element, const char *name)
{
        return xnode_text(element, name);
}

static void xml_each(const void *element, const char *name, void (*see)(const void *element, void *data),
                     void *data)
{
        for (const XNode *at = xnode_child(element, name); at != NULL; at = xnode_next(at, name))
                see(at, data);
}

static const Form json_form = { json_text, json_each }, xml_form = { xml_text_of, xml_each };

typedef struct {
        const Form *form;
        Spdx *spdx;
        SpdxPackage *package; /* the one whose lists are read */
        size_t n;
} Walk;

static void reference_see(const void *element, void *data)
{
        const Walk *walk = data;

        spdx_package_refer(walk->package, walk->form->text(element, "referenceType"),
                           walk->form->text(element, "referenceLocator"));
}

static void checksum_see(const void *element, void *data)
{
        const Walk *walk = data;

        spdx_package_add_hash(walk->package, walk->form->text(element, "algorithm"),
                              walk->form->text(element, "checksumValue"));
}

static void package_see(const void *element, void *data)
{
        Walk *walk = data;
        const Form *form = walk->form;
        g_auto(SpdxPackage) package = spdx_package_init();
        g_autofree char *where = form == &xml_form ? xnode_where(element)
                                                   : g_strdup_printf("/packages/%zu", walk->n);

        walk->n++;
        package.id = form->text(element, "SPDXID");
        package.name = form->text(element, "name");
        package.version = form->text(element, "versionInfo");
        package.supplier = form->text(element, "supplier");
        package.originator = form->text(element, "originator");
        package.purpose = form->text(element, "primaryPackagePurpose");
        package.body = form->text(element, "summary") != NULL ? form->text(element, "summary")
                                                              : form->text(element, "description");
        spdx_package_add_licence(&package, form->text(element, "licenseConcluded"));
        spdx_package_add_licence(&package, form->text(element, "licenseDeclared"));
        walk->package = &package;
        form->each(element, "externalRefs", reference_see, walk);
        form->each(element, "checksums", checksum_see, walk);
        walk->package = NULL;
        spdx_tell_package(walk->spdx, where, &package);
}

static void relationship_see(const void *element, void *data)
{
        const Walk *walk = data;
        const Form *form = walk->form;

        spdx_relate(walk->spdx, form->text(element, "spdxElementId"), form->text(element, "relationshipType"),
                    form->text(element, "relatedSpdxElement"));
}

static void document_tell(const Form *form, const void *root, Sink *sink, const char *file)
{
        g_auto(Spdx) spdx = spdx_init(sink, form->text(root, "name"), file);
        Walk walk = { form, &spdx, NULL, 0 };

        form->each(root, "packages", package_see, &walk);
        form->each(root, "relationships", relationship_see, &walk);
        spdx_finish(&spdx);
}

void spdx_tell_json_2(JVal root, Sink *sink, const char *file)
{
        document_tell(&json_form, &root, sink, file);
}

void spdx_tell_xml(const XNode *root, Sink *sink, const char *file)
{
        document_tell(&xml_form, root, sink, file);
}

/* ---- version 3 ---- */

typedef struct {
        GHashTable *names;    /* id → name of an agent, or expression of a licence; borrowed */
        GHashTable *licences; /* id of a package → GPtrArray of ids of licences */
} Elements;

static bool is_licence(const char *type)
{
        return type != NULL &&
               (strcmp(type, "hasDeclaredLicense") == 0 || strcmp(type, "hasConcludedLicense") == 0);
}

/* `software_Package`, and what is one besides: `ai_AIPackage`, `dataset_DatasetPackage`. */
static bool is_package(const char *type)
{
        return type != NULL && g_str_has_suffix(type, "Package");
}

static bool is_relationship(const char *type)
{
        return type != NULL && g_str_has_suffix(type, "Relationship");
}

static void licences_take(Elements *elements, JVal element)
{
        JIter iter = jval_iter(jval_get(element, "to"));
        const char *from = jval_get_text(element, "from");
        GPtrArray *list = from == NULL ? NULL : g_hash_table_lookup(elements->licences, from);
        JVal to;

        if (from == NULL)
                return;
        if (list == NULL) {
                list = g_ptr_array_new();
                g_hash_table_insert(elements->licences, (gpointer)(uintptr_t)from, list);
        }
        while (jiter_next(&iter, &to))
                if (to.type == JVAL_STRING)
                        g_ptr_array_add(list, (gpointer)(uintptr_t)jval_text(to, NULL));
}

static void element_take(Elements *elements, JVal element)
{
        const char *id = jval_get_text(element, "spdxId"), *type = jval_get_text(element, "type");
        const char *name = jval_get_text(element, "simplelicensing_licenseExpression");

        if (is_relationship(type) && is_licence(jval_get_text(element, "relationshipType")))
                licences_take(elements, element);
        if (name == NULL)
                name = jval_get_text(element, "name");
        if (id != NULL && name != NULL)
                g_hash_table_insert(elements->names, (gpointer)(uintptr_t)id, (gpointer)(uintptr_t)name);
}

static const char *name_of(const Elements *elements, JVal named)
{
        JIter iter = jval_iter(named);
        JVal first = named;

        if (named.type == JVAL_ARRAY && !jiter_next(&iter, &first))
                return NULL;
        return first.type == JVAL_STRING ? g_hash_table_lookup(elements->names, jval_text(first, NULL))
                                         : NULL;
}

static void package_3_lists(JVal element, SpdxPackage *package)
{
        JIter identifiers = jval_iter(jval_get(element, "externalIdentifier")),
              hashes = jval_iter(jval_get(element, "verifiedUsing"));
        JVal value;

        spdx_package_refer(package, "packageUrl", jval_get_text(element, "software_packageUrl"));
        while (jiter_next(&identifiers, &value))
                spdx_package_refer(package, jval_get_text(value, "externalIdentifierType"),
                                   jval_get_text(value, "identifier"));
        while (jiter_next(&hashes, &value))
                if (g_strcmp0(jval_get_text(value, "type"), "Hash") == 0)
                        spdx_package_add_hash(package, jval_get_text(value, "algorithm"),
                                              jval_get_text(value, "hashValue"));
}

static void package_3_tell(Spdx *spdx, const Elements *elements, JVal element, size_t i)
{
        g_auto(SpdxPackage) package = spdx_package_init();
        g_autofree char *where = g_strdup_printf("/@graph/%zu", i);
        const GPtrArray *licences;

        package.id = jval_get_text(element, "spdxId");
        package.name = jval_get_text(element, "name");
        package.version = jval_get_text(element, "software_packageVersion");
        package.supplier = name_of(elements, jval_get(element, "suppliedBy"));
        package.originator = name_of(elements, jval_get(element, "originatedBy"));
        package.purpose = jval_get_text(element, "software_primaryPurpose");
        package.body = jval_get_text(element, "summary");
        package_3_lists(element, &package);
        licences = package.id == NULL ? NULL : g_hash_table_lookup(elements->licences, package.id);
        for (guint k = 0; licences != NULL && k < licences->len; k++)
                spdx_package_add_licence(&package, g_hash_table_lookup(elements->names, licences->pdata[k]));
        spdx_tell_package(spdx, where, &package);
}

static void relationship_3_take(Spdx *spdx, JVal element)
{
        const char *type = jval_get_text(element, "relationshipType");
        JIter iter = jval_iter(jval_get(element, "to"));
        JVal to;

        while (!is_licence(type) && jiter_next(&iter, &to))
                spdx_relate(spdx, jval_get_text(element, "from"), type, jval_text(to, NULL));
}

static void list_free(gpointer list)
{
        g_ptr_array_unref(list);
}

static const char *document_name(JVal graph)
{
        JIter iter = jval_iter(graph);
        JVal element;

        while (jiter_next(&iter, &element))
                if (g_strcmp0(jval_get_text(element, "type"), "SpdxDocument") == 0)
                        return jval_get_text(element, "name");
        return NULL;
}

void spdx_tell_json_3(JVal root, Sink *sink, const char *file)
{
        JVal graph = jval_get(root, "@graph"), element;
        g_auto(Spdx) spdx = spdx_init(sink, document_name(graph), file);
        g_autoptr(GHashTable) names = hash_table_new_text(NULL, NULL),
                              licences = hash_table_new_text(NULL, list_free);
        Elements elements = { names, licences };
        JIter first = jval_iter(graph), second = first;

        while (jiter_next(&first, &element))
                element_take(&elements, element);
        for (size_t i = 0; jiter_next(&second, &element); i++) {
                const char *type = jval_get_text(element, "type");

                if (is_package(type))
                        package_3_tell(&spdx, &elements, element, i);
                else if (is_relationship(type))
                        relationship_3_take(&spdx, element);
        }
        spdx_finish(&spdx);
}
