//===- TWasmSimd.td - vector ops -*- tablegen -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Wasm core spec section 4.4.3 (vector instructions) and the relaxed-SIMD
// proposal; docs/RelaxedSIMD.md says what the latter leave open and what is
// chosen here.
//
//===----------------------------------------------------------------------===//

#ifndef TWASM_SIMD_TD
#define TWASM_SIMD_TD

include "TWasmSimdInteger.td"
include "TWasmSimdFloat.td"
include "TWasmSimdLanes.td"
include "TWasmSimdMemory.td"

#endif // TWASM_SIMD_TD
