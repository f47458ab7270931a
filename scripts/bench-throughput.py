#!/usr/bin/env python3
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compile throughput of twc beside clang's, on large third-party modules.

twc compiles a module to a host image and to PTX, with one thread and with two;
clang compiles what WABT's wasm2c makes of the same module. All of them
alternate, so that each sees the same machine. Reported are medians of megabytes
of Wasm (10^6 bytes, the whole file) per second of wall clock and per second of
CPU time, and the largest resident set.

wasm2c leaves memory checks to guard pages by default, so clang has none to
compile; the second line of clang's is with a check before each access and of
the stack's depth, as twc has them. So that nothing is pruned, both sides get
the module with all its functions exported, and twc stand-ins for its imports.
"""
import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "scripts" / "toolchains"))
import obtain
import wasm

# The largest that check-toolchains knows, by the code in them.
DEFAULT = ["harfbuzzjs/hb-subset.wasm", "sql.js/dist/sql-wasm.wasm"]
CHECKED = "-DWASM_RT_MEMCHECK_SIGNAL_HANDLER=0"


class Failed(Exception):
    pass


def run(command, timeout):
    """Seconds of wall clock, seconds of CPU, and MiB of a process."""
    start = time.monotonic()
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(["timeout", str(timeout), *command],
                                   stdin=subprocess.DEVNULL, stdout=log,
                                   stderr=log)
        # wait4's usage is of this child and of those it waited for.
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            log.seek(0)
            lines = log.read().decode(errors="replace").strip().splitlines()
            reason = "timed out" if process.returncode == 124 else \
                (lines or ["no message"])[-1]
            raise Failed(f"{Path(command[0]).name}: {reason}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def find_modules(options):
    """The named files, or the default ones out of their npm packages."""
    if options.modules:
        return [Path(name) for name in options.modules]
    with open(ROOT / "test" / "Toolchains" / "modules.json") as file:
        programs = json.load(file)["npm"]["programs"]
    packages = {p["package"].rsplit("@", 1)[0]: p["package"] for p in programs}
    settings = argparse.Namespace(work=str(options.work),
                                  offline=options.offline)
    found = []
    for name in DEFAULT:
        prefix = obtain.npm_install(packages[name.split("/")[0]], settings)
        found.append(Path(prefix) / "node_modules" / name)
    return found


def measure(module, options, directory):
    """Commands and samples, by name, of all that compile `module`."""
    facts = wasm.read(str(module), {})
    links = wasm.write_stand_ins(facts, str(directory / "import"))
    everything, code = str(directory / module.name), str(directory / "module.c")
    wasm.export_all(str(module), everything, facts)
    run([options.wasm2c, everything, "-n", "module", "-o", code], 120)
    out = str(directory / "out")
    twc = [str(options.build / "bin" / "twc"), everything, *links]
    clang = [options.clang, "-O2", "-c", code, "-o", out]
    commands = {
        "clang -O2": clang,
        "clang -O2, checks": [*clang, CHECKED],
    }
    for threads in (1, 2):
        commands[f"twc host -j{threads}"] = [
            *twc, "--emit=host", f"-j{threads}", "-o", out]
        commands[f"twc PTX -j{threads}"] = [
            *twc, "--emit=ptx", "--target=sm_80", f"-j{threads}", "-o", out]
    samples = {name: [] for name in commands}
    for _ in range(options.runs):
        for name, command in commands.items():
            samples[name].append(run(command, options.timeout))
    return commands, samples


def rows(module, samples):
    """One line of the table for each that compiles."""
    size = module.stat().st_size / 1e6
    base = statistics.median(s[0] for s in samples["clang -O2"])
    for name, values in samples.items():
        walls, cpus, peaks = zip(*values)
        wall, cpu = statistics.median(walls), statistics.median(cpus)
        yield (name, f"{size / wall:.3f}", f"{size / cpu:.3f}", f"{wall:.1f}",
               f"{min(walls):.1f} to {max(walls):.1f}", f"{cpu:.1f}",
               f"{max(peaks):.0f}", f"{base / wall:.2f}")


HEAD = ("compiler", "MB/s", "MB per CPU second", "wall s", "spread", "CPU s",
        "peak MiB", "times clang")


def table(lines):
    text = ["| " + " | ".join(HEAD) + " |",
            "|---" + "|---:" * (len(HEAD) - 1) + "|"]
    return "\n".join(text + ["| " + " | ".join(line) + " |" for line in lines])


def first_line(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    return (done.stdout or done.stderr).strip().splitlines()[0]


def flags(command):
    """A command without the directories of this run."""
    return " ".join(Path(word).name if "/" in word and word[0] != "-" else word
                    for word in command)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("modules", nargs="*", metavar="FILE.wasm",
                        help="by default, two from npm packages")
    parser.add_argument("--build", type=Path, default=ROOT / "build")
    parser.add_argument("--work", type=Path,
                        default=ROOT / "build" / "toolchains",
                        help="where npm packages are or go")
    parser.add_argument("--offline", action="store_true",
                        help="download nothing")
    parser.add_argument("--clang", default="clang-22")
    parser.add_argument("--wasm2c", default="wasm2c")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--timeout", type=int, default=600,
                        help="seconds for each compilation")
    parser.add_argument("--markdown", metavar="FILE",
                        help="write the tables of docs/CompileTime.md there")
    options = parser.parse_args()
    for tool in (options.clang, options.wasm2c):
        if not shutil.which(tool):
            parser.error(f"no {tool}: install Debian's "
                         f"{'wabt' if 'wasm2c' in tool else 'clang-22'}")

    text = []
    try:
        for module in find_modules(options):
            with tempfile.TemporaryDirectory() as directory:
                commands, samples = measure(module, options, Path(directory))
            text.append(
                f"### {module.name}: {module.stat().st_size:,} bytes\n\n" +
                table(rows(module, samples)))
            print(text[-1] + "\n", flush=True)
    except (Failed, obtain.Missing) as error:
        print(f"bench-throughput: {error}", file=sys.stderr)
        return 1
    about = [f"{options.runs} runs of each, which alternated; "
             f"{os.cpu_count()} cores; load average at the end "
             f"{os.getloadavg()[0]:.1f}.",
             first_line(options.clang, "--version"), ""]
    about += [f"    {name:18} {flags(c)}" for name, c in commands.items()]
    print("\n".join(about))
    if options.markdown:
        Path(options.markdown).write_text(
            "\n\n".join(text) + "\n\n" + "\n".join(about) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
