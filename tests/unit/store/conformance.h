/* The conformance suite of store.h. A backend passes all of it unchanged. */
#ifndef TESTS_STORE_CONFORMANCE_H
#define TESTS_STORE_CONFORMANCE_H

#include "support.h"

void conformance_add(const StoreBackend *backend);

/* Its parts. */
void conformance_add_log(const StoreBackend *backend);
void conformance_add_write(const StoreBackend *backend);
void conformance_add_ops(const StoreBackend *backend);
void conformance_add_read(const StoreBackend *backend);
void conformance_add_from(const StoreBackend *backend);
void conformance_add_trust(const StoreBackend *backend);
void conformance_add_branch(const StoreBackend *backend);
void conformance_add_transfer(const StoreBackend *backend);

#define CONFORM(path, function) \
        g_test_add("/store/conformance/" path, Fixture, backend, set_up, function, tear_down)

#endif
