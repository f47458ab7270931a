//===- Run.cpp - runs a script on a device --------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Wasm core specification, 4.5 (modules, instantiation, invocation); the
// commands are those of the reference interpreter's scripts.
//
//===----------------------------------------------------------------------===//

#include "Run.h"

#include <chrono>
#include <map>

using namespace twrun;
using namespace twrun::wast;

namespace {

using Clock = std::chrono::steady_clock;

Verdict passed() { return {}; }
Verdict failed(std::string expected, std::string got) {
  return {Verdict::Status::Failed, std::move(expected), std::move(got)};
}

std::string quoted(const std::string &name) { return '"' + name + '"'; }

/// `invoke "add" i32:0x00000001 i32:0x00000002`.
std::string show(const Command &command) {
  if (!command.action)
    return "";
  std::string text = command.action->isGet ? "get " : "invoke ";
  text += quoted(command.action->field);
  for (const Value &value : command.action->arguments)
    text += " " + describe(value);
  return text;
}

std::string show(const std::vector<Pattern> &results) {
  std::string text;
  for (const Pattern &pattern : results)
    text += (text.empty() ? "" : " ") + describe(pattern);
  return text.empty() ? "no result" : text;
}

std::string show(const std::vector<std::vector<Pattern>> &alternatives) {
  std::string text;
  for (const std::vector<Pattern> &results : alternatives)
    text += (text.empty() ? "" : " or ") + show(results);
  return text;
}

bool allMatch(const std::vector<Pattern> &patterns,
              const std::vector<Value> &values) {
  if (patterns.size() != values.size())
    return false;
  for (size_t i = 0; i < patterns.size(); ++i)
    if (!matches(patterns[i], values[i]))
      return false;
  return true;
}

/// The part of an instantiation error that the suite has words for.
std::string withoutPrefix(const std::string &message) {
  const std::string prefix = "instantiation trapped: ";
  return message.rfind(prefix, 0) == 0 ? message.substr(prefix.size())
                                       : message;
}

class ScriptRunner {
public:
  ScriptRunner(const Script &script, Device &device, const RunOptions &options,
               FileReport &report)
      : script(script), device(device), options(options), report(report) {}

  /// Opens the artifact; nothing is instantiated yet.
  Expected<void> open();
  Verdict run(const Command &command);

private:
  Verdict instantiate(const Command &command);
  Verdict expectFailure(const Command &command);
  Verdict expectResults(const Command &command);
  Verdict expectTrap(const Command &command);
  Expected<void> step(const Command &command);
  Expected<Outcome> act(const Command &command);
  Expected<Value> readGlobal(uint32_t module, const std::string &name) const;

  const Script &script;
  Device &device;
  const RunOptions &options;
  FileReport &report;
  std::optional<ptxbin::PtxBin> artifact;
  std::unique_ptr<Executor> executor;
  using Key = std::pair<uint32_t, std::string>;
  std::map<Key, const ptxbin::KernelInfo *> kernels;
  /// What became of the modules so far: an error for those that cannot be
  /// called.
  std::vector<Expected<void>> modules;
};

Expected<void> ScriptRunner::open() {
  if (script.artifact.empty())
    return {};
  auto bytes = ptxbin::readFile(script.artifact, ptxbin::maxFileBytes);
  if (!bytes)
    return bytes.error();
  auto opened =
      ptxbin::PtxBin::openVerified(std::move(*bytes), options.trust);
  if (!opened)
    return makeError(opened.error().kind,
                     script.artifact + ": " + opened.error().message);
  artifact.emplace(std::move(*opened));
  for (const ptxbin::KernelInfo &kernel : artifact->manifest().kernels)
    kernels.emplace(Key(kernel.module, kernel.name), &kernel);
  InstanceOptions instance;
  instance.stepwise = true;
  instance.extraPages = options.extraPages;
  auto made = device.instantiate(*artifact, instance);
  if (!made)
    return made.error();
  executor = std::move(*made);
  return {};
}

/// Instantiates the command's module, which must be the next one.
Expected<void> ScriptRunner::step(const Command &command) {
  if (!executor || !command.module || *command.module != modules.size())
    return makeError(ErrorKind::Malformed,
                     "the script instantiates modules out of order");
  modules.push_back(executor->instantiateNext());
  return modules.back();
}

Verdict ScriptRunner::instantiate(const Command &command) {
  auto done = step(command);
  return done ? passed() : failed("an instance", done.error().message);
}

Verdict ScriptRunner::expectFailure(const Command &command) {
  auto done = step(command);
  std::string expected = "failure: " + command.text;
  if (done) {
    modules.back() = makeError(ErrorKind::Invalid, "should have failed");
    return failed(expected, "an instance");
  }
  // Only a failure by Wasm's rules counts, not one of driver or device.
  if (done.error().kind != ErrorKind::Invalid ||
      !sameMessage(command.text, withoutPrefix(done.error().message)))
    return failed(expected, done.error().message);
  return passed();
}

Expected<Value> ScriptRunner::readGlobal(uint32_t module,
                                         const std::string &name) const {
  const auto &globals = artifact->manifest().globals;
  for (uint32_t i = 0; i < globals.size(); ++i)
    for (const ptxbin::ExportName &exported : globals[i].exports)
      if (exported.module == module && exported.name == name)
        return executor->global(i);
  return makeError(ErrorKind::NotFound, "no exported global " + quoted(name));
}

/// Does what the command says, and returns its results or trap.
Expected<Outcome> ScriptRunner::act(const Command &command) {
  if (!executor || !command.module || !command.action)
    return makeError(ErrorKind::Malformed, "an action without a module");
  uint32_t module = *command.module;
  if (module >= modules.size())
    return makeError(ErrorKind::Malformed,
                     "an action on a module that comes later");
  if (!modules[module])
    return makeError(ErrorKind::Invalid, "the module was not instantiated: " +
                                             modules[module].error().message);
  const Action &action = *command.action;
  if (action.isGet) {
    auto value = readGlobal(module, action.field);
    if (!value)
      return value.error();
    Outcome outcome;
    outcome.results = {*value};
    return outcome;
  }
  auto found = kernels.find(Key(module, action.field));
  if (found == kernels.end())
    return makeError(ErrorKind::NotFound,
                     "no exported function " + quoted(action.field));
  const ptxbin::KernelInfo &kernel = *found->second;
  if (!kernel.notOffloadable.empty())
    return makeError(ErrorKind::Incompatible,
                     "not offloadable: " + kernel.notOffloadable);
  if (device.isGPU() && !kernel.notOnGPU.empty())
    return makeError(ErrorKind::Incompatible,
                     "cannot run on a GPU: " + kernel.notOnGPU);
  if (auto right = checkArguments(kernel, action.arguments); !right)
    return right.error();
  auto outcome = executor->invoke(kernel, action.arguments);
  ++report.calls;
  if (outcome)
    report.deviceSeconds += outcome->seconds;
  return outcome;
}

Verdict ScriptRunner::expectResults(const Command &command) {
  bool any = command.type == "action";
  std::string expected = any ? "no trap" : show(command.alternatives);
  auto outcome = act(command);
  if (!outcome)
    return failed(expected, "error: " + outcome.error().message);
  if (outcome->trap)
    return failed(expected, "trap: " + describeTrap(*outcome->trap,
                                                    artifact->manifest()));
  if (any)
    return passed();
  for (const std::vector<Pattern> &results : command.alternatives)
    if (allMatch(results, outcome->results))
      return passed();
  std::string got;
  for (size_t i = 0; i < outcome->results.size(); ++i) {
    const auto &first = command.alternatives.front();
    got += (i ? " " : "") + describe(outcome->results[i],
                                     i < first.size() ? &first[i] : nullptr);
  }
  return failed(expected, got.empty() ? "no result" : got);
}

Verdict ScriptRunner::expectTrap(const Command &command) {
  std::string expected = "trap: " + command.text;
  auto outcome = act(command);
  if (!outcome)
    return failed(expected, "error: " + outcome.error().message);
  if (!outcome->trap)
    return failed(expected, "no trap");
  if (!sameMessage(command.text, abi::trapMessage(outcome->trap->code)))
    return failed(expected, "trap: " + describeTrap(*outcome->trap,
                                                    artifact->manifest()));
  return passed();
}

Verdict ScriptRunner::run(const Command &command) {
  const std::string &type = command.type;
  if (type == "module" || type == "instantiate")
    return instantiate(command);
  if (type == "assert_uninstantiable" || type == "assert_unlinkable")
    return expectFailure(command);
  if (type == "action" || type == "assert_return")
    return expectResults(command);
  if (type == "assert_trap" || type == "assert_exhaustion")
    return expectTrap(command);
  return failed("a command that is known", quoted(type));
}

/// Counts every command of a script that could not be prepared as failed.
void failAll(const Script &script, const std::string &why,
             FileReport &report) {
  for (const Command &command : script.commands)
    report.record(command, failed("", why), show(command));
  if (script.commands.empty()) {
    Command file;
    file.type = "file";
    report.record(file, failed("", why));
  }
}

void runCommands(const Script &script, Device *device,
                 const RunOptions &options, const Progress &progress,
                 FileReport &report) {
  if (!script.skip.empty()) {
    Command file;
    file.type = "file";
    report.record(file, {Verdict::Status::Skipped, "", script.skip});
    return;
  }
  if (!script.error.empty())
    return failAll(script, script.error, report);
  std::optional<ScriptRunner> runner;
  Expected<void> ready =
      makeError(ErrorKind::Malformed, "the script has no artifact");
  if (device && !script.artifact.empty()) {
    runner.emplace(script, *device, options, report);
    ready = runner->open();
  }
  for (size_t i = 0; i < script.commands.size(); ++i) {
    if (progress)
      progress(i, script.commands.size());
    const Command &command = script.commands[i];
    Verdict verdict = command.verdict ? *command.verdict
                      : ready         ? runner->run(command)
                                      : failed("", ready.error().message);
    // A module of ours counts only if it is at fault.
    if (command.type == "instantiate" &&
        verdict.status == Verdict::Status::Passed)
      continue;
    report.record(command, verdict, show(command));
  }
}

} // namespace

bool wast::sameMessage(const std::string &expected, const std::string &got) {
  return !expected.empty() && !got.empty() &&
         (expected.rfind(got, 0) == 0 || got.rfind(expected, 0) == 0);
}

FileReport wast::runScript(const Script &script, Device *device,
                           const RunOptions &options,
                           const Progress &progress) {
  FileReport report;
  report.name = script.name;
  report.source = script.source.empty() ? script.name : script.source;
  auto begin = Clock::now();
  runCommands(script, device, options, progress, report);
  report.wallSeconds =
      std::chrono::duration<double>(Clock::now() - begin).count();
  return report;
}
