//===- Report.cpp - counting, and reports as JSON -------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The texts for people are in ReportText.cpp.
//
//===----------------------------------------------------------------------===//

#include "Report.h"

#include <nlohmann/json.hpp>

using namespace twrun;
using namespace twrun::wast;
using nlohmann::json;

Counts &Counts::operator+=(const Counts &other) {
  passed += other.passed;
  failed += other.failed;
  skipped += other.skipped;
  return *this;
}

Counts FileReport::total() const {
  Counts sum;
  for (const auto &[kind, counts] : kinds)
    sum += counts;
  return sum;
}

Counts Report::total() const {
  Counts sum;
  for (const FileReport &file : files)
    sum += file.total();
  return sum;
}

void FileReport::record(const Command &command, const Verdict &verdict,
                        const std::string &what) {
  Counts &counts = kinds[command.type];
  Note note{command.line, command.type, what, verdict.expected, verdict.got};
  switch (verdict.status) {
  case Verdict::Status::Passed:
    ++counts.passed;
    return;
  case Verdict::Status::Failed:
    ++counts.failed;
    failures.push_back(std::move(note));
    return;
  case Verdict::Status::Skipped:
    ++counts.skipped;
    skips.push_back(std::move(note));
    return;
  }
}

static json toJSON(const std::vector<Note> &notes) {
  json list = json::array();
  for (const Note &note : notes)
    list.push_back({{"line", note.line},
                    {"kind", note.kind},
                    {"command", note.command},
                    {"expected", note.expected},
                    {"got", note.got}});
  return list;
}

std::string wast::toJSON(const Report &report) {
  json files = json::array();
  for (const FileReport &file : report.files) {
    json kinds = json::object();
    for (const auto &[kind, counts] : file.kinds)
      kinds[kind] = {{"passed", counts.passed},
                     {"failed", counts.failed},
                     {"skipped", counts.skipped}};
    files.push_back({{"name", file.name},
                     {"source", file.source},
                     {"kinds", std::move(kinds)},
                     {"failures", ::toJSON(file.failures)},
                     {"skips", ::toJSON(file.skips)},
                     {"calls", file.calls},
                     {"deviceSeconds", file.deviceSeconds},
                     {"wallSeconds", file.wallSeconds}});
  }
  json object = {{"schema", reportSchema},
                 {"device", report.device},
                 {"files", std::move(files)}};
  // What is not UTF-8 in a message is shown, not refused.
  return object.dump(1, ' ', false, json::error_handler_t::replace) + "\n";
}

static std::vector<Note> readNotes(const json &list) {
  std::vector<Note> notes;
  for (const json &note : list)
    notes.push_back({note.at("line").get<uint32_t>(),
                     note.at("kind").get<std::string>(),
                     note.at("command").get<std::string>(),
                     note.at("expected").get<std::string>(),
                     note.at("got").get<std::string>()});
  return notes;
}

static Report readObject(const json &object) {
  Report report;
  report.device = object.at("device").get<std::string>();
  for (const json &entry : object.at("files")) {
    FileReport &file = report.files.emplace_back();
    file.name = entry.at("name").get<std::string>();
    file.source = entry.at("source").get<std::string>();
    for (const auto &[kind, counts] : entry.at("kinds").items())
      file.kinds[kind] = {counts.at("passed").get<uint64_t>(),
                          counts.at("failed").get<uint64_t>(),
                          counts.at("skipped").get<uint64_t>()};
    file.failures = readNotes(entry.at("failures"));
    file.skips = readNotes(entry.at("skips"));
    file.calls = entry.at("calls").get<uint64_t>();
    file.deviceSeconds = entry.at("deviceSeconds").get<double>();
    file.wallSeconds = entry.at("wallSeconds").get<double>();
  }
  return report;
}

Expected<Report> wast::readReport(const std::string &path) {
  auto bytes = ptxbin::readFile(path, maxScriptBytes);
  if (!bytes)
    return bytes.error();
  auto malformed = [&](const std::string &what) {
    return makeError(ErrorKind::Malformed, path + ": " + what);
  };
  json object = json::parse(bytes->begin(), bytes->end(), nullptr, false);
  if (object.is_discarded())
    return malformed("not JSON");
  try {
    if (object.at("schema") != reportSchema)
      return malformed("incorrect schema: expected " +
                       std::to_string(reportSchema) + ", but got " +
                       object.at("schema").dump());
    return readObject(object);
  } catch (const json::exception &error) {
    return malformed(error.what());
  }
}

Expected<void> wast::merge(Report &into, Report from) {
  if (into.device.empty())
    into.device = from.device;
  // Scripts that need no device leave its name empty.
  if (!from.device.empty() && into.device != from.device)
    return makeError(ErrorKind::Invalid, "reports of different devices: '" +
                                             into.device + "' and '" +
                                             from.device + "'");
  for (FileReport &file : from.files)
    into.files.push_back(std::move(file));
  return {};
}
