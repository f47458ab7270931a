//===- Progress.cpp - how far a long job has come -------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Progress.h"

#include "Report.h"

#include <cstdio>
#include <unistd.h>

namespace twrun::cli {

static bool isWatched(const Options &options) {
  return !options.quiet && isatty(STDERR_FILENO);
}

std::string progressText(const std::string &what, uint64_t done, uint64_t all,
                         double seconds) {
  std::string text =
      what + ": " + std::to_string(done) + " of " + std::to_string(all) + " (" +
      std::to_string(int(double(done) / double(all) * 100)) + "%)";
  if (!done || seconds <= 0)
    return text;
  const double rate = double(done) / seconds;
  char rateText[32];
  std::snprintf(rateText, sizeof rateText, rate < 10 ? "%.2g" : "%.0f", rate);
  return text + ", " + rateText + "/s, " +
         formatSeconds(double(all - done) / rate) + " left";
}

Progress::Progress(const Options &options, std::string what, uint64_t all)
    : what(std::move(what)), all(all), watched(all > 1 && isWatched(options)),
      start(Clock::now()), next(start + std::chrono::milliseconds(500)) {}

void Progress::tell(uint64_t done) {
  if (!watched)
    return;
  const Clock::time_point now = Clock::now();
  if (now < next)
    return;
  next = now + std::chrono::milliseconds(100);
  const double seconds = std::chrono::duration<double>(now - start).count();
  std::fprintf(stderr, "\r\033[K%s",
               progressText(what, done, all, seconds).c_str());
  std::fflush(stderr);
  shown = true;
}

void Progress::clear() {
  if (shown)
    std::fputs("\r\033[K", stderr);
  shown = false;
}

OracleProgress oracleProgress(const Options &options) {
  if (!isWatched(options))
    return {};
  return [](uint64_t done, uint64_t all) {
    std::fprintf(stderr, "\rinterpreter: %llu of %llu threads (%d%%)%s",
                 (unsigned long long)done, (unsigned long long)all,
                 int(double(done) / double(all) * 100),
                 done == all ? "\n" : "");
    std::fflush(stderr);
  };
}

void clearProgressLine(const OracleProgress &progress) {
  if (progress)
    std::fputs("\r\033[K", stderr);
}

} // namespace twrun::cli
