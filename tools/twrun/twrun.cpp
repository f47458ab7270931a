//===- twrun.cpp - verifies, runs and checks .ptxbin artifacts ------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The runtime's command line. All of it is in runtime/lib/CLI; its users'
// documentation is docs/TwrunCLI.md.
//
//===----------------------------------------------------------------------===//

#include "lib/CLI/Report.h"

int main(int argc, char **argv) {
  auto parsed = twrun::cli::parseOptions(argc, argv);
  if (const int *exitCode = std::get_if<int>(&parsed))
    return *exitCode;
  return twrun::cli::runCommand(std::get<twrun::cli::Options>(parsed));
}
