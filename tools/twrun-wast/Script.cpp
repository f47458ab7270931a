//===- Script.cpp - reads a script of the test suite ----------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// nlohmann's accessors throw on a member that is missing or of another kind;
// readScript() catches that in one place.
//
//===----------------------------------------------------------------------===//

#include "Script.h"

#include <nlohmann/json.hpp>

#include <filesystem>

using namespace twrun;
using namespace twrun::wast;
using nlohmann::json;

namespace {

/// Carries an Error out of the nested readers.
struct ScriptError {
  std::string message;
};

template <typename T> T unwrap(Expected<T> value) {
  if (!value)
    throw ScriptError{value.error().message};
  return std::move(*value);
}

std::string optionalString(const json &object, const char *key) {
  auto found = object.find(key);
  return found == object.end() || found->is_null() ? ""
                                                   : found->get<std::string>();
}

uint32_t number(const json &value, const char *what) {
  if (!value.is_number_unsigned() || value.get<uint64_t>() > UINT32_MAX)
    throw ScriptError{std::string(what) + " is not a number below 2^32"};
  return value.get<uint32_t>();
}

std::vector<Pattern> readPatterns(const json &list) {
  std::vector<Pattern> patterns;
  for (const json &constant : list)
    patterns.push_back(unwrap(parsePattern(constant)));
  return patterns;
}

Action readAction(const json &object) {
  Action action;
  const std::string type = object.at("type").get<std::string>();
  if (type != "invoke" && type != "get")
    throw ScriptError{"unknown action '" + type + "'"};
  action.isGet = type == "get";
  action.field = object.at("field").get<std::string>();
  if (auto args = object.find("args"); args != object.end())
    for (const Pattern &pattern : readPatterns(*args))
      action.arguments.push_back(unwrap(toValue(pattern)));
  return action;
}

Verdict readVerdict(const json &object) {
  Verdict verdict;
  const std::string status = object.at("status").get<std::string>();
  if (status == "failed")
    verdict.status = Verdict::Status::Failed;
  else if (status == "skipped")
    verdict.status = Verdict::Status::Skipped;
  else if (status != "passed")
    throw ScriptError{"unknown verdict '" + status + "'"};
  verdict.expected = optionalString(object, "expected");
  verdict.got = optionalString(object, "got");
  return verdict;
}

Command readCommand(const json &object) {
  Command command;
  command.line = number(object.at("line"), "a command's line");
  command.type = object.at("type").get<std::string>();
  command.text = optionalString(object, "text");
  try {
    if (auto verdict = object.find("verdict"); verdict != object.end()) {
      command.verdict = readVerdict(*verdict);
      return command; // the rest does not matter any more
    }
    if (auto module = object.find("module"); module != object.end())
      command.module = number(*module, "a command's module");
    if (auto action = object.find("action"); action != object.end())
      command.action = readAction(*action);
    // Each of `either` is one result; `expected` is all of them.
    if (auto either = object.find("either"); either != object.end()) {
      for (const Pattern &pattern : readPatterns(*either))
        command.alternatives.push_back({pattern});
    } else if (command.type == "assert_return") {
      command.alternatives.push_back(readPatterns(object.at("expected")));
    }
  } catch (const ScriptError &error) {
    throw ScriptError{"line " + std::to_string(command.line) + ": " +
                      error.message};
  }
  return command;
}

Script readObject(const json &object, const std::string &path) {
  Script script;
  if (number(object.at("schema"), "schema") != scriptSchema)
    throw ScriptError{"incorrect schema: expected " +
                      std::to_string(scriptSchema) + ", but got " +
                      object.at("schema").dump()};
  script.name = object.at("name").get<std::string>();
  script.source = optionalString(object, "source");
  script.error = optionalString(object, "error");
  script.skip = optionalString(object, "skip");
  std::string artifact = optionalString(object, "artifact");
  if (!artifact.empty())
    script.artifact =
        (std::filesystem::path(path).parent_path() / artifact).string();
  for (const json &command : object.at("commands"))
    script.commands.push_back(readCommand(command));
  return script;
}

} // namespace

Expected<Script> wast::readScript(const std::string &path) {
  auto bytes = ptxbin::readFile(path, maxScriptBytes);
  if (!bytes)
    return bytes.error();
  auto malformed = [&](const std::string &what) {
    return makeError(ErrorKind::Malformed, path + ": " + what);
  };
  json object = json::parse(bytes->begin(), bytes->end(), nullptr, false);
  if (object.is_discarded())
    return malformed("not JSON");
  try {
    return readObject(object, path);
  } catch (const ScriptError &error) {
    return malformed(error.message);
  } catch (const json::exception &error) {
    return malformed(error.what());
  }
}
