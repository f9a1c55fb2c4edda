/* People who sign, and what they sign: for tests of signatures and approvals. */
#ifndef TESTS_SERVICE_SIGNING_H
#define TESTS_SERVICE_SIGNING_H

#include "cast.h"

#define PASSWORD "an evening at the pumps"
#define ON       "'project':'OWN'"

typedef struct {
        Caller alice, bob, carol, otto; /* author, two approvers, asset owner */
} People;

/* A person with roles (and zones they are limited to), and PASSWORD. */
Caller with_role(Cast *cast, const char *name, const char *roles, const char *zones);
void edit(Cast *cast, const Caller *caller, const char *ops);
People people_make(Cast *cast);
json_t *preview(Cast *cast, const Caller *caller, const char *key);
json_t *input_of(Cast *cast, const Caller *caller, const char *key, const char *meaning);
json_t *sign(Cast *cast, const Caller *caller, const char *key, const char *meaning);
void refuse_with(Cast *cast, const Caller *caller, const char *usecase, json_t *input, const char *password,
                 int code, const char *words);
json_t *listed(Cast *cast, const char *key);
char *state_of(Cast *cast, const char *key);
bool holds(Cast *cast);

#endif
