#include "base/totp.h"

#include "base/verify.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>
#include <string.h>

enum { SHA1_BYTES = 20, AROUND = 1, MODULUS = 1000000 };

/* RFC 4226, 5.3: four bytes at the place that the last half-byte says, without the sign. */
uint32_t totp_code(const uint8_t *key, size_t n, int64_t step)
{
        uint8_t counter[8], mac[SHA1_BYTES];
        unsigned length = sizeof(mac), at;
        uint32_t value;

        for (int i = 0; i < 8; i++)
                counter[i] = (uint8_t)((uint64_t)step >> (56 - 8 * i));
        ZW_VERIFY(HMAC(EVP_sha1(), key, (int)n, counter, sizeof(counter), mac, &length) != NULL);
        at = mac[SHA1_BYTES - 1] & 15;
        value = (uint32_t)(mac[at] & 0x7f) << 24 | (uint32_t)mac[at + 1] << 16 | (uint32_t)mac[at + 2] << 8 |
                mac[at + 3];
        secret_wipe(mac, sizeof(mac));
        return value % MODULUS;
}

bool totp_check(const uint8_t *key, size_t n, const char *text, Instant now, int64_t last, int64_t *ret_step)
{
        const int64_t middle = now / 1000 / ZW_TOTP_SECONDS;
        bool found = false;

        if (text == NULL || strlen(text) != ZW_TOTP_DIGITS || strspn(text, "0123456789") != ZW_TOTP_DIGITS)
                return false;
        for (int64_t step = middle - AROUND; step <= middle + AROUND; step++) {
                char code[ZW_TOTP_DIGITS + 5];

                g_snprintf(code, sizeof(code), "%06u", totp_code(key, n, step));
                if (step > last && sodium_memcmp(code, text, ZW_TOTP_DIGITS) == 0 && !found) {
                        *ret_step = step;
                        found = true;
                }
                secret_wipe(code, sizeof(code));
        }
        return found;
}

/* RFC 4648 base 32 without padding: apps take no other. */
static void base32_append(GString *text, const uint8_t *bytes, size_t n)
{
        static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        uint32_t bits = 0;
        int have = 0;

        for (size_t i = 0; i < n; i++) {
                bits = bits << 8 | bytes[i];
                for (have += 8; have >= 5; have -= 5)
                        g_string_append_c(text, digits[bits >> (have - 5) & 31]);
                bits &= (1U << have) - 1;
        }
        if (have > 0)
                g_string_append_c(text, digits[bits << (5 - have) & 31]);
}

SecretText *totp_address(const uint8_t *key, size_t n, const char *name)
{
        g_autofree char *label = g_uri_escape_string(name, NULL, FALSE);
        g_autoptr(GString) text = g_string_sized_new(1024); /* so that growing leaves no copy behind */
        SecretText *address;

        g_string_append_printf(text, "otpauth://totp/Zonewright:%s?secret=", label);
        base32_append(text, key, n);
        g_string_append(text, "&issuer=Zonewright");
        address = secret_text_new(text->str, text->len);
        secret_wipe(text->str, text->len);
        return address;
}
