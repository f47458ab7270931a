//===- TWasmSimdMemory.td - vector loads and stores -*- tablegen -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Wasm core spec section 4.4.7: those that move less than a vector. A whole one
// is twasm.load and twasm.store.
//
//===----------------------------------------------------------------------===//

#ifndef TWASM_SIMD_MEMORY_TD
#define TWASM_SIMD_MEMORY_TD

include "TWasmMemory.td"
include "TWasmSimdBase.td"

// The shape is the result's: load8x8_s makes i16x8.
class TWasm_VLoadExt<string m, string s, list<int> codes, string doc>
    : TWasm_Access<m, [TWasm_ReadsMemory]> {
  let summary = "lanes of half the width from 8 bytes of memory, " # doc;
  let description = "`v128.loadMxN_" # s # " memarg` of the Wasm spec, section "
                    "4.4.7.\n\n```mlir\n%r = twasm." # m #
                    " i16x8 %index offset 0 align 3\n```\n";
  let arguments = !con((ins TWasm_Int16To64:$shape), memArgs);
  let results = (outs TWasm_V128:$result);
  let assemblyFormat = "$shape " # memFormat;
  let wasmInstrs = [
    VInstr<"v128.load8x8_" # s, codes[0], ["i32"], "v128", "i16x8", 64, s>,
    VInstr<"v128.load16x4_" # s, codes[1], ["i32"], "v128", "i32x4", 64, s>,
    VInstr<"v128.load32x2_" # s, codes[2], ["i32"], "v128", "i64x2", 64, s>];
  let upstreamOp = "llvm.load + arith.ext" # s # "i";
  let mappingRow = 22;
}
def TWasm_VLoadExtSOp : TWasm_VLoadExt<"vload_ext_s", "s", [0x01, 0x03, 0x05],
    "sign-extended">;
def TWasm_VLoadExtUOp : TWasm_VLoadExt<"vload_ext_u", "u", [0x02, 0x04, 0x06],
    "zero-extended">;

def TWasm_VLoadSplatOp : TWasm_Access<"vload_splat", [TWasm_ReadsMemory]> {
  let summary = "a lane's bytes from memory, in every lane";
  let description = [{
    `v128.loadN_splat memarg` of the Wasm spec, section 4.4.7.

    ```mlir
    %r = twasm.vload_splat i8x16 %index offset 0 align 0
    ```
  }];
  let arguments = !con((ins TWasm_AnyInt:$shape), memArgs);
  let results = (outs TWasm_V128:$result);
  let assemblyFormat = "$shape " # memFormat;
  let wasmInstrs = [
    VInstr<"v128.load8_splat", 0x07, ["i32"], "v128", "i8x16", 8>,
    VInstr<"v128.load16_splat", 0x08, ["i32"], "v128", "i16x8", 16>,
    VInstr<"v128.load32_splat", 0x09, ["i32"], "v128", "i32x4", 32>,
    VInstr<"v128.load64_splat", 0x0A, ["i32"], "v128", "i64x2", 64>];
  let upstreamOp = "llvm.load + llvm.shufflevector";
  let mappingRow = 25;
}

def TWasm_VLoadZeroOp : TWasm_Access<"vload_zero", [TWasm_ReadsMemory]> {
  let summary = "a lane's bytes from memory in the first lane, else zeros";
  let description = [{
    `v128.loadN_zero memarg` of the Wasm spec, section 4.4.7.

    ```mlir
    %r = twasm.vload_zero i32x4 %index offset 0 align 2
    ```
  }];
  let arguments = !con((ins TWasm_Int32To64:$shape), memArgs);
  let results = (outs TWasm_V128:$result);
  let assemblyFormat = "$shape " # memFormat;
  let wasmInstrs = [
    VInstr<"v128.load32_zero", 0x5C, ["i32"], "v128", "i32x4", 32>,
    VInstr<"v128.load64_zero", 0x5D, ["i32"], "v128", "i64x2", 64>];
  let upstreamOp = "llvm.load + llvm.insertelement";
  let mappingRow = 10;
}

def TWasm_VLoadLaneOp : TWasm_Access<"vload_lane", [TWasm_ReadsMemory]> {
  let summary = "the vector with one lane from memory";
  let description = [{
    `v128.loadN_lane memarg l` of the Wasm spec, section 4.4.7.

    ```mlir
    %r = twasm.vload_lane i8x16 %a[15], %index offset 0 align 0
    ```
  }];
  let arguments = !con((ins TWasm_AnyInt:$shape, TWasm_V128:$vector,
                            I32Attr:$lane), memArgs);
  let results = (outs TWasm_V128:$result);
  let assemblyFormat = "$shape $vector `[` $lane `]` `,` " # memFormat;
  let hasVerifier = 1;
  let wasmInstrs = [
    VInstr<"v128.load8_lane", 0x54, ["i32", "v128"], "v128", "i8x16", 8>,
    VInstr<"v128.load16_lane", 0x55, ["i32", "v128"], "v128", "i16x8", 16>,
    VInstr<"v128.load32_lane", 0x56, ["i32", "v128"], "v128", "i32x4", 32>,
    VInstr<"v128.load64_lane", 0x57, ["i32", "v128"], "v128", "i64x2", 64>];
  let upstreamOp = "llvm.load + llvm.insertelement";
  let mappingRow = 10;
}

def TWasm_VStoreLaneOp : TWasm_Access<"vstore_lane", [TWasm_WritesMemory]> {
  let summary = "writes one lane to memory";
  let description = [{
    `v128.storeN_lane memarg l` of the Wasm spec, section 4.4.7.

    ```mlir
    twasm.vstore_lane i8x16 %a[15], %index offset 0 align 0
    ```
  }];
  let arguments = !con((ins TWasm_AnyInt:$shape, TWasm_V128:$vector,
                            I32Attr:$lane), memArgs);
  let assemblyFormat = "$shape $vector `[` $lane `]` `,` " # memFormat;
  let hasVerifier = 1;
  let wasmInstrs = [
    VInstr<"v128.store8_lane", 0x58, ["i32", "v128"], "", "i8x16", 8>,
    VInstr<"v128.store16_lane", 0x59, ["i32", "v128"], "", "i16x8", 16>,
    VInstr<"v128.store32_lane", 0x5A, ["i32", "v128"], "", "i32x4", 32>,
    VInstr<"v128.store64_lane", 0x5B, ["i32", "v128"], "", "i64x2", 64>];
  let upstreamOp = "llvm.extractelement + llvm.store";
  let mappingRow = 11;
}

#endif // TWASM_SIMD_MEMORY_TD
