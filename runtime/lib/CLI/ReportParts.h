//===- ReportParts.h - what reports of all commands are made of -*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_CLI_REPORTPARTS_H
#define TWRUN_LIB_CLI_REPORTPARTS_H

#include "Compare.h"
#include "Session.h"

#include <nlohmann/json.hpp>

namespace twrun::cli {

using Json = nlohmann::ordered_json;

/// Of the calls of one kernel, in seconds.
struct Times {
  double first = 0, least = 0, median = 0;
  double p99 = 0; // no more than one in a hundred took longer
};
Times timesOf(std::vector<double> seconds);
/// "1.2 ms median, 1.1 ms least, 9 ms first of 100 launches"; of one alone its
/// time.
std::string timesText(const std::vector<double> &seconds, const char *what);
Json timesJson(const std::vector<double> &seconds);

/// "(16,16,1)" without the parentheses.
std::string sizeText(Dim3 d);
/// "3 bytes", "1 byte".
std::string plural(uint64_t count, const char *noun);
/// "1.5 GiB".
std::string bytesText(uint64_t bytes);

std::string verifyText(const Verification &v);
Json toJson(Dim3 d);
Json toJson(const Trap &trap, const std::string &text);
Json toJson(const Verification &v);
Json toJson(const std::vector<SavedSink> &saved);
/// `text` is formatValue's.
Json toJson(const Value &value, const std::string &text);

/// A line of a table of labels and texts.
std::string tableRow(const char *label, const std::string &text);

/// Names and paths are any bytes: what is not UTF-8 is replaced.
std::string dump(const Json &json);

} // namespace twrun::cli

#endif // TWRUN_LIB_CLI_REPORTPARTS_H
