//===- Traps.cpp - trap codes of the interpreter --------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Traps.h"

#include <algorithm>

namespace twrun {

using abi::TrapCode;

std::optional<TrapCode> trapCodeOf(std::string_view message) {
  // WABT 1.0.32, src/interp/interp.cc and interp-math.h; the last three are
  // Rewrite.cpp's, whose atomics are aligned.
  static constexpr struct {
    std::string_view prefix;
    TrapCode code;
  } table[] = {
      {"unreachable executed", TrapCode::Unreachable},
      {"integer overflow", TrapCode::IntegerOverflow},
      {"integer divide by zero", TrapCode::IntegerDivideByZero},
      {"invalid conversion to integer", TrapCode::InvalidConversionToInteger},
      {"out of bounds memory access", TrapCode::OutOfBoundsMemoryAccess},
      {"invalid atomic access", TrapCode::OutOfBoundsMemoryAccess},
      {"indirect call signature mismatch", TrapCode::IndirectCallTypeMismatch},
      {"undefined table index", TrapCode::UndefinedElement},
      {"out of bounds table access", TrapCode::OutOfBoundsTableAccess},
      {"uninitialized table element", TrapCode::UninitializedElement},
      {"call stack exhausted", TrapCode::CallStackExhausted},
      {"endless wait", TrapCode::EndlessWait},
      {"expected shared memory", TrapCode::ExpectedSharedMemory},
      {"unaligned atomic", TrapCode::UnalignedAtomic},
  };
  for (const auto &entry : table)
    if (message.substr(0, entry.prefix.size()) == entry.prefix)
      return entry.code;
  return std::nullopt;
}

void TrapLog::clear() {
  runs.clear();
  total = dropped = 0;
}

void TrapLog::add(uint64_t thread, TrapCode code) {
  ++total;
  if (!runs.empty() && runs.back().code == code &&
      runs.back().first + runs.back().length == thread) {
    ++runs.back().length;
    return;
  }
  if (runs.size() == maxRuns) {
    ++dropped;
    return;
  }
  runs.push_back({thread, 1, code});
}

TrapCode TrapLog::find(uint64_t thread) const {
  auto after = std::upper_bound(
      runs.begin(), runs.end(), thread,
      [](uint64_t t, const Run &run) { return t < run.first; });
  if (after == runs.begin())
    return TrapCode::None;
  const Run &run = *std::prev(after);
  return thread - run.first < run.length ? run.code : TrapCode::None;
}

} // namespace twrun
