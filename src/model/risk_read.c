/* Reading a risk method, each cell checked (docs/algorithms/risk.md, `The method as data`). */
#include "base/error.h"
#include "base/jread.h"
#include "model/risk_internal.h"

#include <string.h>

static const char *const kind_names_[] = { "matrix", "risk_reduction", "attacker_capability" };

const char *risk_method_kind_name(RiskMethodKind kind)
{
        return kind_names_[kind];
}

static bool refuse(GError **error, const char *where, const char *what)
{
        error_set(error, ZW_ERR_INPUT, where, "%s", what);
        return false;
}

static char *below(const char *where, const char *name)
{
        return g_strdup_printf("%s/%s", where, name);
}

static char *cell(const char *where, size_t i)
{
        return g_strdup_printf("%s/%zu", where, i);
}

/* ---- small values ---- */

static bool name_check(const char *name, const char *where, GError **error)
{
        const size_t n = strlen(name);

        for (size_t i = 0; i < n; i++)
                if (!g_ascii_isalnum(name[i]) && strchr("._-", name[i]) == NULL)
                        return refuse(error, where,
                                      "a name has letters, digits, dots, hyphens and low lines");
        return (n >= 1 && n < ZW_RISK_NAME_MAX / 2) || refuse(error, where, "a name has 1 to 31 characters");
}

static bool text_check(const json_t *value, const char *where, GError **error)
{
        const char *text = json_string_value(value);

        return (text != NULL && *text != '\0') || refuse(error, where, "a text is missing here");
}

static bool int_read(const json_t *value, const char *where, int least, int most, int *ret, GError **error)
{
        const json_int_t number = json_integer_value(value);

        if (value == NULL || json_is_null(value)) {
                error_set(error, ZW_ERR_INPUT, where,
                          "there is a hole: a whole number from %d to %d is missing", least, most);
                return false;
        }
        if (!json_is_integer(value) || number < least || number > most) {
                error_set(error, ZW_ERR_INPUT, where, "this is no whole number from %d to %d", least, most);
                return false;
        }
        *ret = (int)number;
        return true;
}

/* ---- classes ---- */

static bool classes_count(const json_t *value, const char *where, int *ret_n, GError **error)
{
        const size_t n = json_array_size(value);

        *ret_n = (int)n;
        return (n >= 2 && n <= ZW_RISK_CLASSES_MAX) || refuse(error, where, "a scale has 2 to 10 classes");
}

static bool likelihoods_read(RiskMethod *m, const json_t *value, const char *where, GError **error)
{
        static const char *const names[] = { "name", "criterion" };
        const json_t *one;
        size_t i;

        if (!classes_count(value, where, &m->likelihoods, error))
                return false;
        json_array_foreach(value, i, one)
        {
                for (size_t k = 0; k < G_N_ELEMENTS(names); k++) {
                        g_autofree char *place = g_strdup_printf("%s/%zu/%s", where, i, names[k]);

                        if (!text_check(json_object_get(one, names[k]), place, error))
                                return false;
                }
        }
        return true;
}

static bool texts_check(const json_t *value, size_t n, const char *where, GError **error)
{
        if (json_array_size(value) != n) {
                error_set(error, ZW_ERR_INPUT, where,
                          "there are %zu texts where %zu are needed, one for each class",
                          json_array_size(value), n);
                return false;
        }
        for (size_t i = 0; i < n; i++) {
                g_autofree char *place = cell(where, i);

                if (!text_check(json_array_get(value, i), place, error))
                        return false;
        }
        return true;
}

/* ---- categories ---- */

static int value_of(AttrId attr, const char *name)
{
        const AttrDef *def = attr_get(ZW_KIND_RISK, attr);

        for (size_t i = 0; i < def->n_values; i++)
                if (strcmp(def->values[i], name) == 0)
                        return (int)i;
        return -1;
}

static bool category_read(RiskMethod *m, const char *name, const json_t *value, const char *where,
                          GError **error)
{
        struct {
                json_t *tolerable, *criteria;
        } category = { NULL, NULL };
        const JReadField fields[] = {
                { "tolerable", JREAD_JSON, offsetof(typeof(category), tolerable), true },
                { "criteria", JREAD_ARRAY, offsetof(typeof(category), criteria), true },
                JREAD_END,
        };
        g_autofree char *place = below(where, name), *tolerable = below(place, "tolerable"),
                        *criteria = below(place, "criteria");
        const int number = value_of(ZW_ATTR_IMPACT, name);

        if (number < 0)
                return refuse(error, place, "there is no impact category of this name");
        return jread_object(value, fields, &category, place, error) &&
               int_read(category.tolerable, tolerable, 0, ZW_RISK_RATING_MAX, &m->tolerable[number], error) &&
               texts_check(category.criteria, (size_t)m->impacts, criteria, error);
}

static bool categories_read(RiskMethod *m, json_t *value, const char *where, GError **error)
{
        const char *name;
        const json_t *one;

        if (json_object_size(value) == 0)
                return refuse(error, where, "a method rates at least one impact category");
        json_object_foreach(value, name, one) if (!category_read(m, name, one, where, error)) return false;
        return true;
}

/* ---- matrices: a row for each likelihood, a cell for each impact ---- */

static bool matrix_row_read(const RiskMethod *m, const json_t *row, const char *where, int most, int *ret,
                            GError **error)
{
        if (json_array_size(row) > (size_t)m->impacts)
                return refuse(error, where, "this row has more cells than there are classes of impact");
        for (int i = 0; i < m->impacts; i++) {
                g_autofree char *place = cell(where, (size_t)i);

                if (!int_read(json_array_get(row, (size_t)i), place, 0, most, &ret[i], error))
                        return false;
        }
        return true;
}

static bool matrix_read(const RiskMethod *m, const json_t *value, const char *where, int most,
                        int ret[][ZW_RISK_CLASSES_MAX], GError **error)
{
        if (json_array_size(value) > (size_t)m->likelihoods)
                return refuse(error, where, "there are more rows than classes of likelihood");
        for (int i = 0; i < m->likelihoods; i++) {
                g_autofree char *place = cell(where, (size_t)i);

                if (!matrix_row_read(m, json_array_get(value, (size_t)i), place, most, ret[i], error))
                        return false;
        }
        return true;
}

/* ---- bands ---- */

/* A decimal of at most three places, as thousandths. */
static bool bound_read(const char *text, const char *where, int64_t *ret, GError **error)
{
        int64_t whole = 0, part = 0;
        size_t digits = 0, places = 0, i = 0;

        for (; g_ascii_isdigit(text[i]) && digits < 6; i++, digits++)
                whole = whole * 10 + (text[i] - '0');
        if (text[i] == '.')
                for (i++; g_ascii_isdigit(text[i]) && places < 3; i++, places++)
                        part = part * 10 + (text[i] - '0');
        if (digits == 0 || text[i] != '\0')
                return refuse(error, where, "a bound is a decimal of at most three places, as a text");
        for (; places < 3; places++)
                part *= 10;
        *ret = whole * BAND_UNIT + part;
        return true;
}

static bool band_read(const json_t *value, bool last, const char *where, RiskBand *band, GError **error)
{
        struct {
                const char *up_to, *below;
                json_t *sl;
        } raw = { NULL, NULL, NULL };
        const JReadField fields[] = {
                { "up_to", JREAD_STRING, offsetof(typeof(raw), up_to), false },
                { "below", JREAD_STRING, offsetof(typeof(raw), below), false },
                { "sl", JREAD_JSON, offsetof(typeof(raw), sl), true },
                JREAD_END,
        };
        g_autofree char *sl = below(where, "sl");

        if (!jread_object(value, fields, &raw, where, error) || !int_read(raw.sl, sl, 0, 4, &band->sl, error))
                return false;
        band->bound = -1;
        band->inclusive = raw.up_to != NULL;
        if ((raw.up_to != NULL) + (raw.below != NULL) != (last ? 0 : 1))
                return refuse(error, where,
                              last ? "the last band has no bound, so that every ratio has a level"
                                   : "a band has either `up_to` or `below`");
        return last || bound_read(raw.up_to != NULL ? raw.up_to : raw.below, where, &band->bound, error);
}

static bool bands_read(RiskMethod *m, const json_t *value, const char *where, GError **error)
{
        m->n_bands = json_array_size(value);
        if (m->n_bands < 1 || m->n_bands > BANDS_MAX)
                return refuse(error, where, "there are 1 to 16 bands");
        for (size_t i = 0; i < m->n_bands; i++) {
                g_autofree char *place = cell(where, i);

                if (!band_read(json_array_get(value, i), i + 1 == m->n_bands, place, &m->bands[i], error))
                        return false;
                if (i > 0 && m->bands[i].bound >= 0 && m->bands[i].bound <= m->bands[i - 1].bound)
                        return refuse(error, place, "the bounds of the bands rise");
                if (i > 0 && m->bands[i].sl < m->bands[i - 1].sl)
                        return refuse(error, place, "a higher ratio does not ask for a lower level");
        }
        return true;
}

/* ---- classes of the attacker ---- */

static bool factor_read(RiskMethod *m, int factor, const json_t *value, const char *where, GError **error)
{
        if (!classes_count(value, where, &m->n_factors[factor], error))
                return false;
        for (int i = 0; i < m->n_factors[factor]; i++) {
                const json_t *one = json_array_get(value, (size_t)i);
                g_autofree char *place = cell(where, (size_t)i), *name = below(place, "name"),
                                *sl = below(place, "sl");

                if (!text_check(json_object_get(one, "name"), name, error) ||
                    !int_read(json_object_get(one, "sl"), sl, 0, 4, &m->factors[factor][i], error))
                        return false;
        }
        return true;
}

static bool factors_read(RiskMethod *m, const json_t *value, const char *where, GError **error)
{
        const AttrDef *def = attr_get(ZW_KIND_RISK, ZW_ATTR_ATTACKER);

        if (json_object_size(value) != def->n_values)
                return refuse(error, where, "an attacker has skill, motivation, resources and means");
        for (size_t i = 0; i < def->n_values; i++) {
                g_autofree char *place = below(where, def->values[i]);

                if (!factor_read(m, (int)i, json_object_get(value, def->values[i]), place, error))
                        return false;
        }
        return true;
}

/* ---- the whole ---- */

static bool sl_read(RiskMethod *m, const json_t *value, const char *where, GError **error)
{
        struct {
                const char *by;
                json_t *matrix, *bands, *factors;
        } sl = { NULL, NULL, NULL, NULL };
        const JReadField fields[] = {
                { "by", JREAD_STRING, offsetof(typeof(sl), by), true },
                { "matrix", JREAD_ARRAY, offsetof(typeof(sl), matrix), false },
                { "bands", JREAD_ARRAY, offsetof(typeof(sl), bands), false },
                { "factors", JREAD_OBJECT, offsetof(typeof(sl), factors), false },
                JREAD_END,
        };
        g_autofree char *by = below(where, "by"), *matrix = below(where, "matrix"),
                        *bands = below(where, "bands"), *factors = below(where, "factors");

        if (!jread_object(value, fields, &sl, where, error))
                return false;
        for (size_t i = 0; i < G_N_ELEMENTS(kind_names_); i++) {
                const json_t *const parts[] = { sl.matrix, sl.bands, sl.factors };

                if (strcmp(sl.by, kind_names_[i]) != 0)
                        continue;
                m->kind = (RiskMethodKind)i;
                if (parts[i] == NULL || (sl.matrix != NULL) + (sl.bands != NULL) + (sl.factors != NULL) != 1)
                        break;
                return i == RISK_BY_MATRIX      ? matrix_read(m, sl.matrix, matrix, 4, m->matrix, error)
                       : i == RISK_BY_REDUCTION ? bands_read(m, sl.bands, bands, error)
                                                : factors_read(m, sl.factors, factors, error);
        }
        return refuse(error, by,
                      "a level follows by `matrix`, by `risk_reduction` from `bands`, or by "
                      "`attacker_capability` from `factors`, and by nothing else beside");
}

typedef struct {
        const char *method, *version, *title, *replaces, *practice;
        json_t *likelihood, *impact, *categories, *rating, *sl;
} RawMethod;

static const JReadField method_fields[] = {
        { "method", JREAD_STRING, offsetof(RawMethod, method), true },
        { "version", JREAD_STRING, offsetof(RawMethod, version), true },
        { "title", JREAD_STRING, offsetof(RawMethod, title), true },
        { "replaces", JREAD_STRING, offsetof(RawMethod, replaces), false },
        { "practice", JREAD_STRING, offsetof(RawMethod, practice), false },
        { "likelihood", JREAD_ARRAY, offsetof(RawMethod, likelihood), true },
        { "impact", JREAD_ARRAY, offsetof(RawMethod, impact), true },
        { "categories", JREAD_OBJECT, offsetof(RawMethod, categories), true },
        { "rating", JREAD_ARRAY, offsetof(RawMethod, rating), true },
        { "sl", JREAD_OBJECT, offsetof(RawMethod, sl), true },
        JREAD_END,
};

static bool names_read(RiskMethod *m, const RawMethod *raw, const char *where, GError **error)
{
        g_autofree char *method = below(where, "method"), *version = below(where, "version"),
                        *replaces = below(where, "replaces");

        if (!name_check(raw->method, method, error) || !name_check(raw->version, version, error) ||
            (raw->replaces != NULL && !name_check(raw->replaces, replaces, error)))
                return false;
        if (g_strcmp0(raw->replaces, raw->version) == 0)
                return refuse(error, replaces, "a version does not replace itself");
        m->name = g_strdup_printf("%s@%s", raw->method, raw->version);
        m->replaces = raw->replaces == NULL ? NULL : g_strdup_printf("%s@%s", raw->method, raw->replaces);
        m->title = raw->title;
        return true;
}

static bool parts_read(RiskMethod *m, const RawMethod *raw, const char *where, GError **error)
{
        g_autofree char *likelihood = below(where, "likelihood"), *impact = below(where, "impact"),
                        *categories = below(where, "categories"), *rating = below(where, "rating"),
                        *sl = below(where, "sl");

        return likelihoods_read(m, raw->likelihood, likelihood, error) &&
               classes_count(raw->impact, impact, &m->impacts, error) &&
               texts_check(raw->impact, (size_t)m->impacts, impact, error) &&
               categories_read(m, raw->categories, categories, error) &&
               matrix_read(m, raw->rating, rating, ZW_RISK_RATING_MAX, m->rating, error) &&
               sl_read(m, raw->sl, sl, error);
}

RiskMethod *risk_method_read(const json_t *value, const char *where, GError **error)
{
        g_autoptr(RiskMethod) m = g_new0(RiskMethod, 1);
        RawMethod raw = { 0 };

        m->json = json_deep_copy(value);
        for (int i = 0; i < ZW_RISK_CATEGORIES; i++)
                m->tolerable[i] = -1;
        if (!json_is_object(value)) {
                error_set(error, ZW_ERR_INPUT, where, "a risk method is an object");
                return NULL;
        }
        if (!jread_object(m->json, method_fields, &raw, where, error) || !names_read(m, &raw, where, error) ||
            !parts_read(m, &raw, where, error))
                return NULL;
        return g_steal_pointer(&m);
}
