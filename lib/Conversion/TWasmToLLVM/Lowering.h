//===- Lowering.h - what the pattern families share -------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The launch constants of a lowered function, and the families of patterns.
//
//===----------------------------------------------------------------------===//

#ifndef TWC_LIB_CONVERSION_LOWERING_H
#define TWC_LIB_CONVERSION_LOWERING_H

#include "twc/Conversion/TWasmToLLVM.h"
#include "twc/Dialect/TWasm/IR/TWasm.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Transforms/DialectConversion.h"

#include <map>

namespace twc {

/// Linear memory and instance state are in LLVM address space 1: NVPTX's
/// global memory, and plain memory on x86-64, where the number means nothing.
inline constexpr unsigned guestAddressSpace = 1;

/// Leading arguments of each lowered function, in this order.
enum LaunchConstant : unsigned {
  MemoryBase,  // !llvm.ptr<1>
  MemorySize,  // i64, bytes
  RuntimePtr,  // !llvm.ptr: trap record (PTX) or HostThread (host)
  StatePtr,    // !llvm.ptr<1>: abi::InstanceState
  StackLimit,  // i64, lowest address of the stack that may be used
  FuelPtr,     // !llvm.ptr: the thread's counter; null if fuel is not counted
  NumLaunchConstants
};
llvm::SmallVector<mlir::Type> launchConstantTypes(mlir::MLIRContext *context);
mlir::Value getLaunchConstant(mlir::Operation *inside, LaunchConstant which);

/// Wasm function index and byte offset of `op`'s instruction.
std::pair<uint32_t, uint32_t> getPlace(mlir::Operation *op);

/// A table as instantiation leaves it; elements that are not there are null.
struct TableContents {
  uint64_t size = 0;
  std::map<uint64_t, mlir::func::FuncOp> elements;
};

/// The module's facts that patterns ask for.
struct ModuleInfo {
  explicit ModuleInfo(mlir::ModuleOp module);
  bool memoryGrows = false;
  llvm::StringMap<twasm::GlobalOp> globals;
  llvm::StringMap<TableContents> tables;
  llvm::StringMap<mlir::func::FuncOp> functions; // by twasm symbol
};

/// Current size of memory in bytes, as i64.
mlir::Value getMemorySize(mlir::OpBuilder &builder, mlir::Operation *op,
                          const ModuleInfo &info);

/// Traps with `code` if `condition` (i1) holds; nothing if it is constant
/// false. The place is `op`'s location.
void trapIf(mlir::OpBuilder &builder, mlir::Operation *op,
            mlir::Value condition, twasm::TrapCode code);

void populateNumericPatterns(mlir::RewritePatternSet &patterns);
void populateConversionPatterns(mlir::RewritePatternSet &patterns);
void populateMemoryPatterns(mlir::RewritePatternSet &patterns,
                            const ModuleInfo &info);
void populateControlPatterns(mlir::RewritePatternSet &patterns,
                             const ModuleInfo &info);
void populateFuelPatterns(mlir::RewritePatternSet &patterns);

/// On a module of phase `std`: its functions count fuel.
inline constexpr llvm::StringLiteral countsFuelAttr = "twasm.counts_fuel";

/// Implementations of twasm.rt and device ops.
void populateRuntimePatterns(const mlir::LLVMTypeConverter &converter,
                             mlir::RewritePatternSet &patterns,
                             TargetKind target);

/// On a func.call: nothing of the caller is needed any more. The next op must
/// be a func.return of exactly the call's results.
inline constexpr llvm::StringLiteral tailAttr = "twasm.tail";

/// Makes loops of cycles of tail calls, ordinary calls of all others.
mlir::LogicalResult mergeTailCalls(mlir::ModuleOp module);

/// Adds an entry point for each exported function.
mlir::LogicalResult addEntryPoints(mlir::ModuleOp module, TargetKind target);

} // namespace twc

#endif // TWC_LIB_CONVERSION_LOWERING_H
