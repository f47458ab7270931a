//===- Commands.h - twreg's commands ----------------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What main.cpp parses, and who does it.
//
//===----------------------------------------------------------------------===//

#ifndef TWREG_COMMANDS_H
#define TWREG_COMMANDS_H

#include "Format/PtxBin.h"

#include <string>
#include <string_view>
#include <vector>

namespace twreg {

struct Options {
  std::string file; // keygen: the prefix
  std::string key;
  std::string output; // empty: in place
  std::vector<std::string> trust;
  bool json = false;
  bool manifestOnly = false;
  ptxbin::Expected<void> (*run)(const Options &) = nullptr;
};

ptxbin::Expected<void> runKeygen(const Options &options);
ptxbin::Expected<void> runSign(const Options &options);
ptxbin::Expected<void> runVerify(const Options &options);
ptxbin::Expected<void> runShow(const Options &options);

/// Printable ASCII as it is, everything else as \n, \t or \u{...}: names in
/// an artifact are anyone's, and a terminal obeys what it is sent.
std::string escape(std::string_view text);

/// `error` with the file it is about in front.
ptxbin::Error inFile(const std::string &path, const ptxbin::Error &error);

} // namespace twreg

#endif // TWREG_COMMANDS_H
