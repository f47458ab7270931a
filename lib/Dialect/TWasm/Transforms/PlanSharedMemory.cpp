//===- PlanSharedMemory.cpp - how much shared memory a block gets ---------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The window of shared memory lies at a fixed address, between what modules
// keep at the very bottom of their memory and the stacks or data above it; what
// is free there bounds it.
//
//===----------------------------------------------------------------------===//

#include "twc/Dialect/TWasm/Analysis/Tables.h"
#include "twc/Dialect/TWasm/Transforms/Passes.h"

#include "Format/KernelABI.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/MathExtras.h"

namespace twc::twasm {
#define GEN_PASS_DEF_PLANSHAREDMEMORY
#include "twc/Dialect/TWasm/Transforms/Passes.h.inc"
} // namespace twc::twasm

using namespace mlir;
using namespace twc;
using twrun::abi::maxSharedBytes;
using twrun::abi::sharedBase;

namespace {

/// How many bytes a window can have, and why no more.
struct Limit {
  uint64_t bytes = maxSharedBytes;
  std::string reason = "a block has at most that on any GPU";

  /// Nothing of the window may lie at `address` or above.
  void endBelow(uint64_t address, const std::string &why) {
    uint64_t room = address < sharedBase ? 0 : address - sharedBase;
    room = llvm::alignDown(room, 16);
    if (room >= bytes)
      return;
    bytes = room;
    reason = why;
  }
};

struct PlanSharedMemory
    : twasm::impl::PlanSharedMemoryBase<PlanSharedMemory> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    SmallVector<twasm::ExportOp> roots;
    for (auto op : module.getOps<twasm::ExportOp>())
      if (op->hasAttr(twasm::needsSharedAttr) && op->hasAttr(twasm::gridAttr))
        roots.push_back(op);
    if (roots.empty())
      return;
    for (auto func : module.getOps<twasm::FuncOp>())
      if (auto original =
              func->getAttrOfType<FlatSymbolRefAttr>(twasm::gridOfAttr))
        cloneOf[original.getAttr()] = func.getSymNameAttr();
    twasm::TableAnalysis tables(module);
    SymbolTable symbols(module);
    for (twasm::ExportOp root : roots)
      if (failed(plan(root, symbols, tables)))
        return signalPassFailure();
  }

private:
  /// The functions that `root`'s grid runs.
  llvm::SetVector<twasm::FuncOp> reach(twasm::ExportOp root,
                                       const SymbolTable &symbols,
                                       const twasm::TableAnalysis &tables) {
    llvm::SetVector<twasm::FuncOp> reached;
    auto visit = [&](StringAttr name) {
      StringAttr clone = cloneOf.lookup(name);
      auto func = symbols.lookup<twasm::FuncOp>(clone ? clone : name);
      if (func && !func.isExternal())
        reached.insert(func);
    };
    llvm::DenseSet<std::pair<StringRef, Type>> seen;
    auto visitTable = [&](StringRef table, FunctionType type) {
      if (seen.insert({table, type}).second)
        llvm::for_each(tables.getCallees(table, type), visit);
    };
    visit(root->getAttrOfType<FlatSymbolRefAttr>(twasm::gridAttr).getAttr());
    for (size_t i = 0; i < reached.size(); ++i)
      twasm::FuncOp(reached[i]).walk(
          [&](Operation *op) { twasm::visitCallees(op, visit, visitTable); });
    return reached;
  }

  Limit limitOf(ModuleOp module, twasm::MemoryOp memory) {
    Limit limit;
    StringRef name = memory.getSymName();
    limit.endBelow(memory.getMin() << 16,
                   "the memory ends at " +
                       std::to_string(memory.getMin() << 16) +
                       ": declare a larger one");
    for (auto data : module.getOps<twasm::DataOp>()) {
      uint64_t start = data.getOffset(), size = data.getBytes().size();
      if (data.getMemory() == name && size && start + size > sharedBase)
        limit.endBelow(start, "data begins at " + std::to_string(start) +
                                  ": link with -Wl,-z,stack-size= and the "
                                  "stack first");
    }
    for (auto global : module.getOps<twasm::GlobalOp>()) {
      auto low = global->getAttrOfType<IntegerAttr>(twasm::stackLowAttr);
      auto home =
          global->getAttrOfType<FlatSymbolRefAttr>(twasm::stackMemoryAttr);
      if (low && home && home.getValue() == name)
        limit.endBelow(low.getInt(), "the threads' stacks begin at " +
                                         std::to_string(low.getInt()) +
                                         ": link with a larger "
                                         "-Wl,-z,stack-size=");
    }
    return limit;
  }

  LogicalResult plan(twasm::ExportOp root, const SymbolTable &symbols,
                     const twasm::TableAnalysis &tables) {
    ModuleOp module = getOperation();
    Builder b(&getContext());
    auto describe = [&](InFlightDiagnostic diagnostic) {
      diagnostic << "export '" << root.getExportName() << "' ";
      return diagnostic;
    };
    llvm::SetVector<twasm::FuncOp> reached = reach(root, symbols, tables);
    twasm::FuncOp entry = reached.front();
    auto home = [&](twasm::FuncOp func) {
      auto all = module.getOps<twasm::MemoryOp>();
      if (FlatSymbolRefAttr named = func.getMemoryAttr())
        return named;
      return all.empty() ? FlatSymbolRefAttr()
                         : FlatSymbolRefAttr::get(*all.begin());
    };
    FlatSymbolRefAttr memory = home(entry);
    auto memoryOp =
        memory ? symbols.lookup<twasm::MemoryOp>(memory.getAttr()) : nullptr;
    if (!memoryOp)
      return describe(entry.emitError())
             << "uses shared memory, but has no linear memory in which its "
                "addresses could lie";
    if (memoryOp.getIndex64())
      return describe(entry.emitError())
             << "uses shared memory, and its linear memory has 64-bit "
                "addresses: compile for wasm32";

    uint64_t largest = 0;
    Operation *asks = entry;
    for (twasm::FuncOp func : reached) {
      WalkResult result = func.walk([&](Operation *op) {
        if (!isa<twasm::SharedOp, twasm::SharedBaseOp, twasm::SharedSizeOp>(op))
          return WalkResult::advance();
        if (home(func) != memory)
          return WalkResult::interrupt();
        auto shared = dyn_cast<twasm::SharedOp>(op);
        if (shared && shared.getBytes() >= largest) {
          largest = shared.getBytes();
          asks = op;
        }
        return WalkResult::advance();
      });
      auto other =
          func->getAttrOfType<FlatSymbolRefAttr>(twasm::sharedMemoryAttr);
      if (result.wasInterrupted() || (other && other != memory)) {
        root->setAttr(twasm::notLaunchableAttr,
                      b.getStringAttr("reaches uses of shared memory in two "
                                      "linear memories"));
        root->removeAttr(twasm::gridAttr);
        return success();
      }
    }
    Limit limit = limitOf(module, memoryOp);
    if (largest > limit.bytes)
      return describe(asks->emitError())
             << "asks for " << largest << " bytes of shared memory, and "
             << limit.bytes << " are free: " << limit.reason;

    for (twasm::FuncOp func : reached)
      func->setAttr(twasm::sharedMemoryAttr, memory);
    root->setAttr(twasm::sharedMemoryAttr, memory);
    root->setAttr(twasm::sharedBytesAttr,
                  b.getI64IntegerAttr(llvm::alignTo(largest, 16)));
    root->setAttr(twasm::sharedLimitAttr, b.getI64IntegerAttr(limit.bytes));
    return success();
  }

  llvm::DenseMap<StringAttr, StringAttr> cloneOf; // by the original's name
};

} // namespace
