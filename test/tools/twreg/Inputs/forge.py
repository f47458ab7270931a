# forge.py - changes one thing in an artifact, and makes the rest fit.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Usage: forge.py FILE ptx|host|manifest|flags|compiler OUT. An unsigned file
# comes out that breaks no rule of the format. Needs the zstd program where a
# section is compressed.

import hashlib
import json
import struct
import subprocess
import sys

path, what, out = sys.argv[1:]
with open(path, "rb") as file:
    data = file.read()
(count,) = struct.unpack_from("<I", data, 32)
entries = [bytearray(data[64 + 128 * i : 192 + 128 * i]) for i in range(count)]


def raw_of(entry):
    _, flags, offset, size, _ = struct.unpack_from("<IIQQQ", entry)
    stored = data[offset : offset + size]
    if flags & 2:
        stored = subprocess.run(
            ["zstd", "-dc"], input=stored, stdout=subprocess.PIPE, check=True
        ).stdout
    return stored


def change(kind, raw):
    if kind == 2 and what == "ptx":
        assert b"fma.rn" in raw or b"add.rn" in raw
        return raw.replace(b"add.rn.f32", b"sub.rn.f32", 1)
    if kind == 4 and what == "host":
        # The last bytes are names of sections, which nothing reads.
        return raw[:-1] + bytes([raw[-1] ^ 1])
    if kind != 1 or what in ("ptx", "host"):
        return raw
    manifest = json.loads(raw)
    if what == "manifest":
        manifest["memories"][0]["min"] += 1
    elif what == "flags":
        manifest["compiler"]["flags"].append("--remarks=stolen")
    else:
        manifest["compiler"]["version"] = "99.9.9"
    return json.dumps(
        manifest, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    ).encode()


table = body = b""
start = 64 + 128 * count
changed = False
for entry in entries:
    raw = raw_of(entry)
    forged = change(struct.unpack_from("<I", entry)[0], raw)
    changed |= forged != raw
    digest = hashlib.sha256(forged).digest()
    struct.pack_into(
        "<IQQQ", entry, 4, 0, start + len(body), len(forged), len(forged)
    )
    entry[48:112] = digest + digest
    table += entry
    body += forged + bytes(-len(forged) % 16)
assert changed
header = bytearray(data[:64])
struct.pack_into("<Q", header, 16, start + len(body))
with open(out, "wb") as file:
    file.write(header + table + body + bytes(8))
