//===- ScriptCompiler.cpp - a script made ready to run --------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The commands and their compile-time verdicts; Pack.cpp makes the artifact.
//
//===----------------------------------------------------------------------===//

#include "ScriptCompiler.h"
#include "Language.h"

#include "llvm/ADT/StringExtras.h"

using namespace twc;
using namespace twc::wast;

namespace json = llvm::json;

static json::Object verdict(llvm::StringRef status, llvm::StringRef expected,
                            const llvm::Twine &got) {
  return json::Object{{"status", status.str()},
                      {"expected", json::fixUTF8(expected)},
                      {"got", json::fixUTF8(got.str())}};
}

static json::Object passed() { return json::Object{{"status", "passed"}}; }

ScriptCompiler::ScriptCompiler(mlir::MLIRContext &context,
                               const CompileOptions &options,
                               std::vector<std::string> enabled,
                               std::map<unsigned, std::string> skipped)
    : context(context), options(options), enabled(std::move(enabled)),
      skipped(std::move(skipped)) {}

std::string ScriptCompiler::analyzeError(size_t i) {
  auto analysis =
      analyze(context, modules.inputs(modules.closure(i)), options);
  return analysis ? "" : llvm::toString(analysis.takeError());
}

ScriptCompiler::Pending &ScriptCompiler::emit(const WastCommand &command) {
  Pending &out = pending.emplace_back();
  out.json["type"] = command.type;
  out.json["line"] = command.line;
  if (!command.text.empty())
    out.json["text"] = command.text;
  return out;
}

ScriptModule ScriptCompiler::makeModule(const WastFile &file,
                                        const WastCommand &command) {
  ScriptModule module;
  module.line = command.line;
  module.fileName = file.source + ":" + std::to_string(command.line);
  // A name that nothing imports from, until the script registers one.
  module.name = "$" + std::to_string(command.line);
  module.bytes = command.bytes;
  return module;
}

size_t ScriptCompiler::addModule(ScriptModule module) {
  size_t i = modules.add(std::move(module));
  modules.propagateErrors();
  if (modules[i].error.empty())
    modules[i].error = analyzeError(i);
  return i;
}

/// The host module comes first, if anything in the file imports from it.
void ScriptCompiler::addSpecTest(const WastFile &file) {
  bool needed = false, shared = false;
  for (const WastCommand &command : file.commands)
    for (const auto &[name, field] : ModuleSet::importsOf(command.bytes))
      if (name == "spectest") {
        needed = true;
        shared |= field == "shared_memory";
      }
  if (!needed)
    return;
  std::string text = specTestModule(shared);
  ScriptModule module;
  module.fileName = module.name = "spectest";
  module.bytes.assign(text.begin(), text.end());
  size_t i = addModule(std::move(module));
  modules.registerAs("spectest", i);
  Pending &out = pending.emplace_back();
  out.json = json::Object{{"type", "instantiate"}, {"line", 0}};
  out.module = i;
}

llvm::Expected<size_t> ScriptCompiler::named(const WastFile &file,
                                             const WastCommand &command,
                                             llvm::StringRef name) const {
  auto unknown = [&](const llvm::Twine &what) {
    return makeError(file.source,
                     "line " + llvm::Twine(command.line) + ": " + what);
  };
  if (name.empty()) {
    if (!current)
      return unknown("no module before this command");
    return *current;
  }
  auto found = names.find(name.str());
  if (found == names.end())
    return unknown("no module is called '" + name + "'");
  return found->second;
}

llvm::Error ScriptCompiler::addAction(const WastFile &file,
                                      const WastCommand &command) {
  const json::Object *action = command.json.getObject("action");
  if (!action)
    return makeError(file.source, "line " + llvm::Twine(command.line) +
                                      ": expected an action");
  auto module =
      named(file, command, action->getString("module").value_or(""));
  if (!module)
    return module.takeError();
  Pending &out = emit(command);
  out.module = *module;
  json::Object rest = *action;
  rest.erase("module");
  out.json["action"] = std::move(rest);
  for (llvm::StringRef key : {"expected", "either"})
    if (const json::Value *value = command.json.get(key))
      out.json[key] = *value;
  return llvm::Error::success();
}

/// assert_invalid and assert_malformed. Which words refuse the module is not
/// compared (they are WABT's), but that it is for being invalid: a module that
/// is refused for what the compiler lacks, or for its imports, is no success.
void ScriptCompiler::assertRefused(const WastFile &file,
                                   const WastCommand &command) {
  ScriptModule module = makeModule(file, command);
  module.disabledFeatures = disabledFeatures(enabled);
  size_t i = modules.add(std::move(module));
  std::string error = analyzeError(i);
  modules.removeLast();
  json::Object result = passed();
  llvm::StringRef message = error;
  if (message.empty() || message.contains("not supported") ||
      message.contains("unknown import") ||
      message.contains("incompatible import type"))
    result = verdict("failed", "a refusal: " + command.text,
                     message.empty() ? "no error" : message);
  emit(command).json["verdict"] = std::move(result);
}

/// Sizes that an import requires are compared with those of the moment when
/// the module is instantiated: what the compiler does not refuse is tried then.
void ScriptCompiler::assertUnlinkable(const WastFile &file,
                                      const WastCommand &command) {
  size_t i = modules.add(makeModule(file, command));
  modules.propagateErrors();
  std::string error = modules[i].error;
  bool compared = error.empty();
  if (compared)
    error = analyzeError(i);
  Pending &out = emit(command);
  if (error.empty()) {
    out.module = i;
    return;
  }
  modules.removeLast();
  bool right = compared && llvm::StringRef(error).contains(command.text);
  out.json["verdict"] =
      right ? passed()
            : verdict("failed", "a refusal: " + command.text, error);
}

llvm::Error ScriptCompiler::addCommand(const WastFile &file,
                                       const WastCommand &command) {
  const std::string &type = command.type;
  if (auto skip = skipped.find(command.line); skip != skipped.end()) {
    emit(command).json["verdict"] = verdict("skipped", "", skip->second);
    return llvm::Error::success();
  }
  if (type == "module") {
    current = addModule(makeModule(file, command));
    if (!command.name.empty())
      names[command.name] = *current;
    emit(command).module = *current;
  } else if (type == "assert_uninstantiable") {
    size_t i = addModule(makeModule(file, command));
    emit(command).module = i;
  } else if (type == "register") {
    auto module = named(file, command, command.name);
    if (!module)
      return module.takeError();
    modules.registerAs(command.as, *module);
    modules[*module].name = command.as;
  } else if (type == "assert_unlinkable") {
    assertUnlinkable(file, command);
  } else if (type == "assert_invalid" || type == "assert_malformed") {
    assertRefused(file, command);
  } else {
    return addAction(file, command);
  }
  return llvm::Error::success();
}

llvm::Error ScriptCompiler::run(const WastFile &file) {
  addSpecTest(file);
  for (const WastCommand &command : file.commands)
    if (llvm::Error error = addCommand(file, command))
      return error;
  return llvm::Error::success();
}

json::Array ScriptCompiler::takeCommands() {
  std::map<size_t, size_t> position;
  for (size_t i : modules.good())
    position.emplace(i, position.size());
  json::Array commands;
  for (Pending &command : pending) {
    if (command.module) {
      const std::string &error = modules[*command.module].error;
      if (error.empty())
        command.json["module"] = position.at(*command.module);
      else
        command.json["verdict"] =
            verdict("failed", "", "does not compile: " + error);
    }
    commands.push_back(std::move(command.json));
  }
  return commands;
}

std::vector<std::string> ScriptCompiler::problems() {
  std::vector<std::string> list;
  for (size_t i = 0; i < modules.size(); ++i)
    if (!modules[i].error.empty())
      list.push_back("line " + std::to_string(modules[i].line) + ": " +
                     modules[i].error);
  return list;
}
