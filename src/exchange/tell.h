/* Items and links of one source system as native operations, for readers of models and inventories: texts are brought within
 * the limits of items, an id is told once, and a link names ids of the same system. Memory: the ids. Not thread-safe. */
#ifndef EXCHANGE_TELL_H
#define EXCHANGE_TELL_H

#include "exchange/format.h"

typedef struct {
        Sink *sink;
        char *system;
        GHashTable *ids; /* told as items */
        bool part; /* the file knows a part of its items: what they have besides stays, entries of lists too */
} Tell;

/* `what` and `name` make the system, `what:name`; without a name it is `what`. */
Tell tell_init(Sink *sink, const char *what, const char *name);
void tell_clear(Tell *tell);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Tell, tell_clear)

/* `attrs` and `tags` are stolen; they, `where` and `body` may be NULL. A title may be blank: the id is one then. */
typedef struct {
        const char *where, *kind, *id, *title, *body;
        json_t *attrs, *tags;
} TellItem;

/* False when the id was told before, and nothing is told. */
bool tell_item(Tell *tell, TellItem item);
bool tell_has(const Tell *tell, const char *id);
/* `as` may be NULL. */
void tell_link(const Tell *tell, const char *where, const char *from, const char *type, const char *to,
               const char *as);
/* {"source":[system, id]} as operations name an item. */
json_t *tell_name(const Tell *tell, const char *id);

/* Sets a text attribute, unless the text is NULL or blank. */
void tell_put(json_t *attrs, const char *name, const char *text);
/* Sets a list of texts, unless it is empty. */
void tell_put_list(json_t *attrs, const char *name, const GPtrArray *texts);
/* Sets the attribute `extra`: what is kept under names of its own, an object of texts that is stolen, unless it is empty. */
void tell_put_extra(json_t *attrs, json_t *extra);
/* Texts as the tags of an item: NULL when there are none. */
json_t *tell_tags(const GPtrArray *texts);
/* Adds to a body a paragraph, headed `NAME: ` unless that is NULL; nothing for a text that is NULL or blank. */
void tell_paragraph(GString *body, const char *name, const char *text);
/* Adds a copy of a text that is not there yet, unless it is NULL or blank, or there are 2,000; the array owns its texts. */
void tell_add(GPtrArray *texts, const char *text);

#endif
