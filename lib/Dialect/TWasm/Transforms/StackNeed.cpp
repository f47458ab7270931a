//===- StackNeed.cpp - how much of the shadow stack calls take ------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Callees before callers (Kahn's order), among the functions that use the
// stack. What is left over calls itself, or something that does.
//
//===----------------------------------------------------------------------===//

#include "StackNeed.h"

#include "twc/Dialect/TWasm/Analysis/StackPointer.h"

using namespace mlir;
using namespace twc::twasm;

StackNeed::StackNeed(ArrayRef<FuncOp> functions, StringRef stackPointer,
                     const TableAnalysis &tables,
                     const llvm::DenseMap<StringAttr, StringAttr> &copyOf)
    : nodes(functions.size()) {
  for (auto [i, func] : llvm::enumerate(functions))
    ids[FuncOp(func).getSymNameAttr()] = i;
  for (auto [i, func] : llvm::enumerate(functions)) {
    FrameDepths depths(func, stackPointer);
    Node &node = nodes[i];
    node.uses = depths.uses;
    node.open = depths.dynamic;
    node.need = std::max<int64_t>(depths.deepest, 0);
    for (auto [op, depth] : depths.calls) {
      auto add = [&, depth = depth](StringAttr name) {
        if (StringAttr copy = copyOf.lookup(name))
          name = copy;
        auto it = ids.find(name);
        if (it == ids.end())
          return;
        node.callees.push_back({it->second, depth});
        nodes[it->second].callers.push_back(i);
      };
      visitCallees(op, add, [&](StringRef table, FunctionType type) {
        llvm::for_each(tables.getCallees(table, type), add);
      });
    }
  }
  spreadUses();
  addUp();
}

void StackNeed::spreadUses() {
  std::vector<unsigned> work;
  for (unsigned id = 0; id < nodes.size(); ++id)
    if (nodes[id].uses)
      work.push_back(id);
  while (!work.empty()) {
    unsigned id = work.back();
    work.pop_back();
    for (unsigned caller : nodes[id].callers)
      if (!nodes[caller].uses) {
        nodes[caller].uses = true;
        work.push_back(caller);
      }
  }
}

void StackNeed::addUp() {
  std::vector<unsigned> ready;
  for (unsigned id = 0; id < nodes.size(); ++id) {
    for (auto [callee, depth] : nodes[id].callees)
      nodes[id].pending += nodes[callee].uses;
    if (nodes[id].pending == 0)
      ready.push_back(id);
  }
  while (!ready.empty()) {
    unsigned id = ready.back();
    ready.pop_back();
    Node &node = nodes[id];
    node.done = true;
    for (auto [callee, depth] : node.callees) {
      const Node &called = nodes[callee];
      if (!called.uses)
        continue;
      node.open |= called.open || !depth;
      node.need = std::max(
          node.need, called.need + uint64_t(std::max<int64_t>(
                                       depth.value_or(0), 0)));
    }
    if (!node.uses)
      continue;
    for (unsigned caller : node.callers)
      if (--nodes[caller].pending == 0)
        ready.push_back(caller);
  }
}

std::optional<uint64_t> StackNeed::of(StringAttr function) const {
  auto it = ids.find(function);
  if (it == ids.end() || !nodes[it->second].uses)
    return 0;
  const Node &node = nodes[it->second];
  if (!node.done || node.open)
    return std::nullopt;
  return node.need;
}
