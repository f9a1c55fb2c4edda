"""install-deps, with apt, dpkg and sudo replaced by scripts that write down how they were called."""
import os
import subprocess
import tempfile
import unittest

import tap
from tree import tool


class InstallDeps(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="zonewright-deps-")
        self.addCleanup(folder.cleanup)
        self.bin = folder.name
        self.log = os.path.join(folder.name, "log")
        self.missing()
        self.script("apt-get", f'echo "apt-get $*" >>{self.log}')
        self.script("id", "echo 0")

    def script(self, name, text):
        path = os.path.join(self.bin, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"#!/bin/bash\n{text}\n")
        os.chmod(path, 0o755)

    def missing(self, *names):
        """dpkg knows every package but these; a removed one is still known, with another status."""
        cases = "".join(f"{name}) echo -n config-files;; " for name in names)
        self.script("dpkg-query", f'case "${{@: -1}}" in {cases}*) echo -n installed;; esac')

    def run_tool(self, *groups):
        environment = {**os.environ, "PATH": f"{self.bin}:{os.environ['PATH']}"}
        done = subprocess.run([tool("install-deps"), *groups], env=environment, capture_output=True, text=True)
        calls = []
        if os.path.exists(self.log):
            with open(self.log, encoding="utf-8") as file:
                calls = file.read().splitlines()
            os.unlink(self.log)
        return done.returncode, calls, done.stderr

    def test_nothing_missing_touches_nothing(self):
        self.assertEqual(self.run_tool()[:2], (0, []))

    def test_installs_only_what_is_missing(self):
        self.missing("libxml2-dev", "meson")
        code, calls, _ = self.run_tool()
        self.assertEqual(code, 0)
        self.assertEqual(len(calls), 2)
        self.assertTrue(calls[0].endswith(" update"), calls)
        self.assertTrue(calls[1].endswith(" install --no-install-recommends libxml2-dev meson"), calls)

    def test_a_command_from_elsewhere_makes_do(self):
        self.missing("npm")
        self.script("npm", "")
        self.assertEqual(self.run_tool("run")[:2], (0, []))

    def test_groups(self):
        self.missing("clang-tidy", "sqlite3")
        self.assertEqual(self.run_tool("run")[:2], (0, []))
        self.assertIn("clang-tidy", self.run_tool("check")[1][-1])
        both = self.run_tool("check", "bench")[1][-1]
        self.assertIn("clang-tidy", both)
        self.assertIn("sqlite3", both)

    def test_unknown_group(self):
        code, calls, message = self.run_tool("nonsense")
        self.assertEqual((code, calls), (2, []))
        self.assertIn("nonsense", message)

    def test_update_may_fail(self):
        self.missing("meson")
        self.script("apt-get", f'echo "apt-get $*" >>{self.log}; [ "${{@: -1}}" != update ]')
        code, calls, _ = self.run_tool()
        self.assertEqual((code, len(calls)), (0, 2))

    def test_install_may_not(self):
        self.missing("meson")
        self.script("apt-get", "exit 100")
        self.assertEqual(self.run_tool()[0], 100)

    def test_not_root_uses_sudo(self):
        self.missing("meson")
        self.script("id", "echo 1000")
        self.script("sudo", f'echo sudo >>{self.log}; exec "$@"')
        code, calls, _ = self.run_tool()
        self.assertEqual((code, calls[0], len(calls)), (0, "sudo", 4))

    def test_apt_waits_for_no_terminal(self):
        self.missing("meson")
        self.script("apt-get", f'read -r line && echo read >>{self.log}; echo $DEBIAN_FRONTEND >>{self.log}')
        self.assertEqual(self.run_tool()[:2], (0, ["noninteractive"] * 2))


if __name__ == "__main__":
    tap.main()
