/* An object that says anything is a requirement; an attribute that is neither is kept under its name in `extra`. Relations do
 * not say by themselves which end comes from which, so they relate. */
#include "exchange/reqif_tell.h"

#include "base/hash.h"
#include "exchange/tell.h"
#include "exchange/xtree.h"

#include <string.h>

enum { TITLE_CHARS = 100 };

typedef struct {
        GHashTable *
                names; /* IDENTIFIER of definitions of attributes and of enumerated values → LONG-NAME; borrowed */
        Tell tell;
        size_t empty; /* objects that say nothing */
} Document;

/* Attributes whose value is the title or the text, by the names tools give them. */
static const char *const title_names[] = { "ReqIF.Name", "ReqIF.ChapterName", "Name",
                                           "Title",      "Object Heading",    NULL };
static const char *const text_names[] = { "ReqIF.Text",  "ReqIF.Description", "Description", "Text",
                                          "Object Text", "Content",           NULL };

static void names_take(Document *document, const XNode *root)
{
        for (const XNode *at = root; at != NULL; at = xnode_walk(at, root)) {
                const char *id = xnode_attr(at, "IDENTIFIER"), *name = xnode_attr(at, "LONG-NAME");

                if (id != NULL && name != NULL &&
                    (g_str_has_prefix(at->name, "ATTRIBUTE-DEFINITION-") ||
                     strcmp(at->name, "ENUM-VALUE") == 0))
                        g_hash_table_insert(document->names, (gpointer)(uintptr_t)id,
                                            (gpointer)(uintptr_t)name);
        }
}

/* ---- values ---- */

/* The text of the first element below `node` whose name ends so. */
static const char *reference_of(const XNode *node, const char *suffix)
{
        for (const XNode *at = xnode_walk(node, node); at != NULL; at = xnode_walk(at, node))
                if (g_str_has_suffix(at->name, suffix) && at->text != NULL)
                        return at->text;
        return NULL;
}

/* Names of the enumerated values, a comma between. */
static char *enumeration_of(const Document *document, const XNode *value)
{
        const XNode *values = xnode_child(value, "VALUES");
        GString *text = g_string_new(NULL);

        for (const XNode *at = values == NULL ? NULL : xnode_child(values, "ENUM-VALUE-REF"); at != NULL;
             at = xnode_next(at, "ENUM-VALUE-REF")) {
                const char *name = at->text == NULL ? NULL : g_hash_table_lookup(document->names, at->text);

                g_string_append_printf(text, "%s%s", text->len == 0 ? "" : ", ",
                                       name != NULL       ? name
                                       : at->text != NULL ? at->text
                                                          : "");
        }
        return g_string_free(text, FALSE);
}

static char *value_text(const Document *document, const XNode *value)
{
        const XNode *rich = xnode_child(value, "THE-VALUE");

        if (strcmp(value->name, "ATTRIBUTE-VALUE-ENUMERATION") == 0)
                return enumeration_of(document, value);
        if (xnode_attr(value, "THE-VALUE") != NULL)
                return g_strdup(xnode_attr(value, "THE-VALUE"));
        return rich == NULL ? g_strdup("") : xnode_all_text(rich);
}

static bool is_one_of(const char *name, const char *const *names)
{
        for (; *names != NULL; names++)
                if (g_ascii_strcasecmp(name, *names) == 0)
                        return true;
        return false;
}

typedef struct {
        char *title, *body; /* owned, or NULL */
        json_t *extra;
} Said;

static void said_clear(Said *said)
{
        g_free(said->title);
        g_free(said->body);
        json_decref(said->extra);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Said, said_clear)

static void value_take(const Document *document, const XNode *value, Said *said)
{
        const XNode *definition = xnode_child(value, "DEFINITION");
        const char *id = definition == NULL ? NULL : reference_of(definition, "-REF");
        const char *name = id == NULL ? NULL : g_hash_table_lookup(document->names, id);
        g_autofree char *text = g_strstrip(value_text(document, value));

        if (text[0] == '\0')
                return;
        if (name != NULL && said->title == NULL && is_one_of(name, title_names))
                said->title = g_steal_pointer(&text);
        else if (name != NULL && said->body == NULL && is_one_of(name, text_names))
                said->body = g_steal_pointer(&text);
        else
                tell_put(said->extra, name == NULL ? "?" : name, text);
}

/* ---- objects ---- */

static void object_tell(Document *document, const XNode *object)
{
        const char *id = xnode_attr(object, "IDENTIFIER");
        const XNode *values = xnode_child(object, "VALUES");
        g_autofree char *where = xnode_where(object), *cut = NULL;
        g_auto(Said) said = { .extra = json_object() };
        json_t *attrs;

        if (id == NULL) {
                sink_refuse(document->tell.sink, where, "an object has no IDENTIFIER");
                return;
        }
        for (const XNode *at = values == NULL ? NULL : values->first; at != NULL; at = at->next)
                value_take(document, at, &said);
        if (said.title == NULL && said.body == NULL && json_object_size(said.extra) == 0 &&
            xnode_attr(object, "LONG-NAME") == NULL) {
                document->empty++;
                return;
        }
        cut = said.body == NULL
                      ? NULL
                      : g_utf8_substring(said.body, 0, MIN(g_utf8_strlen(said.body, -1), TITLE_CHARS));
        attrs = json_object();
        if (json_object_size(said.extra) > 0)
                json_object_set(attrs, "extra", said.extra);
        if (!tell_item(&document->tell,
                       (TellItem){ where, "requirement", id,
                                   said.title != NULL                        ? said.title
                                   : xnode_attr(object, "LONG-NAME") != NULL ? xnode_attr(object, "LONG-NAME")
                                                                             : cut,
                                   said.body, attrs, NULL }))
                sink_refuse(document->tell.sink, where, "two objects have the IDENTIFIER %.200s", id);
}

static void relation_tell(const Document *document, const XNode *relation, GHashTable *told)
{
        const char *from = xnode_text(relation, "SOURCE/SPEC-OBJECT-REF"),
                   *to = xnode_text(relation, "TARGET/SPEC-OBJECT-REF");
        g_autofree char *where = xnode_where(relation);

        if (from == NULL || to == NULL || !tell_has(&document->tell, from) || !tell_has(&document->tell, to))
                sink_problem(document->tell.sink, where, "a relation ends at an object that is not imported");
        else if (strcmp(from, to) != 0 && g_hash_table_add(told, g_strdup_printf("%s\n%s", from, to)))
                tell_link(&document->tell, where, from, "relates_to", to, NULL);
}

bool reqif_tell(const Source *source, GBytes *bytes, const char *name, Sink *sink, GError **error)
{
        static const char *const passed_over[] = { "TOOL-EXTENSIONS", "SPECIFICATIONS", NULL };
        g_autoptr(XTree) tree = xtree_load(bytes, source->depth_max, passed_over, error);
        g_autoptr(GHashTable) names = hash_table_new_text(NULL, NULL),
                              told = hash_table_new_text(g_free, NULL);
        Document document = { .names = names };
        const XNode *root;

        if (tree == NULL)
                return false;
        root = xtree_root(tree);
        document.tell = tell_init(sink, "reqif", name);
        names_take(&document, root);
        for (const XNode *at = root; at != NULL; at = xnode_walk(at, root))
                if (strcmp(at->name, "SPEC-OBJECT") == 0)
                        object_tell(&document, at);
        for (const XNode *at = root; at != NULL; at = xnode_walk(at, root))
                if (strcmp(at->name, "SPEC-RELATION") == 0)
                        relation_tell(&document, at, told);
        if (document.empty > 0)
                sink_lost(sink, "", "%zu objects that say nothing", document.empty);
        sink_lost(sink, "", "hierarchies, types, formats of texts, pictures, and extensions of tools");
        tell_clear(&document.tell);
        return true;
}
