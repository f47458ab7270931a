#!/usr/bin/env python3
# large.py - writes valid modules that have very many of one thing.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Usage: large.py KIND N OUTPUT. Every module is valid (Wasm spec 2.0, with
# the proposals that twc enables) and, unless its kind says otherwise, exports
# a function f from i32 to i32 that returns its argument.

import sys

I32, I64, FUNCREF = 0x7F, 0x7E, 0x70


def leb(value):
    data = bytearray()
    while value > 127:
        data.append(value & 127 | 128)
        value >>= 7
    return bytes(data + bytes([value]))


def sized(data):
    return leb(len(data)) + data


def vector(items):
    return leb(len(items)) + b"".join(items)


def name(text):
    return sized(text.encode())


def functype(params, results):
    return b"\x60" + sized(bytes(params)) + sized(bytes(results))


def body(code, locals_=()):
    declared = vector([leb(count) + bytes([kind]) for count, kind in locals_])
    return sized(declared + code + b"\x0b")


def export(text, index, kind=0):
    return name(text) + bytes([kind]) + leb(index)


IDENTITY = functype([I32], [I32])
GET0 = b"\x20\x00"


def module(
    types=(IDENTITY,),
    functions=(0,),
    tables=(),
    memories=(),
    globals_=(),
    exports=(export("f", 0),),
    elems=(),
    data=(),
    bodies=(body(GET0),),
    imports=(),
    custom=b"",
):
    sections = [
        (1, list(types)),
        (2, list(imports)),
        (3, [leb(t) for t in functions]),
        (4, list(tables)),
        (5, list(memories)),
        (6, list(globals_)),
        (7, list(exports)),
        (9, list(elems)),
        (10, list(bodies)),
        (11, list(data)),
    ]
    out = b"\x00asm\x01\x00\x00\x00"
    for number, items in sections:
        if items:
            out += bytes([number]) + sized(vector(items))
    return out + custom


KINDS = {}


def kind(function):
    KINDS[function.__name__.replace("_", "-")] = function
    return function


@kind
def blocks(n):
    """Left one by one, each by a br_if or by its end."""
    code = b"\x02\x40" * n + (GET0 + b"\x0d\x00\x0b") * n + GET0
    return module(bodies=[body(code)])


@kind
def loops(n):
    """One inside another; the inner ones are never repeated."""
    return module(bodies=[body(b"\x03\x40" * n + b"\x0b" * n + GET0)])


@kind
def loops_with_locals(n):
    """n nested loops, the innermost of which sets n locals."""
    sets = b"".join(b"\x41\x01\x21" + leb(i) for i in range(1, n + 1))
    code = b"\x03\x40" * n + sets + b"\x0b" * n + GET0
    return module(bodies=[body(code, [(n, I32)])])


@kind
def branches_with_locals(n):
    """n branches out of one block, a local set before each."""
    code = b"\x02\x40"
    for i in range(1, n + 1):
        code += GET0 + b"\x21" + leb(i) + GET0 + b"\x45\x0d\x00"
    return module(bodies=[body(code + b"\x0b" + GET0, [(n, I32)])])


@kind
def ifs(n):
    """Nested in their first arms."""
    code = (GET0 + b"\x04\x40") * n + b"\x0b" * n + GET0
    return module(bodies=[body(code)])


@kind
def locals_(n):
    """All set, the last one returned."""
    sets = b"".join(GET0 + b"\x21" + leb(i) for i in range(1, n + 1))
    return module(bodies=[body(sets + b"\x20" + leb(n), [(n, I32)])])


@kind
def declared_locals(n):
    """Declared at once and not used."""
    return module(bodies=[body(GET0, [(n, I32)])])


@kind
def br_table(n):
    """Cases that alternate between two labels."""
    cases = leb(n) + b"\x00\x01" * (n // 2) + b"\x00" * (n % 2) + b"\x00"
    code = b"\x02\x40\x02\x40" + GET0 + b"\x0e" + cases + b"\x0b\x0b" + GET0
    return module(bodies=[body(code)])


@kind
def br_table_labels(n):
    """Cases that each leave another block."""
    cases = leb(n) + b"".join(leb(i) for i in range(n)) + b"\x00"
    code = b"\x02\x40" * n + GET0 + b"\x0e" + cases + b"\x0b" * n + GET0
    return module(bodies=[body(code)])


@kind
def params(n):
    """f has n parameters, of which it returns the last."""
    return module(
        types=[functype([I32] * n, [I32])], bodies=[body(b"\x20" + leb(n - 1))]
    )


@kind
def wide_params(n):
    """f has n parameters of 8 bytes."""
    return module(
        types=[functype([I64] * n, [I32])],
        bodies=[body(b"\x20" + leb(n - 1) + b"\xa7")],
    )


@kind
def called_params(n):
    """f calls a function with n parameters."""
    return module(
        types=[IDENTITY, functype([I32] * n, [I32])],
        functions=[0, 1],
        bodies=[body(GET0 * n + b"\x10\x01"), body(b"\x20" + leb(n - 1))],
    )


@kind
def call_values(n):
    """n calls that take and give a thousand values each."""
    thousand = functype([I32] * 1000, [I32] * 1000)
    return module(
        types=[IDENTITY, thousand],
        functions=[0, 1],
        bodies=[
            body(GET0 * 1000 + b"\x10\x01" * n + b"\x1a" * 999),
            body(b"".join(b"\x20" + leb(i) for i in range(1000))),
        ],
    )


@kind
def results(n):
    """f returns n values."""
    return module(types=[functype([I32], [I32] * n)], bodies=[body(GET0 * n)])


@kind
def called_results(n):
    """f calls a function with n results and drops all but one."""
    return module(
        types=[IDENTITY, functype([I32], [I32] * n)],
        functions=[0, 1],
        bodies=[body(GET0 + b"\x10\x01" + b"\x1a" * (n - 1)), body(GET0 * n)],
    )


@kind
def functions(n):
    """f calls the first of the others, each calls the next."""
    bodies = [body(GET0 + b"\x10" + leb(i + 1)) for i in range(n - 1)]
    return module(functions=[0] * n, bodies=[*bodies, body(GET0)])


@kind
def unused_functions(n):
    return module(functions=[0] * n, bodies=[body(GET0)] * n)


@kind
def exports(n):
    """Of one function."""
    named = [export(f"e{i}", 0) for i in range(n)]
    return module(exports=[export("f", 0), *named])


@kind
def exported_functions(n):
    named = [export(f"e{i}", i) for i in range(n)]
    return module(
        functions=[0] * n, bodies=[body(GET0)] * n, exports=[export("f", 0), *named]
    )


@kind
def memory_exports(n):
    named = [export(f"e{i}", 0, kind=2) for i in range(n)]
    return module(memories=[b"\x00\x01"], exports=[export("f", 0), *named])


@kind
def elements(n):
    """An element section that fills a table of n; f calls through it."""
    return module(
        functions=[0, 0],
        tables=[bytes([FUNCREF, 0]) + leb(n)],
        elems=[b"\x00\x41\x00\x0b" + leb(n) + b"\x01" * n],
        bodies=[body(GET0 + GET0 + b"\x11\x00\x00"), body(GET0)],
    )


@kind
def element_segments(n):
    segment = b"\x00\x41\x00\x0b\x01\x00"
    return module(tables=[bytes([FUNCREF, 0, 1])], elems=[segment] * n)


@kind
def table_size(n):
    return module(
        tables=[bytes([FUNCREF, 0]) + leb(n)],
        bodies=[body(GET0 + GET0 + b"\x25\x00\xd1\x6a" + b"\x41\x01\x6b")],
    )


@kind
def tables(n):
    return module(tables=[bytes([FUNCREF, 0, 1])] * n)


@kind
def memory_pages(n):
    """A memory of n pages, and an f that loads from it."""
    code = GET0 + GET0 + b"\x28\x02\x00\x6a"
    return module(memories=[b"\x00" + leb(n)], bodies=[body(code)])


@kind
def memory64_pages(n):
    code = GET0 + GET0 + b"\xad\x28\x02\x00\x6a"
    return module(memories=[b"\x04" + leb(n)], bodies=[body(code)])


@kind
def memories(n):
    return module(memories=[b"\x00\x00"] * n)


@kind
def data_segments(n):
    segment = b"\x00\x41\x00\x0b\x01x"
    return module(memories=[b"\x00\x01"], data=[segment] * n)


@kind
def globals_(n):
    """Mutable ones, the last of which f reads."""
    code = b"\x23" + leb(n - 1) + GET0 + b"\x6a"
    return module(globals_=[b"\x7f\x01\x41\x00\x0b"] * n, bodies=[body(code)])


@kind
def name_bytes(n):
    """f is called by n letters, in the export section and the name section."""
    names = sized(vector([leb(0) + name("g" * n)]))
    custom = name("name") + b"\x01" + names
    return module(
        exports=[export("f", 0), export("e" * n, 0)],
        custom=b"\x00" + sized(custom),
    )


@kind
def import_name_bytes(n):
    return module(
        imports=[name("m" * n) + name("i" * n) + b"\x00\x00"],
        functions=[0],
        exports=[export("f", 1), export("g", 0)],
    )


@kind
def types(n):
    many = [functype([I32] * (1 + i % 7), [I32] * (i % 5)) for i in range(n)]
    return module(types=[IDENTITY, *many])


@kind
def constant_terms(n):
    """An initial value that is a sum of n + 1 terms (extended-const)."""
    value = b"\x41\x00" + b"\x41\x01\x6a" * n + b"\x0b"
    return module(
        globals_=[b"\x7f\x00" + value], bodies=[body(b"\x23\x00" + GET0 + b"\x6a")]
    )


@kind
def loads(n):
    """One function that loads n times, each time from where it was led."""
    code = GET0 + b"\x28\x02\x00" * n
    return module(memories=[b"\x00\x01"], bodies=[body(code)])


@kind
def stores(n):
    code = b"".join(GET0 + GET0 + b"\x36\x02" + leb(4 * i) for i in range(n))
    return module(memories=[b"\x00\x10"], bodies=[body(code + GET0)])


@kind
def operands(n):
    """n operands on the stack at once."""
    return module(bodies=[body(GET0 * n + b"\x6a" * (n - 1))])


@kind
def vectors(n):
    """n additions of vectors, one after another."""
    code = GET0 + b"\xfd\x11" + (GET0 + b"\xfd\x11\xfd\xae\x01") * n
    return module(bodies=[body(code + b"\xfd\x1b\x00")])


def main():
    if len(sys.argv) != 4 or sys.argv[1] not in {k.rstrip("-") for k in KINDS}:
        sys.exit("usage: large.py KIND N OUTPUT; kinds: " + " ".join(KINDS))
    build = KINDS.get(sys.argv[1]) or KINDS[sys.argv[1] + "-"]
    with open(sys.argv[3], "wb") as output:
        output.write(build(int(sys.argv[2])))


main()
