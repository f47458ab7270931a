//===- Compare.cpp - the outcomes of two executors ------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Compare.h"

#include "Numbers.h"

#include <algorithm>
#include <cinttypes>
#include <cstdio>

namespace twrun::cli {

using abi::TrapCode;

namespace {

std::string hex(uint64_t value) {
  char text[24];
  std::snprintf(text, sizeof text, "0x%" PRIx64, value);
  return text;
}

/// "memory 2", or what there is only one of.
std::string name(uint32_t index, const ptxbin::Manifest &manifest,
                 const char *alone) {
  return manifest.memories.size() > 1 ? "memory " + std::to_string(index)
                                      : std::string(alone);
}

std::string tell(const MemoryComparison &memory, uint32_t index,
                 const ptxbin::Manifest &manifest) {
  if (!memory.first ||
      (!memory.sampled && memory.deviceBytes != memory.interpreterBytes))
    return name(index, manifest, "linear memory") + " has " +
           std::to_string(memory.deviceBytes) + " bytes on the device and " +
           std::to_string(memory.interpreterBytes) + " in the interpreter";
  const Difference &d = *memory.first;
  std::string where =
      name(index, manifest, "memory") + " differs at " + hex(d.address);
  if (d.parameter)
    where += ", " + d.type + " element " + std::to_string(d.element) + " of " +
             d.buffer;
  where += ": " + d.device + " on the device, " + d.interpreter +
           " in the interpreter";
  if (memory.differences > 1)
    where += " (and " + std::to_string(memory.differences - 1) +
             " more differences)";
  return where;
}

std::string tell(Dim3 at) {
  return "(" + std::to_string(at.x) + "," + std::to_string(at.y) + "," +
         std::to_string(at.z) + ")";
}

std::string tell(const std::optional<Trap> &trap) {
  if (!trap)
    return "no trap";
  if (trap->code == TrapCode::StrayStore)
    return std::string("'") + abi::trapMessage(trap->code) + "'";
  return std::string("'") + abi::trapMessage(trap->code) + "' in block " +
         tell(trap->block) + ", thread " + tell(trap->thread);
}

/// Empty when the traps agree.
std::string compareTraps(const std::optional<Trap> &device,
                         const std::optional<Trap> &interpreter,
                         const OracleExecutor &oracle) {
  if (!device && !interpreter)
    return {};
  // Nobody knows whose it was; the interpreter stops at each access outside.
  if (device && interpreter && device->code == TrapCode::StrayStore &&
      interpreter->code == TrapCode::OutOfBoundsMemoryAccess)
    return {};
  if (device && interpreter &&
      oracle.trapOf(device->block, device->thread) == device->code)
    return {};
  std::string text = tell(device) + " on the device, " + tell(interpreter) +
                     " in the interpreter";
  auto exhausted = [](const std::optional<Trap> &trap) {
    return trap && trap->code == TrapCode::CallStackExhausted;
  };
  if (exhausted(device) != exhausted(interpreter))
    text += " (each has its own limit on the depth of calls)";
  else if (!oracle.traps().complete())
    text += " (too many traps to remember each)";
  return text;
}

/// Equal, or NaNs of the same type with other payloads, which are counted.
bool sameValue(const Value &a, const Value &b, const OracleExecutor &oracle,
               uint64_t &nanPayloads) {
  if (a.type != b.type)
    return false;
  if (oracle.canonicalReference(a.type, a.bits) ==
          oracle.canonicalReference(b.type, b.bits) &&
      a.high == b.high)
    return true;
  bool nan = (a.type == ValueType::F32 && isNaN32(uint32_t(a.bits)) &&
              isNaN32(uint32_t(b.bits))) ||
             (a.type == ValueType::F64 && isNaN64(a.bits) && isNaN64(b.bits));
  nanPayloads += nan;
  return nan;
}

std::string differ(const std::string &what, const Value &device,
                   const Value &interpreter, const ptxbin::Manifest &manifest) {
  return what + " is " + formatValue(device, manifest) + " on the device and " +
         formatValue(interpreter, manifest) + " in the interpreter";
}

bool isWithin(const Tolerance &tolerance, const Value &a, const Value &b,
              Deviation &largest) {
  if (tolerance.isExact() || a.type != b.type ||
      (a.type != ValueType::F32 && a.type != ValueType::F64))
    return false;
  const bool is32 = a.type == ValueType::F32;
  for (uint64_t bits : {a.bits, b.bits})
    if (is32 ? isNaN32(uint32_t(bits)) : isNaN64(bits))
      return false;
  // Little-endian: the low half of the bits comes first.
  return isWithin(tolerance, is32 ? ElementType::F32 : ElementType::F64,
                  reinterpret_cast<const uint8_t *>(&a.bits),
                  reinterpret_cast<const uint8_t *>(&b.bits), largest);
}

std::string compareResults(const ptxbin::Manifest &manifest,
                           const Outcome &device, const Outcome &interpreter,
                           const OracleExecutor &oracle,
                           const std::vector<std::string> &names,
                           Verification &v) {
  if (device.results.size() != interpreter.results.size())
    return std::to_string(device.results.size()) + " results on the device, " +
           std::to_string(interpreter.results.size()) + " in the interpreter";
  for (size_t i = 0; i < device.results.size(); ++i) {
    const Value &a = device.results[i], &b = interpreter.results[i];
    if (!sameValue(a, b, oracle, v.nanPayloads) &&
        !isWithin(v.tolerance, a, b, v.within))
      return differ(i < names.size() ? names[i]
                                     : "result " + std::to_string(i + 1),
                    a, b, manifest);
  }
  return {};
}

std::string compareGlobals(const ptxbin::Manifest &manifest,
                           const Executor &device, const OracleExecutor &oracle,
                           Verification &v) {
  for (uint32_t i = 0; i < manifest.globals.size(); ++i) {
    const Value a = device.global(i), b = oracle.global(i);
    if (!sameValue(a, b, oracle, v.nanPayloads) &&
        !isWithin(v.tolerance, a, b, v.within))
      return differ("global " + std::to_string(i), a, b, manifest);
  }
  return {};
}

std::string compareTables(const ptxbin::Manifest &manifest,
                          const Executor &device, const OracleExecutor &oracle,
                          const Snapshot *before) {
  uint64_t ignored = 0;
  for (uint32_t i = 0; i < manifest.tables.size(); ++i) {
    const std::vector<uint64_t> a = device.table(i), b = oracle.table(i);
    const std::string what = "table " + std::to_string(i);
    if (before ? a.size() < b.size() : a.size() != b.size())
      return what + " has " + std::to_string(a.size()) +
             " elements on the device and " + std::to_string(b.size()) +
             " in the interpreter";
    const ValueType type = manifest.tables[i].type;
    for (size_t j = 0; j < b.size(); ++j) {
      if (before && j < before->tables[i].size() &&
          b[j] == before->tables[i][j])
        continue;
      if (a[j] != b[j] &&
          !sameValue({type, a[j]}, {type, b[j]}, oracle, ignored))
        return differ("element " + std::to_string(j) + " of " + what,
                      {type, a[j]}, {type, b[j]}, manifest);
    }
  }
  return {};
}

} // namespace

Snapshot takeSnapshot(const ptxbin::Manifest &manifest,
                      OracleExecutor &oracle) {
  Snapshot snapshot;
  for (uint32_t i = 0; i < manifest.memories.size(); ++i) {
    std::span<const uint8_t> memory = oracle.memory(i);
    snapshot.memories.emplace_back(memory.begin(), memory.end());
  }
  for (uint32_t i = 0; i < manifest.tables.size(); ++i)
    snapshot.tables.push_back(oracle.table(i));
  return snapshot;
}

/// Compares all memories and adds up what was found; the arguments' buffers
/// are in one of them. Returns what to tell of the first that differs.
static std::string compareMemories(const ptxbin::Manifest &manifest,
                                   Executor &device, OracleExecutor &oracle,
                                   const Arguments &arguments, uint64_t base,
                                   const CompareOptions &options,
                                   MemoryComparison &sum) {
  std::string text;
  for (uint32_t i = 0; i < manifest.memories.size(); ++i) {
    MemoryRules rules;
    for (const ptxbin::StackWindow &window : options.windows)
      if (i == window.memory)
        rules.begin = std::max<uint64_t>(rules.begin, window.low + window.size);
    rules.tolerance = options.tolerance;
    if (options.before)
      rules.before = &options.before->memories[i];
    MemoryComparison one = compareMemory(
        device.memory(i), oracle.memory(i),
        i == arguments.memory ? arguments : Arguments(), base, rules);
    if (text.empty() && !one.agrees())
      text = tell(one, i, manifest);
    sum.deviceBytes += one.deviceBytes;
    sum.interpreterBytes += one.interpreterBytes;
    sum.differences += one.differences;
    sum.nanPayloads += one.nanPayloads;
    sum.compared += one.compared;
    sum.within.add(one.within);
    sum.sampled |= one.sampled;
    if (!sum.first && one.first) {
      sum.first = one.first;
      sum.first->memory = i;
    }
  }
  return text;
}

Verification compareOutcomes(const ptxbin::Manifest &manifest,
                             const Outcome &device, Executor &deviceExecutor,
                             const Outcome &interpreter, OracleExecutor &oracle,
                             const Arguments &arguments, uint64_t base,
                             const CompareOptions &options) {
  Verification v;
  v.seconds = interpreter.seconds;
  v.tolerance = options.tolerance;
  auto check = [&](std::string mismatch) {
    if (v.mismatch.empty())
      v.mismatch = std::move(mismatch);
  };
  check(compareTraps(device.trap, interpreter.trap, oracle));
  check(compareResults(manifest, device, interpreter, oracle,
                       options.resultNames, v));
  // How deep calls went before the stack ended is the device's own, and so is
  // what they stored on the way, or what threads did after they had stored
  // something outside of memory.
  if (v.mismatch.empty() && device.trap &&
      (device.trap->code == TrapCode::CallStackExhausted || device.strayStore))
    return v;
  v.memory.emplace();
  check(compareMemories(manifest, deviceExecutor, oracle, arguments, base,
                        options, *v.memory));
  check(compareGlobals(manifest, deviceExecutor, oracle, v));
  check(compareTables(manifest, deviceExecutor, oracle, options.before));
  v.nanPayloads += v.memory->nanPayloads;
  v.within.add(v.memory->within);
  return v;
}

} // namespace twrun::cli
