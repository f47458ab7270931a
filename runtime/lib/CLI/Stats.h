//===- Stats.h - what a run took --------------------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What --stats tells: times of the steps of a run by their spans (Trace.h),
// memory by what it is for, and rates.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_CLI_STATS_H
#define TWRUN_LIB_CLI_STATS_H

#include "Arguments.h"
#include "ReportParts.h"
#include "lib/Trace.h"

namespace twrun::cli {

/// Bytes of an instance at the end of a run.
struct MemoryStats {
  uint64_t linear = 0; // all memories, as large as they have grown
  uint64_t buffers = 0, tables = 0;
  uint64_t prints = 0; // what kernels print
  uint64_t stacks = 0; // of all threads at once, where that is known
};
MemoryStats memoryStats(const ptxbin::Manifest &manifest, Executor &executor,
                        const Arguments &arguments, uint64_t printRecords);

struct RunStats {
  std::map<std::string, TraceTotal, std::less<>> spans;
  MemoryStats memory;
  uint64_t artifactBytes = 0;
  uint64_t calls = 0;
  std::vector<double> seconds;     // of each call, the kernel's own
  uint64_t interpretedThreads = 0; // by --verify
  double interpreterSeconds = 0;
  uint64_t peakResidentBytes = 0; // of this process

  /// Of all spans of that name.
  double secondsOf(std::string_view span) const;
};

/// The most memory that this process had resident.
uint64_t peakResidentBytes();

std::string statsText(const RunStats &stats);
Json toJson(const RunStats &stats);

} // namespace twrun::cli

#endif // TWRUN_LIB_CLI_STATS_H
