#!/usr/bin/env python3
"""Runs twreg's commands as a person would, and checks output and exit status.

Usage: check-twreg.py TWREG FROZEN-FILE
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile

TWREG, FROZEN = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])


def twreg(*arguments, status=0, says=""):
    """Runs twreg and returns what it wrote to standard output, as bytes."""
    done = subprocess.run([TWREG, *arguments], capture_output=True, check=False)
    text = done.stdout + done.stderr
    assert done.returncode == status, (arguments, done.returncode, text)
    assert says.encode() in text, (arguments, says, text)
    if status > 2:
        # One line, on standard error, and nothing of a result.
        assert done.stdout == b"" and done.stderr.count(b"\n") == 1, text
    return done.stdout


def main():
    twreg("keygen", "a")
    twreg("keygen", "b")
    assert os.stat("a.key").st_mode & 0o777 == 0o600
    twreg("keygen", "a", status=2, says="exists and is not overwritten")
    shutil.copy(FROZEN, "f.ptxbin")
    os.chmod("f.ptxbin", 0o640)
    before = open("f.ptxbin", "rb").read()

    # Signed by a key that is not ours.
    twreg("verify", "f.ptxbin", "--trust", "a.pub", status=4, says="f.ptxbin: none of")
    twreg("sign", "f.ptxbin", "--key", "a.key", "-o", "g.ptxbin")
    assert open("f.ptxbin", "rb").read() == before
    stdout = twreg("sign", "f.ptxbin", "--key", "a.key", "-o", "-")
    assert stdout == open("g.ptxbin", "rb").read()
    twreg("sign", "f.ptxbin", "--key", "a.key")
    assert open("f.ptxbin", "rb").read() == stdout
    assert os.stat("f.ptxbin").st_mode & 0o777 == 0o640
    assert sorted(os.listdir()) == [
        "a.key", "a.pub", "b.key", "b.pub", "f.ptxbin", "g.ptxbin",
    ]  # fmt: skip

    good = twreg("verify", "f.ptxbin", "--trust", "b.pub", "--trust", "a.pub")
    good = good.decode()
    assert "(a.pub)" in good and "(b.pub)" not in good, good
    assert "not judged  1 of 2 signatures" in good, good
    twreg("verify", "--trust", "a.pub", "f.ptxbin", says="f.ptxbin: good")
    twreg("verify", "f.ptxbin", "--trust", "b.pub", status=4)

    shown = json.loads(twreg("show", "--json", "f.ptxbin"))
    assert shown["contentId"] in good
    assert len(shown["signatures"]) == 2
    assert [s["type"] for s in shown["sections"]] == ["MANIFEST", "PTX", "WASM"]
    manifest = json.loads(twreg("show", "--manifest", "f.ptxbin"))
    assert manifest == shown["manifest"] and manifest["name"] == "vector"
    text = twreg("show", "f.ptxbin").decode()
    assert "PTX sm_80 isa 7.7" in text and shown["contentId"] in text, text

    # A byte of the signature, of a section, and of the form.
    data = bytearray(stdout)
    data[-1] ^= 1
    open("bad", "wb").write(data)
    twreg("verify", "bad", "--trust", "a.pub", status=4, says="is bad")
    data = bytearray(stdout)
    data[-300] ^= 1
    open("bad", "wb").write(data)
    twreg("verify", "bad", "--trust", "a.pub", status=3, says="digest")
    twreg("show", "bad", status=3)
    twreg("sign", "bad", "--key", "a.key", status=3)
    assert open("bad", "rb").read() == data
    open("bad", "wb").write(stdout[:-1])
    twreg("show", "bad", status=3, says="expected the file to end at")
    data = bytearray(stdout)
    data[8] = 2
    open("bad", "wb").write(data)
    twreg("show", "bad", status=5, says="version 2")

    twreg("show", "none", status=6, says="No such file")
    twreg("verify", "f.ptxbin", "--trust", "none", status=6)
    twreg("sign", "f.ptxbin", "--key", "a.pub", status=2, says="chmod 600")
    for arguments in [[], ["show"], ["verify", "f.ptxbin"], ["sign", "f.ptxbin"]]:
        twreg(*arguments, status=2)
    twreg("sign", "f.ptxbin", "--key", "a.key", "-o", "/dev/full", status=1)
    twreg("show", "no\x1b[2Jne", status=6, says="no\\u{1b}[2Jne")
    print("twreg does what it says")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as directory, \
            tempfile.TemporaryDirectory() as state:
        os.chdir(directory)
        os.environ["XDG_STATE_HOME"] = state
        main()
