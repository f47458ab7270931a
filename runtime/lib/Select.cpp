//===- Select.cpp - which of an artifact's images a device runs -----------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Sources of the rules: CUDA C++ Programming Guide, "Compute Capabilities" and
// "Binary Compatibility"; PTX ISA, ".target" (suffixes a and f) and its
// release history (ISA versions by CUDA release); for the CPU, the x86-64
// psABI, section 3.1.1 (micro-architecture levels).
//
//===----------------------------------------------------------------------===//

#include "Select.h"

#include <tuple>

using namespace twrun;
using namespace ptxbin;

unsigned twrun::ptxISAOfDriver(int cudaVersion) {
  int major = cudaVersion / 1000, minor = cudaVersion % 1000 / 10;
  // CUDA 11.x has ISA 7.x and 13.x has 9.x. 12.x went in step to 12.5, then
  // 12.6 added none. Of a CUDA yet unknown, only this much is certain: it
  // takes all that 13.x took.
  if (major < 11)
    return 0;
  if (major == 11)
    return 70 + minor;
  if (major == 12)
    return 80 + (minor <= 5 ? minor : minor - 1);
  if (major == 13)
    return 90 + (minor <= 9 ? minor : 9);
  return 99;
}

static std::string architecture(const SectionKey &key) {
  static const char *suffixes[] = {"", "a", "f"};
  size_t suffix = size_t(key.suffix);
  return "sm_" + std::to_string(key.cc) + (suffix < 3 ? suffixes[suffix] : "?");
}

static std::string isaName(unsigned isa) {
  return std::to_string(isa / 10) + "." + std::to_string(isa % 10);
}

/// Family-specific code runs on later members of its family: the same major
/// version, except that 10.1 stands apart from 10.0 and 10.3.
static bool sameFamily(unsigned image, unsigned device) {
  return image / 10 == device / 10 && image <= device &&
         (image == 101) == (device == 101);
}

static bool runsOn(const SectionKey &key, GPUTarget target) {
  if (key.type != SectionType::PTX && key.type != SectionType::Cubin)
    return false;
  if (key.suffix == Suffix::A && key.cc != target.cc)
    return false;
  if (key.suffix == Suffix::F && !sameFamily(key.cc, target.cc))
    return false;
  if (key.cc > target.cc)
    return false;
  if (key.type == SectionType::Cubin)
    return key.cc / 10 == target.cc / 10;
  return key.ptxISA <= target.ptxISA;
}

Expected<size_t> twrun::selectGPUImage(std::span<const Section> sections,
                                       GPUTarget target) {
  auto rank = [&](const SectionKey &key) {
    int suffix = key.suffix == Suffix::A ? 2 : key.suffix == Suffix::F ? 1 : 0;
    return std::tuple(key.type == SectionType::Cubin, key.cc, suffix,
                      key.ptxISA);
  };
  std::optional<size_t> best;
  std::string offered;
  for (size_t i = 0; i < sections.size(); ++i) {
    const SectionKey &key = sections[i].key;
    if (key.type == SectionType::PTX || key.type == SectionType::Cubin) {
      offered += offered.empty() ? "" : ", ";
      offered += key.type == SectionType::Cubin ? "cubin " : "PTX ";
      offered += architecture(key);
      if (key.type == SectionType::PTX)
        offered += " (ISA " + isaName(key.ptxISA) + ")";
    }
    if (runsOn(key, target) && (!best || rank(key) > rank(sections[*best].key)))
      best = i;
  }
  if (best)
    return *best;
  if (offered.empty())
    return makeError(ErrorKind::Incompatible,
                     "the artifact has no GPU image; run it on the host or "
                     "compile it with a PTX target");
  return makeError(
      ErrorKind::Incompatible,
      "no image for this GPU: it is sm_" + std::to_string(target.cc) +
          " and its driver takes PTX ISA " + isaName(target.ptxISA) +
          ", the artifact has " + offered);
}

Expected<size_t> twrun::selectHostImage(std::span<const Section> sections,
                                        uint64_t cpuFeatures) {
#if defined(__x86_64__)
  constexpr Machine machine = Machine::X86_64;
#else
  constexpr Machine machine = Machine::None; // no image can be for it
#endif
  std::optional<size_t> best, refused;
  for (size_t i = 0; i < sections.size(); ++i) {
    const SectionKey &key = sections[i].key;
    if (key.type != SectionType::Host || machine == Machine::None ||
        key.machine != machine)
      continue;
    if (key.cpuFeatures & ~cpuFeatures)
      refused = i;
    else if (!best || key.cpuFeatures > sections[*best].key.cpuFeatures)
      best = i;
  }
  if (best)
    return *best;
  if (!refused)
    return makeError(ErrorKind::Incompatible,
                     "the artifact has no host image for this machine; "
                     "compile it with a host target, or run it on a GPU");
  std::string missing = missingCpuFeatures(sections[*refused].key.cpuFeatures);
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
