"""check-docs: links, READMEs, traces of one machine."""
import os

import tap
from tree import TreeCase


class Links(TreeCase):
    def setUp(self):
        super().setUp()
        self.write("docs/README.md", "# Documents\n\n## The `log` file, in bytes\n")

    def test_good(self):
        self.write("README.md", "# A\n[d](docs/README.md) [h](docs/README.md#the-log-file-in-bytes) [w](https://example.org/x)"
                                " [here](#a) [m](mailto:a@example.org)\n![p](docs/README.md \"title\")\n")
        self.accepts("check-docs")

    def test_missing_file(self):
        self.write("README.md", "# A\n\n[d](docs/gone.md)\n")
        self.refuses("check-docs", "README.md:3:", "no such file")

    def test_missing_heading(self):
        self.write("README.md", "# A\n[d](docs/README.md#gone)\n")
        self.refuses("check-docs", "README.md:2:", "no such heading")

    def test_missing_image(self):
        self.write("README.md", '# A\n<img alt="x" src="docs/img/chain.svg">\n')
        self.refuses("check-docs", "README.md:2:", "no such file")

    def test_reference_style(self):
        self.write("README.md", "# A\n[d][1]\n\n[1]: docs/gone.md\n")
        self.refuses("check-docs", "README.md:4:", "no such file")

    def test_absolute_and_outside(self):
        self.write("README.md", "# A\n[d](/docs/README.md)\n[e](../secret.md)\n")
        self.refuses("check-docs", "README.md:2:", "relative")
        self.refuses("check-docs", "README.md:3:", "out of the tree")

    def test_relative_to_the_page(self):
        self.write("docs/log.md", "# Log\n[up](../docs/README.md) [beside](README.md)\n")
        self.accepts("check-docs")

    def test_code_is_no_link(self):
        self.write("README.md", "# A\n`a[i](x)`\n```\n[d](gone.md)\n```\n")
        self.accepts("check-docs")


class Folders(TreeCase):
    def test_each_needs_one(self):
        self.write("src/README.md", "# src\n")
        self.write("src/base/a.c", "int a;\n")
        self.refuses("check-docs", "src/base:1:", "no README.md")
        self.write("src/base/README.md", "# base\n")
        self.accepts("check-docs")

    def test_source_at_any_depth_and_inputs_not(self):
        self.write("src/README.md", "")
        self.write("src/store/README.md", "")
        self.write("src/store/sqlite/a.c", "")
        self.refuses("check-docs", "src/store/sqlite:1:", "no README.md")
        self.write("src/store/sqlite/README.md", "")
        self.write("tests/README.md", "")
        self.write("tests/hostile/README.md", "")
        self.write("tests/hostile/bombs/a.xml", "")
        self.accepts("check-docs")

    def test_unit_tests_share_one(self):
        for folder in ("tests", "tests/unit"):
            self.write(f"{folder}/README.md", "")
        self.write("tests/unit/base/test_a.c", "")
        self.accepts("check-docs")


class Machine(TreeCase):
    # In pieces, so that the checker does not find this file.
    PATHS = ["/wo" + "rk/shared/x", "/ho" + "me/anna/x", "/ro" + "ot/x", "/Us" + "ers/anna"]

    def test_paths(self):
        for path in self.PATHS:
            with self.subTest(path):
                self.write("tools.txt", f"a\nread {path}\n")
                self.refuses("check-docs", "tools.txt:2:", "one machine")

    def test_package_host(self):
        self.write("a.txt", "see https://npm.reg" + "istry.corp.example/x\n")
        self.refuses("check-docs", "a.txt:1:", "package host")

    def test_looks_alike(self):
        self.write("a.txt", "~/wo" + "rk/x net/wo" + "rk/x docs/ho" + "me/x /homework https://example.org/registry\n")
        self.accepts("check-docs")

    def test_allowed_with_a_reason(self):
        self.write("a.txt", f"{self.PATHS[0]} # allow: an example of what is refused\n")
        self.accepts("check-docs")

    def test_binary_is_left_alone(self):
        with open(os.path.join(self.root, "a.bin"), "wb") as file:
            file.write(b"\0" + self.PATHS[0].encode())
        self.accepts("check-docs")


if __name__ == "__main__":
    tap.main()
