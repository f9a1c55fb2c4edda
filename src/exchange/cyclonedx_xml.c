/* The XML form: a walk over the events of the reader by the tables of element types. What an element may hold is a regular
 * expression over names; its positions and what may follow each (Glushkov 1961) fit one word, since the schemas are
 * deterministic: the last position alone says what may come next. */
#include "exchange/cyclonedx.h"
#include "exchange/xml.h"

#include <string.h>

static const char space_prefix[] = "http://cyclonedx.org/schema/bom/";
static const char instance_space[] = "http://www.w3.org/2001/XMLSchema-instance";

/* Positions of one content model in one version. */
typedef struct {
        const CdxOp *names[CDX_POSITIONS_MAX];
        uint64_t follow[CDX_POSITIONS_MAX];
        uint64_t first, last;
        uint8_t n;
        bool nullable, made;
} Model;

typedef struct {
        Cdx *cdx;
        Xml *xml;
        uint8_t version;
        char *space;
        Model *models; /* by element type, made when first met */
} Walk;

static char *where_of(const void *walker)
{
        return xml_where(((const Walk *)walker)->xml);
}

/* ---- content models ---- */

/* A part of an expression: where it may begin and end. */
typedef struct {
        uint64_t first, last;
        bool nullable;
} Piece;

static void follow_with(Model *model, uint64_t from, uint64_t to)
{
        for (uint8_t i = 0; i < model->n; i++)
                if ((from >> i & 1) != 0)
                        model->follow[i] |= to;
}

static Piece join(Model *model, Piece a, Piece b)
{
        follow_with(model, a.last, b.first);
        return (Piece){ .first = a.first | (a.nullable ? b.first : 0),
                        .last = b.last | (b.nullable ? a.last : 0),
                        .nullable = a.nullable && b.nullable };
}

static Piece position_new(Model *model, const CdxOp *op)
{
        uint64_t bit = UINT64_C(1) << model->n;

        model->names[model->n++] = op;
        return (Piece){ .first = bit, .last = bit };
}

static void combine(Model *model, const CdxOp *op, Piece *stack, size_t *depth)
{
        Piece *top = &stack[*depth - 1];

        switch ((CdxOpKind)op->kind) {
        case CDX_OP_SEQUENCE:
                *depth -= op->n - 1u;
                for (size_t i = 1; i < op->n; i++)
                        stack[*depth - 1] = join(model, stack[*depth - 1], stack[*depth - 1 + i]);
                break;
        case CDX_OP_CHOICE:
                *depth -= op->n - 1u;
                for (size_t i = 1; i < op->n; i++) {
                        stack[*depth - 1].first |= stack[*depth - 1 + i].first;
                        stack[*depth - 1].last |= stack[*depth - 1 + i].last;
                        stack[*depth - 1].nullable |= stack[*depth - 1 + i].nullable;
                }
                break;
        case CDX_OP_OPTIONAL:
                top->nullable = true;
                break;
        case CDX_OP_MANY:
        case CDX_OP_SOME:
                follow_with(model, top->last, top->first);
                top->nullable |= op->kind == CDX_OP_MANY;
                break;
        default:
                stack[(*depth)++] = position_new(model, op);
                break;
        }
}

static const Model *model_of(Walk *w, uint16_t type)
{
        const CdxElement *element = &cdx_elements[type];
        Model *model = &w->models[type];
        Piece all = { .nullable = true };

        if (model->made)
                return model;
        model->made = true;
        for (size_t i = 0; i < element->n; i++) {
                const CdxNode *node = &cdx_nodes[element->first + i];
                Piece stack[CDX_POSITIONS_MAX + 1] = { 0 };
                size_t depth = 0;

                if (node->kind != CDX_NODE_CONTENT || !cdx_holds(node->since, node->until, w->version))
                        continue;
                for (size_t j = 0; j < node->op_n; j++)
                        combine(model, &cdx_ops[node->op_first + j], stack, &depth);
                all = join(model, all, stack[0]);
        }
        model->first = all.first;
        model->last = all.last;
        model->nullable = all.nullable;
        return model;
}

/* The position in `set` that takes an element of this name, or of another namespace for NULL; -1 for none. */
static int position_find(const Model *model, uint64_t set, const char *name)
{
        for (; set != 0; set &= set - 1) {
                int at = __builtin_ctzll(set);
                const CdxOp *op = model->names[at];

                if (name == NULL ? op->kind == CDX_OP_OTHER
                                 : op->kind == CDX_OP_NAME && strcmp(op->name, name) == 0)
                        return at;
        }
        return -1;
}

/* The names of positions, as `<a>, <b>`. */
static char *names_text(const Model *model, uint64_t set)
{
        g_autoptr(GString) text = g_string_new(NULL);

        for (; set != 0; set &= set - 1) {
                const CdxOp *op = model->names[__builtin_ctzll(set)];

                if (op->kind == CDX_OP_NAME)
                        g_string_append_printf(text, "%s<%s>", text->len == 0 ? "" : ", ", op->name);
        }
        return g_string_free(g_steal_pointer(&text), FALSE);
}

/* ---- attributes and texts ---- */

static const CdxNode *node_find(const Walk *w, const CdxElement *element, CdxNodeKind kind, const char *name)
{
        for (size_t i = 0; i < element->n; i++) {
                const CdxNode *node = &cdx_nodes[element->first + i];

                if (node->kind == kind && cdx_holds(node->since, node->until, w->version) &&
                    (name == NULL || strcmp(node->name, name) == 0))
                        return node;
        }
        return NULL;
}

/* Checks a text and tells it on. Only plain text keeps the white space around it, and only while it is checked. */
static void take_text(Walk *w, CdxScope *scope, uint16_t value, CdxRole role, const char *text)
{
        const CdxValue *want = &cdx_values[value];
        g_autofree char *bare = g_strstrip(g_strdup(text)), *why = NULL;
        CdxVerdict verdict = cdx_check_lexical(want, w->version, want->shape == CDX_SHAPE_TEXT ? text : bare,
                                               cdx_reason(w->cdx, want, &why));

        cdx_judge(w->cdx, scope, verdict, why);
        if (role != CDX_ROLE_NONE)
                cdx_text(w->cdx, scope, role, bare, strlen(bare));
}

/* An attribute the type does not know. */
static void take_other_attribute(Walk *w, CdxScope *scope, const CdxElement *element, const char *space,
                                 const char *name)
{
        g_autofree char *shown = cdx_shown(name, strlen(name));

        if (strcmp(space, instance_space) == 0 ||
            (element != NULL && node_find(w, element, CDX_NODE_ANY_ATTRIBUTES, NULL) != NULL) ||
            (element != NULL && space[0] != '\0' &&
             node_find(w, element, CDX_NODE_OTHER_ATTRIBUTES, NULL) != NULL))
                return;
        cdx_refuse(w->cdx, scope, "CycloneDX 1.%d allows no attribute \"%s\" on <%s>", w->version, shown,
                   xml_name(w->xml));
}

/* The attributes of an element; `element` is NULL for a type that has none. */
static void take_attributes(Walk *w, CdxScope *scope, const CdxElement *element)
{
        XmlAttrs attrs = xml_attrs(w->xml);
        const char *space, *name, *value;

        while (xml_attrs_next(w->xml, &attrs, &space, &name, &value)) {
                const CdxNode *node = element == NULL || space[0] != '\0'
                                              ? NULL
                                              : node_find(w, element, CDX_NODE_ATTRIBUTE, name);

                if (node == NULL) {
                        take_other_attribute(w, scope, element, space, name);
                        continue;
                }
                if (node->role == CDX_ROLE_NONE)
                        cdx_unread(w->cdx, scope, node->name);
                take_text(w, scope, node->value, (CdxRole)node->role, value);
        }
        for (size_t i = 0; element != NULL && i < element->n; i++) {
                const CdxNode *node = &cdx_nodes[element->first + i];

                if (node->required && cdx_holds(node->since, node->until, w->version) &&
                    xml_attr(w->xml, node->name) == NULL)
                        cdx_refuse(w->cdx, scope, "the attribute \"%s\" of <%s> is missing", node->name,
                                   xml_name(w->xml));
        }
}

/* ---- elements ---- */

static bool is_blank(const char *text)
{
        return text[strspn(text, " \t\r\n")] == '\0';
}

/* An element that has only text. */
static bool walk_simple(Walk *w, CdxScope *scope, const CdxOp *op, GError **error)
{
        g_autoptr(GString) text = g_string_new(NULL);
        XmlEvent event = XML_EVENT_OPEN;

        take_attributes(w, scope, NULL);
        while (event != XML_EVENT_CLOSE) {
                if (!xml_next(w->xml, &event, error))
                        return false;
                if (event == XML_EVENT_TEXT)
                        g_string_append(text, xml_text(w->xml));
                if (event != XML_EVENT_OPEN)
                        continue;
                cdx_refuse(w->cdx, scope, "<%s> holds text, and no elements", op->name);
                if (!xml_skip(w->xml, error))
                        return false;
                event = XML_EVENT_OPEN;
        }
        take_text(w, scope, op->value, (CdxRole)op->role, text->str);
        return true;
}

static bool walk_complex(Walk *w, CdxScope *outer, uint16_t type, CdxRole role, GError **error);

static bool walk_child(Walk *w, CdxScope *scope, const CdxOp *op, GError **error)
{
        if (op->kind == CDX_OP_OTHER)
                return xml_skip(w->xml, error);
        if (op->role == CDX_ROLE_NONE)
                cdx_unread(w->cdx, scope, op->name);
        switch ((CdxShape)cdx_values[op->value].shape) {
        case CDX_SHAPE_ELEMENT:
                return walk_complex(w, scope, cdx_values[op->value].of, (CdxRole)op->role, error);
        case CDX_SHAPE_ANY:
                return xml_skip(w->xml, error);
        default:
                return walk_simple(w, scope, op, error);
        }
}

/* A child that was opened: where it stands in the content. One that is out of place is refused, and read all the same
 * when the type knows it elsewhere. */
static bool take_child(Walk *w, CdxScope *scope, const Model *model, int *state, GError **error)
{
        const char *name = strcmp(xml_space(w->xml), w->space) == 0 ? xml_name(w->xml)
                           : xml_space(w->xml)[0] == '\0'           ? ""
                                                                    : NULL;
        uint64_t allowed = *state < 0 ? model->first : model->follow[*state];
        int at = position_find(model, allowed, name);

        if (at < 0) {
                g_autofree char *shown = cdx_shown(xml_name(w->xml), strlen(xml_name(w->xml)));
                g_autofree char *wanted = names_text(model, allowed);

                cdx_refuse(w->cdx, scope, "CycloneDX 1.%d allows no <%s>%s here%s%s", w->version, shown,
                           name == NULL      ? " of another namespace"
                           : name[0] == '\0' ? " without namespace"
                                             : "",
                           wanted[0] == '\0' ? "" : "; allowed are ", wanted);
                if (model->n > 0)
                        at = position_find(model, ~UINT64_C(0) >> (CDX_POSITIONS_MAX - model->n), name);
                if (at < 0)
                        return xml_skip(w->xml, error);
        }
        *state = at;
        return walk_child(w, scope, model->names[at], error);
}

static bool walk_content(Walk *w, CdxScope *scope, uint16_t type, GString *text, GError **error)
{
        const CdxElement *element = &cdx_elements[type];
        const Model *model = model_of(w, type);
        const bool takes_text = node_find(w, element, CDX_NODE_TEXT, NULL) != NULL ||
                                node_find(w, element, CDX_NODE_MIXED, NULL) != NULL;
        bool complained = false;
        XmlEvent event = XML_EVENT_OPEN;
        int state = -1;

        for (;;) {
                if (!xml_next(w->xml, &event, error))
                        return false;
                if (event == XML_EVENT_CLOSE)
                        break;
                if (event == XML_EVENT_OPEN) {
                        if (!take_child(w, scope, model, &state, error))
                                return false;
                        if (cdx_is_hopeless(w->cdx))
                                return cdx_finish(w->cdx, error);
                        continue;
                }
                if (takes_text) {
                        g_string_append(text, xml_text(w->xml));
                } else if (!complained && !is_blank(xml_text(w->xml))) {
                        complained = true;
                        cdx_refuse(w->cdx, scope, "text is not allowed here");
                }
        }
        if (state < 0 ? !model->nullable : (model->last >> state & 1) == 0) {
                g_autofree char *wanted = names_text(model, state < 0 ? model->first : model->follow[state]);

                cdx_refuse(w->cdx, scope, "<%s> ends too early; it could go on with %s", xml_name(w->xml),
                           wanted);
        }
        return true;
}

static bool walk_complex(Walk *w, CdxScope *outer, uint16_t type, CdxRole role, GError **error)
{
        const CdxElement *element = &cdx_elements[type];
        g_autoptr(GString) text = g_string_new(NULL);
        const CdxNode *node = node_find(w, element, CDX_NODE_TEXT, NULL);
        CdxScope own, *scope = cdx_enter(w->cdx, &own, outer, role);
        bool good;

        take_attributes(w, scope, element);
        good = walk_content(w, scope, type, text, error);
        if (good && node != NULL)
                take_text(w, scope, node->value, (CdxRole)node->role, text->str);
        cdx_leave(w->cdx, &own, scope);
        return good;
}

/* ---- the bill ---- */

static bool read_root(Walk *w, GError **error)
{
        const char *space;

        if (!xml_root(w->xml, error))
                return false;
        space = xml_space(w->xml);
        if (!xml_is(w->xml, "bom") || !g_str_has_prefix(space, space_prefix)) {
                g_autofree char *where = xml_where(w->xml), *shown = cdx_shown(space, strlen(space));

                error_set(error, ZW_ERR_INPUT, where,
                          "the root is not <bom> of a namespace of CycloneDX (%s1.x), but <%.60s> of \"%s\"",
                          space_prefix, xml_name(w->xml), shown);
                return false;
        }
        if (!cdx_take_version(w->cdx, space + strlen(space_prefix), error))
                return false;
        w->version = cdx_version(w->cdx);
        w->space = g_strdup(space);
        return true;
}

static bool read_bill(Walk *w, GError **error)
{
        CdxScope top = { 0 };
        g_autoptr(GString) text = g_string_new(NULL);
        XmlEvent event;

        take_attributes(w, &top, &cdx_elements[cdx_element_bom]);
        if (!walk_content(w, &top, cdx_element_bom, text, error))
                return false;
        do {
                if (!xml_next(w->xml, &event, error))
                        return false;
        } while (event != XML_EVENT_END);
        return cdx_finish(w->cdx, error);
}

bool cyclonedx_xml_read(const Source *source, Sink *sink, GError **error)
{
        g_autoptr(Xml) xml = xml_count_check(source->bytes, "component", CDX_ARRAY_MAX, error)
                                     ? xml_new(source->bytes, source->depth_max, CDX_ELEMENTS_MAX, error)
                                     : NULL;
        Walk w = { .xml = xml };
        g_autoptr(Cdx) cdx = cdx_new(source, sink, true, where_of, &w);
        bool good;

        w.cdx = cdx;
        w.models = g_new0(Model, cdx_n_elements);
        good = xml != NULL && read_root(&w, error) && read_bill(&w, error);
        g_free(w.models);
        g_free(w.space);
        return good;
}
