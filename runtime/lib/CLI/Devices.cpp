//===- Devices.cpp - where kernels can run here ---------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Report.h"
#include "ReportParts.h"
#include "lib/Driver.h"
#include "lib/Quote.h"

#include <cstdio>
#include <fstream>

namespace twrun::cli {

namespace {

/// "9.0" from 90.
std::string tenths(unsigned number) {
  return std::to_string(number / 10) + "." + std::to_string(number % 10);
}

/// The release of NVIDIA's kernel module, such as "580.65.06"; empty if none.
std::string kernelModuleVersion() {
  std::ifstream file("/proc/driver/nvidia/version");
  std::string line;
  std::getline(file, line);
  // NVRM version: NVIDIA UNIX x86_64 Kernel Module  580.65.06  Sun Jul 27 ...
  for (size_t at = 0;
       (at = line.find_first_of("0123456789", at)) != line.npos;) {
    const size_t end = std::min(line.find(' ', at), line.size());
    const std::string word = line.substr(at, end - at);
    if (word.find('.') != word.npos &&
        word.find_first_not_of("0123456789.") == word.npos)
      return word;
    at = end;
  }
  return {};
}

std::string cpuName(unsigned level) {
  return level > 1 ? "x86-64-v" + std::to_string(level) : "x86-64";
}

/// Which images run there, best first.
std::string imagesText(const DeviceInfo &info, bool gpu) {
  if (!gpu)
    return info.cpuLevel ? "host image up to " + cpuName(info.cpuLevel)
                         : "none: host images are for x86-64";
  const unsigned major = info.computeCapability / 10;
  return "cubin sm_" + std::to_string(info.computeCapability) +
         (info.computeCapability % 10
              ? ", else of the highest lower sm_" + std::to_string(major) + "x"
              : "") +
         ", else PTX up to sm_" + std::to_string(info.computeCapability) +
         " and ISA " + tenths(info.ptxISA);
}

Json imagesJson(const DeviceInfo &info, bool gpu) {
  if (!gpu)
    return info.cpuLevel ? Json::array({cpuName(info.cpuLevel)})
                         : Json::array();
  return Json::array({"cubin", "ptx"});
}

Json detailsJson(const DeviceInfo &info, bool gpu) {
  auto known = [](uint64_t number) { return number ? Json(number) : Json(); };
  Json json = {{"name", info.name},
               {"memoryBytes", known(info.memoryBytes)},
               {"freeBytes", known(info.freeBytes)},
               {"cores", known(info.cores)},
               {"threadsAtOnce", known(info.threadsAtOnce)}};
  if (gpu) {
    json["sharedBytesPerBlock"] = known(info.sharedBytesPerBlock);
    json["busId"] = info.busId;
    json["computeCapability"] = tenths(info.computeCapability);
    json["driverCuda"] = cuda::versionName(info.cudaVersion);
    json["driver"] = kernelModuleVersion();
    json["ptxISA"] = tenths(info.ptxISA);
    json["managedMemory"] = info.managedMemory;
    json["concurrentManagedAccess"] = info.concurrentManagedAccess;
    json["virtualMemory"] = info.virtualMemory;
  } else {
    json["cpu"] = info.cpuLevel ? Json(cpuName(info.cpuLevel)) : Json();
  }
  json["images"] = imagesJson(info, gpu);
  return json;
}

std::string detailsText(const DeviceInfo &info, bool gpu) {
  std::string out;
  auto row = [&](const char *label, const std::string &text) {
    std::string line = "  ";
    line += label;
    line.resize(24, ' ');
    out += line + text + "\n";
  };
  auto yes = [](bool can) { return can ? "yes" : "no"; };
  row("name", oneLine(info.name, 128));
  if (info.memoryBytes)
    row("memory", bytesText(info.memoryBytes) + ", " +
                      bytesText(info.freeBytes) + " free");
  if (!gpu) {
    row("threads", std::to_string(info.cores));
    row("cpu", info.cpuLevel ? cpuName(info.cpuLevel) : "not x86-64");
  } else {
    row("bus id", oneLine(info.busId, 64));
    row("compute capability", tenths(info.computeCapability));
    row("multiprocessors", std::to_string(info.cores) + ", " +
                               std::to_string(info.threadsAtOnce) +
                               " threads at once");
    row("shared memory",
        bytesText(info.sharedBytesPerBlock) + " of each block at most");
    const std::string module = kernelModuleVersion();
    row("driver", (module.empty() ? "" : module + ", ") + "CUDA " +
                      cuda::versionName(info.cudaVersion) + ", PTX ISA " +
                      tenths(info.ptxISA));
    row("managed memory",
        std::string(yes(info.managedMemory)) +
            (info.concurrentManagedAccess ? ", moved ahead of launches"
                                          : ", without concurrent access"));
    row("isolated memory",
        std::string(yes(info.virtualMemory)) +
            (info.virtualMemory ? "" : ": no virtual memory management"));
  }
  row("images", imagesText(info, gpu));
  return out;
}

} // namespace

std::string listDevices(bool json, bool verbose) {
  Json list = Json::array();
  std::string out;
  auto add = [&](const std::string &spec,
                 const Expected<std::unique_ptr<Device>> &device) {
    Json one = {{"device", spec}, {"available", bool(device)}};
    const std::string text =
        device ? (*device)->describe() : device.error().message;
    one[device ? "description" : "reason"] = text;
    std::string label = spec;
    label.resize(std::max<size_t>(label.size(), 8), ' ');
    out += label + " " + (device ? "" : "not available: ") + text + "\n";
    if (device) {
      const DeviceInfo info = (*device)->info();
      one["details"] = detailsJson(info, (*device)->isGPU());
      if (verbose)
        out += detailsText(info, (*device)->isGPU());
    }
    list.push_back(std::move(one));
  };
  // Ordinals are dense; the first that is missing ends the list, and is
  // itself listed only when there is no device at all.
  constexpr int most = 64;
  for (int ordinal = 0; ordinal < most; ++ordinal) {
    const std::string spec = "cuda:" + std::to_string(ordinal);
    auto device = Device::open(spec);
    if (device || ordinal == 0 || device.error().kind != ErrorKind::NotFound)
      add(spec, device);
    if (!device && device.error().kind == ErrorKind::NotFound)
      break;
  }
  add("host", Device::open("host"));
  return json ? dump(list) : out;
}

} // namespace twrun::cli
