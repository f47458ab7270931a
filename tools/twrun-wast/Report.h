//===- Report.h - what became of the scripts --------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Counts by file and by kind of command, every failure and every skip by name;
// as text, Markdown or JSON, the last of which can be read again, so that
// reports of several processes become one.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_WAST_REPORT_H
#define TWRUN_WAST_REPORT_H

#include "Script.h"

#include <map>

namespace twrun::wast {

struct Counts {
  uint64_t passed = 0, failed = 0, skipped = 0;
  uint64_t total() const { return passed + failed + skipped; }
  Counts &operator+=(const Counts &other);
};

/// A command that failed or was skipped.
struct Note {
  uint32_t line = 0;
  std::string kind;    // the command's type
  std::string command; // `invoke "add" i32:0x00000001`, or ""
  std::string expected, got;
};

struct FileReport {
  std::string name, source;
  std::map<std::string, Counts> kinds; // by the command's type
  std::vector<Note> failures, skips;
  uint64_t calls = 0;
  double deviceSeconds = 0; // in calls, as Outcome::seconds tells them
  double wallSeconds = 0;   // everything, loading included

  Counts total() const;
  void record(const Command &command, const Verdict &verdict,
              const std::string &what = "");
};

struct Report {
  std::string device;
  std::vector<FileReport> files;

  Counts total() const;
  bool passed() const { return total().failed == 0; }
};

inline constexpr uint32_t reportSchema = 1;

std::string toJSON(const Report &report);
Expected<Report> readReport(const std::string &path);

/// Adds `from`'s files to `into`'s; both must be of the same kind of device.
Expected<void> merge(Report &into, Report from);

/// Tables by file and by kind, then what failed and what was skipped, at most
/// `maxNotes` of a file's failures.
std::string toText(const Report &report, size_t maxNotes);
std::string toMarkdown(const Report &report, size_t maxNotes);

/// "f32.wast:12: assert_return (invoke "add"): expected x, but got y".
std::string describe(const FileReport &file, const Note &note);

} // namespace twrun::wast

#endif // TWRUN_WAST_REPORT_H
