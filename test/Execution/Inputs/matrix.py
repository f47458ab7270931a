# matrix.py - products of matrices by a warp.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# A x B + C for every kind of element and order in memory, on small integers,
# whose sums are exact on every device, and on numbers whose sums are not, within
# docs/DeviceInterface.md's bound; fragments that stay over a loop, accumulators
# that are used in turn; and what traps.

import os
import random
import struct

from guest import Group

ELEMENTS = ("f16", "bf16", "tf32")
LAYOUTS = ("row", "col")
STRIDE = {"f16": 24, "bf16": 16, "tf32": 20, "f32": 20}
STEPS = 3  # products that one accumulator takes


def depth(element):
    return 8 if element == "tf32" else 16


def single(value):
    return struct.unpack("<f", struct.pack("<f", value))[0]


def quantize(element, value):
    """The nearest value below in magnitude that an element can have."""
    if element == "f16":
        return struct.unpack("<e", struct.pack("<e", value))[0]
    bits = struct.unpack("<I", struct.pack("<f", value))[0]
    bits &= ~0xffff if element == "bf16" else ~0x1fff
    return struct.unpack("<f", struct.pack("<I", bits))[0]


def encode(element, value):
    if element == "f16":
        return struct.pack("<e", value)
    data = struct.pack("<f", value)
    return data[2:] if element == "bf16" else data


def lay_out(element, matrix, layout):
    """Bytes of a matrix, with garbage between its lines."""
    if layout == "col":
        matrix = list(zip(*matrix))
    stride = STRIDE[element]
    out = b""
    for line in matrix:
        out += b"".join(encode(element, v) for v in line)
        out += encode(element, 77.0) * (stride - len(line))
    return out


IMPORTS = "".join(
    [f'  (import "tw" "matrix_load_{f}_{e}_{l}" '
     f"(func $load_{f}_{e}_{l} (param i32 i32 i32)))\n"
     for f in "ab" for e in ELEMENTS for l in LAYOUTS] +
    [f'  (import "tw" "matrix_mma_{e}" (func $mma_{e} '
     "(param i32 i32 i32 i32)))\n" for e in ELEMENTS] +
    [f'  (import "tw" "matrix_load_f32_{l}" (func $load_f32_{l} '
     "(param i32 i32 i32)))\n"
     f'  (import "tw" "matrix_store_f32_{l}" (func $store_f32_{l} '
     "(param i32 i32 i32)))\n" for l in LAYOUTS] +
    ['  (import "tw" "matrix_fill_f32" (func $fill (param i32 f32)))\n'
     '  (import "tw" "barrier" (func $barrier))\n'
     '  (import "tw" "shared" (func $shared (param i32) (result i32)))\n'])


def product(element, a, b, c):
    """D = A x B + C, STEPS times with other A and B: matrices of one kind
    follow one another. Accumulator 3 becomes 5 and comes back."""
    size = {f: len(lay_out(element, [[0] * n for _ in range(m)], l))
            for f, m, n, l in (("a", 16, depth(element), a),
                               ("b", depth(element), 16, b))}
    # Each a multiple of 32.
    size = {f: -(-s // 32) * 32 for f, s in size.items()}
    stride = STRIDE[element]
    return size, f"""
  (func (export "{element}_{a}_{b}_{c}") (param $a i32) (param $b i32)
    (param $c i32) (param $d i32) (local $k i32)
    (call $load_f32_{c} (i32.const 3) (local.get $c) (i32.const {STRIDE["f32"]}))
    (loop $more
      (call $load_a_{element}_{a} (i32.const 7) (local.get $a)
        (i32.const {stride}))
      (call $load_b_{element}_{b} (i32.const 2) (local.get $b)
        (i32.const {stride}))
      (call $mma_{element} (i32.const 5) (i32.const 7) (i32.const 2)
        (i32.const 3))
      (call $fill (i32.const 3) (f32.const -0))
      (call $mma_{element} (i32.const 3) (i32.const 0) (i32.const 0)
        (i32.const 5))
      (local.set $a (i32.add (local.get $a) (i32.const {size["a"]})))
      (local.set $b (i32.add (local.get $b) (i32.const {size["b"]})))
      (br_if $more (i32.lt_u (local.tee $k (i32.add (local.get $k)
        (i32.const 1))) (i32.const {STEPS}))))
    (call $store_f32_{c} (i32.const 3) (local.get $d)
      (i32.const {STRIDE["f32"]})))
"""


# What may trap: one load or store of a matrix at an address with a stride. And
# a product of shared memory: the second warp works on what the first wrote.
OTHERS = """
  (func (export "load") (param $address i32) (param $stride i32)
    (call $load_a_f16_row (i32.const 0) (local.get $address)
      (local.get $stride)))
  (func (export "load_wide") (param $address i32) (param $stride i32)
    (call $load_b_tf32_col (i32.const 0) (local.get $address)
      (local.get $stride)))
  (func (export "store") (param $address i32) (param $stride i32)
    (call $fill (i32.const 0) (f32.const 3))
    (call $store_f32_row (i32.const 0) (local.get $address)
      (local.get $stride)))
  (func (export "in_shared") (param $a i32) (param $d i32) (local $s i32)
    (local $i i32)
    (local.set $s (call $shared (i32.const 2048)))
    (local.set $i (call $thread_id_x))
    (if (i32.lt_u (local.get $i) (i32.const 32)) (then
      (loop $copy
        (i32.store16 (i32.add (local.get $s) (i32.shl (local.get $i)
            (i32.const 1)))
          (i32.load16_u (i32.add (local.get $a) (i32.shl (local.get $i)
            (i32.const 1)))))
        (br_if $copy (i32.lt_u (local.tee $i (i32.add (local.get $i)
          (i32.const 32))) (i32.const 256))))))
    (call $barrier)
    (if (i32.ge_u (call $thread_id_x) (i32.const 32)) (then
      (call $fill (i32.const 1) (f32.const 1))
      (call $load_a_f16_row (i32.const 1) (local.get $s) (i32.const 16))
      (call $load_b_f16_col (i32.const 1) (local.get $s) (i32.const 16))
      (call $mma_f16 (i32.const 1) (i32.const 1) (i32.const 1) (i32.const 1))
      (call $store_f32_row (i32.const 1)
        (i32.add (local.get $s) (i32.const 512)) (i32.const 16))))
    (call $barrier)
    (local.set $i (call $thread_id_x))
    (loop $back
      (i32.store (i32.add (local.get $d) (i32.shl (local.get $i) (i32.const 2)))
        (i32.load offset=512 (i32.add (local.get $s) (i32.shl (local.get $i)
          (i32.const 2)))))
      (br_if $back (i32.lt_u (local.tee $i (i32.add (local.get $i)
        (i32.const 64))) (i32.const 256)))))
"""


def write(runner, name, data):
    path = runner.path(name)
    with open(path, "wb") as file:
        file.write(data)
    return path


def run(runner, kernel, files, out, count, block="32", verify=True):
    if os.path.exists(out):
        os.remove(out)  # a file of an earlier run proves nothing
    code, report, error = runner.twrun(
        ["launch", kernel, "--grid", "1", "--block", block, "--"] +
        ["@" + f for f in files] + [f"@zeros:f32:{count}={out}"], verify)
    if code != 0:
        return None, [f"{kernel}: exit code {code}, expected 0: {error}"]
    if verify and not report["verification"]["agrees"]:
        return None, [f"{kernel}: the interpreter disagrees"]
    with open(out, "rb") as file:
        return struct.unpack(f"<{count}f", file.read()), []


def pad(data):
    return data + b"\0" * (-len(data) % 32)


def check_product(element, a, b, c, exact):
    def check(runner):
        rng = random.Random(f"{element} {a} {b} {c} {exact}")
        k = depth(element)

        def value():
            if exact:
                return float(rng.randint(-8, 8))
            return quantize(element, rng.uniform(-4, 4))

        lefts = [[[value() for _ in range(k)] for _ in range(16)]
                 for _ in range(STEPS)]
        rights = [[[value() for _ in range(16)] for _ in range(k)]
                  for _ in range(STEPS)]
        start = [[single(value()) for _ in range(16)] for _ in range(16)]
        name = f"{element}_{a}_{b}_{c}"
        files = [
            write(runner, "a", b"".join(pad(lay_out(element, m, a))
                                        for m in lefts)),
            write(runner, "b", b"".join(pad(lay_out(element, m, b))
                                        for m in rights)),
            write(runner, "c", lay_out("f32", start, c))]
        stride = STRIDE["f32"]
        found, problems = run(runner, name, files, runner.path("d"),
                              16 * stride, verify=exact)
        if problems:
            return problems
        for i in range(16):
            for j in range(16):
                terms = [lefts[s][i][x] * rights[s][x][j]
                         for s in range(STEPS) for x in range(k)]
                want = start[i][j] + sum(terms)
                at = i * stride + j if c == "row" else j * stride + i
                magnitude = abs(start[i][j]) + sum(map(abs, terms))
                most = 0 if exact else 2 * STEPS * 2**-22 * (k + 1) * magnitude
                if not abs(found[at] - want) <= most:
                    return [f"{name}: element ({i}, {j}) is {found[at]}, "
                            f"expected {want} within {most}"]
        for line in range(16):
            for gap in range(16, stride):
                if found[line * stride + gap] != 0:
                    return [f"{name}: wrote between the lines of d"]
        return []
    return check


def check_shared(runner):
    rng = random.Random(9)
    matrix = [[float(rng.randint(-9, 9)) for _ in range(16)]
              for _ in range(16)]
    data = b"".join(encode("f16", v) for line in matrix for v in line)
    found, problems = run(runner, "in_shared", [write(runner, "a", data)],
                          runner.path("d"), 256, block="64")
    want = [1 + sum(x * y for x, y in zip(matrix[i], matrix[j]))
            for i in range(16) for j in range(16)]
    if not problems and list(found) != want:
        problems = [f"in_shared: {found[:4]}..., expected {want[:4]}..."]
    return problems


# Last bytes: 15 lines of the stride, and 32 or 64.
PAGES = 2
END = PAGES * 65536
TRAPS = [("load", 1056, 16, None), ("load", 1040, 16, "unaligned matrix"),
         ("load", 1056, 12, "unaligned matrix"),
         ("load_wide", 1056, 4, None),
         ("load_wide", 1056, 6, "unaligned matrix"),
         ("store", 1056, 12, None), ("store", 1072, 12, "unaligned matrix"),
         ("load", END - 15 * 48 - 48, 24, None),
         ("load", END - 736, 24, "out of bounds memory access"),
         ("load", END - 512, 16, None),
         ("load", END - 480, 16, "out of bounds memory access"),
         ("load_wide", END - 15 * 32 - 32, 8, None),
         ("load_wide", END - 15 * 32, 8, "out of bounds memory access"),
         ("store", END - 1024, 16, None),
         ("store", END - 992, 16, "out of bounds memory access"),
         ("load", 0xffffffe0, 0xfffffff8, "out of bounds memory access"),
         ("load_wide", 32, 0x80000000, "out of bounds memory access"),
         ("store", 0, 0x44444440, "out of bounds memory access")]


def check_traps(runner):
    problems = []
    for kernel, address, stride, message in TRAPS:
        code, report, error = runner.twrun(
            ["launch", kernel, "--grid", "1", "--block", "32", "--",
             str(address), str(stride)], verify=message is None)
        trap = (report.get("trap") or {}).get("message")
        if (code, trap) != ((0, None) if message is None else (3, message)):
            problems.append(f"{kernel}({address}, {stride}): exit code {code}, "
                            f"trap '{trap}', expected '{message}': {error}")
    return problems


def matrix():
    text, checks = "", []
    for element in ELEMENTS:
        for a in LAYOUTS:
            for b in LAYOUTS:
                for c in LAYOUTS:
                    text += product(element, a, b, c)[1]
                    checks += [check_product(element, a, b, c, exact)
                               for exact in (True, False)]
    return [Group("matrix_products",
                  source=IMPORTS + '  (memory (export "memory") 32)\n' + text,
                  checks=checks),
            Group("matrix_traps",
                  source=IMPORTS + f'  (memory (export "memory") {PAGES})\n' + OTHERS,
                  checks=[check_shared, check_traps])]
