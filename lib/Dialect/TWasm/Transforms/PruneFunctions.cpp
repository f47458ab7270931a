//===- PruneFunctions.cpp - drop what cannot run --------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Keeps the functions that the start function and offloadable exports reach.
//
//===----------------------------------------------------------------------===//

#include "twc/Dialect/TWasm/IR/TWasm.h"
#include "twc/Dialect/TWasm/Transforms/Passes.h"

#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/StringSet.h"

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
    llvm::StringMap<std::vector<StringRef>> tables;
    for (auto elem : module.getOps<twasm::ElemOp>())
      for (Attribute ref : elem.getFuncs())
        if (auto name = dyn_cast<FlatSymbolRefAttr>(ref))
          tables[elem.getTable()].push_back(name.getValue());

    ::llvm::StringSet<> live;
    std::vector<StringRef> work;
    auto reach = [&](StringRef name) {
      if (live.insert(name).second)
        work.push_back(name);
    };
    for (auto op :
         llvm::make_early_inc_range(module.getOps<twasm::ExportOp>())) {
      if (op.getKind() != twasm::ExternKind::Func)
        continue;
      if (op->hasAttr(twasm::notOffloadableAttr))
        op.erase();
      else
        reach(op.getItem());
    }
    for (auto start : module.getOps<twasm::StartOp>())
      reach(start.getCallee());
    SymbolTable symbols(module);
    while (!work.empty()) {
      StringRef name = work.back();
      work.pop_back();
      if (auto func = symbols.lookup<twasm::FuncOp>(name))
        func.walk([&](Operation *op) {
          if (auto call = dyn_cast<twasm::CallOp>(op))
            reach(call.getCallee());
          else if (auto call = dyn_cast<twasm::CallIndirectOp>(op))
            for (StringRef callee : tables[call.getTable()])
              reach(callee);
        });
    }

    for (auto func : llvm::make_early_inc_range(module.getOps<twasm::FuncOp>()))
      if (!live.contains(func.getSymName())) {
        func.erase();
        ++numPruned;
      }
    // A dead function in a table cannot be called: no live call_indirect
    // reaches its table.
    Builder b(&getContext());
    for (auto elem : module.getOps<twasm::ElemOp>()) {
      SmallVector<Attribute> refs;
      for (Attribute ref : elem.getFuncs()) {
        auto name = dyn_cast<FlatSymbolRefAttr>(ref);
        refs.push_back(name && !live.contains(name.getValue())
                           ? Attribute(b.getUnitAttr())
                           : ref);
      }
      elem.setFuncsAttr(b.getArrayAttr(refs));
    }
  }
};
} // namespace
