//===- AnalyzeOffload.cpp - which exports can run, and how ----------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Depth-first walks of the call graph that remember the chain of names, so
// that a refusal says how the hindrance is reached.
//
//===----------------------------------------------------------------------===//

#include "twc/Dialect/TWasm/IR/TWasm.h"
#include "twc/Dialect/TWasm/Transforms/Passes.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Builders.h"

namespace twc::twasm {
#define GEN_PASS_DEF_ANALYZEOFFLOAD
#include "twc/Dialect/TWasm/Transforms/Passes.h.inc"
} // namespace twc::twasm

using namespace mlir;
using namespace twc;

namespace {

/// What one function does itself, and whom it can call.
struct FunctionSummary {
  std::optional<ArrayAttr> import;
  bool hasResults = false;
  std::vector<std::string> callees;
  std::string writesGlobal; // name of the first mutable global it sets
};

class Analysis {
public:
  explicit Analysis(ModuleOp module) {
    for (auto elem : module.getOps<twasm::ElemOp>())
      for (Attribute ref : elem.getFuncs())
        if (auto name = dyn_cast<FlatSymbolRefAttr>(ref))
          tables[elem.getTable()].push_back(name.getValue().str());
    for (auto func : module.getOps<twasm::FuncOp>())
      summarize(func);
  }

  /// The first function that `bad` accepts, as a chain from `root`: "a -> b".
  /// Empty if none is reachable.
  template <typename Predicate>
  std::vector<std::string> findChain(StringRef root, Predicate bad) const {
    llvm::StringMap<std::string> reachedFrom;
    std::vector<std::string> work = {root.str()};
    reachedFrom[root] = "";
    while (!work.empty()) {
      std::string name = std::move(work.back());
      work.pop_back();
      const FunctionSummary &f = summaries.find(name)->second;
      if (bad(f)) {
        std::vector<std::string> chain;
        for (std::string at = name; !at.empty(); at = reachedFrom[at])
          chain.insert(chain.begin(), at);
        return chain;
      }
      for (const std::string &callee : f.callees)
        if (reachedFrom.try_emplace(callee, name).second)
          work.push_back(callee);
    }
    return {};
  }

  const FunctionSummary &get(StringRef name) const {
    return summaries.find(name)->second;
  }

private:
  void summarize(twasm::FuncOp func) {
    FunctionSummary &s = summaries[func.getSymName()];
    s.import = func.getImport();
    s.hasResults = !func.getResultTypes().empty();
    func.walk([&](Operation *op) {
      if (auto call = dyn_cast<twasm::CallOp>(op))
        s.callees.push_back(call.getCallee().str());
      else if (auto call = dyn_cast<twasm::CallIndirectOp>(op))
        llvm::append_range(s.callees, tables[call.getTable()]);
      else if (auto set = dyn_cast<twasm::GlobalSetOp>(op)) {
        if (s.writesGlobal.empty())
          s.writesGlobal = set.getGlobal().str();
      }
    });
    std::sort(s.callees.begin(), s.callees.end());
    s.callees.erase(std::unique(s.callees.begin(), s.callees.end()),
                    s.callees.end());
  }

  llvm::StringMap<std::vector<std::string>> tables;
  llvm::StringMap<FunctionSummary> summaries;
};

std::string joinChain(const std::vector<std::string> &chain) {
  std::string text;
  for (const std::string &name : chain)
    text += (text.empty() ? "" : " -> ") + name;
  return text;
}

struct AnalyzeOffload : twasm::impl::AnalyzeOffloadBase<AnalyzeOffload> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    Analysis analysis(module);
    Builder b(&getContext());
    unsigned ordinal = 0;
    for (auto op : module.getOps<twasm::ExportOp>()) {
      op->setAttr(twasm::ordinalAttr, b.getI32IntegerAttr(ordinal++));
      if (op.getKind() != twasm::ExternKind::Func ||
          !module.lookupSymbol(op.getItem()))
        continue;
      std::string hindrance = whyNotOffloadable(analysis, op.getItem());
      if (!hindrance.empty())
        op->setAttr(twasm::notOffloadableAttr, b.getStringAttr(hindrance));
      std::string refusal = whyNotLaunchable(analysis, op.getItem());
      if (!refusal.empty())
        op->setAttr(twasm::notLaunchableAttr, b.getStringAttr(refusal));
    }
    for (auto start : module.getOps<twasm::StartOp>()) {
      std::string hindrance = whyNotOffloadable(analysis, start.getCallee());
      if (hindrance.empty())
        continue;
      start.emitError("the start function ") << hindrance;
      return signalPassFailure();
    }
  }

  static std::string whyNotOffloadable(const Analysis &analysis,
                                       StringRef root) {
    auto chain = analysis.findChain(
        root, [](const FunctionSummary &f) { return !!f.import; });
    if (chain.empty())
      return {};
    ArrayAttr import = *analysis.get(chain.back()).import;
    return ("needs the import '" + cast<StringAttr>(import[0]).getValue() +
            "." + cast<StringAttr>(import[1]).getValue() +
            "', which no device provides (" + joinChain(chain) + ")")
        .str();
  }

  /// A grid's threads share one set of globals: a function that writes one
  /// (C's shadow stack pointer too) cannot run as a grid.
  static std::string whyNotLaunchable(const Analysis &analysis,
                                      StringRef root) {
    if (analysis.get(root).hasResults)
      return "returns a value, and a grid has nowhere to return it: use invoke";
    auto chain = analysis.findChain(root, [](const FunctionSummary &f) {
      return !f.writesGlobal.empty();
    });
    if (chain.empty())
      return {};
    return "writes the mutable global '" +
           analysis.get(chain.back()).writesGlobal +
           "', which the threads of a grid would share (" + joinChain(chain) +
           ")";
  }
};

} // namespace
