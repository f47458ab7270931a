#!/usr/bin/env python3
# nest.py - writes a module whose function nests blocks.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Usage: nest.py DEPTH OUTPUT. f(x) leaves DEPTH blocks one by one, each by a
# br_if or by its end, and returns x.

import sys


def leb(value):
    data = bytearray()
    while value > 127:
        data.append(value & 127 | 128)
        value >>= 7
    return bytes(data + bytes([value]))


def sized(data):
    return leb(len(data)) + data


depth = int(sys.argv[1])
body = b"\x00" + b"\x02\x40" * depth + b"\x20\x00\x0d\x00\x0b" * depth
body += b"\x20\x00\x0b"
module = b"\x00asm\x01\x00\x00\x00"
module += b"\x01" + sized(b"\x01\x60\x01\x7f\x01\x7f")
module += b"\x03" + sized(b"\x01\x00")
module += b"\x07" + sized(b"\x01\x01f\x00\x00")
module += b"\x0a" + sized(b"\x01" + sized(body))
with open(sys.argv[2], "wb") as output:
    output.write(module)
