//===- Options.h - twrun-wast's command line --------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Exit codes: 0 nothing failed, 1 something did, 2 usage or I/O.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_WAST_OPTIONS_H
#define TWRUN_WAST_OPTIONS_H

#include "Run.h"

namespace twrun::wast {

struct Options {
  std::vector<std::string> inputs;  // scripts, or directories of them
  std::vector<std::string> reports; // to write, by extension .json or .md
  std::string device = "host";
  bool merge = false; // the inputs are reports to put together
  bool quiet = false;
  size_t maxNotes = 10;
  RunOptions run;
};

/// Parses the command line and reads the keys; nullopt with `exitCode` set if
/// there is nothing to do.
std::optional<Options> parseOptions(int argc, char **argv, int &exitCode);

/// The scripts (or reports) that `inputs` name, those of a directory by name.
Expected<std::vector<std::string>>
findInputs(const std::vector<std::string> &inputs);

} // namespace twrun::wast

#endif // TWRUN_WAST_OPTIONS_H
