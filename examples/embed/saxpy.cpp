//===- saxpy.cpp - y = a x + y on a GPU or the host, from C++ -------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Usage: saxpy-cpp saxpy.ptxbin KEY.pub [DEVICE]
//
//===----------------------------------------------------------------------===//

#include <bit>
#include <cstdio>
#include <stdexcept>
#include <twrun/Completion.h>

using namespace twrun;

template <typename T> static T valueOf(Expected<T> result) {
  if (!result)
    throw std::runtime_error(result.error().message);
  return std::move(*result);
}

static Value i32(uint64_t bits) { return {ValueType::I32, uint32_t(bits)}; }

static int run(const char *path, const char *key, const char *where) {
  // Verify the file, and find its kernel.
  ptxbin::TrustOptions trust;
  trust.keys.push_back(valueOf(ptxbin::readPublicKey(key)));
  const ptxbin::PtxBin artifact = valueOf(ptxbin::PtxBin::openVerified(
      valueOf(ptxbin::readFile(path, ptxbin::maxFileBytes)), trust));
  const ptxbin::KernelInfo *kernel =
      valueOf(findKernel(artifact.manifest(), "saxpy"));

  // Two arrays behind what the module itself uses.
  constexpr uint64_t count = 1 << 16, bytes = 4 * count;
  auto device = valueOf(Device::open(where));
  std::printf("on %s\n", device->describe().c_str());
  InstanceOptions options;
  options.extraPages = 2 * bytes / 65536;
  auto instance = valueOf(device->instantiate(artifact, options));
  const uint64_t x = valueOf(instance->allocate(bytes));
  const uint64_t y = valueOf(instance->allocate(bytes));
  std::span<float> xs = valueOf(instance->view<float>(x, count));
  std::span<float> ys = valueOf(instance->view<float>(y, count));
  for (uint64_t i = 0; i < count; ++i) {
    xs[i] = float(i);
    ys[i] = 1;
  }

  // Four launches, one after the other on the device, while this thread goes on.
  const Value arguments[] = {{ValueType::F32, std::bit_cast<uint32_t>(2.0f)},
                             i32(x), i32(y), i32(count)};
  Request request;
  request.kernel = kernel;
  request.grid = {uint32_t(count / 256)};
  request.block = {256};
  request.arguments = arguments;
  int done = 0; // written on the library's thread, read when drained
  std::future<Expected<Outcome>> last;
  for (int i = 0; i < 4; ++i) {
    Completion launch = valueOf(
        instance->submit(request, [&](const Completion &ended) {
          done += ended.state() == Completion::State::Value;
        }));
    last = launch.future();
  }
  const Outcome outcome = valueOf(last.get());
  if (outcome.trap)
    throw std::runtime_error(describeTrap(*outcome.trap, artifact.manifest()));
  if (auto drained = instance->drain(); !drained)
    throw std::runtime_error(drained.error().message);

  // y = 1 + 4 * 2 * i
  int wrong = 0;
  for (uint64_t i = 0; i < count; ++i)
    wrong += ys[i] != 1 + 8 * float(i);
  std::printf("%d launches, %d wrong elements\n", done, wrong);
  return wrong != 0;
}

int main(int argc, char **argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: saxpy-cpp FILE.ptxbin KEY.pub [DEVICE]\n");
    return 2;
  }
  try {
    return run(argv[1], argv[2], argc > 3 ? argv[3] : "auto");
  } catch (const std::exception &error) {
    std::fprintf(stderr, "saxpy-cpp: error: %s\n", error.what());
    return 1;
  }
}
