# scoped-atomics.py - compiles every atomic of module tw and looks at its PTX.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Usage: scoped-atomics.py DIR: leaves DIR/sm_*-TYPE.ptx. Exits with 1, and says where,
# if an entry lacks the instruction that docs/DeviceInterface.md and the PTX ISA
# (sections on atom, ld, st and fence) ask for, or has another atomic one.

import itertools
import os
import re
import subprocess
import sys

ORDERS = ("relaxed", "acquire", "release", "acq_rel", "seq_cst")
SCOPES = {"block": "cta", "device": "gpu", "system": "sys"}
INTEGER = {"add": "add.u", "min_s": "min.s", "min_u": "min.u", "max_s": "max.s",
           "max_u": "max.u", "and": "and.b", "or": "or.b", "xor": "xor.b",
           "xchg": "exch.b"}
FLOAT = {"add": "add.f", "xchg": "exch.b", "min": "cas.b", "max": "cas.b"}


def forms(op, t, order, scope, space):
    """The instructions, in order."""
    width = t[1:]
    sem = "acq_rel" if order == "seq_cst" else order
    first = [f"fence.sc.{scope}"] if order == "seq_cst" else []
    if op == "load":
        sem = "acquire" if order == "seq_cst" else order
        return first + [f"ld.{sem}.{scope}{space}.b{width}"]
    if op == "store":
        sem = "release" if order == "seq_cst" else order
        return first + [f"st.{sem}.{scope}{space}.b{width}"]
    name = "cas.b" if op == "cmpxchg" else (INTEGER if t[0] == "i" else FLOAT)[op]
    if op in ("min", "max"):
        first = [f"ld.relaxed.{scope}{space}.b{width}"] + first
    return first + [f"atom.{sem}.{scope}{space}.{name}{width}"]


TYPES = ("i32", "i64", "f32", "f64")


def cases(t):
    for op in INTEGER if t[0] == "i" else FLOAT:
        yield from ((op, t, o, s, 1) for o in ORDERS for s in SCOPES)
    yield from (("cmpxchg", t, o, s, 2) for o in ORDERS for s in SCOPES)
    yield from (("load", t, o, s, 0) for o in ("relaxed", "acquire", "seq_cst")
                for s in SCOPES)
    yield from (("store", t, o, s, 1) for o in ("relaxed", "release", "seq_cst")
                for s in SCOPES)


def module(t):
    imports = ['  (import "tw" "shared" (func $shared (param i32) (result i32)))']
    functions = []
    for op, t, order, scope, count in cases(t):
        name = f"atomic_{op}_{t}_{order}_{scope}"
        result = "" if op == "store" else f"(result {t})"
        imports.append(f'  (import "tw" "{name}" (func ${name} (param i32'
                       f'{(" " + t) * count}) {result}))')
        values = f" ({t}.const 3)" * count
        # A grid returns nothing: the result goes to memory.
        for kind, address in (("linear", "(local.get 0)"),
                              ("shared", "(i32.add (call $shared (i32.const 64)) "
                                         "(local.get 0))")):
            call = f"(call ${name} {address}{values})"
            if op != "store":
                call = f"({t}.store (local.get 1) {call})"
            functions.append(f'  (func (export "{kind}_{name}") '
                             f'(param i32 i32) {call})')
    return "\n".join(["(module", *imports, "  (memory 1)", *functions, ")"])


def entries(ptx):
    """Entry -> its atomic instructions, in order."""
    found = {}
    for text in re.split(r"^\.visible \.entry ", ptx, flags=re.M)[1:]:
        name = text[:text.index("(")]
        found[name] = re.findall(
            r"^\s+((?:atom|fence\.sc|(?:ld|st)\.(?:relaxed|acquire|release))"
            r"[.\w]*)", text[:text.index("\n}")], re.M)
    return found


def main():
    out = sys.argv[1]
    os.makedirs(out, exist_ok=True)
    problems, looked_at = [], 0
    # A module for each type: one of all is large enough to be cut into parts,
    # where entry points call their functions.
    for arch, t in itertools.product(("sm_75", "sm_80", "sm_90"), TYPES):
        source = os.path.join(out, t + ".wat")
        with open(source, "w") as file:
            file.write(module(t))
        path = os.path.join(out, f"{arch}-{t}.ptx")
        subprocess.run(["twc", source, "--emit=ptx", "--target=" + arch, "-o", path],
                       check=True)
        with open(path) as file:
            found = entries(file.read())
        for op, t, order, scope, _ in cases(t):
            name = f"atomic_{op}_{t}_{order}_{scope}"
            for entry, spaces in ((f"tw_linear_{name}", [".global"]),
                                  (f"tw_shared_{name}$grid", [".shared", ""])):
                want = []
                for space in spaces:
                    want += forms(op, t, order, SCOPES[scope], space)
                looked_at += 1
                if sorted(found.get(entry, [])) != sorted(want):
                    problems.append(f"{arch}: {entry}: expected {want}, but got "
                                    f"{found.get(entry)}")
    print(*problems[:20], sep="\n")
    print(f"{looked_at} entries, {len(problems)} problems")
    return looked_at == 0 or bool(problems)


if __name__ == "__main__":
    sys.exit(main())
