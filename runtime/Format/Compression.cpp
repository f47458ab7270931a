//===- Compression.cpp - bounded zstd -------------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The frame header is parsed here (RFC 8878, section 3.1.1.1): libzstd bounds
// the window only when streaming, and its header parser is not in its stable
// interface.
//
//===----------------------------------------------------------------------===//

#include "Format/Compression.h"
#include "Format/FileIO.h"
#include "Format/LittleEndian.h"

#include <memory>
#include <zstd.h>

namespace ptxbin {

// A compiler waits for this: higher levels take ten times as long for a few
// per cent.
static constexpr int compressionLevel = 12;

static Error malformed(std::string message) {
  return makeError(ErrorKind::Malformed, "zstd: " + std::move(message));
}

Expected<Bytes> compressZstd(ByteView raw) {
  std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> context(
      ZSTD_createCCtx(), ZSTD_freeCCtx);
  auto out = allocateBytes(ZSTD_compressBound(raw.size()));
  if (!out)
    return out;
  auto set = [&](ZSTD_cParameter parameter, int value) {
    return !ZSTD_isError(
        ZSTD_CCtx_setParameter(context.get(), parameter, value));
  };
  if (!context || !set(ZSTD_c_compressionLevel, compressionLevel) ||
      !set(ZSTD_c_windowLog, maxZstdWindowLog) ||
      !set(ZSTD_c_contentSizeFlag, 1) || !set(ZSTD_c_checksumFlag, 0))
    return makeError(ErrorKind::IO, "zstd: cannot set up compression");
  size_t size = ZSTD_compress2(context.get(), out->data(), out->size(),
                               raw.data(), raw.size());
  if (ZSTD_isError(size))
    return makeError(ErrorKind::IO, std::string("zstd: cannot compress: ") +
                                        ZSTD_getErrorName(size));
  out->resize(size);
  return out;
}

/// Window size that the frame asks for, content size by reference.
static Expected<uint64_t> parseFrameHeader(ByteView stored,
                                           uint64_t &contentSize) {
  static constexpr uint32_t frameMagic = 0xfd2fb528;
  if (stored.size() < 5 || loadLE<uint32_t>(stored, 0) != frameMagic)
    return malformed("no frame where one is expected");
  uint8_t descriptor = stored[4];
  bool single = descriptor & 0x20;
  if (descriptor & 0x08)
    return malformed("reserved bit of the frame header is set");
  if (descriptor & 0x03)
    return malformed("frame that needs a dictionary");

  size_t at = 5;
  uint64_t window = 0;
  if (!single) {
    if (stored.size() < at + 1)
      return malformed("frame header is truncated");
    uint8_t byte = stored[at++];
    uint64_t base = uint64_t(1) << (10 + (byte >> 3)); // At most 2^41.
    window = base + base / 8 * (byte & 7);
  }
  unsigned code = descriptor >> 6;
  size_t size = code == 0 ? (single ? 1 : 0) : size_t(1) << code;
  if (size == 0)
    return malformed("frame does not declare its content size");
  if (stored.size() < at + size)
    return malformed("frame header is truncated");
  contentSize = size == 1   ? loadLE<uint8_t>(stored, at)
                : size == 2 ? uint64_t(loadLE<uint16_t>(stored, at)) + 256
                : size == 4 ? loadLE<uint32_t>(stored, at)
                            : loadLE<uint64_t>(stored, at);
  return single ? contentSize : window;
}

Expected<Bytes> decompressZstd(ByteView stored, uint64_t rawSize) {
  uint64_t contentSize = 0;
  auto window = parseFrameHeader(stored, contentSize);
  if (!window)
    return window.error();
  if (contentSize != rawSize)
    return malformed("frame declares " + std::to_string(contentSize) +
                     " bytes, but the section table says " +
                     std::to_string(rawSize));
  if (*window > uint64_t(1) << maxZstdWindowLog)
    return malformed("window of " + std::to_string(*window) +
                     " bytes is more than the limit of 2^" +
                     std::to_string(maxZstdWindowLog));
  size_t frameSize = ZSTD_findFrameCompressedSize(stored.data(), stored.size());
  if (ZSTD_isError(frameSize))
    return malformed(std::string("damaged frame: ") +
                     ZSTD_getErrorName(frameSize));
  if (frameSize != stored.size())
    return malformed("expected one frame, but got " +
                     std::to_string(stored.size() - frameSize) +
                     " bytes after it");
  auto raw = allocateBytes(rawSize);
  if (!raw)
    return raw;
  size_t size =
      ZSTD_decompress(raw->data(), raw->size(), stored.data(), stored.size());
  if (ZSTD_isError(size))
    return malformed(std::string("damaged frame: ") + ZSTD_getErrorName(size));
  if (size != rawSize)
    return malformed("frame holds " + std::to_string(size) +
                     " bytes, but declares " + std::to_string(rawSize));
  return raw;
}

} // namespace ptxbin
