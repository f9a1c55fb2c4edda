/* Groups of writes: sixteen writers that wait at once, then five commits one after another. */
#ifndef FAULT_GROUP_H
#define FAULT_GROUP_H

#include <glib.h>
#include <stdbool.h>

/* In a new store in `dir`, which the layer watches: whether the syncs of either are as many as they should be. */
bool group_check(const char *dir, unsigned *ret_together, unsigned *ret_alone, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

#endif
