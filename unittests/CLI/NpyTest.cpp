//===- NpyTest.cpp - NumPy's array files, pictures and random numbers -----===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/CLI/Png.h"
#include "lib/CLI/Random.h"
#include "lib/Data/Npy.h"

#include <gtest/gtest.h>

#include <cstring>
#include <png.h>

using namespace twrun;
using namespace twrun::cli;

namespace {

/// A file of version `major`.0 with this header and this many data bytes.
Bytes npy(const std::string &header, size_t dataBytes, uint8_t major = 1) {
  Bytes file = {0x93, 'N', 'U', 'M', 'P', 'Y', major, 0};
  for (int i = 0; i < (major == 1 ? 2 : 4); ++i)
    file.push_back(uint8_t(header.size() >> (8 * i)));
  file.insert(file.end(), header.begin(), header.end());
  for (size_t i = 0; i < dataBytes; ++i)
    file.push_back(uint8_t(i + 1));
  return file;
}

std::string header(const std::string &descr, const std::string &shape,
                   const std::string &order = "False") {
  return "{'descr': '" + descr + "', 'fortran_order': " + order +
         ", 'shape': " + shape + ", }  \n";
}

TEST(Npy, ReadsEveryVersionAndType) {
  for (uint8_t major : {1, 2, 3}) {
    auto array = readNpy(npy(header("<f4", "(2, 3)"), 24, major));
    ASSERT_TRUE(array) << array.error().message;
    EXPECT_EQ(array->type, ElementType::F32);
    EXPECT_EQ(array->shape, (Shape{2, 3}));
    ASSERT_EQ(array->data.size(), 24u);
    EXPECT_EQ(array->data[0], 1);
    EXPECT_EQ(array->data[23], 24);
  }
  const std::pair<const char *, ElementType> types[] = {
      {"|i1", ElementType::I8},  {"|u1", ElementType::U8},
      {"<i2", ElementType::I16}, {"<u2", ElementType::U16},
      {"<i4", ElementType::I32}, {"<u4", ElementType::U32},
      {"<i8", ElementType::I64}, {"<u8", ElementType::U64},
      {"<f4", ElementType::F32}, {"<f8", ElementType::F64}};
  for (auto [descr, type] : types) {
    auto array = readNpy(npy(header(descr, "(1,)"), byteSize(type)));
    ASSERT_TRUE(array) << descr << array.error().message;
    EXPECT_EQ(array->type, type);
  }
}

TEST(Npy, ReadsScalarsEmptyArraysAndAnyKeyOrder) {
  auto scalar = readNpy(npy(header("<f8", "()"), 8));
  ASSERT_TRUE(scalar) << scalar.error().message;
  EXPECT_TRUE(scalar->shape.empty());
  auto empty = readNpy(npy(header("<f8", "(0, 7)"), 0));
  ASSERT_TRUE(empty);
  EXPECT_EQ(empty->shape, (Shape{0, 7}));
  auto order = readNpy(
      npy("{\"shape\":(2,),\"descr\":\"<u2\",\"fortran_order\":False}", 4));
  ASSERT_TRUE(order) << order.error().message;
}

TEST(Npy, RefusesWhatBreaksARule) {
  auto huge = npy("", 0, 2);
  huge[8] = huge[9] = huge[10] = huge[11] = 0xff;
  auto cut = [](Bytes file, size_t size) {
    file.resize(size);
    return file;
  };
  Bytes good = npy(header("<f4", "(2,)"), 8);
  std::string rank33 = "(";
  for (int i = 0; i < 33; ++i)
    rank33 += "1, ";
  struct {
    Bytes file;
    const char *words;
  } cases[] = {
      {{}, "first six bytes"},
      {{'P', 'K', 3, 4, 0, 0, 0, 0, 0, 0}, "first six bytes"},
      {cut(good, 9), "inside its preamble"},
      {cut(npy("", 0, 2), 11), "inside its preamble"},
      {cut(good, 30), "inside its header"},
      {npy(header("<f4", "(2,)"), 8, 4), "version 4.0"},
      {npy(header("<f4", "(2,)"), 8, 0), "version 0.0"},
      {huge, "longer than 65535"},
      {npy("[1, 2]", 0), "not a dictionary"},
      {npy("{'descr': '<f4', 'descr': '<f4', }", 0), "twice"},
      {npy("{'descr': '<f4', 'shape': (1,), }", 4), "lacks one"},
      {npy("{'colour': 1}", 0), "unknown key 'colour'"},
      {npy("{descr: 1}", 0), "quoted key"},
      {npy("{'descr' '<f4'}", 0), "quoted key"},
      {npy("{'descr': [('a', '<f4')], }", 0), "'descr' is not a string"},
      {npy("{'descr': 'x", 0), "'descr' is not a string"},
      {npy(header("<f4", "(2,)", "1"), 8), "neither True nor False"},
      {npy(header("<f4", "(2)"), 8), "not a tuple"},
      {npy(header("<f4", "(-2,)"), 8), "not a tuple"},
      {npy(header("<f4", "(2 3)"), 24), "not a tuple"},
      {npy(header("<f4", "(99999999999999999999,)"), 8), "not a tuple"},
      {npy(header("<f4", rank33 + ")"), 4), "not a tuple"},
      {npy("{'shape': (1,) 'descr': '<f4'}", 4), "lacks a comma"},
      {npy(header("<f4", "(2,)") + "x", 8), "goes on after"},
      {npy(header("<f4", "(2,)", "True"), 8), "Fortran order"},
      {npy(header(">f4", "(2,)"), 8), "big-endian"},
      {npy(header("<f2", "(2,)"), 4), "'<f2' are none of"},
      {npy(header("|f4", "(2,)"), 8), "'|f4' are none of"},
      {npy(header("<U4", "(2,)"), 8), "none of"},
      {npy(header("<f4", "(4294967296,)"), 8), "larger than the 4 GiB"},
      {npy(header("<f4", "(0, 18446744073709551615, 2)"), 0),
       "larger than the 4 GiB"},
      {npy(header("<f4", "(2,)"), 7), "takes 8 bytes, but 7 follow"},
      {npy(header("<f4", "(2,)"), 9), "takes 8 bytes, but 9 follow"},
  };
  for (auto &c : cases) {
    auto array = readNpy(c.file);
    ASSERT_FALSE(array) << c.words;
    EXPECT_NE(array.error().message.find(c.words), std::string::npos)
        << array.error().message;
  }
}

TEST(Npy, WritesAsNumPyDoes) {
  const uint8_t data[] = {1, 2, 3, 4, 5, 6, 7, 8};
  Bytes file = writeNpy(ElementType::F32, {2}, data);
  // numpy.save of a float32 array of two elements.
  std::string expected("\x93NUMPY\x01\x00\x76\x00", 10);
  expected += "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }";
  expected.resize(127, ' ');
  expected += "\n";
  ASSERT_EQ(file.size(), 136u);
  EXPECT_EQ(std::string(file.begin(), file.begin() + 128), expected);
  auto back = readNpy(file);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->data, Bytes(data, data + 8));
  for (const Shape &shape : {Shape{}, Shape{8}, Shape{2, 2, 2}}) {
    auto again = readNpy(
        writeNpy(ElementType::U8, shape, {data, shape.empty() ? 1u : 8u}));
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(again->shape, shape);
    EXPECT_EQ(again->type, ElementType::U8);
  }
}

TEST(Png, TellsPicturesFromOtherArrays) {
  struct {
    ElementType type;
    Shape shape;
    unsigned channels;
  } cases[] = {
      {ElementType::U8, {2, 5}, 1},      {ElementType::U8, {2, 5, 3}, 3},
      {ElementType::U8, {2, 5, 4}, 4},   {ElementType::U32, {2, 5}, 4},
      {ElementType::I32, {2, 5}, 4},     {ElementType::U8, {10}, 0},
      {ElementType::U8, {2, 5, 2}, 0},   {ElementType::F32, {2, 5}, 0},
      {ElementType::U32, {2, 5, 4}, 0},  {ElementType::U8, {0, 5}, 0},
      {ElementType::U8, {1, 1000001}, 0}};
  for (auto &c : cases) {
    auto picture = pictureOf(c.type, c.shape);
    ASSERT_EQ(bool(picture), c.channels != 0) << toString(c.shape);
    if (picture) {
      EXPECT_EQ(picture->channels, c.channels);
      EXPECT_EQ(picture->width, 5u);
      EXPECT_EQ(picture->height, 2u);
    }
  }
}

TEST(Png, DecodesToTheSamePixels) {
  for (unsigned channels : {1u, 3u, 4u}) {
    Picture picture{3, 2, channels};
    Bytes pixels(6 * channels);
    for (size_t i = 0; i < pixels.size(); ++i)
      pixels[i] = uint8_t(i * 37);
    auto file = encodePng(picture, pixels);
    ASSERT_TRUE(file) << file.error().message;
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    ASSERT_TRUE(
        png_image_begin_read_from_memory(&image, file->data(), file->size()));
    EXPECT_EQ(image.width, 3u);
    EXPECT_EQ(image.height, 2u);
    unsigned format = channels == 1   ? PNG_FORMAT_GRAY
                      : channels == 3 ? PNG_FORMAT_RGB
                                      : PNG_FORMAT_RGBA;
    ASSERT_EQ(image.format & format, format);
    image.format = format;
    Bytes decoded(PNG_IMAGE_SIZE(image));
    ASSERT_TRUE(
        png_image_finish_read(&image, nullptr, decoded.data(), 0, nullptr));
    EXPECT_EQ(decoded, pixels);
  }
  EXPECT_FALSE(encodePng({3, 2, 1}, Bytes(5)));
}

template <typename T> std::vector<T> random(uint64_t seed, ElementType type) {
  std::vector<T> values(4);
  fillRandom(seed, type,
             {reinterpret_cast<uint8_t *>(values.data()), 4 * sizeof(T)});
  return values;
}

// The generator is part of the interface: these must never change.
TEST(Random, FixedVectors) {
  // SplitMix64 from seed 0, as published.
  EXPECT_EQ(random<uint64_t>(0, ElementType::U64),
            (std::vector<uint64_t>{0xe220a8397b1dcdaf, 0x6e789e6aa1b965f4,
                                   0x06c45d188009454f, 0xf88bb8a8724c81ec}));
  EXPECT_EQ(random<uint8_t>(0, ElementType::U8),
            (std::vector<uint8_t>{0xe2, 0x6e, 0x06, 0xf8}));
  EXPECT_EQ(
      random<int16_t>(0, ElementType::I16),
      (std::vector<int16_t>{int16_t(0xe220), 0x6e78, 0x06c4, int16_t(0xf88b)}));
  EXPECT_EQ(
      random<float>(0, ElementType::F32),
      (std::vector<float>{0xe220a8 * 0x1p-23f - 1, 0x6e789e * 0x1p-23f - 1,
                          0x06c45d * 0x1p-23f - 1, 0xf88bb8 * 0x1p-23f - 1}));
  EXPECT_EQ(random<double>(0, ElementType::F64)[0],
            double(0xe220a8397b1dcdaf >> 11) * 0x1p-52 - 1);
}

TEST(Random, FloatsFillTheirRange) {
  std::vector<float> values(100000);
  fillRandom(7, ElementType::F32,
             {reinterpret_cast<uint8_t *>(values.data()), 400000});
  float least = 1, most = -1;
  double sum = 0;
  for (float v : values) {
    least = std::min(least, v);
    most = std::max(most, v);
    sum += v;
  }
  EXPECT_GE(least, -1);
  EXPECT_LT(least, -0.999);
  EXPECT_LT(most, 1);
  EXPECT_GT(most, 0.999);
  EXPECT_NEAR(sum / 1e5, 0, 0.01);
}

} // namespace
