# make-ptxbin.py - an unsigned .ptxbin with chosen identity.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Usage: make-ptxbin.py FILE [--name N] [--version V] [--release R]
#          [--publisher P] [--contents TEXT | --contents-hex DIGITS|@FILE]
#          [--cubin TEXT] [--host]
#
# Written from docs/PTXBinFormat.md, so that tests of the registry need no
# compiler: an empty module, one PTX section, and with --host something that a
# policy takes for a native image. Nothing here can run.

import argparse
import hashlib
import json
import struct

MODULE = b"\0asm\1\0\0\0"


def manifest(options):
    document = {
        "compiler": {
            "assembler": "",
            "flags": [],
            "llvm": "22.1.8",
            "name": "twc",
            "version": "0.1.0",
        },
        "created": 0,
        "expires": 0,
        "floatingPoint": "strict",
        "fuel": False,
        "kernelABI": 3,
        "modules": [
            {
                "functions": 0,
                "memoryImports": [],
                "name": "",
                "start": None,
                "tableImports": [],
                "wasmOffset": 0,
                "wasmSize": len(MODULE),
            }
        ],
        "name": options.name,
        "publisher": options.publisher,
        "release": options.release,
        "sandbox": "checked",
        "schema": 3,
        "sourceSha256": hashlib.sha256(MODULE).hexdigest(),
        "version": options.version,
    }
    for empty in "data elems functions globals kernels memories tables".split():
        document[empty] = []
    text = json.dumps(
        document, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    return text.encode()


def entry(kind, offset, raw, cc=0, machine=0, ptx_isa=0):
    digest = hashlib.sha256(raw).digest()
    return (
        struct.pack("<IIQQQ", kind, 0, offset, len(raw), len(raw))
        + struct.pack("<HBBHHQ", cc, 0, machine, ptx_isa, 0, 0)
        + digest
        + digest
        + bytes(16)
    )


def make(options):
    sections = [
        (1, manifest(options), {}),
        (2, options.contents, {"cc": 80, "ptx_isa": 77}),
    ]
    if options.cubin is not None:
        sections.append((3, options.cubin.encode(), {"cc": 80}))
    if options.host:
        sections.append((4, b"\x7fELF", {"machine": 1}))
    sections.append((5, MODULE, {}))
    table = body = b""
    start = 64 + 128 * len(sections)
    for kind, raw, target in sections:
        table += entry(kind, start + len(body), raw, **target)
        body += raw + bytes(-len(raw) % 16)
    header = b"\x89TWP\r\n\x1a\n" + struct.pack(
        "<BBHIQQII24x", 1, 0, 64, 0, start + len(body), 64, len(sections), 128
    )
    return header + table + body + bytes(8)


def parse(arguments=None):
    parser = argparse.ArgumentParser()
    parser.add_argument("file")
    parser.add_argument("--name", default="team/saxpy")
    parser.add_argument("--version", default="1.0")
    parser.add_argument("--release", type=int, default=1)
    parser.add_argument("--publisher", default="Example")
    parser.add_argument("--contents", default="// sm_80\n")
    parser.add_argument("--host", action="store_true")
    parser.add_argument("--contents-hex")
    parser.add_argument("--cubin")
    options = parser.parse_args(arguments)
    options.contents = options.contents.encode()
    if options.contents_hex and options.contents_hex.startswith("@"):
        with open(options.contents_hex[1:], encoding="ascii") as file:
            options.contents_hex = file.read()
    if options.contents_hex:
        options.contents = bytes.fromhex(options.contents_hex)
    return options


if __name__ == "__main__":
    options = parse()
    with open(options.file, "wb") as file:
        file.write(make(options))
