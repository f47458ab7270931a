//===- PlanGridStacks.cpp - how much stack a grid's thread gets -----------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One window for all grids of a program, as large as the most needed of them:
// what they call is the same code, and knows the window's limits.
//
//===----------------------------------------------------------------------===//

#include "twc/Dialect/TWasm/Analysis/Tables.h"
#include "twc/Dialect/TWasm/Transforms/Passes.h"

#include "StackNeed.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/MathExtras.h"

namespace twc::twasm {
#define GEN_PASS_DEF_PLANGRIDSTACKS
#include "twc/Dialect/TWasm/Transforms/Passes.h.inc"
} // namespace twc::twasm

using namespace mlir;
using namespace twc;

/// More than this for the stack alone leaves a GPU thread too little room for
/// anything else: it has at most 512 KiB of local memory (CUDA C++ Programming
/// Guide, "Technical Specifications per Compute Capability"). The runtime's
/// Format/Manifest.h has the same limit.
static constexpr uint64_t mostStack = 256 * 1024;

namespace {
struct PlanGridStacks : twasm::impl::PlanGridStacksBase<PlanGridStacks> {
  using PlanGridStacksBase::PlanGridStacksBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    twasm::GlobalOp pointer;
    for (auto global : module.getOps<twasm::GlobalOp>())
      if (global->hasAttr(twasm::stackMemoryAttr))
        pointer = global;
    SmallVector<twasm::FuncOp> clones;
    llvm::DenseMap<StringAttr, StringAttr> cloneOf;
    for (auto func : module.getOps<twasm::FuncOp>())
      if (auto original =
              func->getAttrOfType<FlatSymbolRefAttr>(twasm::gridOfAttr)) {
        clones.push_back(func);
        cloneOf[original.getAttr()] = func.getSymNameAttr();
      }
    if (!pointer || clones.empty())
      return;

    twasm::TableAnalysis tables(module);
    twasm::StackNeed needs(clones, pointer.getSymName(), tables, cloneOf);
    Builder b(&getContext());
    const uint64_t top = cast<IntegerAttr>(pointer.getInit()).getInt();
    const uint64_t most = std::min(top, mostStack);
    uint64_t size = 0;
    for (auto root : module.getOps<twasm::ExportOp>()) {
      auto grid = root->getAttrOfType<FlatSymbolRefAttr>(twasm::gridAttr);
      if (!grid)
        continue;
      std::optional<uint64_t> need = needs.of(grid.getAttr());
      uint64_t bytes = llvm::alignTo(need.value_or(stackSize), 16);
      if (bytes > most) {
        root->setAttr(twasm::notLaunchableAttr,
                      b.getStringAttr("needs " + std::to_string(bytes) +
                                      " bytes of stack in each thread, more "
                                      "than the " +
                                      std::to_string(most) +
                                      " that a grid's can have"));
        root->removeAttr(twasm::gridAttr);
        continue;
      }
      if (!need)
        root->emitWarning("export '")
            << root.getExportName()
            << "' has no bound on the stack that a thread needs (recursion, or "
               "a frame without a constant size): each thread of a grid gets "
            << uint64_t(stackSize) << " bytes, change it with --stack-size";
      size = std::max(size, bytes);
    }
    pointer->setAttr(twasm::stackLowAttr, b.getI64IntegerAttr(top - size));
    if (size == 0)
      return;
    for (twasm::FuncOp func : clones)
      func->setAttr(twasm::windowAttr, b.getDenseI64ArrayAttr(
                                           {int64_t(top - size), int64_t(top)}));
  }
};
} // namespace
