/* Column mapping profiles of sheets (docs/import.md): which kind of item a row is, and which column goes to which member of it.
 * A profile borrows from the JSON it was read from. Thread-safe: pure functions. */
#ifndef EXCHANGE_PROFILE_H
#define EXCHANGE_PROFILE_H

#include "base/jread.h"
#include "model/metamodel.h"

enum { PROFILE_ROWS_MAX = 1048576, PROFILE_NAME_MAX = 200 };

/* Where a column goes: a member of the item, an attribute, a link to items by their keys, or the columns that are kept as they
 * are. */
typedef enum {
        SHEET_ID,
        SHEET_TITLE,
        SHEET_BODY,
        SHEET_OWNER,
        SHEET_TAGS,
        SHEET_PARENTS,
        SHEET_ATTR,
        SHEET_LINK,
        SHEET_EXTRA,
        SHEET_NOTHING,
} SheetTarget;

typedef struct {
        const char *name; /* of the member, attribute or link type */
        SheetTarget target;
        const AttrDef *attr; /* for SHEET_ATTR */
        const char *part; /* the value of a LEVELS or ANSWERS attribute that the column is about, or NULL */
        LinkTypeId link;  /* for SHEET_LINK */
        bool incoming;    /* the link leads from what the cell names to the item */
} SheetMember;

typedef struct {
        const char *name, *encoding, *delimiter, *sheet; /* or NULL */
        const char *component; /* key of the component that a supplier's statement is about, or NULL */
        const char *kind_name; /* or NULL */
        KindId kind;           /* of the rows; a requirement unless it is said */
        int64_t header_row;    /* from 1; 0: where it is found */
        const json_t *columns, *ignore, *defaults, *values; /* or NULL */
} Profile;

/* `json` may be NULL: the profile of those who gave none. Errors: INPUT and METAMODEL, with the JSON pointer of the faulty
 * member; near names for members and attributes that are not there. */
bool profile_read(const json_t *json, Profile *ret_profile, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The profile of this name that comes with the program (data/profiles). Errors: NAME_UNKNOWN, with near names. */
json_t *profile_new_builtin(const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;
extern const char *const profile_texts[];
extern const size_t profile_texts_count;

/* The member, attribute (`likelihood`, `impact.safety`) or link (`within`, `<mitigates`) of this name that the kind has; false when
 * there is none. `extra` is none: it is where the rest goes. */
bool profile_member_find(KindId kind, const char *name, SheetMember *ret_member);

/* What the profile says that a cell means for a member, or NULL (borrowed). */
const json_t *profile_value_find(const Profile *profile, const char *member, const char *text);

/* The names of the members and attributes of a kind, an array of texts. */
json_t *profile_members(KindId kind);

/* Where the column with this header goes: by `columns` when the profile has it, else by the headers that are known to
 * everybody; SHEET_EXTRA for the rest and SHEET_NOTHING for what is to be ignored. */
SheetMember profile_member_of(const Profile *profile, const char *header);
/* Where it goes when no other column is it: by headers of certain tools, of other languages, and of many meanings. */
SheetMember profile_member_guess(const Profile *profile, const char *header);

#endif
