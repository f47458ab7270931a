//===- Log.h - what was done on this machine --------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An append-only log: each line holds the hash of the one before, so that no
// line can be changed, removed or put in without all later ones.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_REGISTRY_LOG_H
#define TWRUN_REGISTRY_LOG_H

#include "Registry/Json.h"

#include <string>
#include <vector>

namespace registry {

inline constexpr uint64_t maxLogBytes = 256 << 20;
inline constexpr uint64_t maxLogLine = 64 << 10;

/// Adds a line to `directory`/log.jsonl, with time, number and the hash of the
/// line before. On the disk when it returns. Safe for many processes.
Expected<void> appendLog(const std::string &directory, json event);

struct LogLine {
  std::string text;
  json event;
  Digest hash{};
};
/// All lines, checked. A last line without its end, of a writer that was
/// killed, is left out: appendLog removes it.
Expected<std::vector<LogLine>> readLog(const std::string &directory);

} // namespace registry

#endif // TWRUN_REGISTRY_LOG_H
