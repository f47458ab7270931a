//===- Png.cpp - buffers as pictures --------------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Png.h"

#include <csetjmp>
#include <new>
#include <png.h>

namespace twrun::cli {

Expected<Picture> pictureOf(ElementType type, const Shape &shape) {
  const bool packed = type == ElementType::U32 || type == ElementType::I32;
  unsigned channels = 0;
  if (packed && shape.size() == 2)
    channels = 4;
  else if (type == ElementType::U8 && shape.size() == 2)
    channels = 1;
  else if (type == ElementType::U8 && shape.size() == 3 &&
           (shape[2] == 3 || shape[2] == 4))
    channels = unsigned(shape[2]);
  if (channels == 0)
    return makeError(ErrorKind::Invalid,
                     std::string(toString(type)) + " of shape " +
                         toString(shape) +
                         " is no picture: a .png takes u8 HxW, HxWx3 or HxWx4, "
                         "or u32 HxW");
  // libpng's own limit on both sides (PNG_USER_WIDTH_MAX).
  constexpr uint64_t largest = 1000000;
  if (shape[0] == 0 || shape[1] == 0 || shape[0] > largest ||
      shape[1] > largest)
    return makeError(ErrorKind::Invalid,
                     "a .png of " + std::to_string(shape[1]) + " by " +
                         std::to_string(shape[0]) +
                         " pixels is not possible: each side is 1 to 1000000");
  return Picture{uint32_t(shape[1]), uint32_t(shape[0]), channels};
}

namespace {

struct Sink {
  Bytes bytes;
  bool outOfMemory = false;
  char message[96] = {};
};

void append(png_structp png, png_bytep data, size_t size) {
  Sink &sink = *static_cast<Sink *>(png_get_io_ptr(png));
  // No exception may cross libpng's C frames.
  try {
    sink.bytes.insert(sink.bytes.end(), data, data + size);
  } catch (const std::bad_alloc &) {
    sink.outOfMemory = true;
  }
  if (sink.outOfMemory)
    png_error(png, "out of memory");
}

void fail(png_structp png, png_const_charp message) {
  Sink &sink = *static_cast<Sink *>(png_get_error_ptr(png));
  std::snprintf(sink.message, sizeof sink.message, "%s", message);
  png_longjmp(png, 1);
}

void ignoreWarning(png_structp, png_const_charp) {}

/// The part that libpng may leave by longjmp: it owns nothing with a
/// destructor.
bool writePicture(png_structp png, png_infop info, const Picture &picture,
                  const uint8_t *data) {
  if (setjmp(png_jmpbuf(png)))
    return false;
  int colour = picture.channels == 1   ? PNG_COLOR_TYPE_GRAY
               : picture.channels == 3 ? PNG_COLOR_TYPE_RGB
                                       : PNG_COLOR_TYPE_RGB_ALPHA;
  png_set_IHDR(png, info, picture.width, picture.height, 8, colour,
               PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
               PNG_FILTER_TYPE_DEFAULT);
  png_write_info(png, info);
  const size_t stride = size_t(picture.width) * picture.channels;
  for (uint32_t row = 0; row < picture.height; ++row)
    png_write_row(png, data + row * stride);
  png_write_end(png, info);
  return true;
}

} // namespace

Expected<Bytes> encodePng(const Picture &picture, ByteView data) {
  if (data.size() !=
      uint64_t(picture.width) * picture.height * picture.channels)
    return makeError(ErrorKind::Invalid, "a picture's bytes do not match its "
                                         "size");
  Sink sink;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &sink, fail,
                                            ignoreWarning);
  png_infop info = png ? png_create_info_struct(png) : nullptr;
  bool written = false;
  if (info) {
    png_set_write_fn(png, &sink, append, nullptr);
    written = writePicture(png, info, picture, data.data());
  }
  png_destroy_write_struct(&png, &info);
  if (!written)
    return makeError(ErrorKind::IO,
                     std::string("cannot encode a .png: ") +
                         (sink.message[0] ? sink.message : "out of memory"));
  return std::move(sink.bytes);
}

} // namespace twrun::cli
