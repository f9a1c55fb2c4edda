/* What the caller of a use case may do: the account's state, the roles in the project with their limits to zones, and what the
 * token leaves of them (docs/access.md). Made anew for each call, so that a change takes effect with the next one. */
#ifndef SERVICE_RIGHTS_H
#define SERVICE_RIGHTS_H

#include "service/service.h"
#include "store/access.h"

typedef struct {
        bool is_operator;
        unsigned roles; /* bit per RoleId that is given and has not ended */
        unsigned limit; /* what a token leaves: bit per PermissionId */
        /* Zones of each role, or NULL when it is not limited. */
        char **zones[ZW_ROLE_COUNT];
        unsigned bounded; /* bit per RoleId of those that see the project as of one commit only */
        Seq upto;         /* that commit */
} Rights;

void rights_clear(Rights *rights);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Rights, rights_clear)

/* The account. Errors: DENIED, it is disabled. */
bool rights_load_account(StoreView *view, const Caller *caller, Rights *ret_rights, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* And the roles in a project, of those that have not ended at `now`. In a branch they are those of the project. */
bool rights_load_roles(StoreView *view, const Caller *caller, const Id *log, Instant now, Rights *rights,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
        StoreProject *project;
        Rights rights;
} ProjectRights;
/* All projects in key order with what the caller may do in each, as rights_load_roles gives it, from one reading (owned, GPtrArray
 * of ProjectRights); `account` is what holds outside of projects. */
GPtrArray *rights_load_projects(StoreView *view, const Caller *caller, const Rights *account, Instant now,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The only commit that the caller's roles see, 0 when one of them sees all. */
Seq rights_upto(const Rights *rights);
/* The zones that the caller sees, when the one role there is is that of an auditor limited to zones; NULL when all is seen. */
char *const *rights_zones_seen(const Rights *rights);
/* The roles by which the caller has the permission; 0 when the caller has it not. */
unsigned rights_roles_with(const Rights *rights, PermissionId permission);
/* Those of `roles` the caller has. Through a token a role counts in full or not at all. */
unsigned rights_roles_of(const Rights *rights, unsigned roles);
/* Whether each of the roles is limited to zones. */
bool rights_are_limited(const Rights *rights, unsigned roles);
/* Whether one of the roles may change what lies in the zone. */
bool rights_reach_zone(const Rights *rights, unsigned roles, const char *zone);

#endif
