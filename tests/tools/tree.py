"""A small source tree in a temporary folder, and a checker run on it."""
import os
import subprocess
import tempfile
import unittest

ROOT = os.environ.get("ZONEWRIGHT_SOURCE") or os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def tool(name):
    return os.path.join(ROOT, "tools", name)


class TreeCase(unittest.TestCase):
    """`self.write(path, text)` fills the tree; `self.run_tool(name)` gives (exit code, lines)."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="zonewright-tools-")
        self.addCleanup(folder.cleanup)
        self.root = folder.name

    def write(self, path, text):
        full = os.path.join(self.root, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "w", encoding="utf-8") as file:
            file.write(text)

    def run_tool(self, name):
        done = subprocess.run([tool(name), self.root], stdin=subprocess.DEVNULL, capture_output=True, text=True)
        self.assertIn(done.returncode, (0, 1), done.stderr)
        return done.returncode, done.stdout.splitlines()

    def accepts(self, name):
        code, lines = self.run_tool(name)
        self.assertEqual(code, 0, lines)
        return lines

    def refuses(self, name, where, *words):
        """The tool fails and one of its lines begins with `where` and holds all the words."""
        code, lines = self.run_tool(name)
        self.assertEqual(code, 1, lines)
        hits = [line for line in lines if line.startswith(where) and all(word in line for word in words)]
        self.assertTrue(hits, f"nothing at {where} with {words} in {lines}")
