//===- PipelinePlan.cpp - a pipeline for one artifact ---------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PipelinePlan.h"

#include "Numbers.h"
#include "Session.h"
#include "lib/Instance.h"
#include "lib/Quote.h"

#include <algorithm>

namespace twrun::cli {

namespace {

class Planner {
public:
  Planner(const Pipeline &pipeline, const ptxbin::Manifest &manifest,
          PipelinePlan &plan)
      : pipeline(pipeline), manifest(manifest), plan(plan) {}

  Expected<void> run() {
    if (auto planned = planSteps(pipeline.steps, plan.steps); !planned)
      return planned;
    plan.arguments.memory = memory.value_or(0);
    if (auto loaded = loadBuffers(); !loaded)
      return loaded;
    return checkSwaps(pipeline.steps);
  }

private:
  /// Whatever is wrong, it is not the command line that is.
  Error where(SourcePlace place, const Error &error) const {
    return makeError(error.kind == ErrorKind::Invalid ? ErrorKind::Incompatible
                                                      : error.kind,
                     pipeline.at(place) + error.message);
  }
  Error wrong(SourcePlace place, const std::string &message) const {
    return where(place, makeError(ErrorKind::Incompatible, message));
  }

  Expected<void> planSteps(const std::vector<PipelineStep> &steps,
                           std::vector<PlannedStep> &out) {
    for (const PipelineStep &step : steps) {
      PlannedStep &planned = out.emplace_back();
      planned.step = &step;
      if (step.kind == PipelineStep::Kind::Group) {
        if (auto inner = planSteps(step.steps, planned.steps); !inner)
          return inner;
      } else if (step.kind != PipelineStep::Kind::Swap) {
        if (auto call = planCall(step, planned); !call)
          return call;
      }
    }
    return {};
  }

  Expected<void> planCall(const PipelineStep &step, PlannedStep &out) {
    auto module =
        findModule(manifest, step.module ? step.module : pipeline.module);
    if (!module)
      return where(step.place, module.error());
    auto kernel = findKernel(manifest, step.function, *module);
    if (!kernel)
      return where(step.place, kernel.error());
    out.kernel = *kernel;
    out.row = plan.rows++;
    if (auto able = checkAble(step, **kernel); !able)
      return where(step.place, able.error());
    const std::vector<ValueType> &params = (*kernel)->params;
    if (params.size() != step.arguments.size())
      return wrong(step.place,
                   quoteName(step.function) + " takes " +
                       std::to_string(params.size()) + " arguments, but " +
                       std::to_string(step.arguments.size()) + " are given");
    for (size_t i = 0; i < params.size(); ++i)
      if (auto planned = planArgument(step.arguments[i], i, out); !planned)
        return planned;
    return {};
  }

  /// What a launch would be refused for on every device.
  Expected<void> checkAble(const PipelineStep &step,
                           const ptxbin::KernelInfo &kernel) {
    const std::string name = quoteName(kernel.name);
    if (!kernel.notOffloadable.empty())
      return makeError(
          ErrorKind::Incompatible,
          name + " is not offloadable: " + oneLine(kernel.notOffloadable));
    if (step.kind == PipelineStep::Kind::Invoke)
      return {};
    if (!kernel.results.empty())
      return makeError(ErrorKind::Incompatible,
                       name + " has results: launch needs a function without "
                              "results, use invoke");
    if (!kernel.notLaunchable.empty())
      return makeError(ErrorKind::Incompatible,
                       name + " cannot be launched as a grid: " +
                           oneLine(kernel.notLaunchable));
    if (kernel.stackWindow)
      plan.windows.push_back(*kernel.stackWindow);
    if (auto grid = checkGrid(step.grid, step.block); !grid)
      return grid;
    auto shared = sharedBytesOf(kernel, step.sharedBytes);
    return shared ? Expected<void>() : shared.error();
  }

  Expected<void> planArgument(const PipelineArgument &argument, size_t index,
                              PlannedStep &out) {
    const ValueType type = out.kernel->params[index];
    auto whose = [&](const Error &error) {
      return where(
          argument.place,
          makeError(error.kind, "argument " + std::to_string(index + 1) +
                                    " of " + quoteName(out.kernel->name) +
                                    ": " + error.message));
    };
    if (!argument.buffer) {
      auto value = parseValue(type, argument.text);
      if (!value)
        return whose(value.error());
      out.values.push_back(*value);
      return {};
    }
    const uint32_t its = out.kernel->memory.value_or(0);
    if (memory && *memory != its)
      return whose(
          makeError(ErrorKind::Incompatible,
                    "a buffer in memory " + std::to_string(its) +
                        ", but an earlier step has one in memory " +
                        std::to_string(*memory) +
                        ": all buffers of a pipeline are in one memory"));
    memory = its;
    const ValueType address = addressType(manifest, its);
    if (type != address)
      return whose(makeError(
          ErrorKind::Incompatible,
          "a buffer's address is an " + std::string(ptxbin::toString(address)) +
              ", but the parameter is an " + ptxbin::toString(type)));
    out.buffers.emplace_back(index, *argument.buffer);
    out.values.push_back({address});
    return {};
  }

  Expected<void> loadBuffers() {
    Arguments &arguments = plan.arguments;
    const ValueType address = addressType(manifest, arguments.memory);
    for (size_t i = 0; i < pipeline.buffers.size(); ++i) {
      const PipelineBuffer &source = pipeline.buffers[i];
      Buffer buffer;
      buffer.parameter = i;
      buffer.name = source.name;
      buffer.spec = source.spec;
      if (auto added = addBuffer(manifest, arguments, std::move(buffer));
          !added)
        return where(
            source.place,
            makeError(added.error().kind, "buffer " + quoteName(source.name) +
                                              ": " + added.error().message));
      arguments.values.push_back({address, arguments.buffers.back().offset});
    }
    return {};
  }

  /// Sinks are written by name: what changes places must be of one kind.
  Expected<void> checkSwaps(const std::vector<PipelineStep> &steps) const {
    for (const PipelineStep &step : steps) {
      if (auto inner = checkSwaps(step.steps); !inner)
        return inner;
      if (step.kind != PipelineStep::Kind::Swap)
        continue;
      const Buffer &a = plan.arguments.buffers[step.first];
      const Buffer &b = plan.arguments.buffers[step.second];
      auto kind = [](const Buffer &buffer) {
        return quoteName(buffer.name) + " is " + toString(buffer.initial.type) +
               ":" + toString(buffer.initial.shape);
      };
      if (a.initial.type != b.initial.type ||
          a.initial.shape != b.initial.shape)
        return wrong(step.place, "buffers that are swapped must be of one type "
                                 "and shape, but " +
                                     kind(a) + " and " + kind(b));
    }
    return {};
  }

  const Pipeline &pipeline;
  const ptxbin::Manifest &manifest;
  PipelinePlan &plan;
  std::optional<uint32_t> memory; // that the buffers are in
};

} // namespace

Expected<PipelinePlan> planPipeline(const Pipeline &pipeline,
                                    const ptxbin::Manifest &manifest) {
  PipelinePlan plan;
  if (auto planned = Planner(pipeline, manifest, plan).run(); !planned)
    return planned.error();
  return plan;
}

} // namespace twrun::cli
