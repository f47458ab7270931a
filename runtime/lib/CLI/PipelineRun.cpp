//===- PipelineRun.cpp - running a pipeline -------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PipelineRun.h"

#include "GuestOutput.h"
#include "Numbers.h"
#include "Progress.h"
#include "Run.h"
#include "lib/Instance.h"
#include "lib/Quote.h"
#include "lib/Trace.h"

#include <ctime>
#include <numeric>

namespace twrun::cli {

namespace {

/// The steps on one executor, up to the first trap.
class StepRunner {
public:
  StepRunner(const PipelinePlan &plan, const Placement &placement,
             Executor &executor, Progress &progress)
      : steps(plan.rows), order(plan.arguments.buffers.size()),
        placement(placement), executor(executor), progress(progress) {
    std::iota(order.begin(), order.end(), size_t(0));
  }

  std::vector<StepReport> steps;
  std::vector<size_t> order; // which buffer each name stands for now
  uint64_t calls = 0;
  double seconds = 0;
  uint64_t lostPrints = 0;
  Outcome last; // of the last call
  const PlannedStep *trapped = nullptr;

  Expected<void> run(const std::vector<PlannedStep> &planned) {
    for (const PlannedStep &step : planned)
      for (uint64_t i = 0; i < step.step->repeat && !trapped; ++i)
        if (auto ran = runOnce(step); !ran)
          return ran;
    return {};
  }

  /// The last outcome with the results of all steps.
  Outcome together() const {
    Outcome all = last;
    all.results.clear();
    for (const StepReport &step : steps)
      all.results.insert(all.results.end(), step.results.begin(),
                         step.results.end());
    return all;
  }

private:
  Expected<void> runOnce(const PlannedStep &planned) {
    const PipelineStep &step = *planned.step;
    if (step.kind == PipelineStep::Kind::Group)
      return run(planned.steps);
    if (step.kind == PipelineStep::Kind::Swap) {
      std::swap(order[step.first], order[step.second]);
      return {};
    }
    std::vector<Value> values = planned.values;
    for (auto [parameter, buffer] : planned.buffers)
      values[parameter] = placement.values[order[buffer]];
    LaunchOptions launch;
    launch.sharedBytes = step.sharedBytes;
    auto outcome = step.kind == PipelineStep::Kind::Invoke
                       ? executor.invoke(*planned.kernel, values)
                       : executor.launch(*planned.kernel, step.grid, step.block,
                                         values, launch);
    if (!outcome)
      return outcome.error();
    StepReport &report = steps[planned.row];
    report.step = &step;
    report.seconds.push_back(outcome->seconds);
    report.results = outcome->results;
    seconds += outcome->seconds;
    lostPrints += outcome->lostPrints;
    if (outcome->trap)
      trapped = &planned;
    last = std::move(*outcome);
    progress.tell(++calls);
    return {};
  }

  const Placement &placement;
  Executor &executor;
  Progress &progress;
};

/// "result 1 of step 2": as a mismatch names it.
std::vector<std::string> resultNames(const std::vector<StepReport> &steps,
                                     const Pipeline &pipeline) {
  std::vector<std::string> names;
  for (const StepReport &step : steps)
    for (size_t i = 0; i < step.results.size(); ++i)
      names.push_back(pipeline.at(step.step->place) + "result " +
                      std::to_string(i + 1) + " of " +
                      quoteName(step.step->function));
  return names;
}

Expected<Verification> verify(const Options &options, const Pipeline &pipeline,
                              const PipelinePlan &plan,
                              const ptxbin::PtxBin &artifact,
                              const Placement &placement,
                              const StepRunner &device,
                              Executor &deviceExecutor) {
  TraceSpan span("oracle");
  auto where = [](const Error &error) {
    return makeError(error.kind, "cannot verify: " + error.message);
  };
  auto oracle = OracleExecutor::create(artifact);
  if (!oracle)
    return where(oracle.error());
  auto placed = place(plan.arguments, **oracle);
  if (!placed)
    return where(placed.error());
  Verification v;
  if (placed->base != placement.base) {
    v.mismatch = "linear memory ends at " + std::to_string(placement.base) +
                 " after instantiation on the device and at " +
                 std::to_string(placed->base) + " in the interpreter";
    return v;
  }
  (*oracle)->keepPrints(options.printRecords);
  Progress progress(options, "interpreter: calls", device.calls);
  StepRunner runner(plan, *placed, **oracle, progress);
  if (auto ran = runner.run(plan.steps); !ran)
    return where(ran.error());
  progress.clear();
  CompareOptions how;
  how.windows = plan.windows;
  how.tolerance = options.tolerance;
  how.resultNames = resultNames(device.steps, pipeline);
  if (device.calls != runner.calls)
    v.mismatch = "the device came to call " + std::to_string(device.calls) +
                 " and the interpreter to call " +
                 std::to_string(runner.calls) + ": one of them trapped";
  else
    v = compareOutcomes(artifact.manifest(), device.together(), deviceExecutor,
                        runner.together(), **oracle, plan.arguments,
                        placement.base, how);
  v.seconds = runner.seconds;
  return v;
}

} // namespace

int PipelineReport::exitCode() const {
  if (verification && !verification->agrees())
    return exitMismatch;
  return trap ? exitTrap : exitSuccess;
}

Expected<PipelineReport> runPipeline(const Options &options) {
  auto text = ptxbin::readFile(options.file, maxPipelineBytes);
  if (!text)
    return text.error();
  auto parsed = parsePipeline(
      {reinterpret_cast<const char *>(text->data()), text->size()},
      options.file, options.buffers);
  if (!parsed)
    return parsed.error();
  PipelineReport report;
  report.pipeline = std::move(*parsed);
  const Pipeline &pipeline = report.pipeline;

  Options own = options;
  own.file = pipeline.artifact;
  auto artifact = openArtifact(own);
  if (!artifact)
    return artifact.error();
  const ptxbin::Manifest &manifest = artifact->manifest();
  if (auto fresh = checkExpiry(manifest, uint64_t(std::time(nullptr))); !fresh)
    return fresh.error();
  auto finalized = openFinalized(options, *artifact);
  if (!finalized)
    return finalized.error();
  InstanceOptions instanceOptions;
  instanceOptions.finalized = *finalized ? &**finalized : nullptr;
  instanceOptions.fuel = options.fuel ? options.fuel : pipeline.fuel;
  instanceOptions.printRecords = options.printRecords;
  instanceOptions.allowUnchecked = options.allowUnchecked;
  if (auto fit =
          checkAsked(options, manifest, instanceOptions.fuel.has_value());
      !fit)
    return fit.error();
  // Refused before buffers are read and a device is opened.
  if (auto fit = checkOptions(manifest, instanceOptions); !fit)
    return fit.error();
  auto plan = planPipeline(pipeline, manifest);
  if (!plan)
    return plan.error();

  auto device = openDevice(options);
  if (!device)
    return device.error();
  instanceOptions.extraPages = plan->arguments.extraPages;
  const bool toStandardOutput =
      std::any_of(pipeline.buffers.begin(), pipeline.buffers.end(),
                  [](const PipelineBuffer &b) { return b.spec.sink == "-"; });
  GuestOutput output(options, toStandardOutput);
  instanceOptions.print = [&](const Printed &printed) {
    output.print(printed);
  };
  auto instance = instantiate(**device, *artifact, instanceOptions);
  if (!instance)
    return instance.error();
  Executor &executor = **instance;
  auto placement = place(plan->arguments, executor);
  if (!placement)
    return placement.error();

  report.device = executor.describe();
  Progress progress(options, "calls", pipeline.length.calls);
  StepRunner runner(*plan, *placement, executor, progress);
  if (auto ran = runner.run(plan->steps); !ran)
    return ran.error();
  progress.clear();
  if (auto written = output.finish(runner.lostPrints); !written)
    return written.error();
  report.calls = runner.calls;
  report.seconds = runner.seconds;
  report.trap = runner.last.trap;
  report.memory =
      memoryStats(manifest, executor, plan->arguments, options.printRecords);
  if (report.trap)
    report.trapText = describeTrap(*report.trap, manifest) + ", at " +
                      pipeline.at(runner.trapped->step->place) +
                      quoteName(runner.trapped->step->function) + ", call " +
                      std::to_string(runner.calls) + " of " +
                      std::to_string(pipeline.length.calls);
  const bool outOfFuel =
      report.trap && report.trap->code == abi::TrapCode::FuelExhausted;
  if (options.verify && outOfFuel)
    report.trapText += " (not verified: the interpreter does not count fuel)";
  else if (options.verify) {
    auto verification = verify(options, pipeline, *plan, *artifact, *placement,
                               runner, executor);
    if (!verification)
      return verification.error();
    report.verification = std::move(*verification);
  }
  report.steps = std::move(runner.steps);
  for (const StepReport &step : report.steps)
    for (const Value &result : step.results)
      report.results.push_back(formatValue(result, manifest));
  if (report.exitCode() == exitSuccess) {
    auto saved = saveSinks(plan->arguments, *placement, executor, runner.order);
    if (!saved)
      return saved.error();
    report.saved = std::move(*saved);
  }
  return report;
}

} // namespace twrun::cli
