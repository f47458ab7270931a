//===- main.cpp - twreg: sign, verify and inspect artifacts ---------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The command line; each command's work is in a file beside this one.
//
//===----------------------------------------------------------------------===//

#include "Commands.h"

#include <CLI/CLI.hpp>

#include <cstdio>

using namespace twreg;

static void addCommands(CLI::App &app, Options &options) {
  CLI::App *keygen =
      app.add_subcommand("keygen", "Make an Ed25519 key pair: PREFIX.key "
                                   "(secret, mode 0600) and PREFIX.pub");
  keygen->add_option("PREFIX", options.file, "Path without extension")
      ->required();

  CLI::App *sign = app.add_subcommand(
      "sign", "Add a signature to a .ptxbin, or renew the one by this key");
  sign->add_option("FILE", options.file, "The .ptxbin")->required();
  sign->add_option("--key", options.key, "Secret key file")->required();
  sign->add_option("-o", options.output,
                   "Where to write; '-' is standard output (default: in "
                   "place)");

  CLI::App *verify = app.add_subcommand(
      "verify", "Check signatures, digests and form of a .ptxbin");
  verify->add_option("FILE", options.file, "The .ptxbin")->required();
  verify
      ->add_option("--trust", options.trust,
                   "Public key file; one good signature by any of these is "
                   "needed")
      ->required();

  CLI::App *show = app.add_subcommand(
      "show", "Print what a .ptxbin holds, without judging its signatures");
  show->add_option("FILE", options.file, "The .ptxbin")->required();
  show->add_flag("--json", options.json, "Everything, as JSON");
  show->add_flag("--manifest", options.manifestOnly,
                 "The manifest alone, as JSON");

  app.require_subcommand(1);
  // What follows a subcommand's positionals must not swallow file names.
  verify->get_option("--trust")->expected(1)->take_all();
  keygen->callback([&] { options.run = runKeygen; });
  sign->callback([&] { options.run = runSign; });
  verify->callback([&] { options.run = runVerify; });
  show->callback([&] { options.run = runShow; });
}

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
  case ptxbin::ErrorKind::Invalid:
    return 2;
  case ptxbin::ErrorKind::IO:
  case ptxbin::ErrorKind::Device:
    break;
  }
  return 1;
}

int main(int argc, char **argv) {
  CLI::App app{"twreg: keys, signatures and contents of .ptxbin files\n"
               "Exit status: 0 good, 1 input or output failed, 2 usage, 3 "
               "malformed,\n4 untrusted, 5 incompatible, 6 not found.",
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
