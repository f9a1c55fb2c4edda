/* Reading a TM7 document as a tree of calls (tm7_xml.c), and the parts of the document that have a file of their own.
 * A function that takes an element is called after its OPEN and reads up to its close. Texts are owned by the struct they
 * are read into. Errors: those of xml_next; LIMIT. Not thread-safe. */
#ifndef EXCHANGE_TM7_XML_H
#define EXCHANGE_TM7_XML_H

#include "exchange/tm7_model.h"
#include "exchange/xml.h"

/* The namespace of `type` and `nil`. */
extern const char tm7_instance_space[];

typedef struct {
        Xml *xml;
        Sink *sink;
        Tm7Model *model;
        GHashTable *by_reference; /* z:Id of the elements read so far */
        GHashTable *threat_ids;   /* → size_t, the line of the threat */
        char *model_name, *version;
        size_t n_surfaces, n_threats;
} Tm7Reader;

typedef bool (*Tm7Child)(Tm7Reader *r, void *data, GError **error);

/* Gives every child to `child`. */
bool tm7_each_child(Tm7Reader *r, Tm7Child child, void *data, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Its text, without white space around it, in place of *text. */
bool tm7_take_text(Tm7Reader *r, char **text, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* An element whose text goes into the `char *` at `offset` of a struct. */
typedef struct {
        const char *name;
        size_t offset;
} Tm7Member;

/* Reads the element, when there is a member of its name; *ret_taken tells. */
bool tm7_take_member(Tm7Reader *r, const Tm7Member *members, size_t n, void *object, bool *ret_taken,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Two texts that stand beside each other, such as a property and its value. */
typedef struct {
        char *key, *value;
} Tm7Pair;
void tm7_pair_clear(Tm7Pair *pair);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Tm7Pair, tm7_pair_clear)

void tm7_set_text(char **text, const char *value);
/* GUIDs are compared as the tool does, without regard to case. */
void tm7_fold_guid(char **guid);
/* Names become titles, which are that long at most. */
void tm7_cut_name(const Tm7Reader *r, char *name, const char *where);
/* Always false. */
bool tm7_refuse_limit(const Tm7Reader *r, const char *what, int most, GError **error);

/* A child of DrawingSurfaceList, and one of ThreatInstances. */
bool tm7_take_surface(Tm7Reader *r, void *data, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool tm7_take_threat(Tm7Reader *r, void *data, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void tm7_element_clear(gpointer data);
void tm7_threat_clear(gpointer data);

#endif
