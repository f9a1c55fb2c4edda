/* tests/vectors/log-format.json, for the tests that must reproduce it. */
#ifndef TESTS_VECTORS_H
#define TESTS_VECTORS_H

#include "base/hash.h"
#include "base/jread.h"
#include <string.h>

/* All vectors; the test ends where they cannot be read. */
static inline json_t *vectors_load(void)
{
        const char *root = g_getenv("ZONEWRIGHT_SOURCE");
        g_autofree char *path = g_build_filename(root == NULL ? "." : root, "tests", "vectors",
                                                 "log-format.json", NULL);
        g_autofree char *text = NULL;
        g_autoptr(GError) error = NULL;
        json_t *vectors;
        size_t n;

        g_assert_true(g_file_get_contents(path, &text, &n, &error));
        g_assert_no_error(error);
        vectors = json_loadb(text, n, JSON_REJECT_DUPLICATES,
                             NULL); /* some texts are refused by jread_parse */
        g_assert_nonnull(vectors);
        return vectors;
}

static inline const char *vector_text(const json_t *object, const char *name)
{
        const char *text = jread_get_string(object, name);

        g_assert_nonnull(text);
        return text;
}

static inline Digest vector_digest_of(const json_t *value)
{
        Digest digest;

        g_assert_nonnull(json_string_value(value));
        g_assert_true(hex_decode(json_string_value(value), digest.b, ZW_DIGEST_BYTES, NULL));
        return digest;
}

static inline Digest vector_digest(const json_t *object, const char *name)
{
        return vector_digest_of(json_object_get(object, name));
}

static inline Id vector_id(const json_t *object, const char *name)
{
        Id id;

        g_assert_true(hex_decode(vector_text(object, name), id.b, ZW_ID_BYTES, NULL));
        return id;
}

/* Two digests, shown as text where they differ. */
static inline void assert_digest(Digest found, Digest expected)
{
        char left[ZW_DIGEST_HEX], right[ZW_DIGEST_HEX];

        hex_encode(found.b, ZW_DIGEST_BYTES, left);
        hex_encode(expected.b, ZW_DIGEST_BYTES, right);
        g_assert_cmpstr(left, ==, right);
}

/* The bytes are that text. */
static inline void assert_bytes(GBytes *bytes, const char *expected)
{
        g_autofree char *text = NULL;

        g_assert_nonnull(bytes);
        text = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
        g_assert_cmpstr(text, ==, expected);
        g_assert_cmpuint(g_bytes_get_size(bytes), ==, strlen(expected));
}

#endif
