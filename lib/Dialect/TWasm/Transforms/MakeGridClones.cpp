//===- MakeGridClones.cpp - functions with a stack of their thread --------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An invoked function is Wasm to the letter: one thread, one memory, a stack in
// it. The threads of a grid cannot share that stack, so they run copies of the
// functions in which it is a window. Everything that a grid's entry can reach
// is copied: an address that points into the stack may be passed anywhere.
//
//===----------------------------------------------------------------------===//

#include "twc/Dialect/TWasm/Analysis/Tables.h"
#include "twc/Dialect/TWasm/Transforms/Passes.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"

namespace twc::twasm {
#define GEN_PASS_DEF_MAKEGRIDCLONES
#include "twc/Dialect/TWasm/Transforms/Passes.h.inc"
} // namespace twc::twasm

using namespace mlir;
using namespace twc;

namespace {
struct MakeGridClones : twasm::impl::MakeGridClonesBase<MakeGridClones> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    SmallVector<twasm::ExportOp> roots;
    for (auto op : module.getOps<twasm::ExportOp>())
      if (op->hasAttr(twasm::needsStackAttr))
        roots.push_back(op);
    if (roots.empty())
      return;
    twasm::TableAnalysis tables(module);
    cloneReached(module, roots, tables);

    for (twasm::ExportOp root : roots)
      root->setAttr(twasm::gridAttr,
                    FlatSymbolRefAttr::get(
                        cloneOf.lookup(root.getItemAttr().getAttr())));
  }

private:
  /// Copies what `roots` reach and makes the copies call each other. Calls
  /// through a table are left to the lowering: what stands in a table is the
  /// number of a function, the same for both.
  void cloneReached(ModuleOp module, ArrayRef<twasm::ExportOp> roots,
                    const twasm::TableAnalysis &tables) {
    SymbolTable symbols(module);
    std::vector<twasm::FuncOp> work;
    auto reach = [&](StringAttr name) {
      auto func = symbols.lookup<twasm::FuncOp>(name);
      if (!func || func.isExternal() || cloneOf.count(name))
        return;
      auto clone = cast<twasm::FuncOp>(func->clone());
      clone.setSymName((name.getValue() + "$grid").str());
      clone.setPrivate();
      clone->setAttr(twasm::gridOfAttr, FlatSymbolRefAttr::get(name));
      cloneOf[name] = symbols.insert(clone);
      clones.insert(clone);
      work.push_back(clone);
      ++numCloned;
    };
    llvm::DenseSet<std::pair<StringRef, Type>> seen;
    auto reachTable = [&](StringRef table, FunctionType type) {
      if (seen.insert({table, type}).second)
        llvm::for_each(tables.getCallees(table, type), reach);
    };
    for (twasm::ExportOp root : roots)
      reach(root.getItemAttr().getAttr());
    while (!work.empty()) {
      twasm::FuncOp func = work.back();
      work.pop_back();
      func.walk([&](Operation *op) {
        twasm::visitCallees(op, reach, reachTable);
      });
    }
    for (twasm::FuncOp func : clones)
      func.walk([&](Operation *op) {
        if (auto call = dyn_cast<twasm::CallOp>(op)) {
          if (StringAttr to = cloneOf.lookup(call.getCalleeAttr().getAttr()))
            call.setCallee(to.getValue());
        } else if (auto call = dyn_cast<twasm::ReturnCallOp>(op)) {
          if (StringAttr to = cloneOf.lookup(call.getCalleeAttr().getAttr()))
            call.setCallee(to.getValue());
        }
      });
  }

  llvm::SetVector<twasm::FuncOp> clones;
  llvm::DenseMap<StringAttr, StringAttr> cloneOf; // by the original's name
};
} // namespace
