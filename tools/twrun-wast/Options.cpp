//===- Options.cpp - twrun-wast's command line ----------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The names are twrun's where it has them.
//
//===----------------------------------------------------------------------===//

#include "Options.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdio>
#include <filesystem>

using namespace twrun;
using namespace twrun::wast;

namespace fs = std::filesystem;

static std::optional<Options> fail(int &exitCode, const std::string &message) {
  std::fprintf(stderr, "twrun-wast: error: %s\n", message.c_str());
  exitCode = 2;
  return std::nullopt;
}

std::optional<Options> wast::parseOptions(int argc, char **argv,
                                          int &exitCode) {
  Options options;
  std::vector<std::string> trust;
  CLI::App app{"Runs WebAssembly test suite scripts that twc-wast prepared."};
  app.name("twrun-wast");
  app.add_option("inputs", options.inputs,
                 "Directories that twc-wast wrote to, or scripts (.json)")
      ->required();
  app.add_option("--device", options.device, "host, cuda or cuda:N")
      ->capture_default_str();
  // One value each: what follows is an input again.
  app.add_option("--trust", trust, "Public key that admits artifacts (.pub)")
      ->allow_extra_args(false);
  app.add_flag("--allow-unsigned", options.run.trust.allowUnsigned,
               "Run artifacts that carry no signature");
  app.add_option("--report", options.reports,
                 "Also write the report to FILE.md or FILE.json")
      ->allow_extra_args(false);
  app.add_flag("--merge", options.merge,
               "The inputs are reports (.json): put them together");
  app.add_option("--max-failures", options.maxNotes,
                 "How many failures of a file to list (all are in a .json)")
      ->capture_default_str();
  app.add_option("--extra-pages", options.run.extraPages,
                 "Pages by which each memory can grow")
      ->capture_default_str();
  app.add_flag("-q,--quiet", options.quiet, "Print the last line only");
  app.footer("Exit codes: 0 nothing failed, 1 something did, 2 usage or I/O.");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError &error) {
    exitCode = app.exit(error) == 0 ? 0 : 2;
    return std::nullopt;
  }
  for (const std::string &path : options.reports)
    if (!path.ends_with(".json") && !path.ends_with(".md"))
      return fail(exitCode, "a report is FILE.md or FILE.json, but got '" +
                                path + "'");
  for (const std::string &path : trust) {
    auto key = ptxbin::readPublicKey(path);
    if (!key)
      return fail(exitCode, key.error().message);
    options.run.trust.keys.push_back(*key);
  }
  if (!options.merge && trust.empty() && !options.run.trust.allowUnsigned)
    return fail(exitCode, "--trust KEY.pub is required (or --allow-unsigned)");
  return options;
}

Expected<std::vector<std::string>>
wast::findInputs(const std::vector<std::string> &inputs) {
  std::vector<std::string> found;
  for (const std::string &input : inputs) {
    std::error_code error;
    if (!fs::is_directory(input, error)) {
      found.push_back(input);
      continue;
    }
    size_t first = found.size();
    for (fs::directory_iterator it(input, error), end; !error && it != end;
         it.increment(error))
      if (it->path().extension() == ".json")
        found.push_back(it->path().string());
    if (error)
      return makeError(ErrorKind::IO, "cannot list '" + input +
                                          "': " + error.message());
    if (found.size() == first)
      return makeError(ErrorKind::NotFound,
                       "no .json in '" + input + "': expected what twc-wast "
                                                 "wrote");
    std::sort(found.begin() + first, found.end());
  }
  return found;
}
