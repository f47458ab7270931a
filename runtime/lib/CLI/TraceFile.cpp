//===- TraceFile.cpp - a record of spans as Chrome's trace format ---------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TraceFile.h"

#include <nlohmann/json.hpp>

namespace twrun::cli {

using Json = nlohmann::ordered_json;

// There is but one process in a record.
static constexpr int process = 1;

static Json notesJson(const std::vector<TraceNote> &notes) {
  Json json = Json::object();
  for (const TraceNote &note : notes)
    std::visit([&](const auto &value) { json[note.key] = value; }, note.value);
  return json;
}

static Json eventJson(const TraceEvent &event, uint64_t start) {
  auto microseconds = [](uint64_t nanoseconds) {
    return double(nanoseconds) / 1000;
  };
  Json json = {{"name", event.name},
               {"cat", "twrun"},
               {"ts", microseconds(event.begin - start)},
               {"pid", process},
               {"tid", event.track}};
  switch (event.kind) {
  case TraceEvent::Kind::Span:
    json["ph"] = "X";
    json["dur"] = microseconds(event.end - event.begin);
    break;
  case TraceEvent::Kind::Instant:
    json["ph"] = "i";
    json["s"] = "t"; // of its thread alone
    break;
  case TraceEvent::Kind::Counter:
    json["ph"] = "C";
    json["args"] = {{"value", event.value}};
    return json;
  }
  if (event.flow) {
    json["bind_id"] = event.flow;
    json[event.flowsOut ? "flow_out" : "flow_in"] = true;
  }
  if (!event.notes.empty())
    json["args"] = notesJson(event.notes);
  return json;
}

std::string traceJson(const TraceRecord &record) {
  // One by one: a long record's tree of values would be many times its text.
  std::string text = "{\"displayTimeUnit\":\"ns\",\"otherData\":{\"lost\":" +
                     std::to_string(record.lost) + "},\"traceEvents\":[\n";
  auto add = [&, first = true](const Json &json) mutable {
    text += first ? "" : ",\n";
    first = false;
    text += json.dump(-1, ' ', false, Json::error_handler_t::replace);
  };
  add({{"name", "process_name"},
       {"ph", "M"},
       {"pid", process},
       {"args", {{"name", "twrun"}}}});
  std::vector<bool> used(record.tracks.size());
  for (const TraceEvent &event : record.events)
    if (event.track < used.size())
      used[event.track] = true;
  for (size_t track = 0; track < used.size(); ++track)
    if (used[track])
      add({{"name", "thread_name"},
           {"ph", "M"},
           {"pid", process},
           {"tid", track},
           {"args", {{"name", record.tracks[track]}}}});
  for (const TraceEvent &event : record.events)
    add(eventJson(event, record.start));
  return text + "\n]}\n";
}

} // namespace twrun::cli
