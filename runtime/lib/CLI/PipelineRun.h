//===- PipelineRun.h - running a pipeline -----------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What `twrun run` does: the steps on the device, then, with --verify, the same
// steps in the interpreter and a comparison of the two at the end.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_CLI_PIPELINERUN_H
#define TWRUN_LIB_CLI_PIPELINERUN_H

#include "Compare.h"
#include "PipelinePlan.h"
#include "Session.h"
#include "Stats.h"

namespace twrun::cli {

/// What became of one launch or invocation of the file, all repetitions.
struct StepReport {
  const PipelineStep *step = nullptr;
  std::vector<double> seconds; // of each call
  std::vector<Value> results;  // of the last
};

struct PipelineReport {
  Pipeline pipeline;
  std::string device;
  std::vector<StepReport> steps;    // in the order of the file
  std::vector<std::string> results; // as text, of all steps one after another
  uint64_t calls = 0;
  double seconds = 0; // of all calls, the kernels' own time
  std::optional<Trap> trap;
  std::string trapText; // with the step's place
  std::optional<Verification> verification;
  std::vector<SavedSink> saved; // only if neither trap nor mismatch
  MemoryStats memory;
  int exitCode() const;
};

Expected<PipelineReport> runPipeline(const Options &options);

/// As Report.h's, of a pipeline.
std::string humanReport(const Options &options, const PipelineReport &report);
std::string jsonReport(const Options &options, const PipelineReport &report,
                       const std::optional<RunStats> &stats);
std::string errorText(const PipelineReport &report);

} // namespace twrun::cli

#endif // TWRUN_LIB_CLI_PIPELINERUN_H
