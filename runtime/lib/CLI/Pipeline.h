//===- Pipeline.h - several launches on one instance ------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a pipeline file says (docs/TwrunCLI.md, "Pipelines"): an artifact,
// buffers by name, and steps. Reading it needs neither the artifact nor a
// device; what it means for an artifact is PipelinePlan.h's.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_CLI_PIPELINE_H
#define TWRUN_LIB_CLI_PIPELINE_H

#include "Buffer.h"

#include "twrun/Runtime.h"

#include <span>

namespace twrun::cli {

/// Where in the file something stands; lines and columns count from 1. Line 0:
/// not in the file, but on the command line.
struct SourcePlace {
  uint32_t line = 0, column = 0;
};

struct PipelineBuffer {
  std::string name;
  BufferSpec spec; // paths are as seen from the working directory
  SourcePlace place;
};

/// A number in the notation of the command line, or a buffer.
struct PipelineArgument {
  SourcePlace place;
  std::string text;
  std::optional<size_t> buffer; // in Pipeline::buffers
};

struct PipelineStep {
  enum class Kind { Launch, Invoke, Swap, Group };
  Kind kind = Kind::Launch;
  SourcePlace place;
  uint64_t repeat = 1;

  // Launch and Invoke
  std::string function;
  std::optional<std::string> module; // else Pipeline::module
  std::vector<PipelineArgument> arguments;
  // Launch
  Dim3 grid, block;
  uint64_t sharedBytes = 0;
  // Swap: the names change places
  size_t first = 0, second = 0; // in Pipeline::buffers
  // Group
  std::vector<PipelineStep> steps;
};

struct PipelineLength {
  uint64_t steps = 0; // calls and swaps
  uint64_t calls = 0;
};

struct Pipeline {
  std::string path;     // of the file itself
  std::string artifact; // as seen from the working directory
  std::optional<std::string> module;
  std::optional<uint64_t> fuel;
  std::vector<PipelineBuffer> buffers;
  std::vector<PipelineStep> steps;
  /// What it takes in all, repetitions included.
  PipelineLength length;

  /// "FILE:LINE:COLUMN: ", or "--buffer: ".
  std::string at(SourcePlace place) const;
};

inline constexpr uint64_t maxPipelineBytes = 1 << 20;
inline constexpr size_t maxPipelineBuffers = 1024;
inline constexpr size_t maxPipelineSteps = 4096;
inline constexpr unsigned maxPipelineDepth = 8; // groups within groups
inline constexpr uint64_t maxPipelineLength = 10'000'000; // steps

/// Reads the text of the file `path`. `replaced` are buffers that the command
/// line gives instead of the file's: "NAME=SOURCE[=SINK]".
Expected<Pipeline> parsePipeline(std::string_view text, const std::string &path,
                                 std::span<const std::string> replaced = {});

} // namespace twrun::cli

#endif // TWRUN_LIB_CLI_PIPELINE_H
