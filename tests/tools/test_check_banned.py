"""check-banned: each refused name, and what only looks like one."""
import tap
from tree import TreeCase


class Banned(TreeCase):
    def bad(self, line, *words, path="src/model/a.c"):
        self.write(path, f"#include <glib.h>\n\nvoid f(void)\n{{\n        {line}\n}}\n")
        self.refuses("check-banned", f"{path}:5:", *words)

    def good(self, line, path="src/model/a.c"):
        self.write(path, f"#include <glib.h>\n\nvoid f(void)\n{{\n        {line}\n}}\n")
        self.accepts("check-banned")

    def test_calls(self):
        for line in ("strcpy(a, b);", "sprintf(a, b);", "strtok(a, b);", "n = atoi(a);", "n = strtol(a, NULL, 10);",
                     "n = strtod (a, NULL);", "p = alloca(n);", "p = g_newa(char, n);", "p = malloc(n);",
                     "p = strdup(a);", "sscanf(a, b, &c);", "system(a);", "n = rand();", "t = localtime(&x);",
                     "g_spawn_sync(a);", "n = g_ascii_strtoull(a, NULL, 10);", "f(strcat(a, b));"):
            with self.subTest(line):
                self.bad(line, "is refused:")

    def test_names_the_replacement(self):
        self.bad("n = atoi(a);", "atoi is refused", "g_ascii_string_to_signed")

    def test_endings(self):
        for line in ("exit(1);", "abort();", 'g_error("x");', "g_assert(a);", "g_assert_not_reached();"):
            with self.subTest(line):
                self.bad(line, "is refused:")

    def test_types(self):
        for line in ("static GMutex lock;", "GRWLock l;", "GThreadPool *p;", "gatomicrefcount n;",
                     "t = g_hash_table_new(g_str_hash, g_str_equal);"):
            with self.subTest(line):
                self.bad(line, "is refused:")

    def test_quiet_below_service(self):
        self.bad('g_warning("x");', "below service", path="src/graph/a.c")
        self.bad('printf("x");', "below service", path="src/exchange/a.c")
        self.setUp()
        self.good('g_warning("x");', path="src/service/a.c")

    def test_error_discipline(self):
        self.bad("f((*error)->message);", "reads a caller's error")
        self.bad("if (*error != NULL) return;", "decide on the return value")
        self.bad("if (a && *error) return;", "decide on the return value")
        self.good("if (error != NULL) g_propagate_error(error, local);")
        self.good("*error = g_steal_pointer(&local);")

    def test_descriptors(self):
        self.bad("fd = open(path, O_RDONLY);", "O_CLOEXEC")
        self.bad("fd = openat(dir, path,\n O_RDONLY);", "O_CLOEXEC")
        self.bad("s = socket(AF_UNIX, SOCK_STREAM, 0);", "SOCK_CLOEXEC")
        self.bad("pipe(fds);", "pipe2")
        self.good("fd = open(path, O_RDONLY | O_CLOEXEC);")
        self.good("s = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);")
        self.good("file->open(path);")

    def test_jump_over_cleanup(self):
        self.bad("goto end;\n        g_autofree char *a = NULL;\nend:", "goto beside an automatic cleanup in f")
        self.good("goto end;\nend:\n        g();")

    def test_looks_alike(self):
        for line in ("my_strcpy(a, b);", "a->malloc(n);", "ops.exit(1);", "exit_code(1);", "/* strcpy(a, b) */",
                     'f("atoi(x)");', "f('\"'); // system(x)", "g_strtok(a);", "int exit;", "strlcpy_(a);"):
            with self.subTest(line):
                self.good(line)

    def test_string_with_escaped_quote(self):
        self.bad('f("\\""); strcpy(a, b);', "strcpy")

    def test_allowed_with_a_reason(self):
        self.good("abort(); /* allow: the child has no caller to tell */")
        self.good("/* allow: the child has no caller to tell */\n        abort();")

    def test_reason_is_needed(self):
        self.bad("abort(); /* allow: */", "abort")

    def test_allowance_ends(self):
        self.write("src/model/a.c", "/* allow: because */\nint a;\nvoid f(void)\n{\n        abort();\n}\n")
        self.refuses("check-banned", "src/model/a.c:5:", "abort")

    def test_main_may_end_the_program(self):
        self.good("exit(1);", path="src/main.c")
        self.bad("strcpy(a, b);", "strcpy", path="src/main.c")

    def test_tests_have_more_freedom(self):
        self.good("g_assert_true(a); abort(); g_spawn_sync(a);", path="tests/unit/base/test_a.c")
        self.bad("strcpy(a, b);", "strcpy", path="tests/unit/base/test_a.c")


if __name__ == "__main__":
    tap.main()
