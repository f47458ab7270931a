# rangefuel.py - loops that need not end, with fuel; steps of zero; and a
# difference that must be seen.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# A count of rounds that a compiler computes is one over the step: of a step that
# is a variable, and 0, there is none. A loop whose index never meets its bound is
# endless, or traps at memory's end; fuel ends it, and changes nothing else.

import os
import struct

from ranges import (LAST, Case, counted, element, ends, function, group, load,
                    one_page, op, set_, store, traps)


def spinning():
    """Endless loops that stay in bounds, of one thread among others: their
    stores are seen, and all the other threads' are. With enough fuel they have
    been around all of their places."""
    text = '  (memory (export "memory") 1)\n'
    text += function("miss", "p n step", "i t q", (
        "(local.set $t (call $thread_id_x))" +
        set_("q", op("add", "p", op("shl", "t", 8))) +
        f"(if {op('ne', 't', 3)} (then " + counted("i", 16, store(
            element("q", "i"), 4)) + "(return)))" +
        set_("i", 0) + counted("i", "n", store(op("add", "q", op(
            "and", "i", 252)), 5), test="ne", step="(local.get $step)")
        + store("q", 6)))
    # The same alone, where its accesses are out of bounds at some time.
    text += function("runs_out", "p n step", "i", counted("i", "n", store(
        op("add", "p", "i"), 5), test="ne", step="(local.get $step)"))

    def check(n, step, wanted):
        def run(runner):
            sink = runner.path("saved")
            if os.path.exists(sink):
                os.remove(sink)
            code, report, error = runner.twrun(
                ["launch", "miss", "--grid", "1", "--block", "8", "--fuel",
                 "100000", "--", f"@zeros:u32:512={sink}", str(n), str(step)],
                verify=wanted is not None, timeout=60)
            what = f"miss({n}, {step})"
            if wanted is None:
                trap = report.get("trap") or {}
                if code != 3 or trap["message"] != "all fuel consumed" or \
                        trap["thread"] != [3, 0, 0]:
                    return [f"{what}: exit code {code}, expected 3 and 'all fuel "
                            f"consumed' in thread 3: {error}"]
                return []
            if code != 0:
                return [f"{what}: exit code {code}, expected 0: {error}"]
            with open(sink, "rb") as file:
                found = struct.unpack("<512I", file.read())
            if list(found[192:256]) != wanted or \
                    list(found[:192]) != ([4] * 16 + [0] * 48) * 3:
                return [f"{what}: thread 3 stored {found[192:256]}"]
            return []
        return run
    round_ = [6] + [0 if k % 2 else 5 for k in range(1, 64)]
    launches = [check(7, 2, None), check(6, 4, None), check(1, 0, None),
                check(512, 8, round_), check(0, 4, [6] + [0] * 63)]
    cases = []
    for p, n, step in ((LAST - 64, 63, 2), (LAST - 64, 62, 4), (LAST - 3, 9, 0),
                       (0, 3, 4), (LAST - 64, 64, 8), (LAST - 64, 72, 8),
                       (LAST, 0, 0), (64, -60, -4), (64, -72, -4), (64, -66, -4)):
        bad = not (n == 0 or (n, step) in ((64, 8), (-60, -4)))
        cases.append(Case("runs_out", (p, n, step), bad))
    cases += [ends("runs_out", 64, -64, -4), ends("runs_out", 64, -68, -4)]
    return group("fuel", text, cases, launches, flags=["--fuel"])


def zero_step():
    """Loops by a step that is an argument, and 0: they end in their first
    round, or at its trap."""
    text = function("walked", "p n m", "i", (
        f"(loop $again {store(element('p', 'i'), 5, 'i32.store8')}"
        f"{set_('p', op('add', 'p', 1))}{set_('i', op('add', 'i', 'm'))}"
        f"(br_if $again {op('lt_u', 'i', 'n')}))"))
    text += function("from_n", "p n m", "i", set_("i", "n") + (
        f"(loop $again {store(element('p', 'i'), 5, 'i32.store8')}"
        f"{set_('p', op('add', 'p', 1))}{set_('i', op('add', 'i', 'm'))}"
        f"(br_if $again {op('lt_s', 'i', 'n')}))"))
    text += function("plain", "p n m", "i", counted("i", "n", store(
        op("add", "p", "i"), 5), step="(local.get $m)"))
    cases = []
    for name in ("walked", "from_n", "plain"):
        cases += [ends(name, 64, 0, 0), ends(name, 64, 0, 3),
                  Case(name, (LAST, 0, 0), name != "plain"),
                  ends(name, 64, 3, 3), traps(name, LAST, 3, 3),
                  traps(name, LAST, 3, 0) if name != "plain" else
                  traps(name, LAST - 3, 3, 0)]
    cases += [ends("from_n", 64, 8, 0), traps("from_n", LAST - 32, 8, 0),
              traps("walked", LAST - 9, 10, 0), ends("plain", 0, 64, 5)]
    return group("zero_step", one_page(text), cases)


def wide_memory():
    """In 4 GiB every address of 32 bits but the last few is in bounds, so that
    an address that wraps is too: 64 times the step is 2^32 - 64, and the second
    round stores at 64 below the end, not below the start."""
    step = 0x3ffffff
    text = '  (memory (export "memory") 65536)\n'
    text += function("f", "p n m", "i", (
        f"(loop $again {store(element('p', 'i', 6), 77)}"
        f"{set_('i', op('add', 'i', 'm'))}"
        f"(br_if $again {op('lt_u', 'i', 'n')}))"
        f"{load('0xffffffc0')}"), "i32")

    def check(runner):
        problems = []
        for n, wanted in ((step, 0), (step + 1, 77), (2 * step, 77)):
            code, report, error = runner.twrun(
                ["invoke", "f", "--", "0", str(n), str(step)], verify=False,
                timeout=120)
            found = [int(r["bits"], 16) for r in report.get("results", [])]
            if code != 0 or found != [wanted]:
                problems.append(f"f(0, {n}, {step}) = {found}, expected "
                                f"[{wanted}]: exit code {code}: {error}")
        return problems
    return group("wide_memory", text, [], [check])


def sabotaged():
    """The module that the reference runs stores another value, one element
    further, and its bound is inclusive: each must be seen."""
    def text(value, offset, test):
        return one_page(
            function("value", "p n", "i", counted(
                "i", "n", store(element("p", "i"), value))) +
            function("offset", "p n", "i", counted(
                "i", "n", store(element("p", "i"), 1, offset=offset))) +
            function("test", "p n", "i", counted(
                "i", "n", store(element("p", "i"), 1), test=test)))
    groups = []
    for name, case, other in (
            ("value", ends("value", 0, 5), (2, 0, "lt_u")),
            ("late_trap", traps("value", LAST - 16, 9), (2, 0, "lt_u")),
            ("offset", ends("offset", 0, 5), (1, 4, "lt_u")),
            ("test", ends("test", 0, 5), (1, 0, "le_u")),
            ("trap", ends("test", LAST - 20, 5), (1, 0, "le_u"))):
        groups.append(group("wrong_" + name, text(1, 0, "lt_u"), [case],
                            other_source="(module\n" + text(*other) + ")\n"))
    return groups
