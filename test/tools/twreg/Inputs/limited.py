# limited.py - hostile sizes under a limit on memory.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Usage: limited.py SIGNED KEY.pub. What a file claims must not be allocated:
# with 256 MiB of address space twreg still refuses it as malformed, and it
# still verifies the file as it was.

import resource
import struct
import subprocess
import sys

path, key = sys.argv[1:]
with open(path, "rb") as file:
    good = file.read()
(signed_size,) = struct.unpack_from("<Q", good, 16)
claims = {"good": (0, b"", 0)}
claims["sections"] = (32, b"\xff" * 4, 3)
claims["signatures"] = (signed_size, b"\xff" * 4, 3)
for name, at in (("offset", 72), ("stored", 80), ("raw", 88)):
    # Not covered by the signature any more: refused before it is looked at.
    claims[name] = (at, struct.pack("<Q", 1 << 60), 4)
for name, (at, patch, code) in claims.items():
    with open(name, "wb") as file:
        file.write(good[:at] + patch + good[at + len(patch) :])
    done = subprocess.run(
        ["twreg", "verify", name, "--trust", key],
        capture_output=True,
        timeout=60,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (1 << 28,) * 2),
    )
    if done.returncode != code or b"out of memory" in done.stderr:
        sys.exit(f"{name}: expected exit code {code}, got {done}")
print(len(claims), "claims")
