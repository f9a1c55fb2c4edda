"""check-layers: the table of modules, private headers, headers of libraries."""
import tap
from tree import TreeCase


class Layers(TreeCase):
    def test_allowed(self):
        self.write("src/graph/view.c", '#include "graph/view.h"\n#include "model/op.h"\n#include <glib.h>\n')
        self.accepts("check-layers")

    def test_upward(self):
        self.write("src/graph/view.c", '#include <glib.h>\n#include "store/store.h"\n')
        self.refuses("check-layers", "src/graph/view.c:2:", "graph may use only", "base, model")

    def test_not_through_another(self):
        self.write("src/http/route.c", '#include "graph/graph.h"\n')
        self.refuses("check-layers", "src/http/route.c:1:", "base, model, service")

    def test_base_uses_nothing(self):
        self.write("src/base/arena.h", '#include "model/op.h"\n')
        self.refuses("check-layers", "src/base/arena.h:1:", "libraries")

    def test_comment_is_no_include(self):
        self.write("src/base/arena.c", '/*\n#include "model/op.h"\n*/\n// #include "model/op.h"\nint a;\n')
        self.accepts("check-layers")

    def test_spaces(self):
        self.write("src/base/arena.c", '  #  include   "model/op.h"\n')
        self.refuses("check-layers", "src/base/arena.c:1:")

    def test_private_header(self):
        self.write("src/analysis/place.c", '#include "analysis/internal.h"\n')
        self.accepts("check-layers")
        self.write("src/report/gap.c", '#include "analysis/internal.h"\n')
        self.refuses("check-layers", "src/report/gap.c:1:", "private to analysis")

    def test_private_by_other_names(self):
        self.write("src/report/gap.c", '#include "analysis/row_internal.h"\n#include "graph/internal/csr.h"\n')
        self.refuses("check-layers", "src/report/gap.c:1:", "private to analysis")
        self.refuses("check-layers", "src/report/gap.c:2:", "private to graph")

    def test_unknown_module(self):
        self.write("src/misc/util.c", "int a;\n")
        self.refuses("check-layers", "src/misc:1:", "does not know")

    def test_path_from_src(self):
        self.write("src/base/out.h", "int a;\n")
        self.write("src/base/out.c", '#include "out.h"\n')
        self.refuses("check-layers", "src/base/out.c:1:", '"base/out.h"')
        self.write("src/base/out.c", '#include "../base/out.h"\n')
        self.refuses("check-layers", "src/base/out.c:1:", "path from src/")

    def test_main_is_free(self):
        self.write("src/main.c", '#include "cli/cli.h"\n#include "http/server.h"\n')
        self.accepts("check-layers")

    def test_unit_tests_follow_their_module(self):
        self.write("tests/unit/graph/test_view.c", '#include "graph/view.h"\n#include "base/out.h"\n')
        self.write("tests/unit/http/test_route.c", '#include "store/store.h"\n')  # through service
        self.accepts("check-layers")
        self.write("tests/unit/graph/test_load.c", '#include "store/store.h"\n')
        self.refuses("check-layers", "tests/unit/graph/test_load.c:1:", "graph may use only")

    def test_unit_test_and_foreign_internals(self):
        self.write("tests/unit/analysis/test_place.c", '#include "graph/internal.h"\n')
        self.refuses("check-layers", "tests/unit/analysis/test_place.c:1:", "private to graph")


class Libraries(TreeCase):
    HELD = [
        ("microhttpd.h", "src/http/server.c", "src/service/serve.c"),
        ("sqlite3.h", "src/store/sqlite/db.c", "src/store/open.c"),
        ("libxml/xmlreader.h", "src/exchange/tm7.c", "src/report/html.c"),
        ("archive.h", "src/exchange/zip.c", "src/store/blob.c"),
        ("seccomp.h", "src/exchange/sandbox.c", "src/cli/main.c"),
        ("linux/landlock.h", "src/exchange/sandbox.c", "src/base/lock.c"),
        ("openssl/evp.h", "src/base/hash.c", "src/store/log.c"),
        ("simdjson.h", "src/base/shim.cc", "src/base/jdoc.c"),
    ]

    def test_at_home(self):
        for header, home, _ in self.HELD:
            self.write(home, f"#include <{header}>\n")
        self.accepts("check-layers")

    def test_elsewhere(self):
        for header, _, foreign in self.HELD:
            with self.subTest(header):
                self.setUp()
                self.write(foreign, f"int a;\n#include <{header}>\n")
                self.refuses("check-layers", f"{foreign}:2:", header, "only")

    def test_quotes_do_not_help(self):
        self.write("src/graph/a.c", '#include "sqlite3.h"\n')
        self.refuses("check-layers", "src/graph/a.c:1:", "sqlite3.h")

    def test_tests_may(self):
        self.write("tests/fault/vfs.c", "#include <sqlite3.h>\n")
        self.accepts("check-layers")


if __name__ == "__main__":
    tap.main()
