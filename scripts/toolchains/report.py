# report.py - results as lines, as a summary and as Markdown tables.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#

import re


def rate(result):
    """KB of Wasm per second, and peak memory, of each target."""
    return ", ".join(
        f"{target} {seconds:.1f} s {mib:.0f} MiB"
        for target, (seconds, mib, _) in result.compiled.items())


def replayed(result):
    agree = re.search(r"(\d+) calls agree", result.replay)
    return int(agree[1]) if agree else 0


def line(result):
    if result.skipped:
        return f"SKIPPED {result.name}: {result.skipped}"
    if result.errors:
        return f"FAILED  {result.name}: " + "; ".join(result.errors)
    calls = f", {replayed(result)} calls agree" if result.replay else ""
    return (f"ok      {result.name}: {result.bytes} bytes, {rate(result)}"
            f"{calls}")


def summary(results):
    failed = sum(r.failed() for r in results)
    skipped = sum(bool(r.skipped) for r in results)
    ran = [r for r in results if r.replay and not r.failed()]
    compiled = [r for r in results if len(r.compiled) == 2]
    text = (f"{len(results)} modules: {len(compiled)} compiled for both "
            f"targets, {len(ran)} run ({sum(map(replayed, ran))} calls agree), "
            f"{failed} failed, {skipped} skipped")
    for target in sorted({t for r in compiled for t in r.compiled}):
        size = sum(r.bytes for r in compiled)
        seconds = sum(r.compiled[target][0] for r in compiled)
        peak = max(r.compiled[target][1] for r in compiled)
        text += (f"\n{target}: {size / 1e6:.1f} MB in {seconds:.0f} s, "
                 f"{size / 1e6 / seconds:.3f} MB/s, peak {peak:.0f} MiB")
    return text


def cell(text):
    return text.replace("|", "\\|")


def verdict(result):
    if result.skipped:
        return "skipped: " + result.skipped
    if result.errors:
        return "**" + "; ".join(result.errors) + "**"
    if not result.replay:
        return "compiles"
    ended = result.ended
    why = f"; then {ended}" if " calls " in ended and "enough" not in ended else ""
    return f"{replayed(result)} calls agree{why}"


def markdown(results):
    text = ""
    for group in dict.fromkeys(r.group for r in results):
        text += (f"\n### {group}\n\n| module | from | bytes | functions | "
                 "exports (offloadable alone) | imports | PTX | host image | "
                 "result |\n|---|---|--:|--:|--:|--:|--:|--:|---|\n")
        for r in (r for r in results if r.group == group):
            spent = {target: f"{s:.1f} s, {m:.0f} MiB"
                     for target, (s, m, _) in r.compiled.items()}
            gpu = next((v for k, v in spent.items() if k != "host"), "")
            text += (f"| {r.name} | {r.source} | {r.bytes:,} | {r.functions} | "
                     f"{r.exports} ({r.offloadable}) | {r.imports} | {gpu} | "
                     f"{spent.get('host', '')} | {cell(verdict(r))} |\n")
    return text
