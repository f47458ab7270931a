//===- main.cpp - twreg: sign, verify, publish and pull artifacts
//----------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Exit codes and error messages; the options and each command's work are in
// files beside this one.
//
//===----------------------------------------------------------------------===//

#include "CommandLine.h"

#include <cstdio>

using namespace twreg;

static int exitCode(ptxbin::ErrorKind kind) {
  switch (kind) {
  case ptxbin::ErrorKind::Malformed:
    return 3;
  case ptxbin::ErrorKind::Untrusted:
    return 4;
  case ptxbin::ErrorKind::Incompatible:
    return 5;
  case ptxbin::ErrorKind::NotFound:
    return 6;
  case ptxbin::ErrorKind::Conflict:
    return 7;
  case ptxbin::ErrorKind::Invalid:
    return 2;
  default:
    break;
  }
  return 1;
}

int main(int argc, char **argv) {
  CLI::App app{"twreg: keys, signatures and registries of .ptxbin files\n"
               "Exit status: 0 good, 1 input or output failed, 2 usage, 3 "
               "malformed,\n4 untrusted, 5 incompatible, 6 not found, 7 "
               "conflict.",
               "twreg"};
  app.set_version_flag("--version", "twreg " TWREG_VERSION);
  Options options;
  addCommands(app, options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError &error) {
    return app.exit(error) == 0 ? 0 : 2;
  }

  auto done = options.run(options);
  if (!done) {
    std::fflush(stdout); // what a command has found out comes first
    std::fprintf(stderr, "twreg: error: %s\n",
                 escape(done.error().message).c_str());
    return exitCode(done.error().kind);
  }
  // Output that did not arrive must not look like success.
  if (std::fflush(stdout) != 0 || std::ferror(stdout)) {
    std::perror("twreg: error: standard output");
    return 1;
  }
  return 0;
}
