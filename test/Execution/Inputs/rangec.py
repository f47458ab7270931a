# rangec.py - C's loops up to an end of memory, at several levels of clang.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# What a call means follows from the module that clang made: an access of C that
# is undefined there (an index that overflows) means what its Wasm says. So the
# last word on what traps is the reference's; each array that just fits, and each
# that does not by one byte, is the author's.

from ranges import LAST, Case, ends, group, traps

# As the linker is told: one page, so that memory ends at LAST.
FLAGS = ["-Wl,--initial-memory=65536", "-Wl,-z,stack-size=1024",
         "-Wl,--global-base=2048", "-fno-builtin"]


def fits(name, reach, args, distances=(-5, -1, 0, 1, 2, 9)):
    """Calls whose first argument is an array of `reach` bytes at each distance
    from the end of memory."""
    return [Case(name, (LAST - reach - d, *args), reach > 0 and d < 0)
            for d in distances]


def cases():
    found = []
    for n in (0, 1, 2, 3, 4, 7, 8, 16, 17, 33):
        found += fits("fill", 4 * n, (n,)) + fits("fill_signed", 4 * n, (n,))
        found += fits("backwards", 4 * n, (n,))
        found += fits("triangle", 2 * n * (n + 1), (n,))
        for d in (-1, 0, 1, 6):
            p = LAST - 2 * n - d
            found.append(Case("walk", (p, p + 2 * n, 9), n > 0 and d < 0))
            p = LAST - n - d
            found.append(Case("reverse", (p, n), n > 1 and d < 0))
            for where in range(3):
                at = [4096, 8192, 12288]
                at[where] = LAST - 4 * n - d
                found.append(Case("add", (*at, n), n > 0 and d < 0))
            found.append(Case("stencil", (4096, LAST - 4 * n - d, n),
                              n > 2 and d < 0))
            found.append(Case("stencil", (LAST - 4 * (n - 1) - d, 4096, n),
                              n > 2 and d < 0))
            # Memory's end is zeros: all fall into the first bin.
            found.append(Case("histogram", (4096, LAST - n - d, n),
                              n > 0 and d < 0))
            found.append(Case("histogram", (LAST - 4 - d, 8192, n),
                              n > 0 and d < 0))
            found.append(Case("gather", (LAST - 4 * n - d, 64, 8192, n),
                              n > 0 and d < 0))
            found.append(Case("gather", (64, LAST - 4 - d, 8192, n),
                              n > 0 and d < 0))
        if n < 9:
            for d in (-1, 0, 3):
                for where in range(3):
                    at = [4096, 8192, 12288]
                    at[where] = LAST - 4 * n * n - d
                    found.append(Case("multiply", (*at, n), n > 0 and d < 0))
        # A record's last byte that is read is its fifteenth.
        for step in (1, 2, 5):
            last = (n - 1) // step * step if n else 0
            found += fits("move", 16 * last + 15 if n else 0, (n, step))
    found += [traps("fill", p, n) for p in (0, 64, LAST - 9, -4)
              for n in (16385, 0x3fffffff, 0x40000000, -1, 0x80000000)]
    found += [traps("fill_signed", p, 0x7fffffff) for p in (0, LAST - 63, -8)]
    found += [ends("fill_signed", LAST, n) for n in (-1, 0x80000000)]
    found += [ends("backwards", LAST, -4), traps("backwards", 0, 0x7fffffff),
              traps("walk", LAST - 8, LAST - 9, 0), traps("walk", LAST - 8, 0, 0),
              traps("reverse", 0, -1), traps("length", LAST),
              traps("triangle", 0, 181), ends("length", LAST - 1),
              traps("every", LAST - 12, 7, 2), ends("every", LAST - 12, 12, 4),
              ends("every", LAST - 10, 12, 3),
              traps("every", LAST - 9, 12, 3), traps("every", 0, 10, 4),
              ends("every", LAST, 0, 0), traps("every", 16, 3, 0xfffffffb)]
    return found


def kernels():
    groups = []
    for name, flags in (("O1", ["-O1"]), ("O2", ["-O2"]),
                        ("O3", ["-O3", "-funroll-loops"])):
        groups.append(group("c_" + name, "", cases(), guest="ranges.c",
                            guest_flags=flags + FLAGS))
    return groups
