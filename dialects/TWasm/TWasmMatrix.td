//===- TWasmMatrix.td - matrix units -*- tablegen -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The imports `tw.matrix_*`: a warp's products of 16 x 16 matrices, whose
// elements its threads hold in fragments (docs/DeviceInterface.md). Fragments
// are numbered, not values: they are the thread's, as a register file is.
//
//===----------------------------------------------------------------------===//

#ifndef TWASM_MATRIX_TD
#define TWASM_MATRIX_TD

include "TWasmGuest.td"
include "TWasmWarp.td"

/// Numbers are those of twrun::abi::MatrixElement.
def TWasm_MatrixElement : I32EnumAttr<"MatrixElement", "a matrix's elements", [
    I32EnumAttrCase<"f16", 0>, I32EnumAttrCase<"bf16", 1>,
    I32EnumAttrCase<"tf32", 2>, I32EnumAttrCase<"f32", 3>]> {
  let cppNamespace = "::twc::twasm";
}
def TWasm_MatrixLayout : I32EnumAttr<"MatrixLayout", "order of elements", [
    I32EnumAttrCase<"row", 0>, I32EnumAttrCase<"col", 1>]> {
  let cppNamespace = "::twc::twasm";
}
/// Left and right operands, and accumulators.
def TWasm_MatrixFile : I32EnumAttr<"MatrixFile", "a file of fragments", [
    I32EnumAttrCase<"a", 0>, I32EnumAttrCase<"b", 1>,
    I32EnumAttrCase<"c", 2>]> {
  let cppNamespace = "::twc::twasm";
}
def TWasm_Operand : ConfinedAttr<I32Attr, [IntNonNegative, IntMaxValue<7>]>;
def TWasm_Accumulator : ConfinedAttr<I32Attr, [IntNonNegative,
                                               IntMaxValue<15>]>;

def TWasm_MatrixFillOp : TWasm_CollectiveOp<"matrix_fill", [TWasm_Joins]> {
  let summary = "sets all elements of an accumulator";
  let description = [{
    The import `tw.matrix_fill_f32`.

    ```mlir
    twasm.matrix_fill 3, %value
    ```
  }];
  let arguments = (ins TWasm_Accumulator:$fragment, F32:$value);
  let assemblyFormat = "$fragment `,` $value attr-dict";
  let upstreamOp = "llvm.store";
}

def TWasm_MatrixMmaOp : TWasm_CollectiveOp<"matrix_mma", [TWasm_Joins]> {
  let summary = "accumulator d becomes a x b + c";
  let description = [{
    The imports `tw.matrix_mma_f16`, `_bf16` and `_tf32`.

    ```mlir
    twasm.matrix_mma f16 0, 1, 2, 0
    ```
  }];
  let arguments = (ins TWasm_MatrixElement:$element, TWasm_Accumulator:$d,
                       TWasm_Operand:$a, TWasm_Operand:$b,
                       TWasm_Accumulator:$c);
  let assemblyFormat = "$element $d `,` $a `,` $b `,` $c attr-dict";
  let hasVerifier = 1;
  let upstreamOp = "llvm.nvvm.wmma.mma";
}

class TWasm_MatrixAccess<string m, MemoryEffects effects>
    : TWasm_MemoryUser<m, [TWasm_Collective, effects]> {
  dag places = (ins TWasm_MatrixLayout:$layout, I32:$address, I32:$stride,
                    OptionalAttr<FlatSymbolRefAttr>:$memory);
}

def TWasm_MatrixLoadOp
    : TWasm_MatrixAccess<"matrix_load", TWasm_JoinsInMemory> {
  let summary = "fills a fragment from memory";
  let description = [{
    The imports `tw.matrix_load_a_E_L`, `tw.matrix_load_b_E_L` and, with file
    `c`, `tw.matrix_load_f32_L`. `stride` counts elements. Traps with "unaligned
    matrix", and if any element is out of bounds.

    ```mlir
    twasm.matrix_load a f16 row 3, %address, %stride
    ```
  }];
  let arguments = !con((ins TWasm_MatrixFile:$file,
                            TWasm_MatrixElement:$element,
                            TWasm_Accumulator:$fragment), places);
  let assemblyFormat = "$file $element $layout $fragment `,` $address `,` "
                       "$stride (`in` $memory^)? attr-dict";
  let hasVerifier = 1;
  let upstreamOp = "llvm.nvvm.wmma.load";
}

def TWasm_MatrixStoreOp
    : TWasm_MatrixAccess<"matrix_store", TWasm_JoinsInMemory> {
  let summary = "writes an accumulator to memory";
  let description = [{
    The imports `tw.matrix_store_f32_L`.

    ```mlir
    twasm.matrix_store col 3, %address, %stride
    ```
  }];
  let arguments = !con((ins TWasm_Accumulator:$fragment), places);
  let assemblyFormat = "$layout $fragment `,` $address `,` $stride "
                       "(`in` $memory^)? attr-dict";
  let upstreamOp = "llvm.nvvm.wmma.store";
}

//===-- As the lowering knows them ----------------------------------------===//

class TWasm_RtMatrix<string m, MemoryEffects effects>
    : TWasm_Op<m, [TWasm_Collective, effects]> {
  dag places = (ins TWasm_MatrixLayout:$layout, TWasm_Ptr:$address,
                    I32:$stride);
}

def TWasm_RtMatrixLoadOp
    : TWasm_RtMatrix<"rt.matrix_load", TWasm_JoinsInMemory> {
  let summary = "fills a fragment from where it is known to be";
  let description = [{
    ```mlir
    twasm.rt.matrix_load a f16 row 3, %address, %stride : !llvm.ptr<1>
    ```
  }];
  let arguments = !con((ins TWasm_MatrixFile:$file,
                            TWasm_MatrixElement:$element,
                            TWasm_Accumulator:$fragment), places);
  let assemblyFormat = "$file $element $layout $fragment `,` $address `,` "
                       "$stride attr-dict `:` type($address)";
  let upstreamOp = "llvm.nvvm.wmma.load";
}

def TWasm_RtMatrixStoreOp
    : TWasm_RtMatrix<"rt.matrix_store", TWasm_JoinsInMemory> {
  let summary = "writes an accumulator to where there is room for it";
  let description = [{
    ```mlir
    twasm.rt.matrix_store row 3, %address, %stride : !llvm.ptr<1>
    ```
  }];
  let arguments = !con((ins TWasm_Accumulator:$fragment), places);
  let assemblyFormat = "$layout $fragment `,` $address `,` $stride attr-dict "
                       "`:` type($address)";
  let upstreamOp = "llvm.nvvm.wmma.store";
}

#endif // TWASM_MATRIX_TD
