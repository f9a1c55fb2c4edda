/* The look at what a fault left. */
#include "script_internal.h"

#include "base/error.h"

static bool message_is(const StoreCommit *commit, void *payload, GError **error G_GNUC_UNUSED)
{
        *(bool *)payload = commit->message != NULL;
        return true;
}

static void check_person(Script *s, StoreView *view)
{
        g_autoptr(StorePerson) person = store_find_person(view, "ann", NULL);
        unsigned roles = 0;

        if (person != NULL && !store_load_roles(view, &s->projects[0].log, &person->id, &roles, NULL))
                script_problem(s, "roles cannot be read");
        if (s->person == IS && (person == NULL || roles != 1U << ZW_ROLE_AUTHOR))
                script_problem(s, "a person or role was acknowledged and is not there");
        if (s->person == IS_NOT && person != NULL)
                script_problem(s, "a person was refused and is there");
}

static void check_erased(Script *s, StoreView *view)
{
        bool message = true;

        if (s->projects[0].is != IS || s->next[ALONE] <= 2)
                return;
        if (!store_each_commit(view, &s->projects[0].log, ERASED_SEQ, ERASED_SEQ, message_is, &message, NULL))
                script_problem(s, "a commit cannot be read");
        if (s->erased == IS && message)
                script_problem(s, "what was erased is there again");
        if (s->erased == IS_NOT && !message)
                script_problem(s, "erasing was refused and took place");
}

static void check_projects(Script *s, StoreView *view)
{
        for (int i = 0; i < 2; i++) {
                g_autoptr(StoreProject) found = store_find_project(view, s->projects[i].key, NULL);

                if (s->projects[i].is == IS && found == NULL)
                        script_problem(s, "the project %s was acknowledged and is not there",
                                       s->projects[i].key);
                if (s->projects[i].is == IS_NOT && found != NULL)
                        script_problem(s, "the project %s is there and should not be", s->projects[i].key);
        }
}

static void check_store(Script *s)
{
        g_autoptr(GHashTable) acknowledged = hash_table_new_text(g_free, NULL);
        g_autoptr(StoreView) view = NULL;
        g_autoptr(GError) error = NULL;

        for (int i = 0; i < 2; i++)
                if (s->projects[i].is == IS)
                        script_copy_keys(acknowledged, s->projects[i].acknowledged);
        view = store_view_open(s->store, &error);
        if (view == NULL || !change_check_store(s->store, acknowledged, s->refused, script_note, s, &error)) {
                script_problem(s, "the store cannot be checked: %s", error->message);
                return;
        }
        check_projects(s, view);
        check_erased(s, view);
        check_person(s, view);
}

static void check_copy(Script *s)
{
        g_autoptr(Store) copy = NULL;
        g_autoptr(GError) error = NULL;

        if (s->backed_up != IS)
                return;
        if (s->restored_is != IS && !store_restore(s->backup, s->restored, NULL, &error) &&
            !(s->restored_is == IS_UNKNOWN && g_error_matches(error, ZW_ERROR, ZW_ERR_EXISTS))) {
                script_problem(s, "the backup was acknowledged and is not whole: %s", error->message);
                return;
        }
        s->restored_is = IS;
        g_clear_error(&error);
        copy = store_open(s->restored, &error);
        if (copy == NULL || !change_check_store(copy, s->backup_holds, NULL, script_note, s, &error))
                script_problem(s, "what was restored cannot be checked: %s", error->message);
}

void script_check(Script *s, bool go_on)
{
        g_autoptr(GError) error = NULL;

        s->opened_again = true;
        s->hope = SCRIPT_WORKS;
        s->store = store_open(s->dir, &error);
        if (s->store == NULL) {
                if (s->created == IS || !g_error_matches(error, ZW_ERROR, ZW_ERR_NOT_FOUND))
                        script_problem(s, "the store does not open: %s", error->message);
                return;
        }
        check_store(s);
        if (go_on) {
                for (int i = 0; i < 2; i++)
                        script_find_project(s, &s->projects[i]);
                script_change(s, &s->projects[0], ALONE, 1);
        }
        g_clear_pointer(&s->store, store_close);
        if (go_on)
                check_copy(s);
}
