#!/usr/bin/env python3
# damage.py - writes damaged copies of a signed artifact.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Usage: damage.py FILE. Layout: docs/PTXBinFormat.md. The copies stand in the
# current directory.

import struct
import sys


def write(name, data):
    with open(name + ".ptxbin", "wb") as file:
        file.write(data)


def flip(data, at):
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


with open(sys.argv[1], "rb") as file:
    good = file.read()
(signed_size,) = struct.unpack_from("<Q", good, 16)
(table,) = struct.unpack_from("<Q", good, 24)
(section,) = struct.unpack_from("<Q", good, table + 8)
write("header", flip(good, 9))
write("table", flip(good, table + 24))
write("section", flip(good, section))
write("signature", flip(good, len(good) - 1))
write("half", good[: signed_size // 2])
write("longer", good + b"\0")
write("empty", b"")
