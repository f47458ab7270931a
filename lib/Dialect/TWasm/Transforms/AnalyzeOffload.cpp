//===- AnalyzeOffload.cpp - which exports can run, and how ----------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One walk of the reversed call graph per hindrance remembers the next call
// towards it, so that a refusal says how the hindrance is reached.
//
//===----------------------------------------------------------------------===//

#include "twc/Dialect/TWasm/Analysis/StackPointer.h"
#include "twc/Dialect/TWasm/Analysis/Tables.h"
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

/// The call graph, and from each function the way to the nearest one that has
/// each thing which hinders an export or which its launch must know of.
class Analysis {
public:
  /// `stackPointer`: name of a global, or "".
  Analysis(ModuleOp module, StringRef stackPointer)
      : tables(module), stackPointer(stackPointer) {
    for (auto func : module.getOps<twasm::FuncOp>()) {
      ids[func.getSymName()] = functions.size();
      functions.push_back(func);
    }
    callers.resize(functions.size());
    written.resize(functions.size());
    writes.resize(functions.size());
    usesStack.resize(functions.size());
    usesShared.resize(functions.size());
    joins.resize(functions.size());
    prints.resize(functions.size());
    for (unsigned id = 0; id < functions.size(); ++id)
      summarize(id);
    toImport =
        nearest([&](unsigned id) { return !!functions[id].getImport(); });
    toWrite = nearest([&](unsigned id) { return !written[id].empty(); });
    toStack = nearest([&](unsigned id) { return usesStack[id]; });
    toShared = nearest([&](unsigned id) { return usesShared[id]; });
    toTeam = nearest([&](unsigned id) { return joins[id]; });
    toPrint = nearest([&](unsigned id) { return prints[id]; });
  }

  /// The chain of calls from `root` to an import, or none.
  std::vector<unsigned> chainToImport(StringRef root) const {
    return chain(root, toImport);
  }
  std::vector<unsigned> chainToWrite(StringRef root) const {
    return chain(root, toWrite);
  }

  bool needsStack(StringRef root) const {
    return !chain(root, toStack).empty();
  }
  bool needsShared(StringRef root) const {
    return !chain(root, toShared).empty();
  }

  /// Whether its threads may wait for each other.
  bool isCooperative(StringRef root) const {
    return !chain(root, toTeam).empty();
  }
  bool canPrint(StringRef root) const { return !chain(root, toPrint).empty(); }

  bool hasFunction(StringRef name) const { return ids.contains(name); }
  twasm::FuncOp getFunction(unsigned id) const { return functions[id]; }
  twasm::FuncOp getFunction(StringRef name) const {
    return functions[ids.lookup(name)];
  }
  StringRef getWritten(unsigned id) const { return written[id]; }

  /// Where the last call of a chain is: " at offset 57", or "" where the
  /// location does not tell.
  std::string placeOfCall(const std::vector<unsigned> &chain) {
    if (chain.size() < 2)
      return {};
    StringRef wanted = functions[chain.back()].getSymName();
    Operation *found = nullptr;
    functions[chain[chain.size() - 2]].walk([&](Operation *op) {
      auto callee = [&](StringAttr name) {
        if (name == wanted)
          found = op;
      };
      twasm::visitCallees(op, callee, [&](StringRef table, FunctionType type) {
        llvm::for_each(tables.getCallees(table, type), callee);
      });
      return found ? WalkResult::interrupt() : WalkResult::advance();
    });
    return printPlace(found);
  }
  std::string placeOfWrite(const std::vector<unsigned> &chain) const {
    return printPlace(writes[chain.back()]);
  }

  /// "a -> b -> c", the middle of a long one left out.
  std::string print(const std::vector<unsigned> &chain) const {
    constexpr size_t ends = 4;
    std::string text;
    for (size_t i = 0; i < chain.size(); ++i) {
      if (i == ends && chain.size() > 2 * ends) {
        text += " -> ...";
        i = chain.size() - ends;
      }
      twasm::FuncOp func = functions[chain[i]];
      text += (text.empty() ? "" : " -> ") + func.getSymName().str();
    }
    return text;
  }

private:
  static std::string printPlace(Operation *op) {
    // The importer's encoding, see getWasmPlace() in twc/Import/Import.h.
    if (op)
      if (auto name = op->getLoc()->findInstanceOf<NameLoc>())
        if (auto place = dyn_cast<FileLineColLoc>(name.getChildLoc()))
          return " at offset " + std::to_string(place.getColumn());
    return {};
  }

  static constexpr unsigned nowhere = ~0u, here = ~0u - 1;

  void summarize(unsigned id) {
    auto callee = [&](StringAttr name) {
      auto it = ids.find(name);
      if (it != ids.end())
        callers[it->second].push_back(id);
    };
    llvm::SmallDenseSet<std::pair<StringRef, Type>, 4> seen;
    auto indirect = [&](StringRef table, FunctionType type) {
      if (seen.insert({table, type}).second)
        llvm::for_each(tables.getCallees(table, type), callee);
    };
    functions[id].walk([&](Operation *op) {
      twasm::visitCallees(op, callee, indirect);
      if (isa<twasm::SharedOp, twasm::SharedBaseOp, twasm::SharedSizeOp>(op))
        usesShared[id] = true;
      if (op->hasTrait<twasm::Collective>())
        joins[id] = true;
      if (isa<twasm::PrintfOp>(op))
        prints[id] = true;
      if (auto get = dyn_cast<twasm::GlobalGetOp>(op))
        usesStack[id] =
            usesStack[id] || get.getGlobal() == stackPointer;
      if (!written[id].empty())
        return;
      if (auto set = dyn_cast<twasm::GlobalSetOp>(op)) {
        if (set.getGlobal() == stackPointer)
          usesStack[id] = true;
        else
          written[id] = ("mutable global '" + set.getGlobal() + "'").str();
      } else if (StringRef table = twasm::getWrittenTable(op); !table.empty())
        written[id] = ("table '" + table + "'").str();
      if (!written[id].empty())
        writes[id] = op;
    });
  }

  /// For each function the next one on a shortest way to a function that
  /// `is`: breadth-first over the reversed call graph.
  template <typename Predicate> std::vector<unsigned> nearest(Predicate is) {
    std::vector<unsigned> next(functions.size(), nowhere), work;
    for (unsigned id = 0; id < functions.size(); ++id)
      if (is(id)) {
        next[id] = here;
        work.push_back(id);
      }
    for (size_t i = 0; i < work.size(); ++i)
      for (unsigned caller : callers[work[i]])
        if (next[caller] == nowhere) {
          next[caller] = work[i];
          work.push_back(caller);
        }
    return next;
  }

  std::vector<unsigned> chain(StringRef root,
                              const std::vector<unsigned> &next) const {
    std::vector<unsigned> ids{this->ids.lookup(root)};
    if (next[ids.back()] == nowhere)
      return {};
    while (next[ids.back()] != here)
      ids.push_back(next[ids.back()]);
    return ids;
  }

  twasm::TableAnalysis tables;
  StringRef stackPointer;
  llvm::StringMap<unsigned> ids;
  mutable std::vector<twasm::FuncOp> functions;
  std::vector<std::vector<unsigned>> callers;
  std::vector<std::string> written; // the first global or table of each
  std::vector<Operation *> writes;  // and the op that does
  std::vector<bool> usesStack, usesShared, joins, prints;
  std::vector<unsigned> toImport, toWrite, toStack, toShared, toTeam, toPrint;
};

struct AnalyzeOffload : twasm::impl::AnalyzeOffloadBase<AnalyzeOffload> {
  using AnalyzeOffloadBase::AnalyzeOffloadBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    std::optional<uint32_t> named;
    if (stackPointer >= 0)
      named = uint32_t(stackPointer);
    twasm::StackPointer stack(module, named);
    twasm::GlobalOp pointer = stack.getGlobal();
    if (named && !pointer) {
      module.emitError("cannot take global ")
          << *named << " as the stack pointer: " << stack.getProblem();
      return signalPassFailure();
    }
    Analysis analysis(module, pointer ? pointer.getSymName() : StringRef());
    Builder b(&getContext());
    if (pointer)
      pointer->setAttr(twasm::stackMemoryAttr,
                       FlatSymbolRefAttr::get(stack.getMemory()));
    unsigned ordinal = 0;
    for (auto op : module.getOps<twasm::ExportOp>()) {
      op->setAttr(twasm::ordinalAttr, b.getI32IntegerAttr(ordinal++));
      if (op.getKind() != twasm::ExternKind::Func ||
          !analysis.hasFunction(op.getItem()))
        continue;
      std::string hindrance = whyNotOffloadable(analysis, op.getItem());
      if (!hindrance.empty())
        op->setAttr(twasm::notOffloadableAttr, b.getStringAttr(hindrance));
      std::string refusal =
          whyNotLaunchable(analysis, op.getItem(), stack.getProblem());
      if (!refusal.empty())
        op->setAttr(twasm::notLaunchableAttr, b.getStringAttr(refusal));
      else if (hindrance.empty()) {
        if (analysis.needsStack(op.getItem()))
          op->setAttr(twasm::needsStackAttr, b.getUnitAttr());
        if (analysis.needsShared(op.getItem()))
          op->setAttr(twasm::needsSharedAttr, b.getUnitAttr());
      }
      if (hindrance.empty() && analysis.isCooperative(op.getItem()))
        op->setAttr(twasm::cooperativeAttr, b.getUnitAttr());
      if (hindrance.empty() && analysis.canPrint(op.getItem()))
        op->setAttr(twasm::printsAttr, b.getUnitAttr());
      std::string hostOnly =
          whyNotOnGPU(analysis.getFunction(op.getItem()).getArgumentTypes());
      if (!hostOnly.empty())
        op->setAttr(twasm::notOnGPUAttr, b.getStringAttr(hostOnly));
    }
    for (auto start : module.getOps<twasm::StartOp>()) {
      std::string hindrance = whyNotOffloadable(analysis, start.getCallee());
      if (analysis.isCooperative(start.getCallee()))
        start->setAttr(twasm::cooperativeAttr, b.getUnitAttr());
      if (hindrance.empty())
        continue;
      start.emitError("the start function ") << hindrance;
      return signalPassFailure();
    }
  }

  /// A kernel's parameters are limited to 4,096 bytes (CUDA C++ Programming
  /// Guide, "__global__ function parameters"; more only from PTX ISA 8.1 on,
  /// which older drivers refuse). The environment is one of them.
  static std::string whyNotOnGPU(ArrayRef<Type> params) {
    constexpr uint64_t limit = 4096, environment = 128;
    uint64_t bytes = environment;
    for (Type type : params) {
      uint64_t size = isa<VectorType>(type)                    ? 16
                      : type.isInteger(32) || type.isF32() ? 4
                                                           : 8;
      bytes = llvm::alignTo(bytes, size) + size;
    }
    if (bytes <= limit)
      return {};
    return "has parameters of " + std::to_string(bytes) +
           " bytes, and a GPU's kernel takes at most " +
           std::to_string(limit) + ": pass some in memory";
  }

  static std::string whyNotOffloadable(Analysis &analysis, StringRef root) {
    std::vector<unsigned> chain = analysis.chainToImport(root);
    if (chain.empty())
      return {};
    twasm::FuncOp func = analysis.getFunction(chain.back());
    ArrayAttr import = *func.getImport();
    auto note = func->getAttrOfType<StringAttr>(twasm::importNoteAttr);
    return ("needs the import '" + cast<StringAttr>(import[0]).getValue() +
            "." + cast<StringAttr>(import[1]).getValue() +
            "', which no device provides (" + analysis.print(chain) +
            analysis.placeOfCall(chain) + ")" +
            (note ? "; " + note.str() : std::string()))
        .str();
  }

  /// A grid's threads share one set of globals and tables: a function that
  /// writes one, other than the stack pointer, cannot run as a grid.
  static std::string whyNotLaunchable(const Analysis &analysis,
                                      StringRef root,
                                      StringRef stackProblem) {
    if (!analysis.getFunction(root).getResultTypes().empty())
      return "returns a value, and a grid has nowhere to return it: use invoke";
    std::vector<unsigned> chain = analysis.chainToWrite(root);
    if (chain.empty())
      return {};
    return ("writes the " + analysis.getWritten(chain.back()) +
            ", which the threads of a grid would share (" +
            analysis.print(chain) + analysis.placeOfWrite(chain) + ")" +
            (stackProblem.empty()
                 ? ""
                 : "; no global serves as a stack pointer of each thread: " +
                       stackProblem))
        .str();
  }
};

} // namespace
