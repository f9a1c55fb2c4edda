#!/usr/bin/env python3
"""The bytes of docs/log-format.md once more, from that page alone and with nothing of the program.

  log_format.py write    makes log-format.json
  log_format.py check    compares it with what is made now, and verifies, erases and alters the log in it (TAP)
"""
import copy
import hashlib
import json
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
FILE = os.path.join(HERE, "log-format.json")
PAGE = os.path.join(HERE, "..", "..", "docs", "log-format.md")
INTEGER_MAX = 2 ** 53 - 1
STATUS_ORDER = ["passed", "skipped", "error", "failed"]
PERSONAL = {"test_case": {"tester"}, "test_run": {"tester"}, "component": {"developer"}, "evidence": {"author"}}
MEMBERS = {"actor", "editorial", "format", "log", "message", "metamodel", "ops", "origin", "parents", "seq", "time"}
ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


class Refused(Exception):
    pass


def sha256(data):
    return hashlib.sha256(data).digest()


# ---- Canonical JSON ----

def quote(text):
    return '"' + "".join(ESCAPES.get(c) or (f"\\u{ord(c):04x}" if c < " " else c) for c in text) + '"'


def canon_text(value):
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return quote(value)
    if isinstance(value, int):
        if abs(value) > INTEGER_MAX:
            raise Refused("integer")
        return str(value)
    if isinstance(value, list):
        return "[" + ",".join(map(canon_text, value)) + "]"
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode())
        return "{" + ",".join(f"{quote(name)}:{canon_text(value[name])}" for name in names) + "}"
    raise Refused(type(value).__name__)


def canon(value):
    return canon_text(value).encode()


def once(pairs):
    if len(dict(pairs)) != len(pairs):
        raise Refused("a name stands twice")
    return dict(pairs)


def parse(data):
    """A value whose bytes are canonical; anything else is refused."""
    value = json.loads(data, object_pairs_hook=once)
    if canon(value) != data:
        raise Refused("not canonical")
    return value


# ---- Commitments and commits ----

def commitment(salt, data):
    assert len(salt) == 32
    return sha256(b"\x02" + salt + data)


def salt_of(name):
    """The salts of the vectors are made from names; a program takes them from its random source."""
    return sha256(b"salt " + name.encode())


def commit_hash(header):
    return sha256(b"\x00" + header)


def seal(op, kind, name):
    """An operation as its bytes and what was taken out of it."""
    op, personal = copy.deepcopy(op), []
    attrs = op.get("set", {}).get("attrs") or {}
    for field in sorted(attrs):
        if field in PERSONAL.get(kind, ()) and attrs[field] is not None:
            data, salt = canon(attrs[field]), salt_of(f"{name} {field}")
            personal.append({"field": field, "bytes": data.decode(), "salt": salt.hex(),
                             "commitment": commitment(salt, data).hex()})
            attrs[field] = {"personal": commitment(salt, data).hex()}
    data, salt = canon(op), salt_of(name)
    return {"bytes": data.decode(), "salt": salt.hex(), "commitment": commitment(salt, data).hex(), "personal": personal}


# ---- RFC 6962 ----

def root(leaves):
    if not leaves:
        return sha256(b"")
    if len(leaves) == 1:
        return leaves[0]
    k = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(b"\x01" + root(leaves[:k]) + root(leaves[k:]))


def edge(leaves):
    """Roots of the perfect subtrees, largest first."""
    if not leaves:
        return []
    k = 1 << len(leaves).bit_length() - 1
    return [root(leaves[:k])] + edge(leaves[k:])


# ---- Results ----

def results_file(lines):
    def order(line):
        return line["case"], line["at"], STATUS_ORDER.index(line["status"]), line.get("message", "").encode()
    return b"".join(canon(line) + b"\n" for line in sorted(lines, key=order))


# ---- What a verifier does with a log ----

def verify_commit(log, commits, n, known):
    """The problems of one commit. `known` maps the hashes of commits of any log to their headers."""
    commit, found = commits[n], []
    data = commit["header"].encode()
    header = parse(data)
    if (header["format"], header["log"], header["seq"]) != (1, log, n + 1):
        found.append("format, log or seq")
    if set(header) - {"request"} != MEMBERS:
        found.append("members")
    if n > 0 and header["parents"][:1] != [commits[n - 1]["hash"]]:
        found.append("parent")
    if any(parent not in known or known[parent]["time"] > header["time"] for parent in header["parents"]):
        found.append("time, or a parent that is not there")
    if commit_hash(data).hex() != commit["hash"]:
        found.append("hash")
    if len(header["ops"]) != len(commit["ops"]):
        found.append("number of operations")
    pieces = [(header["message"], commit["message"])] + list(zip(header["ops"], commit["ops"]))
    for op in commit["ops"]:
        attrs = parse(op["bytes"].encode()).get("set", {}).get("attrs") or {} if op["bytes"] is not None else {}
        stand = {name: value["personal"] for name, value in attrs.items()
                 if isinstance(value, dict) and list(value) == ["personal"]}
        if set(stand) != {piece["field"] for piece in op["personal"]}:
            found.append("personal values")
        pieces += [(stand.get(piece["field"]), piece) for piece in op["personal"]]
    for stands, piece in pieces:
        if piece["bytes"] is not None and \
                commitment(bytes.fromhex(piece["salt"]), piece["bytes"].encode()).hex() != stands:
            found.append("commitment")
    return [f"seq {n + 1}: {what}" for what in found]


def verify(log, branch=None):
    """Problems of a log, and of the one it branched from."""
    found, known = [], {}
    for part in (log, branch) if branch else (log,):
        for n, commit in enumerate(part["commits"]):
            try:
                found += verify_commit(part["id"], part["commits"], n, known)
                known[commit["hash"]] = json.loads(commit["header"])
            except (ValueError, KeyError, TypeError, Refused) as why:
                found.append(f"seq {n + 1}: {why}")
        leaves = [bytes.fromhex(commit["hash"]) for commit in part["commits"]]
        if (part["root"], part["edge"]) != (root(leaves).hex(), [node.hex() for node in edge(leaves)]):
            found.append("root or edge")
    return found


# ---- The vectors ----

def item(n):
    return f"{n:032x}"


ACTOR, LOG, BRANCH = "a0a1a2a3a4a5a6a7a8a9aaabacadaeaf", "000102030405060708090a0b0c0d0e0f", "f0" * 16
RESULTS = [
    {"at": "2026-03-01T10:00:00.000Z", "case": item(3), "status": "failed", "message": "line 1\nline 2 \"é\" \u0001"},
    {"at": "2026-03-01T10:00:00.000Z", "case": item(3), "status": "passed"},
    {"at": "2026-03-01T10:00:00.000Z", "case": item(3), "status": "skipped"},
    {"at": "2026-03-01T10:00:00.000Z", "case": item(3), "status": "error", "message": "b"},
    {"at": "2026-03-01T10:00:00.000Z", "case": item(3), "status": "error", "message": "a"},
    {"at": "2026-03-01T09:59:59.999Z", "case": item(3), "status": "failed"},
    {"at": "2025-12-31T00:00:00.000Z", "case": "f" * 32, "status": "passed"},
    {"at": "2027-01-01T00:00:00.000Z", "case": item(1), "status": "passed"},
]

# (kind whose attributes are set, operation) of each commit; every operation stands here at least once.
OPERATIONS = [
    [("", {"op": "project", "key": "PLANT", "title": "Water works", "sample": False})],
    [("zone", {"op": "create", "id": item(1), "key": "ZN-1", "kind": "zone", "state": "draft",
               "set": {"title": "Zone “1”", "body": "", "order": 10, "tags": ["a", "b"], "attrs": {}}}),
     ("component", {"op": "create", "id": item(2), "key": "CP-1", "kind": "component", "state": "draft",
                    "set": {"title": "Controller", "owner": None, "parent": "ZN-1",
                            "source": {"system": "cmdb", "id": "77", "rev": "3"},
                            "attrs": {"developer": "D. Veloper", "product": "PLC \U0001f512", "vendor": "Acme"}}}),
     ("test_case", {"op": "create", "id": item(3), "key": "TC-1", "kind": "test_case", "state": "draft",
                    "set": {"title": "Login", "attrs": {"tester": "T. Ester", "keys": ["suite/login"]}}}),
     ("test_run", {"op": "create", "id": item(4), "key": "TR-1", "kind": "test_run", "state": "draft",
                   "set": {"title": "Nightly", "attrs": {"tester": None, "counts": {"passed": 3, "failed": 0}}}})],
    [("test_case", {"op": "update", "id": item(3), "rev": 2, "subst": 1,
                    "set": {"title": "Login refused", "attrs": {"tester": "A. Nother", "steps": None}}}),
     ("", {"op": "transition", "id": item(3), "rev": 3, "subst": 1, "to": "in_review"})],
    [("", {"op": "link", "from": item(3), "type": "verifies", "to": item(2), "as": "", "attrs": {}, "judged": [1, 1]}),
     ("", {"op": "judge", "from": item(3), "type": "verifies", "to": item(2), "as": "", "judged": [1, 1]}),
     ("", {"op": "attach", "id": item(2), "rev": 2, "subst": 1, "name": "manual.pdf", "media": "application/pdf",
           "sha256": sha256(b"manual").hex(), "size": 6})],
    [("", {"op": "results", "run": item(4), "file": sha256(results_file(RESULTS)).hex(), "n": len(RESULTS)}),
     ("", {"op": "detach", "id": item(2), "rev": 3, "subst": 1, "name": "manual.pdf"}),
     ("", {"op": "unlink", "from": item(3), "type": "verifies", "to": item(2), "as": ""}),
     ("", {"op": "setting", "name": "separation_of_duties", "value": True}),
     ("", {"op": "setting", "name": "title", "value": None})],
]

# What the headers of these commits say besides.
HEADS = [
    {"origin": "cli", "time": "2026-03-01T10:00:00.000Z", "message": ""},
    {"origin": "import", "time": "2026-03-01T10:00:00.001Z", "message": "first import", "request": "import 7/é"},
    {"origin": "ui", "time": "2026-03-01T10:00:00.001Z", "message": "line 1\n\"line 2\"", "editorial": True},
    {"origin": "api", "time": "2026-03-01T23:59:59.999Z", "message": "—", "request": "r"},
    {"origin": "api", "time": "2028-02-29T00:00:00.000Z", "message": "leap day"},
]


def make_log(log, operations, heads, parents, merged=()):
    """`parents`: of the first commit; `merged`: of the last, besides the one before it."""
    commits = []
    for n, (ops, head) in enumerate(zip(operations, heads)):
        name = f"{log} {n + 1}"
        sealed = [{"kind": kind, "op": op, **seal(op, kind, f"{name} {i}")} for i, (kind, op) in enumerate(ops)]
        salt, message = salt_of(f"{name} message"), head["message"].encode()
        before = [commits[-1]["hash"]] if commits else list(parents)
        header = {"actor": ACTOR, "editorial": head.get("editorial", False), "format": 1, "log": log,
                  "message": commitment(salt, message).hex(), "metamodel": 1,
                  "ops": [op["commitment"] for op in sealed], "origin": head["origin"],
                  "parents": before + (list(merged) if n + 1 == len(heads) else []),
                  "seq": n + 1, "time": head["time"]}
        if "request" in head:
            header["request"] = head["request"]
        commits.append({"header": canon(header).decode(), "hash": commit_hash(canon(header)).hex(), "ops": sealed,
                        "message": {"bytes": message.decode(), "salt": salt.hex(), "commitment": header["message"]}})
    leaves = [bytes.fromhex(commit["hash"]) for commit in commits]
    return {"id": log, "commits": commits, "root": root(leaves).hex(), "edge": [node.hex() for node in edge(leaves)]}


CANONICAL = [
    ("{}", "{}"), (" [ ] ", "[]"), ("null", "null"), ("-0", "0"), ("9007199254740991", "9007199254740991"),
    ("-9007199254740991", "-9007199254740991"), ('{"b":1,"a":2}', '{"a":2,"b":1}'),
    ('{"a":1,"B":2,"aa":3,"":4}', '{"":4,"B":2,"a":1,"aa":3}'),
    ('"\\u0041\\/\\u00e9\\u20ac"', '"A/é€"'), ('"\\u0001\\u001F\\u007f"', '"\\u0001\\u001f\x7f"'),
    ('"\\b\\f\\n\\r\\t\\"\\\\"', '"\\b\\f\\n\\r\\t\\"\\\\"'), ('"\\u000a\\u0022"', '"\\n\\""'),
    ('"\\ud83d\\udd12"', '"\U0001f512"'), ('{"\\uff5e":1,"\\ud83d\\udd12":2}', '{"\uff5e":1,"\U0001f512":2}'),
    ('[1, [true, false], {"x": {"y": []}}]', '[1,[true,false],{"x":{"y":[]}}]'),
]
CANONICAL_REFUSED = ["1.0", "1e3", "9007199254740992", "-9007199254740992", '{"a":1,"a":1}', '"\\ud800"', "01", "[1,]"]

RESULTS_REFUSED = [
    ("no newline at the end", lambda text: text[:-1]),
    ("an empty line", lambda text: text + "\n"),
    ("white space", lambda text: text.replace('{"at"', '{ "at"', 1)),
    ("two lines changed places", lambda text: "".join(reversed(text.splitlines(True)))),
    ("members in another order", lambda text: re.sub(r'("at":"[^"]*"),("case":"[^"]*")', r"\2,\1", text, count=1)),
    ("an unknown member", lambda text: text.replace(',"status"', ',"note":"x","status"', 1)),
    ("an unknown status", lambda text: text.replace('"passed"', '"PASSED"', 1)),
    ("an id in upper case", lambda text: text.replace("f" * 32, "F" * 32)),
    ("an empty message", lambda text: text.replace('"message":"a"', '"message":""')),
    ("an escape that is not needed", lambda text: text.replace('"message":"a"', '"message":"\\u0061"')),
    ("a NUL", lambda text: text.replace('"message":"a"', '"message":"\\u0000"')),
    ("a message that is no text", lambda text: text.replace('"message":"a"', '"message":1')),
    ("time without milliseconds", lambda text: text.replace("2027-01-01T00:00:00.000Z", "2027-01-01T00:00:00Z")),
    ("a day that is not there", lambda text: text.replace("2027-01-01", "2027-02-30")),
    ("cut inside a line", lambda text: text[:-20]),
    ("two objects in a line", lambda text: text.replace("}\n{", "}{", 1)),
]

# The data and roots that implementations of RFC 6962 have been tested with since its first one.
RFC6962_DATA = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
RFC6962_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def make_merkle():
    leaves = [sha256(b"\x00" + str(n).encode()) for n in range(65)]
    sizes = [{"size": n, "root": root(leaves[:n]).hex(), "edge": [node.hex() for node in edge(leaves[:n])]}
             for n in range(66)]
    return {"leaf": "SHA-256(0x00 || decimal digits of its number from 0)", "sizes": sizes,
            "rfc6962": {"data": RFC6962_DATA, "roots": RFC6962_ROOTS}}


def make():
    log = make_log(LOG, OPERATIONS, HEADS, [])
    branch_ops = [[("", {"op": "setting", "name": "title", "value": "Variant B"})],
                  [("", {"op": "setting", "name": "title", "value": {"z": [1, -1], "a": ""}})]]
    branch = make_log(BRANCH, branch_ops, [HEADS[3], HEADS[4]], [log["commits"][2]["hash"]],
                      [log["commits"][4]["hash"]])
    file = results_file(RESULTS).decode()
    bytes_vectors = [b"", b"{}", bytes(range(256)), b"\x02" * 100]
    return {
        "about": "Test vectors of docs/log-format.md, made by log_format.py. Hashes, salts and ids are hexadecimal.",
        "canonical": [{"from": before, "to": after} for before, after in CANONICAL],
        "canonical_refused": CANONICAL_REFUSED,
        "commitments": [{"salt": salt_of(str(n)).hex(), "bytes": data.hex(),
                         "commitment": commitment(salt_of(str(n)), data).hex()} for n, data in enumerate(bytes_vectors)],
        "log": log, "branch": branch, "merkle": make_merkle(),
        "results": {"lines": RESULTS, "file": file, "sha256": sha256(file.encode()).hex()},
        "results_refused": [{"why": why, "file": change(file)} for why, change in RESULTS_REFUSED],
    }


# ---- Checks ----

def erase(vectors):
    """All that may be erased."""
    for part in (vectors["log"], vectors["branch"]):
        for commit in part["commits"]:
            for piece in [commit["message"]] + [value for op in commit["ops"] for value in op["personal"]]:
                piece["bytes"] = piece["salt"] = None


def altered(vectors):
    """One alteration after the other: (what, log and branch)."""
    def change(what, fn):
        part = copy.deepcopy(vectors)
        fn(part["log"]["commits"])
        return what, part

    def flip(text, at):
        return text[:at] + ("0" if text[at] != "0" else "1") + text[at + 1:]

    for n, commit in enumerate(vectors["log"]["commits"]):
        for at in range(0, len(commit["header"])):
            yield change(f"byte {at} of header {n + 1}",
                         lambda commits, n=n, at=at: commits[n].update(header=flip(commits[n]["header"], at)))
        for i, op in enumerate(commit["ops"]):
            for at in range(0, len(op["bytes"]), 7):
                yield change(f"byte {at} of operation {n + 1}/{i}", lambda commits, n=n, i=i, at=at:
                             commits[n]["ops"][i].update(bytes=flip(commits[n]["ops"][i]["bytes"], at)))
            for j in range(len(op["personal"])):
                yield change(f"personal value {n + 1}/{i}/{j}", lambda commits, n=n, i=i, j=j:
                             commits[n]["ops"][i]["personal"][j].update(bytes='"X"'))
        yield change(f"message {n + 1}", lambda commits, n=n: commits[n]["message"].update(bytes="X"))
        yield change(f"commit {n + 1} gone", lambda commits, n=n: commits.pop(n))
        if n > 0:
            yield change(f"commits {n} and {n + 1} changed places",
                         lambda commits, n=n: commits.insert(n - 1, commits.pop(n)))
    yield change("the newest commit again", lambda commits: commits.append(commits[-1]))


def rows():
    """(what, whether it holds)."""
    vectors = make()
    with open(FILE, encoding="utf-8") as file:
        stored = file.read()
    yield "the file holds what is made now", stored == text_of(vectors)
    for before, after in CANONICAL:
        yield f"canonical {before}", canon(json.loads(before, object_pairs_hook=once)) == after.encode()
    for text in CANONICAL_REFUSED:
        yield f"refused {text}", refuses(text)
    leaves = [sha256(b"\x00" + bytes.fromhex(data)) for data in RFC6962_DATA]
    for n, expected in enumerate(RFC6962_ROOTS):
        yield f"root of RFC 6962 at size {n}", root(leaves[:n]).hex() == expected
    names = {op["op"]["op"] for commit in vectors["log"]["commits"] for op in commit["ops"]}
    yield "every operation is there", len(names) == 11
    yield "the log verifies", verify(vectors["log"], vectors["branch"]) == []
    erased = copy.deepcopy(vectors)
    erase(erased)
    yield "the erased log verifies, with the same root", \
        verify(erased["log"], erased["branch"]) == [] and erased["log"]["root"] == vectors["log"]["root"]
    count, unseen = 0, []
    for what, part in altered(vectors):
        count += 1
        if not verify(part["log"], part["branch"]):
            unseen.append(what)
    yield f"{count} alterations, unseen: {unseen}", count > 1000 and not unseen
    yield from page_rows(vectors)
    for why, change in RESULTS_REFUSED:
        yield f"results altered: {why}", change(vectors["results"]["file"]) != vectors["results"]["file"]


def page_rows(vectors):
    """The examples of the page are in the vectors."""
    with open(PAGE, encoding="utf-8") as file:
        page = file.read()
    first, update = vectors["log"]["commits"][0], vectors["log"]["commits"][2]["ops"][0]
    joined = re.sub(r",\n +", ",", page)
    for what in (first["header"], first["ops"][0]["bytes"], update["bytes"]):
        yield f"the page shows {what[:40]}", what in joined
    known = set(re.findall(r"\b[0-9a-f]{64}\b", json.dumps(vectors)))
    shown = set(re.findall(r"\b[0-9a-f]{64}\b", page))
    yield f"the page shows {len(shown)} digests and salts, all of the vectors", len(shown) > 7 and shown <= known


def refuses(text):
    try:
        canon(json.loads(text, object_pairs_hook=once))
    except (Refused, ValueError):
        return True
    return False


def text_of(vectors):
    return json.dumps(vectors, indent=1, ensure_ascii=True) + "\n"


def check():
    failed = number = 0
    for number, (what, holds) in enumerate(rows(), 1):
        failed += not holds
        print(f"{'ok' if holds else 'not ok'} {number} - {what}".replace("#", "\\#"), flush=True)
    print(f"1..{number}")
    return failed > 0


def main():
    if sys.argv[1:] == ["write"]:
        with open(FILE, "w", encoding="utf-8") as file:
            file.write(text_of(make()))
        return 0
    if sys.argv[1:] == ["check"]:
        return check()
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
