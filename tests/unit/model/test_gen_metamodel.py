"""gen-metamodel: the real tables give the constants they name, and each seeded fault is refused at its line."""
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import tap
from tree import ROOT, tool

TABLES = os.path.join(ROOT, "data", "metamodel")


def rows(name):
    with open(os.path.join(TABLES, name + ".tsv"), encoding="utf-8") as file:
        lines = file.read().splitlines()
    return [dict(zip(lines[0].split("\t"), line.split("\t"))) for line in lines[1:]]


class GenCase(unittest.TestCase):
    """A copy of the tables to spoil; `self.n` is the number of the line that `append` or `put` wrote."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="zonewright-metamodel-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.tables = os.path.join(self.folder, "tables")
        self.ids, self.code = os.path.join(self.folder, "ids.h"), os.path.join(self.folder, "tables.c")
        shutil.copytree(TABLES, self.tables)
        self.n = None

    def path(self, name):
        return os.path.join(self.tables, name + ".tsv")

    def lines(self, name):
        with open(self.path(name), encoding="utf-8") as file:
            return file.read().split("\n")[:-1]

    def write(self, name, lines):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write("".join(line + "\n" for line in lines))

    def append(self, name, *cells):
        lines = self.lines(name)
        self.n = len(lines) + 1
        self.write(name, [*lines, "\t".join(cells)])

    def put(self, name, old, new):
        """Replaces `old` in the one line that holds it."""
        lines = self.lines(name)
        hits = [i for i, line in enumerate(lines) if old in line]
        self.assertEqual(len(hits), 1, f"{old!r} in {name}")
        lines[hits[0]] = lines[hits[0]].replace(old, new)
        self.n = hits[0] + 1
        self.write(name, lines)

    def drop(self, name, start):
        """Removes the lines that begin so; `self.n` is not set."""
        lines = self.lines(name)
        kept = [line for line in lines if not line.startswith(start)]
        self.assertLess(len(kept), len(lines))
        self.write(name, kept)

    def generate(self, seed="0"):
        return subprocess.run([sys.executable, tool("gen-metamodel.py"), self.tables, self.ids, self.code],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              env={**os.environ, "PYTHONHASHSEED": seed})

    def accepts(self):
        done = self.generate()
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def refuses(self, name, reason, line=None):
        done = self.generate()
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertEqual(done.stdout, "")
        where = f"gen-metamodel: {name}.tsv:{line or self.n}: "
        self.assertTrue(done.stderr.startswith(where), f"{where!r} wanted, got {done.stderr!r}")
        self.assertIn(reason, done.stderr)
        self.assertNotIn("Traceback", done.stderr)
        self.assertFalse(os.path.exists(self.ids) or os.path.exists(self.code), "something was written")


class Output(GenCase):
    def constants(self):
        self.accepts()
        with open(self.ids, encoding="utf-8") as file:
            return dict(re.findall(r"^ +(ZW_\w+) = (\d+),$", file.read(), re.M))

    def test_every_name_in_order(self):
        found = self.constants()
        columns = (("KIND", "kinds", "kind"), ("LIFECYCLE", "lifecycles", "lifecycle"), ("STATE", "lifecycles", "state"),
                   ("LINK", "link_types", "link"), ("TRAIT", "traits", "trait"), ("ROLE", "roles", "role"),
                   ("PERM", "roles", "permissions"), ("MEANING", "meanings", "meaning"))
        for prefix, table, column in columns:
            names = list(dict.fromkeys(n for r in rows(table) for n in r[column].split(",")))
            names += [r["state"] for r in rows("spare_states")] if prefix == "STATE" else []
            expected = {f"ZW_{prefix}_{n.upper()}": str(i) for i, n in enumerate(names)}
            expected[f"ZW_{prefix}_COUNT"] = str(len(names))
            self.assertEqual({k: v for k, v in found.items() if k.startswith(f"ZW_{prefix}_")}, expected)

    def test_roles_of_links_begin_with_none(self):
        names = list(dict.fromkeys(n for r in rows("link_rules") for n in r["roles"].split(",") if n != "-"))
        found = self.constants()
        self.assertEqual(found["ZW_AS_NONE"], "0")
        self.assertEqual([found[f"ZW_AS_{n.upper()}"] for n in names], [str(i) for i in range(1, len(names) + 1)])
        self.assertEqual(found["ZW_AS_COUNT"], str(len(names) + 1))

    def test_one_id_for_each_attribute_name(self):
        names = list(dict.fromkeys([r["name"] for r in rows("attributes")] + [r["name"] for r in rows("link_attributes")]))
        found = self.constants()
        self.assertEqual([found[f"ZW_ATTR_{n.upper()}"] for n in names], [str(i) for i in range(len(names))])
        self.assertEqual(found["ZW_ATTR_COUNT"], str(len(names)))

    def test_values(self):
        found = self.constants()
        self.assertEqual(found["ZW_VALUE_STATEMENT_COMPENSATED"], "2")
        self.assertEqual(found["ZW_VALUE_PURDUE_3_5"], "4")
        self.assertEqual(found["ZW_VALUE_ZONE_NATURE_SAFETY"], "1")
        self.assertEqual(found["ZW_VALUE_COUNTERMEASURE_NATURE_TECHNICAL"], "0")
        self.assertEqual(found["ZW_VALUE_TEST_CASE_STAGE_SITE"], "2")
        self.assertNotIn("ZW_VALUE_NATURE_SAFETY", found)
        self.assertFalse([n for n in found if n.startswith("ZW_VALUE_") and "TRAITS" in n])

    def test_same_bytes(self):
        texts = []
        for seed in ("1", "2", "3"):
            self.assertEqual(self.generate(seed).returncode, 0)
            texts.append([open(p, "rb").read() for p in (self.ids, self.code)])
        self.assertEqual(texts[0], texts[1])
        self.assertEqual(texts[1], texts[2])

    def test_limits_are_reached(self):
        for i in range(64 - len(rows("kinds"))):
            self.append("kinds", f"kind_{i}", "X" + chr(65 + i // 26) + chr(65 + i % 26), "context", "default", "one more")
        for i in range(64 - len(rows("link_types"))):
            self.append("link_types", f"link_{i}", "none", "none", "-", "one more", "other way")
            self.append("link_rules", f"link_{i}", "*", "*", "-", "-")
        self.append("attributes", "zone", "wide", "enums", "-", "-", "-", "-", "-", "|".join(f"v{i}" for i in range(32)), "doc")
        self.append("attributes", "zone", "bits", "ints", "-", "-", "column", "0", "31", "-", "doc")
        self.accepts()

    def test_wrong_use(self):
        done = subprocess.run([sys.executable, tool("gen-metamodel.py"), self.tables], capture_output=True, text=True)
        self.assertEqual(done.returncode, 1)
        self.assertIn("Usage", done.stderr)


class Form(GenCase):
    def test_missing_table(self):
        os.unlink(self.path("traits"))
        done = self.generate()
        self.assertEqual(done.returncode, 1)
        self.assertTrue(done.stderr.startswith("gen-metamodel: "), done.stderr)
        self.assertIn("traits.tsv", done.stderr)

    def test_other_columns(self):
        self.put("roles", "role\tpermissions\tdoc", "role\tdoc\tpermissions")
        self.refuses("roles", "the columns must be role permissions doc", 1)

    def test_empty_table(self):
        self.write("roles", self.lines("roles")[:1])
        self.refuses("roles", "no rows", 1)

    def test_too_few_cells(self):
        self.append("roles", "cleaner", "read")
        self.refuses("roles", "2 cells, 3 expected")

    def test_blank_line(self):
        self.append("roles", "")
        self.refuses("roles", "1 cells, 3 expected")

    def test_cut_last_line(self):
        with open(self.path("roles"), "rb+") as file:
            file.seek(-1, os.SEEK_END)
            file.truncate()
        self.refuses("roles", "does not end", len(self.lines("roles")) + 1)

    def test_line_ends_of_another_system(self):
        self.put("roles", "writes content", "writes content\r")
        self.refuses("roles", "doc is empty, has a blank")

    def test_blank_at_the_end(self):
        self.put("kinds", "zone\tZN", "zone \tZN")
        self.refuses("kinds", "kind is empty, has a blank")

    def test_empty_cell(self):
        self.put("link_types", "see also", "")
        self.refuses("link_types", "doc is empty")

    def test_missing_cell(self):
        self.put("transitions", "default\tdraft\tin_review\tauthor", "default\tdraft\tin_review\t-")
        self.refuses("transitions", "roles is missing")

    def test_not_utf8(self):
        with open(self.path("roles"), "ab") as file:
            file.write(b"cleaner\tread\tcl\xe9an\n")
        self.refuses("roles", "not UTF-8", len(rows("roles")) + 2)


class Kinds(GenCase):
    def test_twice(self):
        self.append("kinds", "zone", "ZZ", "context", "default", "again")
        self.refuses("kinds", 'kind "zone" stands in line')

    def test_prefix_taken(self):
        self.append("kinds", "yard", "ZN", "context", "default", "a yard")
        self.refuses("kinds", 'prefix "ZN" stands in line')

    def test_prefix_form(self):
        self.append("kinds", "yard", "Y1", "context", "default", "a yard")
        self.refuses("kinds", "capitals")

    def test_name_form(self):
        self.append("kinds", "Yard", "YD", "context", "default", "a yard")
        self.refuses("kinds", '"Yard" is not a lower-case name')

    def test_reserved(self):
        self.append("kinds", "count", "YD", "context", "default", "a yard")
        self.refuses("kinds", '"count" is a reserved name')

    def test_unknown_lifecycle(self):
        self.append("kinds", "yard", "YD", "context", "eternal", "a yard")
        self.refuses("kinds", 'lifecycle "eternal" is not known')

    def test_more_than_64(self):
        for i in range(65 - len(rows("kinds"))):
            self.append("kinds", f"kind_{i}", "X" + chr(65 + i // 26) + chr(65 + i % 26), "context", "default", "one more")
        self.refuses("kinds", "more than 64", 66)


class Lifecycles(GenCase):
    def test_state_twice(self):
        self.append("lifecycles", "default", "draft", "initial", "again")
        self.refuses("lifecycles", 'lifecycle state "default draft" stands in line')

    def test_unknown_flag(self):
        self.put("lifecycles", "work\tdone\t-", "work\tdone\tfinal")
        self.refuses("lifecycles", 'flag "final" is not known')

    def test_no_initial_state(self):
        self.put("lifecycles", "finding\tnew\tinitial", "finding\tnew\t-")
        self.refuses("lifecycles", 'lifecycle "finding" needs exactly one initial')

    def test_two_retired_states(self):
        self.put("lifecycles", "finding\tmitigated\t-", "finding\tmitigated\tretired")
        self.refuses("lifecycles", 'lifecycle "finding" needs exactly one retired', self.n - 3)

    def test_other_flags_elsewhere(self):
        self.put("lifecycles", "finding\tin_progress\t-", "finding\tin_progress\tcleared")
        self.refuses("lifecycles", 'state "in_progress" has other flags elsewhere')

    def test_unused(self):
        self.append("lifecycles", "spare", "idle", "initial", "unused")
        first = self.n
        self.append("lifecycles", "spare", "retired", "retired", "unused")
        self.refuses("lifecycles", 'no kind has the lifecycle "spare"', first)

    def test_state_out_of_reach(self):
        self.append("lifecycles", "work", "blocked", "-", "waiting for others")
        self.refuses("lifecycles", 'no transition leads to "blocked"')


class Transitions(GenCase):
    def test_what_a_guard_asks_for(self):
        for guard, message in (('field:colour', 'field of change "colour" is not known'), ('linked:paints', 'link "paints" is not known'),
                               ('link:', 'link "" is not known'), ('fields:title', 'guard "fields:title" is not known')):
            self.setUp()
            self.append("transitions", "change", "closed", "open", "author", guard)
            self.refuses("transitions", message)

    def test_unknown_lifecycle(self):
        self.append("transitions", "eternal", "draft", "retired", "author", "-")
        self.refuses("transitions", 'lifecycle "eternal" is not known')

    def test_state_of_another_lifecycle(self):
        self.append("transitions", "default", "draft", "closed", "author", "-")
        self.refuses("transitions", 'state "closed" is not known')

    def test_twice(self):
        self.append("transitions", "default", "draft", "in_review", "approver", "-")
        self.refuses("transitions", "stands in line 2 already")

    def test_to_itself(self):
        self.append("transitions", "default", "draft", "draft", "author", "-")
        self.refuses("transitions", "to itself")

    def test_unknown_role(self):
        self.append("transitions", "work", "closed", "open", "janitor", "-")
        self.refuses("transitions", 'role "janitor" is not known')

    def test_role_twice(self):
        self.append("transitions", "work", "closed", "open", "author,author", "-")
        self.refuses("transitions", 'roles names "author" twice')

    def test_unknown_guard(self):
        self.append("transitions", "work", "closed", "open", "author", "full_moon")
        self.refuses("transitions", 'guard "full_moon" is not known')


class Signatures(GenCase):
    def test_role_that_may_not_sign(self):
        self.append("meanings", "witnessed", "viewer", "*", "-", "was there")
        self.refuses("meanings", 'role "viewer" may not sign')

    def test_administrators_never_sign(self):
        self.append("meanings", "ordered", "administrator", "*", "-", "ordered it")
        self.refuses("meanings", 'role "administrator" may not sign')

    def test_unknown_kind(self):
        self.append("meanings", "witnessed", "tester", "yard", "-", "was there")
        self.refuses("meanings", 'kind "yard" is not known')

    def test_guard_of_a_transition(self):
        self.append("meanings", "witnessed", "tester", "*", "dual_safety", "was there")
        self.refuses("meanings", 'guard "dual_safety" is not known')

    def test_twice(self):
        self.append("meanings", "approved", "approver", "*", "-", "again")
        self.refuses("meanings", 'meaning "approved" stands in line')

    def test_spare_state_of_a_lifecycle(self):
        self.append("spare_states", "draft", "-", "again")
        self.refuses("spare_states", 'state "draft" belongs to a lifecycle already')

    def test_spare_state_to_begin_in(self):
        self.append("spare_states", "dawn", "initial", "the beginning")
        self.refuses("spare_states", 'flag "initial" is not known')


class Links(GenCase):
    def test_type_twice(self):
        self.append("link_types", "uses", "none", "none", "-", "again", "other way")
        self.refuses("link_types", 'link "uses" stands in line')

    def test_unknown_flow(self):
        self.put("link_types", "uses\tbackward", "uses\tsideways")
        self.refuses("link_types", 'flow "sideways" is not known')

    def test_unknown_flag(self):
        self.put("link_types", "supersedes\tnone\tnone\tapart", "supersedes\tnone\tnone\tsilent")
        self.refuses("link_types", 'flag "silent" is not known')

    def test_no_rule(self):
        self.append("link_types", "admires", "none", "none", "-", "no rule", "other way")
        self.refuses("link_types", 'no rule allows a link "admires"')

    def test_more_than_64(self):
        for i in range(65 - len(rows("link_types"))):
            self.append("link_types", f"link_{i}", "none", "none", "-", "one more", "other way")
        self.refuses("link_types", "more than 64", 66)

    def test_rule_of_unknown_type(self):
        self.append("link_rules", "admires", "zone", "zone", "-", "-")
        self.refuses("link_rules", 'link "admires" is not known')

    def test_unknown_kind(self):
        self.append("link_rules", "uses", "zone", "yard", "-", "-")
        self.refuses("link_rules", 'kind "yard" is not known')

    def test_star_in_a_list(self):
        self.append("link_rules", "uses", "zone,*", "zone", "-", "-")
        self.refuses("link_rules", 'kind "*" is not known')

    def test_same_kind_on_the_left(self):
        self.append("link_rules", "uses", "=", "zone", "-", "-")
        self.refuses("link_rules", 'kind "=" is not known')

    def test_ambiguous(self):
        self.append("link_rules", "part_of", "zone", "zone", "-", "2")
        self.refuses("link_rules", "line 2 rules over part_of zone zone")

    def test_same_ends_with_another_role(self):
        self.append("link_rules", "uses", "safety_function", "asset", "power", "-")
        self.accepts()

    def test_reserved_role(self):
        self.append("link_rules", "uses", "zone", "zone", "none", "-")
        self.refuses("link_rules", '"none" is a reserved name')

    def test_from_max(self):
        for value in ("0", "-1", "01", "1e1", "1.0", "one", "99999999999999999999"):
            with self.subTest(value):
                self.append("link_rules", "admires", "zone", "zone", "-", value)
                self.append("link_types", "admires", "none", "none", "-", "a new one", "other way")
                self.refuses("link_rules", "from_max", len(rows("link_rules")) + 2)
                for name in ("link_rules", "link_types"):
                    shutil.copy(os.path.join(TABLES, name + ".tsv"), self.tables)


class Attributes(GenCase):
    def attribute(self, kinds="zone", name="colour", type="text", unit="-", default="-", flags="-", least="-", most="-",
                  values="-"):
        self.append("attributes", kinds, name, type, unit, default, flags, least, most, values, "a test")

    def refuses_attribute(self, reason, **cells):
        with self.subTest(**cells):
            self.attribute(**cells)
            self.refuses("attributes", reason)
            shutil.copy(os.path.join(TABLES, "attributes.tsv"), self.tables)

    def test_fine(self):
        self.attribute()
        self.accepts()

    def test_names(self):
        self.refuses_attribute('kind "yard" is not known', kinds="zone,yard")
        self.refuses_attribute('kinds names "zone" twice', kinds="zone,asset,zone")
        self.refuses_attribute('kind "" is not known', kinds="zone,")
        self.refuses_attribute('zone has "nature" in line', name="nature", type="text")
        self.refuses_attribute('"Colour" is not a lower-case name', name="Colour")
        for name in ("count", "none", "title", "body", "owner", "tags", "order", "parent", "key", "kind", "state", "rev"):
            self.refuses_attribute(f'"{name}" is a reserved name', name=name)

    def test_type_and_flags(self):
        self.refuses_attribute('type "colour" is not known', type="colour")
        self.refuses_attribute('flag "shiny" is not known', flags="shiny")
        self.refuses_attribute('flags names "column" twice', flags="column,column")
        self.refuses_attribute("type text takes no unit", unit="ms")

    def test_values(self):
        for type in ("enum", "enums"):
            self.refuses_attribute(f"type {type} needs values", type=type)
        self.refuses_attribute("type answers needs values", type="answers")
        self.refuses_attribute("type levels needs values", type="levels", least="0", most="4")
        self.refuses_attribute("type text takes no values", values="red|green")
        self.refuses_attribute("type int takes no values", type="int", least="0", most="1", values="red|green")
        self.refuses_attribute('value "red" stands twice', type="enum", values="red|green|red")
        self.refuses_attribute('value "" is not letters', type="enum", values="red||green")
        self.refuses_attribute('value "dark red" is not letters', type="enum", values="dark red")
        self.refuses_attribute('"@kinds" is no list', type="enum", values="@kinds")
        self.refuses_attribute("33 values, 32 at most", type="enum", values="|".join(f"v{i}" for i in range(33)))

    def test_more_traits_than_bits(self):
        for i in range(33 - len(rows("traits"))):
            self.append("traits", f"trait_{i}", f"assets of sort {i}", "one more")
        self.refuses("traits", "more than 32", 34)

    def test_bounds(self):
        for type in ("int", "decimal", "ints"):
            self.refuses_attribute(f"type {type} needs bounds", type=type)
        self.refuses_attribute("type levels needs bounds", type="levels", values="a|b")
        self.refuses_attribute("least and most come together", type="int", least="0")
        self.refuses_attribute("least and most come together", type="int", most="0")
        self.refuses_attribute("least 5 is over most 1", type="int", least="5", most="1")
        self.refuses_attribute("type text takes no bounds", least="0", most="5")
        self.refuses_attribute("bounds of ints lie in 0 to 31", type="ints", least="0", most="32")
        self.refuses_attribute("bounds of ints lie in 0 to 31", type="ints", least="-1", most="5")
        self.refuses_attribute("lie in 0 to 32767", type="levels", flags="column", least="0", most="32768", values="a")
        self.refuses_attribute("lie in 0 to 32767", type="levels", flags="column", least="-1", most="5", values="a")
        self.refuses_attribute("bounds of a vector are 0 and 4", type="vector", least="0", most="5")

    def test_numbers(self):
        for value in ("x", "1.5", "1_0", "07", "+1", "1e1", "nan", "9007199254740992"):
            self.refuses_attribute(f'most "{value}" is not an integer', type="int", least="0", most=value)
        for value in ("x", ".5", "5.", "0x5", "inf"):
            self.refuses_attribute(f'most "{value}" is not a decimal number', type="decimal", least="0", most=value)

    def test_defaults(self):
        self.refuses_attribute('default "blue" is not known', type="enum", values="red|green", default="blue")
        self.refuses_attribute('default "yes" is not known', type="bool", default="yes")
        self.refuses_attribute("default 6 is out of bounds", type="int", least="0", most="5", default="6")
        self.refuses_attribute("type enums takes no default", type="enums", values="red", default="red")
        self.attribute(name="share", type="decimal", least="0", most="1", default="0.5")
        self.attribute(name="colour", type="enum", values="red|green", default="green")
        self.attribute(name="note", default='a "quoted" \\ text')
        self.accepts()
        with open(self.code, encoding="utf-8") as file:
            text = file.read()
        self.assertIn(r'"\"0.5\""', text)
        self.assertIn(r'"\"green\""', text)
        self.assertIn(r'"\"a \\\"quoted\\\" \\\\ text\""', text)

    def test_constants_that_meet(self):
        self.refuses_attribute("ZW_VALUE_COLOUR_3_5 would stand twice", type="enum", values="3.5|3_5")
        self.refuses_attribute("ZW_VALUE_TEST_CASE_STAGE_SITE would stand twice", name="test_case_stage", type="enum",
                               values="site")

    def test_more_than_255(self):
        for i in range(255):
            self.attribute(name=f"attr_{i}")
        self.refuses("attributes", "more than 255", 257 + len(rows("attributes")) - len({r["name"] for r in rows("attributes")}))


class LinkAttributes(GenCase):
    def refuses_attribute(self, reason, link="uses", name="weight", type="text", flags="-", values="-"):
        with self.subTest(reason):
            self.append("link_attributes", link, name, type, "-", flags, "-", "-", values, "a test")
            self.refuses("link_attributes", reason)
            shutil.copy(os.path.join(TABLES, "link_attributes.tsv"), self.tables)

    def test_refused(self):
        self.refuses_attribute('link "admires" is not known', link="admires")
        self.refuses_attribute('link name "serves refs" stands in line', link="serves", name="refs")
        self.refuses_attribute('"count" is a reserved name', name="count")
        self.refuses_attribute('type "colour" is not known', type="colour")
        self.refuses_attribute('flag "personal" is not known', flags="personal")
        self.refuses_attribute('flag "substantive" is not known', flags="substantive")
        self.refuses_attribute("type enum needs values", type="enum")


class Others(GenCase):
    def test_traits(self):
        self.append("traits", "clock", "another condition", "again")
        self.refuses("traits", 'trait "clock" stands in line')

    def test_condition_twice(self):
        self.append("traits", "timer", "assets with a clock", "again")
        self.refuses("traits", 'condition "assets with a clock" stands in line')

    def test_role_twice(self):
        self.append("roles", "viewer", "read", "again")
        self.refuses("roles", 'role "viewer" stands in line')

    def test_permission_twice(self):
        self.append("roles", "cleaner", "read,read", "again")
        self.refuses("roles", 'permissions names "read" twice')

    def test_reserved(self):
        self.append("roles", "cleaner", "none", "nothing")
        self.refuses("roles", '"none" is a reserved name')


if __name__ == "__main__":
    tap.main()
