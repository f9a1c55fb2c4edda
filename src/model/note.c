#include "model/note.h"

#include "base/error.h"
#include <string.h>

#define NOTE_NAME  "zonewright"
#define SIGN_BEGIN "\xe2\x80\x94 " NOTE_NAME " " /* em dash */
#define LOG_ORIGIN "zonewright.log/"

enum { KEY_HASH = 4, KIND_ED25519 = 1 };

/* The first bytes of SHA-256(name, line feed, kind, key) say which key it was. */
static void key_hash(const uint8_t public[ZW_ED25519_PUBLIC], uint8_t ret_hash[KEY_HASH])
{
        const uint8_t kind = KIND_ED25519;
        g_autoptr(HashState) state = hash_new();
        Digest digest;

        hash_update(state, NOTE_NAME "\n", strlen(NOTE_NAME "\n"));
        hash_update(state, &kind, 1);
        hash_update(state, public, ZW_ED25519_PUBLIC);
        digest = hash_finish(state);
        memcpy(ret_hash, digest.b, KEY_HASH);
}

char *note_sign(const Ed25519Key *key, const char *text)
{
        uint8_t public[ZW_ED25519_PUBLIC], signature[KEY_HASH + ZW_ED25519_SIGNATURE];
        g_autofree char *base64 = NULL;

        ed25519_public(key, public);
        key_hash(public, signature);
        ed25519_sign(key, text, strlen(text), signature + KEY_HASH);
        base64 = g_base64_encode(signature, sizeof(signature));
        return g_strconcat(text, "\n" SIGN_BEGIN, base64, "\n", NULL);
}

/* Exactly these bytes in base64, written in its one form. */
static bool base64_read(const char *text, size_t length, uint8_t *ret_bytes, size_t n)
{
        g_autofree char *copy = g_strndup(text, length), *again = NULL;
        gsize found;
        g_autofree guchar *bytes = copy[0] == '\0' ? NULL : g_base64_decode(copy, &found);

        if (bytes == NULL || found != n)
                return false;
        again = g_base64_encode(bytes, n);
        if (strcmp(again, copy) != 0)
                return false;
        memcpy(ret_bytes, bytes, n);
        return true;
}

char *note_open(const uint8_t public[ZW_ED25519_PUBLIC], const char *note, GError **error)
{
        const char *split = strstr(note, "\n\n" SIGN_BEGIN), *begin, *end;
        uint8_t signature[KEY_HASH + ZW_ED25519_SIGNATURE], hash[KEY_HASH];
        size_t n;

        if (split != NULL) {
                begin = split + strlen("\n\n" SIGN_BEGIN);
                end = strchr(begin, '\n');
                n = (size_t)(split - note) + 1;
                key_hash(public, hash);
                if (end != NULL && end[1] == '\0' &&
                    base64_read(begin, (size_t)(end - begin), signature, sizeof(signature)) &&
                    memcmp(signature, hash, KEY_HASH) == 0 &&
                    ed25519_fits(public, note, n, signature + KEY_HASH))
                        return g_strndup(note, n);
        }
        error_set(error, ZW_ERR_DAMAGED, NULL, "the note does not have the signature of this key");
        return NULL;
}

char *note_key_format(const uint8_t public[ZW_ED25519_PUBLIC])
{
        uint8_t kind_key[1 + ZW_ED25519_PUBLIC] = { KIND_ED25519 }, hash[KEY_HASH];
        char hex[2 * KEY_HASH + 1];
        g_autofree char *base64 = NULL;

        key_hash(public, hash);
        hex_encode(hash, KEY_HASH, hex);
        memcpy(kind_key + 1, public, ZW_ED25519_PUBLIC);
        base64 = g_base64_encode(kind_key, sizeof(kind_key));
        return g_strdup_printf(NOTE_NAME "+%s+%s", hex, base64);
}

bool note_key_parse(const char *text, uint8_t ret_public[ZW_ED25519_PUBLIC], GError **error)
{
        enum { BASE64_AT = sizeof(NOTE_NAME) + 2 * KEY_HASH + 1 };
        uint8_t kind_key[1 + ZW_ED25519_PUBLIC];
        g_autofree char *again = NULL;

        if (strlen(text) > BASE64_AT &&
            base64_read(text + BASE64_AT, strlen(text + BASE64_AT), kind_key, sizeof(kind_key))) {
                memcpy(ret_public, kind_key + 1, ZW_ED25519_PUBLIC);
                again = note_key_format(ret_public);
                if (strcmp(again, text) == 0)
                        return true;
        }
        error_set(error, ZW_ERR_INPUT, NULL, "this is no key of a log");
        return false;
}

char *checkpoint_format(const Checkpoint *checkpoint)
{
        g_autofree char *root = g_base64_encode(checkpoint->root.b, ZW_DIGEST_BYTES);
        char log[ZW_ID_HEX];

        hex_encode(checkpoint->log.b, ZW_ID_BYTES, log);
        return g_strdup_printf(LOG_ORIGIN "%s\n%" G_GUINT64_FORMAT "\n%s\n", log, checkpoint->size, root);
}

bool checkpoint_parse(const char *text, Checkpoint *ret_checkpoint, GError **error)
{
        g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
        g_autofree char *again = NULL;

        if (g_strv_length(lines) == 4 && g_str_has_prefix(lines[0], LOG_ORIGIN) &&
            hex_decode(lines[0] + strlen(LOG_ORIGIN), ret_checkpoint->log.b, ZW_ID_BYTES, NULL) &&
            g_ascii_string_to_unsigned(lines[1], 10, 1, G_MAXINT64, &ret_checkpoint->size, NULL) &&
            base64_read(lines[2], strlen(lines[2]), ret_checkpoint->root.b, ZW_DIGEST_BYTES)) {
                again = checkpoint_format(ret_checkpoint);
                if (strcmp(again, text) == 0)
                        return true;
        }
        error_set(error, ZW_ERR_INPUT, NULL, "this is no checkpoint of a log");
        return false;
}
