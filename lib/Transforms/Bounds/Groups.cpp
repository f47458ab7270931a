//===- Groups.cpp - accesses that one test covers -------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Groups.h"

#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/Module.h"

using namespace llvm;
using namespace twc;

void twc::addToGroups(SmallVectorImpl<AccessGroup> &groups,
                      ScalarEvolution &evolution, const AffineIndex &index,
                      const Guard &guard) {
  for (AccessGroup &group : groups) {
    if (!group.members.front().guard.isInSamePlace(guard) ||
        !group.index.hasSameTerms(index))
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
      group.begin -= delta;
      group.end -= delta;
      group.index.start = index.start;
      delta = 0;
    }
    group.members.push_back({guard, delta});
    group.begin = std::min<uint64_t>(group.begin, delta + guard.offset);
    group.end =
        std::max<uint64_t>(group.end, delta + guard.offset + guard.bytes);
    return;
  }
  AccessGroup group;
  group.index = index;
  group.begin = guard.offset;
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

/// Gives an access the alignment that a test has shown.
static void align(Instruction &access, uint64_t bytes) {
  Align shown(bytes);
  if (auto *load = dyn_cast<LoadInst>(&access))
    load->setAlignment(std::max(load->getAlign(), shown));
  else if (auto *store = dyn_cast<StoreInst>(&access))
    store->setAlignment(std::max(store->getAlign(), shown));
}

static uint64_t accessedBytes(Instruction &access) {
  return access.getDataLayout().getTypeStoreSize(getLoadStoreType(&access));
}

/// A place's call becomes the address in that place.
static void applyToPlace(const AccessGroup &group,
                         const AccessGroup::Member &member,
                         ScalarEvolution &evolution, SCEVExpander &expander) {
  const Guard &guard = member.guard;
  IRBuilder<> b(guard.call);
  Value *exact =
      expander.expandCodeFor(group.index.exact(evolution, member.delta),
                             b.getInt64Ty(), guard.call);
  b.SetInsertPoint(guard.call);
  Value *address = b.CreateGEP(b.getInt8Ty(), guard.base, exact);
  if (guard.offset != guard.bias)
    address = b.CreateGEP(b.getInt8Ty(), address,
                          b.getInt64(guard.offset - guard.bias));
  if (group.aligned)
    for (User *user : guard.call->users())
      if (getLoadStorePointerOperand(user) == guard.call &&
          accessedBytes(*cast<Instruction>(user)) <= guard.bytes)
        align(*cast<Instruction>(user), guard.bytes);
  Place::match(*guard.call)->replaceBy(address);
}

namespace {
/// What a test has shown of an index.
struct Fact {
  const AccessGroup *group;
  int64_t delta;
  uint64_t offset, aligned; // accesses at index + offset, up to `aligned` bytes
};
} // namespace

void twc::applyGroups(ArrayRef<BasicBlock *> blocks,
                      ArrayRef<AccessGroup> groups, ScalarEvolution &evolution,
                      SCEVExpander &expander, const DominatorTree &tree) {
  // It may know of places that are gone.
  expander.clear();
  DenseMap<Value *, SmallVector<Fact, 1>> facts; // of checks, by index
  for (const AccessGroup &group : groups)
    for (const AccessGroup::Member &member : group.members)
      if (!member.guard.base)
        facts[member.guard.index].push_back(
            {&group, member.delta, member.guard.offset,
             group.aligned ? member.guard.bytes : 0});
  auto holds = [&](const Fact &fact, const BasicBlock *block) {
    return !fact.group->under || tree.dominates(fact.group->under, block);
  };

  SmallVector<std::pair<ZExtInst *, Fact>> addresses;
  for (BasicBlock *block : blocks)
    for (Instruction &instruction : *block) {
      if (auto access = GuestAccess::match(instruction)) {
        auto known = facts.find(access->address->getOperand(0));
        if (known != facts.end())
          for (const Fact &fact : known->second)
            if (fact.offset == uint64_t(access->offset) &&
                accessedBytes(instruction) <= fact.aligned &&
                holds(fact, block))
              align(instruction, fact.aligned);
      }
      auto *address = dyn_cast<ZExtInst>(&instruction);
      if (!address || !address->getType()->isIntegerTy(64))
        continue;
      auto known = facts.find(address->getOperand(0));
      if (known == facts.end())
        continue;
      for (const Fact &fact : known->second) {
        const AffineIndex &index = fact.group->index;
        if (!holds(fact, block) ||
            (!index.terms.empty() &&
             !index.terms.front().loop->contains(block)))
          continue;
        addresses.push_back({address, fact});
        break;
      }
    }
  for (auto &[address, fact] : addresses) {
    Value *exact =
        expander.expandCodeFor(fact.group->index.exact(evolution, fact.delta),
                               address->getType(), address);
    address->replaceAllUsesWith(exact);
    address->eraseFromParent();
  }
  for (const AccessGroup &group : groups)
    for (const AccessGroup::Member &member : group.members) {
      if (member.guard.base)
        applyToPlace(group, member, evolution, expander);
      else
        member.guard.call->eraseFromParent();
    }
}
