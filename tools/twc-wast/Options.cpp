//===- Options.cpp - twc-wast's command line ------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The names are twc's where it has them.
//
//===----------------------------------------------------------------------===//

#include "Options.h"
#include "Language.h"

#include <CLI/CLI.hpp>

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace twc;
using namespace twc::wast;

static std::optional<Options> fail(int &exitCode, const std::string &message) {
  llvm::errs() << "twc-wast: error: " << message << "\n";
  exitCode = 2;
  return std::nullopt;
}

std::optional<Options> wast::parseOptions(int argc, char **argv,
                                          int &exitCode) {
  Options options;
  std::string targets = "sm_80,host";
  CLI::App app{"Prepares a script of the WebAssembly test suite: compiles its "
               "modules into one artifact, decides what is decided at compile "
               "time, and writes the rest for twrun-wast."};
  app.name("twc-wast");
  app.add_option("input", options.input, "What wast2json made of a .wast file")
      ->required();
  app.add_option("-o,--output", options.directory, "Directory to write to")
      ->required();
  app.add_option("--name", options.name,
                 "Name of the script (the input's by default)");
  app.add_option("--target", targets,
                 "Comma-separated: GPU architectures from sm_75 on, and "
                 "'host'")
      ->capture_default_str();
  app.add_option("--enable", options.proposals,
                 "A proposal beyond Wasm 2.0 that the script was written for, "
                 "as wast2json calls it; can be repeated")
      ->allow_extra_args(false) // what follows may be the input
      ->check(CLI::IsMember(knownProposals()));
  std::vector<std::string> skips;
  app.add_option("--skip", skips,
                 "Do not run the commands of this line; can be repeated")
      ->type_name("LINE=REASON")
      ->allow_extra_args(false);
  app.add_option("--sign", options.key, "Sign the artifact with this key");
  app.footer("Optimisation levels: -O0, -O1, -O2 (default), -O3.\n"
             "Exit codes: 0 done, 1 bad input or I/O error, 2 usage.");
  unsigned level = 2;
  app.add_option("-O", level, "Optimisation level, 0 to 3")
      ->type_name("N")
      ->check(CLI::Range(0u, 3u));
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError &error) {
    exitCode = app.exit(error) == 0 ? 0 : 2;
    return std::nullopt;
  }
  for (const std::string &skip : skips) {
    auto [line, reason] = llvm::StringRef(skip).split('=');
    unsigned number = 0;
    if (line.getAsInteger(10, number) || reason.empty())
      return fail(exitCode, "--skip wants LINE=REASON");
    options.skipped[number] = reason.str();
  }
  llvm::Expected<Targets> parsed = parseTargets(targets);
  if (!parsed)
    return fail(exitCode, llvm::toString(parsed.takeError()));
  options.compile.targets = *parsed;
  options.compile.optLevel = level;
  if (options.name.empty())
    options.name = llvm::sys::path::stem(options.input).str();
  for (char c : options.name)
    options.fileName +=
        llvm::isAlnum(c) || c == '_' || c == '.' ? llvm::toLower(c) : '-';
  options.compile.identity.name = options.fileName;
  options.compile.identity.version = "0.0.0";
  options.compile.identity.flags = {"--target=" + targets,
                                    "-O" + std::to_string(level)};
  return options;
}
