//===- Options.h - twc's command line ---------------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What `twc --help` shows, parsed into the compiler's options.
//
//===----------------------------------------------------------------------===//

#ifndef TWC_TOOLS_TWC_OPTIONS_H
#define TWC_TOOLS_TWC_OPTIONS_H

#include "twc/Pipelines/Compile.h"

#include <optional>
#include <string>
#include <vector>

namespace twc::driver {

/// A module to read and the name by which later ones can import from it.
struct LinkInput {
  std::string name, path;
};

struct Options {
  /// In instantiation order; the last is the main module.
  std::vector<LinkInput> inputs;
  std::string output, depfile;
  std::vector<std::string> disabledFeatures; // of optionalFeatures()
  bool writeDepfile = false;
  bool report = false, json = false;
  bool bounds = false; // the report totals bounds checks
  bool remarks = false;
  std::string remarksFile; // YAML; "": standard error, for people
  std::optional<std::string> cache; // a directory; "": the usual one
  bool provenance = false;
  std::string builderKey; // signs the provenance; empty: nobody does
  uint64_t cacheBytes = uint64_t(2) << 30;
  CompileOptions compile;
};

/// Parses the command line. On --help, --version or an error, prints and
/// gives the exit code in `exitCode` instead.
std::optional<Options> parseOptions(int argc, char **argv, int &exitCode);

} // namespace twc::driver

#endif // TWC_TOOLS_TWC_OPTIONS_H
