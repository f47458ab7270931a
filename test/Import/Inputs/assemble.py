#!/usr/bin/env python3
# assemble.py - writes a binary module from its bytes in a test file.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Usage: assemble.py TEST OUTPUT. Lines that begin with `#` are the test's own.
# In the others stand bytes in hexadecimal and "text"; `;` begins a comment.

import re
import sys


def assemble(text):
    data = bytearray()
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        while line:
            match = re.match(r'\s+|;.*|"([^"]*)"|([0-9a-f]{2})(?=\s|$)', line)
            if not match:
                sys.exit(f"assemble.py: neither a byte nor text: {line}")
            if match[1] is not None:
                data += match[1].encode()
            elif match[2]:
                data.append(int(match[2], 16))
            line = line[match.end() :]
    return bytes(data)


with open(sys.argv[1], encoding="utf-8") as test:
    module = assemble(test.read())
with open(sys.argv[2], "wb") as output:
    output.write(module)
