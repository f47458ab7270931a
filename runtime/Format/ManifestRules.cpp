//===- ManifestRules.cpp - what every manifest must keep to ---------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// docs/PTXBinFormat.md, "Manifest", column "rule".
//
//===----------------------------------------------------------------------===//

#include "Format/ManifestRules.h"

#include <algorithm>
#include <string>
#include <unordered_set>

namespace ptxbin {

const char *toString(ValueType type) {
  switch (type) {
  case ValueType::I32:
    return "i32";
  case ValueType::I64:
    return "i64";
  case ValueType::F32:
    return "f32";
  case ValueType::F64:
    return "f64";
  }
  return "unknown";
}

static bool isLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// What PTX and ELF both take as a name as it is.
static bool isSymbol(const std::string &text) {
  auto isRest = [](char c) {
    return isLetter(c) || (c >= '0' && c <= '9') || c == '_' || c == '$';
  };
  return !text.empty() &&
         (isLetter(text[0]) || text[0] == '_' || text[0] == '$') &&
         std::all_of(text.begin(), text.end(), isRest);
}

static bool isDigest(const std::string &text) {
  return text.size() == 64 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

namespace {
/// Collects the first broken rule.
struct Checker {
  const ErrorKind kind;
  Expected<void> result;

  bool require(bool holds, const std::string &path, const char *expected) {
    if (!holds && result)
      result = makeError(kind, "manifest: " + path + ": expected " + expected);
    return holds;
  }
  void integer(uint64_t value, const std::string &path) {
    require(value <= maxManifestInteger, path, "an integer below 2^53");
  }
};
} // namespace

static void checkMemories(const Manifest &manifest, Checker &checker) {
  checker.require(manifest.memories.size() <= 1, "memories",
                  "at most one memory");
  for (const MemoryInfo &memory : manifest.memories) {
    checker.integer(memory.minPages, "memories[0].min");
    if (!memory.maxPages)
      continue;
    checker.integer(*memory.maxPages, "memories[0].max");
    checker.require(*memory.maxPages >= memory.minPages, "memories[0].max",
                    "at least the minimum");
  }
  for (size_t i = 0; i < manifest.data.size(); ++i) {
    std::string path = "data[" + std::to_string(i) + "]";
    checker.require(!manifest.memories.empty(), path,
                    "a memory where there are data segments");
    checker.integer(manifest.data[i].memoryOffset, path + ".memoryOffset");
    checker.integer(manifest.data[i].moduleOffset, path + ".moduleOffset");
    checker.integer(manifest.data[i].size, path + ".size");
  }
}

static void checkKernels(const Manifest &manifest, Checker &checker) {
  std::unordered_set<std::string> names;
  for (size_t i = 0; i < manifest.kernels.size(); ++i) {
    const KernelInfo &kernel = manifest.kernels[i];
    std::string path = "kernels[" + std::to_string(i) + "]";
    checker.require(names.insert(kernel.name).second, path + ".name",
                    "a name that no other kernel has");
    bool absent = kernel.symbol.empty() && !kernel.notOffloadable.empty();
    checker.require(absent || isSymbol(kernel.symbol), path + ".symbol",
                    "letters, digits, '_' and '$' only, not starting with a "
                    "digit");
  }
}

Expected<void> checkManifest(const Manifest &manifest, ErrorKind kind) {
  Checker checker{kind, {}};
  checker.integer(manifest.release, "release");
  checker.integer(manifest.created, "created");
  checker.integer(manifest.expires, "expires");
  checker.require(manifest.sourceSha256.empty() ||
                      isDigest(manifest.sourceSha256),
                  "sourceSha256", "64 lower-case hexadecimal digits or none");
  checkMemories(manifest, checker);
  for (size_t i = 0; i < manifest.globals.size(); ++i) {
    const GlobalInfo &global = manifest.globals[i];
    bool narrow =
        global.type == ValueType::I32 || global.type == ValueType::F32;
    checker.require(!narrow || global.bits >> 32 == 0,
                    "globals[" + std::to_string(i) + "].bits",
                    "zeros above the low 32 bits of a 32-bit global");
  }
  if (manifest.startSymbol)
    checker.require(isSymbol(*manifest.startSymbol), "start",
                    "letters, digits, '_' and '$' only, not starting with a "
                    "digit");
  checkKernels(manifest, checker);
  return checker.result;
}

} // namespace ptxbin
