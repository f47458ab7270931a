//===- TraceRanges.cpp - spans as NVTX ranges -----------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TraceRanges.h"

#include "Trace.h"

#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <mutex>

using namespace twrun;

// Written once, before traceRanges is set. Who sees that bit by a relaxed load
// need not see them yet.
static std::atomic<int (*)(const char *)> nvtxPush{nullptr};
static std::atomic<int (*)()> nvtxPop{nullptr};

bool twrun::pushRange(const char *name) {
  auto *push = nvtxPush.load(std::memory_order_acquire);
  if (push)
    push(name);
  return push != nullptr;
}

void twrun::popRange() {
  if (auto *pop = nvtxPop.load(std::memory_order_acquire))
    pop();
}

static bool isAsked() {
  if (const char *asked = std::getenv("TWRUN_NVTX"))
    return std::strcmp(asked, "0") != 0 && *asked;
  const char *profiler = std::getenv("NVTX_INJECTION64_PATH");
  return profiler && *profiler;
}

void twrun::traceRangesIfAsked() {
  static std::once_flag once;
  std::call_once(once, [] {
    if (!isAsked())
      return;
    void *library = dlopen("libnvToolsExt.so.1", RTLD_NOW | RTLD_LOCAL);
    if (!library)
      return;
    auto *push = reinterpret_cast<int (*)(const char *)>(
        dlsym(library, "nvtxRangePushA"));
    auto *pop = reinterpret_cast<int (*)()>(dlsym(library, "nvtxRangePop"));
    if (!push || !pop)
      return;
    nvtxPop.store(pop, std::memory_order_release);
    nvtxPush.store(push, std::memory_order_release);
    traceMode.fetch_or(traceRanges, std::memory_order_relaxed);
  });
}
