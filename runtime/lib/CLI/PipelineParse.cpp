//===- PipelineParse.cpp - reading a pipeline file ------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Everything that the file says is checked for type and size here. The first
// error wins, and names its place.
//
//===----------------------------------------------------------------------===//

#include "Pipeline.h"

#include "Numbers.h"
#include "TomlTable.h"
#include "lib/Quote.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <filesystem>

namespace twrun::cli {

std::string Pipeline::at(SourcePlace place) const {
  if (!place.line)
    return "--buffer: ";
  return path + ":" + std::to_string(place.line) + ":" +
         std::to_string(place.column) + ": ";
}

namespace {

Dim3 readSize(const Table &table, const char *key) {
  const toml::node &node = table.need(key);
  const toml::array *list = node.as_array();
  uint32_t extents[3] = {1, 1, 1};
  auto extent = [&](const toml::node &one) {
    return uint32_t(Table::numberOf(one, key, 1, UINT32_MAX));
  };
  if (!list)
    extents[0] = extent(node);
  else if (list->empty() || list->size() > 3)
    fail(placeOf(node), std::string(key) +
                            ": expected X, [X], [X, Y] or [X, Y, Z], but got "
                            "a list of " +
                            std::to_string(list->size()));
  else
    for (size_t axis = 0; axis < list->size(); ++axis)
      extents[axis] = extent((*list)[axis]);
  return {extents[0], extents[1], extents[2]};
}

class Reader {
public:
  Reader(Pipeline &out) : out(out) {
    folder = std::filesystem::path(out.path).parent_path();
  }

  void read(const toml::table &document,
            std::span<const std::string> replaced) {
    Table table(document, "a pipeline");
    table.onlyKeys({"artifact", "module", "fuel", "buffers", "step"});
    out.artifact = relative(table.neededText("artifact"));
    out.module = table.text("module");
    if (table.find("fuel"))
      out.fuel = table.number("fuel", 0, INT64_MAX, 0);
    readBuffers(table, replaced);
    steps = 0;
    out.steps = readSteps(table, 0, out.length);
    checkUse();
  }

private:
  /// A path in the file starts where the file is.
  std::string relative(const std::string &path) const {
    return (folder / path).string(); // an absolute one replaces it
  }

  void readBuffers(const Table &table, std::span<const std::string> replaced) {
    const toml::node *node = table.find("buffers");
    if (node && !node->is_table())
      fail(placeOf(*node), "buffers: expected a table of texts");
    if (node && node->as_table()->size() > maxPipelineBuffers)
      fail(placeOf(*node), std::to_string(node->as_table()->size()) +
                               " buffers are more than the limit of " +
                               std::to_string(maxPipelineBuffers));
    if (node)
      for (const auto &[key, value] : *node->as_table())
        readBuffer(std::string(key.str()), value);
    for (const std::string &text : replaced)
      replace(text);
  }

  void readBuffer(std::string name, const toml::node &node) {
    const auto *text = node.as_string();
    if (!text)
      fail(placeOf(node), "buffer " + quoteName(name) +
                              ": expected a text, SOURCE or SOURCE=SINK");
    PipelineBuffer buffer;
    buffer.place = placeOf(node);
    buffer.spec = readSpec(text->get(), buffer.place);
    if (!buffer.spec.path.empty())
      buffer.spec.path = relative(buffer.spec.path);
    if (!buffer.spec.sink.empty() && buffer.spec.sink != "-")
      buffer.spec.sink = relative(buffer.spec.sink);
    buffer.name = std::move(name);
    out.buffers.push_back(std::move(buffer));
  }

  static BufferSpec readSpec(const std::string &text, SourcePlace place) {
    if (text.find('\0') != std::string::npos)
      fail(place, "a buffer's text has a NUL character");
    if (text.starts_with('@'))
      fail(place, "expected SOURCE or SOURCE=SINK without '@': a file of such "
                  "a name is ./" +
                      oneLine(text, 128));
    auto spec = parseBufferSpec("@" + text);
    if (!spec)
      fail(place, spec.error().message, spec.error().kind);
    return std::move(*spec);
  }

  void replace(const std::string &text) {
    const size_t equals = text.find('=');
    const std::string name = text.substr(0, equals);
    if (equals == text.npos)
      fail({}, quoteName(text) + ": expected NAME=SOURCE or NAME=SOURCE=SINK");
    for (PipelineBuffer &buffer : out.buffers)
      if (buffer.name == name) {
        buffer.place = {};
        buffer.spec = readSpec(text.substr(equals + 1), {});
        return;
      }
    fail({}, "no buffer " + quoteName(name) + " in the pipeline: there is " +
                 bufferNames());
  }

  std::string bufferNames() const {
    constexpr size_t most = 20;
    std::string list;
    for (size_t i = 0; i < std::min(out.buffers.size(), most); ++i)
      list += (i ? ", " : "") + quoteName(out.buffers[i].name);
    if (out.buffers.size() > most)
      list += " and " + std::to_string(out.buffers.size() - most) + " more";
    return list.empty() ? "none" : list;
  }

  size_t findBuffer(std::string_view name, SourcePlace place) {
    for (size_t i = 0; i < out.buffers.size(); ++i)
      if (out.buffers[i].name == name)
        return i;
    fail(place, "no buffer " + quoteName(name) + ": there is " + bufferNames());
  }

  /// The steps of `[[step]]`; adds to `length` what one round of them takes.
  std::vector<PipelineStep> readSteps(const Table &table, unsigned depth,
                                      PipelineLength &length) {
    const toml::array &list = table.neededArray("step", "[[step]] tables");
    if (list.empty())
      fail(placeOf(list), "step: expected at least one");
    if (list.size() > maxPipelineSteps - steps)
      fail(placeOf(list), "more than " + std::to_string(maxPipelineSteps) +
                              " steps: use repeat");
    steps += list.size();
    std::vector<PipelineStep> out;
    for (const toml::node &node : list) {
      if (!node.is_table())
        fail(placeOf(node), "step: expected [[step]] tables");
      out.push_back(readStep(Table(*node.as_table(), "a step"), depth, length));
    }
    return out;
  }

  PipelineStep readStep(const Table &table, unsigned depth,
                        PipelineLength &length) {
    using Kind = PipelineStep::Kind;
    constexpr std::pair<const char *, Kind> kinds[] = {{"launch", Kind::Launch},
                                                       {"invoke", Kind::Invoke},
                                                       {"swap", Kind::Swap},
                                                       {"step", Kind::Group}};
    PipelineStep step;
    step.place = table.place();
    const char *key = nullptr;
    for (auto [name, kind] : kinds) {
      if (!table.find(name))
        continue;
      if (key)
        fail(step.place, std::string("a step is one of launch, invoke, swap "
                                     "and step, but this has ") +
                             key + " and " + name);
      key = name;
      step.kind = kind;
    }
    if (!key)
      fail(step.place, "a step needs one of launch, invoke, swap and step");
    step.repeat = table.number("repeat", 1, maxPipelineLength, 1);
    PipelineLength once;
    switch (step.kind) {
    case Kind::Launch:
      table.onlyKeys({"launch", "module", "grid", "block", "shared",
                      "arguments", "repeat"});
      step.grid = readSize(table, "grid");
      step.block = readSize(table, "block");
      step.sharedBytes = table.number("shared", 0, UINT32_MAX, 0);
      readCall(table, key, step);
      once = {1, 1};
      break;
    case Kind::Invoke:
      table.onlyKeys({"invoke", "module", "arguments", "repeat"});
      readCall(table, key, step);
      once = {1, 1};
      break;
    case Kind::Swap:
      table.onlyKeys({"swap"});
      readSwap(table, step);
      once = {1, 0};
      break;
    case Kind::Group:
      table.onlyKeys({"step", "repeat"});
      if (depth + 1 >= maxPipelineDepth)
        fail(step.place, "steps within steps: more than " +
                             std::to_string(maxPipelineDepth) + " deep");
      step.steps = readSteps(table, depth + 1, once);
      break;
    }
    // Neither factor nor sum overflows: both are at most 10^7.
    if (once.steps * step.repeat > maxPipelineLength - length.steps)
      fail(step.place, "the pipeline takes more than " +
                           std::to_string(maxPipelineLength) +
                           " steps up to here");
    length.steps += once.steps * step.repeat;
    length.calls += once.calls * step.repeat;
    return step;
  }

  void readCall(const Table &table, const char *key, PipelineStep &step) {
    step.function = table.neededText(key);
    step.module = table.text("module");
    if (!table.find("arguments"))
      return;
    for (const toml::node &node :
         table.neededArray("arguments", "a list of numbers and \"@BUFFER\""))
      step.arguments.push_back(readArgument(node));
  }

  PipelineArgument readArgument(const toml::node &node) {
    PipelineArgument argument;
    argument.place = placeOf(node);
    if (const auto *number = node.as_integer())
      argument.text = std::to_string(number->get());
    else if (const auto *number = node.as_floating_point())
      argument.text = std::isnan(number->get())
                          ? std::signbit(number->get()) ? "-nan" : "nan"
                          : formatF64(std::bit_cast<uint64_t>(number->get()));
    else if (const auto *text = node.as_string()) {
      argument.text = text->get();
      if (argument.text.starts_with('@'))
        argument.buffer = findBuffer(std::string_view(argument.text).substr(1),
                                     argument.place);
    } else
      fail(argument.place, "expected a number, a text with one, or "
                           "\"@BUFFER\"");
    return argument;
  }

  void readSwap(const Table &table, PipelineStep &step) {
    const std::string expected = "the names of two buffers";
    const toml::array &list = table.neededArray("swap", expected);
    if (list.size() != 2)
      fail(placeOf(list), "swap: expected " + expected);
    auto read = [&](const toml::node &node) {
      const auto *name = node.as_string();
      if (!name)
        fail(placeOf(node), "swap: expected " + expected);
      return findBuffer(name->get(), placeOf(node));
    };
    step.first = read(list[0]);
    step.second = read(list[1]);
    if (step.first == step.second)
      fail(placeOf(list), "swap: expected " + expected + " that differ");
  }

  void noteUse(const std::vector<PipelineStep> &steps,
               std::vector<bool> &used) const {
    for (const PipelineStep &step : steps) {
      for (const PipelineArgument &argument : step.arguments)
        if (argument.buffer)
          used[*argument.buffer] = true;
      if (step.kind == PipelineStep::Kind::Swap)
        used[step.first] = used[step.second] = true;
      noteUse(step.steps, used);
    }
  }

  void checkUse() const {
    std::vector<bool> used(out.buffers.size());
    noteUse(out.steps, used);
    for (size_t i = 0; i < used.size(); ++i)
      if (!used[i])
        fail(out.buffers[i].place, "buffer " + quoteName(out.buffers[i].name) +
                                       " is used by no step");
  }

  Pipeline &out;
  std::filesystem::path folder;
  size_t steps = 0;
};

} // namespace

Expected<Pipeline> parsePipeline(std::string_view text, const std::string &path,
                                 std::span<const std::string> replaced) {
  Pipeline pipeline;
  pipeline.path = path;
  if (text.size() > maxPipelineBytes)
    return makeError(ErrorKind::Malformed,
                     path + ": " + std::to_string(text.size()) +
                         " bytes are more than the limit of " +
                         std::to_string(maxPipelineBytes));
  try {
    Reader(pipeline).read(toml::parse(text), replaced);
  } catch (const Wrong &wrong) {
    return makeError(wrong.error.kind,
                     pipeline.at(wrong.place) + wrong.error.message);
  } catch (const toml::parse_error &error) {
    return makeError(ErrorKind::Malformed,
                     pipeline.at(placeOf(error.source().begin)) +
                         oneLine(error.description()));
  }
  return pipeline;
}

} // namespace twrun::cli
