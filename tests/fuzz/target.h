/* The fuzz targets: one for each format, and others that read foreign bytes. Not thread-safe. */
#ifndef TESTS_FUZZ_TARGET_H
#define TESTS_FUZZ_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The name of target `i`, NULL behind the last. */
const char *target_name(size_t i);
/* What is lazy in libraries. */
void target_init(void);
/* Reads the bytes as target `i` does. Aborts when what comes out breaks a promise; whether they are taken is all the same. */
void target_run(size_t i, const uint8_t *bytes, size_t n);

#endif
