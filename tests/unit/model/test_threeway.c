/* Three sides of one object: every combination of values of one member, and the order of several. */
#include "base/jread.h"
#include "model/threeway.h"

#include <glib.h>

typedef struct {
        GString *seen;
        unsigned most; /* calls until it ends the walk; 0: never */
} Seen;

static bool see(const ThreewayChange *change, void *payload)
{
        Seen *seen = payload;

        g_string_append_printf(seen->seen, "%s%s ", change->name, change->conflict ? "!" : "");
        return seen->most == 0 || --seen->most > 0;
}

static char *walk(const char *base, const char *theirs, const char *ours, unsigned most)
{
        g_autoptr(Json) b = json_loads(base, 0, NULL), t = json_loads(theirs, 0, NULL),
                        o = json_loads(ours, 0, NULL);
        Seen seen = { g_string_new(NULL), most };

        threeway_each(b, t, o, see, &seen);
        return g_string_free(seen.seen, FALSE);
}

/* Absent, null and three values on each side, against the definition written down plainly. */
static void test_every_combination(void)
{
        static const char *const values[] = { "{}", "{\"a\":null}", "{\"a\":1}", "{\"a\":\"1\"}",
                                              "{\"a\":[1,2]}" };
        static const int worth[] = { 0, 0, 1, 2, 3 };

        for (size_t b = 0; b < G_N_ELEMENTS(values); b++)
                for (size_t t = 0; t < G_N_ELEMENTS(values); t++)
                        for (size_t o = 0; o < G_N_ELEMENTS(values); o++) {
                                g_autofree char *seen = walk(values[b], values[t], values[o], 0);
                                const bool comes = worth[t] != worth[b] && worth[t] != worth[o],
                                           conflict = comes && worth[o] != worth[b];

                                g_assert_cmpstr(seen, ==, conflict ? "a! " : comes ? "a " : "");
                        }
}

static void test_order_and_end(void)
{
        g_autofree char *all = walk("{\"c\":1,\"a\":1}", "{\"c\":2,\"b\":1,\"a\":2}",
                                    "{\"c\":3,\"a\":1,\"z\":9}", 0);
        g_autofree char *first = walk("{\"c\":1,\"a\":1}", "{\"c\":2,\"b\":1,\"a\":2}", "{\"c\":3,\"a\":1}",
                                      1);

        g_assert_cmpstr(all, ==, "a b c! ");
        g_assert_cmpstr(first, ==, "a ");
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/model/threeway/every-combination", test_every_combination);
        g_test_add_func("/model/threeway/order-and-end", test_order_and_end);
        return g_test_run();
}
