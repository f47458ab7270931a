# case.py - what a launch of a kernel is, and arrays in .npy files.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Standard library only: it also runs on GPU machines with bare Python 3.

import random
import re
import struct
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Callable, Dict, List, Optional

# struct's letters for NumPy's types.
LETTERS = {"f4": "f", "f8": "d", "f2": "e", "u1": "B", "u2": "H", "u4": "I",
           "u8": "Q", "i4": "i"}


@dataclass
class Case:
    """A launch. In `args`, {name} is replaced by a .npy file: one to write to,
    if `arrays` names it, else one that `inputs` makes."""

    kernel: str
    grid: str
    block: str
    args: List[str]
    label: str = ""
    trap: Optional[dict] = None  # fields that the trap report must have
    check: Optional[Callable] = None  # of a dict of arrays: None or a problem
    twin_check: Optional[Callable] = None  # for the CUDA twin, if not the same
    picture: bool = False
    arrays: List[str] = field(default_factory=list)
    inputs: Dict[str, tuple] = field(default_factory=dict)  # type, elements
    tolerance: str = ""  # for --verify, where devices may differ


def f32(value):
    """Rounds to single precision. Of a double's +, -, * or / on two singles
    this gives the correctly rounded single: 53 >= 2 * 24 + 2."""
    return struct.unpack("<f", struct.pack("<f", value))[0]


def read_npy(path):
    """The elements of a little-endian .npy file, flat."""
    with open(path, "rb") as file:
        data = file.read()
    if data[:6] != b"\x93NUMPY":
        raise ValueError(f"{path} is no .npy file")
    wide = data[6] > 1
    length = struct.unpack_from("<I" if wide else "<H", data, 8)[0]
    start = (12 if wide else 10) + length
    kind = re.search(rb"'descr': '[<|](\w\d)'", data[:start])
    if not kind or kind[1].decode() not in LETTERS:
        raise ValueError(f"{path} holds a type that is not known here")
    letter = LETTERS[kind[1].decode()]
    count = (len(data) - start) // struct.calcsize("<" + letter)
    return struct.unpack(f"<{count}{letter}", data[start:])


def write_npy(path, kind, elements):
    """Writes a one-dimensional .npy file. f2 is written as u2: its bits."""
    descr = ("|" if kind == "u1" else "<") + kind.replace("f2", "u2")
    header = (f"{{'descr': '{descr}', 'fortran_order': False, "
              f"'shape': ({len(elements)},), }}")
    header += " " * (-(len(header) + 11) % 64) + "\n"
    with open(path, "wb") as file:
        file.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)))
        file.write(header.encode("ascii"))
        file.write(struct.pack(f"<{len(elements)}{LETTERS[kind]}", *elements))


def uniform(seed, count, low=-1.0, high=1.0):
    """Random singles."""
    generator = random.Random(seed)
    return [f32(generator.uniform(low, high)) for _ in range(count)]


def split_mix(seed):
    """The 64-bit numbers behind `@random:SEED` (docs/TwrunCLI.md)."""
    mask = 2**64 - 1
    while True:
        seed = (seed + 0x9e3779b97f4a7c15) & mask
        z = ((seed ^ seed >> 30) * 0xbf58476d1ce4e5b9) & mask
        z = ((z ^ z >> 27) * 0x94d049bb133111eb) & mask
        yield z ^ z >> 31


def random_single(seed, i):
    """Element i of `@random:SEED:f32`."""
    start = (seed + i * 0x9e3779b97f4a7c15) % 2**64
    return (next(split_mix(start)) >> 40) * 2.0**-23 - 1


def fma(a, b, c):
    """a * b + c of singles, rounded once, to a single."""
    exact = Fraction(a) * Fraction(b) + Fraction(c)
    near = float(exact)
    # Rounded to odd: what the double lost decides no tie of singles.
    if Fraction(near) != exact:
        bits = struct.unpack("<q", struct.pack("<d", near))[0]
        if bits % 2 == 0:
            bits += 1 if (Fraction(near) < exact) == (near >= 0) else -1
            near = struct.unpack("<d", struct.pack("<q", bits))[0]
    return f32(near)


def compare(found, expected, bound=None):
    """None, or how the first wrong element is wrong. `expected` gives element
    i, as does `bound`, the largest difference allowed, if there is one."""
    if not found:
        return "no elements in the output"
    for i, value in enumerate(found):
        wanted = expected(i)
        allowed = bound(i) if bound else 0
        if value != wanted and not abs(value - wanted) <= allowed:
            return f"element {i} is {value!r}, expected {wanted!r}" + (
                f" within {allowed:g}" if allowed else "")
    return None


def check_elements(arrays, expected, count):
    """None, or how the first of 1,000 sampled elements of `out` is wrong."""
    out = arrays["out"]
    if len(out) != count:
        return f"{len(out)} elements in the output, expected {count}"
    sample = random.Random(1).sample(range(count), min(count, 1000))
    for i in sorted(set(sample + [0, count - 1])):
        value = expected(i)
        if out[i] != value:
            return f"element {i} is {out[i]!r}, expected {value!r}"
    return None


def matmul_element(arrays, inner, columns, i):
    """Element i of the product of a and b, added up in order in singles."""
    row, column = divmod(i, columns)
    total = 0.0
    for k in range(inner):
        total = f32(total + f32(arrays["a"][row * inner + k] *
                                arrays["b"][k * columns + column]))
    return total
