#include "base/password.h"

#include "base/error.h"
#include "base/hash.h"

#include <sodium.h>
#include <string.h>

enum { PASSES = 3, MEMORY = 64 << 20 };

/* What people take first when twelve characters are asked for, letters folded and what is not a letter or digit left out. */
static const char *const worst[] = {
        "password1234",
        "passwordpassword",
        "123456789012",
        "1234567890123",
        "qwertyuiop12",
        "qwertyuiop123",
        "qwertyqwerty",
        "administrator",
        "administrator1",
        "adminadminadmin",
        "letmeinletmein",
        "welcome12345",
        "changemenow1",
        "changeme1234",
        "iloveyou1234",
        "abcdefghijkl",
        "abcd12345678",
        "aaaaaaaaaaaa",
        "111111111111",
        "000000000000",
        "zonewright123",
        "zonewright1234",
        "correcthorsebatterystaple",
        "passw0rd1234",
        "p4ssword1234",
        "trustno1trustno1",
        "1q2w3e4r5t6y",
        "1qaz2wsx3edc",
        "q1w2e3r4t5y6",
};

char *password_hash(const SecretText *password, GError **error)
{
        g_autofree char *hash = g_malloc0(crypto_pwhash_STRBYTES);

        hash_init();
        if (crypto_pwhash_str_alg(hash, secret_text_reveal(password), secret_text_length(password), PASSES,
                                  MEMORY, crypto_pwhash_ALG_ARGON2ID13) == 0)
                return g_steal_pointer(&hash);
        error_set(error, ZW_ERR_LIMIT, NULL, "there is not enough memory to hash a password");
        return NULL;
}

/* libsodium reads a buffer of fixed size, ended by zeros. */
static bool hash_copy(const char *hash, char ret_text[crypto_pwhash_STRBYTES])
{
        return g_strlcpy(ret_text, hash, crypto_pwhash_STRBYTES) < crypto_pwhash_STRBYTES;
}

bool password_fits(const char *hash, const SecretText *password)
{
        char text[crypto_pwhash_STRBYTES] = "";

        hash_init();
        return hash_copy(hash, text) && crypto_pwhash_str_verify(text, secret_text_reveal(password),
                                                                 secret_text_length(password)) == 0;
}

bool password_is_outdated(const char *hash)
{
        char text[crypto_pwhash_STRBYTES] = "";

        return !hash_copy(hash, text) || crypto_pwhash_str_needs_rehash(text, PASSES, MEMORY) != 0;
}

const char *password_decoy(void)
{
        return "$argon2id$v=19$m=65536,t=3,p=1$ZGVjb3lkZWNveWRlY29kZQ$"
               "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
}

/* Letters and digits of the text, folded. */
static char *folded(const char *text)
{
        g_autofree char *lower = g_utf8_strdown(text, -1);
        GString *kept = g_string_new(NULL);

        for (const char *at = lower; *at != '\0'; at = g_utf8_next_char(at))
                if (g_unichar_isalnum(g_utf8_get_char(at)))
                        g_string_append_unichar(kept, g_utf8_get_char(at));
        secret_wipe(lower, strlen(lower));
        return g_string_free(kept, FALSE);
}

/* What is left of the text without the word is too short to be a password of its own. */
static bool is_built_on(const char *text, const char *word)
{
        return strlen(word) >= 3 && strstr(text, word) != NULL &&
               strlen(text) - strlen(word) < ZW_PASSWORD_MIN / 2;
}

static const char *weakness(const SecretText *password, const char *name)
{
        const char *text = secret_text_reveal(password), *why = NULL;
        g_autofree char *plain = NULL, *user = NULL;

        if (secret_text_length(password) > ZW_PASSWORD_MAX)
                return "a password has at most 256 bytes";
        if (!g_utf8_validate(text, -1, NULL) || g_utf8_strlen(text, -1) < ZW_PASSWORD_MIN)
                return "a password has at least 12 characters";
        plain = folded(text);
        user = folded(name);
        if (is_built_on(plain, user))
                why = "the password is built on the name";
        for (size_t i = 0; why == NULL && i < G_N_ELEMENTS(worst); i++)
                if (strcmp(plain, worst[i]) == 0)
                        why = "the password is among the first that are tried";
        if (why == NULL && strspn(text, (const char[]){ text[0], '\0' }) == strlen(text))
                why = "the password is one character again and again";
        secret_wipe(plain, strlen(plain));
        return why;
}

bool password_check(const SecretText *password, const char *name, GError **error)
{
        const char *why = weakness(password, name);

        if (why != NULL)
                error_set(error, ZW_ERR_INPUT, "password", "%s", why);
        return why == NULL;
}
