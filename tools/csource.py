"""What our checkers know about C: files, comments, strings, functions. Not a compiler, but it tells code from text."""
import bisect
import collections
import os
import re
import sys

C_SUFFIXES = (".c", ".h", ".cc", ".def")
SKIPPED_FOLDERS = re.compile(r"^(build|build-.*|var|node_modules|__pycache__|\.git|\.cache)$")
MARKER = re.compile(r"allow:\s*\w")

Function = collections.namedtuple("Function", "name first last body_start body_end")

# Comments, literals, and whole preprocessor lines are what a search for code must not look into.
LEXEME = re.compile(
    r"""(?P<comment>/\*.*?\*/|//[^\n]*)
      | (?P<raw>R"(?P<delimiter>[^()\\\s]{0,16})\(.*?\)(?P=delimiter)")
      | (?P<literal>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')""",
    re.VERBOSE | re.DOTALL,
)
DIRECTIVE = re.compile(r"^[ \t]*#(?:\\\n|[^\n])*", re.MULTILINE)
NUMBER_SEPARATOR = re.compile(r"(?<=[0-9a-fA-F])'(?=[0-9a-fA-F])")  # 1'000 in C++


def blank(text):
    return re.sub(r"[^\n]", " ", text)


class Source:
    """One file: `text` as it is, `code` of the same length with comments and literals blanked."""

    def __init__(self, path, text):
        self.path = path
        self.text = text
        self.allowed = set()
        self.code = self._strip(NUMBER_SEPARATOR.sub("_", text) if path.endswith(".cc") else text)
        self.starts = [0] + [i + 1 for i, c in enumerate(text) if c == "\n"]

    def _strip(self, text):
        def replace(match):
            piece = match.group(0)
            if match.group("comment"):
                if MARKER.search(piece):
                    first = text.count("\n", 0, match.start())
                    last = first + piece.count("\n")
                    self.allowed.update(range(first + 1, last + 3))  # its own lines and the one that follows
                return blank(piece)
            return piece[0] + blank(piece[1:-1]) + piece[-1]

        return LEXEME.sub(replace, text)

    def line(self, offset):
        return bisect.bisect_right(self.starts, offset)

    def line_text(self, number):
        return self.text[self.starts[number - 1]:].split("\n", 1)[0]

    def is_allowed(self, number):
        """True where a comment `allow: reason` stands on the line or the one before."""
        return number in self.allowed

    def without_directives(self):
        """Code for following braces: no preprocessor lines, and of #if … #else only the first branch."""
        out, position, depth_in_else, depth = [], 0, None, 0
        for match in DIRECTIVE.finditer(self.code):
            piece = self.code[position:match.start()]
            out.append(blank(piece) if depth_in_else is not None else piece)
            out.append(blank(match.group(0)))
            position = match.end()
            word = re.match(r"\s*#\s*(\w*)", match.group(0)).group(1)
            if word in ("if", "ifdef", "ifndef"):
                depth += 1
            elif word in ("else", "elif") and depth_in_else is None:
                depth_in_else = depth
            elif word == "endif":
                if depth_in_else == depth:
                    depth_in_else = None
                depth -= 1
        out.append(self.code[position:])
        return "".join(out)

    def functions(self):
        """Definitions at file level (for C++ also inside namespaces and extern "C")."""
        code = self.without_directives()
        found, depth, transparent, head, opened = [], 0, [], 0, None
        for match in re.finditer(r"[{};]", code):
            sign, at = match.group(0), match.start()
            if sign == "{":
                before = code[head:at].strip()
                if depth == 0 and re.search(r'(^|\s)(namespace(\s+[\w:]+)?|extern\s*"\s*")$', before):
                    transparent.append(depth)
                    head = at + 1
                    continue
                if depth == 0:
                    opened = (head, at, function_name(before))
                depth += 1
            elif sign == "}":
                if depth == 0:
                    if transparent:
                        transparent.pop()
                    head = at + 1
                    continue
                depth -= 1
                if depth == 0:
                    start, brace, name = opened
                    if name is not None:
                        first = start + len(code[start:brace]) - len(code[start:brace].lstrip())
                        found.append(Function(name, self.line(first), self.line(at), brace, at + 1))
                        head = at + 1
                    # after a struct or an initialiser the statement goes on to its semicolon
            elif depth == 0:
                head = at + 1
        return found


def function_name(head):
    """The name in a definition's head, or None when the brace opens something else."""
    if re.search(r"(?<![=!<>])=(?!=)", head) or re.search(r"\b(struct|union|enum|class)\s*\w*$", head):
        return None
    match = re.search(r"([A-Za-z_][\w:~]*)\s*\(", re.sub(r"\bG_(?:GNUC|DEFINE)_\w+\s*(\([^()]*\))?", "", head))
    return match.group(1) if match else None


def walk(root, folders, suffixes):
    """Paths relative to `root`, sorted, below the folders that exist."""
    paths = []
    for folder in folders:
        for place, names, files in os.walk(os.path.join(root, folder)):
            names[:] = sorted(n for n in names if not SKIPPED_FOLDERS.match(n))
            paths += [os.path.relpath(os.path.join(place, f), root) for f in files if f.endswith(suffixes)]
    return sorted(paths)


def load(root, path):
    with open(os.path.join(root, path), encoding="utf-8", errors="replace") as file:
        return Source(path, file.read())


def finish(tool, problems, looked_at):
    """Prints the problems of a checker, each `path:line: what`, and gives its exit code."""
    for path, line, what in sorted(problems):
        print(f"{path}:{line}: {what}")
    if problems:
        print(f"{tool}: {len(problems)} problem{'s' if len(problems) != 1 else ''}", file=sys.stderr)
        return 1
    print(f"{tool}: {looked_at} files, nothing to say")
    return 0


def root_argument():
    """The tree to look at: the first argument, else the one this tool is part of."""
    if len(sys.argv) > 2:
        print(f"usage: {os.path.basename(sys.argv[0])} [ROOT]", file=sys.stderr)
        sys.exit(2)
    return sys.argv[1] if len(sys.argv) == 2 else os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
