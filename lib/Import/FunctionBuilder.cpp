//===- FunctionBuilder.cpp - one function body in SSA form ----------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See FunctionBuilder.h for how labels and locals are treated.
//
//===----------------------------------------------------------------------===//

#include "FunctionBuilder.h"

#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace twc;

FunctionBuilder::FunctionBuilder(twasm::FuncOp func, const FunctionFact &facts)
    : builder(func.getContext()), loc(func.getLoc()), body(func.getBody()),
      facts(facts) {
  Block *entry = newBlock();
  for (Type type : func.getArgumentTypes())
    locals.push_back(entry->addArgument(type, loc));
  builder.setInsertionPointToStart(entry);
  open(Kind::Function, func.getResultTypes(), func.getResultTypes(), 0);
}

void FunctionBuilder::addLocals(uint32_t count, Type type) {
  if (count == 0)
    return;
  Value value;
  if (isa<twasm::FuncRefType, twasm::ExternRefType>(type))
    value = twasm::RefNullOp::create(builder, loc, type);
  else
    value = twasm::ConstOp::create(builder, loc, type,
                                   builder.getZeroAttr(type));
  locals.append(count, value);
}

SmallVector<Value> FunctionBuilder::pop(size_t count) {
  SmallVector<Value> values(stack.end() - count, stack.end());
  stack.truncate(stack.size() - count);
  return values;
}

Block *FunctionBuilder::newBlock() {
  body.push_back(new Block());
  return &body.back();
}

void FunctionBuilder::open(Kind kind, TypeRange branchTypes, TypeRange results,
                           size_t params) {
  Label label;
  label.kind = kind;
  label.branchTypes.assign(branchTypes.begin(), branchTypes.end());
  label.results.assign(results.begin(), results.end());
  label.height = reachable ? stack.size() - params : stack.size();
  label.enteredReachable = reachable;
  labels.push_back(std::move(label));
}

//===----------------------------------------------------------------------===//
// Opening labels
//===----------------------------------------------------------------------===//

void FunctionBuilder::beginBlock(TypeRange params, TypeRange results) {
  open(Kind::Block, results, results, params.size());
}

void FunctionBuilder::beginLoop(TypeRange params, TypeRange results) {
  const LoopFact &loop = facts.loops[nextLoop++];
  open(Kind::Loop, params, results, params.size());
  // What is never repeated needs no header.
  if (!reachable || !loop.repeated)
    return;
  ArrayRef<uint32_t> sets = loop.locals;
  Label &label = labels.back();
  label.loopLocals = sets;
  Block *header = newBlock();
  label.target = header;

  SmallVector<Value> init(stack.end() - params.size(), stack.end());
  for (uint32_t local : sets)
    init.push_back(locals[local]);
  twasm::BrOp::create(builder, loc, init, header);

  builder.setInsertionPointToStart(header);
  for (size_t i = 0; i < params.size(); ++i)
    stack[label.height + i] = header->addArgument(params[i], loc);
  for (uint32_t local : sets)
    locals[local] = header->addArgument(locals[local].getType(), loc);
}

void FunctionBuilder::beginIf(TypeRange params, TypeRange results) {
  Value condition = reachable ? pop() : Value();
  open(Kind::Then, results, results, params.size());
  if (!reachable)
    return;
  Label &label = labels.back();
  Block *thenBlock = newBlock();
  Block *elseBlock = newBlock();
  label.branch =
      twasm::BrIfOp::create(builder, loc, condition, ValueRange(), ValueRange(),
                            thenBlock, elseBlock);
  label.ifLocals = locals;
  kept += locals.size();
  label.ifParams.assign(stack.begin() + label.height, stack.end());
  builder.setInsertionPointToStart(thenBlock);
}

//===----------------------------------------------------------------------===//
// Branches
//===----------------------------------------------------------------------===//

Block *FunctionBuilder::targetOf(Label &to) {
  if (!to.target) {
    to.target = newBlock();
    for (Type type : to.branchTypes)
      to.target->addArgument(type, loc);
  }
  return to.target;
}

SmallVector<Value> FunctionBuilder::valuesFor(Label &to) {
  SmallVector<Value> values(stack.end() - to.branchTypes.size(), stack.end());
  if (to.kind == Kind::Loop) {
    merged += to.loopLocals.size();
    for (uint32_t local : to.loopLocals)
      values.push_back(locals[local]);
  }
  return values;
}

void FunctionBuilder::noteEdge(Label &to, Operation *branch,
                               unsigned successor) {
  if (to.kind == Kind::Loop || to.kind == Kind::Function)
    return;
  to.edges.push_back({branch, successor, locals});
  kept += locals.size();
}

void FunctionBuilder::br(uint32_t depth) {
  Label &to = label(depth);
  if (to.kind == Kind::Function)
    return doReturn();
  auto op = twasm::BrOp::create(builder, loc, valuesFor(to), targetOf(to));
  noteEdge(to, op, 0);
  leave();
}

void FunctionBuilder::brIf(uint32_t depth) {
  Value condition = pop();
  Label &to = label(depth);
  Block *next = newBlock();
  SmallVector<Value> values = valuesFor(to);
  auto op = twasm::BrIfOp::create(builder, loc, condition, values, ValueRange(),
                                  targetOf(to), next);
  noteEdge(to, op, 0);
  builder.setInsertionPointToStart(next);
}

void FunctionBuilder::brTable(ArrayRef<uint32_t> depths,
                              uint32_t defaultDepth) {
  Value index = pop();
  // A block for each label that is named, however often: tables have up to
  // 10^5 cases, and locals merged into each case would be copied as often.
  DenseMap<uint32_t, Block *> arms;
  auto armOf = [&](uint32_t depth) {
    Block *&arm = arms[depth];
    if (!arm)
      arm = newBlock();
    return arm;
  };
  Block *fallback = armOf(defaultDepth);
  SmallVector<Block *> dests = llvm::map_to_vector(depths, armOf);
  twasm::BrTableOp::create(builder, loc, index, ValueRange(),
                           SmallVector<ValueRange>(dests.size()), fallback,
                           dests);
  auto fill = [&](uint32_t depth) {
    Block *arm = std::exchange(arms[depth], nullptr);
    if (!arm)
      return;
    builder.setInsertionPointToStart(arm);
    br(depth);
  };
  fill(defaultDepth);
  for (uint32_t depth : depths)
    fill(depth);
  leave();
}

void FunctionBuilder::doReturn() {
  Label &function = labels.front();
  size_t count = function.results.size();
  twasm::ReturnOp::create(
      builder, loc, SmallVector<Value>(stack.end() - count, stack.end()));
  leave();
}

void FunctionBuilder::unreachable() {
  twasm::UnreachableOp::create(builder, loc);
  leave();
}

//===----------------------------------------------------------------------===//
// Closing labels
//===----------------------------------------------------------------------===//

void FunctionBuilder::beginElse() {
  Label &label = labels.back();
  label.kind = Kind::Else;
  if (!label.enteredReachable)
    return;
  kept -= label.ifLocals.size();
  // The arm falls through to the end, as if it branched there.
  if (reachable) {
    auto op = twasm::BrOp::create(builder, loc, valuesFor(label),
                                  targetOf(label));
    noteEdge(label, op, 0);
  }
  reachable = true;
  locals = label.ifLocals;
  stack.truncate(label.height);
  stack.append(label.ifParams);
  builder.setInsertionPointToStart(label.branch.getFalseDest());
}

void FunctionBuilder::mergeLocals(Label &to) {
  ArrayRef<Edge> edges = to.edges;
  locals = edges.front().locals;
  SmallVector<uint32_t> differing;
  for (auto [i, local] : llvm::enumerate(locals))
    if (llvm::any_of(edges, [&, i = i, local = local](const Edge &e) {
          return e.locals[i] != local;
        }))
      differing.push_back(i);
  for (uint32_t i : differing)
    locals[i] = to.target->addArgument(locals[i].getType(), loc);
  // At once for each edge: an append copies all operands that are there.
  for (const Edge &edge : edges)
    cast<BranchOpInterface>(edge.branch)
        .getSuccessorOperands(edge.successor)
        .append(llvm::map_to_vector(
            differing, [&](uint32_t i) { return edge.locals[i]; }));
  merged += edges.size() * differing.size();
  kept -= edges.size() * locals.size();
}

void FunctionBuilder::end() {
  // An `if` without `else` has an arm that passes its parameters on.
  if (labels.back().kind == Kind::Then)
    beginElse();
  if (labels.back().kind == Kind::Function && reachable)
    doReturn();
  Label label = std::move(labels.back());
  labels.pop_back();
  if (!label.enteredReachable)
    return;
  if (label.kind == Kind::Function) {
    // br_if and br_table to the function's label return through a block of
    // its own.
    if (label.target) {
      builder.setInsertionPointToEnd(label.target);
      twasm::ReturnOp::create(builder, loc, label.target->getArguments());
    }
    return;
  }
  // Nothing branches forward to a loop; what falls out of it goes on.
  if (label.kind == Kind::Loop || !label.target) {
    if (!reachable)
      stack.truncate(label.height);
    return;
  }

  size_t results = label.results.size();
  if (reachable) {
    SmallVector<Value> values(stack.end() - results, stack.end());
    auto op = twasm::BrOp::create(builder, loc, values, label.target);
    noteEdge(label, op, 0);
  }
  // Place the block behind those of its label, then merge the locals.
  label.target->moveBefore(&body, body.end());
  builder.setInsertionPointToStart(label.target);
  mergeLocals(label);
  stack.truncate(label.height);
  for (size_t i = 0; i < results; ++i)
    stack.push_back(label.target->getArgument(i));
  reachable = true;
}
