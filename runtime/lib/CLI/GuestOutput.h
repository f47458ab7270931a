//===- GuestOutput.h - what a guest prints, shown ---------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The texts of tw.printf go to standard output as they come, before the report;
// what is wrong with a call, or was lost, is told on standard error.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_CLI_GUESTOUTPUT_H
#define TWRUN_LIB_CLI_GUESTOUTPUT_H

#include "Options.h"

#include <cstdio>

namespace twrun::cli {

/// Whether one of the arguments is a buffer whose sink is "-".
bool hasStandardOutputSink(const std::vector<std::string> &arguments);

class GuestOutput {
public:
  /// `hasSink`: a buffer is written to standard output.
  GuestOutput(const Options &options, bool hasSink);

  void print(const Printed &printed);

  /// To be called after the last launch, of which `lost` calls were lost.
  /// Fails when something could not be written.
  Expected<void> finish(uint64_t lost);

private:
  const Options &options;
  std::FILE *to = nullptr; // null: the report has it
  bool isTerminal = false, failed = false;
  char last = '\n';
  std::string note; // on the first call with which something is wrong
  uint64_t notes = 0;
};

} // namespace twrun::cli

#endif // TWRUN_LIB_CLI_GUESTOUTPUT_H
