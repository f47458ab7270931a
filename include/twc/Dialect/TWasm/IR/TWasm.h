//===- TWasm.h - the twasm dialect's C++ classes ----------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The dialect mirrors the op mapping table: one op per numeric operator of the
// Wasm core specification. See docs/Dialects/TWasm.md for the reference.
//
//===----------------------------------------------------------------------===//

#ifndef TWC_DIALECT_TWASM_IR_TWASM_H
#define TWC_DIALECT_TWASM_IR_TWASM_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/Dialect/LLVMIR/LLVMTypes.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/CallInterfaces.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

namespace twc::twasm {

// The builders that TableGen generates name MLIR's types unqualified.
using namespace mlir;

/// Side-effect resources. A trap leaves the thread and makes memory as it
/// stands visible, so ops that may trap keep their order and are never dead.
struct TrapResource : SideEffects::Resource::Base<TrapResource> {
  StringRef getName() final { return "<TWasmTrap>"; }
};
/// Linear memory, the size included.
struct MemoryResource : SideEffects::Resource::Base<MemoryResource> {
  StringRef getName() final { return "<TWasmMemory>"; }
};
/// Mutable globals.
struct GlobalResource : SideEffects::Resource::Base<GlobalResource> {
  StringRef getName() final { return "<TWasmGlobal>"; }
};
/// Tables, their sizes included, and element segments.
struct TableResource : SideEffects::Resource::Base<TableResource> {
  StringRef getName() final { return "<TWasmTable>"; }
};

/// On ops that read, write or size a memory: one they name, or else the own
/// memory of their function.
template <typename ConcreteOp>
class UsesMemory : public OpTrait::TraitBase<ConcreteOp, UsesMemory> {};

/// An error unless `memory`, where it is not null, names a memory.
LogicalResult verifyMemoryName(Operation *op, FlatSymbolRefAttr memory,
                               SymbolTableCollection &symbols);
/// An error unless a tail call's results are its function's.
LogicalResult verifyTailResults(Operation *op, ArrayAttr results);

} // namespace twc::twasm

#include "TWasm/TWasmDialect.h.inc"
#include "TWasm/TWasmEnums.h.inc"

#define GET_TYPEDEF_CLASSES
#include "TWasm/TWasmTypes.h.inc"

#define GET_ATTRDEF_CLASSES
#include "TWasm/TWasmAttrs.h.inc"

#define GET_OP_CLASSES
#include "TWasm/TWasmOps.h.inc"

#endif // TWC_DIALECT_TWASM_IR_TWASM_H
