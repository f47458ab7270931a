//===- Script.h - a script of the test suite, ready to run ------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What twc-wast leaves of a .wast file: the commands, each action with the
// position of its module in the artifact, and the verdicts on what was decided
// when the file was compiled. docs/SpecSuite.md tells the JSON.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_WAST_SCRIPT_H
#define TWRUN_WAST_SCRIPT_H

#include "Values.h"

#include <optional>

namespace twrun::wast {

/// A verdict from compile time.
struct Verdict {
  enum class Status { Passed, Failed, Skipped };
  Status status = Status::Passed;
  std::string expected, got; // of a failure; `got` is the reason of a skip
};

struct Action {
  bool isGet = false; // reads a global; otherwise calls a function
  std::string field;  // name of the export
  std::vector<Value> arguments;
};

struct Command {
  uint32_t line = 0;
  std::string type; // wast2json's, or "instantiate" for a module of ours
  std::optional<uint32_t> module; // position in the artifact
  std::optional<Action> action;
  /// Any of these lists of results is right.
  std::vector<std::vector<Pattern>> alternatives;
  std::string text; // of a trap or a failed instantiation
  std::optional<Verdict> verdict;
};

struct Script {
  std::string name;     // "address", "proposals/threads/atomic"
  std::string source;   // the .wast file's name, for messages
  std::string artifact; // path; empty if there is nothing to run
  std::string error;    // why nothing of the file could be prepared
  std::string skip;     // why the file is left out
  std::vector<Command> commands;
};

inline constexpr uint32_t scriptSchema = 1;
inline constexpr uint64_t maxScriptBytes = 256u << 20;

/// Reads a script; its artifact's path is relative to the script's directory.
Expected<Script> readScript(const std::string &path);

} // namespace twrun::wast

#endif // TWRUN_WAST_SCRIPT_H
