//===- ArgumentsFuzzer.cpp - arbitrary arguments and pipelines ------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What people and programs write for twrun: by its first byte, an input is a
// number of some type, a buffer, a grid, a shape, a tolerance, a .npy file's
// header, a pipeline, or a pipeline that is planned for an artifact. Nothing is
// run. What is accepted must obey the bounds that callers rely on, and numbers
// must read back.
//
//===----------------------------------------------------------------------===//

#include "lib/Data/Npy.h"
#include "lib/CLI/Numbers.h"
#include "lib/CLI/Options.h"
#include "lib/CLI/PipelinePlan.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

using namespace twrun;
using namespace twrun::cli;

[[noreturn]] static void report(const char *finding) {
  std::fprintf(stderr, "finding: %s\n", finding);
  std::abort();
}

template <typename T> static bool accepted(const Expected<T> &result) {
  if (!result && result.error().message.empty())
    report("an error without a message");
  if (!result && result.error().message.find('\n') != std::string::npos)
    report("an error of several lines");
  return bool(result);
}

static constexpr ValueType types[] = {
    ValueType::I32,  ValueType::I64,       ValueType::F32,    ValueType::F64,
    ValueType::V128, ValueType::ExternRef, ValueType::FuncRef};

static void readNumber(ValueType type, std::string_view text) {
  auto value = parseValue(type, text);
  if (!accepted(value))
    return;
  if (value->type != type)
    report("a number of another type");
  // References and vectors are written with their type, numbers without.
  const bool typed = type == ValueType::V128 || type == ValueType::ExternRef ||
                     type == ValueType::FuncRef;
  auto again =
      parseValue(type, typed ? formatValue(*value) : formatNumber(*value));
  if (!accepted(again) || again->bits != value->bits ||
      again->high != value->high)
    report("a number does not read back");
}

static void readBuffer(std::string text) {
  text.insert(0, "@");
  auto spec = parseBufferSpec(text);
  if (!accepted(spec))
    return;
  if (spec->source == BufferSpec::Source::Zeros ||
      spec->source == BufferSpec::Source::Random) {
    auto bytes = arrayBytes(spec->type, spec->shape);
    if (!bytes || *bytes > maxArrayBytes || spec->shape.size() > maxRank)
      report("a buffer beyond the limits");
  }
}

/// Three exports that a pipeline can name, and memory for 16 pages of buffers.
static const ptxbin::Manifest &manifest() {
  static const ptxbin::Manifest one = [] {
    ptxbin::Manifest m;
    m.memories.resize(1);
    m.memories[0].minPages = 1;
    m.memories[0].maxPages = 17;
    m.modules.resize(1);
    auto add = [&](const char *name, std::vector<ValueType> params,
                   std::vector<ValueType> results) {
      ptxbin::KernelInfo &kernel = m.kernels.emplace_back();
      kernel.name = name;
      kernel.params = std::move(params);
      kernel.results = std::move(results);
      kernel.memory = 0;
    };
    add("k", {ValueType::I32, ValueType::I32}, {});
    add("f", {ValueType::F32, ValueType::V128}, {ValueType::I32});
    add("n", {}, {});
    return m;
  }();
  return one;
}

static uint64_t countSteps(const std::vector<PipelineStep> &steps,
                           size_t buffers, unsigned depth) {
  if (depth > maxPipelineDepth)
    report("steps deeper than the limit");
  uint64_t length = 0;
  for (const PipelineStep &step : steps) {
    for (const PipelineArgument &argument : step.arguments)
      if (argument.buffer && *argument.buffer >= buffers)
        report("an argument is no buffer");
    if (step.first >= std::max<size_t>(buffers, 1) ||
        step.second >= std::max<size_t>(buffers, 1))
      report("a swap of no buffer");
    if (step.kind == PipelineStep::Kind::Launch &&
        (!step.grid.x || !step.grid.y || !step.grid.z || !step.block.x ||
         !step.block.y || !step.block.z))
      report("a launch of nothing");
    length += step.repeat * (step.kind == PipelineStep::Kind::Group
                                 ? countSteps(step.steps, buffers, depth + 1)
                                 : 1);
  }
  return length;
}

/// No file may be read: its name is the input's.
static bool readsFiles(const Pipeline &pipeline) {
  for (const PipelineBuffer &buffer : pipeline.buffers)
    if (!buffer.spec.path.empty())
      return true;
  return false;
}

static void readPipeline(std::string_view text, bool plan) {
  auto pipeline = parsePipeline(text, "fuzz.toml");
  if (!accepted(pipeline))
    return;
  if (pipeline->artifact.empty() || pipeline->steps.empty() ||
      pipeline->buffers.size() > maxPipelineBuffers)
    report("a pipeline without what it needs");
  const uint64_t length =
      countSteps(pipeline->steps, pipeline->buffers.size(), 0);
  if (length != pipeline->length.steps || length > maxPipelineLength ||
      pipeline->length.calls > length)
    report("a pipeline's length is not that of its steps");
  if (!plan || readsFiles(*pipeline))
    return;
  auto planned = planPipeline(*pipeline, manifest());
  if (!accepted(planned))
    return;
  if (planned->arguments.buffers.size() != pipeline->buffers.size() ||
      planned->arguments.extraPages > 16)
    report("buffers beyond what memory has");
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size == 0)
    return 0;
  const std::string_view text(reinterpret_cast<const char *>(data + 1),
                              size - 1);
  switch (data[0] % 16) {
  default:
    readNumber(types[data[0] % 16 % std::size(types)], text);
    break;
  case 8:
    readBuffer(std::string(text));
    break;
  case 9: {
    auto size = parseDim3(text);
    if (accepted(size) && (!size->x || !size->y || !size->z))
      report("a size of nothing");
    break;
  }
  case 10:
    (void)accepted(parseTolerance(text));
    break;
  case 11: {
    auto array = readNpy(ptxbin::Bytes(data + 1, data + size));
    if (accepted(array)) {
      auto bytes = arrayBytes(array->type, array->shape);
      if (!bytes || *bytes != array->data.size())
        report("an array's size is not its shape's");
    }
    break;
  }
  case 12:
  case 13:
    readPipeline(text, false);
    break;
  case 14:
  case 15:
    readPipeline(text, true);
    break;
  }
  return 0;
}
