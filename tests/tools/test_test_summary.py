"""test-summary: what counts as passed, failed, skipped, and a real run of meson from end to end."""
import importlib.machinery
import importlib.util
import io
import json
import os
import subprocess
import tempfile
import unittest

import tap
from tree import tool


def load():
    loader = importlib.machinery.SourceFileLoader("test_summary_tool", tool("test-summary"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


summary = load()


class Tap(unittest.TestCase):
    def statuses(self, text, returncode=0, result="OK"):
        return [point.status for point in summary.parse_tap(text, returncode, result)]

    def test_all_pass(self):
        self.assertEqual(self.statuses("1..2\nok 1 /a\nok 2 /b\n"), ["passed", "passed"])

    def test_plan_at_the_end(self):
        self.assertEqual(self.statuses("ok 1 - a\n# note\nok 2 - b\n1..2\n"), ["passed", "passed"])

    def test_failure(self):
        self.assertEqual(self.statuses("1..2\nnot ok 1 /a - ERROR:x\nok 2 /b\n", 1, "FAIL"), ["failed", "passed"])

    def test_skip_with_reason(self):
        points = summary.parse_tap("1..1\nok 1 /a # SKIP no corpus here\n", 0, "OK")
        self.assertEqual([(p.status, p.name, p.reason) for p in points], [("skipped", "/a", "no corpus here")])

    def test_skip_without_reason_says_so(self):
        self.assertEqual(summary.parse_tap("1..1\nok 1 /a # skip\n", 0, "OK")[0].reason, "no reason given")

    def test_skip_of_the_whole_program(self):
        points = summary.parse_tap("1..0 # SKIP no server\n", 0, "SKIP")
        self.assertEqual([(p.status, p.reason) for p in points], [("skipped", "no server")])

    def test_unfinished_is_no_pass(self):
        self.assertEqual(self.statuses("1..1\nok 1 /a # TODO later\n"), ["failed"])
        self.assertEqual(self.statuses("1..1\nnot ok 1 /a # TODO later\n"), ["failed"])

    def test_crash_between_points(self):
        points = summary.parse_tap("1..3\nok 1 /a\n", -11, "ERROR")
        self.assertEqual([p.status for p in points], ["passed", "failed"])
        self.assertIn("planned 3 tests and ran 1 (killed by signal 11)", points[1].reason)

    def test_crash_after_the_last_point(self):
        self.assertEqual(self.statuses("1..1\nok 1 /a\n", -6, "ERROR"), ["passed", "failed"])

    def test_too_many_points(self):
        self.assertEqual(self.statuses("1..1\nok 1 /a\nok 2 /b\n"), ["passed", "passed", "failed"])

    def test_no_plan(self):
        self.assertEqual(self.statuses("ok 1 /a\n"), ["passed", "failed"])
        self.assertEqual(self.statuses(""), ["failed"])

    def test_empty_plan_is_no_pass(self):
        self.assertEqual(self.statuses("1..0\n"), ["failed"])

    def test_bail_out(self):
        self.assertEqual(self.statuses("1..1\nok 1 /a\nBail out! no disk\n"), ["passed", "failed"])

    def test_timeout(self):
        self.assertEqual(self.statuses("1..2\nok 1 /a\n", -15, "TIMEOUT"), ["passed", "failed"])

    def test_word_that_begins_with_ok(self):
        self.assertEqual(self.statuses("1..1\nokay then\nok 1 /a\n"), ["passed"])

    def test_hash_in_a_name(self):
        points = summary.parse_tap("1..1\nok 1 /a/C# and more\n", 0, "OK")
        self.assertEqual((points[0].status, points[0].name), ("passed", "/a/C# and more"))


class ExitCode(unittest.TestCase):
    def test_results(self):
        for result, status in (("OK", "passed"), ("EXPECTEDFAIL", "passed"), ("SKIP", "skipped"), ("FAIL", "failed"),
                               ("UNEXPECTEDPASS", "failed"), ("TIMEOUT", "failed"), ("ERROR", "failed")):
            with self.subTest(result):
                self.assertEqual([p.status for p in summary.parse_exitcode(0, result)], [status])


class Report(unittest.TestCase):
    def report(self, *programs):
        out = io.StringIO()
        return summary.print_report(list(programs), out), out.getvalue()

    def program(self, *statuses, output=""):
        return summary.Program("p", [summary.Point(s, f"/t{i}", "why" if s == "skipped" else "")
                                     for i, s in enumerate(statuses)], output)

    def test_last_line(self):
        good, text = self.report(self.program("passed", "skipped"), self.program("passed"))
        self.assertTrue(good)
        self.assertEqual(text.splitlines()[-1], "2 passed, 0 failed, 1 skipped")
        self.assertIn("why\n    p /t1", text)

    def test_failure_shows_output(self):
        good, text = self.report(self.program("failed", output="a = 1\nexpected 2\n"))
        self.assertFalse(good)
        self.assertIn("expected 2", text)
        self.assertEqual(text.splitlines()[-1], "0 passed, 1 failed, 0 skipped")

    def test_nothing_ran(self):
        good, text = self.report()
        self.assertFalse(good)
        self.assertEqual(text.splitlines()[-1], "0 passed, 0 failed, 0 skipped")

    def test_long_output_keeps_its_end(self):
        _, text = self.report(self.program("failed", output="".join(f"line {i}\n" for i in range(500))))
        self.assertIn("line 499", text)
        self.assertNotIn("line 100\n", text)

    def test_log_of_the_runner(self):
        entry = {"name": "p", "stdout": "1..1\nok 1 /a\n", "result": "FAIL", "returncode": 0, "command": ["p"]}
        points = summary.read_log([json.dumps(entry)], {("p",)})[0].points
        self.assertEqual([p.status for p in points], ["passed", "failed"])


class EndToEnd(unittest.TestCase):
    """Scripts as tests of a real build directory."""

    def run_project(self, **scripts):
        with tempfile.TemporaryDirectory(prefix="zonewright-summary-") as folder:
            lines = ["project('p')"]
            for name, (protocol, text) in scripts.items():
                path = os.path.join(folder, name)
                with open(path, "w", encoding="utf-8") as file:
                    file.write("#!/bin/sh\n" + text)
                os.chmod(path, 0o755)
                lines.append(f"test('{name}', find_program('{path}'), protocol: '{protocol}')")
            with open(os.path.join(folder, "meson.build"), "w", encoding="utf-8") as file:
                file.write("\n".join(lines) + "\n")
            build = os.path.join(folder, "build")
            subprocess.run(["meson", "setup", build, folder], check=True, capture_output=True)
            done = subprocess.run([tool("test-summary"), build], capture_output=True, text=True)
            return done.returncode, done.stdout.splitlines()

    def test_good(self):
        code, lines = self.run_project(a=("tap", "echo 1..2; echo ok 1; echo 'ok 2 b # SKIP no net'"), b=("exitcode", "exit 0"))
        self.assertEqual((code, lines[-1]), (0, "2 passed, 0 failed, 1 skipped"))
        self.assertIn("  no net", lines)

    def test_bad(self):
        code, lines = self.run_project(a=("tap", "echo 1..2; echo ok 1; kill -9 $$"), b=("exitcode", "echo because; exit 3"),
                                       c=("exitcode", "exit 77"))
        self.assertEqual((code, lines[-1]), (1, "1 passed, 2 failed, 1 skipped"))
        self.assertIn("    because", lines)

    def test_same_program_under_two_names_is_counted_twice(self):
        code, lines = self.run_project(a=("tap", "echo 1..1; echo ok 1"), b=("tap", "echo 1..1; echo not ok 1; exit 1"))
        self.assertEqual((code, lines[-1]), (1, "1 passed, 1 failed, 0 skipped"))

    def test_no_tests(self):
        code, lines = self.run_project()
        self.assertEqual((code, lines[-1]), (1, "0 passed, 0 failed, 0 skipped"))

    def test_no_build_directory(self):
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run([tool("test-summary"), folder], capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stdout.splitlines()[-1]), (1, "0 passed, 1 failed, 0 skipped"))


if __name__ == "__main__":
    tap.main()
