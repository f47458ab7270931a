#!/usr/bin/env python3
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Turns the twasm dialect's TableGen records into two things: the instruction
table that the importer dispatches on, and the reference page in docs/.

Input is `llvm-tblgen -dump-json` of TWasm.td and mlir-tblgen's op reference.
"""
import argparse
import json


def instructions(records):
    """Every Wasm instruction: (prefix, opcode, name, operands, result,
    storage, sign, shape, op, upstream, row), sorted by encoding."""
    rows, ops = [], []
    for name in records["!instanceof"]["TWasm_Op"]:
        record = records[name]
        instrs = [records[ref["def"]] for ref in record["wasmInstrs"]]
        op = record["opName"]
        ops.append((op, record["summary"], instrs, record["upstreamOp"],
                    record["mappingRow"], name))
        for i in instrs:
            rows.append((i["prefix"], i["opcode"], i["name"], i["operands"],
                         i["result"], i["storage"], i["sign"], i["shape"], op,
                         record["upstreamOp"], record["mappingRow"]))
    rows.sort(key=lambda r: (r[0], r[1]))
    for a, b in zip(rows, rows[1:]):
        if a[:2] == b[:2]:
            raise SystemExit(f"error: {a[2]} and {b[2]} share an opcode")
    return rows, ops


def write_table(rows, out):
    out.write("// TWASM_INSTR(prefix, opcode, name, op, operands, result, "
              "storage bits, sign, shape)\n")
    for p, code, name, operands, result, bits, sign, shape, op, *_ in rows:
        out.write(f'TWASM_INSTR(0x{p:02X}, 0x{code:02X}, "{name}", '
                  f'"twasm.{op}", "{" ".join(operands)}", "{result}", '
                  f"{bits}, '{sign or '-'}', \"{shape}\")\n")


def tests_of(name, index):
    """Three columns: the lit test, the executed tests, the suite's scripts."""
    tests = index.get(name, {"lit": [], "executed": [], "suite": []})
    lit = [f"[{t.rsplit('/', 1)[-1]}](../../test/{t})" for t in tests["lit"]]
    executed = [f"[{t}](../../test/Execution/{t}.test)"
                for t in tests["executed"]]
    return " | ".join(", ".join(column)
                      for column in (lit, executed, tests["suite"]))


def write_page(rows, ops, reference, index, out):
    out.write("<!-- Generated from dialects/TWasm by utils/gen-instructions.py"
              "; `ninja update-docs` rewrites it. -->\n\n")
    out.write("# The twasm dialect\n\n## Coverage\n\n")
    out.write(f"{len(rows)} Wasm instructions in {len(ops)} ops. `block`, "
              "`loop`, `else`, `end`, `nop`, `drop` and `local.get/set/tee` "
              "become blocks and SSA values while importing (rows 12, 13 and "
              "16 of the mapping table) and have no op. An instruction that "
              "is not listed is refused by name. The last columns name tests "
              "that have the instruction: of its lowering (lit), executed on "
              "every device, and scripts of the official suite. "
              "`utils/index-tests.py` finds them, and a test fails if there "
              "are none.\n\n")
    out.write("| opcode | instruction | op | lowers to | row | lit | executed "
              "| suite |\n|---|---|---|---|---|---|---|---|\n")
    for p, code, name, _, _, _, _, _, op, upstream, row in rows:
        enc = f"{p:02X} {code:02X}" if p else f"{code:02X}"
        out.write(f"| `{enc}` | `{name}` | `twasm.{op}` | `{upstream}` | "
                  f"{row or ''} | {tests_of(name, index)} |\n")
    out.write("\n## Ops that no instruction maps to\n\n"
              "| op | lowers to | row |\n|---|---|---|\n")
    for op, _, instrs, upstream, row, _ in sorted(ops):
        if not instrs:
            out.write(f"| `twasm.{op}` | {f'`{upstream}`' if upstream else ''}"
                      f" | {row or ''} |\n")
    out.write("\n")
    text = reference.read()
    out.write(text[text.index("## Operations"):] if "## Operations" in text
              else text)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("json")
    parser.add_argument("reference")
    parser.add_argument("--table", required=True)
    parser.add_argument("--page", required=True)
    parser.add_argument("--tests", required=True,
                        help="what utils/index-tests.py wrote")
    args = parser.parse_args()
    with open(args.json, encoding="utf-8") as f:
        records = json.load(f)
    rows, ops = instructions(records)
    with open(args.tests, encoding="utf-8") as f:
        index = json.load(f)
    with open(args.table, "w", encoding="utf-8") as f:
        write_table(rows, f)
    with open(args.page, "w", encoding="utf-8") as f, \
            open(args.reference, encoding="utf-8") as ref:
        write_page(rows, ops, ref, index, f)


if __name__ == "__main__":
    main()
