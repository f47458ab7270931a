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
    "3823d73c4004c9fe1bc81c53715a4c138b75693944555e66b885903f94594b20";
static constexpr const char *vectorKeyId =
    "cb39f0f6d246b033068073b728cf5b70a204cda3b1ccb17d8160d12dcd1a5ae3";
static constexpr const char *signatureText =
    "d813658d07de638b95195414bea22e3a2d343717d8f403c3595ac91f0c48069b"
    "5a8994b796f578237f2f43a3b5e3a3f44a99b9f25ffd84a85b67ba5317b6d70b";

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
  manifest.kernelABI = 1;
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
