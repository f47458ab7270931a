//===- TraceAddresses.cpp - which window an address comes from ------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A hint, found by following values forwards: an address computed from that of
// a window most likely lies in it. Only what is cheap is followed; nothing is
// wrong with an access that has no mark, or the wrong one.
//
//===----------------------------------------------------------------------===//

#include "twc/Dialect/TWasm/IR/TWasm.h"
#include "twc/Dialect/TWasm/Transforms/Passes.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/TypeSwitch.h"

namespace twc::twasm {
#define GEN_PASS_DEF_TRACEADDRESSES
#include "twc/Dialect/TWasm/Transforms/Passes.h.inc"
} // namespace twc::twasm

using namespace mlir;
using namespace twc::twasm;

namespace {

/// Nothing known yet, one of the windows, or anything.
enum class Origin : uint8_t { None, Shared, Stack, Any };

Origin join(Origin a, Origin b) {
  if (a == Origin::None || a == b)
    return b;
  return b == Origin::None ? a : Origin::Any;
}

bool isWindow(Origin origin) {
  return origin == Origin::Shared || origin == Origin::Stack;
}

/// The address that `op` accesses, if it is one of those that ask for a mark.
Value getAddress(Operation *op) {
  return llvm::TypeSwitch<Operation *, Value>(op)
      .Case<LoadOp, LoadSOp, LoadUOp, StoreOp, StoreNOp, VLoadExtSOp,
            VLoadExtUOp, VLoadSplatOp, VLoadZeroOp, VLoadLaneOp, VStoreLaneOp,
            AtomicLoadOp, AtomicStoreOp, AtomicRmwOp, AtomicCmpxchgOp,
            AtomicWaitOp, AtomicNotifyOp, ScopedLoadOp, ScopedStoreOp,
            ScopedRmwOp, ScopedCmpxchgOp>(
          [](auto access) -> Value { return access.getIndex(); })
      .Case<MatrixLoadOp, MatrixStoreOp>(
          [](auto access) -> Value { return access.getAddress(); })
      .Default([](Operation *) { return Value(); });
}

struct TraceAddresses
    : twc::twasm::impl::TraceAddressesBase<TraceAddresses> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    SmallVector<FuncOp> functions;
    for (auto func : module.getOps<FuncOp>())
      if (func->hasAttr(sharedMemoryAttr) && !func.isExternal()) {
        functions.push_back(func);
        byName[func.getSymNameAttr()] = func;
        if (auto of = func->getAttrOfType<FlatSymbolRefAttr>(gridOfAttr))
          cloneOf[of.getAttr()] = func;
      }
    if (functions.empty())
      return;
    for (auto global : module.getOps<GlobalOp>())
      if (global->hasAttr(stackMemoryAttr))
        stackPointer = global.getSymName();
    // Parameters that values come to from elsewhere: a launch, a table.
    for (auto op : module.getOps<ExportOp>())
      if (auto grid = op->getAttrOfType<FlatSymbolRefAttr>(gridAttr))
        spoil(byName.lookup(grid.getAttr()));
    for (auto elem : module.getOps<ElemOp>())
      for (Attribute ref : elem.getFuncs())
        if (auto name = dyn_cast<FlatSymbolRefAttr>(ref))
          spoil(cloneOf.lookup(name.getAttr()));

    // Origins only rise, twice at most.
    for (bool changed = true; changed;) {
      changed = false;
      for (FuncOp func : functions)
        for (Block &block : func.getBody())
          for (Operation &op : block)
            changed |= visit(&op, func);
    }
    Builder b(&getContext());
    for (FuncOp func : functions)
      func.walk([&](Operation *op) {
        Value address = getAddress(op);
        Origin origin = address ? originOf(address) : Origin::Any;
        if (!isWindow(origin) || op->hasAttr(frameAttr))
          return;
        op->setAttr(originAttr, b.getStringAttr(origin == Origin::Shared
                                                    ? originShared
                                                    : originStack));
        ++numMarked;
      });
  }

private:
  Origin originOf(Value value) const {
    return value.getType().isInteger(32) ? origins.lookup(value) : Origin::Any;
  }

  bool raise(Value value, Origin origin) {
    if (!value.getType().isInteger(32))
      return false;
    Origin &old = origins[value];
    Origin joined = join(old, origin);
    return joined != std::exchange(old, joined);
  }

  void spoil(FuncOp func) {
    if (!func)
      return;
    for (BlockArgument argument : func.getArguments())
      raise(argument, Origin::Any);
  }

  /// Of a sum, or of an address and a mask.
  static Origin combine(Origin a, Origin b) {
    if (isWindow(a) && isWindow(b))
      return a == b ? a : Origin::Any;
    if (isWindow(a) || isWindow(b))
      return isWindow(a) ? a : b;
    return a == Origin::None || b == Origin::None ? Origin::None : Origin::Any;
  }

  bool visit(Operation *op, FuncOp func) {
    bool changed = false;
    if (auto branch = dyn_cast<BranchOpInterface>(op)) {
      for (unsigned i = 0; i < op->getNumSuccessors(); ++i) {
        SuccessorOperands operands = branch.getSuccessorOperands(i);
        for (unsigned k = 0; k < operands.size(); ++k)
          changed |= raise(op->getSuccessor(i)->getArgument(k),
                           originOf(operands[k]));
      }
      return changed;
    }
    if (auto ret = dyn_cast<ReturnOp>(op)) {
      SmallVectorImpl<Origin> &results = returned[func];
      results.resize(ret.getValues().size());
      for (auto [result, value] : llvm::zip(results, ret.getValues())) {
        Origin joined = join(result, originOf(value));
        changed |= joined != std::exchange(result, joined);
      }
      return changed;
    }
    if (auto call = dyn_cast<CallOp>(op))
      return visitCall(op, call.getCalleeAttr().getAttr(), call.getArgs());
    if (auto call = dyn_cast<ReturnCallOp>(op))
      // What it returns its caller returns: taken as anything.
      return visitCall(op, call.getCalleeAttr().getAttr(), call.getArgs());
    if (op->getNumResults() == 0)
      return false;
    Origin origin = Origin::Any;
    if (isa<SharedOp, SharedBaseOp>(op))
      origin = Origin::Shared;
    else if (auto get = dyn_cast<GlobalGetOp>(op))
      origin = get.getGlobal() == stackPointer ? Origin::Stack : Origin::Any;
    else if (isa<IAddOp, IOrOp, IAndOp>(op))
      origin =
          combine(originOf(op->getOperand(0)), originOf(op->getOperand(1)));
    else if (isa<ISubOp>(op))
      // The difference of two addresses is none.
      origin = isWindow(originOf(op->getOperand(1)))
                   ? Origin::Any
                   : combine(originOf(op->getOperand(0)), Origin::Any);
    else if (auto select = dyn_cast<SelectOp>(op))
      origin = join(originOf(select.getTrueValue()),
                    originOf(select.getFalseValue()));
    for (Value result : op->getResults())
      changed |= raise(result, origin);
    return changed;
  }

  bool visitCall(Operation *op, StringAttr name, ValueRange arguments) {
    bool changed = false;
    FuncOp callee = byName.lookup(name);
    if (callee)
      for (auto [parameter, value] :
           llvm::zip(callee.getArguments(), arguments))
        changed |= raise(parameter, originOf(value));
    ArrayRef<Origin> results;
    if (auto it = returned.find(callee); it != returned.end())
      results = it->second;
    for (auto [i, result] : llvm::enumerate(op->getResults()))
      changed |= raise(result, !callee              ? Origin::Any
                               : i < results.size() ? results[i]
                                                    : Origin::None);
    return changed;
  }

  llvm::DenseMap<StringAttr, FuncOp> byName, cloneOf;
  StringRef stackPointer;
  llvm::DenseMap<Value, Origin> origins;
  llvm::DenseMap<Operation *, SmallVector<Origin>> returned; // by function
};

} // namespace
