//===- Groups.cpp - accesses that one test covers -------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Groups.h"

#include "twc/Transforms/RuntimeCalls.h"

#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/IR/Module.h"

using namespace llvm;
using namespace twc;

bool AccessGroup::needsRange() const {
  auto *constant = dyn_cast<ConstantInt>(size);
  return !constant || constant->getZExtValue() != runtime::isolatedSize ||
         !index.terms.empty() ||
         llvm::any_of(members,
                      [](const Member &member) { return member.delta != 0; });
}

void twc::addToGroups(SmallVectorImpl<AccessGroup> &groups,
                      ScalarEvolution &evolution, const AffineIndex &index,
                      const Guard &guard) {
  for (AccessGroup &group : groups) {
    if (group.size != guard.size || !group.index.hasSameTerms(index))
      continue;
    std::optional<APInt> apart =
        evolution.computeConstantDifference(index.start, group.index.start);
    if (!apart)
      continue;
    int64_t delta = apart->getSExtValue();
    // Far apart, one test would ask for much that no access touches.
    if (std::abs(delta) > 1 << 16)
      continue;
    if (delta < 0) {
      for (AccessGroup::Member &member : group.members)
        member.delta -= delta;
      group.end -= delta;
      group.index.start = index.start;
      delta = 0;
    }
    group.members.push_back({guard, delta});
    group.end =
        std::max<uint64_t>(group.end, delta + guard.offset + guard.bytes);
    return;
  }
  AccessGroup group;
  group.index = index;
  group.size = guard.size;
  group.end = guard.offset + guard.bytes;
  group.members.push_back({guard, 0});
  groups.push_back(std::move(group));
}

static void chooseAlignment(AccessGroup &group) {
  group.aligned = true;
  for (const AccessGroup::Member &member : group.members)
    group.alignment = std::max(group.alignment, member.guard.bytes);
  // A step that is no multiple of it: no test can hold.
  for (const AffineIndex::Term &term : group.index.terms)
    if (auto *step = dyn_cast<SCEVConstant>(term.step))
      if (step->getAPInt().countr_zero() < Log2_64(group.alignment))
        group.aligned = false;
  const AccessGroup::Member *widest = nullptr;
  for (const AccessGroup::Member &member : group.members)
    if (member.guard.bytes == group.alignment) {
      widest = &member;
      break;
    }
  std::swap(group.members.front(),
            group.members[widest - group.members.data()]);
  const AccessGroup::Member &first = group.members.front();
  for (const AccessGroup::Member &member : group.members) {
    uint64_t apart = (member.delta + member.guard.offset) -
                     (first.delta + first.guard.offset);
    if (apart & (member.guard.bytes - 1))
      group.aligned = false;
  }
}

void twc::chooseAlignment(MutableArrayRef<AccessGroup> groups) {
  for (AccessGroup &group : groups)
    ::chooseAlignment(group);
}

void twc::applyGroups(ArrayRef<BasicBlock *> blocks,
                      ArrayRef<AccessGroup> groups, ScalarEvolution &evolution,
                      SCEVExpander &expander) {
  struct Fact {
    const AccessGroup *group;
    int64_t delta;
  };
  DenseMap<Value *, Fact> facts;             // by index
  DenseMap<std::pair<Value *, int64_t>, uint64_t> widths; // index, offset
  for (const AccessGroup &group : groups)
    for (const AccessGroup::Member &member : group.members) {
      facts[member.guard.index] = {&group, member.delta};
      uint64_t &width = widths[{member.guard.index, member.guard.offset}];
      if (group.aligned)
        width = std::max(width, member.guard.bytes);
    }
  SmallVector<ZExtInst *> addresses;
  for (BasicBlock *block : blocks)
    for (Instruction &instruction : *block) {
      if (auto access = GuestAccess::match(instruction)) {
        uint64_t width =
            widths.lookup({access->address->getOperand(0), access->offset});
        TypeSize size = instruction.getDataLayout().getTypeStoreSize(
            getLoadStoreType(&instruction));
        if (width && size <= width) {
          Align align(width);
          if (auto *load = dyn_cast<LoadInst>(&instruction))
            load->setAlignment(std::max(load->getAlign(), align));
          else if (auto *store = dyn_cast<StoreInst>(&instruction))
            store->setAlignment(std::max(store->getAlign(), align));
        }
      }
      if (auto *address = dyn_cast<ZExtInst>(&instruction))
        if (address->getType()->isIntegerTy(64) &&
            facts.contains(address->getOperand(0)))
          addresses.push_back(address);
    }
  for (ZExtInst *address : addresses) {
    Fact fact = facts.lookup(address->getOperand(0));
    const AffineIndex &index = fact.group->index;
    if (!index.terms.empty() &&
        !index.terms.front().loop->contains(address->getParent()))
      continue;
    Value *exact = expander.expandCodeFor(
        index.exact(evolution, fact.delta), address->getType(), address);
    address->replaceAllUsesWith(exact);
    address->eraseFromParent();
  }
  for (const AccessGroup &group : groups)
    for (const AccessGroup::Member &member : group.members)
      if (member.guard.call)
        member.guard.call->eraseFromParent();
}
