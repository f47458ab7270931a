//===- CudaStack.cpp - what stacks take of a GPU's memory -----------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The driver sets memory for stacks and registers' spills aside for every
// thread that the device can hold, before the first of them runs. Where that
// does not fit, a launch fails late and vaguely: here it is told before.
//
//===----------------------------------------------------------------------===//

#include "CudaDevice.h"

#include <algorithm>

using namespace twrun;
using namespace ptxbin;
using namespace cuda;

/// CUDA C++ Programming Guide, "Technical Specifications per Compute
/// Capability": local memory of a thread.
static constexpr uint64_t maxThreadMemory = 512 * 1024;

static uint64_t freeMemory(const Driver &driver) {
  size_t free = 0, total = 0;
  if (driver.MemGetInfo(&free, &total) != CUDA_SUCCESS)
    return UINT64_MAX / 2; // the driver will tell
  return free;
}

Expected<void> twrun::checkStacksFit(const StackUse &stacks, uint64_t kept,
                                     uint64_t free,
                                     const std::string &purpose) {
  if (stacks.perThread > maxThreadMemory)
    return makeError(ErrorKind::Incompatible,
                     purpose + " needs " + std::to_string(stacks.perThread) +
                         " bytes of stack for each thread, more than the " +
                         std::to_string(maxThreadMemory) +
                         " that a GPU thread can have: compile it with a "
                         "smaller --stack-size");
  if (stacks.perThread <= kept ||
      (stacks.perThread - kept) * stacks.threads <= free)
    return {};
  return makeError(
      ErrorKind::Incompatible,
      purpose + " needs " + std::to_string(stacks.perThread) +
          " bytes of stack for each of the " + std::to_string(stacks.threads) +
          " threads that the device runs at once, " +
          std::to_string(stacks.bytes()) + " bytes in all, but only " +
          std::to_string(free + kept * stacks.threads) +
          " are free: compile it with a smaller --stack-size");
}

uint64_t CudaDevice::stackBytes() const {
  size_t bytes = 0;
  if (driver.CtxGetLimit(&bytes, CU_LIMIT_STACK_SIZE) != CUDA_SUCCESS)
    return 0; // no recursion at all rather than too much
  return bytes;
}

Expected<void> CudaDevice::reserveStack(uint64_t window) {
  // Once for the window itself, and as often again as recursion that fills it
  // was seen to take of the stack of calls: a frame there holds what registers
  // do not, beside what C keeps in its own.
  const uint64_t least = gpuStackBytes + window;
  const uint64_t wanted = std::min(gpuStackBytes + 4 * window, maxThreadMemory);
  const uint64_t now = stackBytes();
  if (now >= wanted)
    return {};
  // What is wished for beyond the least leaves the half of memory free.
  const uint64_t free = freeMemory(driver);
  if (Expected<void> ok =
          checkStacksFit({least, threadsAtOnce}, now, free, "recursion");
      !ok)
    return ok;
  const uint64_t fits = now + free / 2 / threadsAtOnce / 16 * 16;
  const uint64_t bytes = std::clamp(fits, std::max(least, now), wanted);
  CUresult result = driver.CtxSetLimit(CU_LIMIT_STACK_SIZE, bytes);
  if (result != CUDA_SUCCESS && stackBytes() < least)
    return failure("cannot have a stack of " + std::to_string(bytes) +
                       " bytes for each of " + std::to_string(threadsAtOnce) +
                       " threads",
                   result);
  return {};
}

Expected<void> CudaDevice::checkThreadMemory(uint64_t bytes,
                                             const std::string &purpose) const {
  // The driver keeps what it once set aside. To ask it for the rest takes time.
  const uint64_t kept = std::max(mostThreadMemory.load(), stackBytes());
  return checkStacksFit({bytes, threadsAtOnce}, kept,
                        bytes > kept ? freeMemory(driver) : 0, purpose);
}

void CudaDevice::noteThreadMemory(uint64_t bytes) {
  uint64_t most = mostThreadMemory.load();
  while (most < bytes && !mostThreadMemory.compare_exchange_weak(most, bytes))
    ;
}
