//===- Command.cpp - the choice of command, and its output ----------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PipelineRun.h"
#include "Report.h"
#include "TraceFile.h"
#include "lib/Quote.h"

#include <cstdio>
#include <filesystem>
#include <new>

namespace twrun::cli {

/// One line, whatever is in the names and paths that it tells.
static void complain(const std::string &message) {
  constexpr size_t most = 1 << 16;
  std::fprintf(stderr, "twrun: %s\n", oneLine(message, most).c_str());
}

static int fail(const Error &error) {
  complain(error.message);
  return error.kind == ErrorKind::Invalid ? exitUsage : exitRefused;
}

/// Prints, and notices when that fails: output that a script relies on must
/// not vanish silently on a full disk.
static int print(const std::string &text, int exitCode,
                 std::FILE *to = stdout) {
  size_t written = std::fwrite(text.data(), 1, text.size(), to);
  if (std::fflush(to) != 0 || written != text.size())
    return fail(makeError(ErrorKind::IO, "cannot write the output"));
  return exitCode;
}

static uint64_t sizeOfFile(const std::string &path) {
  std::error_code none;
  const uintmax_t size = std::filesystem::file_size(path, none);
  return none ? 0 : size;
}

static void addStats(const Options &options, const RunReport &report,
                     RunStats &stats) {
  stats.artifactBytes = sizeOfFile(options.file);
  stats.seconds = report.seconds;
  if (!report.verification)
    return;
  const uint64_t blocks = report.verification->allBlocks
                              ? report.verification->blocks
                              : options.grid.count() * report.seconds.size();
  stats.interpretedThreads = blocks * options.block.count();
}

static void addStats(const Options &, const PipelineReport &report,
                     RunStats &stats) {
  stats.artifactBytes = sizeOfFile(report.pipeline.artifact);
  uint64_t threads = 0;
  for (const StepReport &step : report.steps) {
    stats.seconds.insert(stats.seconds.end(), step.seconds.begin(),
                         step.seconds.end());
    if (step.step)
      threads += step.step->grid.count() * step.step->block.count() *
                 step.seconds.size();
  }
  if (report.verification)
    stats.interpretedThreads = threads;
}

/// Tells what became of a run, and returns the exit code.
template <typename Report>
static int tell(const Options &options, const Report &report,
                TraceRecord &record) {
  const std::string error = errorText(report);
  if (!error.empty())
    complain(error);
  if (options.quiet)
    return report.exitCode();
  std::optional<RunStats> stats;
  if (options.stats) {
    stats.emplace();
    stats->spans = std::move(record.totals);
    stats->memory = report.memory;
    addStats(options, report, *stats);
    stats->calls = stats->seconds.size();
    if (report.verification)
      stats->interpreterSeconds = report.verification->seconds;
    stats->peakResidentBytes = peakResidentBytes();
  }
  // A sink on standard output must not be mixed with the report.
  bool sinkOnStdout = false;
  for (const SavedSink &sink : report.saved)
    sinkOnStdout |= sink.path == "-";
  std::string text = options.json ? jsonReport(options, report, stats)
                                  : humanReport(options, report);
  if (stats && !options.json)
    text += statsText(*stats);
  return print(text, report.exitCode(), sinkOnStdout ? stderr : stdout);
}

/// Runs, records what it takes if asked to, and tells.
template <typename Run> static int measure(const Options &options, Run run) {
  const bool traces = !options.trace.empty();
  if (traces || options.stats)
    startTrace(traces ? traceEvents | traceTotals : traceTotals);
  auto report = run(options);
  TraceRecord record = takeTrace();
  // What led to a failure is of interest too.
  Expected<void> written;
  if (traces) {
    const std::string text = traceJson(record);
    written = ptxbin::writeFileAtomic(
        options.trace,
        {reinterpret_cast<const uint8_t *>(text.data()), text.size()});
    if (record.lost)
      std::fprintf(stderr,
                   "twrun: the trace has the first %llu events; %llu more were "
                   "lost\n",
                   (unsigned long long)record.events.size(),
                   (unsigned long long)record.lost);
  }
  if (!report)
    return fail(report.error());
  const int code = tell(options, *report, record);
  return code == exitSuccess && !written ? fail(written.error()) : code;
}

int runCommand(const Options &options) {
  try {
    traceRangesIfAsked();
    nameTraceThread("main");
    switch (options.command) {
    case Command::Launch:
    case Command::Invoke:
      return measure(options, runKernel);
    case Command::Run:
      return measure(options, runPipeline);
    case Command::Info: {
      auto artifact = openArtifact(options);
      if (!artifact)
        return fail(artifact.error());
      return print(options.json ? jsonInfo(*artifact) : humanInfo(*artifact),
                   exitSuccess);
    }
    case Command::Devices:
      return print(listDevices(options.json, options.verbose), exitSuccess);
    }
  } catch (const std::bad_alloc &) {
    return fail(makeError(ErrorKind::OutOfMemory, "out of memory"));
  }
  return exitUsage;
}

} // namespace twrun::cli
