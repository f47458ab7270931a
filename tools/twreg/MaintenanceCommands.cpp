//===- MaintenanceCommands.cpp - fsck and gc ------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What an operator runs now and then, or after a crash.
//
//===----------------------------------------------------------------------===//

#include "Commands.h"
#include "Registry/Registry.h"

#include <cstdio>

namespace twreg {

using namespace ptxbin;
using registry::Registry;

Expected<void> runFsck(const Options &options) {
  std::optional<registry::Trust> trust;
  if (!options.whom.keys.empty() || !options.whom.policy.empty()) {
    auto loaded = registry::Trust::load(options.whom);
    if (!loaded)
      return loaded.error();
    trust = std::move(*loaded);
  }
  auto target = Registry::open(options.registry);
  if (!target)
    return target.error();
  auto problems = target->check(trust ? trust->admit(registry::Purpose::Use)
                                      : registry::Admit(registry::admitAnyForm),
                                options.repair);
  if (!problems)
    return problems.error();
  size_t bad = 0;
  for (const auto &problem : *problems) {
    std::fprintf(stderr, "%s: %s\n", problem.harmless ? "note" : "problem",
                 escape(problem.what).c_str());
    bad += !problem.harmless;
  }
  if (bad)
    return makeError(ErrorKind::Malformed, options.registry + ": " +
                                               std::to_string(bad) +
                                               " problems");
  std::printf("%s: good%s\n", escape(options.registry).c_str(),
              trust ? "" : " (signatures were not judged)");
  return {};
}

Expected<void> runGc(const Options &options) {
  auto target = Registry::open(options.registry);
  if (!target)
    return target.error();
  auto garbage = target->collect(options.remove, options.grace);
  if (!garbage)
    return garbage.error();
  for (const std::string &path : garbage->paths)
    std::printf("%s %s\n", options.remove ? "removed" : "garbage",
                escape(path).c_str());
  std::printf("%zu files, %llu bytes%s\n", garbage->paths.size(),
              (unsigned long long)garbage->bytes,
              options.remove || garbage->paths.empty()
                  ? ""
                  : " (kept: --delete removes them)");
  return {};
}

} // namespace twreg
