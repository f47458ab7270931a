# remote.py - copies through a docker-registry and back.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Usage: remote.py MAKE-PTXBIN, in an empty directory.

import filecmp
import glob
import json
import subprocess
import sys

import loopback


def run(*command, code=0, says=""):
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    text = done.stdout + done.stderr
    assert done.returncode == code, (command, done.returncode, text)
    assert says in text, (command, says, text)
    return done.stdout


def listing(registry):
    return json.loads(run("twreg", "list", "--json", "--registry", registry))


def main(address):
    trust = ["--trust", "a.pub"]
    run("twreg", "keygen", "a")
    run("twreg", "keygen", "b")
    for version, release in [("1.0", 1), ("1.1", 2)]:
        run(sys.executable, sys.argv[1], "f" + version, "--version", version,
            "--release", str(release))
        run("twreg", "sign", "f" + version, "--key", "a.key")
        run("twreg", "publish", "f" + version, "--registry", "r", *trust)

    there = f"docker://{address}/team/saxpy"
    insecure = ["--dest-tls-verify=false"]
    for version in ("1.0", "1.1"):
        run("twreg", "copy", "oci:r:team/saxpy:" + version, there, *trust, *insecure)
    back = ["--src-tls-verify=false"]
    for version in ("1.0", "1.1"):
        run("twreg", "copy", f"{there}:{version}", "oci:back", *trust, *back)
    # Every digest is what it was: of manifests, files and contents.
    assert listing("back") == listing("r")
    run("twreg", "pull", "team/saxpy", "-o", "p", "--registry", "back", *trust,
        "--state", "s")
    assert filecmp.cmp("p", "f1.1", shallow=False)
    run("twreg", "fsck", "--registry", "back", *trust, says="back: good")

    # Verified on both ways: nothing is pushed, and nothing kept, by other keys.
    other = ["--trust", "b.pub"]
    run("twreg", "copy", "oci:r:team/saxpy", f"{there}:bad", *other, *insecure,
        code=4)
    run("twreg", "copy", f"{there}:bad", "oci:x", *trust, *back, code=1,
        says="skopeo failed with status 1")
    run("twreg", "copy", f"{there}:1.0", "oci:x", *other, *back, code=4)
    assert listing("x") == []

    # A whole layout by skopeo alone, both ways, and adoption.
    run("skopeo", "copy", "--preserve-digests", *back,
        f"{there}:1.1", "oci:mine:latest")
    run("twreg", "adopt", "--registry", "mine", *trust,
        says="adopted     team/saxpy:1.1")
    assert listing("mine") == listing("r")[1:]
    run("skopeo", "copy", "oci:mine:team/saxpy:1.1", "oci:other:x")
    run("skopeo", "copy", "oci:r:team/saxpy:1.0", "oci:mine:x")
    run("twreg", "adopt", "--registry", "mine", *trust)
    assert listing("mine") == listing("r")

    # The registry's own storage is damaged: its file is not what it was.
    for path in glob.glob("home/store/docker/registry/v2/blobs/sha256/*/*/data"):
        with open(path, "rb") as file:
            data = file.read()
        if data.startswith(b"\x89TWP"):
            with open(path, "wb") as file:
                file.write(data[:-1] + bytes([data[-1] ^ 1]))
    run("twreg", "copy", f"{there}:1.1", "oci:y", *trust, *back, code=1)
    assert listing("y") == []
    print("round trips are exact")


with loopback.registry("home") as address_of_registry:
    main(address_of_registry)
