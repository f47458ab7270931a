#!/usr/bin/env python3
# fuzz-corpus.py - makes seed inputs for the fuzz targets.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Modules: WABT's wast2json takes the scripts of the official test suite apart;
# valid, invalid and malformed modules, binary and text, become one file each,
# named after the digest of its bytes. Artifacts: a .ptxbin and each of its
# sections, as stored.

import argparse
import hashlib
import pathlib
import struct
import subprocess
import sys
import tempfile

# The compiler target takes no larger ones.
MAX_BYTES = 64 << 10

# What the importer enables; wast2json refuses scripts that need more.
FEATURES = [
    f"--enable-{name}"
    for name in (
        "exceptions",
        "threads",
        "tail-call",
        "memory64",
        "multi-memory",
        "extended-const",
        "relaxed-simd",
    )
]


class Corpus:
    def __init__(self, directory):
        self.directory = directory
        self.files = 0
        directory.mkdir(parents=True, exist_ok=True)

    def add(self, data, suffix):
        if not data or len(data) > MAX_BYTES:
            return
        path = self.directory / (hashlib.sha1(data).hexdigest() + suffix)
        if not path.exists():
            path.write_bytes(data)
            self.files += 1


def addScript(corpus, script):
    """False if wast2json does not understand the script."""
    with tempfile.TemporaryDirectory() as directory:
        output = pathlib.Path(directory) / "script.json"
        result = subprocess.run(
            ["wast2json", *FEATURES, "-o", output, script],
            capture_output=True,
            timeout=120,
            check=False,
        )
        if result.returncode != 0:
            return False
        for path in sorted(pathlib.Path(directory).iterdir()):
            if path.suffix in (".wasm", ".wat"):
                corpus.add(path.read_bytes(), path.suffix)
    return True


def addArtifact(corpus, path):
    data = path.read_bytes()
    if not data.startswith(b"\x89TWP"):
        sys.exit(f"fuzz-corpus.py: '{path}' is no .ptxbin")
    corpus.add(data, ".ptxbin")
    table, count = struct.unpack_from("<QI", data, 24)  # docs/PTXBinFormat.md
    for i in range(count):
        kind, _, offset, size = struct.unpack_from("<IIQQ", data, table + 128 * i)
        corpus.add(data[offset : offset + size], f".section{kind}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("output", type=pathlib.Path, help="corpus directory")
    parser.add_argument(
        "--suite", type=pathlib.Path, help="a checkout of the WebAssembly test suite"
    )
    parser.add_argument(
        "--modules", type=pathlib.Path, nargs="*", default=[], help="more modules"
    )
    parser.add_argument(
        "--artifacts", type=pathlib.Path, nargs="*", default=[], help=".ptxbin files"
    )
    arguments = parser.parse_args()
    corpus = Corpus(arguments.output)
    scripts = sorted(arguments.suite.rglob("*.wast")) if arguments.suite else []
    if arguments.suite and not scripts:
        sys.exit(f"fuzz-corpus.py: no .wast files in {arguments.suite}")
    left = [script for script in scripts if not addScript(corpus, script)]
    for path in arguments.modules:
        corpus.add(path.read_bytes(), path.suffix)
    for path in arguments.artifacts:
        addArtifact(corpus, path)
    print(
        f"{corpus.files} new files from {len(scripts) - len(left)} scripts "
        f"({len(left)} not understood by wast2json), {len(arguments.modules)} "
        f"modules and {len(arguments.artifacts)} artifacts"
    )
    return 0


sys.exit(main())
