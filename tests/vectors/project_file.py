#!/usr/bin/env python3
"""Reads and verifies an exported project, from docs/project-file.md and docs/log-format.md alone.

  project_file.py FILE    says what is wrong, one line each; exit 0 when nothing is
"""
import json
import sys

import log_format
from log_format import Refused, canon, sha256

MAGIC = b"ZWPROJECT1\n"


def records(data):
    if not data.startswith(MAGIC):
        raise Refused("this is no exported project")
    at = len(MAGIC)
    while at < len(data):
        letter, length = data[at:at + 1].decode("latin-1"), int.from_bytes(data[at + 1:at + 9], "big")
        if at + 9 + length > len(data):
            raise Refused(f"byte {at}: the record reaches over the end")
        yield at, letter, data[at + 9:at + 9 + length]
        at += 9 + length


def add_piece(commit, content):
    op, erased, length = int.from_bytes(content[:4], "big", signed=True), content[4], content[5]
    field, rest = content[6:6 + length].decode(), content[6 + length:]
    if erased not in (0, 1) or (erased and rest) or (not erased and len(rest) < 32):
        raise Refused("a piece of a wrong length")
    piece = {"salt": None if erased else rest[:32].hex(), "bytes": None if erased else rest[32:].decode()}
    if op == -1 and not field and commit["message"] is None and not commit["ops"]:
        commit["message"] = piece
    elif not field and op == len(commit["ops"]):
        commit["ops"].append({**piece, "personal": []})
    elif field and op == len(commit["ops"]) - 1 and all(p["field"] < field for p in commit["ops"][-1]["personal"]):
        commit["ops"][-1]["personal"].append({**piece, "field": field})
    else:
        raise Refused("a piece out of order")


def load(data):
    """(what P says, {SHA-256: content}, commits)."""
    head, blobs, commits, ended = None, {}, [], False
    for at, letter, content in records(data):
        if ended or (letter == "P") != (head is None):
            raise Refused(f"byte {at}: {letter} stands out of order")
        if letter == "P":
            head = json.loads(content)
            if canon(head) != content or head["format"] != 1:
                raise Refused("P")
        elif letter == "B" and not commits:
            if sha256(content[32:]) != content[:32] or (blobs and content[:32].hex() <= max(blobs)):
                raise Refused(f"byte {at}: a file that has not its hash, or not its place")
            blobs[content[:32].hex()] = content[32:]
        elif letter == "C":
            commits.append({"header": content.decode(), "hash": log_format.commit_hash(content).hex(), "ops": [],
                            "message": None})
        elif letter == "S" and commits:
            add_piece(commits[-1], content)
        elif letter == "E":
            if content != sha256(data[:at]):
                raise Refused("the hash at the end")
            ended = True
        else:
            raise Refused(f"byte {at}: {letter} stands out of order")
    if not ended:
        raise Refused("the end is missing")
    return head, blobs, commits


def named(commits):
    """The files that operations name."""
    ops = [json.loads(op["bytes"]) for commit in commits for op in commit["ops"] if op["bytes"] is not None]
    return {op["sha256"] for op in ops if op["op"] == "attach"} | {op["file"] for op in ops if op["op"] == "results"}


def verify(data):
    """What is wrong, one line each."""
    try:
        head, blobs, commits = load(data)
        leaves = [bytes.fromhex(commit["hash"]) for commit in commits]
        found = log_format.verify({"id": head["log"], "commits": commits, "root": head["root"],
                                   "edge": [node.hex() for node in log_format.edge(leaves)]})
        if (head["head"], head["head_hash"]) != (len(commits), commits[-1]["hash"] if commits else "0" * 64):
            found.append("head")
        if named(commits) != set(blobs):
            found.append("files that are missing, or that nobody names")
        return found
    except (Refused, ValueError, KeyError, TypeError, IndexError) as why:
        return [f"{type(why).__name__}: {why}"]


if __name__ == "__main__":
    with open(sys.argv[1], "rb") as file:
        problems = verify(file.read())
    print("\n".join(problems))
    sys.exit(1 if problems else 0)
