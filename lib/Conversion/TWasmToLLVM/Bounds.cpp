//===- Bounds.cpp - bounds checks by mode ---------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What an access is compared with. Isolated are the loads and stores of the
// core specification and of its vectors, in 32-bit memories: they are what
// kernels consist of, and the check is a good part of their cost. All others
// are dear by themselves and keep theirs: atomics, copies to shared memory,
// matrices, bulk operations.
//
//===----------------------------------------------------------------------===//

#include "Lowering.h"

#include "Format/Bounds.h"
#include "twc/Conversion/TWasmToLLVM.h"
#include "twc/Transforms/RuntimeCalls.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace twc;

/// The constant offset of a plain access; none for any other op.
static std::optional<uint64_t> offsetOfPlainAccess(Operation *op) {
  return llvm::TypeSwitch<Operation *, std::optional<uint64_t>>(op)
      .Case<twasm::LoadOp, twasm::LoadSOp, twasm::LoadUOp, twasm::StoreOp,
            twasm::StoreNOp, twasm::VLoadExtSOp, twasm::VLoadExtUOp,
            twasm::VLoadSplatOp, twasm::VLoadZeroOp, twasm::VLoadLaneOp,
            twasm::VStoreLaneOp>(
          [](auto access) { return uint64_t(access.getOffset()); })
      .Default(std::nullopt);
}

uint64_t twc::findIsolationReach(ModuleOp module) {
  constexpr uint64_t widest = 16; // v128
  uint64_t end = widest;
  module.walk([&](Operation *op) {
    std::optional<uint64_t> offset = offsetOfPlainAccess(op);
    if (offset && *offset <= ptxbin::maxUncheckedEnd - widest)
      end = std::max(end, *offset + widest);
  });
  return ptxbin::reachOf(end);
}

static bool isIsolated(Operation *op, Value index, uint64_t offset,
                       unsigned bytes, const ModuleInfo &info) {
  return index.getType().isInteger(32) && offset < info.uncheckedEnd &&
         bytes <= info.uncheckedEnd - offset && offsetOfPlainAccess(op);
}

void twc::checkBounds(OpBuilder &builder, Operation *op, Value index,
                      uint64_t offset, unsigned bytes, StringRef memory,
                      const ModuleInfo &info) {
  Location loc = op->getLoc();
  auto [function, at] = getPlace(op);
  Value size =
      isIsolated(op, index, offset, bytes, info)
          ? arith::ConstantOp::create(
                builder, loc, builder.getI64IntegerAttr(runtime::isolatedSize))
                .getResult()
          : getMemorySize(builder, op, memory, info);
  twasm::RtCheckBoundsOp::create(
      builder, loc, index, size, getLaunchConstant(op, RuntimePtr),
      builder.getI64IntegerAttr(offset), builder.getI32IntegerAttr(bytes),
      builder.getI32IntegerAttr(function), builder.getI32IntegerAttr(at));
}
