/* Risk methods: what a statement of a risk gives by one of them, and the set that a project can use. */
#include "model/risk.h"

#include "base/error.h"
#include "base/jread.h"
#include "base/near.h"
#include "base/verify.h"
#include "model/risk_internal.h"

#include <string.h>

void risk_method_free(RiskMethod *method)
{
        if (method == NULL)
                return;
        json_decref(method->json);
        g_free(method->name);
        g_free(method->replaces);
        g_free(method);
}

const char *risk_method_name(const RiskMethod *method)
{
        return method->name;
}

const char *risk_method_title(const RiskMethod *method)
{
        return method->title;
}

const char *risk_method_replaces(const RiskMethod *method)
{
        return method->replaces;
}

RiskMethodKind risk_method_kind(const RiskMethod *method)
{
        return method->kind;
}

const json_t *risk_method_json(const RiskMethod *method)
{
        return method->json;
}

int risk_method_likelihoods(const RiskMethod *method)
{
        return method->likelihoods;
}

int risk_method_impacts(const RiskMethod *method)
{
        return method->impacts;
}

int risk_method_rating(const RiskMethod *method, int likelihood, int impact)
{
        return method->rating[likelihood - 1][impact - 1];
}

/* ---- the level of one risk ---- */

/* Whole numbers only: risk / tolerable against bound / 1000 is risk * 1000 against bound * tolerable. With nothing
 * tolerable every risk has the last band. */
static int band_level(const RiskMethod *method, int risk, int tolerable)
{
        for (size_t i = 0; i + 1 < method->n_bands; i++) {
                const RiskBand *band = &method->bands[i];
                const int64_t left = (int64_t)risk * BAND_UNIT, right = band->bound * tolerable;

                if (risk == 0 || (tolerable > 0 && (left < right || (band->inclusive && left == right))))
                        return band->sl;
        }
        return method->bands[method->n_bands - 1].sl;
}

static void unknown_because(RiskLevel *level, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void unknown_because(RiskLevel *level, const char *format, ...)
{
        va_list args;

        if (level->unknown != NULL)
                return;
        va_start(args, format);
        level->unknown = g_strdup_vprintf(format, args);
        va_end(args);
}

/* The factor that asks for the highest level counts. */
static void attacker_level(const RiskMethod *method, const RiskStatement *statement, RiskLevel *level)
{
        const AttrDef *def = attr_get(ZW_KIND_RISK, ZW_ATTR_ATTACKER);

        if (method->kind != RISK_BY_ATTACKER)
                return;
        level->attacker = 0;
        for (int i = 0; i < ZW_RISK_FACTORS; i++) {
                const int class = statement->attacker[i];

                if (class < 1 || class > method->n_factors[i]) {
                        unknown_because(level, "%s has no class %d of the attacker's %s", method->name, class,
                                        def->values[i]);
                        level->attacker = -1;
                        return;
                }
                level->attacker = MAX(level->attacker, method->factors[i][class - 1]);
        }
}

static int category_level(const RiskMethod *method, const RiskStatement *statement, const RiskLevel *level,
                          const RiskCategory *category)
{
        if (method->kind == RISK_BY_REDUCTION)
                return band_level(method, category->risk, category->tolerable);
        if (category->risk <= category->tolerable)
                return 0;
        return method->kind == RISK_BY_MATRIX
                       ? method->matrix[statement->likelihood - 1][category->impact - 1]
                       : level->attacker;
}

static void category_rate(const RiskMethod *method, const RiskStatement *statement, int i, RiskLevel *level)
{
        const char *name = attr_get(ZW_KIND_RISK, ZW_ATTR_IMPACT)->values[i];
        RiskCategory *category = &level->categories[i];

        *category = (RiskCategory){ .impact = statement->impact[i], .risk = -1, .tolerable = -1, .sl = -1 };
        if (category->impact < 0)
                return;
        category->tolerable = statement->tolerable[i] >= 0 ? statement->tolerable[i] : method->tolerable[i];
        if (category->impact == 0) {
                category->risk = category->sl = 0;
                return;
        }
        if (category->impact > method->impacts)
                unknown_because(level, "%s has no class %d of impact (%s)", method->name, category->impact,
                                name);
        else if (statement->likelihood < 1 || statement->likelihood > method->likelihoods)
                unknown_because(level, "%s has no class %d of likelihood", method->name,
                                statement->likelihood);
        else
                category->risk = risk_method_rating(method, statement->likelihood, category->impact);
        if (category->tolerable < 0)
                unknown_because(level, "nothing says which risk is tolerable for %s", name);
        if (category->risk >= 0 && category->tolerable >= 0)
                category->sl = category_level(method, statement, level, category);
}

void risk_method_level(const RiskMethod *method, const RiskStatement *statement, RiskLevel *ret_level)
{
        RiskLevel level = { .sl = -1, .attacker = -1 };
        bool rated = false, known = true;
        int highest = 0;

        attacker_level(method, statement, &level);
        for (int i = 0; i < ZW_RISK_CATEGORIES; i++) {
                category_rate(method, statement, i, &level);
                if (level.categories[i].impact < 0)
                        continue;
                rated = true;
                known = known && level.categories[i].sl >= 0;
                highest = MAX(highest, level.categories[i].sl);
        }
        if (!rated)
                unknown_because(&level, "no impact is rated");
        else if (known)
                level.sl = highest;
        if (level.sl >= 0)
                g_clear_pointer(&level.unknown, g_free);
        *ret_level = level;
}

void risk_level_clear(RiskLevel *level)
{
        g_clear_pointer(&level->unknown, g_free);
}

/* ---- sets ---- */

struct RiskMethods {
        GPtrArray *all; /* of RiskMethod */
        const RiskMethod *standard;
};

static void method_destroy(gpointer data)
{
        risk_method_free(data);
}

RiskMethods *risk_methods_new(void)
{
        RiskMethods *methods = g_new0(RiskMethods, 1);

        methods->all = g_ptr_array_new_with_free_func(method_destroy);
        for (size_t i = 0; i < risk_sources_count; i++) {
                g_autoptr(GError) error = NULL;
                g_autoptr(Json) value = jread_parse(risk_sources[i], strlen(risk_sources[i]), &error);
                RiskMethod *method = value == NULL ? NULL : risk_method_read(value, "", &error);

                ZW_VERIFY(method != NULL);
                g_ptr_array_add(methods->all, method);
        }
        methods->standard = risk_methods_find(methods, ZW_RISK_DEFAULT, strlen(ZW_RISK_DEFAULT));
        ZW_VERIFY(methods->standard != NULL);
        return methods;
}

void risk_methods_free(RiskMethods *methods)
{
        if (methods == NULL)
                return;
        g_ptr_array_unref(methods->all);
        g_free(methods);
}

size_t risk_methods_count(const RiskMethods *methods)
{
        return methods->all->len;
}

const RiskMethod *risk_methods_get(const RiskMethods *methods, size_t i)
{
        return g_ptr_array_index(methods->all, i);
}

const RiskMethod *risk_methods_default(const RiskMethods *methods)
{
        return methods->standard;
}

const RiskMethod *risk_methods_find(const RiskMethods *methods, const char *name, size_t n)
{
        for (guint i = 0; i < methods->all->len; i++) {
                const RiskMethod *method = g_ptr_array_index(methods->all, i);

                if (strlen(method->name) == n && memcmp(method->name, name, n) == 0)
                        return method;
        }
        return NULL;
}

const RiskMethod *risk_methods_successor(const RiskMethods *methods, const RiskMethod *method)
{
        for (guint i = 0; i < methods->all->len; i++) {
                const RiskMethod *other = g_ptr_array_index(methods->all, i);

                if (g_strcmp0(other->replaces, method->name) == 0)
                        return other;
        }
        return NULL;
}

/* Some version of the same method, or NULL. */
static const RiskMethod *sibling(const RiskMethods *methods, const RiskMethod *method)
{
        const size_t n = (size_t)(strchr(method->name, '@') - method->name) + 1;

        for (guint i = 0; i < methods->all->len; i++) {
                const RiskMethod *other = g_ptr_array_index(methods->all, i);

                if (strncmp(other->name, method->name, n) == 0)
                        return other;
        }
        return NULL;
}

static bool add_check(const RiskMethods *methods, const RiskMethod *method, GError **error)
{
        const RiskMethod *replaced = method->replaces == NULL ? NULL
                                                              : risk_methods_find(methods, method->replaces,
                                                                                  strlen(method->replaces)),
                         *other = sibling(methods, method);

        if (risk_methods_find(methods, method->name, strlen(method->name)) != NULL) {
                error_set(error, ZW_ERR_EXISTS, "/version",
                          "there is a %s already, and a version is never edited: give the new one another "
                          "version",
                          method->name);
                return false;
        }
        if (method->replaces != NULL && replaced == NULL) {
                error_set(error, ZW_ERR_INPUT, "/replaces", "there is no %s to replace", method->replaces);
                return false;
        }
        if (other != NULL && replaced == NULL) {
                error_set(error, ZW_ERR_INPUT, "/replaces",
                          "there is %s: say which version this one replaces", other->name);
                return false;
        }
        if (replaced != NULL && risk_methods_successor(methods, replaced) != NULL) {
                error_set(error, ZW_ERR_INPUT, "/replaces", "%s was replaced by %s already", replaced->name,
                          risk_methods_successor(methods, replaced)->name);
                return false;
        }
        return true;
}

bool risk_methods_add(RiskMethods *methods, RiskMethod *method, GError **error)
{
        if (!add_check(methods, method, error)) {
                risk_method_free(method);
                return false;
        }
        g_ptr_array_add(methods->all, method);
        return true;
}

bool risk_methods_set_default(RiskMethods *methods, const char *name, GError **error)
{
        const RiskMethod *method = risk_methods_find(methods, name, strlen(name));
        g_autoptr(GPtrArray) names = NULL;
        g_autofree char *near = NULL;

        if (method != NULL) {
                methods->standard = method;
                return true;
        }
        names = g_ptr_array_new();
        for (guint i = 0; i < methods->all->len; i++)
                g_ptr_array_add(names, ((RiskMethod *)g_ptr_array_index(methods->all, i))->name);
        near = near_names(name, (const char *const *)names->pdata, names->len);
        error_set(error, ZW_ERR_NAME_UNKNOWN, "/method", "there is no risk method \"%s\"%s", name, near);
        return false;
}
