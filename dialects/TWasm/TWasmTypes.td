//===- TWasmTypes.td - reference types -*- tablegen -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Wasm core spec section 2.3. Numbers are builtin types, a vector is
// `vector<4xi32>` whatever its instructions take its lanes for, references are
// the two types below. Lowered, a reference is an i64 (runtime's KernelABI.h).
//
//===----------------------------------------------------------------------===//

#ifndef TWASM_TYPES_TD
#define TWASM_TYPES_TD

include "TWasmDialect.td"
include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/CommonTypeConstraints.td"

class TWasm_Type<string name, string mnemonic_> : TypeDef<TWasm_Dialect, name> {
  let mnemonic = mnemonic_;
}
def TWasm_FuncRef : TWasm_Type<"FuncRef", "funcref"> {
  let summary = "a function or null";
}
def TWasm_ExternRef : TWasm_Type<"ExternRef", "externref"> {
  let summary = "a value of the host or null";
}
def TWasm_Ref : AnyTypeOf<[TWasm_FuncRef, TWasm_ExternRef],
                          "a Wasm reference type">;

def TWasm_V128
    : VectorOfLengthAndType<[4], [I32]>,
      BuildableType<"::mlir::VectorType::get({4}, $_builder.getI32Type())">;

def TWasm_Int : AnyTypeOf<[I32, I64], "i32 or i64">;
def TWasm_Float : AnyTypeOf<[F32, F64], "f32 or f64">;
def TWasm_Num : AnyTypeOf<[I32, I64, F32, F64], "a Wasm number type">;
def TWasm_NumVec : AnyTypeOf<[I32, I64, F32, F64, TWasm_V128],
                             "a Wasm number or vector type">;
def TWasm_Value : AnyTypeOf<[I32, I64, F32, F64, TWasm_V128, TWasm_FuncRef,
                             TWasm_ExternRef], "a Wasm value type">;

#endif // TWASM_TYPES_TD
