//===- Buffer.cpp - buffer arguments --------------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Buffer.h"

#include "Numbers.h"
#include "Png.h"
#include "Random.h"
#include "lib/Data/Npy.h"
#include "lib/Quote.h"

namespace twrun::cli {

namespace {

bool endsWith(std::string_view text, std::string_view end) {
  return text.size() >= end.size() &&
         text.substr(text.size() - end.size()) == end;
}

/// Takes the text before the next ':' off the front.
std::optional<std::string_view> takeField(std::string_view &text) {
  size_t colon = text.find(':');
  if (colon == text.npos)
    return std::nullopt;
  std::string_view field = text.substr(0, colon);
  text.remove_prefix(colon + 1);
  return field;
}

Expected<void> parseTypeAndShape(std::string_view text, BufferSpec &spec) {
  auto typeName = takeField(text);
  std::optional<ElementType> type =
      typeName ? parseElementType(*typeName) : std::nullopt;
  if (!type)
    return makeError(ErrorKind::Invalid,
                     "expected TYPE:SHAPE such as f32:1024x768, with TYPE one "
                     "of i8 u8 i16 u16 i32 u32 i64 u64 f32 f64");
  spec.type = *type;
  auto shape = parseShape(text);
  if (!shape)
    return shape.error();
  spec.shape = std::move(*shape);
  if (auto bytes = arrayBytes(spec.type, spec.shape); !bytes)
    return bytes.error();
  return {};
}

Expected<void> parseSource(std::string_view text, BufferSpec &spec) {
  constexpr std::string_view zeros = "zeros:", random = "random:";
  if (text.substr(0, zeros.size()) == zeros) {
    spec.source = BufferSpec::Source::Zeros;
    return parseTypeAndShape(text.substr(zeros.size()), spec);
  }
  if (text.substr(0, random.size()) == random) {
    spec.source = BufferSpec::Source::Random;
    text.remove_prefix(random.size());
    auto seedText = takeField(text);
    if (!seedText)
      return makeError(ErrorKind::Invalid,
                       "expected random:SEED:TYPE:SHAPE, such as "
                       "random:42:f32:1024");
    auto seed = parseValue(ValueType::I64, *seedText);
    if (!seed)
      return seed.error();
    spec.seed = seed->bits;
    return parseTypeAndShape(text, spec);
  }
  if (text.empty())
    return makeError(ErrorKind::Invalid, "expected a file name, zeros:TYPE:"
                                         "SHAPE or random:SEED:TYPE:SHAPE");
  spec.source = endsWith(text, ".npy") ? BufferSpec::Source::Npy
                                       : BufferSpec::Source::Raw;
  spec.path = text;
  return {};
}

Expected<Array> readSource(const BufferSpec &spec, uint64_t limit) {
  const bool npy = spec.source == BufferSpec::Source::Npy;
  const uint64_t overhead = npy ? maxNpyPreamble + maxNpyHeader : 0;
  auto file = ptxbin::readFile(spec.path, limit + overhead);
  if (!file)
    return file.error();
  if (npy) {
    auto array = readNpy(std::move(*file));
    if (!array)
      return makeError(array.error().kind,
                       oneLine(spec.path) + ": " + array.error().message);
    return array;
  }
  Array array;
  array.shape = {file->size()};
  array.data = std::move(*file);
  return array;
}

} // namespace

Expected<BufferSpec> parseBufferSpec(std::string_view text) {
  BufferSpec spec;
  std::string_view body = text.substr(1);
  size_t equals = body.find('=');
  auto where = [&](const Error &error) {
    return makeError(error.kind,
                     "buffer " + quoteName(text) + ": " + error.message);
  };
  if (equals != body.npos) {
    spec.sink = body.substr(equals + 1);
    if (spec.sink.empty())
      return where(
          makeError(ErrorKind::Invalid, "expected a file name after '='"));
  }
  if (auto parsed = parseSource(body.substr(0, equals), spec); !parsed)
    return where(parsed.error());
  return spec;
}

Expected<Array> loadBuffer(const BufferSpec &spec, uint64_t limit) {
  Array array;
  if (spec.source == BufferSpec::Source::Npy ||
      spec.source == BufferSpec::Source::Raw) {
    auto read = readSource(spec, limit);
    if (!read)
      return read.error();
    array = std::move(*read);
  } else {
    auto bytes = arrayBytes(spec.type, spec.shape);
    if (!bytes)
      return bytes.error();
    if (*bytes > limit)
      return makeError(ErrorKind::Incompatible,
                       "buffer of " + std::to_string(*bytes) +
                           " bytes: linear memory has room for " +
                           std::to_string(limit) + " more");
    auto data = allocateZeros(*bytes);
    if (!data)
      return data.error();
    array.type = spec.type;
    array.shape = spec.shape;
    array.data = std::move(*data);
    if (spec.source == BufferSpec::Source::Random)
      fillRandom(spec.seed, array.type, array.data);
  }
  if (endsWith(spec.sink, ".png"))
    if (auto picture = pictureOf(array.type, array.shape); !picture)
      return makeError(picture.error().kind,
                       oneLine(spec.sink) + ": " + picture.error().message);
  return array;
}

Expected<Bytes> encodeSink(const std::string &sink, ElementType type,
                           const Shape &shape, ByteView data) {
  if (endsWith(sink, ".npy"))
    return writeNpy(type, shape, data);
  if (endsWith(sink, ".png")) {
    auto picture = pictureOf(type, shape);
    if (!picture)
      return picture.error();
    return encodePng(*picture, data);
  }
  return Bytes(data.begin(), data.end());
}

} // namespace twrun::cli
