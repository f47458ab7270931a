//===- CompareMemory.cpp - two memories, element by element ---------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Memory is the buffers that arguments name, in their element types, and bytes
// between and behind them.
//
//===----------------------------------------------------------------------===//

#include "Compare.h"

#include "Numbers.h"
#include "lib/Quote.h"

#include <algorithm>
#include <cstring>

namespace twrun::cli {

namespace {

template <typename Bits> Bits load(const uint8_t *data) {
  Bits bits;
  std::memcpy(&bits, data, sizeof bits);
  return bits;
}

bool isNaN(ElementType type, const uint8_t *data) {
  if (type == ElementType::F32)
    return isNaN32(load<uint32_t>(data));
  return type == ElementType::F64 && isNaN64(load<uint64_t>(data));
}

bool bothNaN(ElementType type, const uint8_t *a, const uint8_t *b) {
  return isNaN(type, a) && isNaN(type, b);
}

/// A stretch of memory seen as elements of one type.
struct Stretch {
  uint64_t begin, end;
  ElementType type = ElementType::U8;
  const Buffer *buffer = nullptr; // that it is
};

/// "argument 3", "buffer 'out'".
std::string nameOf(const Buffer &buffer) {
  return buffer.name.empty()
             ? "argument " + std::to_string(buffer.parameter + 1)
             : "buffer " + quoteName(buffer.name);
}

class MemoryComparer {
public:
  MemoryComparer(std::span<const uint8_t> device,
                 std::span<const uint8_t> interpreter, const MemoryRules &rules,
                 MemoryComparison &result)
      : device(device), interpreter(interpreter), rules(rules), result(result) {
  }

  void compare(const Stretch &stretch) {
    // Equal blocks, nearly all of them, cost one memcmp; the block size is a
    // multiple of every element's.
    constexpr uint64_t block = 4096;
    for (uint64_t at = stretch.begin; at < stretch.end; at += block) {
      uint64_t size = std::min(block, stretch.end - at);
      if (!rules.before)
        result.compared += size;
      if (rules.before ||
          std::memcmp(device.data() + at, interpreter.data() + at, size))
        compareElements(stretch, at, at + size);
    }
  }

private:
  void compareElements(const Stretch &stretch, uint64_t begin, uint64_t end) {
    const unsigned size = byteSize(stretch.type);
    for (uint64_t at = begin; at < end; at += size) {
      const uint8_t *a = device.data() + at, *b = interpreter.data() + at;
      if (rules.before) {
        // Not changed: for others to write.
        if (isUnchanged(at, size))
          continue;
        result.compared += size;
      }
      if (!std::memcmp(a, b, size))
        continue;
      if (bothNaN(stretch.type, a, b)) {
        ++result.nanPayloads;
        continue;
      }
      if (isFloat(stretch.type) && !rules.tolerance.isExact() &&
          !isNaN(stretch.type, a) && !isNaN(stretch.type, b) &&
          isWithin(rules.tolerance, stretch.type, a, b, result.within))
        continue;
      if (result.differences++ == 0) {
        Difference &first = result.first.emplace();
        first.address = at;
        if (stretch.buffer) {
          first.parameter = stretch.buffer->parameter;
          first.buffer = nameOf(*stretch.buffer);
        }
        first.element = (at - stretch.begin) / size;
        first.type = toString(stretch.type);
        first.device = formatElement(stretch.type, a);
        first.interpreter = formatElement(stretch.type, b);
      }
    }
  }

  bool isUnchanged(uint64_t at, unsigned size) const {
    return at + size <= rules.before->size() &&
           !std::memcmp(interpreter.data() + at, rules.before->data() + at,
                        size);
  }

  std::span<const uint8_t> device, interpreter;
  const MemoryRules &rules;
  MemoryComparison &result;
};

} // namespace

MemoryComparison compareMemory(std::span<const uint8_t> device,
                               std::span<const uint8_t> interpreter,
                               const Arguments &arguments, uint64_t base,
                               const MemoryRules &rules) {
  MemoryComparison result;
  result.deviceBytes = device.size();
  result.interpreterBytes = interpreter.size();
  result.sampled = rules.before != nullptr;
  const uint64_t size = std::min(device.size(), interpreter.size());
  MemoryComparer comparer(device, interpreter, rules, result);
  uint64_t at = std::min(rules.begin, size);
  for (const Buffer &buffer : arguments.buffers) {
    uint64_t first = base + buffer.offset;
    uint64_t end = first + buffer.initial.data.size();
    if (first < at)
      continue; // left out
    if (end > size)
      break; // sizes differ; what is common is compared as bytes
    comparer.compare({at, first});
    comparer.compare({first, end, buffer.initial.type, &buffer});
    at = end;
  }
  comparer.compare({at, size});
  return result;
}

} // namespace twrun::cli
