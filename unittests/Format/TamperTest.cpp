//===- TamperTest.cpp - a changed file is refused -------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Not rule by rule but byte by byte: no change to a signed file goes unseen,
// and no number in one makes the reader allocate before it is believed.
//
//===----------------------------------------------------------------------===//

#include "TestSupport.h"

#include <cstdlib>
#include <new>

using namespace ptxbin;
using namespace ptxbin::test;

// The largest single allocation since it was last reset.
static size_t largestAllocation = 0;

void *operator new(size_t size) {
  if (size > largestAllocation)
    largestAllocation = size;
  if (void *memory = std::malloc(size ? size : 1))
    return memory;
  throw std::bad_alloc();
}
void operator delete(void *memory) noexcept { std::free(memory); }
void operator delete(void *memory, size_t) noexcept { std::free(memory); }

static Bytes smallSigned() {
  Manifest manifest;
  manifest.name = "small";
  manifest.modules.resize(1);
  manifest.modules[0].wasmSize = sampleModule().size();
  HandSection wasm = plain(5, sampleModule());
  manifest.sourceSha256 = hex(sha256(wasm.stored));
  Bytes file = buildByHand({manifestSection(manifest), wasm});
  resign(file, {testKey(1)});
  return file;
}

TEST(Tamper, EveryBitFlippedIsRefused) {
  Bytes file = smallSigned();
  ASSERT_TRUE(openTrusted(file));
  for (size_t i = 0; i < file.size(); ++i)
    for (int bit = 0; bit < 8; ++bit) {
      Bytes flipped = file;
      flipped[i] ^= uint8_t(1 << bit);
      ASSERT_FALSE(openTrusted(std::move(flipped)))
          << "byte " << i << " bit " << bit;
    }
}

TEST(Tamper, EveryTruncationIsRefused) {
  Bytes file = smallSigned();
  TrustOptions lax;
  lax.keys = {testKey(1).publicKey()};
  lax.allowUnsigned = true;
  for (size_t size = 0; size < file.size(); ++size) {
    Bytes cut(file.begin(), file.begin() + size);
    EXPECT_FALSE(PtxBin::openVerified(cut, lax)) << size;
    EXPECT_FALSE(PtxBin::openUnverified(std::move(cut))) << size;
  }
}

TEST(Tamper, EveryAppendedByteIsRefused) {
  for (int value = 0; value < 256; ++value) {
    Bytes file = smallSigned();
    file.push_back(uint8_t(value));
    auto opened = openTrusted(std::move(file));
    ASSERT_FALSE(opened);
    EXPECT_NE(opened.error().message.find("expected the file to end at"),
              std::string::npos);
  }
  Bytes file = smallSigned();
  file.insert(file.begin(), 0);
  EXPECT_FALSE(openTrusted(std::move(file)));
}

TEST(Tamper, EveryByteRemovedIsRefused) {
  Bytes file = smallSigned();
  for (size_t i = 0; i < file.size(); ++i) {
    Bytes shorter = file;
    shorter.erase(shorter.begin() + i);
    EXPECT_FALSE(openTrusted(std::move(shorter))) << i;
  }
}

TEST(Tamper, HugeCountsAllocateNothing) {
  Bytes sections = smallSigned();
  put32(sections, 32, UINT32_MAX);
  Bytes signatures = smallSigned();
  put32(signatures, get64(signatures, 16), UINT32_MAX);
  for (Bytes *file : {&sections, &signatures}) {
    largestAllocation = 0;
    auto opened = openTrusted(std::move(*file));
    EXPECT_FALSE(opened);
    EXPECT_LT(largestAllocation, 4096u);
  }
}

TEST(Tamper, HugeSizesAllocateNothing) {
  // Signed by a trusted key, even: a size is bounded by the file, not by who
  // says it.
  for (size_t field : {8, 16, 24}) {
    Bytes file = smallSigned();
    put64(file, entryAt(1) + field, uint64_t(1) << 62);
    resign(file, {testKey(1)});
    largestAllocation = 0;
    auto opened = openTrusted(std::move(file));
    EXPECT_FALSE(opened);
    EXPECT_LT(largestAllocation, 4096u);
  }
}

TEST(Tamper, RandomFilesDoNotCrash) {
  // Cheap fuzzing of everything behind the signature: flip, sign, open.
  Bytes good = buildByHand(sampleSections());
  uint32_t state = 1;
  auto random = [&](size_t bound) {
    state = state * 1664525 + 1013904223;
    return size_t(state >> 8) % bound;
  };
  for (int round = 0; round < 3000; ++round) {
    Bytes file = good;
    for (size_t flips = 1 + random(4); flips; --flips)
      file[random(file.size() - 8)] ^= uint8_t(1 << random(8));
    resign(file, {testKey(1)}, file.size() - 8);
    if (auto opened = openTrusted(std::move(file)))
      for (size_t i = 0; i < opened->sections().size(); ++i)
        (void)opened->raw(i);
  }
}
