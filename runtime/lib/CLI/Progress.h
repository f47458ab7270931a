//===- Progress.h - how far a long job has come -----------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A line on standard error, rewritten in place, while a person watches: only on
// a terminal, and never with --quiet.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_CLI_PROGRESS_H
#define TWRUN_LIB_CLI_PROGRESS_H

#include "Options.h"
#include "twrun/Oracle.h"

#include <chrono>

namespace twrun::cli {

/// "launches: 1200 of 5000 (24%), 400/s, 9.5 s left" after `seconds`.
std::string progressText(const std::string &what, uint64_t done, uint64_t all,
                         double seconds);

class Progress {
public:
  /// Of `all` things called `what`. One is no long job, and shows nothing.
  Progress(const Options &options, std::string what, uint64_t all);
  ~Progress() { clear(); }
  Progress(const Progress &) = delete;

  /// That many are done. Shown ten times a second at most, and not at all in
  /// the first half second.
  void tell(uint64_t done);
  /// Takes the line away; what is told later shows it again.
  void clear();

private:
  using Clock = std::chrono::steady_clock;
  std::string what;
  uint64_t all;
  bool watched, shown = false;
  Clock::time_point start, next;
};

/// The interpreter's threads of one launch; nothing when nobody watches.
OracleProgress oracleProgress(const Options &options);
/// Ends its line.
void clearProgressLine(const OracleProgress &progress);

} // namespace twrun::cli

#endif // TWRUN_LIB_CLI_PROGRESS_H
