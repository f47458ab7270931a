# with-server.py - runs a command beside a docker-registry, $SERVER.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Usage: with-server.py DIRECTORY COMMAND...

import os
import subprocess
import sys

import loopback

with loopback.registry(sys.argv[1]) as address:
    os.environ["SERVER"] = address
    code = subprocess.run(sys.argv[2:], check=False, timeout=600).returncode
sys.exit(code)
