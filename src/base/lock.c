#include "base/lock.h"

#include "base/verify.h"

HeldLock lock_take(pthread_mutex_t *lock)
{
        ZW_VERIFY(pthread_mutex_lock(lock) == 0);
        return lock;
}

void lock_release(HeldLock held)
{
        ZW_VERIFY(pthread_mutex_unlock(held) == 0);
}
