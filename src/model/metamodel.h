/* The metamodel: kinds, lifecycles, attributes, link types and rules, traits and roles, compiled from the tables in
 * data/metamodel. `metamodel_ids.h` (generated) holds one enum each: ZW_KIND_ZONE, ZW_STATE_DRAFT, ZW_ATTR_VECTOR,
 * ZW_LINK_PART_OF, ZW_AS_SENSOR (0 is ZW_AS_NONE), ZW_TRAIT_WIRELESS, ZW_ROLE_AUTHOR, ZW_PERM_READ, and for every value of
 * an enumerated attribute ZW_VALUE_<ATTR>_<VALUE>, or ZW_VALUE_<FIRST KIND>_<ATTR>_<VALUE> where kinds differ. Numbers
 * belong to the build; stored data hold names. Constant data: thread-safe. */
#ifndef MODEL_METAMODEL_H
#define MODEL_METAMODEL_H

#include "model/metamodel_ids.h"
#include <glib.h>
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Version of the metamodel written in commit headers; raised when data/metamodel changes meaning. */
enum { ZW_METAMODEL_VERSION = 1 };

/* Most bytes of one attribute (texts and names together), and most entries of an array or object. They keep the facts
 * of an item, of all its attributes together, under 16 MiB. */
enum { ZW_ATTR_BYTES_MAX = 1 << 20, ZW_ATTR_ENTRIES_MAX = 10000 };

typedef enum {
        ATTR_TEXT,
        ATTR_ENUM,    /* one of values */
        ATTR_ENUMS,   /* a set of values, an array of distinct texts */
        ATTR_INT,     /* integer in [least, most] */
        ATTR_DECIMAL, /* a text such as "0.015", in [least, most] */
        ATTR_BOOL,
        ATTR_DATE,    /* YYYY-MM-DD or RFC 3339 */
        ATTR_LIST,    /* an array of texts, each one of values where there are any */
        ATTR_INTS,    /* an array of distinct integers in [least, most], at most 0 to 31 */
        ATTR_VECTOR,  /* see sl.h */
        ATTR_ANSWERS, /* an object: value name → true or false */
        ATTR_LEVELS,  /* an object: value name → integer in [least, most] */
        ATTR_REF,  /* a catalogue reference, `62443-3-3 SR 1.1`, or any other text for a foreign catalogue */
        ATTR_REFS, /* an array of catalogue references, each a row of our catalogues */
        ATTR_KEYS, /* an array of item keys */
        ATTR_VERSIONS, /* an object: item key → version text */
        ATTR_TEXTS,    /* an object: any name → text */
} AttrType;

enum { /* flags of attributes */
       ATTR_SUBSTANTIVE = 1,
       ATTR_COLUMN = 2,   /* kept in the graph (facts.h) */
       ATTR_PERSONAL = 4, /* in the log under its own erasable commitment */
       ATTR_LAYOUT = 8,   /* where something is drawn: says nothing of the case, so no signature covers it */
};

typedef struct {
        AttrId id;
        const char *name;
        uint64_t kinds; /* bit per KindId; 0 for attributes of links */
        AttrType type;
        const char *unit;     /* or NULL */
        const char *fallback; /* JSON text of the default, or NULL */
        unsigned flags;
        double least, most; /* only where has_bounds */
        bool has_bounds;
        const char *const *values; /* n_values names, for ENUM, ENUMS, LIST, ANSWERS, LEVELS */
        size_t n_values;
        const char *doc;
} AttrDef;

typedef struct {
        const char *name, *prefix, *group, *doc;
        LifecycleId lifecycle;
} KindDef;

enum { /* flags of states */
       STATE_INITIAL = 1,
       STATE_APPROVED = 2,
       STATE_RETIRED = 4,
       STATE_CLEARED = 8, /* a finding in this state breaks nothing */
};

typedef struct {
        const char *name;
        unsigned flags;
        unsigned lifecycles; /* bit per LifecycleId that has it */
} StateDef;

typedef struct {
        LifecycleId lifecycle;
        StateId from, to;
        unsigned roles;        /* bit per RoleId that may do it */
        bool other_person;     /* guard: not by the author of the revision */
        bool dual_safety;      /* guard: two people sign where a safety zone is touched */
        bool dual_disciplines; /* guard: there one signs for security, and another for safety */
        bool authored;         /* guard: who did it has signed that they stand by it */
        const char *fields;    /* guard: what must say something, commas between; or NULL */
        uint64_t links_from, links_to,
                links_passed; /* guard: links that must be there out of it, into it, into it from tests that passed: bits of LinkTypeId */
} TransitionDef;

/* What a signature says. */
typedef struct {
        const char *name, *doc;
        unsigned roles;    /* bit per RoleId that may sign so */
        uint64_t kinds;    /* what may be signed so */
        bool other_person; /* not by an author of the content */
} MeaningDef;

typedef enum { FLOW_NONE, FLOW_FORWARD, FLOW_BACKWARD, FLOW_BOTH } Flow;

typedef struct {
        const char *name, *doc;
        const char *reverse; /* what the end a link leads to says of it, in words */
        Flow ripple;         /* in which direction a change travels */
        Flow trace;          /* FORWARD: `from` is upstream of `to` in the chain */
        bool judged;         /* a suspect link of this type makes a claim suspect */
        bool apart; /* it says something of its other end: a signature on its first end does not cover it */
} LinkTypeDef;

typedef struct {
        LinkTypeId type;
        uint64_t from, to; /* kinds */
        bool same_kind;
        uint32_t roles;    /* bit per AsId; bit 0 (none) when the rule has no roles */
        unsigned from_max; /* most links of this type and rule from one item; 0 = any number */
} LinkRuleDef;

typedef struct {
        const char *name, *condition, *doc;
} TraitDef;

typedef struct {
        const char *name, *doc;
        unsigned permissions; /* bit per PermissionId */
} RoleDef;

const KindDef *kind_def(KindId kind);
const StateDef *state_def(StateId state);
const LinkTypeDef *link_type_def(LinkTypeId type);
const TraitDef *trait_def(TraitId trait);
const RoleDef *role_def(RoleId role);
const char *as_name(AsId as); /* "" for ZW_AS_NONE */
const char *permission_name(PermissionId permission);
const MeaningDef *meaning_def(MeaningId meaning);

/* Names of a kind for resources and for people, made from its name: `access_points`, `Access point`. Free them. */
char *kind_plural(KindId kind);
char *kind_title(KindId kind);
bool kind_find_plural(const char *plural, KindId *ret_kind);

/* Names to numbers. False when unknown; the caller reports with near names from the _names functions. */
bool kind_find(const char *name, KindId *ret_kind);
bool kind_find_prefix(const char *prefix, size_t n, KindId *ret_kind);
bool state_find(const char *name, StateId *ret_state);
bool link_type_find(const char *name, LinkTypeId *ret_type);
bool as_find(const char *name, AsId *ret_as);
bool trait_find(const char *name, TraitId *ret_trait);
bool role_find(const char *name, RoleId *ret_role);
bool meaning_find(const char *name, MeaningId *ret_meaning);
const char *const *kind_names(size_t *ret_n);
const char *const *link_type_names(size_t *ret_n);
const char *const *state_names(size_t *ret_n);
const char *const *meaning_names(size_t *ret_n);

/* The attribute `name` (or `id`) of a kind, or NULL. */
const AttrDef *attr_find(KindId kind, const char *name);
/* Whether any kind has an attribute of this name. */
bool attr_is_known(const char *name);
const AttrDef *attr_get(KindId kind, AttrId id);
/* The attribute `name` of a link type, or NULL. */
const AttrDef *link_attr_find(LinkTypeId type, const char *name);
/* All definitions that apply to a kind, in table order; free the array, not its elements. */
GPtrArray *attr_list(KindId kind);

StateId lifecycle_initial(LifecycleId lifecycle);
bool lifecycle_has(LifecycleId lifecycle, StateId state);
/* The transition, or NULL when it is not allowed. */
const TransitionDef *transition_find(LifecycleId lifecycle, StateId from, StateId to);
const TransitionDef *transitions(size_t *ret_n);

/* The rule that allows the link, or NULL. */
const LinkRuleDef *link_rule_find(LinkTypeId type, KindId from, KindId to, AsId as);
/* Why no rule allows it, in words that name the rule: `uses goes from safety_function or protection_layer to ...`;
 * where only the role is wrong, the roles there are. Free it. */
char *link_rule_explain(LinkTypeId type, KindId from, KindId to, AsId as);
const LinkRuleDef *link_rules(size_t *ret_n);
/* All transitions, and all attributes of links: of the n-th the link type it belongs to. */
const TransitionDef *transition_list(size_t *ret_n);
const AttrDef *link_attr_list(const LinkTypeId **ret_types, size_t *ret_n);

/* Checks one attribute value against its definition. `where` is its JSON pointer (NULL: the root); an error names the
 * place below it, what the attribute takes, what was given and near names. Errors: METAMODEL. */
bool attr_check(const AttrDef *def, const json_t *value, const char *where, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* Checks all attributes of an item: unknown names (near ones are named) and each value. Null removes and is allowed. */
bool attrs_check(KindId kind, const json_t *attrs, const char *where, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
bool link_attrs_check(LinkTypeId type, const json_t *attrs, const char *where, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

/* True when a change of these fields is substantive: title, body or an attribute marked so. `set` is an object with the
 * members of a revision that change (title, body, owner, tags, order, attrs). */
bool change_is_substantive(KindId kind, const json_t *set);

#endif
