/* What an export works on, between export.c (native operations) and export_sheet.c (requirement sheets). Inside service/
 * only; one per call. */
#ifndef SERVICE_INTERCHANGE_EXPORT_H
#define SERVICE_INTERCHANGE_EXPORT_H

#include "exchange/format.h"
#include "service/lists/filter.h"

/* What is remembered of each item that is written, by its number. */
typedef struct {
        char *name; /* the key, or the id in the sheet; NULL when it is not written */
        uint32_t subst;
} Written;

typedef struct {
        Call *call;
        Filter *filter; /* or NULL */
        int fd;
        const FormatWriter *writer;
        void *open;      /* the writer's */
        GArray *written; /* of Written, by ItemNo */
        json_t *counts;  /* kind → how many */
        json_t *lost;    /* [{"where","what"}] */
        int64_t links, results;
} Export;

/* Remembers an item under the name it is written by, and counts it. */
void export_note(Export *e, const ItemRev *rev, const char *name);
/* The name it is written by, or NULL. */
const char *export_name(const Export *e, ItemNo no);
void export_lose(Export *e, const char *where, const char *format, ...) G_GNUC_PRINTF(3, 4);
bool export_open(Export *e, json_t *layout, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Writes an operation; the reference is stolen. */
bool export_put(Export *e, json_t *op, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The members of an item that an operation gives: title, body, attrs, owner, tags, without those that say nothing. */
json_t *export_item_op(const ItemRev *rev);

/* Requirements as a sheet, in the layout of the source that member `profile` of the input names, else of the one they all
 * came from, else one with a column for all there is. Errors: NOT_FOUND, no sheet came from a source of this name. */
bool export_sheet(Export *e, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
