# The launches that run-kernels.py makes, in its order.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

from . import blocks, numeric, threads

CASES = threads.CASES + blocks.CASES + numeric.CASES
