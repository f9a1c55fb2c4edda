/* Boxes of trust are zones, and hold what has its centre in them, the smallest of several; actors, processes and stores are assets. */
#include "exchange/threat_dragon.h"

#include "exchange/drawn.h"

#include <string.h>

typedef enum { CELL_OTHER, CELL_ASSET, CELL_FLOW, CELL_BOX, CELL_CURVE } CellClass;

/* Names of version 2 and of version 1. */
static CellClass class_of(JVal cell)
{
        static const struct {
                const char *name;
                CellClass class;
        } names[] = { { "actor", CELL_ASSET },
                      { "process", CELL_ASSET },
                      { "store", CELL_ASSET },
                      { "flow", CELL_FLOW },
                      { "trust-boundary-box", CELL_BOX },
                      { "trust-boundary-curve", CELL_CURVE },
                      { "trust-broundary-curve", CELL_CURVE },
                      { "tm.Actor", CELL_ASSET },
                      { "tm.Process", CELL_ASSET },
                      { "tm.Store", CELL_ASSET },
                      { "tm.Flow", CELL_FLOW },
                      { "tm.Boundary", CELL_CURVE },
                      { "tm.BoundaryBox", CELL_BOX } };
        const char *shape = jval_get_text(cell, "shape");

        if (shape == NULL)
                shape = jval_get_text(cell, "type");
        for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
                if (g_strcmp0(shape, names[i].name) == 0)
                        return names[i].class;
        return CELL_OTHER;
}

/* Version 2 keeps what a cell says in `data`, version 1 in the cell. */
static JVal data_of(JVal cell)
{
        JVal data = jval_get(cell, "data");

        return data.type == JVAL_OBJECT ? data : cell;
}

static const char *label_text(JVal cell)
{
        JIter labels = jval_iter(jval_get(cell, "labels"));
        JVal label, attrs;
        const char *text;

        if (!jiter_next(&labels, &label))
                return NULL;
        attrs = jval_get(label, "attrs");
        text = jval_get_text(jval_get(attrs, "text"), "text");
        return text != NULL ? text : jval_get_text(jval_get(attrs, "labelText"), "text");
}

static const char *title_of(JVal cell)
{
        const char *name = jval_get_text(jval_get(cell, "data"), "name");

        if (name == NULL || name[0] == '\0')
                name = jval_get_text(jval_get(jval_get(cell, "attrs"), "text"), "text");
        return name == NULL || name[0] == '\0' ? label_text(cell) : name;
}

/* ---- where things stand ---- */

typedef struct {
        double x, y, width, height;
} Box;

static bool number_of(JVal object, const char *name, double *ret_number)
{
        return jval_real(jval_get(object, name), ret_number);
}

static bool box_read(JVal cell, Box *ret_box)
{
        JVal position = jval_get(cell, "position"), size = jval_get(cell, "size");

        return number_of(position, "x", &ret_box->x) && number_of(position, "y", &ret_box->y) &&
               number_of(size, "width", &ret_box->width) && number_of(size, "height", &ret_box->height);
}

static bool holds(const Box *outer, const Box *inner)
{
        const double x = inner->x + inner->width / 2, y = inner->y + inner->height / 2;

        return x >= outer->x && x <= outer->x + outer->width && y >= outer->y &&
               y <= outer->y + outer->height && outer->width * outer->height > inner->width * inner->height;
}

typedef struct {
        Box box;
        const char *id;
} Zone;

/* The smallest box around a cell, or NULL. */
static const char *zone_of(const GArray *zones, JVal cell)
{
        const Zone *found = NULL;
        Box box;

        if (!box_read(cell, &box))
                return NULL;
        for (guint i = 0; i < zones->len; i++) {
                const Zone *zone = &g_array_index(zones, Zone, i);

                if (holds(&zone->box, &box) &&
                    (found == NULL ||
                     zone->box.width * zone->box.height < found->box.width * found->box.height))
                        found = zone;
        }
        return found == NULL ? NULL : found->id;
}

/* ---- cells ---- */

typedef struct {
        Drawn *drawn;
        const GArray *zones;
        size_t curves;
} Diagram;

static DrawnItem item_of(JVal cell, const char *where)
{
        JVal data = data_of(cell);
        json_t *tags = json_array();
        const char *kind = jval_get_text(data, "type");
        bool out = false;

        if (kind != NULL && g_str_has_prefix(kind, "tm."))
                json_array_append_new(tags, json_string(kind + strlen("tm.")));
        if (jval_bool(jval_get(data, "outOfScope"), &out) && out)
                json_array_append_new(tags, json_string("out-of-scope"));
        return (DrawnItem){ where,          jval_get_text(cell, "id"),
                            title_of(cell), jval_get_text(data, "description"),
                            NULL,           tags };
}

static void things_tell(Diagram *diagram, JVal cell, const char *where)
{
        const CellClass class = class_of(cell);

        if (class == CELL_BOX)
                (void)drawn_tell(diagram->drawn, DRAWN_ZONE, item_of(cell, where));
        else if (class == CELL_ASSET)
                (void)drawn_tell(diagram->drawn, DRAWN_ASSET, item_of(cell, where));
        else if (class == CELL_CURVE)
                diagram->curves++;
}

static void places_tell(Diagram *diagram, JVal cell, const char *where)
{
        const CellClass class = class_of(cell);
        const char *id = jval_get_text(cell, "id");

        if (id != NULL && (class == CELL_BOX || class == CELL_ASSET))
                drawn_put_into(diagram->drawn, where, class == CELL_BOX ? DRAWN_ZONE : DRAWN_ASSET, id,
                               zone_of(diagram->zones, cell));
}

static const char *end_of(JVal cell, const char *name)
{
        JVal end = jval_get(cell, name);
        const char *id = jval_get_text(end, "cell");

        return id != NULL ? id : jval_get_text(end, "id");
}

static void flows_tell(Diagram *diagram, JVal cell, const char *where)
{
        const char *id = jval_get_text(cell, "id"), *protocol = jval_get_text(data_of(cell), "protocol");
        DrawnItem item;

        if (class_of(cell) != CELL_FLOW)
                return;
        item = item_of(cell, where);
        item.attrs = json_object();
        tell_put(item.attrs, "protocol", protocol);
        if (drawn_tell(diagram->drawn, DRAWN_FLOW, item))
                drawn_connect(diagram->drawn, where, id, end_of(cell, "source"), end_of(cell, "target"));
}

/* A threat at a flow threatens what the flow leads to. */
static void threat_tell(Drawn *drawn, JVal cell, JVal threat, size_t i, const char *where)
{
        const char *cell_id = jval_get_text(cell, "id"), *own = jval_get_text(threat, "id"),
                   *mitigation = jval_get_text(threat, "mitigation"), *target = cell_id,
                   *status = jval_get_text(threat, "status");
        g_autofree char *id = own != NULL ? g_strdup(own) : g_strdup_printf("%s#%zu", cell_id, i);
        g_autofree char *body = g_strdup_printf(
                "%s%s%s",
                jval_get_text(threat, "description") == NULL ? "" : jval_get_text(threat, "description"),
                mitigation == NULL || mitigation[0] == '\0' ? "" : "\n\nMitigation: ",
                mitigation == NULL ? "" : mitigation);
        json_t *attrs = json_object(), *tags = json_array();

        tell_put(attrs, "category", jval_get_text(threat, "type"));
        tell_put(attrs, "priority", jval_get_text(threat, "severity"));
        if (status != NULL)
                json_array_append_new(tags, json_sprintf("threat-dragon:%s", status));
        if (!drawn_tell(drawn, DRAWN_THREAT,
                        (DrawnItem){ where, id, jval_get_text(threat, "title"), body, attrs, tags }))
                return;
        if (class_of(cell) == CELL_FLOW)
                target = end_of(cell, "target");
        drawn_link(drawn, where, DRAWN_THREAT, id, "threatens", DRAWN_ASSET, target);
}

static void threats_tell(Diagram *diagram, JVal cell, const char *where)
{
        const CellClass class = class_of(cell);
        JIter iter = jval_iter(jval_get(data_of(cell), "threats"));
        JVal threat;

        if (jval_get_text(cell, "id") == NULL || (class != CELL_ASSET && class != CELL_FLOW))
                return;
        for (size_t i = 0; jiter_next(&iter, &threat); i++)
                threat_tell(diagram->drawn, cell, threat, i, where);
}

/* ---- diagrams ---- */

static JVal cells_of(JVal diagram)
{
        JVal older = jval_get(diagram, "diagramJson");

        return jval_get(older.type == JVAL_OBJECT ? older : diagram, "cells");
}

static GArray *zones_find(JVal cells)
{
        GArray *zones = g_array_new(FALSE, FALSE, sizeof(Zone));
        JIter iter = jval_iter(cells);
        JVal cell;

        while (jiter_next(&iter, &cell)) {
                Zone zone = { .id = jval_get_text(cell, "id") };

                if (class_of(cell) == CELL_BOX && zone.id != NULL && box_read(cell, &zone.box))
                        g_array_append_val(zones, zone);
        }
        return zones;
}

static void diagram_tell(Drawn *drawn, JVal given, size_t number)
{
        static void (*const steps[])(Diagram * diagram, JVal cell,
                                     const char *where) = { things_tell, places_tell, flows_tell,
                                                            threats_tell };
        g_autoptr(GArray) zones = zones_find(cells_of(given));
        Diagram diagram = { drawn, zones, 0 };

        for (size_t step = 0; step < G_N_ELEMENTS(steps); step++) {
                JIter iter = jval_iter(cells_of(given));
                JVal cell;

                for (size_t i = 0; jiter_next(&iter, &cell); i++) {
                        g_autofree char *where = g_strdup_printf("/detail/diagrams/%zu/cells/%zu", number, i);

                        steps[step](&diagram, cell, where);
                }
        }
        if (diagram.curves > 0) {
                g_autofree char *where = g_strdup_printf("/detail/diagrams/%zu", number);

                sink_lost(drawn->tell.sink, where,
                          "%zu boundaries that are lines: they enclose nothing, so they make no zone",
                          diagram.curves);
        }
}

void threat_dragon_tell(JVal root, Sink *sink, const char *file)
{
        const char *title = jval_get_text(jval_get(root, "summary"), "title");
        g_auto(Drawn) drawn = drawn_init(sink, "threat-dragon", title, file);
        JIter iter = jval_iter(jval_get(jval_get(root, "detail"), "diagrams"));
        JVal diagram;

        for (size_t i = 0; jiter_next(&iter, &diagram); i++)
                diagram_tell(&drawn, diagram, i);
        sink_lost(sink, "", "the drawing itself, texts on it, and who contributed");
}
