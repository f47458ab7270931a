//===- ReportText.cpp - reports for people --------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One layout for the terminal and for Markdown: tables whose columns are
// padded, so that both read well as plain text.
//
//===----------------------------------------------------------------------===//

#include "Report.h"

#include <algorithm>
#include <cstdio>

using namespace twrun;
using namespace twrun::wast;

namespace {

using Row = std::vector<std::string>;

/// Rows of cells, the first row a head; the first column left-aligned.
std::string formatTable(const std::vector<Row> &rows, bool markdown) {
  std::vector<size_t> widths(rows.front().size());
  for (const Row &row : rows)
    for (size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], row[i].size());
  std::string text;
  for (size_t r = 0; r < rows.size(); ++r) {
    for (size_t i = 0; i < rows[r].size(); ++i) {
      std::string pad(widths[i] - rows[r][i].size(), ' ');
      text += markdown ? "| " : i ? "  " : "";
      text += i ? pad + rows[r][i] : rows[r][i] + pad;
      text += markdown ? " " : "";
    }
    text += markdown ? "|\n" : "\n";
    if (r || !markdown)
      continue;
    for (size_t i = 0; i < widths.size(); ++i)
      text += i ? "|" + std::string(widths[i] + 1, '-') + ":"
                : "|" + std::string(widths[i] + 2, '-');
    text += "|\n";
  }
  return text;
}

Row countsRow(const std::string &name, const Counts &counts) {
  return {name, std::to_string(counts.passed), std::to_string(counts.failed),
          std::to_string(counts.skipped)};
}

std::string tableByFile(const Report &report, bool markdown) {
  std::vector<Row> rows = {{"file", "passed", "failed", "skipped"}};
  for (const FileReport &file : report.files)
    rows.push_back(countsRow(file.name, file.total()));
  rows.push_back(countsRow("total", report.total()));
  return formatTable(rows, markdown);
}

std::string tableByKind(const Report &report, bool markdown) {
  std::map<std::string, Counts> kinds;
  for (const FileReport &file : report.files)
    for (const auto &[kind, counts] : file.kinds)
      kinds[kind] += counts;
  std::vector<Row> rows = {{"kind", "passed", "failed", "skipped"}};
  for (const auto &[kind, counts] : kinds)
    rows.push_back(countsRow(kind, counts));
  rows.push_back(countsRow("total", report.total()));
  return formatTable(rows, markdown);
}

std::string summary(const Report &report) {
  double device = 0, wall = 0;
  uint64_t calls = 0;
  for (const FileReport &file : report.files) {
    device += file.deviceSeconds;
    wall += file.wallSeconds;
    calls += file.calls;
  }
  char times[128];
  std::snprintf(times, sizeof(times),
                "%llu calls, %.3f s on the device, %.3f s in all",
                static_cast<unsigned long long>(calls), device, wall);
  Counts total = report.total();
  return std::to_string(report.files.size()) + " files: " +
         std::to_string(total.passed) + " passed, " +
         std::to_string(total.failed) + " failed, " +
         std::to_string(total.skipped) + " skipped; " + times;
}

/// One item of a list, in Markdown as code.
std::string item(const std::string &text, bool markdown) {
  if (!markdown)
    return "  " + text + "\n";
  std::string code;
  for (char c : text)
    code += c == '`' ? '\'' : c;
  return "- `" + code + "`\n";
}

std::string failures(const Report &report, size_t maxNotes, bool markdown) {
  std::string text;
  for (const FileReport &file : report.files) {
    size_t shown = std::min(maxNotes, file.failures.size());
    for (size_t i = 0; i < shown; ++i)
      text += item(describe(file, file.failures[i]), markdown);
    if (shown < file.failures.size())
      text += item(file.source + ": " +
                       std::to_string(file.failures.size() - shown) +
                       " more failures",
                   markdown);
  }
  return text;
}

std::string skips(const Report &report, bool markdown) {
  std::string text;
  for (const FileReport &file : report.files)
    for (const Note &note : file.skips)
      text += item(describe(file, note), markdown);
  return text;
}

std::string build(const Report &report, size_t maxNotes, bool markdown) {
  std::string text;
  auto section = [&](const char *title, const std::string &body) {
    if (body.empty())
      return;
    text += markdown ? std::string("\n## ") + title + "\n\n"
                     : std::string("\n") + title + ":\n";
    text += body;
  };
  text += (report.device.empty() ? "no device" : report.device) + "\n\n" +
          summary(report) + "\n";
  section("By file", tableByFile(report, markdown));
  section("By kind of command", tableByKind(report, markdown));
  section("Skipped", skips(report, markdown));
  section("Failed", failures(report, maxNotes, markdown));
  // On a terminal the verdict is to be seen without scrolling.
  if (!markdown)
    text += "\n" + summary(report) + "\n";
  return text;
}

/// One line, printable: other bytes become escapes.
std::string printable(const std::string &text) {
  std::string out;
  for (char c : text) {
    unsigned char byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte != 0x7f) {
      out += c;
      continue;
    }
    char escape[8];
    std::snprintf(escape, sizeof(escape), "\\x%02x", byte);
    out += escape;
  }
  return out;
}

} // namespace

std::string wast::describe(const FileReport &file, const Note &note) {
  std::string text = file.source;
  if (note.line)
    text += ":" + std::to_string(note.line);
  text += ": " + note.kind;
  if (!note.command.empty())
    text += " (" + note.command + ")";
  if (!note.expected.empty())
    text += ": expected " + note.expected + ", but got " + note.got;
  else
    text += ": " + note.got;
  return printable(text);
}

std::string wast::toText(const Report &report, size_t maxNotes) {
  return build(report, maxNotes, false);
}

std::string wast::toMarkdown(const Report &report, size_t maxNotes) {
  return "# The official test suite on " +
         (report.device.empty() ? "no device" : report.device) + "\n\n" +
         build(report, maxNotes, true);
}
