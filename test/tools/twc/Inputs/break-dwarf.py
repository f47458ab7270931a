#!/usr/bin/env python3
# break-dwarf.py - overwrites what a module's .debug_line section holds.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Usage: break-dwarf.py INPUT.wasm OUTPUT.wasm
#
# The module stays valid: custom sections may hold anything (Wasm spec 5.5.3).

import sys

wasm = bytearray(open(sys.argv[1], "rb").read())
name = b"\x0b.debug_line"
at = wasm.index(name) + len(name)
wasm[at : at + 24] = b"\x7f" * 24
open(sys.argv[2], "wb").write(wasm)
