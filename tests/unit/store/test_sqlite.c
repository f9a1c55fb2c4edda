/* The SQLite backend keeps the interface. */
#include "conformance.h"

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        hash_init();
        conformance_add(&store_sqlite);
        return g_test_run();
}
