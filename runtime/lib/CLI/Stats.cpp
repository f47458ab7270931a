//===- Stats.cpp - what a run took ----------------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Stats.h"

#include "Report.h"

#include <cstdio>
#include <sys/resource.h>

namespace twrun::cli {

MemoryStats memoryStats(const ptxbin::Manifest &manifest, Executor &executor,
                        const Arguments &arguments, uint64_t printRecords) {
  MemoryStats stats;
  for (uint32_t i = 0; i < manifest.memories.size(); ++i)
    stats.linear += executor.memory(i).size();
  for (const Buffer &buffer : arguments.buffers)
    stats.buffers += buffer.initial.data.size();
  for (uint32_t i = 0; i < manifest.tables.size(); ++i)
    stats.tables += sizeof(uint64_t) * executor.table(i).size();
  for (const ptxbin::KernelInfo &kernel : manifest.kernels)
    if (kernel.prints)
      stats.prints =
          sizeof(abi::PrintBuffer) + printRecords * sizeof(abi::PrintRecord);
  return stats;
}

double RunStats::secondsOf(std::string_view span) const {
  auto found = spans.find(span);
  return found == spans.end() ? 0 : double(found->second.nanoseconds) / 1e9;
}

uint64_t peakResidentBytes() {
  rusage usage{};
  if (getrusage(RUSAGE_SELF, &usage) != 0)
    return 0;
  return uint64_t(usage.ru_maxrss) * 1024; // KiB on Linux
}

/// The steps of a run in their order: the span, its key in JSON, and whether it
/// is a part of one above it.
struct Phase {
  const char *span, *key;
};
static constexpr Phase phases[] = {
    {"read artifact", "readArtifact"},
    {"verify artifact", "verifyArtifact"},
    {"open device", "openDevice"},
    {"instantiate", "instantiate"},
    {"assemble PTX", "assemblePTX"},
    {"load cubin", "loadCubin"},
    {"map host image", "mapHostImage"},
    {"copy in", "copyIn"},
    {"oracle", "oracle"},
    {"copy out", "copyOut"},
    {"write sink", "writeSinks"},
};

static std::string rate(double count, double seconds, const char *unit) {
  char text[64];
  std::snprintf(text, sizeof text, "%.3g %s", count / seconds, unit);
  return text;
}

std::string statsText(const RunStats &stats) {
  std::string out;
  auto row = [&](const std::string &label, const std::string &text) {
    std::string line = "  " + label;
    line.resize(std::max<size_t>(line.size() + 1, 20), ' ');
    out += line + text + "\n";
  };
  out += "stats\n";
  for (const Phase &phase : phases) {
    auto found = stats.spans.find(phase.span);
    if (found == stats.spans.end())
      continue;
    const double seconds = stats.secondsOf(phase.span);
    std::string text = formatSeconds(seconds);
    if (std::string_view(phase.span) == "verify artifact" && seconds > 0)
      text += ", " + rate(double(stats.artifactBytes) / 1e6, seconds, "MB/s");
    if (found->second.count > 1)
      text += " in " + std::to_string(found->second.count);
    row(phase.span, text);
  }
  const Times times = timesOf(stats.seconds);
  row("calls", std::to_string(stats.calls));
  if (!stats.seconds.empty())
    row("kernel time", formatSeconds(times.first) + " first, " +
                           formatSeconds(times.least) + " least, " +
                           formatSeconds(times.median) + " median, " +
                           formatSeconds(times.p99) + " p99");
  if (stats.interpretedThreads && stats.interpreterSeconds > 0)
    row("interpreter", rate(double(stats.interpretedThreads),
                            stats.interpreterSeconds, "threads/s"));
  const MemoryStats &memory = stats.memory;
  row("linear memory", bytesText(memory.linear) + ", of that buffers " +
                           bytesText(memory.buffers));
  if (memory.tables)
    row("tables", bytesText(memory.tables));
  if (memory.prints)
    row("print buffer", bytesText(memory.prints));
  if (memory.stacks)
    row("stacks", bytesText(memory.stacks));
  row("peak resident", bytesText(stats.peakResidentBytes));
  return out;
}

Json toJson(const RunStats &stats) {
  Json seconds = Json::object();
  for (const Phase &phase : phases)
    if (stats.spans.contains(phase.span))
      seconds[phase.key] = stats.secondsOf(phase.span);
  const double verifying = stats.secondsOf("verify artifact");
  Json json = {{"seconds", seconds},
               {"calls", stats.calls},
               {"kernel", timesJson(stats.seconds)}};
  json["verifyBytesPerSecond"] =
      verifying > 0 ? Json(double(stats.artifactBytes) / verifying) : Json();
  json["interpreterThreadsPerSecond"] =
      stats.interpretedThreads && stats.interpreterSeconds > 0
          ? Json(double(stats.interpretedThreads) / stats.interpreterSeconds)
          : Json();
  json["bytes"] = {{"artifact", stats.artifactBytes},
                   {"linearMemory", stats.memory.linear},
                   {"buffers", stats.memory.buffers},
                   {"tables", stats.memory.tables},
                   {"printBuffer", stats.memory.prints},
                   {"stacks", stats.memory.stacks},
                   {"peakResident", stats.peakResidentBytes}};
  return json;
}

} // namespace twrun::cli
