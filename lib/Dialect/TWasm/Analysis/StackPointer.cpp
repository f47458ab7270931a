//===- StackPointer.cpp - finds the shadow stack's pointer ----------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What tells a stack pointer from an allocator's pointer into its heap: each
// function leaves it as it found it. One that lies at the bottom of memory,
// under all data, is what the windows of grid launches need.
//
//===----------------------------------------------------------------------===//

#include "twc/Dialect/TWasm/Analysis/StackPointer.h"

using namespace mlir;
using namespace twc::twasm;

/// Every function moves it by amounts taken from itself, never above where it
/// was, and back before it returns; and some function uses what is below it.
bool StackPointer::hasShape(GlobalOp candidate, ModuleOp module) const {
  bool hasFrames = false;
  for (auto func : module.getOps<FuncOp>()) {
    FrameDepths depths(func, candidate.getSymName());
    if (!depths.uses)
      continue;
    if (!depths.derived || !depths.balanced || depths.rises)
      return false;
    hasFrames |= depths.deepest > 0 || depths.dynamic;
  }
  return hasFrames;
}

static MemoryOp memoryOf(FuncOp func, ModuleOp module) {
  for (auto memory : module.getOps<MemoryOp>())
    if (!func.getMemory() || memory.getSymName() == *func.getMemory())
      return memory;
  return {};
}

void StackPointer::place(GlobalOp candidate, ModuleOp module) {
  MemoryOp home;
  for (auto func : module.getOps<FuncOp>()) {
    if (!FrameDepths(func, candidate.getSymName()).uses)
      continue;
    MemoryOp memory = memoryOf(func, module);
    if (!memory || (home && memory != home)) {
      problem = "functions of more than one memory use it";
      return;
    }
    home = memory;
  }
  if (!home || home.getIndex64()) {
    problem = home ? "its memory has 64-bit addresses"
                   : std::string("no function uses it");
    return;
  }
  uint64_t start =
      cast<IntegerAttr>(candidate.getInit()).getValue().getZExtValue();
  if (start == 0 || start % 16 != 0 ||
      start > uint64_t(home.getMin()) << 16) {
    problem = "expected an initial value that is a positive multiple of 16 "
              "inside memory, but got " +
              std::to_string(start);
    return;
  }
  for (auto data : module.getOps<DataOp>())
    if (data.getMemory() && *data.getMemory() == home.getSymName() &&
        uint64_t(data.getOffset()) < start && !data.getBytes().empty()) {
      problem = "data lies below the stack's start at " +
                std::to_string(start) +
                ": link with wasm-ld's --stack-first, its default";
      return;
    }
  global = candidate;
  memory = home.getSymNameAttr();
  top = start;
}

StackPointer::StackPointer(ModuleOp module, std::optional<uint32_t> index) {
  // A leaf function that needs little uses what is below the pointer without
  // moving it, so a module of such functions only reads it.
  llvm::StringMap<bool> read;
  module.walk([&](GlobalGetOp get) { read[get.getGlobal()] = true; });
  SmallVector<GlobalOp> candidates;
  bool named = false;
  for (auto candidate : module.getOps<GlobalOp>()) {
    bool fits =
        candidate.getIsMutable() && candidate.getInit().getType().isInteger(32);
    if (index) {
      if (uint32_t(candidate.getGlobalIndex()) != *index)
        continue;
      named = true;
      if (fits)
        candidates.push_back(candidate);
      else
        problem = "global " + std::to_string(*index) +
                  " is no stack pointer: expected a mutable i32";
    } else if (fits && read.lookup(candidate.getSymName()) &&
               hasShape(candidate, module)) {
      candidates.push_back(candidate);
    }
  }
  if (index && !named)
    problem = "there is no global " + std::to_string(*index);
  if (candidates.size() > 1)
    problem = "more than one global looks like a stack pointer: name it";
  else if (!candidates.empty())
    place(candidates.front(), module);
}
