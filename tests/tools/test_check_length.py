"""check-length: lines of files and functions, counted with braces in odd places."""
import tap
from tree import TreeCase


def function(name, lines):
    """A definition whose body, from brace to brace, has `lines` lines."""
    return f"static int {name}(int a,\n                int b)\n{{\n" + "        a++;\n" * (lines - 2) + "}\n"


class Length(TreeCase):
    def test_at_the_limit(self):
        self.write("src/base/a.c", function("f", 60))
        self.accepts("check-length")

    def test_over_the_limit(self):
        self.write("src/base/a.c", "int x;\n\n" + function("f", 61))
        self.refuses("check-length", "src/base/a.c:3:", "f has 61 lines, at most 60")

    def test_second_function(self):
        self.write("src/base/a.c", function("f", 30) + function("g", 61))
        self.refuses("check-length", "src/base/a.c:33:", "g has 61")

    def test_table_is_no_function(self):
        rows = "        { 1, 2 },\n" * 200
        self.write("src/base/a.c", f"static const struct row rows[] = {{\n{rows}}};\n\n" + function("f", 10))
        self.accepts("check-length")

    def test_struct_and_enum(self):
        self.write("src/base/a.h", "typedef struct {\n" + "        int a;\n" * 100 + "} A;\nenum b {\n" + "C,\n" * 99 + "};\n")
        self.accepts("check-length")

    def test_braces_in_text(self):
        body = "        f(\"}\", '}'); /* } */ // }\n" * 70
        self.write("src/base/a.c", f"void g(void)\n{{\n{body}}}\n")
        self.refuses("check-length", "src/base/a.c:1:", "g has 72")

    def test_both_branches_open_a_brace(self):
        text = "int f(void)\n{\n#ifdef A\n        if (a) {\n#else\n        if (b) {\n#endif\n        }\n        return 0;\n}\n"
        self.write("src/base/a.c", text + function("g", 61))
        self.refuses("check-length", "src/base/a.c:11:", "g has 61")

    def test_attributes_and_macros(self):
        text = "G_DEFINE_AUTOPTR_CLEANUP_FUNC(A, a_free)\n\nG_GNUC_PRINTF(1, 2)\n"
        self.write("src/base/a.c", text + function("g", 61))
        self.refuses("check-length", "src/base/a.c:", "g has 61")

    def test_extern_c_and_namespace(self):
        self.write("src/base/a.cc", 'namespace {\n' + function("f", 61) + '}\nextern "C" {\n' + function("g", 62) + "}\n")
        self.refuses("check-length", "src/base/a.cc:", "f has 61")
        self.refuses("check-length", "src/base/a.cc:", "g has 62")

    def test_allowed_with_a_reason(self):
        self.write("src/base/a.c", "/* One row per test.\n * allow: a list of registrations */\n" + function("f", 100))
        self.accepts("check-length")

    def test_file_limit(self):
        self.write("src/base/a.c", "int a;\n" * 1000)
        self.assertTrue(any("warning: 1000 lines" in line for line in self.accepts("check-length")))
        self.write("src/base/a.c", "int a;\n" * 1001)
        self.refuses("check-length", "src/base/a.c:1:", "1001 lines")

    def test_no_warning_below(self):
        self.write("src/base/a.c", "int a;\n" * 600)
        self.assertFalse(any("warning" in line for line in self.accepts("check-length")))

    def test_scripts_too(self):
        self.write("tools/gen.py", "a = 1\n" * 1001)
        self.refuses("check-length", "tools/gen.py:1:", "1001 lines")


if __name__ == "__main__":
    tap.main()
