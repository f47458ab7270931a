//===- TWasm.td - everything of the twasm dialect -*- tablegen -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TWASM_TD
#define TWASM_TD

include "TWasmDialect.td"
include "TWasmTypes.td"
include "TWasmAttrs.td"
include "TWasmNumeric.td"
include "TWasmConvert.td"
include "TWasmMemory.td"
include "TWasmTable.td"
include "TWasmAtomic.td"
include "TWasmSimd.td"
include "TWasmControl.td"
include "TWasmModule.td"
include "TWasmDevice.td"
include "TWasmShared.td"
include "TWasmFuel.td"
include "TWasmGuest.td"
include "TWasmWarp.td"
include "TWasmMatrix.td"

#endif // TWASM_TD
