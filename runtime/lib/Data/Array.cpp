//===- Array.cpp - typed, shaped bytes ------------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Array.h"

#include "lib/Quote.h"

#include <charconv>
#include <cstring>
#include <new>

namespace twrun {

namespace {
struct TypeInfo {
  ElementType type;
  const char *name;
  unsigned size;
};
constexpr TypeInfo types[] = {
    {ElementType::I8, "i8", 1},   {ElementType::U8, "u8", 1},
    {ElementType::I16, "i16", 2}, {ElementType::U16, "u16", 2},
    {ElementType::I32, "i32", 4}, {ElementType::U32, "u32", 4},
    {ElementType::I64, "i64", 8}, {ElementType::U64, "u64", 8},
    {ElementType::F32, "f32", 4}, {ElementType::F64, "f64", 8},
};
const TypeInfo &info(ElementType type) { return types[size_t(type)]; }
} // namespace

const char *toString(ElementType type) { return info(type).name; }

std::optional<ElementType> parseElementType(std::string_view text) {
  for (const TypeInfo &t : types)
    if (text == t.name)
      return t.type;
  return std::nullopt;
}

unsigned byteSize(ElementType type) { return info(type).size; }

bool isFloat(ElementType type) {
  return type == ElementType::F32 || type == ElementType::F64;
}

std::string toString(const Shape &shape) {
  std::string text;
  for (uint64_t extent : shape)
    text += (text.empty() ? "" : "x") + std::to_string(extent);
  return text.empty() ? "scalar" : text;
}

Expected<Shape> parseShape(std::string_view text) {
  Shape shape;
  const char *at = text.data(), *end = at + text.size();
  while (true) {
    uint64_t extent = 0;
    auto [next, status] = std::from_chars(at, end, extent);
    if (status != std::errc())
      break;
    shape.push_back(extent);
    if (next == end && shape.size() <= maxRank)
      return shape;
    if (next == end || *next != 'x')
      break;
    at = next + 1;
  }
  return makeError(ErrorKind::Invalid,
                   "shape " + quoteName(text) +
                       " is not up to 32 extents such as 1024x768");
}

Expected<uint64_t> arrayBytes(ElementType type, const Shape &shape) {
  uint64_t bytes = byteSize(type);
  bool fits = shape.size() <= maxRank;
  bool empty = false;
  for (uint64_t extent : shape) {
    // A zero anywhere must not hide an absurd extent elsewhere.
    empty |= extent == 0;
    fits = fits &&
           !__builtin_mul_overflow(bytes, extent ? extent : 1, &bytes) &&
           bytes <= maxArrayBytes;
  }
  if (!fits)
    return makeError(ErrorKind::Malformed,
                     std::string(toString(type)) + " array of shape " +
                         toString(shape) +
                         " is larger than the 4 GiB of linear memory");
  return empty ? 0 : bytes;
}

Expected<Bytes> allocateZeros(uint64_t size) {
  try {
    return Bytes(size);
  } catch (const std::bad_alloc &) {
    return makeError(ErrorKind::OutOfMemory, "not enough memory for a buffer of " +
                                        std::to_string(size) + " bytes");
  }
}

} // namespace twrun
