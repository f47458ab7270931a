#!/usr/bin/env python3
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Finds the tests of every Wasm instruction: the lit test that shows its
lowering, the executed tests and the official suite's scripts that use it.

  index-tests.py TWasm.json --index FILE [--suite DIR]   writes the index
  index-tests.py TWasm.json --index FILE --check         compares, and fails if
                                                         an instruction lacks one

The index is committed, and part of the dialect's reference page. A lit test
counts if it has the instruction's name in Wasm text, or else its op in the
dialect; an executed test, if a module that test/Execution makes has the name; a
script, likewise. Scripts are looked at with --suite only: without it, those in
the index stay. Lists are cut to a few, the most special first.
"""
import argparse
import json
import pathlib
import re
import subprocess
import sys

SOURCE = pathlib.Path(__file__).resolve().parent.parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(SOURCE / "test/Execution/Inputs"))

# A keyword of the text format: not a $name, nor within a string or a word.
KEYWORD = re.compile(r'(?<![\w.$"@])[a-z][a-z0-9_.]*')
OP = re.compile(r"\b(?:twasm\.)?([a-z]\w*)")
# What lowers to the dialect's op by another keyword than its own.
ALIASES = {"select t": "select"}
LOWERINGS = ("Conversion/TWasmToLLVM", "Transforms", "Target")


def keywords(text):
    return set(KEYWORD.findall(re.sub(r";;.*", "", text)))


def instructions(path):
    """Instruction → op and row of the mapping table, from the records."""
    records = json.loads(path.read_text(encoding="utf-8"))
    found = {}
    for name in records["!instanceof"]["TWasm_Op"]:
        record = records[name]
        for ref in record["wasmInstrs"]:
            found[records[ref["def"]]["name"]] = (
                record["opName"], record["mappingRow"])
    return found


def uses(files, words):
    """Word → the files that have it, those with fewest words first."""
    index = {}
    for size, name, text in sorted((len(w), n, w) for n, w in
                                   ((n, words(n)) for n in files)):
        for word in text:
            index.setdefault(word, []).append(name)
    return index


def lit_tests():
    """Keyword → tests in Wasm text; op → tests in the dialect."""
    files = [p for folder in LOWERINGS
             for p in sorted((SOURCE / "test" / folder).iterdir())
             if p.suffix in (".wat", ".mlir", ".test")]
    text = {p.relative_to(SOURCE / "test").as_posix():
            p.read_text(encoding="utf-8") for p in files}
    wat = [n for n in text if n.endswith(".wat")]
    mlir = [n for n in text if n.endswith(".mlir")]
    ops = {n: set(OP.findall(re.sub(r"//.*", "", text[n]))) for n in mlir}
    return (uses(wat, lambda n: sorted(keywords(text[n]))),
            uses(mlir, lambda n: sorted(ops[n])))


def swept(json_path):
    """Instructions of the lit test that sweeps over all records."""
    inputs = SOURCE / "test" / LOWERINGS[0] / "Inputs"
    text = subprocess.run(
        [sys.executable, inputs / "all-instructions.py", "wat", json_path],
        check=True, capture_output=True, text=True).stdout
    return keywords(text)


def executed_tests():
    """Keyword → the suites of test/Execution whose modules have it."""
    from groups import suites
    from guest import module
    words = {}
    for name, make in suites().items():
        # About loops and pairs of instructions, not about single ones.
        if not name.startswith(("sabotaged", "ranges", "contraction")):
            words[name] = set().union(*(keywords(module(g)) for g in make()))
    return uses(words, lambda n: sorted(words[n]))


def suite_scripts(folder):
    words = {p.relative_to(folder).with_suffix("").as_posix():
             keywords(p.read_text(encoding="utf-8", errors="replace"))
             for p in sorted(folder.rglob("*.wast"))}
    return uses(words, lambda n: sorted(words[n]))


def make_index(ops, old, suite, sweep):
    wat, mlir = lit_tests()
    executed = executed_tests()
    scripts = suite_scripts(suite) if suite else None
    index = {}
    for name, (op, row) in ops.items():
        word = ALIASES.get(name, name)
        lit = wat.get(word) or mlir.get(op) or []
        if not lit and word in sweep:
            lit = [LOWERINGS[0] + "/all-instructions.test"]
        # The mapping table's own tests come first, that of the row above all.
        rows = [n for n in lit if f"/row{row:02}" in n] or \
               [n for n in lit if "/row" in n]
        index[name] = {
            "lit": (rows or lit)[:1],
            "executed": executed.get(word, [])[:2],
            "suite": (scripts.get(word, []) if scripts is not None else
                      old.get(name, {}).get("suite", []))[:2]}
    return index


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("json", type=pathlib.Path)
    parser.add_argument("--index", type=pathlib.Path, required=True)
    parser.add_argument("--suite", type=pathlib.Path)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    ops = instructions(options.json)
    old = {}
    if options.index.exists():
        old = json.loads(options.index.read_text(encoding="utf-8"))
    index = make_index(ops, old, options.suite, swept(options.json))
    if options.check:
        problems = [f"{n}: no lit test shows its lowering"
                    for n, tests in index.items() if not tests["lit"]]
        problems += [f"{n}: no executed test and no script of the suite has it"
                     for n, tests in index.items()
                     if not tests["executed"] and not tests["suite"]]
        if index != old:
            problems.append(f"{options.index} is not current: see "
                            "utils/index-tests.py")
        print("\n".join(problems) or f"{len(index)} instructions have tests")
        return 1 if problems else 0
    rows = [f" {json.dumps(n)}: {json.dumps(index[n])}" for n in sorted(index)]
    options.index.write_text("{\n" + ",\n".join(rows) + "\n}\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
