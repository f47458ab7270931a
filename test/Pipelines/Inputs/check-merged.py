#!/usr/bin/env python3
# check-merged.py - whether a PTX text that was merged is one module.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Usage: check-merged.py FILE.ptx
#
# One header; each function defined once, with the parameters that it was
# declared with; each symbol declared before it is used (PTX ISA, ".func");
# nothing external, but entry points.

import re
import sys

FUNCTION = re.compile(r"^((?:\.\w+ +)*)\.func\s+(?:(\(.*?\))\s*)?([\w$]+)")
CALL = re.compile(r"^\s*call(?:\.uni)? +(?:\([^)]*\), +)?([\w$]+),?")
VARIABLE = re.compile(r"^((?:\.\w+ +)*)\.(?:global|const|shared)\s.*?([\w$]+)"
                      r"(?:\[\d*\])?\s*(?:=|;|$)")


def main():
    with open(sys.argv[1], encoding="ascii") as file:
        lines = file.read().split("\n")
    known, defined, entries, errors, calls = {}, {}, 0, [], 0
    headers = [line.split()[0] for line in lines
               if line.startswith((".version", ".target", ".address_size"))]
    if headers != [".version", ".target", ".address_size"]:
        errors.append(f"headers: {headers}")
    for number, line in enumerate(lines):
        function, call = FUNCTION.match(line), CALL.match(line)
        variable = VARIABLE.match(line)
        if function:
            linkage, result, name = function.groups()
            if linkage.strip():
                errors.append(f"{name} is {linkage.strip()}")
            end = number
            while not (lines[end] == "{" or lines[end].endswith(";")):
                end += 1
            # Parameters are named after the function on both sides.
            text = " ".join(lines[number:end + 1]).replace(";", "")
            text = re.sub(r"\s+", "", text.replace(".noreturn", ""))
            signature = text.rstrip("{")
            if known.setdefault(name, signature) != signature:
                errors.append(f"{name} is '{signature}', but was declared as "
                              f"'{known[name]}'")
            if lines[end] == "{":
                defined[name] = defined.get(name, 0) + 1
        elif variable:
            linkage, name = variable.groups()
            if linkage.strip():
                errors.append(f"{name} is {linkage.strip()}")
            defined[name] = defined.get(name, 0) + 1
        elif call:
            calls += 1
            if call[1] not in known:
                errors.append(f"line {number + 1} calls {call[1]}, which was "
                              "not declared")
        elif line.startswith(".visible .entry"):
            entries += 1
    errors += [f"{name} is defined {count} times"
               for name, count in defined.items() if count > 1]
    errors += [f"{name} is not defined" for name in known
               if name not in defined]
    for error in errors[:20]:
        print(error)
    if errors:
        return 1
    print(f"{len(defined)} symbols, {entries} entry points, {calls} calls")
    return 0


if __name__ == "__main__":
    sys.exit(main())
