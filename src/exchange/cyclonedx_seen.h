/* Finding equal entries of an array: a quick hash under a random seed, and a set of hashes. Two different entries are taken
 * for equal when all 64 bits of their hashes are: once in 10^8 arrays of a million entries. Not for anything that is kept. */
#ifndef EXCHANGE_CYCLONEDX_SEEN_H
#define EXCHANGE_CYCLONEDX_SEEN_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Hashes met in one array. */
typedef struct {
        uint64_t *slots; /* 0 for none */
        size_t n, mask;
} Seen;

static inline bool seen_put(Seen *seen, uint64_t hash)
{
        size_t slot = hash & seen->mask;

        while (seen->slots[slot] != 0 && seen->slots[slot] != hash)
                slot = (slot + 1) & seen->mask;
        if (seen->slots[slot] == hash)
                return false;
        seen->slots[slot] = hash;
        seen->n++;
        return true;
}

/* False when the hash was there already. */
static inline bool seen_add(Seen *seen, uint64_t hash)
{
        hash += hash == 0;
        if (seen->slots == NULL || seen->n > seen->mask / 2) {
                Seen larger = { .mask = seen->slots == NULL ? 15 : seen->mask * 2 + 1 };

                larger.slots = g_new0(uint64_t, larger.mask + 1);
                for (size_t i = 0; seen->slots != NULL && i <= seen->mask; i++)
                        if (seen->slots[i] != 0)
                                (void)seen_put(&larger, seen->slots[i]);
                g_free(seen->slots);
                *seen = larger;
        }
        return seen_put(seen, hash);
}

/* Every bit of both in every bit of the result. */
static inline uint64_t hash_mix(uint64_t a, uint64_t b)
{
        unsigned __int128 product = (unsigned __int128)(a ^ 0x9e3779b97f4a7c15u) * (b ^ 0xd1b54a32d192ed03u);

        return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline uint64_t hash_word(const char *text)
{
        uint64_t word;

        memcpy(&word, text, sizeof(word));
        return word;
}

static inline uint64_t hash_quick(uint64_t seed, const char *text, size_t n)
{
        uint64_t hash = seed ^ n, a = 0, b = 0;

        for (; n > 16; n -= 16, text += 16)
                hash = hash_mix(hash ^ hash_word(text), seed ^ hash_word(text + 8));
        memcpy(&a, text, MIN(n, 8));
        memcpy(&b, text + MIN(n, 8), n - MIN(n, 8));
        return hash_mix(hash ^ a, seed ^ b);
}

#endif
