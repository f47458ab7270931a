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
#include <set>
#include <string>
#include <string_view>
#include <utility>

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
  case ValueType::V128:
    return "v128";
  case ValueType::FuncRef:
    return "funcref";
  case ValueType::ExternRef:
    return "externref";
  }
  return "unknown";
}

const char *toString(BoundsMode mode) {
  switch (mode) {
  case BoundsMode::Check:
    return "check";
  case BoundsMode::Isolate:
    return "isolate";
  case BoundsMode::None:
    return "none";
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
/// Collects the first broken rule. Paths are made only for what is broken:
/// nearly everything holds.
struct Checker {
  const Manifest &manifest;
  const ErrorKind kind;
  Expected<void> result;
  /// All names that each module exports, of whatever kind (Wasm spec 3.4.10).
  std::set<std::pair<uint32_t, std::string_view>> exports;

  bool require(bool holds, const std::string &path, const char *expected) {
    if (!holds && result)
      result = makeError(kind, "manifest: " + path + ": expected " + expected);
    return holds;
  }
  void integer(uint64_t value, const std::string &path) {
    require(value <= maxManifestInteger, path, "an integer below 2^53");
  }
  bool inRange(uint64_t index, size_t size, const std::string &path,
               const char *expected) {
    return require(index < size, path, expected);
  }
  void symbol(const std::string &text, const std::string &path) {
    require(isSymbol(text), path,
            "letters, digits, '_' and '$' only, not starting with a digit");
  }

  /// The module of an item, at least that of the item before it.
  void module(uint32_t module, uint32_t &last, const std::string &path) {
    inRange(module, manifest.modules.size(), path + ".module",
            "the position of a module");
    require(module >= last, path + ".module", "the order of the modules");
    last = module;
  }
  /// Names of something that module `owner` defines: it and later ones can
  /// export that.
  void names(const std::vector<ExportName> &list, uint32_t owner,
             const std::string &path) {
    for (size_t i = 0; i < list.size(); ++i) {
      std::string where = path + ".exports[" + std::to_string(i) + "]";
      require(list[i].module >= owner &&
                  list[i].module < manifest.modules.size(),
              where + ".module", "the module that defines it or a later one");
      require(exports.emplace(list[i].module, list[i].name).second,
              where + ".name", "a name that its module exports once");
    }
  }
  void reference(ValueType type, uint64_t bits, const std::string &path) {
    require(type != ValueType::FuncRef || bits <= manifest.functions.size(),
            path, "0 for null, or a function's position plus 1");
  }

  void checkModules();
  void checkMemories();
  void checkTables();
  void checkGlobals();
  void checkSegments();
  void checkKernels();
  void checkBounds();
  void window(const KernelInfo &kernel, const std::string &path);
  void shared(const KernelInfo &kernel, const std::string &path);
};

std::string item(const char *list, size_t index) {
  return std::string(list) + "[" + std::to_string(index) + "]";
}
} // namespace

void Checker::checkModules() {
  require(!manifest.modules.empty(), "modules", "at least one module");
  uint64_t end = 0, functions = 0;
  for (size_t i = 0; i < manifest.modules.size(); ++i) {
    const ModuleInfo &module = manifest.modules[i];
    const std::string path = item("modules", i);
    require(module.wasmOffset == end, path + ".wasmOffset",
            "the end of the module before it");
    integer(module.wasmSize, path + ".wasmSize");
    integer(module.functions, path + ".functions");
    // Both stay below 2^53 as long as nothing is wrong, so neither can wrap.
    end += module.wasmSize;
    functions += module.functions;
    integer(end, path + ".wasmSize");
    require(functions <= manifest.functions.size(), path + ".functions",
            "no more than there are names");
    if (module.startSymbol)
      symbol(*module.startSymbol, path + ".start");
    auto imports = [&](const std::vector<ImportedMinimum> &list,
                       const auto &targets, const char *name) {
      for (size_t j = 0; j < list.size(); ++j) {
        std::string where = path + "." + item(name, j);
        integer(list[j].minimum, where + ".minimum");
        if (inRange(list[j].index, targets.size(), where + ".index",
                    "the position of what is imported"))
          require(targets[list[j].index].module < i, where + ".index",
                  "something that an earlier module defines");
      }
    };
    imports(module.memoryImports, manifest.memories, "memoryImports");
    imports(module.tableImports, manifest.tables, "tableImports");
    if (!result)
      return;
  }
  require(functions == manifest.functions.size(), "functions",
          "as many names as the modules have functions");
}

void Checker::checkMemories() {
  uint32_t last = 0;
  for (size_t i = 0; i < manifest.memories.size(); ++i) {
    const MemoryInfo &memory = manifest.memories[i];
    const std::string path = item("memories", i);
    module(memory.module, last, path);
    names(memory.exports, memory.module, path);
    // Wasm spec 3.2.4, memory types.
    const uint64_t most = uint64_t(1) << (memory.index64 ? 48 : 16);
    const char *expected = memory.index64 ? "at most 2^48 pages of 64 KiB"
                                          : "at most 65536 pages of 64 KiB";
    require(memory.minPages <= most, path + ".min", expected);
    if (!memory.maxPages) {
      require(!memory.shared, path + ".max", "a maximum of a shared memory");
      continue;
    }
    require(*memory.maxPages <= most, path + ".max", expected);
    require(*memory.maxPages >= memory.minPages, path + ".max",
            "at least the minimum");
  }
}

void Checker::checkTables() {
  uint32_t last = 0;
  for (size_t i = 0; i < manifest.tables.size(); ++i) {
    const TableInfo &table = manifest.tables[i];
    const std::string path = item("tables", i);
    module(table.module, last, path);
    names(table.exports, table.module, path);
    require(table.type == ValueType::FuncRef ||
                table.type == ValueType::ExternRef,
            path + ".type", "\"funcref\" or \"externref\"");
    require(table.minSize <= UINT32_MAX, path + ".min",
            "at most 2^32 - 1 elements");
    if (!table.maxSize)
      continue;
    require(*table.maxSize <= UINT32_MAX, path + ".max",
            "at most 2^32 - 1 elements");
    require(*table.maxSize >= table.minSize, path + ".max",
            "at least the minimum");
  }
}

void Checker::checkGlobals() {
  uint32_t last = 0;
  for (size_t i = 0; i < manifest.globals.size(); ++i) {
    const GlobalInfo &global = manifest.globals[i];
    const std::string path = item("globals", i);
    module(global.module, last, path);
    names(global.exports, global.module, path);
    bool narrow =
        global.type == ValueType::I32 || global.type == ValueType::F32;
    require(!narrow || global.bits >> 32 == 0, path + ".bits",
            "zeros above the low 32 bits of a 32-bit global");
    require(global.type == ValueType::V128 || global.highBits == 0,
            path + ".highBits", "zeros in all but a v128 global");
    reference(global.type, global.bits, path + ".bits");
  }
}

void Checker::checkSegments() {
  uint32_t last = 0;
  for (size_t i = 0; i < manifest.data.size(); ++i) {
    const DataInfo &data = manifest.data[i];
    const std::string path = item("data", i);
    module(data.module, last, path);
    integer(data.moduleOffset, path + ".moduleOffset");
    integer(data.size, path + ".size");
    if (data.active)
      inRange(data.memory, manifest.memories.size(), path + ".memory",
              "the position of a memory");
    else
      require(data.memory == 0 && data.memoryOffset == 0, path,
              "zeros for the place of a passive segment");
    if (!result)
      return;
    const ModuleInfo &owner = manifest.modules[data.module];
    require(data.moduleOffset >= owner.wasmOffset &&
                data.moduleOffset + data.size <=
                    owner.wasmOffset + owner.wasmSize,
            path, "bytes of its module");
  }
  last = 0;
  for (size_t i = 0; i < manifest.elems.size(); ++i) {
    const ElemInfo &elem = manifest.elems[i];
    const std::string path = item("elems", i);
    module(elem.module, last, path);
    ValueType type = ValueType::FuncRef;
    if (!elem.active)
      require(elem.table == 0 && elem.tableOffset == 0, path,
              "zeros for the place of a passive segment");
    else if (inRange(elem.table, manifest.tables.size(), path + ".table",
                     "the position of a table"))
      type = manifest.tables[elem.table].type;
    for (size_t j = 0; j < elem.references.size(); ++j)
      if (elem.references[j] > manifest.functions.size())
        reference(type, elem.references[j], path + "." + item("references", j));
  }
}

void Checker::shared(const KernelInfo &kernel, const std::string &path) {
  const SharedWindow &window = *kernel.shared;
  require(!kernel.gridSymbol.empty(), path, "a grid symbol beside it");
  if (!inRange(window.memory, manifest.memories.size(), path + ".memory",
               "the position of a memory"))
    return;
  require(!manifest.memories[window.memory].index64, path + ".memory",
          "a memory of 32-bit addresses");
  require(window.size % 16 == 0 && window.size <= window.limit,
          path + ".size", "a multiple of 16, at most the limit");
  require(window.limit % 16 == 0 && window.limit <= maxSharedLimit,
          path + ".limit", "a multiple of 16, at most 232448");
}

void Checker::window(const KernelInfo &kernel, const std::string &path) {
  const StackWindow &window = *kernel.stackWindow;
  require(!kernel.gridSymbol.empty(), path, "a grid symbol beside it");
  if (!inRange(window.memory, manifest.memories.size(), path + ".memory",
               "the position of a memory") ||
      !inRange(window.global, manifest.globals.size(), path + ".global",
               "the position of a global"))
    return;
  const MemoryInfo &memory = manifest.memories[window.memory];
  const GlobalInfo &pointer = manifest.globals[window.global];
  require(!memory.index64, path + ".memory", "a memory of 32-bit addresses");
  require(pointer.isMutable && pointer.type == ValueType::I32,
          path + ".global", "a mutable i32");
  require(window.size <= maxStackWindow && window.size % 16 == 0,
          path + ".size", "a multiple of 16, at most 262144");
  require(window.low <= UINT32_MAX && pointer.bits == window.low + window.size,
          path + ".low", "the window to end where the stack pointer starts");
  require(pointer.bits % 16 == 0 && pointer.bits <= memory.minPages << 16,
          path + ".low", "a multiple of 16 inside the memory");
}

void Checker::checkKernels() {
  uint32_t last = 0;
  for (size_t i = 0; i < manifest.kernels.size(); ++i) {
    const KernelInfo &kernel = manifest.kernels[i];
    const std::string path = item("kernels", i);
    module(kernel.module, last, path);
    require(exports.emplace(kernel.module, kernel.name).second, path + ".name",
            "a name that its module exports once");
    if (!kernel.symbol.empty() || kernel.notOffloadable.empty())
      symbol(kernel.symbol, path + ".symbol");
    if (!kernel.gridSymbol.empty()) {
      symbol(kernel.gridSymbol, path + ".gridSymbol");
      require(kernel.gridSymbol != kernel.symbol, path + ".gridSymbol",
              "another symbol than that of an invocation");
    }
    if (kernel.stackWindow)
      window(kernel, path + ".stackWindow");
    if (kernel.shared)
      shared(kernel, path + ".shared");
    inRange(kernel.function, manifest.functions.size(), path + ".function",
            "the position of a function");
    if (kernel.memory)
      inRange(*kernel.memory, manifest.memories.size(), path + ".memory",
              "the position of a memory");
  }
}

void Checker::checkBounds() {
  switch (manifest.bounds) {
  case BoundsMode::Check:
    require(manifest.reach == 0, "bounds.reach", "0 without isolation");
    return;
  case BoundsMode::Isolate:
    require(manifest.sandbox == "isolated", "sandbox", "\"isolated\"");
    require(manifest.reach >= minReach && manifest.reach <= maxReach &&
                manifest.reach % sinkBytes == 0,
            "bounds.reach",
            "a multiple of 2 MiB, from 4 GiB + 2 MiB to 4 GiB + 64 MiB");
    return;
  case BoundsMode::None:
    require(manifest.sandbox == "none", "sandbox", "\"none\"");
    require(manifest.reach == 0, "bounds.reach", "0 without isolation");
  }
}

Expected<void> checkManifest(const Manifest &manifest, ErrorKind kind) {
  Checker checker{manifest, kind, {}, {}};
  checker.integer(manifest.release, "release");
  checker.integer(manifest.created, "created");
  checker.integer(manifest.expires, "expires");
  checker.require(manifest.sourceSha256.empty() ||
                      isDigest(manifest.sourceSha256),
                  "sourceSha256", "64 lower-case hexadecimal digits or none");
  checker.checkBounds();
  checker.checkModules();
  checker.checkMemories();
  checker.checkTables();
  checker.checkGlobals();
  checker.checkSegments();
  checker.checkKernels();
  return checker.result;
}

} // namespace ptxbin
