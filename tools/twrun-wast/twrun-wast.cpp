//===- twrun-wast.cpp - runs the WebAssembly test suite -------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// All scripts in one process, on one device; then one report.
//
//===----------------------------------------------------------------------===//

#include "Options.h"

#include <cstdio>
#include <unistd.h>

using namespace twrun;
using namespace twrun::wast;

static int fail(const std::string &message) {
  std::fprintf(stderr, "twrun-wast: error: %s\n", message.c_str());
  return 2;
}

/// A line on the terminal that the next one overwrites.
static void showProgress(const std::string &text) {
  static const bool watched = isatty(STDERR_FILENO);
  if (watched)
    std::fprintf(stderr, "\r\x1b[K%.100s", text.c_str());
}

static Expected<Report> runAll(const Options &options,
                               const std::vector<std::string> &paths) {
  auto device = Device::open(options.device);
  if (!device)
    return device.error();
  Report report;
  report.device = (*device)->describe();
  for (size_t i = 0; i < paths.size(); ++i) {
    std::string where = "[" + std::to_string(i + 1) + "/" +
                        std::to_string(paths.size()) + "] ";
    showProgress(where + paths[i]);
    auto script = readScript(paths[i]);
    if (!script) {
      Script broken;
      broken.name = paths[i];
      broken.error = script.error().message;
      script = broken;
    }
    auto progress = [&](size_t done, size_t all) {
      if (done % 100 == 0)
        showProgress(where + script->name + ": " + std::to_string(done) +
                     " of " + std::to_string(all) + " commands");
    };
    report.files.push_back(
        runScript(*script, device->get(), options.run, progress));
  }
  showProgress("");
  return report;
}

static Expected<Report> mergeAll(const std::vector<std::string> &paths) {
  Report report;
  for (const std::string &path : paths) {
    auto next = readReport(path);
    if (!next)
      return next;
    if (auto merged = merge(report, std::move(*next)); !merged)
      return makeError(merged.error().kind,
                       path + ": " + merged.error().message);
  }
  return report;
}

int main(int argc, char **argv) {
  int exitCode = 0;
  std::optional<Options> options = parseOptions(argc, argv, exitCode);
  if (!options)
    return exitCode;
  auto paths = findInputs(options->inputs);
  if (!paths)
    return fail(paths.error().message);
  auto report =
      options->merge ? mergeAll(*paths) : runAll(*options, *paths);
  if (!report)
    return fail(report.error().message);
  for (const std::string &path : options->reports) {
    std::string text = path.ends_with(".json")
                           ? toJSON(*report)
                           : toMarkdown(*report, options->maxNotes);
    ptxbin::ByteView bytes(reinterpret_cast<const uint8_t *>(text.data()),
                           text.size());
    if (auto written = ptxbin::writeFileAtomic(path, bytes); !written)
      return fail(written.error().message);
  }
  std::string text = toText(*report, options->maxNotes);
  if (options->quiet) // the summary is the last line
    text.erase(0, text.rfind('\n', text.size() - 2) + 1);
  std::fputs(text.c_str(), stdout);
  return report->passed() ? 0 : 1;
}
