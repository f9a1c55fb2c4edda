/* The attributes that analyses need, packed: those marked `column` in the metamodel, in a byte string that the graph
 * keeps per revision. A build writes and reads its own packing; nothing packed is stored.
 *
 * Layout: entries of u8 AttrId, u8 AttrType, u32 length, payload; integers in host order, unaligned. Thread-safe. */
#ifndef MODEL_FACTS_H
#define MODEL_FACTS_H

#include "base/instant.h"
#include "base/out.h"
#include "model/catalogue.h"
#include "model/sl.h"

typedef struct {
        const uint8_t *p;
        size_t n;
} Facts;

/* Appends the packed column attributes of `attrs` (checked before by attrs_check). Nothing is cut. Left out, and so
 * absent to every reader: a text of blanks only, which says nothing; and what the metamodel of this build does not take
 * (the log may hold what an older one took), such as an unknown value, or an entry of REFS that is no row. */
void facts_pack(KindId kind, const json_t *attrs, Out *out);
void facts_pack_link(LinkTypeId type, const json_t *attrs, Out *out);

/* One attribute may have different types in different kinds. A reader for another type than the packed one says that
 * the attribute is absent; facts_has takes any. */
bool facts_has(Facts facts, AttrId attr);
/* Value number of an enumeration; -1 when absent. */
int facts_get_enum(Facts facts, AttrId attr);
/* Bits of ENUMS or INTS (bit v for the integer v); 0 when absent. */
uint32_t facts_get_set(Facts facts, AttrId attr);
bool facts_get_int(Facts facts, AttrId attr, int64_t *ret_value);
bool facts_get_bool(Facts facts, AttrId attr);
bool facts_get_date(Facts facts, AttrId attr, Instant *ret_value);
bool facts_get_decimal(Facts facts, AttrId attr, double *ret_value);
/* Text of TEXT or DECIMAL, not NUL-terminated; NULL when absent. */
const char *facts_get_text(Facts facts, AttrId attr, size_t *ret_n);
bool facts_get_vector(Facts facts, AttrId attr, SlVector *ret_vector);
/* Bits of traits answered yes and no. */
void facts_get_answers(Facts facts, AttrId attr, uint32_t *ret_yes, uint32_t *ret_no);
/* Level of one value of LEVELS; false when absent. */
bool facts_get_level(Facts facts, AttrId attr, int value, int64_t *ret_level);
/* ZW_ROW_NONE when absent and for a foreign catalogue; facts_has tells them apart. */
RowId facts_get_ref(Facts facts, AttrId attr);

/* Texts of LIST, KEYS, or `key\0version` pairs of VERSIONS, or rows of REFS, one after another; nothing for others. */
typedef struct {
        const uint8_t *p, *end;
        AttrType type;
} FactsIter;
FactsIter facts_iter(Facts facts, AttrId attr);
bool facts_next_text(FactsIter *iter, const char **ret_text, size_t *ret_n);
bool facts_next_row(FactsIter *iter, RowId *ret_row);

#endif
