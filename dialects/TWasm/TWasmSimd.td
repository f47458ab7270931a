//===- TWasmSimd.td - vector ops -*- tablegen -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Wasm core spec section 4.4.3 (vector instructions).
//
//===----------------------------------------------------------------------===//

#ifndef TWASM_SIMD_TD
#define TWASM_SIMD_TD

include "TWasmMemory.td"

#endif // TWASM_SIMD_TD
