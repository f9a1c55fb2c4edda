/* A data directory with people, for tests of who may do what. JSON is written with ' for ". */
#ifndef TESTS_SERVICE_CAST_H
#define TESTS_SERVICE_CAST_H

#include "base/jread.h"
#include "base/secret.h"
#include "service/access/access.h"
#include "store/access.h"

typedef struct {
        char *tmp, *dir;
        Service *service; /* with the project OWN of the local person */
        Caller local;
} Cast;

void cast_set_up(Cast *cast, gconstpointer data);
void cast_tear_down(Cast *cast, gconstpointer data);

json_t *json_of(const char *format, ...) G_GNUC_PRINTF(1, 2);
/* Calls a use case with the input (taken over) and a password as file, or NULL; NULL on failure. */
json_t *cast_try(Cast *cast, const Caller *caller, const char *usecase, json_t *input, const char *file,
                 GError **error);
/* The same by the local person; asserts success. */
json_t *cast_do(Cast *cast, const char *usecase, json_t *input);
/* Asserts that it is refused with this code. */
void cast_refuse(Cast *cast, const Caller *caller, const char *usecase, json_t *input, int code);
/* A new person, as whoever signed in as them. */
Caller cast_person(Cast *cast, const char *name);
void cast_password(Cast *cast, const char *name, const char *password);
/* Runs a write on the closed store. */
void cast_write(Cast *cast, StoreWriteFn fn, void *payload);

#endif
