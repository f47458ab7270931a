//===- TWasmDialect.td - the twasm dialect -*- tablegen -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The dialect, and the one place where an op says which Wasm instructions it
// stands for, which upstream op it lowers to and which row of the op mapping
// table it belongs to. utils/gen-instructions.py turns these fields into the
// importer's instruction table and the reference page.
//
//===----------------------------------------------------------------------===//

#ifndef TWASM_DIALECT_TD
#define TWASM_DIALECT_TD

include "mlir/IR/OpBase.td"
include "mlir/IR/BuiltinAttributeInterfaces.td"
include "mlir/IR/OpAsmInterface.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/CallInterfaces.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"
include "mlir/Interfaces/FunctionInterfaces.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def TWasm_Dialect : Dialect {
  let name = "twasm";
  let summary = "WebAssembly instructions in SSA form";
  let description = [{
    One op per numeric operator of the Wasm core specification (section 4.3;
    the spec's operator names are the op names), control flow as blocks with
    arguments, locals as SSA values. Types are the builtin `i32`, `i64`, `f32`
    and `f64`, `vector<4xi32>` for `v128`, and two reference types. Semantics are Wasm's: what traps in Wasm traps here, and no op
    has undefined behaviour.
  }];
  let cppNamespace = "::twc::twasm";
  let hasConstantMaterializer = 1;
  let useDefaultTypePrinterParser = 1;
  let useDefaultAttributePrinterParser = 1;
}

/// A Wasm instruction that an op stands for. `operands` and `result` use the
/// spec's names for types; `prefix` is 0 for one-byte opcodes. `storage` is
/// the width in memory of a load or store, `sign` "s", "u" or "".
class WasmInstr<string name_, int code_, list<string> operands_,
                string result_, int prefix_ = 0, int storage_ = 0,
                string sign_ = "", string shape_ = ""> {
  string name = name_;
  int opcode = code_;
  list<string> operands = operands_;
  string result = result_;
  int prefix = prefix_;
  int storage = storage_;
  string sign = sign_;
  string shape = shape_;
}

class TWasm_Op<string mnemonic, list<Trait> traits = []>
    : Op<TWasm_Dialect, mnemonic, traits> {
  /// The Wasm instructions this op stands for.
  list<WasmInstr> wasmInstrs = [];
  /// The upstream op it lowers to.
  string upstreamOp = "";
  /// Row of the op mapping table; 0 where the table has none.
  int mappingRow = 0;
}


#endif // TWASM_DIALECT_TD
