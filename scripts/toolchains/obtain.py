# obtain.py - builds or downloads modules, and records calls of them.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Everything lands below the work directory: npm packages in npm/, and what a
# program is made into in modules/NAME/.

import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from typing import Dict, Optional

RUST_TARGET = "wasm32-unknown-unknown"


@dataclass
class Made:
    """A module with calls of it, or the reason why there is none."""

    group: str
    name: str
    source: str  # a file of this tree, or package@version
    directory: str = ""  # for what is made of it
    wasm: Optional[str] = None
    calls: Optional[str] = None  # twreplay's script; none: compile only
    # What imported functions return, in the recording and to the replay.
    answers: Dict[str, int] = field(default_factory=dict)
    export_all: bool = False  # compile every function
    skipped: str = ""  # the reason; not a fault of this project's
    error: str = ""


class Missing(Exception):
    """What a group needs is not there: all of it is skipped."""


def run(command, timeout=300, **kwargs):
    try:
        return subprocess.run(command, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True,
                              timeout=timeout, **kwargs)
    except subprocess.TimeoutExpired as error:
        return subprocess.CompletedProcess(command, 124,
                                           f"no end after {error.timeout} s")
    except OSError as error:
        return subprocess.CompletedProcess(command, 127, str(error))


def last_line(text):
    lines = [line for line in text.splitlines() if line.strip()]
    errors = [line for line in lines if re.search(r"error", line, re.I)]
    return (errors or lines or ["no output"])[-1].strip()[:200]


def find_rustc():
    """A rustc that has the target; Debian's lies behind others on PATH."""
    for rustc in (shutil.which("rustc"), "/usr/bin/rustc"):
        if not rustc or not os.path.exists(rustc):
            continue
        found = run([rustc, "--print", "target-libdir", "--target", RUST_TARGET])
        if found.returncode == 0 and os.path.isdir(found.stdout.strip()):
            return rustc
    raise Missing(f"no rustc with {RUST_TARGET}: apt-get install "
                  "--no-install-recommends rustc libstd-rust-dev-wasm32")


def need_node():
    if not shutil.which("node"):
        raise Missing("no node: apt-get install nodejs npm")


def npm_install(package, options):
    """Installs a pinned package; raises Missing if that is impossible."""
    prefix = os.path.join(options.work, "npm")
    name, version = package.rsplit("@", 1)
    manifest = os.path.join(prefix, "node_modules", name, "package.json")
    if os.path.exists(manifest):
        with open(manifest) as file:
            if json.load(file)["version"] == version:
                return prefix
    if options.offline:
        raise Missing(f"{package} is not there, and --offline")
    if not shutil.which("npm"):
        raise Missing("no npm: apt-get install npm")
    os.makedirs(prefix, exist_ok=True)
    with open(os.path.join(prefix, "package.json"), "a+") as file:
        if file.tell() == 0:
            file.write('{"private": true}\n')
    done = run(["npm", "install", "--prefix", prefix, "--ignore-scripts",
                "--no-audit", "--no-fund", "--save-exact", package],
               timeout=180)
    if done.returncode:
        raise Missing(f"npm cannot install {package}: {last_line(done.stdout)}")
    return prefix


def compile_command(group, source, variant, output, options, prefix):
    flags = variant.split()
    if group == "c":
        return [options.guest_cc, "--target=wasm32", "-nostdlib", "-std=gnu17",
                "-ffreestanding", "-Wall", "-Werror", "-mbulk-memory", *flags,
                "-Wl,--no-entry", "-Wl,-z,stack-size=65536", source, "-o",
                output]
    if group == "rust":
        return [options.rustc, "--edition=2021", "--target", RUST_TARGET,
                "-C", "panic=abort", "-C", "strip=debuginfo", *flags, source,
                "-o", output]
    return ["node", os.path.join(prefix, "node_modules", "assemblyscript",
                                 "bin", "asc.js"), source, *flags, "-o", output]


def record(command, directory, answers, options):
    """Runs a program under the recorder; its output, or None."""
    environment = dict(os.environ, TW_RECORD_DIR=directory,
                       TW_RECORD_ANSWERS=json.dumps(answers))
    return run(["node", "--require",
                os.path.join(options.scripts, "record.cjs"), *command],
               timeout=60, env=environment)


def plain_script(calls):
    """The same calls without Node: nothing is known of what they return."""
    def argument(value):
        return value[:-1] if isinstance(value, str) else value
    return {"schema": 1, "calls": [
        {"call": name, "args": [argument(a) for a in arguments]}
        for name, *arguments in calls]}


def fresh_directory(name, options):
    directory = os.path.join(options.work, "modules",
                             re.sub(r"[^\w.-]+", "-", name))
    shutil.rmtree(directory, ignore_errors=True)
    os.makedirs(directory)
    return directory


def build_program(group, program, variant, prefix, options):
    name = (os.path.splitext(program["source"])[0] + " " +
            variant.replace("-C ", ""))
    directory = fresh_directory(name, options)
    made = Made(group, name, program["source"], directory)
    made.wasm = os.path.join(directory, "0.wasm")
    source = os.path.join(options.inputs, program["source"])
    done = run(compile_command(group, source, variant, made.wasm, options,
                               prefix))
    if done.returncode:
        made.error = "does not build: " + last_line(done.stdout)
        return made
    made.calls = os.path.join(directory, "0.json")
    if not shutil.which("node"):
        with open(made.calls, "w") as file:
            json.dump(plain_script(program["calls"]), file)
        return made
    done = record([os.path.join(options.scripts, "call-exports.cjs"), made.wasm,
                   json.dumps(program["calls"])], directory, {}, options)
    if done.returncode:
        made.error = "does not run under Node: " + last_line(done.stdout)
    return made


def use_package(program, prefix, options):
    """What one use of a package loads: often one module, sometimes several."""
    package, answers = program["package"], program.get("answers", {})
    name = program.get("use") or program["file"]
    directory = fresh_directory(name, options)
    if "file" in program:
        wasm = os.path.join(prefix, "node_modules", program["file"])
        yield Made("npm", name, package, directory, wasm, answers=answers,
                   export_all=program.get("export_all", False))
        return
    done = record([os.path.join(options.inputs, "npm", "packages.cjs"), prefix,
                   name], directory, answers, options)
    if done.returncode:
        yield Made("npm", name, package,
                   error="does not run under Node: " + last_line(done.stdout))
        return
    stems = sorted(f[:-5] for f in os.listdir(directory)
                   if f.endswith(".json"))
    seen = set()
    for stem in stems:
        wasm = os.path.join(directory, stem + ".wasm")
        script = os.path.join(directory, stem + ".json")
        with open(script) as file:
            recording = json.load(file)
        with open(wasm, "rb") as file:
            content = file.read()
        if content in seen or not (recording["calls"] or len(stems) == 1):
            continue
        seen.add(content)
        made = Made("npm", name + (f" ({stem})" if stem != "0" else ""),
                    package, directory, wasm, answers=answers)
        if recording["calls"]:
            made.calls = script
        yield made


def obtain(group, listed, options):
    """Yields a Made for each module of the group that the filter lets by."""
    def wanted(name):
        return options.filter in name
    try:
        prefix = None
        if group == "rust":
            options.rustc = find_rustc()
        if group == "c" and not shutil.which(options.guest_cc):
            raise Missing(f"no {options.guest_cc}")
        if group != "c":
            need_node()
        if "package" in listed:
            prefix = npm_install(listed["package"], options)
    except Missing as missing:
        yield Made(group, group, group, skipped=str(missing))
        return
    for program in listed["programs"]:
        if group != "npm":
            for variant in program["variants"]:
                if wanted(program["source"] + " " + variant):
                    yield build_program(group, program, variant, prefix, options)
            continue
        name = program.get("use") or program["file"]
        if not wanted(name):
            continue
        try:
            prefix = npm_install(program["package"], options)
        except Missing as missing:
            yield Made(group, name, program["package"], skipped=str(missing))
            continue
        yield from use_package(program, prefix, options)
