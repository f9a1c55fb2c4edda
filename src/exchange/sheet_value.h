/* What a cell of a sheet says as a value of its attribute (docs/import.md). Thread-safe: pure functions. */
#ifndef EXCHANGE_SHEET_VALUE_H
#define EXCHANGE_SHEET_VALUE_H

#include "exchange/profile.h"

/* The parts of a cell with several texts, split at `,` `;` and line breaks, as an array. */
json_t *sheet_split(const char *text);
/* By the words of the profile, else by the type of the attribute of `member`; *ret_fits: the attribute takes it. What does not
 * fit is the text as it is. */
json_t *sheet_value(const Profile *profile, const SheetMember *member, const char *text, bool *ret_fits);
/* Puts a value (the reference is stolen) where its attribute is; one part of it beside the others. */
void sheet_value_put(const SheetMember *member, json_t *value, json_t *attrs);

#endif
