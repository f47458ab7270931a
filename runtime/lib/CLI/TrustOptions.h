//===- TrustOptions.h - whom twrun trusts -----------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The options that say which artifacts may run.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_CLI_TRUSTOPTIONS_H
#define TWRUN_LIB_CLI_TRUSTOPTIONS_H

#include "Options.h"

#include <CLI/CLI.hpp>

namespace twrun::cli {

void addTrustOptions(CLI::App *command, Options &options);

/// Empty, or what is wrong beyond CLI11's own checks.
std::string checkTrustOptions(const Options &options);

} // namespace twrun::cli

#endif // TWRUN_LIB_CLI_TRUSTOPTIONS_H
