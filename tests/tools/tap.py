"""Runs the unittest cases of the calling program and reports them as TAP. Use: `tap.main()` at its end."""
import sys
import traceback
import unittest


class TapResult(unittest.TestResult):
    def __init__(self, stream):
        super().__init__()
        self.stream = stream
        self.number = 0

    def _say(self, ok, test, directive=""):
        self.number += 1
        print(f"{'ok' if ok else 'not ok'} {self.number} - {test.id().removeprefix('__main__.')}{directive}",
              file=self.stream, flush=True)

    def _fail(self, test, error):
        for line in "".join(traceback.format_exception(*error)).splitlines():
            print(f"# {line}", file=self.stream)
        self._say(False, test)

    def addSuccess(self, test):
        self._say(True, test)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self._fail(test, err)

    def addError(self, test, err):
        super().addError(test, err)
        self._fail(test, err)

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self._fail(subtest, err)

    def addSkip(self, test, reason):
        self._say(True, test, f" # SKIP {reason}")

    def addExpectedFailure(self, test, err):
        self._fail(test, err)

    def addUnexpectedSuccess(self, test):
        self._say(False, test)


def main():
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules["__main__"])
    result = TapResult(sys.stdout)
    suite.run(result)
    print(f"1..{result.number}", flush=True)
    sys.exit(0 if result.wasSuccessful() and result.number > 0 else 1)
