/* Pull reading of foreign XML, by libxml2's reader: open, text and close events, one after the other, with a bounded
 * path and no tree. A document type declaration that says more than a name, an entity that is not one of XML's five, and nesting over the limit are
 * refused; nothing is ever loaded from elsewhere. Texts are UTF-8, borrowed, and valid until the next call of xml_next (or
 * of a function that calls it). Errors carry `line N`. Not thread-safe; one per document. */
#ifndef EXCHANGE_XML_H
#define EXCHANGE_XML_H

#include "base/error.h"
#include <stddef.h>
#include <stdint.h>

typedef struct Xml Xml;

typedef enum { XML_EVENT_END, XML_EVENT_OPEN, XML_EVENT_CLOSE, XML_EVENT_TEXT } XmlEvent;

/* Makes what is lazy in the library; the worker calls it before its sandbox closes. */
void xml_init(void);

/* A reader of all of `bytes`, which it keeps. `depth_max` is the deepest element allowed (the root has depth 1),
 * `elements_max` the most of them; a large document with more, or that ends early, is refused before it is parsed.
 * Errors: LIMIT, also for documents over 2 GiB; INPUT. */
Xml *xml_new(GBytes *bytes, size_t depth_max, uint64_t elements_max, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
void xml_free(Xml *xml);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Xml, xml_free)

/* Whether the bytes begin as XML does, behind a byte order mark and white space. */
bool xml_begins(GBytes *bytes);

/* A quick count, for documents too large to be parsed only to be refused. */
typedef struct {
        uint64_t elements; /* begun */
        uint64_t named;    /* of these with a certain local name */
        uint64_t open;     /* not ended where the document ends */
        size_t at;         /* where counting ended, in bytes */
} XmlSurvey;
/* Counts to the end, or to the element after `named_max` of that name, which may be NULL. What is not well-formed is counted
 * as far as it can be. False when tags cannot be told from text without parsing: another encoding than UTF-8, or a document
 * type declaration. */
bool xml_survey(const char *text, size_t n, const char *name, uint64_t named_max, XmlSurvey *ret_found);

/* Whether a document has at most `max` elements of this name, found out before the parser has come so far; documents that
 * parse in no time are not looked at. Errors: LIMIT. */
bool xml_count_check(GBytes *bytes, const char *name, uint64_t max, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The next event; an empty element gives OPEN and CLOSE. Comments and processing instructions are passed over; CDATA is
 * text. Errors: INPUT for what is not well-formed, also when the document ends early, and for a document type
 * declaration that says more than a name; ENCODING; LIMIT for nesting. */
bool xml_next(Xml *xml, XmlEvent *ret_event, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Facts of the event just read. `name` is local, without prefix; `space` is the namespace, "" for none. The depth of an
 * element is 1 for the root; a text has that of its element. */
const char *xml_name(const Xml *xml);
const char *xml_space(const Xml *xml);
const char *xml_text(const Xml *xml);
size_t xml_depth(const Xml *xml);
/* Line of the event, from 1. */
size_t xml_line(const Xml *xml);
/* `line N`, for sink_problem and errors; free it. */
char *xml_where(const Xml *xml);
/* True when the event is about an element with this local name. */
bool xml_is(const Xml *xml, const char *name);

/* An attribute of the element just opened, by its name without namespace, or in a namespace; NULL when absent. */
const char *xml_attr(Xml *xml, const char *name);
const char *xml_attr_ns(Xml *xml, const char *space, const char *name);

/* The attributes of the element just opened, in order, without namespace declarations; borrowed like all texts. */
typedef struct {
        const void *next;
} XmlAttrs;
XmlAttrs xml_attrs(const Xml *xml);
bool xml_attrs_next(Xml *xml, XmlAttrs *attrs, const char **ret_space, const char **ret_name,
                    const char **ret_value);

/* After OPEN: passes over the element, its close included. */
bool xml_skip(Xml *xml, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* After OPEN: all text below the element, in order, and its close. `max` bounds the bytes. Errors: LIMIT. */
bool xml_read_text(Xml *xml, size_t max, char **ret_text, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* After OPEN: gives every child element, just opened, to `child`, which reads it to its close; then reads its own close.
 * Texts between are passed over. Errors: those of `child`. */
typedef bool (*XmlChildFn)(Xml *xml, void *data, GError **error);
bool xml_each_child(Xml *xml, XmlChildFn child, void *data, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Passes over everything up to the root and leaves the reader after its OPEN. Errors: INPUT when the document has none. */
bool xml_root(Xml *xml, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
