/* pthread locks with scope. Use: g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&project->lock); (GLib's own
 * locks are not used: Debian's GLib is not instrumented and each gives false races under TSan.) */
#ifndef BASE_LOCK_H
#define BASE_LOCK_H

#include <glib.h>
#include <pthread.h>

typedef pthread_mutex_t *HeldLock;

HeldLock lock_take(pthread_mutex_t *lock);
void lock_release(HeldLock held);
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(HeldLock, lock_release, NULL)

#endif
