//===- Options.h - twrun's command line -------------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The syntax of twrun, which docs/TwrunCLI.md tells its users, and the exit
// codes that scripts rely on.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_CLI_OPTIONS_H
#define TWRUN_LIB_CLI_OPTIONS_H

#include "Registry/Trust.h"
#include "Tolerance.h"
#include "twrun/Runtime.h"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace twrun::cli {

enum ExitCode : int {
  exitSuccess = 0,
  exitRefused = 1,  // bad or untrusted input, no such thing, I/O, device
  exitUsage = 2,    // the command line is wrong
  exitTrap = 3,     // the guest trapped
  exitMismatch = 4, // --verify found a difference
};

enum class Command { Launch, Invoke, Run, Info, Devices };

struct Options {
  Command command = Command::Devices;
  std::string file;
  std::string kernel;
  registry::TrustRequest trust;
  bool allowRollback = false;
  std::string finalized; // a file; empty: none
  bool allowUnchecked = false; // code of --bounds=none
  std::string device = "auto";
  bool verify = false, json = false, quiet = false;
  std::optional<uint64_t> verifyBlocks; // how many; else all
  Tolerance tolerance;                  // of --verify
  uint32_t repeat = 1;
  Dim3 grid, block;
  std::optional<std::string> module; // of a linked artifact; else the last
  std::optional<uint64_t> fuel;      // of each thread
  uint64_t sharedBytes = 0;          // of each block, as far as asked for
  uint64_t printRecords = InstanceOptions().printRecords;
  bool stats = false, verbose = false;
  std::string trace; // file for the spans of the run; empty: none
  std::vector<std::string> arguments;
  std::vector<std::string> buffers; // of a pipeline: NAME=SOURCE[=SINK]
};

/// Options, or, when there is nothing to run, the exit code: help was printed,
/// or an error was.
std::variant<Options, int> parseOptions(int argc, const char *const *argv);

/// "X[,Y[,Z]]", each at least 1.
Expected<Dim3> parseDim3(std::string_view text);

} // namespace twrun::cli

#endif // TWRUN_LIB_CLI_OPTIONS_H
