//===- TWasmAttrs.td - enums and attributes -*- tablegen -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TWASM_ATTRS_TD
#define TWASM_ATTRS_TD

include "TWasmTypes.td"
include "mlir/IR/EnumAttr.td"

/// Numbers are those of twrun::abi::TrapCode.
def TWasm_TrapCode : I32EnumAttr<"TrapCode", "why a guest thread stops", [
    I32EnumAttrCase<"Unreachable", 1, "unreachable">,
    I32EnumAttrCase<"IntegerOverflow", 2, "integer_overflow">,
    I32EnumAttrCase<"IntegerDivideByZero", 3, "integer_divide_by_zero">,
    I32EnumAttrCase<"InvalidConversion", 4, "invalid_conversion_to_integer">,
    I32EnumAttrCase<"OutOfBoundsMemory", 5, "out_of_bounds_memory_access">,
    I32EnumAttrCase<"IndirectCallMismatch", 6, "indirect_call_type_mismatch">,
    I32EnumAttrCase<"UndefinedElement", 7, "undefined_element">,
    I32EnumAttrCase<"UninitializedElement", 8, "uninitialized_element">,
    I32EnumAttrCase<"CallStackExhausted", 9, "call_stack_exhausted">,
    I32EnumAttrCase<"FuelExhausted", 10, "all_fuel_consumed">,
    I32EnumAttrCase<"OutOfBoundsTable", 11, "out_of_bounds_table_access">,
    I32EnumAttrCase<"UnalignedAtomic", 12, "unaligned_atomic">,
    I32EnumAttrCase<"ExpectedSharedMemory", 13, "expected_shared_memory">,
    I32EnumAttrCase<"EndlessWait", 14, "endless_wait">,
     I32EnumAttrCase<"Aborted", 15, "aborted">,
     I32EnumAttrCase<"DivergentBarrier", 16, "divergent_barrier">,
     I32EnumAttrCase<"NotInWarpMask", 17, "not_in_warp_mask">,
     I32EnumAttrCase<"UnalignedMatrix", 18, "unaligned_matrix">]> {
  let cppNamespace = "::twc::twasm";
}

def TWasm_Dim : I32EnumAttr<"Dim", "a grid dimension", [
    I32EnumAttrCase<"x", 0>, I32EnumAttrCase<"y", 1>,
    I32EnumAttrCase<"z", 2>]> {
  let cppNamespace = "::twc::twasm";
}

/// What an export or import names (Wasm spec 2.5.10).
def TWasm_ExternKind : I32EnumAttr<"ExternKind", "kind of external value", [
    I32EnumAttrCase<"Func", 0, "func">, I32EnumAttrCase<"Table", 1, "table">,
    I32EnumAttrCase<"Memory", 2, "memory">,
    I32EnumAttrCase<"Global", 3, "global">]> {
  let cppNamespace = "::twc::twasm";
}

def TWasm_RmwKind : I32EnumAttr<"RmwKind", "an atomic read-modify-write", [
    I32EnumAttrCase<"add", 0>, I32EnumAttrCase<"sub", 1>,
    I32EnumAttrCase<"and_", 2, "and">, I32EnumAttrCase<"or_", 3, "or">,
    I32EnumAttrCase<"xor_", 4, "xor">, I32EnumAttrCase<"xchg", 5>]> {
  let cppNamespace = "::twc::twasm";
}

/// A constant reference: `#twasm.ref<@f> : !twasm.funcref`, or null without a
/// function.
def TWasm_RefAttr : AttrDef<TWasm_Dialect, "Ref", [TypedAttrInterface]> {
  let mnemonic = "ref";
  let summary = "a constant reference";
  let parameters = (ins AttributeSelfTypeParameter<"">:$type,
                        OptionalParameter<"::mlir::FlatSymbolRefAttr">:$func);
  let assemblyFormat = "(`<` $func^ `>`)?";
}

#endif // TWASM_ATTRS_TD
