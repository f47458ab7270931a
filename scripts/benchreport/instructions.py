# instructions.py - counts instructions in PTX text and in cubins, and compares
# counts with earlier ones.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import re
import struct

# Bytes of an instruction in machine code, from sm_70 on (CUDA Binary Utilities,
# "Instruction Set Reference").
SASS_BYTES = 16
SHF_EXECINSTR = 4


def functions(text):
    """{name: (is an entry, body)} of a PTX module's functions with a body."""
    text = re.sub(r"//[^\n]*", "", text)
    found, at = {}, 0
    # A header ends with a body, or with ';' where it only declares.
    header = re.compile(r"\.(entry|func)\b([^{;]*)([{;])")
    while match := header.search(text, at):
        at = match.end()
        if match[3] == ";":
            continue
        # The first name outside parentheses: those before it are results.
        name = re.match(r"\s*(?:\([^)]*\))?\s*([\w$%.]+)", match[2])
        start, depth = at, 1
        while depth and at < len(text):
            depth += {"{": 1, "}": -1}.get(text[at], 0)
            at += 1
        if name:
            found[name[1]] = (match[1] == "entry", text[start:at - 1])
    return found


def statements(body):
    """How many instructions a body has: statements, but no directives."""
    count = 0
    for statement in body.split(";"):
        # Scopes open and close, and labels stand, before an instruction or a
        # directive. Other braces hold the parts of a vector.
        statement = re.sub(r"^(\s*([{}]|[\w$%]+\s*:(?!:)))+", "",
                           statement).strip()
        count += bool(statement) and not statement.startswith(".")
    return count


def ptx(text):
    """{name: instructions} of the entries that a grid starts and of
    functions that are the guest's. Left out are the helpers that twc adds,
    on paths that few threads take, and the entry of an invocation where
    grids have another."""
    found = functions(text)
    return {name: statements(body)
            for name, (entry, body) in sorted(found.items())
            if (name + "$grid" not in found if entry
                else not name.startswith("__tw_"))}


def sass(cubin):
    """{entry: instructions} of a cubin. Each entry has a section of code,
    with the helpers that it calls and what pads functions to multiples of
    128 bytes."""
    if cubin[:5] != b"\x7fELF\x02" or len(cubin) < 64:
        raise ValueError("expected a 64-bit ELF file")
    table, = struct.unpack_from("<Q", cubin, 40)
    size, number, names = struct.unpack_from("<HHH", cubin, 58)
    if size < 64 or table + size * number > len(cubin) or names >= number:
        raise ValueError("expected section headers within the file")
    strings, = struct.unpack_from("<Q", cubin, table + size * names + 24)
    found = {}
    for index in range(number):
        name, _, flags = struct.unpack_from("<IIQ", cubin, table + size * index)
        length, = struct.unpack_from("<Q", cubin, table + size * index + 32)
        if flags & SHF_EXECINSTR and strings + name < len(cubin):
            text = cubin[strings + name:cubin.index(b"\0", strings + name)]
            found[text.decode().removeprefix(".text.")] = length // SASS_BYTES
    if not found:
        raise ValueError("expected code in the file, but found none")
    return found


def launched(counts):
    """Of {entry: instructions}, those of the entry that a grid starts: the
    one for grids, where there are two (docs/KernelABI.md)."""
    for name, number in counts.items():
        if name.endswith("$grid"):
            return number
    return next(iter(counts.values()))


def executed(results):
    """{kernel: {launch, form: instructions}} of a run of bench-kernels.py: the
    forms that twc made."""
    found = {}
    for report in results["kernels"]:
        counts = {form["label"]: form["instructions"]
                  for form in report["contestants"]
                  if form["kind"] == "artifact" and "instructions" in form}
        if counts:
            launch = [report["grid"], report["block"], *report["arguments"]]
            found[report["kernel"]] = {"launch": " ".join(launch), **counts}
    return found


def losses(old, new, limit, where):
    """(problems, gains) of counts, {name: {part: number}}, against older
    ones: a count that grew by more than `limit`, and whatever has no
    counterpart."""
    problems, gains = [], []
    for name in sorted({*old, *new}):
        if name not in new:
            problems.append(f"{where}: {name} is recorded, but was not counted")
            continue
        if name not in old:
            problems.append(f"{where}: {name} is not recorded")
            continue
        before, after = old[name], new[name]
        if before.get("launch") != after.get("launch"):
            problems.append(f"{where}: {name} was recorded with another launch")
            continue
        for part in sorted({*before, *after} - {"launch"}):
            if part not in after or part not in before:
                problems.append(f"{where}: {name}: {part} is "
                                + ("not recorded" if part in after else
                                   "recorded, but was not counted"))
                continue
            was, now = before[part], after[part]
            told = f"{where}: {name}: {part}: {was:,} to {now:,} instructions"
            if was:
                told += f" ({100 * (now - was) / was:+.1f}%)"
            if now > was * (1 + limit):
                problems.append(told)
            elif now < was * (1 - limit):
                gains.append(told)
    return problems, gains
