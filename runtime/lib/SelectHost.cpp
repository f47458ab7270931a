//===- SelectHost.cpp - which host image runs here ------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Of the images that this CPU can run, the one that uses most of it.
//
//===----------------------------------------------------------------------===//

#include "Select.h"

#include <algorithm>
#include <optional>

using namespace twrun;
using namespace ptxbin;

static constexpr Machine hostMachine =
#if defined(__x86_64__)
    Machine::X86_64;
#else
    Machine::None; // no image can be for it
#endif

static bool isForThisMachine(const SectionKey &key) {
  return key.type == SectionType::Host && hostMachine != Machine::None &&
         key.machine == hostMachine;
}

static std::optional<size_t> bestHostImage(std::span<const Section> sections,
                                           uint64_t cpuFeatures) {
  std::optional<size_t> best;
  for (size_t i = 0; i < sections.size(); ++i) {
    const SectionKey &key = sections[i].key;
    if (isForThisMachine(key) && !(key.cpuFeatures & ~cpuFeatures) &&
        (!best || key.cpuFeatures > sections[*best].key.cpuFeatures))
      best = i;
  }
  return best;
}

/// Names of what `wanted` has and `there` lacks; a level holds those below it.
static std::string missingLevels(uint64_t wanted, uint64_t there) {
  uint64_t lacking = wanted & ~there;
  if (lacking & ~(cpuX86_64_v2 | cpuX86_64_v3 | cpuX86_64_v4))
    return "features unknown to this version";
  return lacking & cpuX86_64_v4   ? "x86-64-v4"
         : lacking & cpuX86_64_v3 ? "x86-64-v3"
                                  : "x86-64-v2";
}

std::vector<ImageVerdict>
twrun::explainHostImages(std::span<const Section> sections,
                         uint64_t cpuFeatures) {
  std::vector<ImageVerdict> out;
  std::optional<size_t> best = bestHostImage(sections, cpuFeatures);
  for (size_t i = 0; i < sections.size(); ++i) {
    const SectionKey &key = sections[i].key;
    if (key.type != SectionType::Host)
      continue;
    if (i == best)
      out.push_back({i, ImageVerdict::Chosen, "chosen"});
    else if (!isForThisMachine(key))
      out.push_back({i, ImageVerdict::CannotRun, "is for another machine"});
    else if (key.cpuFeatures & ~cpuFeatures)
      out.push_back({i, ImageVerdict::CannotRun,
                     "needs " + missingLevels(key.cpuFeatures, cpuFeatures)});
    else
      out.push_back({i, ImageVerdict::Behind,
                     "would run; one that uses more of the CPU comes first"});
  }
  return out;
}

Expected<size_t> twrun::selectHostImage(std::span<const Section> sections,
                                        uint64_t cpuFeatures) {
  if (std::optional<size_t> best = bestHostImage(sections, cpuFeatures))
    return *best;
  auto refused = std::find_if(
      sections.begin(), sections.end(),
      [](const Section &section) { return isForThisMachine(section.key); });
  if (refused == sections.end())
    return makeError(ErrorKind::Incompatible,
                     "the artifact has no host image for this machine; "
                     "compile it with a host target, or run it on a GPU");
  std::string missing = missingCpuFeatures(refused->key.cpuFeatures);
  return makeError(ErrorKind::Incompatible,
                   "the host image needs CPU features that this CPU lacks: " +
                       (missing.empty() ? "unknown ones" : missing));
}

#if defined(__x86_64__)

uint64_t twrun::hostCpuFeatures() {
  __builtin_cpu_init();
  uint64_t features = 0;
  if (__builtin_cpu_supports("x86-64-v2"))
    features |= cpuX86_64_v2;
  if (__builtin_cpu_supports("x86-64-v3"))
    features |= cpuX86_64_v3;
  if (__builtin_cpu_supports("x86-64-v4"))
    features |= cpuX86_64_v4;
  return features;
}

std::string twrun::missingCpuFeatures(uint64_t wanted) {
  std::string list;
  auto add = [&list](const std::string &name) {
    list += (list.empty() ? "" : ", ") + name;
  };
  uint64_t lacking = wanted & ~hostCpuFeatures();
  // The builtin wants literals.
#define CHECK(bit, name)                                                       \
  if ((lacking & (bit)) && !__builtin_cpu_supports(name))                      \
  add(name)
  if (lacking & cpuX86_64_v2)
    add("x86-64-v2");
  CHECK(cpuX86_64_v2, "popcnt");
  CHECK(cpuX86_64_v2, "sse3");
  CHECK(cpuX86_64_v2, "ssse3");
  CHECK(cpuX86_64_v2, "sse4.1");
  CHECK(cpuX86_64_v2, "sse4.2");
  if (lacking & cpuX86_64_v3)
    add("x86-64-v3");
  CHECK(cpuX86_64_v3, "avx");
  CHECK(cpuX86_64_v3, "avx2");
  CHECK(cpuX86_64_v3, "bmi");
  CHECK(cpuX86_64_v3, "bmi2");
  CHECK(cpuX86_64_v3, "fma");
  if (lacking & cpuX86_64_v4)
    add("x86-64-v4");
  CHECK(cpuX86_64_v4, "avx512f");
  CHECK(cpuX86_64_v4, "avx512bw");
  CHECK(cpuX86_64_v4, "avx512cd");
  CHECK(cpuX86_64_v4, "avx512dq");
  CHECK(cpuX86_64_v4, "avx512vl");
#undef CHECK
  if (lacking & ~(cpuX86_64_v2 | cpuX86_64_v3 | cpuX86_64_v4))
    add("features unknown to this runtime");
  return list;
}

#else

uint64_t twrun::hostCpuFeatures() { return 0; }
std::string twrun::missingCpuFeatures(uint64_t) { return {}; }

#endif
