/* Documents of OSCAL as items: what the models have in common. A document in XML is read as the one in JSON that says the same
 * (oscal_xml.c). The system is `oscal:TITLE`, by the title of the document, whose ids are new in each edition. */
#ifndef EXCHANGE_OSCAL_H
#define EXCHANGE_OSCAL_H

#include "exchange/tell.h"

/* What a component of OSCAL is here, by which links to it differ. */
typedef enum { OSCAL_SYSTEM, OSCAL_PRODUCT, OSCAL_DOCUMENT } OscalRole;

typedef struct {
        Tell tell;
        JVal model;         /* the one member of the document */
        const char *name;   /* of the model */
        GHashTable *params; /* id of a parameter → place of its value in `values` + 1 */
        GArray *values;     /* of JVal */
        GHashTable *roles;  /* id of what was told of a system → OscalRole + 1 */
} Oscal;

/* Tells all of a document whose one member is a model called `name`. `file` stands for a title that is absent. */
void oscal_tell(JVal model, const char *name, Sink *sink, const char *file);

/* One function for each model that is imported. */
void oscal_catalog_tell(Oscal *oscal);
void oscal_profile_tell(Oscal *oscal);
void oscal_definition_tell(Oscal *oscal);
void oscal_plan_tell(Oscal *oscal);
void oscal_results_tell(Oscal *oscal);
void oscal_poam_tell(Oscal *oscal);

/* The JSON document that says the same. Lines of elements are kept for oscal_where. Errors: those of xtree_load; LIMIT. */
GBytes *oscal_xml_to_json(GBytes *bytes, size_t depth_max, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ---- what several models hold (oscal_system.c) ---- */

/* Components as products, and documents where they are policies and the like; inventory items as assets. */
void oscal_components_tell(Oscal *oscal, JVal holder, const char *place);
void oscal_inventory_tell(Oscal *oscal, JVal holder, const char *place);
bool oscal_role(const Oscal *oscal, const char *id, OscalRole *ret_role);

/* ---- what entries have in common (oscal_text.c) ---- */

/* What an entry is known by: its uuid, else its title, since not all programs write one; NULL when it has neither. */
const char *oscal_id(JVal entry);
/* `line N` of an entry that was XML, else `place`. Free it. */
char *oscal_where(JVal entry, const char *place);
/* A list of `entry`, each element with its place below `place`. */
typedef void (*OscalEntryFn)(Oscal *oscal, JVal entry, const char *place, void *data);
void oscal_each(Oscal *oscal, JVal entry, const char *list, const char *place, OscalEntryFn take, void *data);
/* The value of a property, best one without a class; NULL when there is none. */
const char *oscal_prop(JVal entry, const char *name);
/* Properties that are not in `but` (ended by NULL), for the attribute `extra`. */
json_t *oscal_props(JVal entry, const char *const *but);
/* Knows the parameters of an entry and of all within it. */
void oscal_params_note(Oscal *oscal, JVal entry);
/* Prose with the values of parameters, their choices or labels in brackets, where they are inserted. NULL for NULL; free it. */
char *oscal_prose(const Oscal *oscal, const char *text);
/* One text of an entry as a paragraph of a body. */
void oscal_paragraph(const Oscal *oscal, GString *body, const char *name, JVal entry, const char *member);
/* Sets a day of a date and time, when it is one. */
void oscal_put_date(json_t *attrs, const char *name, const char *text);
/* What has no place in the model. */
void oscal_lose(const Oscal *oscal, JVal entry, const char *place, const char *format, ...)
        G_GNUC_PRINTF(4, 5);
/* The same of a member of the model, with how many there are; nothing where it says nothing. */
void oscal_lose_member(const Oscal *oscal, const char *member, const char *why);
/* A link to what the control is here: the service finds requirements that are called so (service/interchange/controls.h). */
void oscal_link_control(const Oscal *oscal, JVal entry, const char *place, const char *from, const char *type,
                        const char *control);

#endif
