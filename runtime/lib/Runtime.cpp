//===- Runtime.cpp - devices by name, exports by name, checks, reports ----===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The part of the public interface that no device owns.
//
//===----------------------------------------------------------------------===//

#include "twrun/Runtime.h"

#include "CudaDevice.h"
#include "HostDevice.h"
#include "Instance.h"
#include "Quote.h"
#include "twrun/Completion.h"

#include <algorithm>
#include <charconv>

using namespace twrun;
using namespace ptxbin;

Expected<Completion> Executor::submit(const Request &,
                                      std::function<void(const Completion &)>) {
  return makeError(ErrorKind::Incompatible,
                   describe() + " runs one call at a time: use launch or "
                                "invoke");
}
Expected<Recording> Executor::record(std::span<const Request>) {
  return makeError(ErrorKind::Incompatible, describe() + " records no calls");
}
Expected<Completion> Executor::submit(const Recording &,
                                      const RecordingOptions &,
                                      std::function<void(const Completion &)>) {
  return makeError(ErrorKind::Incompatible, describe() + " records no calls");
}
Expected<void> Executor::drain() { return {}; }
Device::~Device() = default;
CompletionStats Device::completionStats() const { return {}; }
DeviceInfo Device::info() const { return {}; }
Expected<std::unique_ptr<HostBuffer>> Device::hostBuffer(uint64_t) {
  return makeError(ErrorKind::Incompatible,
                   describe() + " has no memory for copies");
}

template <typename T>
static Expected<std::unique_ptr<Device>> asDevice(Expected<T> device) {
  if (!device)
    return device.error();
  return std::unique_ptr<Device>(std::move(*device));
}

Expected<std::unique_ptr<Device>> Device::open(const std::string &spec,
                                               const DeviceOptions &options) {
  if (spec == "host")
    return asDevice(HostDevice::open(options));
  if (spec == "cuda")
    return asDevice(CudaDevice::open(0, options));
  if (spec == "auto") {
    auto cuda = CudaDevice::open(0, options);
    if (cuda || cuda.error().kind != ErrorKind::NotFound)
      return asDevice(std::move(cuda));
    return asDevice(HostDevice::open(options));
  }
  constexpr std::string_view prefix = "cuda:";
  if (spec.starts_with(prefix)) {
    unsigned ordinal = 0;
    const char *first = spec.data() + prefix.size();
    const char *last = spec.data() + spec.size();
    auto [end, failure] = std::from_chars(first, last, ordinal);
    if (failure == std::errc() && end == last && ordinal < 1024)
      return asDevice(CudaDevice::open(int(ordinal), options));
  }
  return makeError(ErrorKind::Invalid,
                   "unknown device " + quoteName(spec) +
                       ": expected auto, cuda, cuda:N or host");
}

Expected<const KernelInfo *> twrun::findKernel(const Manifest &manifest,
                                               const std::string &name,
                                               std::optional<uint32_t> module) {
  const uint32_t of = module.value_or(
      manifest.modules.empty() ? 0 : uint32_t(manifest.modules.size() - 1));
  std::string offered;
  size_t listed = 0;
  constexpr size_t atMost = 20;
  for (const KernelInfo &kernel : manifest.kernels) {
    if (kernel.module != of)
      continue;
    if (kernel.name == name)
      return &kernel;
    if (listed++ < atMost)
      offered += (offered.empty() ? "" : ", ") + quoteName(kernel.name);
  }
  if (listed > atMost)
    offered += " and " + std::to_string(listed - atMost) + " more";
  std::string where;
  if (manifest.modules.size() > 1)
    where = " in module " + std::to_string(of);
  if (of < manifest.modules.size() && !manifest.modules[of].name.empty())
    where = " in module " + quoteName(manifest.modules[of].name);
  return makeError(ErrorKind::NotFound,
                   "no exported function " + quoteName(name) + where +
                       ": there " +
                       (offered.empty() ? "is none" : "is " + offered));
}

Expected<void> twrun::checkArguments(const KernelInfo &kernel,
                                     std::span<const Value> arguments) {
  if (arguments.size() != kernel.params.size())
    return makeError(ErrorKind::Invalid,
                     "incorrect number of arguments for " +
                         quoteName(kernel.name) + ": expected " +
                         std::to_string(kernel.params.size()) + ", but got " +
                         std::to_string(arguments.size()));
  for (size_t i = 0; i < arguments.size(); ++i)
    if (arguments[i].type != kernel.params[i])
      return makeError(ErrorKind::Invalid,
                       "incorrect type of argument " + std::to_string(i) +
                           " of " + quoteName(kernel.name) + ": expected " +
                           toString(kernel.params[i]) + ", but got " +
                           toString(arguments[i].type));
  return {};
}

static std::string toText(Dim3 d) {
  return "(" + std::to_string(d.x) + "," + std::to_string(d.y) + "," +
         std::to_string(d.z) + ")";
}

// CUDA C++ Programming Guide, "Technical Specifications per Compute
// Capability"; the same on every device since compute capability 3.0.
Expected<void> twrun::checkGrid(Dim3 grid, Dim3 block) {
  if (grid.x == 0 || grid.y == 0 || grid.z == 0 || block.x == 0 ||
      block.y == 0 || block.z == 0)
    return makeError(ErrorKind::Invalid, "a grid or block size is zero: grid " +
                                             toText(grid) + ", block " +
                                             toText(block));
  if (grid.x > 0x7fffffff || grid.y > 65535 || grid.z > 65535)
    return makeError(ErrorKind::Invalid,
                     "grid " + toText(grid) +
                         " exceeds the limit of (2147483647,65535,65535)");
  if (block.x > 1024 || block.y > 1024 || block.z > 64)
    return makeError(ErrorKind::Invalid, "block " + toText(block) +
                                             " exceeds the limit of "
                                             "(1024,1024,64)");
  if (block.count() > 1024)
    return makeError(ErrorKind::Invalid,
                     "block " + toText(block) + " has " +
                         std::to_string(block.count()) +
                         " threads, more than the limit of 1024");
  return {};
}

Expected<uint64_t> twrun::sharedBytesOf(const KernelInfo &kernel,
                                        uint64_t asked) {
  if (!kernel.shared) {
    if (asked == 0)
      return uint64_t(0);
    return makeError(ErrorKind::Invalid, "kernel " + quoteName(kernel.name) +
                                             " uses no shared memory, but " +
                                             std::to_string(asked) +
                                             " bytes were asked for");
  }
  if (asked > kernel.shared->limit)
    return makeError(ErrorKind::Invalid,
                     "a block of kernel " + quoteName(kernel.name) +
                         " can have at most " +
                         std::to_string(kernel.shared->limit) +
                         " bytes of shared memory, but " +
                         std::to_string(asked) + " were asked for");
  // The limit is a multiple of 16 too (ManifestRules.cpp).
  return (std::max(kernel.shared->size, asked) + 15) / 16 * 16;
}

std::string twrun::describeTrap(const Trap &trap, const Manifest &manifest) {
  std::string text = abi::trapMessage(trap.code);
  if (trap.code == abi::TrapCode::StrayStore)
    return text; // whose it was nobody knows
  if (!trap.message.empty())
    text += ": " + quoteName(trap.message, 1024);
  if (trap.hasPlace) {
    text += " in function " + std::to_string(trap.function);
    if (trap.function < manifest.functions.size() &&
        !manifest.functions[trap.function].empty())
      text += " " + quoteName(manifest.functions[trap.function]);
    char offset[16];
    snprintf(offset, sizeof(offset), "0x%x", trap.offset);
    text += std::string(" at offset ") + offset;
  }
  return text + ", block " + toText(trap.block) + ", thread " +
         toText(trap.thread);
}
