//===- Report.h - what twrun prints -----------------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A run as a short table for people or as JSON for programs, and the commands
// that print without running anything.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_CLI_REPORT_H
#define TWRUN_LIB_CLI_REPORT_H

#include "Run.h"
#include "Stats.h"

#include <string>

namespace twrun::cli {

/// For people: results and the table. Neither trap nor mismatch is in it:
/// those are errors, see errorText.
std::string humanReport(const Options &options, const RunReport &report);
std::string jsonReport(const Options &options, const RunReport &report,
                       const std::optional<RunStats> &stats = {});

/// One line for standard error about a trap or a mismatch; empty for success.
std::string errorText(const RunReport &report);
std::string errorText(bool trapped, const std::string &trapText,
                      const std::optional<Verification> &verification);

/// "stacks: 65536 bytes for each of 270336 threads, 16.5 GiB".
std::string stacksText(const StackUse &stacks);

/// "1.23 ms", with three significant digits.
std::string formatSeconds(double seconds);

/// `twrun info`: what a verified artifact contains.
std::string humanInfo(const ptxbin::PtxBin &artifact);
std::string jsonInfo(const ptxbin::PtxBin &artifact);

/// `twrun devices`: lines, or a JSON array.
std::string listDevices(bool json, bool verbose);

/// Runs the command that `options` holds, prints, and returns the exit code.
int runCommand(const Options &options);

} // namespace twrun::cli

#endif // TWRUN_LIB_CLI_REPORT_H
