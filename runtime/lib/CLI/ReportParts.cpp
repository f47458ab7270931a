//===- ReportParts.cpp - what reports of all commands are made of ---------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ReportParts.h"

#include "Numbers.h"
#include "Report.h"
#include "lib/Quote.h"

#include <algorithm>
#include <cstdio>

namespace twrun::cli {

Times timesOf(std::vector<double> seconds) {
  Times times;
  if (seconds.empty())
    return times;
  times.first = seconds.front();
  std::sort(seconds.begin(), seconds.end());
  times.least = seconds.front();
  times.median = seconds[seconds.size() / 2];
  times.p99 = seconds[(seconds.size() * 99 + 99) / 100 - 1]; // nearest rank
  return times;
}

std::string timesText(const std::vector<double> &seconds, const char *what) {
  const Times times = timesOf(seconds);
  if (seconds.size() == 1)
    return formatSeconds(times.first);
  return formatSeconds(times.median) + " median, " +
         formatSeconds(times.least) + " least, " + formatSeconds(times.first) +
         " first of " + std::to_string(seconds.size()) + " " + what;
}

Json timesJson(const std::vector<double> &seconds) {
  const Times times = timesOf(seconds);
  return {{"first", times.first},
          {"least", times.least},
          {"median", times.median},
          {"p99", times.p99}};
}

std::string sizeText(Dim3 d) {
  return std::to_string(d.x) + "," + std::to_string(d.y) + "," +
         std::to_string(d.z);
}

std::string bytesText(uint64_t bytes) {
  if (bytes < 1024)
    return plural(bytes, "byte");
  constexpr const char *units[] = {"KiB", "MiB", "GiB", "TiB"};
  double scaled = double(bytes) / 1024;
  size_t unit = 0;
  for (; scaled >= 1024 && unit + 1 < std::size(units); ++unit)
    scaled /= 1024;
  char text[40];
  std::snprintf(text, sizeof text, "%.1f %s", scaled, units[unit]);
  return text;
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

Json toJson(const std::vector<SavedSink> &saved) {
  Json json = Json::array();
  for (const SavedSink &sink : saved)
    json.push_back({{"path", sink.path}, {"bytes", sink.bytes}});
  return json;
}

Json toJson(const Value &value, const std::string &text) {
  char bits[40];
  std::snprintf(bits, sizeof bits, "0x%llx", (unsigned long long)value.bits);
  const bool vector = value.type == ValueType::V128;
  return {{"type", ptxbin::toString(value.type)},
          {"value", text.substr(text.find(':') + 1)},
          {"bits", vector ? formatNumber(value) : bits}};
}

std::string tableRow(const char *label, const std::string &text) {
  std::string line = label;
  line.resize(std::max<size_t>(line.size() + 1, 9), ' ');
  return line + text + "\n";
}

std::string dump(const Json &json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace twrun::cli
