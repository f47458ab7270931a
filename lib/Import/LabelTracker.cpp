//===- LabelTracker.cpp - the open labels of the body being read ----------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A loop's set of locals costs nothing until one is set in it, and moves to
// the loop around it when it ends: deep nests of loops stay linear.
//
//===----------------------------------------------------------------------===//

#include "LabelTracker.h"

using namespace twc;

void LabelTracker::open(bool isLoop, uint64_t values) {
  labels.push_back({isLoop, facts.loops.size(), values});
  carried += values;
  if (!isLoop)
    return;
  loops.push_back({facts.loops.size(), {}});
  facts.loops.emplace_back();
}

void LabelTracker::branch(uint32_t depth) {
  // The validator judges depths; the function's own label is not here.
  if (depth >= labels.size())
    return;
  size_t at = labels.size() - 1 - depth;
  carried += labels[at].values;
  if (labels[at].isLoop)
    facts.loops[labels[at].loop].repeated = true;
}

void LabelTracker::setLocal(uint32_t local, uint64_t locals) {
  if (loops.empty() || local >= locals)
    return;
  llvm::SmallBitVector &sets = loops.back().sets;
  if (sets.empty())
    sets.resize(locals);
  sets.set(local);
}

void LabelTracker::unite(llvm::SmallBitVector &into,
                         llvm::SmallBitVector &&from) {
  if (into.empty())
    into = std::move(from);
  else if (!from.empty())
    into |= from;
}

void LabelTracker::close() {
  Label label = labels.back();
  labels.pop_back();
  if (!label.isLoop)
    return;
  OpenLoop loop = std::move(loops.back());
  loops.pop_back();
  LoopFact &fact = facts.loops[loop.index];
  if (fact.repeated) {
    for (unsigned local : loop.sets.set_bits())
      fact.locals.push_back(local);
    carried += fact.locals.size();
  }
  if (!loops.empty())
    unite(loops.back().sets, std::move(loop.sets));
}
