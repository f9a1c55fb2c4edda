/* A threat model as native operations: border boundaries are zones, what stands in them is part of them, what flows
 * between them goes over a conduit. Where something stands is decided by the drawing, as the tool itself does. */
#include "exchange/tm7_model.h"

#include "base/hash.h"

#include <string.h>

enum { SOURCE_ID_BYTES_MAX = 1024 };

#define NOWHERE G_MAXSIZE

typedef struct {
        const Tm7Model *model;
        Sink *sink;
        size_t *zones;        /* by element: the border boundary it stands in, or NOWHERE */
        GHashTable *conduits; /* ids of those emitted */
} Teller;

static const Tm7Element *element_at(const Teller *t, size_t i)
{
        return &g_array_index(t->model->elements, Tm7Element, i);
}

/* The element with a GUID, or NOWHERE. */
static size_t element_find(const Teller *t, const char *guid)
{
        guint index = GPOINTER_TO_UINT(g_hash_table_lookup(t->model->by_guid, guid));

        return index == 0 ? NOWHERE : index - 1;
}

static bool is_asset(const Tm7Element *element)
{
        return element->class == TM7_PROCESS || element->class == TM7_EXTERNAL || element->class == TM7_STORE;
}

/* ---- operations ---- */

static json_t *named(const Teller *t, const char *id)
{
        return json_pack("{s:[s, s]}", "source", t->model->system, id);
}

static void link_tell(const Teller *t, size_t line, const char *from, const char *type, const char *to,
                      const char *as)
{
        g_autofree char *where = g_strdup_printf("line %zu", line);
        json_t *op = json_pack("{s:s, s:s, s:o, s:s, s:o}", "op", "link", "where", where, "from",
                               named(t, from), "type", type, "to", named(t, to));

        if (as != NULL)
                json_object_set_new(op, "as", json_string(as));
        sink_op(t->sink, op);
}

/* `attrs` and `tags` are stolen; either may be NULL. */
typedef struct {
        const char *where, *kind, *id, *name, *body;
        json_t *attrs, *tags;
} Item;

static void item_tell(const Teller *t, Item item)
{
        g_autofree char *title = g_strdelimit(g_strdup(item.name), "\r\n\t", ' ');
        json_t *op = json_pack("{s:s, s:s, s:s, s:{s:s, s:s}, s:s, s:s}", "op", "item", "where", item.where,
                               "kind", item.kind, "source", "system", t->model->system, "id", item.id,
                               "title", title, "body", item.body);

        if (item.attrs != NULL)
                json_object_set_new(op, "attrs", item.attrs);
        if (item.tags != NULL)
                json_object_set_new(op, "tags", item.tags);
        sink_op(t->sink, op);
}

static const char *name_of(const Tm7Element *element)
{
        return element->name[0] != '\0'      ? element->name
               : element->stencil[0] != '\0' ? element->stencil
                                             : element->guid;
}

/* Ends that are attached to nothing have no GUID or one of zeros. */
static const char *guid_shown(const char *guid)
{
        return strspn(guid, "0-") == strlen(guid) ? "it is attached to nothing" : guid;
}

static char *where_of(const Tm7Element *element)
{
        return g_strdup_printf("line %zu", element->line);
}

/* What the model says of an element beyond its name. */
static char *body_new(const Teller *t, const Tm7Element *element)
{
        static const char *const words[] = {
                [TM7_PROCESS] = "Process", [TM7_EXTERNAL] = "External interactor", [TM7_STORE] = "Data store",
                [TM7_FLOW] = "Data flow",  [TM7_BORDER] = "Trust boundary",        [TM7_LINE] = "",
                [TM7_ANNOTATION] = ""
        };
        GString *body = g_string_new(words[element->class]);
        const char *diagram = g_ptr_array_index(t->model->surfaces, element->surface);

        if (element->stencil[0] != '\0')
                g_string_append_printf(body, ": %s", element->stencil);
        if (diagram[0] != '\0')
                g_string_append_printf(body, "\nDiagram: %s", diagram);
        if (element->out_of_scope)
                g_string_append_printf(body, "\nOut of scope%s%s", element->reason[0] == '\0' ? "" : ": ",
                                       element->reason);
        if (element->facts->len > 0)
                g_string_append_printf(body, "\n\n%.*s", (int)element->facts->len - 1, element->facts->str);
        return g_string_free(body, FALSE);
}

static json_t *tags_new(const Tm7Element *element)
{
        static const char *const tags[] = {
                [TM7_PROCESS] = "process", [TM7_EXTERNAL] = "external-interactor", [TM7_STORE] = "data-store"
        };
        json_t *list = json_array();

        if (is_asset(element))
                json_array_append_new(list, json_string(tags[element->class]));
        if (element->out_of_scope)
                json_array_append_new(list, json_string("out-of-scope"));
        return list;
}

static void element_tell(const Teller *t, const char *kind, const Tm7Element *element, json_t *attrs)
{
        g_autofree char *body = body_new(t, element), *where = where_of(element);

        item_tell(t, (Item){ where, kind, element->guid, name_of(element), body, attrs, tags_new(element) });
}

/* ---- where things stand ---- */

static bool box_holds_point(const Tm7Box *box, Tm7Point p)
{
        return p.x >= box->left && p.x <= box->left + box->width && p.y >= box->top &&
               p.y <= box->top + box->height;
}

static bool box_holds(const Tm7Box *outer, const Tm7Box *inner)
{
        return box_holds_point(outer, (Tm7Point){ inner->left, inner->top }) &&
               box_holds_point(outer, (Tm7Point){ inner->left + inner->width, inner->top + inner->height });
}

static bool boxes_meet(const Tm7Box *a, const Tm7Box *b)
{
        return a->left < b->left + b->width && b->left < a->left + a->width && a->top < b->top + b->height &&
               b->top < a->top + a->height;
}

/* Of two boundaries around the same thing the smaller one; the GUID decides between equals. */
static bool border_is_inner(const Tm7Element *a, const Tm7Element *b)
{
        const double area_a = a->box.width * a->box.height, area_b = b->box.width * b->box.height;

        return area_a < area_b || (!(area_b < area_a) && strcmp(a->guid, b->guid) < 0);
}

static bool stands_in(const Tm7Element *element, const Tm7Element *border)
{
        const Tm7Point centre = { element->box.left + element->box.width / 2,
                                  element->box.top + element->box.height / 2 };

        if (element->class != TM7_BORDER)
                return box_holds_point(&border->box, centre);
        return box_holds(&border->box, &element->box) && border_is_inner(element, border);
}

static bool is_other_border(const Teller *t, size_t i, size_t border)
{
        const Tm7Element *element = element_at(t, i), *other = element_at(t, border);

        return border != i && other->class == TM7_BORDER && other->placed &&
               other->surface == element->surface;
}

static size_t zone_find(const Teller *t, size_t i)
{
        size_t found = NOWHERE;

        for (size_t j = 0; j < t->model->elements->len; j++)
                if (is_other_border(t, i, j) && stands_in(element_at(t, i), element_at(t, j)) &&
                    (found == NOWHERE || border_is_inner(element_at(t, j), element_at(t, found))))
                        found = j;
        return found;
}

/* Says where the drawing leaves a doubt: the first boundary that neither holds the element whole nor leaves it out. */
static void doubt_tell(const Teller *t, size_t i)
{
        const Tm7Element *element = element_at(t, i), *zone = NULL;
        g_autofree char *where = where_of(element);

        if (t->zones[i] != NOWHERE)
                zone = element_at(t, t->zones[i]);
        for (size_t j = 0; j < t->model->elements->len; j++) {
                const Tm7Element *other = element_at(t, j);

                if (!is_other_border(t, i, j) || !boxes_meet(&element->box, &other->box) ||
                    box_holds(&other->box, &element->box) || box_holds(&element->box, &other->box))
                        continue;
                sink_problem(t->sink, where,
                             "\"%.100s\" is drawn across the edge of \"%.100s\"; it is taken as %s",
                             name_of(element), name_of(other),
                             other == zone ? "inside, since its centre is" : "not inside");
                return;
        }
        for (size_t j = 0; j < t->model->elements->len && zone != NULL; j++)
                if (is_other_border(t, i, j) && stands_in(element, element_at(t, j)) &&
                    !box_holds(&element_at(t, j)->box, &zone->box)) {
                        sink_problem(
                                t->sink, where,
                                "\"%.100s\" stands in \"%.100s\" and in \"%.100s\", which overlap; it is taken as "
                                "part of the smaller one",
                                name_of(element), name_of(zone), name_of(element_at(t, j)));
                        return;
                }
}

static void zones_find(Teller *t)
{
        for (size_t i = 0; i < t->model->elements->len; i++) {
                const Tm7Element *element = element_at(t, i);
                g_autofree char *where = where_of(element);

                t->zones[i] = NOWHERE;
                if (!is_asset(element) && element->class != TM7_BORDER)
                        continue;
                if (element->placed) {
                        t->zones[i] = zone_find(t, i);
                        doubt_tell(t, i);
                } else
                        sink_problem(t->sink, where, "\"%.100s\" has no place on its diagram, so %s",
                                     name_of(element),
                                     element->class == TM7_BORDER ? "nothing is part of it"
                                                                  : "it is part of no zone");
        }
}

/* ---- lines across ---- */

static double side(Tm7Point a, Tm7Point b, Tm7Point p)
{
        return (b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x);
}

static bool segments_cross(Tm7Point a, Tm7Point b, Tm7Point c, Tm7Point d)
{
        return (side(a, b, c) > 0) != (side(a, b, d) > 0) && (side(c, d, a) > 0) != (side(c, d, b) > 0);
}

/* Both are bent at their handle. */
static bool paths_cross(const Tm7Point *a, const Tm7Point *b)
{
        for (int i = 0; i < 2; i++)
                for (int j = 0; j < 2; j++)
                        if (segments_cross(a[i], a[i + 1], b[j], b[j + 1]))
                                return true;
        return false;
}

/* A line says that trust changes across it, but no area to be a zone. */
static void line_tell(const Teller *t, const Tm7Element *line)
{
        enum { SHOWN = 20 };
        g_autoptr(GString) crossed = g_string_new(NULL);
        g_autofree char *where = where_of(line);
        size_t n = 0;

        for (size_t i = 0; i < t->model->elements->len; i++) {
                const Tm7Element *flow = element_at(t, i);

                if (flow->class != TM7_FLOW || flow->surface != line->surface || !flow->placed ||
                    !line->placed || !paths_cross(flow->path, line->path))
                        continue;
                if (n++ < SHOWN)
                        g_string_append_printf(crossed, "%s\"%.100s\"", n > 1 ? ", " : "", name_of(flow));
        }
        sink_lost(t->sink, where,
                  "the line boundary \"%.100s\" encloses no area, so it makes no zone; it is crossed by %s%s",
                  name_of(line), n == 0 ? "no flow" : crossed->str, n > SHOWN ? " and others" : "");
}

/* ---- elements ---- */

static const char *zone_guid(const Teller *t, size_t element)
{
        return t->zones[element] == NOWHERE ? "" : element_at(t, t->zones[element])->guid;
}

static const char *zone_name(const Teller *t, size_t element)
{
        return t->zones[element] == NOWHERE ? "outside" : name_of(element_at(t, t->zones[element]));
}

/* The conduit between the zones of two elements: one for each pair of zones. */
static void conduit_tell(Teller *t, const Tm7Element *flow, size_t source, size_t target)
{
        const char *a = zone_guid(t, source), *b = zone_guid(t, target);
        const bool swapped = strcmp(a, b) > 0;
        g_autofree char *id = g_strdup_printf("conduit:%s:%s", swapped ? b : a, swapped ? a : b);
        g_autofree char *title = g_strdup_printf("%.1000s \xe2\x80\x93 %.1000s", zone_name(t, source),
                                                 zone_name(t, target));
        g_autofree char *valid = g_utf8_make_valid(title, -1), *where = where_of(flow);

        if (g_hash_table_add(t->conduits, g_strdup(id))) {
                item_tell(t, (Item){ where, "conduit", id, valid, "", NULL, NULL });
                if (a[0] != '\0')
                        link_tell(t, flow->line, id, "connects", a, "a");
                if (b[0] != '\0')
                        link_tell(t, flow->line, id, "connects", b, a[0] == '\0' ? "a" : "b");
                if (a[0] == '\0' || b[0] == '\0')
                        sink_problem(
                                t->sink, where,
                                "\"%.100s\" goes between \"%.100s\" and something in no boundary, so its conduit "
                                "has one end",
                                name_of(flow), a[0] == '\0' ? zone_name(t, target) : zone_name(t, source));
        }
        link_tell(t, flow->line, flow->guid, "connects", id, NULL);
}

static void flow_tell(Teller *t, const Tm7Element *flow)
{
        const char *const roles[] = { "source", "sink" }, *const ends[] = { flow->source, flow->target };
        const bool protocol = !flow->generic && strcmp(flow->stencil, "Request") != 0 &&
                              strcmp(flow->stencil, "Response") != 0 && flow->stencil[0] != '\0';
        json_t *attrs = json_object();
        g_autofree char *where = where_of(flow);
        size_t found[2];

        if (protocol)
                json_object_set_new(attrs, "protocol", json_string(flow->stencil));
        if (flow->confidential)
                json_object_set_new(attrs, "encrypted", json_true());
        element_tell(t, "flow", flow, attrs);
        for (int i = 0; i < 2; i++) {
                found[i] = element_find(t, ends[i]);
                if (found[i] != NOWHERE && !is_asset(element_at(t, found[i])))
                        found[i] = NOWHERE;
                if (found[i] != NOWHERE)
                        link_tell(t, flow->line, flow->guid, "connects", ends[i], roles[i]);
                else
                        sink_problem(t->sink, where, "the %s of \"%.100s\" is no element of the model: %.64s",
                                     roles[i], name_of(flow), guid_shown(ends[i]));
        }
        if (found[0] != NOWHERE && found[1] != NOWHERE && t->zones[found[0]] != t->zones[found[1]])
                conduit_tell(t, flow, found[0], found[1]);
}

static void elements_tell(Teller *t)
{
        const size_t n = t->model->elements->len;
        g_autofree char *where = NULL;

        for (size_t i = 0; i < n; i++)
                if (element_at(t, i)->class == TM7_BORDER)
                        element_tell(t, "zone", element_at(t, i), NULL);
                else if (is_asset(element_at(t, i)))
                        element_tell(t, "asset", element_at(t, i), NULL);
        for (size_t i = 0; i < n; i++)
                if (t->zones[i] != NOWHERE)
                        link_tell(t, element_at(t, i)->line, element_at(t, i)->guid, "part_of",
                                  zone_guid(t, i), NULL);
        for (size_t i = 0; i < n; i++) {
                const Tm7Element *element = element_at(t, i);

                if (element->class == TM7_FLOW)
                        flow_tell(t, element);
                else if (element->class == TM7_LINE)
                        line_tell(t, element);
                else if (element->class == TM7_ANNOTATION) {
                        g_free(where);
                        where = where_of(element);
                        sink_lost(t->sink, where, "the free text \"%.100s\"", name_of(element));
                }
        }
}

/* ---- threats ---- */

static void paragraph(GString *body, const char *heading, const char *text)
{
        if (text[0] != '\0')
                g_string_append_printf(body, "%s%s%s", body->len == 0 ? "" : "\n\n", heading, text);
}

static char *threat_body_new(const Teller *t, const Tm7Threat *threat)
{
        GString *body = g_string_new(NULL);

        paragraph(body, "", threat->description);
        paragraph(body, "Justification: ", threat->justification);
        paragraph(body, "Possible mitigations: ", threat->mitigations);
        for (guint i = 0; i + 1 < threat->extra->len; i += 2) {
                const char *name = g_ptr_array_index(threat->extra, i);
                const char *label = g_hash_table_lookup(t->model->labels, name);
                g_autofree char *line = g_strdup_printf("- %s: %s", label == NULL ? name : label,
                                                        (const char *)g_ptr_array_index(threat->extra,
                                                                                        i + 1));

                g_string_append_printf(body, "%s%s",
                                       i > 0            ? "\n"
                                       : body->len == 0 ? ""
                                                        : "\n\n",
                                       g_strdelimit(line, "\r\n\t", ' '));
        }
        return g_string_free(body, FALSE);
}

/* By which way it comes: the flow, and what it goes between. */
static char *vector_new(const Teller *t, const Tm7Threat *threat)
{
        const size_t flow = element_find(t, threat->flow), source = element_find(t, threat->source),
                     target = element_find(t, threat->target);
        GString *vector = g_string_new(flow != NOWHERE ? name_of(element_at(t, flow)) : threat->interaction);

        if (source != NOWHERE)
                g_string_append_printf(vector, "%sfrom %s", vector->len == 0 ? "" : ", ",
                                       name_of(element_at(t, source)));
        if (target != NOWHERE)
                g_string_append_printf(vector, "%sto %s",
                                       vector->len == 0    ? ""
                                       : source != NOWHERE ? " "
                                                           : ", ",
                                       name_of(element_at(t, target)));
        return g_string_free(vector, FALSE);
}

static void threat_tell(const Teller *t, const Tm7Threat *threat)
{
        const size_t target = element_find(t, threat->target), flow = element_find(t, threat->flow);
        g_autofree char *body = threat_body_new(t, threat), *vector = vector_new(t, threat),
                        *where = g_strdup_printf("line %zu", threat->line);
        json_t *attrs = json_object(), *tags = json_array();

        if (strlen(threat->id) > SOURCE_ID_BYTES_MAX) {
                sink_refuse(t->sink, where, "the Key of a threat has at most %d bytes", SOURCE_ID_BYTES_MAX);
                json_decref(attrs);
                json_decref(tags);
                return;
        }
        if (threat->category[0] != '\0')
                json_object_set_new(attrs, "category", json_string(threat->category));
        if (threat->priority[0] != '\0')
                json_object_set_new(attrs, "priority", json_string(threat->priority));
        if (vector[0] != '\0')
                json_object_set_new(attrs, "vector", json_string(vector));
        if (threat->state[0] != '\0')
                json_array_append_new(tags, json_sprintf("tm7:%s", threat->state));
        item_tell(t, (Item){ where, "threat", threat->id,
                             threat->title[0] == '\0' ? threat->id : threat->title, body, attrs, tags });
        if (target != NOWHERE && is_asset(element_at(t, target)))
                link_tell(t, threat->line, threat->id, "threatens", threat->target, NULL);
        else
                sink_problem(t->sink, where, "the threat's target is no element of the model: %.64s",
                             guid_shown(threat->target));
        if (flow != NOWHERE && element_at(t, flow)->class == TM7_FLOW)
                link_tell(t, threat->line, threat->id, "relates_to", threat->flow, NULL);
}

void tm7_tell(const Tm7Model *model, Sink *sink)
{
        g_autoptr(GHashTable) conduits = hash_table_new_text(g_free, NULL);
        g_autofree size_t *zones = g_new(size_t, model->elements->len + 1);
        Teller t = { model, sink, zones, conduits };

        zones_find(&t);
        elements_tell(&t);
        for (guint i = 0; i < model->threats->len; i++)
                threat_tell(&t, &g_array_index(model->threats, Tm7Threat, i));
        if (model->assumptions != NULL && model->assumptions[0] != '\0')
                item_tell(&t, (Item){ "model", "assumption", "assumptions", "Assumptions of the threat model",
                                      model->assumptions, NULL, NULL });
        if (model->elements->len > 0)
                sink_lost(sink, "model", "the drawing itself: places, sizes and the order of flows");
        if (model->threats->len > 0)
                sink_lost(sink, "model", "the numbers of threats, and who changed them when");
        if (model->template != NULL)
                sink_lost(sink, "model", "the template \"%.100s\" with its %zu threat types", model->template,
                          model->threat_types);
}
