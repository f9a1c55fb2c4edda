/* What the two halves of the script share: what it lives (script.c) and how it is looked at (script_check.c). */
#ifndef FAULT_SCRIPT_INTERNAL_H
#define FAULT_SCRIPT_INTERNAL_H

#include "change.h"
#include "script.h"
#include <pthread.h>

/* Threads of the changes: one that writes alone, four together, one in the second project. */
enum { ALONE = 0, GROUPED = 4, SECOND = 5, THREADS = 6, ROUND = 1 };
enum { ALONE_CHANGES = 7, GROUP_CHANGES = 2, SECOND_CHANGES = 2, ERASED_SEQ = 3 };

/* What is known of something that a call made or took away. */
typedef enum { IS_NOT, IS, IS_UNKNOWN } Presence;

typedef struct {
        const char *key;
        Presence is;
        Id log;
        GHashTable *acknowledged; /* of change_key */
} Project;

struct Script {
        char *root, *dir, *exported, *backup, *restored;
        ScriptHope hope;
        Store *store;
        bool opened_again; /* after the fault */
        Presence created, erased, person, backed_up, restored_is;
        GHashTable *backup_holds; /* what was acknowledged when the backup began */
        Project projects[2];
        GHashTable *refused; /* of change_refused_key */
        unsigned next[THREADS];
        pthread_mutex_t lock; /* guards what follows, and the tables, while several write */
        unsigned done, failed;
        GPtrArray *problems;
};

void script_problem(Script *s, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* A StoreProblemFn whose payload is the Script. */
void script_note(const char *where, const char *message, void *payload);
void script_copy_keys(GHashTable *to, GHashTable *from);
/* Makes `n` changes of a thread, as long as the project is there. */
void script_change(Script *s, Project *project, unsigned thread, int n);
/* What was left open is looked up. */
void script_find_project(Script *s, Project *project);

#endif
