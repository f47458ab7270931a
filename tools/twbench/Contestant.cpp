//===- Contestant.cpp - a kernel that is timed beside others --------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Contestant.h"

using namespace twrun;
using namespace twrun::bench;

void Contestant::fill() {
  for (size_t i = 0; i < addresses.size(); ++i)
    gpu.upload(addresses[i], task.bytes[i]);
  moveToDevice();
  gpu.synchronize();
}

void Contestant::reset() {
  for (size_t buffer : task.resets)
    gpu.check(gpu.driver().MemsetD8Async(addresses[buffer], 0,
                                         task.bytes[buffer].size(),
                                         gpu.stream()),
              "clear a buffer");
}

void Contestant::launch() {
  gpu.check(gpu.driver().LaunchKernel(function, task.grid.x, task.grid.y,
                                      task.grid.z, task.block.x, task.block.y,
                                      task.block.z, unsigned(dynamicShared),
                                      gpu.stream(), parameters.data(), nullptr),
            "launch " + label);
}

std::vector<uint8_t> Contestant::output(size_t buffer) const {
  std::vector<uint8_t> bytes(task.bytes[buffer].size());
  gpu.download(bytes, addresses[buffer]);
  return bytes;
}

void Contestant::ready() {
  attributes = gpu.attributesOf(function, task.block.count(), dynamicShared);
}
