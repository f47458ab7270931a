//===- Report.cpp - a run, for people and for programs --------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Report.h"

#include "Numbers.h"
#include "lib/Quote.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace twrun::cli {

namespace {

using Json = nlohmann::ordered_json;

struct Times {
  double first = 0, least = 0, median = 0;
};

Times timesOf(std::vector<double> seconds) {
  Times times;
  if (seconds.empty())
    return times;
  times.first = seconds.front();
  std::sort(seconds.begin(), seconds.end());
  times.least = seconds.front();
  times.median = seconds[seconds.size() / 2];
  return times;
}

std::string size(Dim3 d) {
  return std::to_string(d.x) + "," + std::to_string(d.y) + "," +
         std::to_string(d.z);
}

std::string plural(uint64_t count, const char *noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

std::string verifyText(const Verification &v) {
  std::string text;
  if (v.allBlocks)
    text = "a sample, " + std::to_string(v.blocks) + " of " +
           plural(v.allBlocks, "block") + ": ";
  if (!v.memory)
    text += "the trap agrees with the interpreter; memory is not comparable";
  else if (v.allBlocks)
    text += plural(v.memory->compared, "byte") +
            " that they changed agree with the interpreter";
  else
    text += plural(v.memory->deviceBytes, "byte") +
            " of memory agree with the interpreter";
  if (!v.tolerance.isExact())
    text += ", " + describe(v.tolerance, v.within);
  if (v.nanPayloads)
    text += ", " + plural(v.nanPayloads, "NaN payload") +
            (v.nanPayloads == 1 ? " differs" : " differ");
  return text + " (" + formatSeconds(v.seconds) + " there)";
}

Json toJson(Dim3 d) { return Json::array({d.x, d.y, d.z}); }

Json toJson(const Trap &trap, const std::string &text) {
  Json json = {{"code", uint32_t(trap.code)},
               {"message", abi::trapMessage(trap.code)},
               {"text", text}};
  if (trap.hasPlace) {
    json["function"] = trap.function;
    json["offset"] = trap.offset;
  }
  if (trap.code != abi::TrapCode::StrayStore) {
    json["block"] = toJson(trap.block);
    json["thread"] = toJson(trap.thread);
  }
  if (trap.code == abi::TrapCode::Aborted)
    json["reason"] = trap.message;
  return json;
}

Json toJson(const Verification &v) {
  Json json = {{"agrees", v.agrees()},
               {"nanPayloads", v.nanPayloads},
               {"seconds", v.seconds}};
  if (!v.agrees())
    json["mismatch"] = v.mismatch;
  if (v.allBlocks)
    json["sample"] = {{"blocks", v.blocks}, {"of", v.allBlocks}};
  if (!v.tolerance.isExact())
    json["within"] = {{"numbers", v.within.count},
                      {"absolute", v.within.absolute},
                      {"relative", v.within.relative},
                      {"ulps", v.within.ulps}};
  if (v.memory) {
    json["bytes"] = v.allBlocks ? v.memory->compared : v.memory->deviceBytes;
    json["differences"] = v.memory->differences;
    if (v.memory->first) {
      const Difference &d = *v.memory->first;
      Json first = {{"memory", d.memory},
                    {"address", d.address},
                    {"type", d.type},
                    {"device", d.device},
                    {"interpreter", d.interpreter}};
      if (d.parameter) {
        first["argument"] = *d.parameter + 1;
        first["element"] = d.element;
      }
      json["first"] = first;
    }
  }
  return json;
}

} // namespace

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
  auto row = [&](const char *name, const std::string &text) {
    std::string label = name;
    label.resize(9, ' ');
    out += label + text + "\n";
  };
  // An invocation's output is its results; what else it tells must be asked
  // for.
  const bool table = options.command == Command::Launch;
  if (table) {
    row("device", report.device);
    row("kernel", quoteName(options.kernel));
    row("grid",
        size(options.grid) + " x block " + size(options.block) + " = " +
            plural(options.grid.count() * options.block.count(), "thread"));
    Times times = timesOf(report.seconds);
    row("time", report.seconds.size() == 1
                    ? formatSeconds(times.first)
                    : formatSeconds(times.median) + " median, " +
                          formatSeconds(times.least) + " least, " +
                          formatSeconds(times.first) + " first of " +
                          std::to_string(report.seconds.size()) + " launches");
  }
  if (report.verification && report.verification->agrees())
    row("verified", verifyText(*report.verification));
  for (const SavedSink &sink : report.saved)
    row("saved", sink.path + " (" + plural(sink.bytes, "byte") + ")");
  return out;
}

std::string jsonReport(const Options &options, const RunReport &report) {
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
  Times times = timesOf(report.seconds);
  json["launches"] = report.seconds.size();
  json["seconds"] = {
      {"first", times.first}, {"least", times.least}, {"median", times.median}};
  Json results = Json::array();
  for (size_t i = 0; i < report.outcome.results.size(); ++i) {
    const Value &value = report.outcome.results[i];
    char bits[40];
    std::snprintf(bits, sizeof bits, "0x%llx", (unsigned long long)value.bits);
    const bool vector = value.type == ValueType::V128;
    const std::string &text = report.results[i];
    results.push_back({{"type", ptxbin::toString(value.type)},
                       {"value", text.substr(text.find(':') + 1)},
                       {"bits", vector ? formatNumber(value) : bits}});
  }
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
  Json saved = Json::array();
  for (const SavedSink &sink : report.saved)
    saved.push_back({{"path", sink.path}, {"bytes", sink.bytes}});
  json["saved"] = saved;
  // Names and paths are any bytes.
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string errorText(const RunReport &report) {
  std::string text;
  if (report.outcome.trap)
    text = "trap: " + report.trapText;
  if (!report.verification)
    return text;
  if (!report.verification->agrees())
    return "verification failed: " + report.verification->mismatch +
           (text.empty() ? "" : "; " + text);
  return text.empty() ? text : text + " (the interpreter agrees)";
}

} // namespace twrun::cli
