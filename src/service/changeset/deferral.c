#include "service/changeset/deferral.h"

#include "base/jread.h"

char *deferral_name(const Id *from, LinkTypeId type, const Id *to, AsId as)
{
        char first[ZW_ID_HEX], second[ZW_ID_HEX];

        hex_encode(from->b, ZW_ID_BYTES, first);
        hex_encode(to->b, ZW_ID_BYTES, second);
        return g_strdup_printf(ZW_DEFERRAL_PREFIX "%s %s %s %s", first, link_type_def(type)->name, second,
                               as_name(as));
}

bool deferral_holds(const json_t *value, const uint32_t substs[2], Instant now)
{
        const json_t *judged = json_object_get(value, "substantive");
        const char *until = jread_get_string(value, "until");
        Instant day;

        return until != NULL && instant_parse(until, &day, NULL) && now < day + ZW_DAY_MS &&
               json_integer_value(json_array_get(judged, 0)) == substs[0] &&
               json_integer_value(json_array_get(judged, 1)) == substs[1];
}
