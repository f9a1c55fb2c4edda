/* Risk methods as versioned data: likelihood and impact classes, criteria and tolerable risk by impact category, the rating
 * of a likelihood and an impact, and how a security level follows (docs/algorithms/risk.md; 62443-3-2 prescribes no formula,
 * so all of it is project practice). Those of data/risk are compiled in; a project has its own as settings
 * `risk_method:METHOD@VERSION`. A version is never edited: another one names the version it replaces.
 *
 * Methods and sets of them are owned by their maker, constant once made and so thread-safe. */
#ifndef MODEL_RISK_H
#define MODEL_RISK_H

#include "model/metamodel.h"
#include <jansson.h>

enum {
        ZW_RISK_CLASSES_MAX = 10,
        ZW_RISK_RATING_MAX = 100,
        ZW_RISK_CATEGORIES = ZW_VALUE_IMPACT_QUALITY + 1,
        ZW_RISK_FACTORS = ZW_VALUE_ATTACKER_MEANS + 1,
        ZW_RISK_NAME_MAX = 64, /* bytes of METHOD@VERSION */
};
#define ZW_RISK_DEFAULT "matrix-5x5@1"

typedef struct RiskMethod RiskMethod;

/* How the level follows. */
typedef enum {
        RISK_BY_MATRIX,    /* (likelihood, impact) → SL, where the risk is above the tolerable one */
        RISK_BY_REDUCTION, /* CRRF = unmitigated / tolerable risk, bands → SL */
        RISK_BY_ATTACKER,  /* classes of the attacker → SL, where the risk is above the tolerable one */
} RiskMethodKind;
const char *risk_method_kind_name(RiskMethodKind kind);

/* Checks the whole of it. Errors: INPUT with the JSON pointer below `where`: a name, a hole in a matrix, a row too long or
 * too short, a level outside 0 to 4, bands that do not rise or do not end. */
RiskMethod *risk_method_read(const json_t *value, const char *where, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
void risk_method_free(RiskMethod *method);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RiskMethod, risk_method_free)

const char *risk_method_name(const RiskMethod *method); /* METHOD@VERSION */
const char *risk_method_title(const RiskMethod *method);
const char *risk_method_replaces(const RiskMethod *method); /* METHOD@VERSION, or NULL */
RiskMethodKind risk_method_kind(const RiskMethod *method);
const json_t *risk_method_json(const RiskMethod *method); /* borrowed */
int risk_method_likelihoods(const RiskMethod *method);
int risk_method_impacts(const RiskMethod *method);

/* The risk of classes within the method's bounds, from 1. */
int risk_method_rating(const RiskMethod *method, int likelihood, int impact);

/* What a risk states. */
typedef struct {
        int likelihood;                    /* 0: not stated */
        int impact[ZW_RISK_CATEGORIES];    /* -1: not stated; 0: none */
        int tolerable[ZW_RISK_CATEGORIES]; /* -1: the method's */
        int attacker[ZW_RISK_FACTORS];     /* 0: not stated */
} RiskStatement;

/* What one category gives. */
typedef struct {
        int impact;    /* -1: the category is not rated */
        int risk;      /* unmitigated; -1 unknown */
        int tolerable; /* -1 unknown */
        int sl;        /* -1 unknown */
} RiskCategory;

typedef struct {
        int sl;       /* of the highest category; -1 when any of them is unknown, or none is rated */
        int attacker; /* SL that the classes of the attacker ask for; -1 unknown; of that kind of method only */
        RiskCategory categories[ZW_RISK_CATEGORIES];
        char *unknown; /* why the level is unknown, or NULL; free it */
} RiskLevel;

/* SL(r): the highest of the categories, each against its own tolerable risk. A category of impact 0 gives 0. */
void risk_method_level(const RiskMethod *method, const RiskStatement *statement, RiskLevel *ret_level);
void risk_level_clear(RiskLevel *level);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(RiskLevel, risk_level_clear)

/* ---- those that a project can use ---- */

typedef struct RiskMethods RiskMethods;

/* With those of the program. */
RiskMethods *risk_methods_new(void);
void risk_methods_free(RiskMethods *methods);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RiskMethods, risk_methods_free)

/* Adds one (the reference is taken). Errors: EXISTS, the name is taken, also by another value; INPUT, a method that has
 * versions already, and the new one does not say which of them it replaces, or another one replaces that already. */
bool risk_methods_add(RiskMethods *methods, RiskMethod *method, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The name of the method that rates what names none. Errors: NAME_UNKNOWN with near names. */
bool risk_methods_set_default(RiskMethods *methods, const char *name, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
const RiskMethod *risk_methods_default(const RiskMethods *methods);
/* NULL when there is none. */
const RiskMethod *risk_methods_find(const RiskMethods *methods, const char *name, size_t n);
/* The version that replaced this one, or NULL. */
const RiskMethod *risk_methods_successor(const RiskMethods *methods, const RiskMethod *method);
size_t risk_methods_count(const RiskMethods *methods);
/* In the order they were added, those of the program first. */
const RiskMethod *risk_methods_get(const RiskMethods *methods, size_t i);

#endif
