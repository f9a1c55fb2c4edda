/* What was touched in a project by some commits, as far as matching rests on it. Inside service/ only. */
#ifndef SERVICE_INTERCHANGE_CHANGED_H
#define SERVICE_INTERCHANGE_CHANGED_H

#include "service/interchange/part.h"

enum {
        ZW_CHANGED_VULNERABILITIES_MAX = 100000
}; /* a day of all sources has some thousands; of more all is matched */

typedef struct {
        GArray *items;               /* of ItemNo, in order, each once: revised, of any kind */
        GArray *links;               /* of PartLink: began, changed or ended */
        GHashTable *vulnerabilities; /* ids of which decisions or records speak; a set of text */
        GHashTable *decisions;       /* ids of those; a set of text */
        bool all;                    /* nobody can tell: everything may be touched */
} Changed;

Changed *changed_new(void);
void changed_free(Changed *touched);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Changed, changed_free)
/* Adds what the commits after `after` up to and with `upto` did. Errors: those of the store. */
bool changed_read(Changed *touched, StoreView *view, const Id *log, Seq after, Seq upto, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* A record of the feeds that speaks of it changed. */
void changed_vulnerability(Changed *touched, const char *id);
bool changed_is_empty(const Changed *touched);

#endif
