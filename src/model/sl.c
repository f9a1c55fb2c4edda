#include "model/sl.h"

#include "base/error.h"
#include "base/verify.h"

SlVector sl_vector_unknown(void)
{
        SlVector vector;

        for (int i = 0; i < ZW_FR_COUNT; i++)
                vector.e[i] = ZW_SL_UNKNOWN;
        return vector;
}

bool sl_vector_read(const json_t *value, const char *where, SlVector *ret_vector, GError **error)
{
        SlVector vector;

        if (!json_is_array(value) || json_array_size(value) != ZW_FR_COUNT) {
                error_set(error, ZW_ERR_INPUT, where, "an SL vector has %d entries, in FR order",
                          ZW_FR_COUNT);
                return false;
        }
        for (size_t i = 0; i < ZW_FR_COUNT; i++) {
                const json_t *entry = json_array_get(value, i);
                json_int_t level = json_integer_value(entry);

                if (json_is_null(entry)) {
                        vector.e[i] = ZW_SL_UNKNOWN;
                        continue;
                }
                if (!json_is_integer(entry) || level < 0 || level > ZW_SL_MAX) {
                        g_autofree char *at = g_strdup_printf("%s/%zu", where == NULL ? "" : where, i);

                        error_set(error, ZW_ERR_INPUT, at, "the entry for %s is 0 to 4 or null",
                                  sl_fr_name((int)i + 1));
                        return false;
                }
                vector.e[i] = (int8_t)level;
        }
        *ret_vector = vector;
        return true;
}

void sl_vector_write(const SlVector *vector, JWrite *w)
{
        jwrite_array_begin(w);
        for (int i = 0; i < ZW_FR_COUNT; i++)
                if (vector->e[i] == ZW_SL_UNKNOWN)
                        jwrite_null(w);
                else
                        jwrite_int(w, vector->e[i]);
        jwrite_array_end(w);
}

void sl_vector_format(const SlVector *vector, char *ret_text)
{
        char *p = ret_text;

        *p++ = '{';
        for (int i = 0; i < ZW_FR_COUNT; i++) {
                if (i > 0)
                        *p++ = ' ';
                *p++ = vector->e[i] == ZW_SL_UNKNOWN ? '?' : (char)('0' + vector->e[i]);
        }
        *p++ = '}';
        *p = '\0';
}

const char *sl_fr_name(int fr)
{
        static const char *const names[ZW_FR_COUNT] = { "IAC", "UC", "SI", "DC", "RDF", "TRE", "RA" };

        ZW_VERIFY(fr >= 1 && fr <= ZW_FR_COUNT);
        return names[fr - 1];
}

const char *sl_fr_title(int fr)
{
        static const char *const titles[ZW_FR_COUNT] = { "Identification and authentication control",
                                                         "Use control",
                                                         "System integrity",
                                                         "Data confidentiality",
                                                         "Restricted data flow",
                                                         "Timely response to events",
                                                         "Resource availability" };

        ZW_VERIFY(fr >= 1 && fr <= ZW_FR_COUNT);
        return titles[fr - 1];
}
