/* Reads bytes through the real worker: the child is this test program, so main begins with READING_MAIN. */
#ifndef TESTS_READING_H
#define TESTS_READING_H

#include "exchange/worker.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define READING_MAIN(argc, argv)                        \
        do {                                            \
                if (worker_wanted(argc, argv))          \
                        return worker_main(argc, argv); \
        } while (0)

static const WorkerLimits reading_limits = { .cpu_seconds = 20,
                                             .memory_bytes = UINT64_C(1) << 30,
                                             .output_bytes = UINT64_C(64) << 20 };

/* An open file without a name. */
static inline int reading_file(const void *bytes, size_t n)
{
        g_autofree char *path = NULL;
        g_autoptr(GError) error = NULL;
        int fd = g_file_open_tmp("reading-XXXXXX", &path, &error);

        g_assert_no_error(error);
        g_assert_cmpint(g_unlink(path), ==, 0);
        while (n > 0) {
                ssize_t got = write(fd, bytes, n);

                g_assert_cmpint(got, >, 0);
                bytes = (const char *)bytes + got;
                n -= (size_t)got;
        }
        return fd;
}

static inline WorkerResult *reading_bytes(const char *name, const void *bytes, size_t n, const char *profile,
                                          GError **error)
{
        g_autoptr(Json) json = NULL;
        int fd = reading_file(bytes, n);
        WorkerResult *result;

        if (profile != NULL) {
                json = jread_parse(profile, strlen(profile), NULL);
                g_assert_nonnull(json);
        }
        result = worker_read(fd, name, NULL, json, false, &reading_limits, NULL, error);
        close(fd);
        return result;
}

static inline WorkerResult *reading_text(const char *name, const char *text, const char *profile,
                                         GError **error)
{
        return reading_bytes(name, text, strlen(text), profile, error);
}

/* The compact JSON of a value; free it. */
static inline char *reading_json(const json_t *value)
{
        g_autoptr(Out) out = out_new(1 << 20);
        g_autoptr(JWrite) w = jwrite_new(out);

        jwrite_json(w, value);
        return g_strdup(out_data(out));
}

#define assert_json(value, expected)                                     \
        do {                                                             \
                g_autofree char *assert_json_text = reading_json(value); \
                g_assert_cmpstr(assert_json_text, ==, expected);         \
        } while (0)

#define assert_refused(result, error, code, place)              \
        do {                                                    \
                g_assert_null(result);                          \
                g_assert_error(error, ZW_ERROR, (int)(code));   \
                g_assert_cmpstr(error_where(error), ==, place); \
        } while (0)

#endif
