//===- Traps.h - trap codes of the interpreter, and their log ---*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// WABT tells a trap by its message; the runtime by a code. On a GPU any of
// several trapping threads may win the trap record, so the oracle remembers
// every thread that trapped, in runs of neighbours with the same code.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_ORACLE_TRAPS_H
#define TWRUN_LIB_ORACLE_TRAPS_H

#include "Format/KernelABI.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace twrun {

/// The code for a message of WABT's interpreter; nothing for one that tells of
/// the interpreter's own limits ("not implemented", for an instruction) or of
/// an import whose type does not match, which WABT reports as traps too.
std::optional<abi::TrapCode> trapCodeOf(std::string_view message);

/// Which threads of a launch trapped, by linear index in the oracle's order.
class TrapLog {
public:
  /// Runs kept at most: 24 MiB. A launch whose traps alternate more often than
  /// that is remembered only in part.
  static constexpr size_t maxRuns = 1u << 20;

  void clear();
  /// `thread` must be larger than in the call before.
  void add(uint64_t thread, abi::TrapCode code);

  /// The code with which `thread` trapped; None if it did not.
  abi::TrapCode find(uint64_t thread) const;
  /// False if some traps were not remembered.
  bool complete() const { return dropped == 0; }
  uint64_t count() const { return total; }

private:
  struct Run {
    uint64_t first, length;
    abi::TrapCode code;
  };
  std::vector<Run> runs;
  uint64_t total = 0, dropped = 0;
};

} // namespace twrun

#endif // TWRUN_LIB_ORACLE_TRAPS_H
