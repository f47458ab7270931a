# store.py - results of benchmarks in files that are short enough to keep.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# JSON with lists of numbers on one line and five digits of each fraction:
# CUDA's events resolve about half a microsecond.

import json


class Unusable(Exception):
    """A file is not there, or holds something else."""


def rounded(value):
    if isinstance(value, float):
        return float(f"{value:.5g}")
    if isinstance(value, list):
        return [rounded(v) for v in value]
    if isinstance(value, dict):
        return {k: rounded(v) for k, v in value.items()}
    return value


def text_of(value, indent=0):
    """JSON with one line for each member; a list without objects is on one."""
    space = "\n" + " " * (indent + 1)
    if isinstance(value, dict) and value:
        members = (f"{json.dumps(k)}: {text_of(v, indent + 1)}"
                   for k, v in value.items())
        return "{" + space + ("," + space).join(members) + space[:-1] + "}"
    if isinstance(value, list) and any(isinstance(v, dict) for v in value):
        return ("[" + space +
                ("," + space).join(text_of(v, indent + 1) for v in value) +
                space[:-1] + "]")
    return json.dumps(value)


def write(path, results):
    with open(path, "w") as file:
        file.write(text_of(rounded(results)) + "\n")


def read(path, *members):
    """What `write` wrote, with at least these members."""
    try:
        with open(path) as file:
            results = json.load(file)
    except (OSError, ValueError) as error:
        raise Unusable(f"{path}: {error}")
    for member in members:
        if not isinstance(results, dict) or member not in results:
            raise Unusable(f"{path}: expected results with '{member}', but "
                           "found none")
    return results
