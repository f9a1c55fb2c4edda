/* The PostgreSQL backend keeps the interface. Run by tests/tools/postgres.py, which names a cluster. */
#include "conformance.h"

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        hash_init();
        g_setenv("ZONEWRIGHT_DATABASE_BLOBS", "directory", TRUE); /* the suite takes content out of files */
        conformance_add(&store_postgres);
        return g_test_run();
}
