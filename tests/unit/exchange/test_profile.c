#include "exchange/profile.h"

#include "base/error.h"

#include <string.h>

static json_t *json_of(const char *text)
{
        json_t *value = jread_parse(text, strlen(text), NULL);

        g_assert_nonnull(value);
        return value;
}

static void test_guesses(void)
{
        static const struct {
                const char *header, *name;
                SheetTarget target;
        } cases[] = {
                { "Requirement ID", "id", SHEET_ID },       { "uid", "id", SHEET_ID },
                { "Short_Name", "title", SHEET_TITLE },     { "STATEMENT", "body", SHEET_BODY },
                { "Parent-UID", "parents", SHEET_PARENTS }, { "Justification", "rationale", SHEET_ATTR },
                { "Colour", "extra", SHEET_EXTRA },         { "", "extra", SHEET_EXTRA },
                { "extra", "extra", SHEET_EXTRA },
        };
        g_autoptr(GError) error = NULL;
        Profile profile;

        g_assert_true(profile_read(NULL, &profile, &error));
        g_assert_cmpint(profile.header_row, ==, 0); /* where it is found */
        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                SheetMember member = profile_member_of(&profile, cases[i].header);

                g_assert_cmpint(member.target, ==, cases[i].target);
                g_assert_cmpstr(member.name, ==, cases[i].name);
        }
}

static void test_columns_are_all_there_is(void)
{
        g_autoptr(Json) json = json_of("{\"columns\":{\"id\":\"Nr\",\"level\":\"L\"},\"ignore\":[\"Row\"]}");
        g_autoptr(GError) error = NULL;
        Profile profile;

        g_assert_true(profile_read(json, &profile, &error));
        g_assert_cmpint(profile_member_of(&profile, "Nr").target, ==, SHEET_ID);
        g_assert_cmpstr(profile_member_of(&profile, "L").attr->name, ==, "level");
        g_assert_cmpint(profile_member_of(&profile, "title").target, ==, SHEET_EXTRA);
        g_assert_cmpint(profile_member_of(&profile, "Row").target, ==, SHEET_NOTHING);
}

static void test_refused(void)
{
        static const struct {
                const char *json, *where;
        } cases[] = {
                { "{\"columns\":{\"titel\":\"a\"}}", "/columns/titel" },
                { "{\"columns\":{\"extra\":\"a\"}}", "/columns/extra" },
                { "{\"columns\":{\"id\":7}}", "/columns" },
                { "{\"ignore\":[7]}", "/ignore" },
                { "{\"header_row\":0}", "/header_row" },
                { "{\"header_row\":1048577}", "/header_row" },
                { "{\"name\":\"\"}", "/name" },
                { "{\"colums\":{}}", "" },
                { "{\"defaults\":{\"level\":\"cosmic\"}}", "/defaults/level" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(Json) json = json_of(cases[i].json);
                g_autoptr(GError) error = NULL;
                Profile profile = { 0 };

                g_test_message("case %zu", i);
                g_assert_false(profile_read(json, &profile, &error));
                g_assert_cmpstr(error_where(error), ==, cases[i].where);
        }
}

static void test_builtin(void)
{
        static const char *const names[] = { "asvs", "doorstop" };
        g_autoptr(GError) unknown = NULL;
        Profile profile;

        for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
                g_autoptr(GError) error = NULL;
                g_autoptr(Json) json = profile_new_builtin(names[i], &error);

                g_assert_no_error(error);
                g_assert_true(profile_read(json, &profile, &error));
                /* Sheets of one tool are many: each keeps the name of its file. */
                g_assert_null(profile.name);
        }
        g_assert_null(profile_new_builtin("doorstep", &unknown));
        g_assert_error(unknown, ZW_ERROR, ZW_ERR_NAME_UNKNOWN);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
        g_test_add_func("/exchange/profile/guesses", test_guesses);
        g_test_add_func("/exchange/profile/columns", test_columns_are_all_there_is);
        g_test_add_func("/exchange/profile/refused", test_refused);
        g_test_add_func("/exchange/profile/builtin", test_builtin);
        return g_test_run();
}
