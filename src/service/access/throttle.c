#include "service/access/throttle.h"

#include "base/error.h"
#include "base/hash.h"
#include "base/lock.h"

#include <arpa/inet.h>
#include <string.h>

enum {
        DELAY_FIRST = 30 * 1000,
        DELAY_MOST = 3600 * 1000,
        DOUBLINGS_MOST = 7,
        ADDRESSES_MOST = 4096,
        MINUTE = 60 * 1000
};

typedef struct {
        uint32_t failures, asks;
        Instant last, until;
        Instant minute; /* when the first of `asks` was */
} Address;

struct Throttle {
        pthread_mutex_t lock;
        pthread_cond_t free;
        unsigned hashing, waiting;
        GHashTable *addresses; /* text → Address */
};

Throttle *throttle_new(void)
{
        Throttle *throttle = g_new0(Throttle, 1);

        pthread_mutex_init(&throttle->lock, NULL);
        pthread_cond_init(&throttle->free, NULL);
        throttle->addresses = hash_table_new_text(g_free, g_free);
        return throttle;
}

void throttle_free(Throttle *throttle)
{
        if (throttle == NULL)
                return;
        g_hash_table_unref(throttle->addresses);
        pthread_cond_destroy(&throttle->free);
        pthread_mutex_destroy(&throttle->lock);
        g_free(throttle);
}

Instant throttle_delay(uint32_t failures, uint32_t free)
{
        if (failures <= free)
                return 0;
        return MIN((Instant)DELAY_FIRST << MIN(failures - free - 1, (uint32_t)DOUBLINGS_MOST),
                   (Instant)DELAY_MOST);
}

/* The network of an IPv6 address, of which one holder has all; any other text as it is. Free it. */
static char *address_name(const char *address)
{
        struct in6_addr six;

        if (inet_pton(AF_INET6, address, &six) != 1 || IN6_IS_ADDR_V4MAPPED(&six))
                return g_strdup(address);
        return g_strdup_printf("%02x%02x:%02x%02x:%02x%02x:%02x%02x::/64", six.s6_addr[0], six.s6_addr[1],
                               six.s6_addr[2], six.s6_addr[3], six.s6_addr[4], six.s6_addr[5], six.s6_addr[6],
                               six.s6_addr[7]);
}

bool throttle_address_is_locked(Throttle *throttle, const char *address, Instant now)
{
        g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&throttle->lock);
        g_autofree char *name = address_name(address);
        const Address *row = g_hash_table_lookup(throttle->addresses, name);

        return row != NULL && row->until > now;
}

static gboolean is_stale(gpointer key G_GNUC_UNUSED, gpointer value, gpointer now)
{
        return ((const Address *)value)->last + DELAY_MOST < *(const Instant *)now;
}

/* Room for one more: what is an hour old goes, and when that does not help, all does; a table that an attacker fills must
 * not grow. Accounts are locked all the same. */
static void addresses_trim(Throttle *throttle, Instant now)
{
        if (g_hash_table_size(throttle->addresses) < ADDRESSES_MOST)
                return;
        g_hash_table_foreach_remove(throttle->addresses, is_stale, &now);
        if (g_hash_table_size(throttle->addresses) >= ADDRESSES_MOST)
                g_hash_table_remove_all(throttle->addresses);
}

/* The row of an address, which is there from now on. */
static Address *address_row(Throttle *throttle, const char *address, Instant now)
{
        g_autofree char *name = address_name(address);
        Address *row = g_hash_table_lookup(throttle->addresses, name);

        if (row == NULL) {
                addresses_trim(throttle, now);
                row = g_new0(Address, 1);
                g_hash_table_insert(throttle->addresses, g_steal_pointer(&name), row);
        }
        row->last = now;
        return row;
}

bool throttle_address_fail(Throttle *throttle, const char *address, Instant now)
{
        g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&throttle->lock);
        Address *row = address_row(throttle, address, now);
        const Instant delay = throttle_delay(++row->failures, ZW_ADDRESS_FREE);

        row->until = delay == 0 ? 0 : now + delay;
        return delay > 0;
}

bool throttle_address_ask(Throttle *throttle, const char *address, Instant now, GError **error)
{
        g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&throttle->lock);
        Address *row = address_row(throttle, address, now);

        if (now < row->minute || now - row->minute >= MINUTE) {
                row->minute = now;
                row->asks = 0;
        }
        if (row->asks >= ZW_ADDRESS_ASKS) {
                error_set(error, ZW_ERR_TOO_MANY, NULL,
                          "too many questions from this address; try again in a minute");
                return false;
        }
        row->asks++;
        return true;
}

void throttle_address_forget(Throttle *throttle, const char *address)
{
        g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&throttle->lock);
        g_autofree char *name = address_name(address);

        g_hash_table_remove(throttle->addresses, name);
}

bool throttle_hash_begin(Throttle *throttle, GError **error)
{
        g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&throttle->lock);

        if (throttle->waiting >= ZW_HASHES_WAITING) {
                error_set(error, ZW_ERR_TOO_MANY, NULL, "too many people sign in at once; try again");
                return false;
        }
        throttle->waiting++;
        while (throttle->hashing >= ZW_HASHES_AT_ONCE)
                pthread_cond_wait(&throttle->free, &throttle->lock);
        throttle->waiting--;
        throttle->hashing++;
        return true;
}

void throttle_hash_end(Throttle *throttle)
{
        g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&throttle->lock);

        throttle->hashing--;
        pthread_cond_signal(&throttle->free);
}
