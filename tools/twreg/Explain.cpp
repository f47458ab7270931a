//===- Explain.cpp - which image runs where -------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// twreg show --explain-target: the rule that devices go by, told for one that
// may be elsewhere.
//
//===----------------------------------------------------------------------===//

#include "Commands.h"
#include "Format/Layout.h"
#include "lib/Driver.h"
#include "lib/Select.h"

#include <nlohmann/json.hpp>

#include <charconv>
#include <cstdio>
#include <optional>

namespace twreg {

using namespace ptxbin;
using json = nlohmann::json;

namespace {
struct Target {
  std::string name; // as asked for
  std::optional<twrun::GPUTarget> gpu;
  std::string noGPU; // why there is none
  std::optional<uint64_t> cpu;
};
} // namespace

static Expected<unsigned> parseNumber(std::string_view text, const char *what) {
  unsigned value = 0;
  auto [end, status] =
      std::from_chars(text.data(), text.data() + text.size(), value);
  if (status != std::errc() || end != text.data() + text.size() || value > 9999)
    return makeError(ErrorKind::Invalid, std::string("expected ") + what +
                                             ", but got '" + std::string(text) +
                                             "'");
  return value;
}

/// "12.4" is the CUDA version that the driver is of.
static Expected<int> parseDriver(const std::string &text) {
  size_t dot = text.find('.');
  if (dot == text.npos)
    return makeError(ErrorKind::Invalid,
                     "expected a CUDA version such as 12.4, but got '" + text +
                         "'");
  std::string_view view = text;
  auto major = parseNumber(view.substr(0, dot), "a CUDA version"),
       minor = parseNumber(view.substr(dot + 1), "a CUDA version");
  if (!major || !minor)
    return (!major ? major : minor).error();
  return int(*major * 1000 + *minor * 10);
}

static Expected<uint64_t> parseCPU(const std::string &name) {
  if (name.empty())
    return twrun::hostCpuFeatures();
  uint64_t features = 0;
  for (auto [level, bit] : {std::pair("x86-64", uint64_t(0)),
                            {"x86-64-v2", cpuX86_64_v2},
                            {"x86-64-v3", cpuX86_64_v3},
                            {"x86-64-v4", cpuX86_64_v4}}) {
    features |= bit; // a level holds those below it
    if (name == level)
      return features;
  }
  return makeError(ErrorKind::Invalid,
                   "expected --cpu x86-64, x86-64-v2, x86-64-v3 or x86-64-v4, "
                   "but got '" +
                       name + "'");
}

/// The first device here.
static Expected<twrun::GPUTarget> localGPU() {
  auto driver = twrun::cuda::Driver::get();
  if (!driver)
    return driver.error();
  int device = 0, major = 0, minor = 0;
  using namespace twrun::cuda;
  if ((*driver)->DeviceGet(&device, 0) != CUDA_SUCCESS ||
      (*driver)->DeviceGetAttribute(
          &major, CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR, device) !=
          CUDA_SUCCESS ||
      (*driver)->DeviceGetAttribute(
          &minor, CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR, device) !=
          CUDA_SUCCESS)
    return makeError(ErrorKind::Device, "the CUDA driver tells no device");
  return twrun::GPUTarget{unsigned(major * 10 + minor),
                          twrun::ptxISAOfDriver((*driver)->version)};
}

static Expected<Target> parseTarget(const Options &options) {
  Target out;
  std::string_view name = out.name = options.explainTarget;
  const bool isLocal = name == "local", isHost = name == "host";
  if (isLocal || isHost || !options.cpu.empty()) {
    auto cpu = parseCPU(options.cpu);
    if (!cpu)
      return cpu.error();
    out.cpu = *cpu;
  }
  if (isHost) {
    if (!options.driver.empty())
      return makeError(ErrorKind::Invalid, "a host has no --driver");
    return out;
  }
  if (isLocal) {
    auto gpu = localGPU();
    if (gpu)
      out.gpu = *gpu;
    else
      out.noGPU = gpu.error().message;
    return out;
  }
  if (!name.starts_with("sm_"))
    return makeError(ErrorKind::Invalid,
                     "expected --explain-target sm_90, host or local, but got "
                     "'" +
                         out.name + "'");
  name.remove_prefix(3);
  // A device has no suffix: sm_90a is what 9.0 can run.
  if (name.ends_with('a') || name.ends_with('f'))
    name.remove_suffix(1);
  auto cc = parseNumber(name, "an architecture such as sm_90");
  if (!cc)
    return cc.error();
  out.gpu = twrun::GPUTarget{*cc, twrun::ptxISAOfDriver(99000)};
  if (options.driver.empty())
    return out;
  auto driver = parseDriver(options.driver);
  if (!driver)
    return driver.error();
  out.gpu->ptxISA = twrun::ptxISAOfDriver(*driver);
  return out;
}

static const char *word(const twrun::ImageVerdict &verdict) {
  return verdict.verdict == twrun::ImageVerdict::Chosen   ? "chosen"
         : verdict.verdict == twrun::ImageVerdict::Behind ? "behind"
                                                          : "no";
}

static std::string imageName(const Section &section) {
  std::string name = layout::describe(section.key);
  if (uint16_t isa = section.key.ptxISA)
    name += " isa " + std::to_string(isa / 10) + '.' + std::to_string(isa % 10);
  return name;
}

static bool report(const PtxBin &bin, const char *what,
                   const std::vector<twrun::ImageVerdict> &verdicts,
                   json *document) {
  bool any = false;
  if (!document)
    std::printf("%s\n", what);
  for (const twrun::ImageVerdict &verdict : verdicts) {
    std::string image = imageName(bin.sections()[verdict.section]);
    any |= verdict.verdict == twrun::ImageVerdict::Chosen;
    if (document)
      document->push_back({{"on", what},
                           {"image", image},
                           {"verdict", word(verdict)},
                           {"reason", verdict.reason}});
    else
      std::printf("  %-7s %-24s %s\n", word(verdict), image.c_str(),
                  verdict.verdict == twrun::ImageVerdict::Chosen
                      ? ""
                      : verdict.reason.c_str());
  }
  if (!document && verdicts.empty())
    std::printf("  no image of this kind\n");
  return any;
}

Expected<void> explainTarget(const Options &options, const PtxBin &bin) {
  auto target = parseTarget(options);
  if (!target)
    return target.error();
  json document = json::array();
  json *out = options.json ? &document : nullptr;
  bool runs = false;
  if (target->gpu) {
    auto [cc, isa] = *target->gpu;
    std::string what = "GPU sm_" + std::to_string(cc) + ", PTX ISA " +
                       std::to_string(isa / 10) + '.' +
                       std::to_string(isa % 10);
    if (options.driver.empty() && target->name != "local")
      what += " (the newest driver known)";
    runs |= report(bin, what.c_str(),
                   twrun::explainGPUImages(bin.sections(), *target->gpu), out);
  } else if (!target->noGPU.empty() && !out) {
    std::printf("GPU\n  none: %s\n", escape(target->noGPU).c_str());
  }
  if (target->cpu)
    runs |= report(bin, "host",
                   twrun::explainHostImages(bin.sections(), *target->cpu), out);
  if (out)
    std::printf("%s\n", document.dump(2, ' ', true).c_str());
  if (runs)
    return {};
  return makeError(ErrorKind::Incompatible,
                   "no image of it runs there: " + target->name);
}

} // namespace twreg
