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
#include "Report.h"
#include "lib/Instance.h"
#include "lib/Quote.h"

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <unistd.h>

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
/// of each run.
Expected<Outcome> runAll(const Options &options,
                         const ptxbin::KernelInfo &kernel, Executor &executor,
                         std::span<const Value> values,
                         std::vector<double> &seconds) {
  while (true) {
    auto outcome = runOnce(options, kernel, executor, values);
    if (!outcome)
      return outcome;
    seconds.push_back(outcome->seconds);
    if (outcome->trap || seconds.size() >= options.repeat)
      return outcome;
  }
}

/// A line on standard error, rewritten in place, while a person watches.
OracleProgress progressLine(const Options &options) {
  if (options.quiet || !isatty(STDERR_FILENO))
    return {};
  return [](uint64_t done, uint64_t all) {
    std::fprintf(stderr, "\rinterpreter: %llu of %llu threads (%d%%)%s",
                 (unsigned long long)done, (unsigned long long)all,
                 int(double(done) / double(all) * 100),
                 done == all ? "\n" : "");
    std::fflush(stderr);
  };
}

void clearProgressLine(const OracleProgress &progress) {
  if (progress)
    std::fputs("\r\033[K", stderr);
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
  OracleProgress progress = progressLine(options);
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
  auto outcome = runAll(options, kernel, **oracle, placed->values, seconds);
  clearProgressLine(progress);
  if (!outcome)
    return where(outcome.error());
  const bool hasWindow =
      options.command == Command::Launch && kernel.stackWindow;
  CompareOptions how;
  how.window = hasWindow ? &*kernel.stackWindow : nullptr;
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

/// The last module of the name that --module gives, else the last.
Expected<uint32_t> findModule(const ptxbin::Manifest &manifest,
                              const Options &options) {
  std::string offered;
  for (size_t i = manifest.modules.size(); i-- > 0;) {
    const std::string &name = manifest.modules[i].name;
    if (!options.module || name == *options.module)
      return uint32_t(i);
    offered += (offered.empty() ? "" : ", ") + quoteName(name);
  }
  return makeError(ErrorKind::NotFound,
                   "no module " + quoteName(options.module.value_or("")) +
                       ": there is " + oneLine(offered));
}

/// Encodes every sink before the first is written, so that what can be found
/// wrong is found while nothing has changed.
Expected<std::vector<SavedSink>> saveSinks(const Arguments &arguments,
                                           const Placement &placement,
                                           Executor &executor) {
  std::vector<std::pair<const BufferSpec *, Bytes>> files;
  std::span<uint8_t> memory = executor.memory(arguments.memory);
  for (const Buffer &buffer : arguments.buffers) {
    if (buffer.spec.sink.empty())
      continue;
    ByteView data = memory.subspan(placement.base + buffer.offset,
                                   buffer.initial.data.size());
    auto bytes = encodeSink(buffer.spec.sink, buffer.initial.type,
                            buffer.initial.shape, data);
    if (!bytes)
      return bytes.error();
    files.emplace_back(&buffer.spec, std::move(*bytes));
  }
  std::vector<SavedSink> saved;
  for (const auto &[spec, bytes] : files) {
    if (auto written = ptxbin::writeFileAtomic(spec->sink, bytes); !written)
      return written.error();
    saved.push_back({spec->sink, bytes.size()});
  }
  return saved;
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
  if (options.fuel && !manifest.fuel)
    return makeError(ErrorKind::Invalid,
                     "--fuel needs an artifact that counts fuel, and this one "
                     "does not");
  if (options.verify && options.tolerance.isExact() &&
      manifest.floatingPoint != ptxbin::strictFloats)
    return makeError(
        ErrorKind::Invalid,
        "--verify needs --tolerance for this artifact: its floating point is " +
            quoteName(manifest.floatingPoint) +
            " (twc --fp-contract=fast), which rounds otherwise than the "
            "interpreter; say what numbers may differ by, such as "
            "--tolerance=rel:1e-5, or --tolerance=ulp:0 for nothing");
  auto module = findModule(manifest, options);
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

  auto device = Device::open(options.device);
  if (!device)
    return device.error();
  instanceOptions.extraPages = arguments->extraPages;
  GuestOutput output(options);
  instanceOptions.print = [&](const Printed &printed) {
    output.print(printed);
  };
  auto instance = (*device)->instantiate(*artifact, instanceOptions);
  if (!instance) {
    // Invalid says "usage" elsewhere; here it is the module that is at fault.
    Error error = instance.error();
    if (error.kind == ErrorKind::Invalid)
      error.kind = ErrorKind::Incompatible;
    return error;
  }
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
  auto outcome =
      runAll(options, **kernel, executor, placement->values, report.seconds);
  if (!outcome)
    return outcome.error();
  report.outcome = std::move(*outcome);
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
