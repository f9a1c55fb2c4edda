/* Figures of XML documents, counted in one pass by a table: what a format has to say about itself is a list of rows, and the
 * reading, its limits and its errors are the same for all. Names are local names, whatever their namespace. Memory: the names
 * of the open elements, and each distinct value once. Not thread-safe; one document at a time. */
#ifndef EXCHANGE_XFIGURES_H
#define EXCHANGE_XFIGURES_H

#include "exchange/format.h"
#include "exchange/xml.h"

enum { XFIGURES_ELEMENTS_MAX = 8000000 };

typedef enum {
        XFIGURE_COUNT,    /* how many there are */
        XFIGURE_MAP,      /* how many there are of each value; "None" where the attribute is absent */
        XFIGURE_DISTINCT, /* how many values there are */
        XFIGURE_TEXT,     /* the first value */
        XFIGURE_NAMES,    /* how many there are of each name */
} XFigureKind;

/* One figure. Rows of the same name add up. */
typedef struct {
        XFigureKind kind;
        const char *name;
        const char *parent, *element; /* NULL: any */
        const char *attr;  /* whose value counts; "." is the text of the element; NULL for COUNT and NAMES */
        const char *value; /* only where the attribute has this value; NULL: any */
} XFigure;

typedef struct {
        const char *const *roots; /* what the root may be called, ended by NULL */
        const char *what;         /* what such a document is, for the message when it is another */
        /* One of these elements is in every such document, ended by NULL: other programs call their roots the same. Or NULL. */
        const char *const *proofs;
        const XFigure *rows;
        size_t n_rows;
        const char *version; /* figure that is also the version of the format, or NULL */
        const char *refusal; /* why an import is refused, which inspecting tells too; or NULL */
        bool root_and_space; /* also the figures `root` and `ns` */
        unsigned
                top; /* also `elements`, and under `top` how many there are of the so many most frequent; 0: not */
        /* What a table cannot tell: called for each element just opened, with the name of its parent, "" for the root; it reads
         * nothing but attributes. Or NULL. */
        void (*open)(Xml *xml, const char *parent, void *data);
        void *data;
} XFormat;

/* Reads a document by the table. Errors: those of xml_next; INPUT for another root, or when no proof is there. */
bool xfigures_read(const Source *source, Sink *sink, const XFormat *format, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* The same of a document that is a part of the file: `bytes` instead of the whole. */
bool xfigures_read_bytes(const Source *source, GBytes *bytes, Sink *sink, const XFormat *format,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
