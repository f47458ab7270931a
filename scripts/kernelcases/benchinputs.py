# benchinputs.py - files of input for benchmarks, made quickly.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Most repeat a smaller random piece, which changes nothing for kernels whose
# work does not depend on the values.
#
# Standard library only.

import array
import random


def words(seed, count, mask=0xffffffff, plus=0):
    """`count` random words, masked, with a number added that fits."""
    bits = random.Random(seed).getrandbits(32 * count)
    bits &= int.from_bytes(mask.to_bytes(4, "little") * count, "little")
    bits += int.from_bytes(plus.to_bytes(4, "little") * count, "little")
    return bits.to_bytes(4 * count, "little")


def raw(make):
    """A writer of a file that holds the bytes that `make` gives."""
    def write(path):
        with open(path, "wb") as file:
            file.write(make())
    return write


def uniform(seed, count, low, high):
    """Singles, a random piece of 65,536 repeated."""
    def make():
        generator = random.Random(seed)
        piece = array.array("f", (generator.uniform(low, high)
                                  for _ in range(min(count, 1 << 16))))
        data = piece.tobytes()
        return (data * (4 * count // len(data) + 1))[:4 * count]
    return raw(make)


def sparse(seed, rows, columns, most):
    """Writers of starts, columns and values of a matrix of `rows` rows with up
    to `most` elements, the columns in ascending order; and the number of its
    elements. `columns` is a power of two."""
    generator = random.Random(seed)
    starts = array.array("I", [0])
    for _ in range(rows):
        starts.append(starts[-1] + generator.randrange(most + 1))
    total = starts[-1]

    def columns_of_rows():
        drawn = array.array("I", words(seed, total, columns - 1))
        for begin, end in zip(starts, starts[1:]):
            drawn[begin:end] = array.array("I", sorted(drawn[begin:end]))
        return drawn.tobytes()

    # The values are singles from 1/2 to 1.
    return {"starts": raw(starts.tobytes), "columns": raw(columns_of_rows),
            "values": raw(lambda: words(seed + 1, total, 0x7fffff, 0x3f000000))
            }, total
