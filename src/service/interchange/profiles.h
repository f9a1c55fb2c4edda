/* Column mappings that a project has given a name. Inside service/ only. */
#ifndef SERVICE_INTERCHANGE_PROFILES_H
#define SERVICE_INTERCHANGE_PROFILES_H

#include "service/internal.h"

/* The project's own profile of this name, or NULL in *ret_profile. */
bool project_profile(const Call *call, const char *name, json_t **ret_profile, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* The name and the value (null: none) of the setting `profile:NAME`. Errors: those of profile_read; INPUT. */
bool project_profile_check(const char *name, const json_t *value, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
