//===- PipelinePlan.h - a pipeline for one artifact -------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Binds the steps of a pipeline to the exports of an artifact: everything about
// it is checked here, with its place in the file, before a device is opened.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_CLI_PIPELINEPLAN_H
#define TWRUN_LIB_CLI_PIPELINEPLAN_H

#include "Arguments.h"
#include "Pipeline.h"

namespace twrun::cli {

struct PlannedStep {
  const PipelineStep *step = nullptr; // in the pipeline
  // Launch and Invoke
  const ptxbin::KernelInfo *kernel = nullptr;
  size_t row = 0; // in the report
  std::vector<Value> values;
  /// The parameters that are buffers, and which.
  std::vector<std::pair<size_t, size_t>> buffers;
  // Group
  std::vector<PlannedStep> steps;
};

struct PipelinePlan {
  std::vector<PlannedStep> steps;
  size_t rows = 0; // launches and invocations in the file
  /// All buffers, one argument each, in the pipeline's order.
  Arguments arguments;
  /// Of the kernels that run as grids.
  std::vector<ptxbin::StackWindow> windows;
};

/// Loads the buffers too. Pipeline and manifest must outlive the plan.
Expected<PipelinePlan> planPipeline(const Pipeline &pipeline,
                                    const ptxbin::Manifest &manifest);

} // namespace twrun::cli

#endif // TWRUN_LIB_CLI_PIPELINEPLAN_H
