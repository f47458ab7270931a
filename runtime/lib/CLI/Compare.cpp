//===- Compare.cpp - two executors' outcomes, bit for bit -----------------===//
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
#include <cstring>

namespace twrun::cli {

using abi::TrapCode;

namespace {

template <typename Bits> Bits load(const uint8_t *data) {
  Bits bits;
  std::memcpy(&bits, data, sizeof bits);
  return bits;
}

bool bothNaN(ElementType type, const uint8_t *a, const uint8_t *b) {
  if (type == ElementType::F32)
    return isNaN32(load<uint32_t>(a)) && isNaN32(load<uint32_t>(b));
  if (type == ElementType::F64)
    return isNaN64(load<uint64_t>(a)) && isNaN64(load<uint64_t>(b));
  return false;
}

/// A stretch of memory seen as elements of one type.
struct Stretch {
  uint64_t begin, end;
  ElementType type = ElementType::U8;
  std::optional<size_t> parameter;
};

class MemoryComparer {
public:
  MemoryComparer(std::span<const uint8_t> device,
                 std::span<const uint8_t> interpreter, MemoryComparison &result)
      : device(device), interpreter(interpreter), result(result) {}

  void compare(const Stretch &stretch) {
    // Equal blocks, nearly all of them, cost one memcmp; the block size is a
    // multiple of every element's.
    constexpr uint64_t block = 4096;
    for (uint64_t at = stretch.begin; at < stretch.end; at += block) {
      uint64_t size = std::min(block, stretch.end - at);
      if (std::memcmp(device.data() + at, interpreter.data() + at, size))
        compareElements(stretch, at, at + size);
    }
  }

private:
  void compareElements(const Stretch &stretch, uint64_t begin, uint64_t end) {
    const unsigned size = byteSize(stretch.type);
    for (uint64_t at = begin; at < end; at += size) {
      const uint8_t *a = device.data() + at, *b = interpreter.data() + at;
      if (!std::memcmp(a, b, size))
        continue;
      if (bothNaN(stretch.type, a, b)) {
        ++result.nanPayloads;
        continue;
      }
      if (result.differences++ == 0)
        result.first = Difference{0,
                                  at,
                                  stretch.parameter,
                                  (at - stretch.begin) / size,
                                  toString(stretch.type),
                                  formatElement(stretch.type, a),
                                  formatElement(stretch.type, b)};
    }
  }

  std::span<const uint8_t> device, interpreter;
  MemoryComparison &result;
};

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
  if (memory.deviceBytes != memory.interpreterBytes)
    return name(index, manifest, "linear memory") + " has " +
           std::to_string(memory.deviceBytes) + " bytes on the device and " +
           std::to_string(memory.interpreterBytes) + " in the interpreter";
  const Difference &d = *memory.first;
  std::string where =
      name(index, manifest, "memory") + " differs at " + hex(d.address);
  if (d.parameter)
    where += ", " + d.type + " element " + std::to_string(d.element) +
             " of argument " + std::to_string(*d.parameter + 1);
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
  return std::string("'") + abi::trapMessage(trap->code) + "' in block " +
         tell(trap->block) + ", thread " + tell(trap->thread);
}

/// Empty when the traps agree.
std::string compareTraps(const std::optional<Trap> &device,
                         const std::optional<Trap> &interpreter,
                         const OracleExecutor &oracle) {
  if (!device && !interpreter)
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

std::string compareResults(const ptxbin::Manifest &manifest,
                           const Outcome &device, const Outcome &interpreter,
                           const OracleExecutor &oracle,
                           uint64_t &nanPayloads) {
  if (device.results.size() != interpreter.results.size())
    return std::to_string(device.results.size()) + " results on the device, " +
           std::to_string(interpreter.results.size()) + " in the interpreter";
  for (size_t i = 0; i < device.results.size(); ++i) {
    const Value &a = device.results[i], &b = interpreter.results[i];
    if (!sameValue(a, b, oracle, nanPayloads))
      return differ("result " + std::to_string(i + 1), a, b, manifest);
  }
  return {};
}

std::string compareGlobals(const ptxbin::Manifest &manifest,
                           const Executor &device, const OracleExecutor &oracle,
                           uint64_t &nanPayloads) {
  for (uint32_t i = 0; i < manifest.globals.size(); ++i) {
    const Value a = device.global(i), b = oracle.global(i);
    if (!sameValue(a, b, oracle, nanPayloads))
      return differ("global " + std::to_string(i), a, b, manifest);
  }
  return {};
}

std::string compareTables(const ptxbin::Manifest &manifest,
                          const Executor &device,
                          const OracleExecutor &oracle) {
  uint64_t ignored = 0;
  for (uint32_t i = 0; i < manifest.tables.size(); ++i) {
    const std::vector<uint64_t> a = device.table(i), b = oracle.table(i);
    const std::string what = "table " + std::to_string(i);
    if (a.size() != b.size())
      return what + " has " + std::to_string(a.size()) +
             " elements on the device and " + std::to_string(b.size()) +
             " in the interpreter";
    const ValueType type = manifest.tables[i].type;
    for (size_t j = 0; j < a.size(); ++j)
      if (a[j] != b[j] &&
          !sameValue({type, a[j]}, {type, b[j]}, oracle, ignored))
        return differ("element " + std::to_string(j) + " of " + what,
                      {type, a[j]}, {type, b[j]}, manifest);
  }
  return {};
}

} // namespace

MemoryComparison compareMemory(std::span<const uint8_t> device,
                               std::span<const uint8_t> interpreter,
                               const Arguments &arguments, uint64_t base,
                               uint64_t begin) {
  MemoryComparison result;
  result.deviceBytes = device.size();
  result.interpreterBytes = interpreter.size();
  const uint64_t size = std::min(device.size(), interpreter.size());
  MemoryComparer comparer(device, interpreter, result);
  uint64_t at = std::min(begin, size);
  for (const Buffer &buffer : arguments.buffers) {
    uint64_t first = base + buffer.offset;
    uint64_t end = first + buffer.initial.data.size();
    if (first < at)
      continue; // left out
    if (end > size)
      break; // sizes differ; what is common is compared as bytes
    comparer.compare({at, first, ElementType::U8, std::nullopt});
    comparer.compare({first, end, buffer.initial.type, buffer.parameter});
    at = end;
  }
  comparer.compare({at, size, ElementType::U8, std::nullopt});
  return result;
}

/// Compares all memories and adds up what was found; the arguments' buffers
/// are in one of them. Returns what to tell of the first that differs.
static std::string compareMemories(const ptxbin::Manifest &manifest,
                                   Executor &device, OracleExecutor &oracle,
                                   const Arguments &arguments, uint64_t base,
                                   const ptxbin::StackWindow *window,
                                   MemoryComparison &sum) {
  std::string text;
  for (uint32_t i = 0; i < manifest.memories.size(); ++i) {
    MemoryComparison one =
        compareMemory(device.memory(i), oracle.memory(i),
                      i == arguments.memory ? arguments : Arguments(), base,
                      window && i == window->memory ? window->low + window->size
                                                    : 0);
    if (text.empty() && !one.agrees())
      text = tell(one, i, manifest);
    sum.deviceBytes += one.deviceBytes;
    sum.interpreterBytes += one.interpreterBytes;
    sum.differences += one.differences;
    sum.nanPayloads += one.nanPayloads;
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
                             const ptxbin::StackWindow *window) {
  Verification v;
  v.seconds = interpreter.seconds;
  auto check = [&](std::string mismatch) {
    if (v.mismatch.empty())
      v.mismatch = std::move(mismatch);
  };
  check(compareTraps(device.trap, interpreter.trap, oracle));
  check(compareResults(manifest, device, interpreter, oracle, v.nanPayloads));
  // How deep calls went before the stack ended is the device's own, and so is
  // what they stored on the way.
  if (v.mismatch.empty() && device.trap &&
      device.trap->code == TrapCode::CallStackExhausted)
    return v;
  v.memory.emplace();
  check(compareMemories(manifest, deviceExecutor, oracle, arguments, base,
                        window, *v.memory));
  check(compareGlobals(manifest, deviceExecutor, oracle, v.nanPayloads));
  check(compareTables(manifest, deviceExecutor, oracle));
  v.nanPayloads += v.memory->nanPayloads;
  return v;
}

} // namespace twrun::cli
