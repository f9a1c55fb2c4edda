"""gen-cyclonedx: wrong tables are refused by line; the same tables give the same text."""
import os
import shutil
import subprocess
import tempfile
import unittest

import tap
from tree import ROOT, tool

TABLES = os.path.join(ROOT, "data", "cyclonedx")


class Tables(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="zonewright-tools-")
        self.addCleanup(folder.cleanup)
        self.folder = os.path.join(folder.name, "cyclonedx")
        shutil.copytree(TABLES, self.folder)
        self.out = os.path.join(folder.name, "out.c")

    def run_tool(self):
        return subprocess.run(["python3", tool("gen-cyclonedx.py"), self.folder, self.out], capture_output=True, text=True)

    def refuses(self, table, row, *what):
        path = os.path.join(self.folder, table)
        with open(path, encoding="utf-8") as file:
            text = file.read()
        number = text.count("\n") + 1
        with open(path, "a", encoding="utf-8") as file:
            file.write(row)
        done = self.run_tool()
        self.assertNotEqual(done.returncode, 0, row)
        for part in (f"{table}:{number}", *what):
            self.assertIn(part, done.stderr)
        self.assertFalse(os.path.exists(self.out))
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    def test_same_tables_same_text(self):
        texts = []
        for _ in range(2):
            self.assertEqual(self.run_tool().returncode, 0)
            with open(self.out, encoding="utf-8") as file:
                texts.append(file.read())
            os.unlink(self.out)
        self.assertEqual(texts[0], texts[1])
        self.assertIn('"application"', texts[0])

    def test_wrong_rows(self):
        self.refuses("enums.tsv", "scope\tx\t1.9\t-\n", "no version")
        self.refuses("enums.tsv", "scope\tx\t1.4\t1.2\n", "before since")
        self.refuses("enums.tsv", "scope\tx\t1.4\n", "4 cells")
        self.refuses("json.tsv", "component\tnew\tenum:gone\t-\t1.6\t-\n", "no enumeration 'gone'")
        self.refuses("json.tsv", "component\tnew\tgone\t-\t1.6\t-\n", "no type 'gone'")
        self.refuses("json.tsv", "component\tnew\t[text\t-\t1.6\t-\n", "missing")
        self.refuses("json.tsv", "component\tnew\ttext]\t-\t1.6\t-\n", "too much")
        self.refuses("json.tsv", "component\tnew\ttext\tmaybe\t1.6\t-\n", "need is")
        self.refuses("json.tsv", "component\t*one\tname gone\t-\t1.6\t-\n", "no member 'gone'")
        self.refuses("json.tsv", "component\t*two\tname\t-\t1.6\t-\n", "no rule")
        self.refuses("xml.tsv", "component\t-\t(a:text, b:text | c:text)\t-\t1.6\t-\n", "mixed")
        self.refuses("xml.tsv", "component\t-\t(a:text\t-\t1.6\t-\n", "missing")
        self.refuses("xml.tsv", "component\t?\ttext\t-\t1.6\t-\n", "no node")
        self.refuses("roles.tsv", "json\tcomponent\tgone\tname\n", "nothing has this role")

    def test_too_many_members(self):
        with open(os.path.join(self.folder, "json.tsv"), "a", encoding="utf-8") as file:
            file.writelines(f"component\tnew{i}\ttext\t-\t1.6\t-\n" for i in range(40))
        done = self.run_tool()
        self.assertIn("component has more than 64 members", done.stderr)


tap.main()
