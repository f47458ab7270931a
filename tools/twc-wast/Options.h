//===- Options.h - twc-wast's command line ----------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Exit codes: 0 the script is written, 1 bad input or I/O error, 2 usage. That
// modules do not compile is for the run to count.
//
//===----------------------------------------------------------------------===//

#ifndef TWC_WAST_OPTIONS_H
#define TWC_WAST_OPTIONS_H

#include "twc/Pipelines/Compile.h"

#include <map>
#include <optional>

namespace twc::wast {

struct Options {
  std::string input;     // wast2json's output
  std::string directory; // where script and artifact go
  std::string name;      // of the script: "proposals/threads/atomic"
  std::string fileName;  // the same as a file's stem
  std::string key;       // secret key to sign with, if any
  std::vector<std::string> proposals;
  std::map<unsigned, std::string> skipped; // line of a command: why
  CompileOptions compile;
};

/// Nullopt with `exitCode` set if there is nothing to do.
std::optional<Options> parseOptions(int argc, char **argv, int &exitCode);

} // namespace twc::wast

#endif // TWC_WAST_OPTIONS_H
