//===- Replay.h - runs recorded calls on a device and the oracle *- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One instance on the device, one in the interpreter. Both go through the same
// calls; after each one results, memories, globals and tables are compared, and
// with what the script says another engine got.
//
//===----------------------------------------------------------------------===//

#ifndef TWREPLAY_REPLAY_H
#define TWREPLAY_REPLAY_H

#include "Script.h"

namespace twrun::replay {

struct ReplayOptions {
  /// Pages beyond its minimum that each memory can grow by.
  uint64_t extraPages = 1024;
  /// Compare with the interpreter; else only with the script.
  bool interpreter = true;
};

struct ReplayReport {
  std::string device;
  size_t calls = 0;      // that agreed
  size_t traps = 0;      // among them
  size_t digests = 0;    // memories that had the recorded digest
  double deviceSeconds = 0, interpreterSeconds = 0;
  /// Empty if all calls agreed, else one line on the first that did not.
  std::string mismatch;
};

/// An error is one of the artifact, the device or the script; that executors
/// disagree is in the report.
Expected<ReplayReport> replayCalls(const ptxbin::PtxBin &artifact,
                                   const std::vector<Call> &calls,
                                   Device &device,
                                   const ReplayOptions &options);

} // namespace twrun::replay

#endif // TWREPLAY_REPLAY_H
