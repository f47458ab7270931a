//===- Process.h - programs that are run ------------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Other programs, found on PATH, with arguments that no shell sees.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_REGISTRY_PROCESS_H
#define TWRUN_REGISTRY_PROCESS_H

#include "Registry/Names.h"

#include <optional>
#include <string>
#include <vector>

namespace registry {

std::optional<std::string> findProgram(const std::string &name);

struct ProcessOptions {
  std::string directory;   // to run in; empty: this one
  std::string output;      // a file for standard output; empty: ours for errors
  unsigned cpuSeconds = 0; // 0: no limit
};
/// Waits for it; any other status than 0 is an error, which names the program.
Expected<void> runProgram(const std::string &program,
                          std::vector<std::string> arguments,
                          const ProcessOptions &options);

} // namespace registry

#endif // TWRUN_REGISTRY_PROCESS_H
