//===- Arguments.cpp - a kernel's arguments -------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Arguments.h"

#include "Numbers.h"
#include "lib/Quote.h"
#include "lib/Trace.h"

#include <algorithm>
#include <cstring>

namespace twrun::cli {

namespace {

uint64_t roundUp(uint64_t value, uint64_t multiple) {
  return (value + multiple - 1) / multiple * multiple;
}

Error where(size_t index, const Error &error) {
  return makeError(error.kind, "argument " + std::to_string(index + 1) + ": " +
                                   error.message);
}

std::string signatureOf(const ptxbin::KernelInfo &kernel) {
  std::string text;
  for (ValueType type : kernel.params)
    text += (text.empty() ? "" : ", ") + std::string(ptxbin::toString(type));
  return quoteName(kernel.name) + " (" + text + ")";
}

/// Pages that memory may have in all, and what says so.
struct PageLimit {
  uint64_t pages;
  const char *why;
};

PageLimit pageLimit(const ptxbin::MemoryInfo &memory) {
  const uint64_t most = memory.index64 ? maxPages64 : maxPages;
  if (memory.maxPages && *memory.maxPages < most)
    return {*memory.maxPages, "the maximum that the module declares"};
  return {most, memory.index64 ? "what can be reserved at all"
                               : "the 4 GiB that 32-bit addresses reach"};
}

/// The memory that buffers are placed in, if there is one.
const ptxbin::MemoryInfo *bufferMemory(const ptxbin::Manifest &manifest,
                                       uint32_t index) {
  return index < manifest.memories.size() ? &manifest.memories[index] : nullptr;
}

/// What is free for buffers; 0 pages when there is no memory.
uint64_t freePages(const ptxbin::Manifest &manifest, uint32_t index) {
  if (!bufferMemory(manifest, index))
    return 0;
  const ptxbin::MemoryInfo &memory = manifest.memories[index];
  uint64_t limit = pageLimit(memory).pages;
  return limit - std::min(limit, memory.minPages);
}

Error noRoom(const ptxbin::Manifest &manifest, uint32_t index,
             uint64_t wanted) {
  if (!bufferMemory(manifest, index))
    return makeError(ErrorKind::Incompatible,
                     "buffers need linear memory, and the module has none");
  const ptxbin::MemoryInfo &memory = manifest.memories[index];
  PageLimit limit = pageLimit(memory);
  return makeError(ErrorKind::Incompatible,
                   "buffers up to here take " + std::to_string(wanted) +
                       " bytes of linear memory, and " +
                       std::to_string(freePages(manifest, index) * pageBytes) +
                       " are possible: it has " +
                       std::to_string(memory.minPages) +
                       " pages of 64 KiB, of at most " +
                       std::to_string(limit.pages) + ", " + limit.why);
}

/// Bytes that `spec` will take, where that is known without reading a file.
uint64_t knownBytes(const BufferSpec &spec) {
  if (spec.source == BufferSpec::Source::Npy ||
      spec.source == BufferSpec::Source::Raw)
    return 0;
  auto bytes = arrayBytes(spec.type, spec.shape);
  return bytes ? *bytes : 0;
}

} // namespace

ValueType addressType(const ptxbin::Manifest &manifest, uint32_t index) {
  const ptxbin::MemoryInfo *memory = bufferMemory(manifest, index);
  return memory && memory->index64 ? ValueType::I64 : ValueType::I32;
}

Expected<void> addBuffer(const ptxbin::Manifest &manifest, Arguments &arguments,
                         Buffer buffer) {
  const BufferSpec &spec = buffer.spec;
  for (const Buffer &other : arguments.buffers)
    if (!spec.sink.empty() && other.spec.sink == spec.sink)
      return makeError(
          ErrorKind::Invalid,
          oneLine(spec.sink) + " is the sink of " +
              (other.name.empty()
                   ? "argument " + std::to_string(other.parameter + 1)
                   : "buffer " + quoteName(other.name)) +
              " too");
  const uint32_t index = arguments.memory;
  const uint64_t room = freePages(manifest, index) * pageBytes;
  uint64_t end = 0; // of the buffers so far
  if (!arguments.buffers.empty())
    end = arguments.buffers.back().offset +
          arguments.buffers.back().initial.data.size();
  buffer.offset = roundUp(end, bufferAlignment);
  if (room == 0 || buffer.offset > room ||
      knownBytes(spec) > room - buffer.offset)
    return noRoom(manifest, index, buffer.offset + knownBytes(spec));
  auto array = loadBuffer(spec, room - buffer.offset);
  if (!array)
    return array.error();
  end = buffer.offset + array->data.size();
  if (end > room)
    return noRoom(manifest, index, end);
  buffer.initial = std::move(*array);
  arguments.buffers.push_back(std::move(buffer));
  arguments.extraPages = roundUp(end, pageBytes) / pageBytes;
  return {};
}

Expected<Arguments> parseArguments(const ptxbin::Manifest &manifest,
                                   const ptxbin::KernelInfo &kernel,
                                   std::span<const std::string> texts) {
  if (texts.size() != kernel.params.size())
    return makeError(
        ErrorKind::Invalid,
        signatureOf(kernel) + " takes " + std::to_string(kernel.params.size()) +
            " arguments, but " + std::to_string(texts.size()) + " were given");
  Arguments arguments;
  arguments.memory = kernel.memory.value_or(0);
  const ValueType address = addressType(manifest, arguments.memory);
  for (size_t i = 0; i < texts.size(); ++i) {
    if (!isBuffer(texts[i])) {
      auto value = parseValue(kernel.params[i], texts[i]);
      if (!value)
        return where(i, value.error());
      arguments.values.push_back(*value);
      continue;
    }
    if (kernel.params[i] != address)
      return where(
          i, makeError(ErrorKind::Invalid,
                       "a buffer's address is an " +
                           std::string(ptxbin::toString(address)) +
                           ", but the parameter is an " +
                           std::string(ptxbin::toString(kernel.params[i]))));
    auto spec = parseBufferSpec(texts[i]);
    if (!spec)
      return where(i, spec.error());
    Buffer buffer;
    buffer.parameter = i;
    buffer.spec = std::move(*spec);
    if (auto added = addBuffer(manifest, arguments, std::move(buffer)); !added)
      return where(i, added.error());
    arguments.values.push_back({address, arguments.buffers.back().offset});
  }
  return arguments;
}

Expected<Placement> place(const Arguments &arguments, Executor &executor) {
  Placement placement;
  placement.values = arguments.values;
  if (arguments.buffers.empty())
    return placement;
  TraceSpan span("copy in");
  auto base = executor.allocate(arguments.extraPages * pageBytes,
                                bufferAlignment, arguments.memory);
  if (!base)
    return base.error();
  placement.base = *base;

  std::span<uint8_t> memory = executor.memory(arguments.memory);
  uint64_t copied = 0;
  for (const Buffer &buffer : arguments.buffers) {
    const Bytes &data = buffer.initial.data;
    uint64_t address = placement.base + buffer.offset;
    if (address > memory.size() || data.size() > memory.size() - address)
      return makeError(ErrorKind::Device,
                       executor.describe() +
                           " grew linear memory to less than was asked for");
    // Only an empty buffer can start at the very end of 4 GiB.
    if (placement.values[buffer.parameter].type == ValueType::I32 &&
        address > 0xffffffffu)
      return makeError(ErrorKind::Incompatible,
                       "an empty buffer would start past the last address");
    copied += data.size();
    if (!data.empty())
      std::memcpy(memory.data() + address, data.data(), data.size());
    placement.values[buffer.parameter].bits = address;
  }
  span.note("bytes", copied);
  return placement;
}

} // namespace twrun::cli
