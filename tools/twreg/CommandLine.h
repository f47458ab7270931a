//===- CommandLine.h - twreg's options --------------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Separate from main so that neither file is long.
//
//===----------------------------------------------------------------------===//

#ifndef TOOLS_TWREG_COMMANDLINE_H
#define TOOLS_TWREG_COMMANDLINE_H

#include "Commands.h"

#include <CLI/CLI.hpp>

namespace twreg {

/// Adds every command to `app`; the chosen one sets `options.run`.
void addCommands(CLI::App &app, Options &options);

} // namespace twreg

#endif // TOOLS_TWREG_COMMANDLINE_H
