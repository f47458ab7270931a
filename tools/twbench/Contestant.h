//===- Contestant.h - a kernel that is timed beside others ------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A kernel in one of its forms, with buffers of its own that begin with the
// same bytes as all others'. What a launch needs is made beforehand, so that
// between two events there is nothing but cuLaunchKernel.
//
//===----------------------------------------------------------------------===//

#ifndef TWBENCH_CONTESTANT_H
#define TWBENCH_CONTESTANT_H

#include "Gpu.h"
#include "lib/CLI/Arguments.h"

#include <optional>
#include <vector>

namespace twrun::bench {

/// What all contestants are given.
struct Task {
  std::string kernel;
  Dim3 grid, block;
  /// The buffers have sizes but no bytes: these stand in `bytes`, once for all.
  cli::Arguments arguments;
  std::vector<ptxbin::Bytes> bytes; // by buffer
  /// Buffers that are set to zero before each launch; they start as zeros.
  std::vector<size_t> resets;
  /// Buffers in which contestants should agree.
  std::vector<size_t> outputs;
};

class Contestant {
public:
  Contestant(const Gpu &gpu, const Task &task, std::string label)
      : gpu(gpu), task(task), label(std::move(label)) {}
  virtual ~Contestant() = default;

  /// Fills all buffers; they are on the device afterwards.
  void fill();
  /// Zeroes what must be zero before a launch.
  void reset();
  void launch();
  std::vector<uint8_t> output(size_t buffer) const;
  /// What a guest fault says, once nothing runs; "" if there was none.
  virtual std::string trap() const { return ""; }
  /// "artifact" or "cubin".
  virtual std::string kind() const = 0;
  /// Where the buffers are.
  virtual std::string memory() const = 0;

  const Gpu &gpu;
  const Task &task;
  const std::string label;
  Attributes attributes;
  uint64_t dynamicShared = 0;

protected:
  /// To be called when function, parameters and addresses stand.
  void ready();
  virtual void moveToDevice() {}

  cuda::CUfunction function = nullptr;
  std::vector<void *> parameters;
  std::vector<cuda::CUdeviceptr> addresses; // by buffer
};

/// A kernel of an artifact: as the runtime loads it, in an instance of the
/// module. `artifact` and `task` must outlive it.
std::unique_ptr<Contestant> makeArtifact(const Gpu &gpu, const Task &task,
                                         const ptxbin::PtxBin &artifact,
                                         const std::string &label);

/// A CUDA kernel in a cubin, with the artifact's name and order of parameters.
std::unique_ptr<Contestant> makeCubin(const Gpu &gpu, const Task &task,
                                      const std::string &path,
                                      const std::string &label);

} // namespace twrun::bench

#endif // TWBENCH_CONTESTANT_H
