# collectives.py - operations of a warp and a block on threads that come and go.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Every import of docs/DeviceInterface.md in which threads wait for each other,
# in blocks of whole and partial warps, with all threads, with some that have
# returned, and with warps whose lanes are split between masks. The references
# are computed here from the document, and shuffles from PTX's formula.

import os
import random
import struct

from guest import Group
from numeric import INSTRUCTIONS

WARP, FULL = 32, 0xffffffff
BLOCKS = (1, 31, 32, 33, 48, 96, 1024)
TYPES = ("i32", "i64", "f32", "f64")
BITS = {"i32": 32, "i64": 64, "f32": 32, "f64": 64}
SHUFFLES = ("idx", "up", "down", "xor")
INT_OPS = ("add", "min_s", "min_u", "max_s", "max_u", "and", "or", "xor")
FLOAT_OPS = ("add", "min", "max")

# A thread's input: whether it returns at once, its mask, a value of each type,
# lane and width of each kind of shuffle, a predicate.
RECORD = struct.Struct("<IIIIQQ4I4III")
AT = {"gone": 0, "mask": 4, "i32": 8, "f32": 12, "i64": 16, "f64": 24,
      "lane": 32, "width": 48, "predicate": 64}


def ops_of(t):
    return INT_OPS if t[0] == "i" else FLOAT_OPS


def signed(value, bits):
    return value - (value >> bits - 1 << bits)


def combine(op, t, x, y):
    """Bits of x OP y, with the meaning of Wasm's operators."""
    bits = BITS[t]
    if t[0] == "f":
        return INSTRUCTIONS[f"{t}.{op}"].apply(x, y)
    if op in ("add", "and", "or", "xor"):
        return INSTRUCTIONS[f"{t}.{op}"].apply(x, y)
    key = (lambda v: signed(v, bits)) if op.endswith("_s") else (lambda v: v)
    return (min if op.startswith("min") else max)(x, y, key=key)


def reduce_left(op, t, values):
    result = values[0]
    for value in values[1:]:
        result = combine(op, t, result, value)
    return result


def reduce_warp(op, t, values):
    """Of the participants, in ascending order of their lanes."""
    if len(values) < WARP:
        return reduce_left(op, t, values)
    for k in (16, 8, 4, 2, 1):
        values = [combine(op, t, values[i], values[i ^ k]) for i in range(WARP)]
    return values[0]


def shuffle_source(kind, lane, b, width):
    """PTX ISA, shfl.sync."""
    segment = 32 - width & 31
    clamp = 0 if kind == "up" else 31
    b &= 31
    maximum = lane & segment | clamp & ~segment
    if kind == "up":
        j, good = lane - b, lane - b >= maximum
    elif kind == "down":
        j, good = lane + b, lane + b <= maximum
    elif kind == "xor":
        j, good = lane ^ b, lane ^ b <= maximum
    else:
        j = lane & segment | b & ~segment & 31
        good = j <= maximum
    return j if good else lane


class Thread:
    def __init__(self, rng, index, gone):
        self.index, self.lane, self.gone = index, index % WARP, gone
        self.mask = FULL
        self.lanes, self.widths = [0] * 4, [32] * 4
        # Few values, so that some match.
        self.value = {"i32": rng.choice((rng.getrandbits(32), 3, 0x80000000)),
                      "i64": rng.choice((rng.getrandbits(64), 3, 3 << 32)),
                      "f32": self.pack("f", rng), "f64": self.pack("d", rng)}
        self.predicate = rng.choice((0, 0, 1, 0x80000000))

    @staticmethod
    def pack(code, rng):
        value = rng.choice((rng.uniform(-1, 1), rng.uniform(-1e6, 1e6), -0.0,
                            1e30, -1e30))
        data = struct.pack("<" + code, value)
        return int.from_bytes(data, "little")

    def record(self):
        v = self.value
        return RECORD.pack(self.gone, self.mask, v["i32"], v["f32"], v["i64"],
                           v["f64"], *self.lanes, *self.widths, self.predicate,
                           0)


class Launch:
    """Threads of one block: which are gone, and which mask each has."""

    def __init__(self, block, variant):
        rng = random.Random(f"{block} {variant}")
        exits = variant == "exits"
        self.threads = [Thread(rng, i, int(exits and rng.random() < 0.3))
                        for i in range(block)]
        if exits and block > 64:  # a warp of which nobody is left
            for t in self.threads[32:64]:
                t.gone = 1
        self.live = [t for t in self.threads if not t.gone]
        self.known = {}  # results of the block
        if variant == "masks":
            cut = rng.choice((lambda l: l & 1, lambda l: l < 11,
                              lambda l: l % 3 == 0))
            for t in self.threads:
                t.mask = sum(1 << l for l in range(WARP)
                             if cut(l) == cut(t.lane))
        for t in self.live:
            self.choose_sources(rng, t)

    def team(self, t):
        """The participants of `t`'s operations, by lane."""
        return {other.lane: other for other in self.live
                if other.index // WARP == t.index // WARP
                and t.mask >> other.lane & 1}

    def choose_sources(self, rng, t):
        """Lanes that are there: what is read from others is unspecified."""
        team = self.team(t)
        for k, kind in enumerate(SHUFFLES):
            for _ in range(50):
                lane, width = rng.randrange(40), rng.choice(
                    (32, 32, 16, 8, 4, 2, 1, 5, 24))
                if shuffle_source(kind, t.lane, lane, width) in team:
                    t.lanes[k], t.widths[k] = lane, width
                    break
            else:
                t.lanes[k], t.widths[k] = (t.lane if kind == "idx" else 0), 32

    def warps(self):
        found = {}
        for t in self.live:
            found.setdefault(t.index // WARP, []).append(t)
        return [found[w] for w in sorted(found)]


# Each family: (import, expression of Wasm text, result type, reference).

def load(t, name, index=0):
    return f"({t}.load offset={AT[name] + 4 * index} (local.get $p))"


def call(name, *arguments):
    return f"(call ${name} {' '.join(arguments)})"


def shuffles():
    for k, kind in enumerate(SHUFFLES):
        for t in TYPES:
            name = f"shuffle_{kind}_{t}"

            def reference(launch, thread, k=k, kind=kind, t=t):
                source = shuffle_source(kind, thread.lane, thread.lanes[k],
                                        thread.widths[k])
                return launch.team(thread)[source].value[t]

            yield (name, call(name, load("i32", "mask"), load(t, t),
                              load("i32", "lane", k), load("i32", "width", k)),
                   t, reference)


def votes():
    mask, predicate = load("i32", "mask"), load("i32", "predicate")

    def ballot(launch, thread):
        return sum(1 << lane for lane, other in launch.team(thread).items()
                   if other.predicate)

    def everybody(launch, thread):
        return sum(1 << lane for lane in launch.team(thread))

    for name, reference in (
            ("vote_all", lambda l, t: int(ballot(l, t) == everybody(l, t))),
            ("vote_any", lambda l, t: int(ballot(l, t) != 0)),
            ("vote_ballot", ballot)):
        yield name, call(name, mask, predicate), "i32", reference
    for t in ("i32", "i64"):
        def same(launch, thread, t=t):
            return sum(1 << lane for lane, other in launch.team(thread).items()
                       if other.value[t] == thread.value[t])

        def all_same(launch, thread, same=same):
            mask = same(launch, thread)
            return mask if mask == everybody(launch, thread) else 0

        yield (f"match_any_{t}", call(f"match_any_{t}", mask, load(t, t)),
               "i32", same)
        yield (f"match_all_{t}", call(f"match_all_{t}", mask, load(t, t)),
               "i32", all_same)
    # All have it.
    yield ("match_all_i32", call("match_all_i32", mask, "(i32.const 7)"), "i32",
           everybody)


def warp_reductions(types):
    for t in types:
        for op in ops_of(t):
            def reference(launch, thread, op=op, t=t):
                team = launch.team(thread)
                return reduce_warp(op, t, [team[lane].value[t]
                                           for lane in sorted(team)])

            name = f"warp_reduce_{op}_{t}"
            yield (name, call(name, load("i32", "mask"), load(t, t)), t,
                   reference)


def block_reductions(types):
    for t in types:
        for op in ops_of(t):
            def reference(launch, thread, op=op, t=t):
                if (op, t) not in launch.known:
                    launch.known[op, t] = reduce_left(op, t, [
                        reduce_warp(op, t, [other.value[t] for other in warp])
                        for warp in launch.warps()])
                return launch.known[op, t]

            name = f"block_reduce_{op}_{t}"
            yield name, call(name, load(t, t)), t, reference


def barriers():
    predicate = load("i32", "predicate")

    def count(launch):
        return sum(1 for t in launch.live if t.predicate)

    for name, reference in (
            ("barrier_count", lambda l, t: count(l)),
            ("barrier_and", lambda l, t: int(count(l) == len(l.live))),
            ("barrier_or", lambda l, t: int(count(l) != 0))):
        yield name, call(name, predicate), "i32", reference


FAMILIES = {
    "shuffles": shuffles, "votes": votes, "barriers": barriers,
    "warp_int": lambda: warp_reductions(("i32", "i64")),
    "warp_float": lambda: warp_reductions(("f32", "f64")),
    "block_int": lambda: block_reductions(("i32", "i64")),
    "block_float": lambda: block_reductions(("f32", "f64"))}


def import_of(name, code, result):
    """The declaration of an import, from its type in the document."""
    t = name.rsplit("_", 1)[-1]
    if name.startswith("shuffle"):
        params = ["i32", t, "i32", "i32"]
    elif name.startswith(("match", "warp_reduce")):
        params = ["i32", t]
    elif name.startswith("vote"):
        params = ["i32", "i32"]
    elif name.startswith("block_reduce"):
        params = [t]
    else:
        params = ["i32"]
    return (f'  (import "tw" "{name}" (func ${name} (param {" ".join(params)}) '
            f"(result {result})))\n")


def kernel(name, rows):
    """in, out: results k of all threads, 8 bytes each, from 8 k n on."""
    lines = [f'  (func (export "{name}") (param $in i32) (param $out i32)',
             "    (param $n i32) (local $i i32) (local $p i32)",
             "    (local.set $i (call $thread_id_x))",
             "    (local.set $p (i32.add (local.get $in) (i32.mul (local.get $i)",
             f"      (i32.const {RECORD.size}))))",
             "    (local.set $out (i32.add (local.get $out)",
             "      (i32.shl (local.get $i) (i32.const 3))))",
             f"    (if {load('i32', 'gone')} (then (return)))"]
    for _, code, result, _ in rows:
        lines += [f"    ({result}.store (local.get $out) {code})",
                  "    (local.set $out (i32.add (local.get $out)",
                  "      (i32.shl (local.get $n) (i32.const 3))))"]
    return "\n".join(lines) + ")\n"


def judge(runner, name, rows, launch, block, variant):
    source, out = runner.path("in"), runner.path("out")
    with open(source, "wb") as file:
        file.write(b"".join(t.record() for t in launch.threads))
    if os.path.exists(out):
        os.remove(out)  # a file of an earlier run proves nothing
    code, report, error = runner.twrun(
        ["launch", name, "--grid", "1", "--block", str(block), "--",
         "@" + source, f"@zeros:u64:{len(rows) * block}={out}", str(block)])
    shown = f"{name}, blocks of {block}, {variant}"
    if code != 0:
        return [f"{shown}: exit code {code}, expected 0: {error}"]
    if not report["verification"]["agrees"]:
        return [f"{shown}: the interpreter disagrees"]
    with open(out, "rb") as file:
        found = struct.unpack(f"<{len(rows) * block}Q", file.read())
    problems = []
    for k, (what, _, result, reference) in enumerate(rows):
        for t in launch.threads:
            want = 0 if t.gone else reference(launch, t)
            got = found[k * block + t.index]
            if got != want:
                problems.append(f"{shown}: {what} of thread {t.index} is "
                                f"{got:#x}, expected {want:#x}")
                break
    return problems


def family(name):
    rows = list(FAMILIES[name]())
    source = "".join(dict.fromkeys(import_of(*row[:3]) for row in rows))
    source += '  (memory (export "memory") 32)\n' + kernel(name, rows)

    def check(block, variant):
        return lambda runner: judge(runner, name, rows, Launch(block, variant),
                                    block, variant)

    variants = ["all", "exits"]
    if not name.startswith(("block", "barrier")):
        variants.append("masks")
    return Group("collect_" + name, source=source,
                 checks=[check(block, variant) for block in BLOCKS
                         for variant in variants])


def collectives():
    return [family(name) for name in FAMILIES]
