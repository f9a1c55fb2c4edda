/* Column mapping profiles of requirement sheets (docs/import.md): which column goes to which member of a requirement. A
 * profile borrows from the JSON it was read from. Thread-safe: pure functions. */
#ifndef EXCHANGE_PROFILE_H
#define EXCHANGE_PROFILE_H

#include "base/jread.h"
#include "model/metamodel.h"

enum { PROFILE_ROWS_MAX = 1048576, PROFILE_NAME_MAX = 200 };

/* Where a column goes: a member of the item, an attribute of requirements, or the columns that are kept as they are. */
typedef enum {
        SHEET_ID,
        SHEET_TITLE,
        SHEET_BODY,
        SHEET_OWNER,
        SHEET_TAGS,
        SHEET_PARENTS,
        SHEET_ATTR,
        SHEET_EXTRA,
        SHEET_NOTHING,
} SheetTarget;

typedef struct {
        const char *name; /* of the member or attribute */
        SheetTarget target;
        const AttrDef *attr; /* for SHEET_ATTR */
} SheetMember;

typedef struct {
        const char *name, *encoding, *delimiter, *sheet; /* or NULL */
        int64_t header_row;                              /* from 1 */
        const json_t *columns, *ignore, *defaults;       /* or NULL */
} Profile;

/* `json` may be NULL: the profile of those who gave none. Errors: INPUT and METAMODEL, with the JSON pointer of the faulty
 * member; near names for members and attributes that are not there. */
bool profile_read(const json_t *json, Profile *ret_profile, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The profile of this name that comes with the program (data/profiles). Errors: NAME_UNKNOWN, with near names. */
json_t *profile_new_builtin(const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;
extern const char *const profile_texts[];
extern const size_t profile_texts_count;

/* The member or attribute of this name; false when there is none. `extra` is none: it is where the rest goes. */
bool profile_member_find(const char *name, SheetMember *ret_member);

/* The names of all of them, an array of texts. */
json_t *profile_members(void);

/* Where the column with this header goes: by `columns` when the profile has it, else by the headers that are known to
 * everybody; SHEET_EXTRA for the rest and SHEET_NOTHING for what is to be ignored. */
SheetMember profile_member_of(const Profile *profile, const char *header);

#endif
