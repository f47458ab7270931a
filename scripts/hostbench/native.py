# native.py - compiles the kernels for the machine.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Standard library only.

import glob
import os
import shutil

from .process import Failed, call

SOURCES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..",
                       "kernels")
# The level is lib/Target/Host's. Nothing is fused, as in WebAssembly.
FLAGS = ["-O3", "-march=x86-64-v3", "-ffp-contract=off", "-fopenmp",
         "-std=gnu17"]


def find_clang():
    return shutil.which("clang-22") or shutil.which("clang") or "clang-22"


def library_folder(options):
    """Options for the linker to find OpenMP's library with."""
    if not options.omp:
        return []
    folder = os.path.abspath(options.omp)
    return ["-L" + folder, "-Wl,-rpath," + folder]


def is_newer(file, than):
    return not os.path.exists(than) or os.path.getmtime(
        file) > os.path.getmtime(than)


def build(options, kernels):
    """Compiles the programs that are missing or older than their sources."""
    folder = os.path.join(SOURCES, "native")
    shared = glob.glob(os.path.join(folder, "*.[ch]"))
    flags = os.path.join(options.native, "FLAGS")
    version = call([options.clang, "--version"], 60).splitlines()[0]
    os.makedirs(options.native, exist_ok=True)
    text = f"{' '.join(FLAGS)} ({version})\n"
    try:
        with open(flags) as file:
            stale = file.read() != text
    except OSError:
        stale = True
    for kernel in kernels:
        own = os.path.join(folder, kernel + ".c")
        source = own if os.path.exists(own) else os.path.join(
            SOURCES, kernel + ".c")
        program = os.path.join(options.native, kernel)
        if not stale and not any(is_newer(f, program)
                                 for f in [source, *shared]):
            continue
        try:
            call([options.clang, *FLAGS, "-Wall", "-Wextra", "-Werror",
                  "-I", folder, f'-DTW_SOURCE="{os.path.abspath(source)}"',
                  "-DTW_NAME=" + kernel, os.path.join(folder, "harness.c"),
                  "-o", program, *library_folder(options)], 120)
        except Failed as error:
            raise Failed(f"cannot compile {kernel} natively; that needs clang "
                         "with OpenMP (scripts/setup.sh --bench): "
                         f"{error}")
    with open(flags, "w") as file:
        file.write(text)
