//===- twbench.cpp - times a kernel's forms side by side ------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   twbench KERNEL --artifact LABEL=FILE.ptxbin ... --cubin LABEL=FILE.cubin
//   ...
//     --trust KEY --grid X[,Y[,Z]] --block X[,Y[,Z]] -- ARGS...
//
// loads a kernel in several forms into one context, gives each the same inputs
// in buffers of its own, and times them in turns. Arguments are those of `twrun
// launch` (docs/TwrunCLI.md). Prints a JSON object: the samples, what the
// driver says of each form, and how outputs differ from the first one's.
//
// Exit codes: 0 done, 1 failed or trapped. Whether differences are allowed is
// for the reader to say.
//
//===----------------------------------------------------------------------===//

#include "Compare.h"
#include "Measure.h"
#include "lib/CLI/Options.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>

using namespace twrun;
using namespace twrun::bench;

namespace {

struct Settings {
  std::string kernel, grid, block;
  std::vector<std::string> artifacts, cubins, keys, arguments;
  std::vector<size_t> resets, outputs; // arguments, counted from 1
  Effort effort;
  bool once = false;
};

/// LABEL=FILE.
std::pair<std::string, std::string> splitLabel(const std::string &text) {
  size_t equals = text.find('=');
  if (equals == 0 || equals == text.npos || equals + 1 == text.size())
    throw Failure("expected LABEL=FILE, but got '" + text + "'");
  return {text.substr(0, equals), text.substr(equals + 1)};
}

ptxbin::PtxBin openArtifact(const std::string &path,
                            const ptxbin::TrustOptions &trust) {
  return valueOf(
      ptxbin::PtxBin::openVerified(
          valueOf(ptxbin::readFile(path, ptxbin::maxFileBytes)), trust),
      path);
}

/// The buffers among the arguments that `positions` name.
std::vector<size_t> findBuffers(const cli::Arguments &arguments,
                                const std::vector<size_t> &positions) {
  std::vector<size_t> found;
  for (size_t position : positions) {
    auto at = std::find_if(
        arguments.buffers.begin(), arguments.buffers.end(),
        [&](const cli::Buffer &b) { return b.parameter + 1 == position; });
    if (at == arguments.buffers.end())
      throw Failure("argument " + std::to_string(position) + " is no buffer");
    found.push_back(size_t(at - arguments.buffers.begin()));
  }
  return found;
}

Task makeTask(const Settings &settings, const ptxbin::Manifest &manifest) {
  Task task;
  task.kernel = settings.kernel;
  task.grid = valueOf(cli::parseDim3(settings.grid));
  task.block = valueOf(cli::parseDim3(settings.block));
  const ptxbin::KernelInfo &kernel =
      *valueOf(findKernel(manifest, settings.kernel));
  task.arguments =
      valueOf(cli::parseArguments(manifest, kernel, settings.arguments));
  task.resets = findBuffers(task.arguments, settings.resets);
  task.outputs = findBuffers(task.arguments, settings.outputs);
  for (cli::Buffer &buffer : task.arguments.buffers)
    task.bytes.push_back(std::move(buffer.initial.data));
  for (size_t buffer : task.resets)
    if (std::any_of(task.bytes[buffer].begin(), task.bytes[buffer].end(),
                    [](uint8_t byte) { return byte != 0; }))
      throw Failure("what is reset to zeros must start as zeros");
  return task;
}

/// Gives all the same inputs once more, runs each once, and compares with the
/// first. The report's contestants get what they differ by.
void compareOutputs(const Gpu &gpu, const Task &task,
                    const std::vector<std::unique_ptr<Contestant>> &contestants,
                    nlohmann::json &report) {
  std::vector<std::vector<uint8_t>> expected;
  for (size_t i = 0; i < contestants.size(); ++i) {
    contestants[i]->fill();
    contestants[i]->launch();
    gpu.synchronize();
    nlohmann::json differences = nlohmann::json::array();
    for (size_t j = 0; j < task.outputs.size(); ++j) {
      size_t buffer = task.outputs[j];
      std::vector<uint8_t> found = contestants[i]->output(buffer);
      if (i == 0) {
        expected.push_back(std::move(found));
        continue;
      }
      const cli::Buffer &described = task.arguments.buffers[buffer];
      Difference d = compare(described.initial.type, expected[j], found);
      differences.push_back({{"argument", described.parameter + 1},
                             {"elements", d.elements},
                             {"differing", d.differing},
                             {"nans", d.nans},
                             {"largest", d.largest},
                             {"magnitude", d.magnitude}});
    }
    report[i]["differences"] = std::move(differences);
  }
}

nlohmann::json describe(const Gpu &gpu, const Contestant &contestant) {
  const Attributes &a = contestant.attributes;
  const double threads =
      double(a.blocksAtOnce) * double(contestant.task.block.count());
  return {{"label", contestant.label},
          {"kind", contestant.kind()},
          {"memory", contestant.memory()},
          {"registers", a.registers},
          {"localBytes", a.localBytes},
          {"sharedBytes", uint64_t(a.sharedBytes) + contestant.dynamicShared},
          {"ptxVersion", a.ptxVersion},
          {"binaryVersion", a.binaryVersion},
          {"blocksAtOnce", a.blocksAtOnce},
          {"occupancy", threads / gpu.threadsPerMultiprocessor()}};
}

int run(const Settings &settings) {
  ptxbin::TrustOptions trust;
  for (const std::string &path : settings.keys)
    trust.keys.push_back(valueOf(ptxbin::readPublicKey(path)));
  std::vector<std::string> labels;
  std::vector<ptxbin::PtxBin> artifacts;
  for (const std::string &text : settings.artifacts) {
    auto [label, path] = splitLabel(text);
    labels.push_back(label);
    artifacts.push_back(openArtifact(path, trust));
  }
  Task task = makeTask(settings, artifacts.front().manifest());

  Gpu gpu;
  std::vector<std::unique_ptr<Contestant>> contestants;
  for (size_t i = 0; i < artifacts.size(); ++i)
    contestants.push_back(makeArtifact(gpu, task, artifacts[i], labels[i]));
  for (const std::string &text : settings.cubins) {
    auto [label, path] = splitLabel(text);
    contestants.push_back(makeCubin(gpu, task, path, label));
  }

  nlohmann::json report = {{"kernel", task.kernel},
                           {"device", gpu.device().describe()},
                           {"multiprocessors", gpu.multiprocessors()},
                           {"grid", settings.grid},
                           {"block", settings.block},
                           {"arguments", settings.arguments},
                           {"contestants", nlohmann::json::array()}};
  nlohmann::json &described = report["contestants"];
  for (const auto &contestant : contestants)
    described.push_back(describe(gpu, *contestant));
  if (!settings.once) {
    for (const auto &contestant : contestants)
      contestant->fill();
    Samples samples = measure(gpu, contestants, settings.effort);
    report["launchesPerSample"] = samples.launches;
    for (size_t i = 0; i < contestants.size(); ++i)
      described[i]["seconds"] = samples.seconds[i];
  }
  compareOutputs(gpu, task, contestants, described);
  int status = 0;
  for (size_t i = 0; i < contestants.size(); ++i) {
    std::string trap = contestants[i]->trap();
    if (trap.empty())
      continue;
    described[i]["trap"] = trap;
    std::fprintf(stderr, "twbench: error: %s trapped: %s\n",
                 contestants[i]->label.c_str(), trap.c_str());
    status = 1;
  }
  std::printf("%s\n", report.dump(1).c_str());
  return status;
}

} // namespace

int main(int argc, char **argv) {
  Settings settings;
  CLI::App app{"Times a kernel of several artifacts and cubins side by side, "
               "on cuda:0."};
  app.name("twbench");
  app.add_option("kernel", settings.kernel, "The export and CUDA kernel")
      ->required();
  app.add_option("arguments", settings.arguments,
                 "Arguments, as of twrun launch");
  app.add_option("--artifact", settings.artifacts,
                 "LABEL=FILE.ptxbin; outputs are compared with the first")
      ->required()
      ->allow_extra_args(false);
  app.add_option("--cubin", settings.cubins, "LABEL=FILE.cubin")
      ->allow_extra_args(false);
  app.add_option("--trust", settings.keys, "A public key that may have signed")
      ->allow_extra_args(false);
  app.add_option("--grid", settings.grid, "X[,Y[,Z]] blocks")->required();
  app.add_option("--block", settings.block, "X[,Y[,Z]] threads")->required();
  app.add_option("--reset", settings.resets,
                 "Arguments (1, 2, ...) to clear before each launch")
      ->delimiter(',')
      ->allow_extra_args(false);
  app.add_option("--compare", settings.outputs,
                 "Arguments (1, 2, ...) to compare in the end")
      ->delimiter(',')
      ->allow_extra_args(false);
  app.add_option("--rounds", settings.effort.rounds, "Turns of each, at most")
      ->capture_default_str()
      ->check(CLI::Range(5, 10000));
  app.add_option("--sample", settings.effort.sampleSeconds,
                 "Seconds of launches in a turn, at least")
      ->capture_default_str()
      ->check(CLI::Range(1e-6, 10.0));
  app.add_option("--seconds", settings.effort.seconds,
                 "Seconds of all turns, roughly, beyond five each")
      ->capture_default_str()
      ->check(CLI::Range(0.1, 1000.0));
  app.add_flag("--once", settings.once,
               "Launch each once, for a profiler, and compare");
  app.footer("Exit codes: 0 done, 1 failed, or a guest trapped, 2 usage.");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError &error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  try {
    return run(settings);
  } catch (const Failure &error) {
    std::fprintf(stderr, "twbench: error: %s\n", error.what());
    return 1;
  }
}
