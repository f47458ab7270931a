//===- ArtifactFuzzer.cpp - any bytes through the runtime's readers -------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The decoders behind the signatures, called one by one: a mutated file would
// end at its first digest. By its first byte an input is a container, a zstd
// frame, an ELF host image or a manifest. Host images are mapped and
// relocated, never run.
//
//===----------------------------------------------------------------------===//

#include "Format/Compression.h"
#include "Format/Layout.h"
#include "HostImage.h"
#include "MemoryPlan.h"

#include <cstdio>
#include <cstdlib>
#include <string>

using namespace ptxbin;

/// What a decoder may take for the input of a few KiB that it gets: larger
/// sizes that a frame declares are legal, and only cost time here.
static constexpr uint64_t maxRawHere = 16 << 20;

[[noreturn]] static void report(const std::string &finding) {
  std::fprintf(stderr, "finding: %s\n", finding.c_str());
  std::abort();
}

/// Messages are printed to terminals and logs, one per line.
template <typename T> static bool accepted(const Expected<T> &result) {
  if (result)
    return true;
  if (result.error().message.empty())
    report("an error without a message");
  return false;
}

static void readManifest(std::string_view bytes) {
  Expected<Manifest> manifest = decodeManifest(bytes);
  if (!accepted(manifest))
    return;
  Expected<std::string> again = encodeManifest(*manifest);
  if (!accepted(again) || *again != bytes)
    report("a manifest is not what it encodes to");
  (void)accepted(twrun::planInstance(*manifest, /*extraPages=*/16));
}

static void readZstd(ByteView bytes, uint64_t rawSize) {
  if (rawSize > maxRawHere)
    return;
  Expected<Bytes> raw = decompressZstd(bytes, rawSize);
  if (accepted(raw) && raw->size() != rawSize)
    report("a frame of another size than declared");
}

static void readImage(ByteView bytes) {
  Expected<twrun::HostImage> image = twrun::HostImage::load(bytes);
  if (accepted(image))
    (void)image->function("tw_kernel_0");
}

static std::string_view textOf(ByteView bytes) {
  return {reinterpret_cast<const char *>(bytes.data()), bytes.size()};
}

static void readContainer(ByteView bytes) {
  (void)accepted(PtxBin::openUnverified(Bytes(bytes.begin(), bytes.end())));
  Expected<layout::Header> header = layout::decodeHeader(bytes);
  if (!accepted(header))
    return;
  (void)accepted(layout::decodeTrailer(bytes, *header));
  std::vector<Section> sections;
  for (uint32_t i = 0; i < header->sectionCount; ++i) {
    Expected<Section> section = layout::decodeEntry(bytes, i);
    if (!accepted(section))
      return;
    sections.push_back(*section);
  }
  if (!accepted(layout::checkTable(sections, *header)))
    return;
  for (const Section &section : sections) {
    ByteView stored = bytes.subspan(section.offset, section.storedSize);
    if (section.flags & layout::flagZstd)
      readZstd(stored, section.rawSize);
    else if (section.key.type == SectionType::Manifest)
      readManifest(textOf(stored));
    else if (section.key.type == SectionType::Host)
      readImage(stored);
  }
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  ByteView bytes(data, size);
  switch (size ? data[0] : 0) {
  case 0x89:
    readContainer(bytes);
    break;
  case 0x28:
    // As large as the frame says, and as it says wrongly.
    readZstd(bytes, size > 6 ? bytes[5] | bytes[6] << 8 : 0);
    if (size > 6)
      readZstd(bytes, (bytes[5] | bytes[6] << 8) + 256);
    break;
  case 0x7f:
    readImage(bytes);
    break;
  default:
    readManifest(textOf(bytes));
    break;
  }
  return 0;
}
