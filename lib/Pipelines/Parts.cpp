//===- Parts.cpp - a module as parts to compile apart ---------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Cuts between functions, in their order, which keeps neighbours of one source
// file together. The module is written as bitcode once; each part reads from it
// the bodies that it needs.
//
//===----------------------------------------------------------------------===//

#include "Parts.h"

#include "twc/Transforms/Passes.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/Bitcode/BitcodeWriter.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/PassManager.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Transforms/IPO/DeadArgumentElimination.h"

using namespace llvm;
using namespace twc;

/// Modules of fewer instructions stay whole: kernels are far below.
static constexpr uint64_t minInstructions = 40000;
/// Instructions of one part.
static constexpr uint64_t partInstructions = 16000;
/// Each part reads the declarations of the whole module, so there are at most
/// about as many: the parts of an enormous module grow instead.
static constexpr uint64_t maxParts = 64;
/// A function of another part is worth inlining up to this many instructions.
static constexpr unsigned copyInstructions = 40;
/// Calls of copies are followed this deep.
static constexpr unsigned copyDepth = 2;

namespace {

/// Sizes and references of all functions of a module.
struct CallGraph {
  explicit CallGraph(const Module &module) {
    DenseMap<const Function *, unsigned> numbers;
    for (const Function &f : module)
      numbers.insert({&f, unsigned(numbers.size())});
    sizes.resize(numbers.size());
    refs.resize(numbers.size());
    std::vector<unsigned> seenBy(numbers.size(), ~0u);
    for (auto [number, f] : llvm::enumerate(module)) {
      for (const BasicBlock &block : f) {
        sizes[number] += block.size();
        for (const Instruction &i : block)
          for (const Value *operand : i.operands()) {
            auto *callee = dyn_cast<Function>(operand);
            if (!callee || callee->isDeclaration())
              continue;
            unsigned to = numbers.lookup(callee);
            if (seenBy[to] == number)
              continue;
            seenBy[to] = number;
            refs[number].push_back(to);
          }
      }
      total += sizes[number];
    }
  }

  std::vector<unsigned> sizes; // in instructions; 0 for declarations
  std::vector<SmallVector<unsigned, 4>> refs;
  uint64_t total = 0;
};

} // namespace

/// Parts of about equal size; a function that is larger is a part by itself.
static std::vector<PartPlan::Part> cut(const CallGraph &graph) {
  uint64_t target = std::max(partInstructions, graph.total / maxParts);
  std::vector<PartPlan::Part> parts(1);
  for (unsigned i = 0; i < graph.sizes.size(); ++i) {
    PartPlan::Part &last = parts.back();
    bool isFull = last.size >= target || graph.sizes[i] >= target;
    if (isFull && last.size > 0 && graph.sizes[i] > 0)
      parts.push_back({i, i, 0, {}});
    parts.back().end = i + 1;
    parts.back().size += graph.sizes[i];
  }
  return parts;
}

/// Chooses the copies of `part` and marks what it refers to in other parts.
static void addCopies(PartPlan::Part &part, const CallGraph &graph,
                      BitVector &crossing) {
  auto isOwn = [&](unsigned i) { return i >= part.begin && i < part.end; };
  part.copies.resize(graph.sizes.size());
  SmallVector<unsigned> work, next;
  for (unsigned i = part.begin; i < part.end; ++i)
    work.push_back(i);
  for (unsigned depth = 0; !work.empty(); ++depth, work.swap(next)) {
    next.clear();
    for (unsigned from : work)
      for (unsigned to : graph.refs[from]) {
        if (isOwn(to))
          continue;
        crossing.set(to);
        if (depth == copyDepth || part.copies.test(to) ||
            graph.sizes[to] > copyInstructions)
          continue;
        part.copies.set(to);
        next.push_back(to);
      }
  }
}

PartPlan twc::planParts(Module &module) {
  PartPlan plan;
  uint64_t size = 0;
  for (const Function &f : module)
    size += f.getInstructionCount();
  if (size < minInstructions)
    return plan;

  // A part does not see what the others' functions reach.
  keepTeamsTogether(module);

  // Most functions need few of the values that all are passed in front of
  // their own; a part cannot know it of functions that others call.
  ModuleAnalysisManager analyses;
  DeadArgumentEliminationPass().run(module, analyses);

  CallGraph graph(module);
  plan.parts = cut(graph);
  plan.crossing.resize(graph.sizes.size());
  for (PartPlan::Part &part : plan.parts)
    addCopies(part, graph, plan.crossing);
  // What anything but code refers to may be needed everywhere.
  for (auto [i, f] : llvm::enumerate(module))
    if (!f.isDeclaration() &&
        llvm::any_of(f.users(), [](User *u) { return !isa<Instruction>(u); }))
      plan.crossing.set(i);
  raw_svector_ostream out(plan.bitcode);
  WriteBitcodeToFile(module, out);
  return plan;
}

Expected<std::unique_ptr<Module>> twc::loadPart(const PartPlan &plan,
                                                unsigned number,
                                                LLVMContext &context) {
  const PartPlan::Part &part = plan.parts[number];
  auto module = getLazyBitcodeModule(
      MemoryBufferRef({plan.bitcode.data(), plan.bitcode.size()}, "module"),
      context);
  if (!module)
    return module.takeError();
  for (auto [i, f] : llvm::enumerate(**module)) {
    // Not yet read is not a declaration.
    if (f.isDeclaration())
      continue;
    bool isOwn = i >= part.begin && i < part.end;
    bool isCopy = part.copies.test(i);
    if (!isOwn && !isCopy) {
      f.deleteBody();
    } else {
      if (Error error = f.materialize())
        return std::move(error);
      // Wasm has no exceptions here and a trap unwinds nothing.
      f.setDoesNotThrow();
      if (isCopy)
        f.setLinkage(GlobalValue::AvailableExternallyLinkage);
    }
    if (isOwn && !plan.crossing.test(i))
      continue; // an entry point or internal
    if (isOwn && !f.hasLocalLinkage())
      continue;
    if (!isCopy)
      f.setLinkage(GlobalValue::ExternalLinkage);
    f.setVisibility(GlobalValue::HiddenVisibility);
    f.setDoesNotThrow();
  }
  if (Error error = (*module)->materializeAll())
    return std::move(error);
  for (Function &f : llvm::make_early_inc_range(**module))
    if (f.isDeclaration() && f.use_empty())
      f.eraseFromParent();
  return module;
}

/// What LLVM derives from a Wasm function has a dot in its name; a Wasm
/// function's own name has none.
static bool isWasmFunction(const GlobalValue &value) {
  return isa<Function>(value) && value.getName().starts_with("f") &&
         !value.getName().contains('.');
}

void twc::prepareToMerge(Module &module, unsigned number) {
  std::string suffix = "_p" + std::to_string(number);
  for (GlobalValue &value : module.global_values())
    if (value.hasLocalLinkage() && !isWasmFunction(value))
      value.setName(value.getName() + suffix);
  // A part infers this of what it defines, others cannot.
  for (Function &f : module)
    if (f.hasExternalLinkage())
      f.removeFnAttr(Attribute::NoReturn);
}
