/* Figures of JSON documents by a table of paths: what a format has to say about itself is a list of rows. Pure functions of a
 * parsed document; recursion is as deep as the document, which its limit bounds. */
#ifndef EXCHANGE_JFIGURES_H
#define EXCHANGE_JFIGURES_H

#include "exchange/format.h"

typedef enum {
        JFIGURE_COUNT,    /* how many values the path reaches */
        JFIGURE_MAP,      /* how many there are of each value: texts, numbers, names of members */
        JFIGURE_DISTINCT, /* how many values there are */
        JFIGURE_LIST,     /* the values in their order */
        JFIGURE_SORTED,   /* the distinct values, sorted */
        JFIGURE_TEXT,     /* the first value */
        JFIGURE_MAX,      /* the greatest text */
} JFigureKind;

/* One figure. Steps of a path are parted by `/`: the name of a member; `*`, every element of an array or member of an object;
 * `**`, the value and all below it; `@`, the name of the member just reached. Rows of the same name, one after the other, make one figure.
 * A figure that is optional is left out where nothing was found; TEXT and MAX always are. */
typedef struct {
        JFigureKind kind;
        const char *name, *path;
        bool optional;
} JFigure;

/* A format whose figures a table tells. */
typedef struct {
        const char *what;    /* for the message when the document is another */
        const char *needs;   /* path of a value without which it is none */
        const char *version; /* path of the version of the format, or NULL */
        const JFigure *rows;
        size_t n_rows;
        const char *refusal; /* why an import is refused, which inspecting tells too; NULL: it is not */
} JFormat;

/* Parses the file and gives the figures of the table; the document is the caller's, for what a table cannot tell. Errors: those
 * of jdoc_parse and jfigures_members_check; INPUT when what the format needs is absent. */
JDoc *jfigures_read(const Source *source, Sink *sink, const JFormat *format, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* The same of a file in YAML or JSON. */
JDoc *jfigures_read_yaml(const Source *source, Sink *sink, const JFormat *format, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* The same of a document that is a part of the file, or was made from it. */
JDoc *jfigures_read_bytes(const Source *source, GBytes *bytes, Sink *sink, const JFormat *format,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

void jfigures_give(Sink *sink, JVal root, const JFigure *rows, size_t n);

/* Whether a text is somewhere in the file, to tell apart what is read in two ways. */
bool jfigures_has(GBytes *bytes, const char *mark);
/* Whether no object has a member twice: which of them counts is not for us to say. Errors: INPUT, with the JSON pointer. */
bool jfigures_members_check(JVal root, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Calls `visit` for every value a path reaches; `name` is that of the member the value is, or NULL. */
typedef void (*JVisitFn)(JVal value, const char *name, void *data);
void jfigures_visit(JVal root, const char *path, JVisitFn visit, void *data);
/* What a value is as an entry of a figure, written as in Python: NULL for arrays and objects. Free it. */
char *jfigures_text(JVal value);
/* How many values a path reaches. */
int64_t jfigures_count(JVal root, const char *path);

#endif
