/* The fixture of the store's tests: a data directory with one project, and a short notation for operations: JSON with
 * ' for ", and @N for the id of item N (32 hex digits made of N). */
#ifndef TESTS_STORE_SUPPORT_H
#define TESTS_STORE_SUPPORT_H

#include "store/backend.h"

typedef struct {
        const StoreBackend *backend;
        char *tmp; /* holds everything of the test */
        char *dir; /* the data directory */
        Store *store;
        Id log; /* of the project WW */
        Id actor;
} Fixture;

void set_up(Fixture *f, gconstpointer backend);
void tear_down(Fixture *f, gconstpointer backend);
/* Closes and opens the store. */
void reopen(Fixture *f);
/* A path inside the test's directory. Free it. */
char *path_of(const Fixture *f, const char *name);

/* Asserts that a call that takes `&error` works, and shows the error when it does not. */
#define WORKS(call)                       \
        do {                              \
                bool works = (call);      \
                g_assert_no_error(error); \
                g_assert_true(works);     \
        } while (0)

Id id_of(unsigned n);
json_t *ops(const char *format, ...) G_GNUC_PRINTF(1, 2);

/* Commits operations (taken over) to a log; asserts success. */
Seq commit_to(Fixture *f, const Id *log, json_t *operations);
Seq commit(Fixture *f, json_t *operations);
/* Asserts that the operations are refused with this code and, unless NULL, this place, and that nothing changed. */
void refuse(Fixture *f, json_t *operations, int code, const char *where);
/* The same for any write. */
bool write_draft(Fixture *f, const CommitDraft *draft, Seq *ret_seq, GError **error);
Id create_project(Fixture *f, const char *key);

/* Erases a piece of a commit; asserts success. */
void erase_piece(Fixture *f, Seq seq, int op, const char *field);
bool try_erase(Fixture *f, Seq seq, int op, const char *field, GError **error);

StoreView *view_of(Fixture *f);
Seq head_of(Fixture *f, const Id *log);
/* Everything valid at `seq`, one line each, in the order of the walks. Free it. */
char *dump(StoreView *view, const Id *log, Seq seq);
char *dump_now(Fixture *f);

/* A history of a dozen commits that uses every operation; the dumps after each commit (index = seq). */
GPtrArray *write_history(Fixture *f);

/* Runs verify and check; gives the problems, one line each, "" for none. Free it. */
char *problems(Fixture *f, const Id *log);

#endif
