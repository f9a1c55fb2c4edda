/* Deferrals: a suspect link that is to be judged later, with why and until when. Each is a setting of the project, so it is in
 * the log, is read as of any commit and ends by itself: with its day, or with the next substantive revision of an end. */
#ifndef SERVICE_CHANGESET_DEFERRAL_H
#define SERVICE_CHANGESET_DEFERRAL_H

#include "base/hash.h"
#include "model/revision.h"

#define ZW_DEFERRAL_PREFIX "deferred:"

/* The name of the setting of a link. Free it. */
char *deferral_name(const Id *from, LinkTypeId type, const Id *to, AsId as);

/* Whether a deferral holds, that is the value of such a setting or NULL, at an instant and for these substantive revisions of
 * the two ends. */
bool deferral_holds(const json_t *value, const uint32_t substs[2], Instant now);

#endif
