//===- Target.h - what the patterns of each target share --------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Small values, calls of opaque functions and assembly, in the LLVM dialect.
//
//===----------------------------------------------------------------------===//

#ifndef TWC_LIB_CONVERSION_TARGET_H
#define TWC_LIB_CONVERSION_TARGET_H

#include "Lowering.h"

#include "twc/Transforms/RuntimeCalls.h"

#include "mlir/Conversion/LLVMCommon/Pattern.h"

namespace twc {

mlir::Value makeI32(mlir::OpBuilder &b, mlir::Location loc, uint32_t value);
mlir::Value makeI64(mlir::OpBuilder &b, mlir::Location loc, uint64_t value);

/// Launch constants of the function that `op` is in, converted or not.
mlir::Value launchArgument(mlir::Operation *op, LaunchConstant which);
inline mlir::Value runtimePointer(mlir::Operation *op) {
  return launchArgument(op, RuntimePtr);
}

/// Calls the opaque function `name`, declared on first use; its result, null
/// without a type.
mlir::Value callRuntime(mlir::OpBuilder &b, mlir::Operation *op,
                        llvm::StringRef name, mlir::ValueRange arguments,
                        mlir::Type result = {});

/// Inline assembly; its result, null without a type.
mlir::Value makeAssembly(mlir::OpBuilder &b, mlir::Location loc,
                         mlir::Type result, llvm::StringRef text,
                         llvm::StringRef constraints,
                         mlir::ValueRange arguments, bool hasSideEffects);

/// A call of `llvm.nvvm.` and `name`; its result, null without a type.
mlir::Value makeIntrinsic(mlir::OpBuilder &b, mlir::Location loc,
                          mlir::Type type, const llvm::Twine &name,
                          mlir::ValueRange arguments);

/// Host: the runtime's answer to an operation, with arguments as
/// abi::Collective has them; null means 0.
mlir::Value callCollective(mlir::OpBuilder &b, mlir::Operation *op,
                           twrun::abi::CollectiveOp what, mlir::Value mask,
                           mlir::Value value, mlir::Value first = {},
                           mlir::Value second = {});

/// A number or float as the low bits of an i64, and back.
mlir::Value toBits(mlir::OpBuilder &b, mlir::Location loc, mlir::Value value);
mlir::Value fromBits(mlir::OpBuilder &b, mlir::Location loc, mlir::Value bits,
                     mlir::Type type);

/// Operations of threads that work together.
void populateTeamPatterns(const mlir::LLVMTypeConverter &converter,
                          mlir::RewritePatternSet &patterns, TargetKind target);
/// Time, approximate arithmetic, output and end.
void populateDevicePatterns(const mlir::LLVMTypeConverter &converter,
                            mlir::RewritePatternSet &patterns,
                            TargetKind target);
/// Operations of the matrix units.
void populateMatrixUnitPatterns(const mlir::LLVMTypeConverter &converter,
                                mlir::RewritePatternSet &patterns,
                                TargetKind target);

} // namespace twc

#endif // TWC_LIB_CONVERSION_TARGET_H
