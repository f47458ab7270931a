//===- CompressionTest.cpp - every rule of compressed sections ------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// docs/PTXBinFormat.md, "Compression": frames are put together by hand, so
// that each can lie about one thing.
//
//===----------------------------------------------------------------------===//

#include "TestSupport.h"

#include <zstd.h>

using namespace ptxbin;
using namespace ptxbin::test;

static Bytes compress(const Bytes &raw, int checksum = 0) {
  Bytes out(ZSTD_compressBound(raw.size()));
  ZSTD_CCtx *context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, checksum);
  size_t size =
      ZSTD_compress2(context, out.data(), out.size(), raw.data(), raw.size());
  ZSTD_freeCCtx(context);
  EXPECT_FALSE(ZSTD_isError(size));
  out.resize(size);
  return out;
}

/// Opens a file whose PTX section is `frame`, said to be `rawSize` bytes with
/// the digest of `raw`, and decompresses it.
static Expected<Bytes> decompress(const Bytes &frame, uint64_t rawSize,
                                  const Bytes &raw) {
  std::vector<HandSection> sections = sampleSections();
  sections[1].flags = 2;
  sections[1].stored = frame;
  sections[1].rawSize = rawSize;
  sections[1].rawDigest = sha256(raw);
  Bytes file = buildByHand(sections);
  resign(file, {testKey(1)});
  auto opened = openTrusted(std::move(file));
  if (!opened)
    return opened.error();
  return opened->raw(1);
}

static void expectRefusedFrame(const Bytes &frame, const Bytes &raw,
                               const std::string &words) {
  auto result = decompress(frame, raw.size(), raw);
  ASSERT_FALSE(result) << "accepted, but expected: " << words;
  EXPECT_EQ(result.error().kind, ErrorKind::Malformed);
  EXPECT_NE(result.error().message.find(words), std::string::npos)
      << result.error().message;
}

/// A frame with the given header bytes after the magic number, and one raw
/// block.
static Bytes frameOf(const Bytes &header, const Bytes &raw) {
  Bytes frame = {0x28, 0xb5, 0x2f, 0xfd};
  frame.insert(frame.end(), header.begin(), header.end());
  uint32_t block = uint32_t(raw.size()) << 3 | 1;
  for (int i = 0; i < 3; ++i)
    frame.push_back(uint8_t(block >> (8 * i)));
  frame.insert(frame.end(), raw.begin(), raw.end());
  return frame;
}

static Bytes text() { return Bytes(1000, 'x'); }

TEST(Compression, GoodFrames) {
  for (int checksum : {0, 1}) {
    auto result = decompress(compress(text(), checksum), 1000, text());
    ASSERT_TRUE(result) << result.error().message;
    EXPECT_EQ(*result, text());
  }
  Bytes raw(10, 'r');
  auto result = decompress(frameOf({0x20, 10}, raw), 10, raw);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(*result, raw);
}

TEST(Compression, NotAFrame) {
  expectRefusedFrame({1, 2, 3}, text(), "no frame");
  expectRefusedFrame(text(), text(), "no frame");
  // A skippable frame holds no content.
  Bytes skippable = {0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4};
  Bytes frame = compress(text());
  skippable.insert(skippable.end(), frame.begin(), frame.end());
  expectRefusedFrame(skippable, text(), "no frame");
}

TEST(Compression, SecondFrameOrTrailingBytes) {
  Bytes frame = compress(text());
  Bytes two = frame;
  two.insert(two.end(), frame.begin(), frame.end());
  expectRefusedFrame(two, text(), "expected one frame");
  Bytes twice = text();
  twice.insert(twice.end(), twice.begin(), twice.end());
  expectRefusedFrame(two, twice, "frame declares 1000 bytes");
  frame.push_back(0);
  expectRefusedFrame(frame, text(), "expected one frame, but got 1 bytes");
  Bytes skippable = compress(text());
  skippable.insert(skippable.end(), {0x50, 0x2a, 0x4d, 0x18, 0, 0, 0, 0});
  expectRefusedFrame(skippable, text(), "expected one frame");
}

TEST(Compression, TruncatedFrame) {
  Bytes frame = compress(text());
  for (size_t size = 1; size < frame.size(); ++size)
    EXPECT_FALSE(
        decompress(Bytes(frame.begin(), frame.begin() + size), 1000, text()))
        << size;
}

TEST(Compression, Bomb) {
  // 256 MiB of zeros in a few KiB, said to be 1,000 bytes: refused by the
  // declared size, before memory for it is allocated.
  Bytes bomb = compress(Bytes(size_t(256) << 20));
  EXPECT_LT(bomb.size(), 100000u);
  expectRefusedFrame(bomb, text(), "frame declares 268435456 bytes");
}

TEST(Compression, FrameThatHoldsMoreOrLessThanItDeclares) {
  // 1,000 declared; one repeated byte, 131,072 times.
  Bytes more = {0x28, 0xb5, 0x2f, 0xfd, 0x60, 0xe8, 0x02, 0x03, 0, 0x10, 'x'};
  expectRefusedFrame(more, text(), "damaged frame");
  Bytes less = frameOf({0x60, 0xe8, 0x02}, Bytes(999, 'x'));
  expectRefusedFrame(less, text(), "damaged frame");
  Bytes exact = frameOf({0x60, 0xe8, 0x02}, text());
  EXPECT_TRUE(decompress(exact, 1000, text()));
}

TEST(Compression, ContentSizeMissingOrDifferent) {
  // No content size: window descriptor only.
  expectRefusedFrame(frameOf({0x00, 0x00}, text()), text(),
                     "does not declare its content size");
  Bytes frame = compress(text());
  for (uint64_t size : {uint64_t(999), uint64_t(1001), uint64_t(500) << 20}) {
    auto result = decompress(frame, size, text());
    ASSERT_FALSE(result);
    EXPECT_NE(result.error().message.find("frame declares 1000 bytes"),
              std::string::npos);
  }
}

TEST(Compression, Window) {
  // Content size in four bytes, window descriptor in front.
  auto frame = [](uint8_t window) {
    return frameOf({0x80, window, 0xe8, 0x03, 0, 0}, text());
  };
  auto good = decompress(frame(13 << 3), 1000, text()); // 2^23.
  EXPECT_TRUE(good) << good.error().message;
  expectRefusedFrame(frame(13 << 3 | 1), text(), "limit of 2^23");
  expectRefusedFrame(frame(14 << 3), text(), "limit of 2^23");
  expectRefusedFrame(frame(31 << 3 | 7), text(), "limit of 2^23");

  // A single segment is its own window.
  Bytes large(9u << 20, 0);
  Bytes single = {0x28, 0xb5, 0x2f, 0xfd, 0xa0, 0, 0, 0x90, 0};
  expectRefusedFrame(single, large, "limit of 2^23");
}

TEST(Compression, ReservedBitAndDictionary) {
  expectRefusedFrame(frameOf({0x68, 0xe8, 0x02}, text()), text(),
                     "reserved bit");
  expectRefusedFrame(frameOf({0x61, 7, 0xe8, 0x02}, text()), text(),
                     "dictionary");
}

TEST(Compression, RawDigest) {
  Bytes other(1000, 'y');
  auto result = decompress(compress(other), 1000, text());
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::Malformed);
  EXPECT_NE(
      result.error().message.find("decompressed bytes do not have the digest"),
      std::string::npos);
}

TEST(Compression, DamagedContentChecksum) {
  Bytes frame = compress(text(), 1);
  frame.back() ^= 1;
  expectRefusedFrame(frame, text(), "damaged frame");
}
