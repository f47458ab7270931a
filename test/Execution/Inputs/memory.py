# memory.py - every load and store: any alignment, and the end of memory.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
import struct

from control import expect_lane_trap, i32s
from guest import Call, Group, Task

# Instruction → (bytes, format of struct, type of the value).
LOADS = {
    "i32.load": (4, "<I", "i32"), "i32.load8_s": (1, "<b", "i32"),
    "i32.load8_u": (1, "<B", "i32"), "i32.load16_s": (2, "<h", "i32"),
    "i32.load16_u": (2, "<H", "i32"), "i64.load": (8, "<Q", "i64"),
    "i64.load8_s": (1, "<b", "i64"), "i64.load8_u": (1, "<B", "i64"),
    "i64.load16_s": (2, "<h", "i64"), "i64.load16_u": (2, "<H", "i64"),
    "i64.load32_s": (4, "<i", "i64"), "i64.load32_u": (4, "<I", "i64"),
    "f32.load": (4, "<I", "f32"), "f64.load": (8, "<Q", "f64"),
}
STORES = {
    "i32.store": (4, "i32"), "i32.store8": (1, "i32"), "i32.store16": (2, "i32"),
    "i64.store": (8, "i64"), "i64.store8": (1, "i64"), "i64.store16": (2, "i64"),
    "i64.store32": (4, "i64"), "f32.store": (4, "f32"), "f64.store": (8, "f64"),
}
assert len(LOADS) + len(STORES) == 0x3E - 0x28 + 1
MASK = {"i32": (1 << 32) - 1, "i64": (1 << 64) - 1, "f32": (1 << 32) - 1,
        "f64": (1 << 64) - 1}
# Bytes 0 to 63 of memory: every sign, and signalling NaNs at many offsets.
PATTERN = bytes((37 * i + 129) & 0xff for i in range(24)) + \
    b"\x01\x02\xa0\x7f" * 3 + b"\x01\0\0\0\0\0\xf4\xff" + b"\xff\xa0\x80\x00" * 5
assert len(PATTERN) == 64
# The value that is stored at offset d: bytes that differ.
VALUE = 0xf1e2d3c4b5a69788
OUT_OF_BOUNDS = "out of bounds memory access"


def misaligned():
    """Loads at each of 32 offsets, with either alignment hint, and with part
    of the address in the offset immediate; and stores, seen byte by byte."""
    data = "".join(f"\\{byte:02x}" for byte in PATTERN)
    text = f'  (memory (export "memory") 1)\n  (data (i32.const 0) "{data}")\n'
    tasks = []
    for name, (size, form, t) in LOADS.items():
        def apply(d, size=size, form=form, t=t):
            return struct.unpack(form, PATTERN[d:d + size])[0] & MASK[t]
        for hint in sorted({1, size}):
            tasks.append(Task(f"{name} align={hint}", f"({name} align={hint} {{x}})",
                              ("i32",), t, apply))
        if size > 1:
            tasks.append(Task(f"{name} offset=3", f"({name} offset=3 {{x}})",
                              ("i32",), t, lambda d, f=apply: f(d + 3)))
    # Thread d stores at byte d of a place of its own, and reads it back whole.
    for name, (size, t) in STORES.items():
        for hint in sorted({1, size}):
            function = f"${name}_{hint}"
            place = ("(i32.add (i32.const {base}) (i32.mul (local.get 0) "
                     "(i32.const 64)))").format(base=1024 + 2048 * len(tasks) % 61440)
            value = f"(i64.const {VALUE:#x})"
            if t == "i32":
                value = f"(i32.wrap_i64 {value})"
            elif t == "f32":
                value = "(f32.const -nan:0x269788)"
            elif t == "f64":
                value = "(f64.const -nan:0x2d3c4b5a69788)"
            text += (
                f"  (func {function} (param i32) (result i64) (local $p i32)\n"
                f"    (local.set $p {place})\n"
                f"    ({name} align={hint} "
                f"(i32.add (local.get $p) (local.get 0)) {value})\n"
                f"    (i64.add (i64.load (i32.add (local.get $p) "
                f"(i32.and (local.get 0) (i32.const -8))))\n"
                f"      (i64.mul (i64.const 3) (i64.load offset=8 "
                f"(i32.add (local.get $p) (i32.and (local.get 0) (i32.const -8)))))))\n")
            bits = {"f32": 0xffa69788, "f64": 0xfff2d3c4b5a69788}.get(t, VALUE)

            def apply(d, size=size, bits=bits):
                place = bytearray(16)
                place[d & 7:(d & 7) + size] = struct.pack("<Q", bits)[:size]
                low, high = struct.unpack("<QQ", bytes(place))
                return (low + 3 * high) & MASK["i64"]
            tasks.append(Task(f"{name} align={hint}", f"(call {function} {{x}})",
                              ("i32",), "i64", apply))
    return Group("misaligned", tasks, source=text,
                 shared=[(d,) for d in range(32)], block=32)


OFFSETS = (0, 1, 16, 0x7fffffff, 0xfffffff8, 0xffffffff)
# Indices, as distances below the end of memory; and some that are absolute.
BELOW_END = tuple(range(0, 26)) + (4096,)
ABSOLUTE = (0xffffffff, 0xfffffffe, 0xfffffff8, 0x80000000, 0x7fffffff)


def edges(stores):
    """One grid per kind: lane (index, variant) accesses memory near its end, or
    far beyond. The end is that of the memory that the buffers have grown. All
    stores write bytes A5, so that lanes do not race for different values; a
    store that straddles the end must not write a part of itself. Markers around
    the access, and all of memory, are compared with the interpreter."""
    names = STORES if stores else LOADS
    variants = [(name, offset) for name in names for offset in OFFSETS]
    index = " ".join(f"$v{k}" for k in range(len(variants)))
    text = ('  (memory (export "memory") 1)\n'
            '  (func (export "lanes") (param $index i32) (param $n i32) '
            '(param $out i32)\n'
            '    (local $t i32) (local $a i32) (local $r i64)\n'
            '    (local.set $t (i32.add (call $thread_id_x) '
            '(i32.mul (call $block_id_x) (call $block_dim_x))))\n'
            f'    (if (i32.ge_u (local.get $t) (i32.mul (local.get $n) '
            f'(i32.const {len(variants)}))) (then (return)))\n'
            '    (local.set $a (i32.load (i32.add (local.get $index) (i32.shl '
            '(i32.rem_u (local.get $t) (local.get $n)) (i32.const 2)))))\n'
            '    ;; Small numbers count from the end of memory.\n'
            '    (if (i32.lt_u (local.get $a) (i32.const 8192)) (then\n'
            '      (local.set $a (i32.sub (i32.mul (memory.size) '
            '(i32.const 65536)) (local.get $a)))))\n'
            '    (local.set $out (i32.add (local.get $out) (i32.mul '
            '(local.get $t) (i32.const 16))))\n'
            '    (i64.store (local.get $out) (i64.const 0x1111))\n'
            '    (block $done\n')
    text += "".join(f"(block $v{k} " for k in reversed(range(len(variants))))
    text += (f"\n    (br_table {index} $done (i32.div_u (local.get $t) "
             "(local.get $n)))\n")
    for name, offset in variants:
        if stores:
            t = STORES[name][1]
            width = t[1:]
            pattern = "0x" + "a5" * (int(width) // 8)
            value = f"(i{width}.const {pattern})"
            if t[0] == "f":
                value = f"({t}.reinterpret_i{width} {value})"
            code = f"({name} offset={offset} (local.get $a) {value})"
        else:
            t = LOADS[name][2]
            code = f"({name} offset={offset} (local.get $a))"
            if t[0] == "f":
                code = f"(i{t[1:]}.reinterpret_{t} {code})"
            if t[1:] == "32":
                code = f"(i64.extend_i32_u {code})"
            code = f"(local.set $r {code})"
        text += f"    ) {code} (br $done)\n"
    text += ("    )\n    (i64.store offset=8 (local.get $out) "
             "(i64.add (local.get $r) (i64.const 0x2222))))\n")
    name = "store_edges" if stores else "load_edges"
    return Group(name, source=text,
                 checks=[lambda runner: run_edges(runner, names, variants)])


def run_edges(runner, names, variants):
    indices = BELOW_END + ABSOLUTE
    n = len(indices)
    path = runner.path("index")
    with open(path, "wb") as file:
        file.write(struct.pack(f"<{n}I", *indices))
    lanes = n * len(variants)
    # index and out lie in memory grown by whole pages; its size follows.
    used = -(-4 * n // 256) * 256 + 16 * lanes
    end = 65536 * (1 + -(-used // 65536))
    if end - 65536 - used < 64:
        return ["the buffers reach the end of memory: change their size"]
    messages = {}
    for k, (name, offset) in enumerate(variants):
        for i, index in enumerate(indices):
            address = end - index if index < 8192 else index
            if address + offset + names[name][0] > end:
                messages[k * n + i] = OUT_OF_BOUNDS
    assert len(messages) not in (0, lanes)
    code, report, error = runner.twrun(
        ["launch", "lanes", "--grid", str(-(-lanes // 64)), "--block", "64", "--",
         "@" + path, str(n), f"@zeros:u64:{2 * lanes}"])
    return expect_lane_trap(runner, "lanes", code, report, error, messages)


def invoked():
    """The same edges of one page, by invocation, and loads whose result is
    dropped."""
    text = '  (memory (export "memory") 1 1)\n'
    calls = []
    for name, (size, _, t) in LOADS.items():
        text += (f'  (func (export "drop {name}") (param i32) '
                 f'(drop ({name} (local.get 0))))\n')
        last = 65536 - size
        for index, expect in ((last, []), (last + 1, OUT_OF_BOUNDS),
                              (0xffffffff, OUT_OF_BOUNDS)):
            calls.append(Call(f"drop {name}", i32s(index), expect))
    for name, (size, t) in STORES.items():
        text += (f'  (func (export "{name}") (param i32) (result i64) '
                 f'({name} offset=1 (local.get 0) ({t}.const 0)) (i64.const 1))\n')
        last = 65535 - size
        for index, expect in ((last, [1]), (last + 1, OUT_OF_BOUNDS),
                              (0xffffffff, OUT_OF_BOUNDS)):
            calls.append(Call(name, i32s(index), expect))
    text += ('  (func (export "far") (param i32) (result i32) '
             '(i32.load offset=0xffffffff (local.get 0)))\n'
             '  (func (export "constant") (drop (i32.load offset=0xffffffff '
             '(i32.const 0xffffffff))))\n'
             '  (func (export "in loop") (param i32) (local i32)\n'
             '    (loop (drop (i64.load (local.get 1)))\n'
             '      (local.set 1 (i32.add (local.get 1) (i32.const 8)))\n'
             '      (br_if 0 (i32.lt_u (local.get 1) (local.get 0)))))\n')
    for index in (0, 1, 0xffffffff, 0x80000000):
        calls.append(Call("far", i32s(index), OUT_OF_BOUNDS))
    calls += [Call("constant", [], OUT_OF_BOUNDS),
              Call("in loop", i32s(65536), []),
              Call("in loop", i32s(65537), OUT_OF_BOUNDS)]
    return Group("bounds", calls=calls, source=text)


def without_memory():
    """A memory of no pages: every access traps, even of address 0."""
    text = ('  (memory (export "memory") 0)\n'
            '  (func (export "f") (param i32) (result i32) '
            '(i32.load8_u (local.get 0)))\n')
    return Group("no_pages", source=text, calls=[
        Call("f", i32s(0), OUT_OF_BOUNDS), Call("f", i32s(0xffffffff), OUT_OF_BOUNDS)])


def memory():
    return [misaligned(), edges(False), edges(True), invoked(), without_memory()]


# Each way to trap, of the lanes whose operand is 1; 0 does not trap.
WAYS = [
    ("(unreachable)", "unreachable"),
    ("(drop (i32.div_u (i32.const 1) (i32.sub (i32.const 1) (local.get $x))))",
     "integer divide by zero"),
    ("(drop (i32.div_s (i32.const 0x80000000) (i32.sub (i32.const 0) (local.get $x))))",
     "integer overflow"),
    ("(drop (i64.rem_u (i64.const 1) (i64.extend_i32_u "
     "(i32.sub (i32.const 1) (local.get $x)))))", "integer divide by zero"),
    ("(drop (i32.trunc_f32_s (f32.div (f32.const 0) (f32.sub (f32.const 1) "
     "(f32.convert_i32_s (local.get $x))))))", "invalid conversion to integer"),
    ("(drop (i64.trunc_f64_u (f64.mul (f64.const -1) "
     "(f64.convert_i32_s (local.get $x)))))", "integer overflow"),
    ("(drop (i32.load8_u (i32.sub (i32.const 0) (local.get $x))))", OUT_OF_BOUNDS),
    ("(i64.store8 (i32.sub (i32.const 0) (local.get $x)) (i64.const 0))",
     OUT_OF_BOUNDS),
]


def lanes():
    """A store, something that traps in some lanes, another store: the first is
    visible in every lane, the second in those that did not trap, and the record
    names one that did."""
    text = '  (memory (export "memory") 1)\n'
    checks = []
    for k, (code, message) in enumerate(WAYS):
        if code == "(unreachable)":
            code = "(if (local.get $x) (then (unreachable)))"
        text += (
            f'  (func (export "way{k}") (param $out i32) (param $from i32) '
            f'(param $to i32)\n'
            f'    (local $t i32) (local $x i32)\n'
            f'    (local.set $t (i32.add (call $thread_id_x) '
            f'(i32.mul (call $block_id_x) (call $block_dim_x))))\n'
            f'    (local.set $x (i32.and (i32.ge_u (local.get $t) (local.get $from))\n'
            f'      (i32.lt_u (local.get $t) (local.get $to))))\n'
            f'    (local.set $out (i32.add (local.get $out) (i32.shl '
            f'(local.get $t) (i32.const 2))))\n'
            f'    (i32.store (local.get $out) (i32.const 1))\n'
            f'    {division_safe(code)}\n'
            f'    (i32.store (local.get $out) (i32.const 2)))\n')
        checks += [
            lambda r, k=k, m=message: run_way(r, k, m, 517, 518),  # one lane
            lambda r, k=k, m=message: run_way(r, k, m, 100, 300),
            lambda r, k=k, m=message: run_way(r, k, m, 0, 0)]
    return [Group("lanes", source=text, checks=checks)]


def division_safe(code):
    """For −1 only if x is 1: INT_MIN / 0 would be another trap."""
    return code.replace("(i32.sub (i32.const 0) (local.get $x))))",
                        "(i32.sub (i32.const 1) (i32.shl (local.get $x) "
                        "(i32.const 1)))))") if "div_s" in code else code


def run_way(runner, k, message, start, end):
    what = f"way{k}, lanes {start} to {end}"
    if start == end:  # nobody traps: memory can be saved, and judged here
        path = runner.path("out")
        code, report, error = runner.twrun(
            ["launch", f"way{k}", "--grid", "8", "--block", "128", "--",
             f"@zeros:u32:1024={path}", "0", "0"])
        if code != 0:
            return [f"{what}: exit code {code}, expected 0: {error}"]
        with open(path, "rb") as file:
            if file.read() != struct.pack("<I", 2) * 1024:
                return [f"{what}: a lane did not finish"]
        return []
    code, report, error = runner.twrun(
        ["launch", f"way{k}", "--grid", "8", "--block", "128", "--",
         "@zeros:u32:1024", str(start), str(end)])
    return expect_lane_trap(runner, what, code, report, error,
                            dict.fromkeys(range(start, end), message))
