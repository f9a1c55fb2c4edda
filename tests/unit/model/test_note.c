/* Signed notes: what is signed is read back, and nothing else. The key and signature of RFC 8032, section 7.1, test 2. */
#include "base/error.h"
#include "model/note.h"
#include "vectors.h"

#include <glib/gstdio.h>
#include <string.h>

static const char seed[] = "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb";
static const char public_hex[] = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
static const char signature_hex[] =
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";

typedef struct {
        char *dir, *path;
        Ed25519Key *key;
        uint8_t public[ZW_ED25519_PUBLIC];
} Fixture;

static void set_up(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(GError) error = NULL;

        f->dir = g_dir_make_tmp("zonewright-note-XXXXXX", &error);
        g_assert_no_error(error);
        f->path = g_build_filename(f->dir, "key", NULL);
        g_assert_true(g_file_set_contents(f->path, seed, -1, &error));
        f->key = ed25519_open(f->path, false, &error);
        g_assert_no_error(error);
        ed25519_public(f->key, f->public);
}

static void tear_down(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        ed25519_free(f->key);
        g_unlink(f->path);
        g_rmdir(f->dir);
        g_free(f->path);
        g_free(f->dir);
}

static void test_published_vector(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        uint8_t signature[ZW_ED25519_SIGNATURE];
        char hex[2 * ZW_ED25519_SIGNATURE + 1];

        hex_encode(f->public, ZW_ED25519_PUBLIC, hex);
        g_assert_cmpstr(hex, ==, public_hex);
        ed25519_sign(f->key, "\x72", 1, signature);
        hex_encode(signature, ZW_ED25519_SIGNATURE, hex);
        g_assert_cmpstr(hex, ==, signature_hex);
        g_assert_true(ed25519_fits(f->public, "\x72", 1, signature));
        g_assert_false(ed25519_fits(f->public, "\x73", 1, signature));
}

static void test_every_flipped_byte_is_refused(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autofree char *note = note_sign(f->key, "first\nsecond\n"), *text = NULL;
        g_autoptr(GError) error = NULL;

        text = note_open(f->public, note, &error);
        g_assert_no_error(error);
        g_assert_cmpstr(text, ==, "first\nsecond\n");
        for (size_t i = 0; note[i] != '\0'; i++) {
                g_autoptr(GError) why = NULL;

                note[i] ^= 1;
                g_assert_null(note_open(f->public, note, &why));
                g_assert_error(why, ZW_ERROR, ZW_ERR_DAMAGED);
                note[i] ^= 1;
        }
}

static void test_keys_and_checkpoints_have_one_form(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autofree char *key = note_key_format(f->public), *longer = g_strconcat(key, "=", NULL),
                        *text = NULL;
        const Checkpoint given = { .log = id_new(), .size = 12345, .root = hash_sha256("x", 1) };
        uint8_t public[ZW_ED25519_PUBLIC];
        Checkpoint read;

        g_assert_true(note_key_parse(key, public, NULL));
        g_assert_true(memcmp(public, f->public, sizeof(public)) == 0);
        g_assert_false(note_key_parse(longer, public, NULL));
        g_assert_false(note_key_parse("zonewright+00000000+AAAA", public, NULL));
        text = checkpoint_format(&given);
        g_assert_true(checkpoint_parse(text, &read, NULL));
        g_assert_cmpuint(read.size, ==, given.size);
        g_assert_true(id_equal(&read.log, &given.log) && digest_equal(&read.root, &given.root));
        for (size_t i = 0; text[i] != '\0'; i++) {
                g_autofree char *cut = g_strndup(text, i);

                g_assert_false(checkpoint_parse(cut, &read, NULL));
        }
}

static void test_a_key_is_made_once(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(Ed25519Key) first = NULL, second = NULL;
        uint8_t keys[2][ZW_ED25519_PUBLIC];
        GStatBuf facts;

        g_unlink(f->path);
        g_assert_null(ed25519_open(f->path, false, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_NOT_FOUND);
        g_clear_error(&error);
        first = ed25519_open(f->path, true, &error);
        g_assert_no_error(error);
        second = ed25519_open(f->path, true, &error);
        g_assert_no_error(error);
        ed25519_public(first, keys[0]);
        ed25519_public(second, keys[1]);
        g_assert_true(memcmp(keys[0], keys[1], sizeof(keys[0])) == 0);
        g_assert_cmpint(g_stat(f->path, &facts), ==, 0);
        g_assert_cmpint(facts.st_mode & 0777, ==, 0600);
        g_assert_true(g_file_set_contents(f->path, "no key", -1, NULL));
        g_assert_null(ed25519_open(f->path, true, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_INPUT);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
#define CASE(name, function) g_test_add("/model/note/" name, Fixture, NULL, set_up, function, tear_down)
        CASE("vector", test_published_vector);
        CASE("flipped", test_every_flipped_byte_is_refused);
        CASE("form", test_keys_and_checkpoints_have_one_form);
        CASE("made-once", test_a_key_is_made_once);
        return g_test_run();
}
