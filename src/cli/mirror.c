#include "cli/mirror.h"

#include <stdio.h>
#include <string.h>

enum { HASH_FILE_MAX = 4096 };

bool mirror_is_beside(const char *path)
{
        static const char *const lists[] = { "changes.csv", "index.txt", "provider-metadata.json", NULL };
        static const char *const endings[] = { ".asc", ".sha256", ".sha512" };
        g_autofree char *name = g_path_get_basename(path);

        for (size_t i = 0; i < G_N_ELEMENTS(endings); i++) {
                g_autofree char *of = g_str_has_suffix(path, endings[i])
                                              ? g_strndup(path, strlen(path) - strlen(endings[i]))
                                              : NULL;

                if (of != NULL && g_file_test(of, G_FILE_TEST_IS_REGULAR))
                        return true;
        }
        return g_strv_contains(lists, name);
}

char *mirror_signature(const char *path)
{
        g_autofree char *beside = g_strconcat(path, ".asc", NULL);

        return g_file_test(beside, G_FILE_TEST_IS_REGULAR) ? g_steal_pointer(&beside) : NULL;
}

/* In blocks: an archive may be large. NULL when it cannot be read. */
static char *checksum_of(const char *path, GChecksumType type)
{
        g_autoptr(GChecksum) sum = g_checksum_new(type);
        g_autofree guchar *block = g_malloc(1 << 16);
        FILE *file = fopen(path, "rb");
        bool whole;
        size_t n;

        if (file == NULL)
                return NULL;
        while ((n = fread(block, 1, 1 << 16, file)) > 0)
                g_checksum_update(sum, block, (gssize)n);
        whole = feof(file) && !ferror(file);
        fclose(file);
        return whole ? g_strdup(g_checksum_get_string(sum)) : NULL;
}

/* A file that is larger than a hash and a name can be is none. */
static bool hash_load(const char *path, char text[HASH_FILE_MAX + 1])
{
        FILE *file = fopen(path, "rb");
        bool whole;

        if (file == NULL)
                return false;
        text[fread(text, 1, HASH_FILE_MAX, file)] = '\0';
        whole = fgetc(file) == EOF && !ferror(file);
        fclose(file);
        return whole;
}

/* The first word of it is the hash. */
static bool hash_fits(const char *path, const char *beside, GChecksumType type)
{
        char text[HASH_FILE_MAX + 1];
        g_autofree char *sum = NULL;

        if (!hash_load(beside, text))
                return false;
        sum = checksum_of(path, type);
        g_strchug(text);
        return sum != NULL && g_ascii_strncasecmp(text, sum, strlen(sum)) == 0 &&
               !g_ascii_isxdigit(text[strlen(sum)]);
}

bool mirror_check(const char *path, GError **error)
{
        static const struct {
                const char *ending;
                GChecksumType type;
        } kinds[] = { { ".sha512", G_CHECKSUM_SHA512 }, { ".sha256", G_CHECKSUM_SHA256 } };

        for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
                g_autofree char *beside = g_strconcat(path, kinds[i].ending, NULL);

                if (!g_file_test(beside, G_FILE_TEST_IS_REGULAR) || hash_fits(path, beside, kinds[i].type))
                        continue;
                error_set(error, ZW_ERR_INPUT, path, "it is not what %s says", beside);
                return false;
        }
        return true;
}
