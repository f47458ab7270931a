//===- PruneFunctions.cpp - drop what cannot run --------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Keeps the functions that the start function and offloadable exports reach. Of
// a function that something refers to but nothing calls, the declaration stays:
// a reference is a number, and tells null from not null (Wasm spec 4.4.2).
//
//===----------------------------------------------------------------------===//

#include "twc/Dialect/TWasm/Analysis/Tables.h"
#include "twc/Dialect/TWasm/Transforms/Passes.h"

#include "mlir/IR/BuiltinOps.h"

namespace twc::twasm {
#define GEN_PASS_DEF_PRUNEFUNCTIONS
#include "twc/Dialect/TWasm/Transforms/Passes.h.inc"
} // namespace twc::twasm

using namespace mlir;
using namespace twc;

namespace {
struct PruneFunctions : twasm::impl::PruneFunctionsBase<PruneFunctions> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    for (auto op : llvm::make_early_inc_range(module.getOps<twasm::ExportOp>()))
      if (op.getKind() == twasm::ExternKind::Func &&
          op->hasAttr(twasm::notOffloadableAttr))
        op.erase();
    Names live = findLive(module);
    Names referred = findReferred(module, live);
    for (auto func :
         llvm::make_early_inc_range(module.getOps<twasm::FuncOp>())) {
      if (live.contains(func.getSymNameAttr()) || func.getPruned())
        continue;
      ++numPruned;
      if (!referred.contains(func.getSymNameAttr())) {
        func.erase();
      } else if (!func.isExternal()) {
        func.eraseBody();
        func.setPruned(true);
        func.setPrivate();
      }
    }
  }

private:
  using Names = llvm::DenseSet<StringAttr>;

  static Names findLive(ModuleOp module) {
    twasm::TableAnalysis tables(module);
    llvm::DenseMap<StringAttr, twasm::FuncOp> functions;
    for (auto func : module.getOps<twasm::FuncOp>())
      functions[func.getSymNameAttr()] = func;
    Names live;
    std::vector<StringAttr> work;
    auto reach = [&](StringAttr name) {
      if (live.insert(name).second)
        work.push_back(name);
    };
    // A table and a signature are reached once: there may be many such calls.
    llvm::DenseSet<std::pair<StringRef, Type>> seen;
    auto reachTable = [&](StringRef table, FunctionType type) {
      if (seen.insert({table, type}).second)
        llvm::for_each(tables.getCallees(table, type), reach);
    };
    for (auto op : module.getOps<twasm::ExportOp>())
      if (op.getKind() == twasm::ExternKind::Func)
        reach(op.getItemAttr().getAttr());
    for (auto start : module.getOps<twasm::StartOp>())
      reach(start.getCalleeAttr().getAttr());
    while (!work.empty()) {
      twasm::FuncOp func = functions.lookup(work.back());
      work.pop_back();
      if (func)
        func.walk([&](Operation *op) {
          twasm::visitCallees(op, reach, reachTable);
        });
    }
    return live;
  }

  /// What element segments, globals and the bodies of `live` functions refer
  /// to.
  static Names findReferred(ModuleOp module, const Names &live) {
    Names referred;
    for (auto segment : module.getOps<twasm::ElemOp>())
      for (Attribute element : segment.getFuncs())
        if (auto name = dyn_cast<FlatSymbolRefAttr>(element))
          referred.insert(name.getAttr());
    for (auto global : module.getOps<twasm::GlobalOp>())
      if (auto ref = dyn_cast<twasm::RefAttr>(global.getInit()))
        if (ref.getFunc())
          referred.insert(ref.getFunc().getAttr());
    for (auto func : module.getOps<twasm::FuncOp>())
      if (live.contains(func.getSymNameAttr()))
        func.walk([&](twasm::RefFuncOp ref) {
          referred.insert(ref.getFuncAttr().getAttr());
        });
    return referred;
  }
};
} // namespace
