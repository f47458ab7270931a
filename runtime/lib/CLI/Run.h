//===- Run.h - launch and invoke --------------------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What `twrun launch` and `twrun invoke` do: open and verify the artifact,
// read the arguments, run on the device, check against the interpreter, save
// the sinks. Printing is Report.h's.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_CLI_RUN_H
#define TWRUN_LIB_CLI_RUN_H

#include "Compare.h"
#include "Options.h"
#include "Session.h"
#include "Stats.h"

namespace twrun::cli {

/// All that a run has to tell.
struct RunReport {
  std::string device;
  Outcome outcome;                  // of the last launch
  std::vector<double> seconds;      // of each launch
  std::vector<std::string> results; // as text
  std::string trapText;             // empty: none
  uint64_t sharedBytes = 0;         // of each block
  StackUse stacks;                  // nothing for an invocation
  std::optional<Verification> verification;
  std::vector<SavedSink> saved; // only if neither trap nor mismatch
  MemoryStats memory;
  int exitCode() const;
};

/// Reads, verifies and decodes the file by --trust and --allow-unsigned.
Expected<ptxbin::PtxBin> openArtifact(const Options &options);

/// What --finalized names, admitted in the same way.
Expected<std::optional<ptxbin::Finalized>>
openFinalized(const Options &options, const ptxbin::PtxBin &artifact);

/// An error when the artifact's signed expiry has passed at `now`, in seconds
/// since 1970.
Expected<void> checkExpiry(const ptxbin::Manifest &manifest, uint64_t now);

Expected<RunReport> runKernel(const Options &options);

} // namespace twrun::cli

#endif // TWRUN_LIB_CLI_RUN_H
