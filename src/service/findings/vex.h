/* Products as VEX names them (exchange/vex.h), of the things that findings concern. Inside service/ only; one per call. */
#ifndef SERVICE_FINDINGS_VEX_H
#define SERVICE_FINDINGS_VEX_H

#include "service/internal.h"

typedef struct {
        Call *call;
        GraphView view;
        GHashTable *made; /* key of the thing → json_t of its product */
        json_t *lost;     /* appended to; or NULL */
} VexProducts;

VexProducts vex_products_begin(Call *call, GraphView view, json_t *lost);
void vex_products_clear(VexProducts *all);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(VexProducts, vex_products_clear)

/* Appends those of everything that the finding concerns. Errors: those of the store. */
bool vex_products_add(VexProducts *all, ItemNo finding, json_t *products, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

#endif
