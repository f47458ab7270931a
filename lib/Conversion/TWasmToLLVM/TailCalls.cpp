//===- TailCalls.cpp - cycles of tail calls become loops ------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A Wasm tail call takes no stack (spec 4.4.8, return_call). NVPTX turns
// LLVM's musttail into an ordinary call without a word, so it cannot carry
// that. A chain of tail calls that never comes back to a function is as deep
// as the module says and may stay calls; one that does runs inside a strongly
// connected component of the graph of tail calls. There a function that calls
// itself gets a loop around its body, and several functions become one, with a
// loop around a switch over their bodies.
//
//===----------------------------------------------------------------------===//

#include "TailCalls.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "llvm/ADT/SCCIterator.h"

#include <deque>

namespace twc {
#define GEN_PASS_DEF_MERGETAILCALLS
#include "twc/Conversion/Passes.h.inc"
} // namespace twc

using namespace mlir;
using namespace twc;
using Node = TailCallNode;

namespace llvm {
template <> struct GraphTraits<Node *> {
  using NodeRef = Node *;
  using ChildIteratorType = SmallVectorImpl<Node *>::iterator;
  static NodeRef getEntryNode(Node *node) { return node; }
  static ChildIteratorType child_begin(Node *n) { return n->callees.begin(); }
  static ChildIteratorType child_end(Node *n) { return n->callees.end(); }
};
} // namespace llvm

/// The nodes of all functions with bodies. Fails on a tail call that is not
/// followed by the return of its results.
static LogicalResult buildGraph(ModuleOp module, std::deque<Node> &nodes) {
  DenseMap<StringAttr, Node *> byName;
  for (auto func : module.getOps<func::FuncOp>())
    if (!func.isExternal())
      byName[func.getSymNameAttr()] =
          &nodes.emplace_back(Node{func, unsigned(nodes.size())});
  for (Node &node : nodes) {
    WalkResult result = node.func.walk([&](func::CallOp call) {
      if (!call->removeAttr(tailAttr))
        return WalkResult::advance();
      auto next = dyn_cast_or_null<func::ReturnOp>(call->getNextNode());
      if (!next || next.getOperands() != call.getResults()) {
        call.emitOpError("a tail call must be followed by a return of exactly "
                         "its results");
        return WalkResult::interrupt();
      }
      if (Node *callee = byName.lookup(call.getCalleeAttr().getAttr())) {
        node.calls.push_back(call);
        node.callees.push_back(callee);
      }
      return WalkResult::advance();
    });
    if (result.wasInterrupted())
      return failure();
  }
  return success();
}

LogicalResult twc::mergeTailCalls(ModuleOp module) {
  std::deque<Node> nodes;
  if (failed(buildGraph(module, nodes)))
    return failure();
  Node root; // so that one traversal reaches all
  for (Node &node : nodes)
    root.callees.push_back(&node);
  std::vector<std::vector<Node *>> components;
  for (auto it = llvm::scc_begin(&root); !it.isAtEnd(); ++it) {
    for (Node *node : *it)
      node->component = components.size();
    components.push_back(it.hasCycle() ? *it : std::vector<Node *>());
  }
  SymbolTable symbols(module);
  for (std::vector<Node *> &members : components) {
    if (members.empty())
      continue;
    // In the module's order, whatever the traversal's.
    llvm::sort(members, [](Node *a, Node *b) { return a->index < b->index; });
    for (auto [i, member] : llvm::enumerate(members))
      member->selector = i;
    if (failed(makeTailCallLoop(symbols, members)))
      return failure();
  }
  return success();
}

namespace {
struct MergeTailCalls : twc::impl::MergeTailCallsBase<MergeTailCalls> {
  void runOnOperation() override {
    if (failed(mergeTailCalls(getOperation())))
      signalPassFailure();
  }
};
} // namespace
