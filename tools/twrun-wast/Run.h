//===- Run.h - runs a script on a device ------------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One instance per script, its modules instantiated as the script goes. State
// lives on after traps and failed instantiations, as the suite expects.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_WAST_RUN_H
#define TWRUN_WAST_RUN_H

#include "Report.h"

#include <functional>

namespace twrun::wast {

struct RunOptions {
  ptxbin::TrustOptions trust;
  /// Pages beyond its minimum that each memory can grow by; the suite grows
  /// one by 800 and expects that to succeed.
  uint64_t extraPages = 1024;
};

/// Called before each command with how many there are behind and in all.
using Progress = std::function<void(size_t done, size_t all)>;

/// Runs all of `script` on `device`, which may be null for a script that has
/// nothing to run. Whatever goes wrong is in the report.
FileReport runScript(const Script &script, Device *device,
                     const RunOptions &options, const Progress &progress);

/// Whether a trap's or error's message is the one that a script expects: one
/// of the two begins with the other, as in the specification's interpreter
/// ("uninitialized element 2" and "uninitialized element").
bool sameMessage(const std::string &expected, const std::string &got);

} // namespace twrun::wast

#endif // TWRUN_WAST_RUN_H
