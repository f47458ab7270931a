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
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/Module.h"

using namespace llvm;
using namespace twc;

bool AccessGroup::needsRange() const {
  auto *constant =
      dyn_cast_if_present<ConstantInt>(members.front().guard.high.value);
  return !constant || constant->getZExtValue() != runtime::isolatedSize ||
         !index.terms.empty() ||
         llvm::any_of(members,
                      [](const Member &member) { return member.delta != 0; });
}

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
  for (AccessGroup::Member &member : group.members)
    member.aligned = group.aligned;
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

namespace {

/// Makes the addresses of accesses that tests have shown to be in place.
class Addresses {
public:
  Addresses(BasicBlock &entry, ScalarEvolution &evolution,
            SCEVExpander &expander, const DominatorTree &tree)
      : entry(entry), evolution(evolution), expander(expander), tree(tree) {}

  /// base + the exact index of a member + `distance`, for use at `at`.
  Value *get(const AccessGroup &group, int64_t delta, Value *base,
             int64_t distance, Instruction *at);

private:
  Value *start(const AccessGroup &group, Value *base);

  BasicBlock &entry;
  ScalarEvolution &evolution;
  SCEVExpander &expander;
  const DominatorTree &tree;
  DenseMap<std::pair<const AccessGroup *, Value *>, Value *> starts;
};

} // namespace

/// The address of what the deltas of a group count from, once for all of its
/// accesses, whatever branches they are in; null if it is not known so early.
Value *Addresses::start(const AccessGroup &group, Value *base) {
  Instruction *at = &*entry.getFirstInsertionPt();
  if (!group.index.terms.empty() || !tree.dominates(base, at) ||
      !isKnownAt(group.index.start, at, expander, tree))
    return nullptr;
  auto [known, isNew] = starts.try_emplace({&group, base});
  if (isNew) {
    IRBuilder<> b(at);
    Value *exact = expander.expandCodeFor(group.index.exact(evolution, 0),
                                          b.getInt64Ty(), at);
    b.SetInsertPoint(at);
    known->second = b.CreateGEP(b.getInt8Ty(), base, exact);
  }
  return known->second;
}

Value *Addresses::get(const AccessGroup &group, int64_t delta, Value *base,
                      int64_t distance, Instruction *at) {
  IRBuilder<> b(at);
  Value *address = start(group, base);
  if (address) {
    distance += delta;
  } else {
    Value *exact = expander.expandCodeFor(group.index.exact(evolution, delta),
                                          b.getInt64Ty(), at);
    b.SetInsertPoint(at);
    address = b.CreateGEP(b.getInt8Ty(), base, exact);
  }
  return distance ? b.CreateGEP(b.getInt8Ty(), address, b.getInt64(distance))
                  : address;
}

/// A place's call becomes the address in that place.
static void applyToPlace(const AccessGroup &group,
                         const AccessGroup::Member &member,
                         Addresses &addresses) {
  const Guard &guard = member.guard;
  if (member.aligned)
    for (User *user : guard.call->users())
      if (getLoadStorePointerOperand(user) == guard.call &&
          accessedBytes(*cast<Instruction>(user)) <= guard.bytes)
        align(*cast<Instruction>(user), guard.bytes);
  Place::match(*guard.call)
      ->replaceBy(addresses.get(group, member.delta, guard.base,
                                int64_t(guard.offset) - int64_t(guard.bias),
                                guard.call));
}

namespace {
/// What a test has shown of an index.
struct Fact {
  const AccessGroup *group;
  int64_t delta;
  uint64_t offset, aligned; // accesses at index + offset, up to `aligned` bytes
  const BasicBlock *under;  // where it holds; null: everywhere
};
} // namespace

void twc::applyGroups(ArrayRef<BasicBlock *> blocks,
                      ArrayRef<AccessGroup> groups, ScalarEvolution &evolution,
                      SCEVExpander &expander, const DominatorTree &tree,
                      bool widen) {
  // It may know of places that are gone.
  expander.clear();
  DenseMap<Value *, SmallVector<Fact, 1>> facts; // of checks, by index
  for (const AccessGroup &group : groups)
    for (const AccessGroup::Member &member : group.members)
      if (!member.guard.base)
        facts[member.guard.index].push_back(
            {&group, member.delta, member.guard.offset,
             member.aligned ? member.guard.bytes : 0, member.under});
  auto holds = [&](const Fact &fact, const BasicBlock *block) {
    return !fact.under || tree.dominates(fact.under, block);
  };

  Addresses addresses(*blocks.front(), evolution, expander, tree);
  SmallVector<std::pair<ZExtInst *, Fact>> extensions;
  SmallVector<std::pair<GuestAccess, Fact>> accesses;
  for (BasicBlock *block : blocks)
    for (Instruction &instruction : *block) {
      if (auto access = GuestAccess::match(instruction)) {
        auto known = facts.find(access->address->getOperand(0));
        if (known != facts.end())
          for (const Fact &fact : known->second) {
            if (!holds(fact, block))
              continue;
            if (fact.offset == uint64_t(access->offset) &&
                accessedBytes(instruction) <= fact.aligned)
              align(instruction, fact.aligned);
            if (fact.group->members.size() > 1 &&
                fact.group->index.terms.empty())
              accesses.push_back({*access, fact});
          }
      }
      auto *address = dyn_cast<ZExtInst>(&instruction);
      if (!widen || !address || !address->getType()->isIntegerTy(64))
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
        extensions.push_back({address, fact});
        break;
      }
    }
  for (auto &[access, fact] : accesses)
    access.access->setOperand(
        isa<LoadInst>(access.access) ? 0 : 1,
        addresses.get(*fact.group, fact.delta, access.base, access.offset,
                      access.access));
  for (auto &[address, fact] : extensions) {
    Value *exact =
        expander.expandCodeFor(fact.group->index.exact(evolution, fact.delta),
                               address->getType(), address);
    address->replaceAllUsesWith(exact);
    address->eraseFromParent();
  }
  for (const AccessGroup &group : groups)
    for (const AccessGroup::Member &member : group.members) {
      if (member.guard.base)
        applyToPlace(group, member, addresses);
      else if (member.guard.call)
        member.guard.call->eraseFromParent();
    }
}
