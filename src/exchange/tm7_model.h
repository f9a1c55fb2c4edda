/* A model of the Microsoft Threat Modeling Tool between its reading (tm7.c) and its telling in native operations
 * (tm7_ops.c). What is taken and what is lost: docs/formats/tm7.md. Texts are owned, UTF-8, never NULL unless said so.
 * Not thread-safe. */
#ifndef EXCHANGE_TM7_MODEL_H
#define EXCHANGE_TM7_MODEL_H

#include "exchange/format.h"

/* Real models have some hundreds of elements on a diagram; the geometry compares each with each. */
enum {
        TM7_ELEMENTS_MAX = 5000,
        TM7_THREATS_MAX = 20000,
        TM7_XML_ELEMENTS_MAX = 4000000,
        TM7_TEXT_MAX = 1 << 20,
        TM7_NAME_MAX = 4096,
};

typedef enum {
        TM7_PROCESS,
        TM7_EXTERNAL,
        TM7_STORE,
        TM7_FLOW,
        TM7_BORDER,
        TM7_LINE,
        TM7_ANNOTATION
} Tm7Class;

typedef struct {
        double x, y;
} Tm7Point;

typedef struct {
        double left, top, width, height;
} Tm7Box;

typedef struct {
        size_t line;    /* of the file */
        size_t surface; /* the diagram it is drawn on, an index into the model's */
        Tm7Class class;
        char *guid, *name;
        char *stencil;  /* what its template calls such an element */
        char *reason;   /* why it is out of scope */
        GString *facts; /* its selected properties, a Markdown list */
        bool out_of_scope, confidential, generic;
        bool placed;           /* `box` is known; only then */
        Tm7Box box;            /* of elements and border boundaries */
        Tm7Point path[3];      /* of flows and line boundaries: source, handle, target */
        char *source, *target; /* GUIDs, of flows */
} Tm7Element;

typedef struct {
        size_t line;
        char *id; /* its key in the file: type, source, flow and target */
        char *title, *category, *description, *interaction, *mitigations, *priority, *state, *justification;
        char *source, *target, *flow; /* GUIDs */
        GPtrArray *extra;             /* names and values of other properties, in turn */
} Tm7Threat;

typedef struct {
        char *system; /* first part of every source identity */
        char *template, *assumptions;
        size_t threat_types;
        GPtrArray *surfaces; /* names of diagrams */
        GArray *elements;    /* of Tm7Element, in the order of the file, each GUID once */
        GArray *threats;     /* of Tm7Threat, each id once */
        GHashTable *by_guid; /* → index into `elements` + 1 */
        GHashTable *labels;  /* name of a threat property → what the template shows for it */
} Tm7Model;

/* Emits the operations of a model, and reports what is doubtful and what is lost. */
void tm7_tell(const Tm7Model *model, Sink *sink);

#endif
