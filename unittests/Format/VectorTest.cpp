//===- VectorTest.cpp - frozen files of each version ----------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Inputs/ holds one file of each version of the format, made when the version
// was; docs/PTXBinFormat.md prints it. What is written today must be the same
// bytes, and what was written then must still be read.
//
//===----------------------------------------------------------------------===//

#include "TestSupport.h"

#include <numeric>
#include <sodium.h>

using namespace ptxbin;
using namespace ptxbin::test;

static constexpr const char *contentId =
    "8a9817eea1372800aa9ab6d862fc91b7d49b5943db796b2b004ca4f571187e5b";
static constexpr const char *vectorKeyId =
    "cb39f0f6d246b033068073b728cf5b70a204cda3b1ccb17d8160d12dcd1a5ae3";
static constexpr const char *signatureText =
    "b12e8cc3bed7d47a105e9d68c1ed48dbb0542ff6d38dbf092f10bd38211b5a62"
    "1a5bc0645d9ccfb4804193f5db245812b4fbcff562bb2db3422260bd6080600e";

/// Seed 00 01 02 … 1f.
static SecretKey vectorKey() {
  std::array<uint8_t, 32> seed;
  std::iota(seed.begin(), seed.end(), uint8_t(0));
  SecretKey key;
  PublicKey ignored;
  crypto_sign_seed_keypair(ignored.bytes.data(), key.bytes.data(), seed.data());
  return key;
}

static Expected<Bytes> writeVector() {
  Manifest manifest;
  manifest.name = "vector";
  manifest.version = "1.0.0";
  manifest.release = 1;
  manifest.publisher = "example";
  manifest.created = 1700000000;
  manifest.compiler = {"twc", "0.1.0", "22.1.8", "", {}};
  manifest.sandbox = "checked";
  manifest.floatingPoint = "strict";
  manifest.kernelABI = 3;
  manifest.modules.resize(1);
  manifest.modules[0].wasmSize = 8;
  SectionInput ptx;
  ptx.key.type = SectionType::PTX;
  ptx.key.cc = 80;
  ptx.key.ptxISA = 77;
  ptx.raw = bytesOf(".version 7.7\n.target sm_80\n.address_size 64\n");
  SectionInput wasm;
  wasm.key.type = SectionType::Wasm;
  wasm.raw = {0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00};
  auto file = writePtxBin(manifest, {wasm, ptx});
  if (!file)
    return file;
  return signPtxBin(*file, vectorKey());
}

TEST(Vector, WriterStillMakesVersion1_0) {
  auto file = writeVector();
  ASSERT_TRUE(file) << file.error().message;
  auto frozen = readFile(FORMAT_TEST_INPUTS "/v1.0.ptxbin", maxFileBytes);
  ASSERT_TRUE(frozen) << frozen.error().message;
  EXPECT_EQ(hex(*file), hex(*frozen));
}

TEST(Vector, ReaderStillReadsVersion1_0) {
  auto frozen = readFile(FORMAT_TEST_INPUTS "/v1.0.ptxbin", maxFileBytes);
  ASSERT_TRUE(frozen) << frozen.error().message;
  TrustOptions trust;
  trust.keys = {vectorKey().publicKey()};
  auto opened = PtxBin::openVerified(*frozen, trust);
  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_EQ(hex(opened->contentId()), contentId);
  ASSERT_EQ(opened->signatures().size(), 1u);
  EXPECT_EQ(hex(opened->signatures()[0].keyId), vectorKeyId);
  EXPECT_EQ(hex(opened->signatures()[0].bytes), signatureText);
  EXPECT_EQ(opened->manifest().name, "vector");
  EXPECT_EQ(opened->sections()[1].key.cc, 80);
}
