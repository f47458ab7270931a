//===- Log.cpp - what was done on this machine ----------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// twreg log, and what writes into it.
//
//===----------------------------------------------------------------------===//

#include "Registry/Log.h"
#include "Commands.h"

#include <algorithm>
#include <cstdio>
#include <ctime>

namespace twreg {

using namespace ptxbin;

Expected<void>
logEvent(const Options &options, const char *event,
         std::vector<std::pair<const char *, std::string>> details) {
  auto place = registry::stateDirectory(options.whom);
  if (!place)
    return {}; // No home, no log.
  registry::json line = {{"event", event}};
  for (auto &[name, value] : details)
    line[name] = std::move(value);
  return registry::appendLog(*place, std::move(line));
}

static std::string timeOf(const registry::json &event) {
  std::time_t time =
      std::time_t(registry::numberMember(event, "time").value_or(0));
  std::tm parts{};
  char text[32] = "?";
  if (::gmtime_r(&time, &parts))
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

Expected<void> runLog(const Options &options) {
  auto place = registry::stateDirectory(options.whom);
  if (!place)
    return place.error();
  auto lines = registry::readLog(*place);
  if (!lines)
    return lines.error();
  bool isThere = options.expectHash.empty();
  for (const registry::LogLine &line : *lines) {
    isThere |= hex(line.hash) == options.expectHash;
    if (options.json) {
      std::printf("%s\n", line.text.c_str());
      continue;
    }
    const std::string *event = registry::stringMember(line.event, "event");
    std::printf("%s %-12s", timeOf(line.event).c_str(),
                escape(event ? *event : "?").c_str());
    for (const auto &[name, value] : line.event.items())
      if (name != "event" && name != "time" && name != "prev" &&
          name != "seq" && value.is_string())
        std::printf(" %s=%s", escape(name).c_str(),
                    escape(value.get_ref<const std::string &>()).c_str());
    std::printf("\n");
  }
  if (!isThere)
    return makeError(ErrorKind::Untrusted,
                     *place + ": no line of the log has the hash " +
                         options.expectHash + ": it was cut or replaced");
  if (!options.json && !lines->empty())
    std::printf("%zu lines, the last one's hash: %s\n", lines->size(),
                hex(lines->back().hash).c_str());
  return {};
}

} // namespace twreg
