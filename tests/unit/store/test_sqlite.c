/* The SQLite backend keeps the interface. */
#include "conformance.h"

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
        hash_init();
        conformance_add(&store_sqlite);
        return g_test_run();
}
