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

#include <algorithm>
#include <optional>
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

std::string twrun::whyNotOnGPU(const SectionKey &key, GPUTarget target) {
  const std::string name = architecture(key);
  if (key.suffix == Suffix::A && key.cc != target.cc)
    return name + " runs on compute capability " + isaName(key.cc) + " only";
  if (key.suffix == Suffix::F && !sameFamily(key.cc, target.cc))
    return name + " runs on its own family only, from " + isaName(key.cc) +
           " on";
  if (key.type == SectionType::Cubin && key.cc / 10 != target.cc / 10)
    return "a cubin runs on its own major version only, " +
           std::to_string(key.cc / 10) + ".x";
  if (key.cc > target.cc)
    return "needs compute capability " + isaName(key.cc) + " or higher";
  if (key.type == SectionType::PTX && key.ptxISA > target.ptxISA)
    return "needs a driver that takes PTX ISA " + isaName(key.ptxISA) +
           ", this one takes " + isaName(target.ptxISA);
  return {};
}

/// A higher one is taken: cubins, then the nearest architecture, then code for
/// it alone, then the newest instructions.
static auto rankOfImage(const SectionKey &key) {
  int suffix = key.suffix == Suffix::A ? 2 : key.suffix == Suffix::F ? 1 : 0;
  return std::tuple(key.type == SectionType::Cubin, key.cc, suffix, key.ptxISA);
}

static bool isGPUImage(const SectionKey &key) {
  return key.type == SectionType::PTX || key.type == SectionType::Cubin;
}

static std::optional<size_t> bestGPUImage(std::span<const Section> sections,
                                          GPUTarget target) {
  std::optional<size_t> best;
  for (size_t i = 0; i < sections.size(); ++i)
    if (isGPUImage(sections[i].key) &&
        whyNotOnGPU(sections[i].key, target).empty() &&
        (!best ||
         rankOfImage(sections[i].key) > rankOfImage(sections[*best].key)))
      best = i;
  return best;
}

Expected<size_t> twrun::selectGPUImage(std::span<const Section> sections,
                                       GPUTarget target) {
  if (std::optional<size_t> best = bestGPUImage(sections, target))
    return *best;
  std::string offered;
  for (const Section &section : sections) {
    const SectionKey &key = section.key;
    if (!isGPUImage(key))
      continue;
    offered += offered.empty() ? "" : ", ";
    offered += key.type == SectionType::Cubin ? "cubin " : "PTX ";
    offered += architecture(key);
    if (key.type == SectionType::PTX)
      offered += " (ISA " + isaName(key.ptxISA) + ")";
  }
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

/// The first rule that puts `better` before `other`.
static const char *ruleBetween(const SectionKey &better,
                               const SectionKey &other) {
  if (better.type != other.type)
    return "a cubin comes before PTX";
  if (better.cc != other.cc)
    return "a nearer architecture comes first";
  if (better.suffix != other.suffix)
    return "code for fewer architectures comes first";
  return "a newer PTX ISA comes first";
}

std::vector<ImageVerdict>
twrun::explainGPUImages(std::span<const Section> sections, GPUTarget target) {
  std::vector<ImageVerdict> out;
  std::optional<size_t> best = bestGPUImage(sections, target);
  for (size_t i = 0; i < sections.size(); ++i) {
    const SectionKey &key = sections[i].key;
    if (!isGPUImage(key))
      continue;
    std::string why = whyNotOnGPU(key, target);
    if (i == best)
      out.push_back({i, ImageVerdict::Chosen, "chosen"});
    else if (why.empty())
      out.push_back(
          {i, ImageVerdict::Behind,
           std::string("would run; ") + ruleBetween(sections[*best].key, key)});
    else
      out.push_back({i, ImageVerdict::CannotRun, std::move(why)});
  }
  return out;
}
