# process.py - programs that are run, and what is told of those that fail.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Standard library only.

import os
import subprocess


class Failed(Exception):
    pass


def call(command, timeout, libraries=None, variables=None):
    """What a program prints. `libraries` is a folder to find shared libraries
    in, `variables` are set in its environment."""
    env = dict(os.environ, **(variables or {}))
    if libraries:
        env["LD_LIBRARY_PATH"] = libraries
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, text=True,
                              capture_output=True, timeout=timeout, env=env)
    except subprocess.TimeoutExpired:
        raise Failed(f"{command[0]}: no end after {timeout:.0f} s")
    except OSError as error:
        raise Failed(str(error))
    if done.returncode:
        told = (done.stderr.strip() or done.stdout.strip() or "silent")
        raise Failed(f"{os.path.basename(command[0])}: exit code "
                     f"{done.returncode}: {told}")
    return done.stdout
