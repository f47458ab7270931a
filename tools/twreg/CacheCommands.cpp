//===- CacheCommands.cpp - looking after a cache --------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// twreg cache list, gc and clear.
//
//===----------------------------------------------------------------------===//

#include "Commands.h"
#include "Registry/Cache.h"

#include <cinttypes>
#include <cstdio>
#include <ctime>

namespace twreg {

using namespace ptxbin;

Expected<void> runCacheList(const Options &options) {
  auto cache = registry::Cache::openForUser(options.cache);
  if (!cache)
    return cache.error();
  auto entries = cache->list();
  if (!entries)
    return entries.error();
  uint64_t bytes = 0;
  for (const registry::Cache::Entry &entry : *entries) {
    std::time_t used = entry.used / 1000000000;
    char time[32] = "?";
    std::tm parts{};
    if (::gmtime_r(&used, &parts))
      std::strftime(time, sizeof time, "%Y-%m-%dT%H:%M:%SZ", &parts);
    std::printf("%-8s %12" PRIu64 "  %s  %.16s\n",
                entry.kind.empty() ? "foreign" : escape(entry.kind).c_str(),
                entry.bytes, time, escape(entry.name).c_str());
    bytes += entry.bytes;
  }
  std::printf("%zu entries, %" PRIu64 " bytes\n", entries->size(), bytes);
  return {};
}

static Expected<void> shrink(const Options &options, uint64_t limit) {
  auto cache = registry::Cache::openForUser(options.cache);
  if (!cache)
    return cache.error();
  auto removed = cache->shrink(limit);
  if (!removed)
    return removed.error();
  std::printf("removed %zu entries, %" PRIu64 " bytes\n", removed->count,
              removed->bytes);
  return {};
}

Expected<void> runCacheGc(const Options &options) {
  return shrink(options, options.cacheBytes);
}

Expected<void> runCacheClear(const Options &options) {
  return shrink(options, 0);
}

} // namespace twreg
