# exits.py - runs a command and fails unless it exits with the code given.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Usage: exits.py CODE COMMAND...

import subprocess
import sys

code = subprocess.run(sys.argv[2:], check=False, timeout=120).returncode
if code != int(sys.argv[1]):
    sys.exit(f"expected exit code {sys.argv[1]}, but got {code}")
