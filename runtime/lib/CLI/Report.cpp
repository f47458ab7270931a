//===- Report.cpp - a run, for people and for programs --------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Report.h"

#include "ReportParts.h"
#include "lib/Quote.h"

#include <cstdio>

namespace twrun::cli {

std::string stacksText(const StackUse &stacks) {
  const char *unit = "MiB";
  double scaled = double(stacks.bytes()) / (1 << 20);
  if (scaled >= 1024) {
    unit = "GiB";
    scaled /= 1024;
  }
  char text[128];
  std::snprintf(text, sizeof text,
                "stacks: %llu bytes for each of %llu threads, %.1f %s",
                (unsigned long long)stacks.perThread,
                (unsigned long long)stacks.threads, scaled, unit);
  return text;
}

std::string formatSeconds(double seconds) {
  const char *unit = "s";
  double scaled = seconds;
  if (seconds < 1e-3) {
    scaled = seconds * 1e6;
    unit = "us";
  } else if (seconds < 1) {
    scaled = seconds * 1e3;
    unit = "ms";
  }
  int digits = scaled < 10 ? 2 : scaled < 100 ? 1 : 0;
  char text[48];
  std::snprintf(text, sizeof text, "%.*f %s", digits, scaled, unit);
  return text;
}

std::string humanReport(const Options &options, const RunReport &report) {
  std::string out;
  for (const std::string &result : report.results)
    out += result + "\n";
  // An invocation's output is its results; what else it tells must be asked
  // for.
  if (options.command == Command::Launch) {
    out += tableRow("device", report.device);
    out += tableRow("kernel", quoteName(options.kernel));
    out += tableRow(
        "grid",
        sizeText(options.grid) + " x block " + sizeText(options.block) + " = " +
            plural(options.grid.count() * options.block.count(), "thread"));
    out += tableRow("time", timesText(report.seconds, "launches"));
  }
  if (report.verification && report.verification->agrees())
    out += tableRow("verified", verifyText(*report.verification));
  for (const SavedSink &sink : report.saved)
    out += tableRow("saved", oneLine(sink.path) + " (" +
                                 plural(sink.bytes, "byte") + ")");
  return out;
}

std::string jsonReport(const Options &options, const RunReport &report,
                       const std::optional<RunStats> &stats) {
  const bool launch = options.command == Command::Launch;
  Json json = {{"command", launch ? "launch" : "invoke"},
               {"file", options.file},
               {"kernel", options.kernel},
               {"device", report.device}};
  if (launch) {
    json["grid"] = toJson(options.grid);
    json["block"] = toJson(options.block);
    json["threads"] = options.grid.count() * options.block.count();
    json["sharedBytes"] = report.sharedBytes;
    json["stacks"] = {{"perThread", report.stacks.perThread},
                      {"threads", report.stacks.threads},
                      {"bytes", report.stacks.bytes()}};
  }
  json["launches"] = report.seconds.size();
  json["seconds"] = timesJson(report.seconds);
  Json results = Json::array();
  for (size_t i = 0; i < report.outcome.results.size(); ++i)
    results.push_back(toJson(report.outcome.results[i], report.results[i]));
  json["results"] = results;
  json["trap"] = report.outcome.trap
                     ? toJson(*report.outcome.trap, report.trapText)
                     : Json();
  json["strayStore"] = report.outcome.strayStore;
  Json printed = Json::array();
  for (const Printed &p : report.outcome.printed) {
    Json one = {{"block", toJson(p.block)},
                {"thread", toJson(p.thread)},
                {"text", p.text}};
    if (!p.note.empty())
      one["note"] = p.note;
    printed.push_back(std::move(one));
  }
  json["printed"] = printed;
  json["lostPrints"] = report.outcome.lostPrints;
  json["verification"] =
      report.verification ? toJson(*report.verification) : Json();
  json["saved"] = toJson(report.saved);
  if (stats)
    json["stats"] = toJson(*stats);
  return dump(json);
}

std::string errorText(bool trapped, const std::string &trapText,
                      const std::optional<Verification> &verification) {
  std::string text;
  if (trapped)
    text = "trap: " + trapText;
  if (!verification)
    return text;
  if (!verification->agrees())
    return "verification failed: " + verification->mismatch +
           (text.empty() ? "" : "; " + text);
  return text.empty() ? text : text + " (the interpreter agrees)";
}

std::string errorText(const RunReport &report) {
  return errorText(report.outcome.trap.has_value(), report.trapText,
                   report.verification);
}

} // namespace twrun::cli
