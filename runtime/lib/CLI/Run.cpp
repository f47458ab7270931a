//===- Run.cpp - launch and invoke ----------------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Run.h"

#include "GuestOutput.h"
#include "Numbers.h"
#include "Progress.h"
#include "Report.h"
#include "lib/Instance.h"
#include "lib/Quote.h"
#include "lib/Trace.h"

#include <algorithm>
#include <cstdio>
#include <ctime>

namespace twrun::cli {

namespace {

Expected<Outcome> runOnce(const Options &options,
                          const ptxbin::KernelInfo &kernel, Executor &executor,
                          std::span<const Value> values) {
  if (options.command == Command::Invoke)
    return executor.invoke(kernel, values);
  LaunchOptions launch;
  launch.sharedBytes = options.sharedBytes;
  return executor.launch(kernel, options.grid, options.block, values, launch);
}

/// Runs as often as --repeat says, up to the first trap, and appends the time
/// of each run. `what` is done, for people who wait.
Expected<Outcome> runAll(const Options &options,
                         const ptxbin::KernelInfo &kernel, Executor &executor,
                         std::span<const Value> values,
                         std::vector<double> &seconds, const char *what) {
  Progress progress(options, what, options.repeat);
  while (true) {
    progress.tell(seconds.size());
    auto outcome = runOnce(options, kernel, executor, values);
    if (!outcome)
      return outcome;
    seconds.push_back(outcome->seconds);
    if (outcome->trap || seconds.size() >= options.repeat)
      return outcome;
  }
}

/// `count` blocks of a grid of `all`, spread evenly from the first to the last,
/// and the one in which the device trapped.
std::vector<uint64_t> chooseBlocks(uint64_t count, Dim3 grid,
                                   const std::optional<Trap> &trap) {
  const uint64_t all = grid.count();
  std::vector<uint64_t> chosen;
  // In two parts, neither of which overflows.
  const uint64_t gaps = std::max<uint64_t>(count - 1, 1);
  const uint64_t whole = (all - 1) / gaps, rest = (all - 1) % gaps;
  for (uint64_t i = 0; i < count; ++i)
    chosen.push_back(i * whole + i * rest / gaps);
  if (trap)
    chosen.push_back((uint64_t(trap->block.z) * grid.y + trap->block.y) *
                         grid.x +
                     trap->block.x);
  std::sort(chosen.begin(), chosen.end());
  chosen.erase(std::unique(chosen.begin(), chosen.end()), chosen.end());
  return chosen;
}

Expected<Verification>
verify(const Options &options, const ptxbin::PtxBin &artifact,
       const ptxbin::KernelInfo &kernel, const Arguments &arguments,
       const Placement &placement, const Outcome &deviceOutcome,
       Executor &deviceExecutor) {
  auto where = [](const Error &error) {
    return makeError(error.kind, "cannot verify: " + error.message);
  };
  TraceSpan span("oracle");
  OracleProgress progress = oracleProgress(options);
  auto oracle = OracleExecutor::create(artifact, progress);
  if (!oracle)
    return where(oracle.error());
  auto placed = place(arguments, **oracle);
  if (!placed)
    return where(placed.error());
  if (placed->base != placement.base) {
    Verification v;
    v.mismatch = "linear memory ends at " + std::to_string(placement.base) +
                 " after instantiation on the device and at " +
                 std::to_string(placed->base) + " in the interpreter";
    return v;
  }
  // What printf returns depends on how many calls are kept.
  (*oracle)->keepPrints(options.printRecords);
  const uint64_t allBlocks = options.grid.count();
  std::optional<Snapshot> before;
  std::vector<uint64_t> blocks;
  if (options.verifyBlocks && *options.verifyBlocks < allBlocks) {
    blocks =
        chooseBlocks(*options.verifyBlocks, options.grid, deviceOutcome.trap);
    before = takeSnapshot(artifact.manifest(), **oracle);
    (*oracle)->chooseBlocks(blocks);
  }
  std::vector<double> seconds;
  auto outcome = runAll(options, kernel, **oracle, placed->values, seconds,
                        "interpreter: launches");
  clearProgressLine(progress);
  if (!outcome)
    return where(outcome.error());
  const bool hasWindow =
      options.command == Command::Launch && kernel.stackWindow;
  CompareOptions how;
  if (hasWindow)
    how.windows.push_back(*kernel.stackWindow);
  how.tolerance = options.tolerance;
  how.before = before ? &*before : nullptr;
  Verification v =
      compareOutcomes(artifact.manifest(), deviceOutcome, deviceExecutor,
                      *outcome, **oracle, arguments, placement.base, how);
  if (before) {
    v.blocks = blocks.size();
    v.allBlocks = allBlocks;
  }
  v.seconds = 0;
  for (double s : seconds)
    v.seconds += s;
  return v;
}

} // namespace

int RunReport::exitCode() const {
  if (verification && !verification->agrees())
    return exitMismatch;
  return outcome.trap ? exitTrap : exitSuccess;
}

Expected<void> checkExpiry(const ptxbin::Manifest &manifest, uint64_t now) {
  if (manifest.expires == 0 || now < manifest.expires)
    return {};
  return makeError(ErrorKind::Untrusted,
                   "the artifact expired " +
                       std::to_string((now - manifest.expires) / 86400) +
                       " days ago: get a newer release");
}

Expected<RunReport> runKernel(const Options &options) {
  auto artifact = openArtifact(options);
  if (!artifact)
    return artifact.error();
  const ptxbin::Manifest &manifest = artifact->manifest();
  if (auto fresh = checkExpiry(manifest, uint64_t(std::time(nullptr))); !fresh)
    return fresh.error();
  if (auto fit = checkAsked(options, manifest, options.fuel.has_value()); !fit)
    return fit.error();
  auto module = findModule(manifest, options.module);
  if (!module)
    return module.error();
  auto kernel = findKernel(manifest, options.kernel, *module);
  if (!kernel)
    return kernel.error();
  auto finalized = openFinalized(options, *artifact);
  if (!finalized)
    return finalized.error();
  InstanceOptions instanceOptions;
  instanceOptions.finalized = *finalized ? &**finalized : nullptr;
  instanceOptions.fuel = options.fuel;
  instanceOptions.printRecords = options.printRecords;
  instanceOptions.allowUnchecked = options.allowUnchecked;
  // Refused before buffers are read and a device is opened.
  if (auto fit = checkOptions(manifest, instanceOptions); !fit)
    return fit.error();
  if (!(*kernel)->notOffloadable.empty())
    return makeError(ErrorKind::Incompatible,
                     quoteName((*kernel)->name) + " is not offloadable: " +
                         oneLine((*kernel)->notOffloadable));
  auto arguments = parseArguments(manifest, **kernel, options.arguments);
  if (!arguments)
    return arguments.error();

  auto device = openDevice(options);
  if (!device)
    return device.error();
  instanceOptions.extraPages = arguments->extraPages;
  GuestOutput output(options, hasStandardOutputSink(options.arguments));
  instanceOptions.print = [&](const Printed &printed) {
    output.print(printed);
  };
  auto instance = instantiate(**device, *artifact, instanceOptions);
  if (!instance)
    return instance.error();
  Executor &executor = **instance;
  auto placement = place(*arguments, executor);
  if (!placement)
    return placement.error();

  RunReport report;
  report.device = executor.describe();
  if (options.command == Command::Launch) {
    // Refused before anything is said of it.
    auto shared = sharedBytesOf(**kernel, options.sharedBytes);
    if (!shared)
      return shared.error();
    report.sharedBytes = *shared;
    auto stacks = executor.stackUse(**kernel, options.grid, options.block);
    if (!stacks)
      return stacks.error();
    report.stacks = *stacks;
    if (options.stats)
      std::fprintf(stderr, "twrun: %s\n", stacksText(*stacks).c_str());
  }
  auto outcome = runAll(options, **kernel, executor, placement->values,
                        report.seconds, "launches");
  if (!outcome)
    return outcome.error();
  report.outcome = std::move(*outcome);
  report.memory =
      memoryStats(manifest, executor, *arguments, options.printRecords);
  report.memory.stacks = report.stacks.bytes();
  if (auto written = output.finish(report.outcome.lostPrints); !written)
    return written.error();
  if (report.outcome.trap)
    report.trapText = describeTrap(*report.outcome.trap, manifest);
  if (report.outcome.strayStore &&
      report.outcome.trap->code != abi::TrapCode::StrayStore)
    report.trapText += "; an out of bounds store was detected too";
  for (const Value &result : report.outcome.results)
    report.results.push_back(formatValue(result, manifest));
  // The interpreter counts no fuel: it might never end.
  const bool outOfFuel =
      report.outcome.trap &&
      report.outcome.trap->code == abi::TrapCode::FuelExhausted;
  if (options.verify && outOfFuel)
    report.trapText += " (not verified: the interpreter does not count fuel)";
  if (options.verify && !outOfFuel) {
    auto verification = verify(options, *artifact, **kernel, *arguments,
                               *placement, report.outcome, executor);
    if (!verification)
      return verification.error();
    report.verification = std::move(*verification);
  }
  if (report.exitCode() == exitSuccess) {
    auto saved = saveSinks(*arguments, *placement, executor);
    if (!saved)
      return saved.error();
    report.saved = std::move(*saved);
  }
  return report;
}

} // namespace twrun::cli
