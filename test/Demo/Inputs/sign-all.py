# sign-all.py - signs every .ptxbin of a folder: sign-all.py FOLDER KEY.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import glob
import subprocess
import sys

folder, key = sys.argv[1:]
files = sorted(glob.glob(folder + "/*.ptxbin"))
if not files:
    sys.exit(f"no .ptxbin in {folder}")
for file in files:
    subprocess.run(["twreg", "sign", file, "--key", key], check=True)
