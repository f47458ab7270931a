# check-library.py - what scripts/benchreport computes, from small inputs.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import math
import os
import struct
import sys
import tempfile
import xml.dom.minidom

sys.path.insert(0, os.path.join(sys.argv[1], "scripts"))
sys.dont_write_bytecode = True
from benchreport import counters, instructions, plot, stats, store

results = store.read(sys.argv[2], "kernels")
saxpy = results["kernels"][0]


def same(found, expected):
    assert found == expected, f"expected {expected!r}, but got {found!r}"


def near(found, expected):
    assert math.isclose(found, expected, rel_tol=1e-6), (found, expected)


# Speed is the other's time over the form's, round by round.
speed = stats.speed(saxpy, "checked", "twin")
near(speed["median"], 0.5)
near(speed["p10"], 0.35)  # of 0.25, 0.5, 0.5, 0.5, 1
near(speed["p90"], 0.8)
same(stats.speed(saxpy, "isolate", "twin"), None)
near(stats.speed(saxpy, "checked", "none")["median"], 0.8)
speeds = stats.medians(results, "checked", "twin")
mean, slowest, fastest = stats.overall(speeds)
near(mean, 1)
same((slowest, fastest), ("saxpy", "matmul"))
same(stats.goal(speeds), (False, 1))
same(stats.goal({"a": 0.9, "b": 0.9}), (False, 0))
same(stats.goal({"a": 0.85, "b": 1.2}), (True, 0))
same(len(stats.medians(results, "checked", "twin", marked=False)), 2)

# The picture is XML, with a mark for each form of each row, whiskers in order,
# and places on the axis that grow with the speed.
picture = xml.dom.minidom.parseString(plot.picture(results))
same(len([g for g in picture.getElementsByTagName("g")
          if g.getElementsByTagName("title")]), 3 * (3 + 1))
axis = plot.Axis([0.3, 3])
same([name for _, name in axis.ticks()], ["1/4", "1/2", "1", "2", "4"])
assert axis.at(0.5) < axis.at(1) < axis.at(2)
near(axis.at(1) - axis.at(0.5), axis.at(2) - axis.at(1))
same(plot.picture({**results, "kernels": []}), None)

# PTX: labels, scopes, predicates, vectors and calls count right; directives and
# helpers do not, nor does the entry of an invocation where grids have another.
PTX = """
.version 7.0 // .entry comment ( { ;
.func (.param .b32 r) declared ( .param .b64 p ) ;
.visible .entry tw_k$grid(
 .param .b32 a
)
.maxntid 256
{
  .reg .b32 %r<3>;
$L1:
  @!%p1 bra $L1;
  ld.global.v2.b32 {%r1, %r2}, [%rd1];
  { // callseq
  .param .b32 x;
  call.uni (r), declared, (x);
  }
$L2: ret;
}
.entry tw_k() { ret; }
.func __tw_helper() { ret; }
.func guest() { add.s32 %r1, %r1, 1; ret; }
"""
same(instructions.ptx(PTX), {"guest": 2, "tw_k$grid": 4})
same(instructions.launched(instructions.ptx(PTX)), 4)
same(instructions.launched({"tw_j": 7}), 7)


# Cubins: the sizes of code sections, by the names of their entries.
def elf(sections):
    names, headers, offset = b"\0", b"", 0
    for name, flags, length in [*sections, (".names", 0, 0)]:
        headers += struct.pack("<IIQQQQ", len(names), 1, flags, 0, 0, length)
        headers += bytes(24)
        names += name.encode() + b"\0"
    last = len(sections)
    header = bytearray(64)
    header[:5] = b"\x7fELF\x02"
    struct.pack_into("<Q", header, 40, 64)
    struct.pack_into("<HHH", header, 58, 64, last + 1, last)
    table = bytearray(headers)
    struct.pack_into("<Q", table, 64 * last + 24, 64 + len(headers))
    return bytes(header) + bytes(table) + names


same(instructions.sass(elf([(".text.k", 6, 320), (".nv.info", 2, 64),
                            (".text.k$grid", 6, 64)])), {"k": 20, "k$grid": 4})
for wrong in (b"", b"\x7fELF\x02", elf([(".nv.info", 2, 64)]),
              b"\x7fELF\x02" + b"\xff" * 59, b"MZ" + bytes(100)):
    try:
        instructions.sass(wrong)
    except ValueError:
        continue
    raise AssertionError(f"{wrong[:8]} was read")

# Losses: over the limit, not at it; other launches and names are told.
old = {"a": {"checked": 1000}, "b": {"checked": 1000}, "c": {"checked": 1000},
       "d": {"launch": "1", "checked": 5}, "e": {"checked": 5}}
new = {"a": {"checked": 1050}, "b": {"checked": 1051}, "c": {"checked": 900},
       "d": {"launch": "2", "checked": 5}, "f": {"checked": 5}}
problems, gains = instructions.losses(old, new, 0.05, "ptx")
same(problems, [
    "ptx: b: checked: 1,000 to 1,051 instructions (+5.1%)",
    "ptx: d was recorded with another launch",
    "ptx: e is recorded, but was not counted", "ptx: f is not recorded"])
same(gains, ["ptx: c: checked: 1,000 to 900 instructions (-10.0%)"])

# The profiler's page: a row of names, one of units, one for each launch.
with tempfile.TemporaryDirectory() as folder:
    log = os.path.join(folder, "ncu.csv")
    with open(log, "w") as file:
        file.write('==PROF== Connected\n'
                   '"ID","Kernel","smsp__inst_executed.sum"\n"","","inst"\n'
                   '"0","k","1,234"\n"1","k","5"\n')
    same(counters.parse(log), [1234, 5])

    # A stored file holds the same numbers, to five digits.
    path = os.path.join(folder, "r.json")
    store.write(path, {"a": [1.23456789e-5, 7], "b": {}, "c": [{"d": []}]})
    same(store.read(path, "a"),
         {"a": [1.2346e-5, 7], "b": {}, "c": [{"d": []}]})
    for members in (["x"], ["a", "y"]):
        try:
            store.read(path, *members)
        except store.Unusable:
            continue
        raise AssertionError(f"{members} were found")
print("the library computes what it should")
