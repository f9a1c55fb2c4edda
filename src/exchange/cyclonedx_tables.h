/* The rules of CycloneDX 1.0 to 1.7 as constant tables, made by tools/gen-cyclonedx.py from data/cyclonedx. A row holds
 * from version `since` to version `until`, both in tenths after 1 (4 is 1.4). JSON forms are objects with members, XML
 * forms elements with attributes and a content model. Immutable. */
#ifndef EXCHANGE_CYCLONEDX_TABLES_H
#define EXCHANGE_CYCLONEDX_TABLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CDX_VERSION_LAST = 7, CDX_JSON_VERSION_FIRST = 2, CDX_MEMBERS_MAX = 64, CDX_POSITIONS_MAX = 64 };

/* What a member, attribute or element means to the import; roles.tsv names them. Those up to CDX_ROLE_VULNERABILITY
 * open a thing with a beginning and an end. */
typedef enum {
        CDX_ROLE_NONE,
        CDX_ROLE_ROOT,
        CDX_ROLE_COMPONENT,
        CDX_ROLE_HASH,
        CDX_ROLE_SERVICE,
        CDX_ROLE_DEPENDENCY,
        CDX_ROLE_VULNERABILITY,
        CDX_ROLE_GROUP,
        CDX_ROLE_SUPPLIER,
        CDX_ROLE_MANUFACTURER,
        CDX_ROLE_SERIAL,
        CDX_ROLE_EDITION,
        CDX_ROLE_TYPE,
        CDX_ROLE_REF,
        CDX_ROLE_GROUP_NAME,
        CDX_ROLE_NAME,
        CDX_ROLE_VERSION,
        CDX_ROLE_PUBLISHER,
        CDX_ROLE_DESCRIPTION,
        CDX_ROLE_CPE,
        CDX_ROLE_PURL,
        CDX_ROLE_LICENCE,
        CDX_ROLE_ALGORITHM,
        CDX_ROLE_DIGEST,
        CDX_ROLE_TARGET,
        CDX_ROLE_NEEDS,
        CDX_ROLE_STATE,
} CdxRole;

/* Texts of a form of their own: how each is checked stands in cyclonedx_value.c. */
typedef enum {
        CDX_FORM_SERIAL,
        CDX_FORM_MEDIA_TYPE,
        CDX_FORM_DIGEST,
        CDX_FORM_LOCALE,
        CDX_FORM_CRE,
        CDX_FORM_PATENT_NUMBER,
        CDX_FORM_COUNTRY,
        CDX_FORM_IRI,
        CDX_FORM_EMAIL,
        CDX_FORM_DATE_TIME,
        CDX_FORM_DATE,
        CDX_FORM_CPE,
        CDX_FORM_PURL,
} CdxForm;

typedef enum {
        CDX_SHAPE_ANY,
        CDX_SHAPE_TEXT, /* least and most characters */
        CDX_SHAPE_FORM, /* of: CdxForm */
        CDX_SHAPE_ENUM, /* of: row of cdx_enums */
        CDX_SHAPE_BOOL,
        CDX_SHAPE_INTEGER, /* least, most */
        CDX_SHAPE_NUMBER,  /* least, most */
        CDX_SHAPE_OBJECT,  /* of: row of cdx_objects */
        CDX_SHAPE_ELEMENT, /* of: row of cdx_elements */
        CDX_SHAPE_ARRAY,   /* of: value of its entries */
        CDX_SHAPE_UNION,   /* of: first of `n` values, one after the other */
} CdxShape;

enum { CDX_ARRAY_UNIQUE = 1, CDX_ARRAY_SOME = 2, CDX_ARRAY_ONE = 4 };

typedef struct {
        uint8_t shape, flags, n;
        uint16_t of;
        int64_t least, most; /* INT64_MIN and INT64_MAX: no bound */
} CdxValue;

typedef struct {
        const char *name;
        uint64_t head; /* cdx_head of the name */
        uint8_t name_n, since, until;
} CdxWord;

/* Words are sorted by their bytes; one word may have several rows with different versions. */
typedef struct {
        const char *name;
        uint16_t first, n;
} CdxEnum;

typedef struct {
        const char *name;
        uint8_t name_n, since, until, bit, role;
        bool required;
        uint16_t value;
} CdxMember;

typedef enum { CDX_RULE_ONE, CDX_RULE_ANY, CDX_RULE_NOT } CdxRuleKind;

/* Alternatives are masks of members: exactly one, or at least one, is there in whole; or the first is never. */
typedef struct {
        uint8_t kind, since, until, n;
        uint64_t alternatives[4];
} CdxRule;

/* Members with one name lie together, first by name; `slots` is a perfect hash of the names (cdx_slot). */
typedef struct {
        const char *name;
        uint16_t first, n;       /* cdx_members */
        uint16_t rules, n_rules; /* cdx_rules */
        uint16_t
                slots; /* in cdx_slots: 1 + index of the first member of the name, from `first`; 0 for none */
        uint8_t slot_bits;
        uint32_t multiplier;
        uint8_t open_since, open_until; /* other members are allowed; since > until: never */
} CdxObject;

/* Content models in postfix order. NAME and OTHER (an element of another namespace) push, the others combine. */
typedef enum {
        CDX_OP_NAME,
        CDX_OP_OTHER,
        CDX_OP_SEQUENCE,
        CDX_OP_CHOICE,
        CDX_OP_OPTIONAL,
        CDX_OP_MANY,
        CDX_OP_SOME
} CdxOpKind;

typedef struct {
        uint8_t kind, since, until, role;
        uint16_t value; /* of NAME */
        uint16_t n;     /* operands of SEQUENCE and CHOICE */
        const char *name;
} CdxOp;

/* What an element may hold; rows of one element lie together. */
typedef enum {
        CDX_NODE_ATTRIBUTE,
        CDX_NODE_OTHER_ATTRIBUTES,
        CDX_NODE_ANY_ATTRIBUTES,
        CDX_NODE_TEXT,
        CDX_NODE_MIXED,
        CDX_NODE_CONTENT
} CdxNodeKind;

typedef struct {
        uint8_t kind, since, until, role;
        bool required;
        const char *name;        /* of an attribute */
        uint16_t value;          /* of an attribute or text */
        uint16_t op_first, op_n; /* of content: one part of the sequence */
} CdxNode;

typedef struct {
        const char *name;
        uint16_t first, n; /* cdx_nodes */
} CdxElement;

extern const CdxValue cdx_values[];
extern const CdxWord cdx_words[];
extern const CdxEnum cdx_enums[];
extern const CdxMember cdx_members[];
extern const CdxRule cdx_rules[];
extern const uint8_t cdx_slots[];
extern const CdxObject cdx_objects[];
extern const size_t cdx_n_objects;
extern const CdxOp cdx_ops[];
extern const CdxNode cdx_nodes[];
extern const CdxElement cdx_elements[];
extern const size_t cdx_n_elements;
/* The outermost of each. */
extern const uint16_t cdx_object_bom, cdx_element_bom;

static inline bool cdx_holds(uint8_t since, uint8_t until, uint8_t version)
{
        return since <= version && version <= until;
}

/* The first eight bytes of a text as a number that sorts as they do; tools/gen-cyclonedx.py computes the same. */
static inline uint64_t cdx_head(const char *text, size_t n)
{
        uint64_t head = 0;

        for (size_t i = 0; i < 8; i++)
                head = head << 8 | (i < n ? (uint8_t)text[i] : 0);
        return head;
}

/* The slot of a name of `n` > 0 bytes; tools/gen-cyclonedx.py computes the same. */
static inline uint32_t cdx_slot(const CdxObject *object, const char *name, size_t n)
{
        uint32_t mixed = (uint32_t)n | (uint32_t)(uint8_t)name[0] << 8 |
                         (uint32_t)(uint8_t)name[n / 2] << 16 | (uint32_t)(uint8_t)name[n - 1] << 24;

        return mixed * object->multiplier >> (32 - object->slot_bits);
}

#endif
