//===- DeviceMatrixTest.cpp - matrix units in the oracle ------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// docs/DeviceInterface.md, "Matrix units": every import, both layouts, and what
// traps. All numbers are small integers, so that every sum is exact.
//
//===----------------------------------------------------------------------===//

#include "WatModule.h"

#include <bit>
#include <cstring>

using namespace twrun;
using namespace twrun::test;
using twrun::abi::TrapCode;

namespace {

constexpr ValueType I32 = ValueType::I32;

const char *const imports = R"(
  (import "tw" "matrix_fill_f32" (func $fill (param i32 f32)))
  (import "tw" "matrix_load_f32_row" (func $load_row (param i32 i32 i32)))
  (import "tw" "matrix_load_f32_col" (func $load_col (param i32 i32 i32)))
  (import "tw" "matrix_store_f32_row" (func $store_row (param i32 i32 i32)))
  (import "tw" "matrix_store_f32_col" (func $store_col (param i32 i32 i32)))
  (import "tw" "lane_id" (func $lane (result i32))))";

ptxbin::KernelInfo warpKernel(std::vector<ValueType> params = {}) {
  ptxbin::KernelInfo info = kernel("f", std::move(params));
  info.cooperative = true;
  info.memory = 0;
  return info;
}

/// A small integer for each element, of A, B and C.
int a(unsigned row, unsigned k) { return int(row * 3 + k * 5) % 7 - 3; }
int b(unsigned k, unsigned column) { return int(k * 2 + column * 3) % 11 - 5; }
int c(unsigned row, unsigned column) { return int(row * 16 + column); }

/// binary16 and bfloat16 of integers up to 8 in magnitude.
uint16_t half(int value) {
  const uint32_t bits = std::bit_cast<uint32_t>(float(value));
  if (value == 0)
    return 0;
  return uint16_t(bits >> 16 & 0x8000) |
         uint16_t(((bits >> 23 & 255) - 112) << 10) |
         uint16_t(bits >> 13 & 1023);
}
uint16_t brain(int value) {
  return uint16_t(std::bit_cast<uint32_t>(float(value)) >> 16);
}

void put(OracleExecutor &oracle, uint32_t address, const std::string &element,
         int value) {
  uint8_t *at = oracle.memory().data() + address;
  if (element == "tf32") {
    // The low 13 bits are dropped.
    const uint32_t bits = std::bit_cast<uint32_t>(float(value)) | 0x1fff;
    std::memcpy(at, &bits, 4);
  } else {
    const uint16_t bits = element == "f16" ? half(value) : brain(value);
    std::memcpy(at, &bits, 2);
  }
}

float element(OracleExecutor &oracle, uint32_t address) {
  float value;
  std::memcpy(&value, oracle.memory().data() + address, 4);
  return value;
}

TEST(DeviceMatrix, MultipliesAndAdds) {
  constexpr uint32_t atA = 4096, atB = 8192, atC = 16384, atD = 32768,
                     stride = 24;
  for (const char *type : {"f16", "bf16", "tf32"})
    for (const char *layoutA : {"row", "col"})
      for (const char *layoutB : {"row", "col"}) {
        const std::string e = type;
        const std::string wat = "(module" + std::string(imports) +
                                "(import \"tw\" \"matrix_load_a_" + e + "_" +
                                layoutA +
                                "\" (func $a (param i32 i32 i32)))"
                                "(import \"tw\" \"matrix_load_b_" +
                                e + "_" + layoutB +
                                "\" (func $b (param i32 i32 i32)))"
                                "(import \"tw\" \"matrix_mma_" +
                                e +
                                "\" (func $mma (param i32 i32 i32 i32)))"
                                R"((memory 1) (func (export "f")
              (call $load_row (i32.const 15) (i32.const 16384) (i32.const 16))
              (call $a (i32.const 7) (i32.const 4096) (i32.const 24))
              (call $b (i32.const 6) (i32.const 8192) (i32.const 24))
              (call $mma (i32.const 3) (i32.const 7) (i32.const 6)
                         (i32.const 15))
              (call $mma (i32.const 3) (i32.const 7) (i32.const 6)
                         (i32.const 3))
              (call $store_col (i32.const 3) (i32.const 32768)
                               (i32.const 20)))))";
        auto oracle = instantiate(wat);
        ASSERT_TRUE(oracle);
        const unsigned depth = e == "tf32" ? 8 : 16,
                       bytes = e == "tf32" ? 4 : 2;
        for (unsigned i = 0; i < 16; ++i) {
          for (unsigned k = 0; k < depth; ++k) {
            put(*oracle,
                atA + bytes *
                          (layoutA[0] == 'r' ? i * stride + k : k * stride + i),
                e, a(i, k));
            put(*oracle,
                atB + bytes *
                          (layoutB[0] == 'r' ? k * stride + i : i * stride + k),
                e, b(k, i));
          }
          for (unsigned j = 0; j < 16; ++j) {
            const float value = float(c(i, j));
            std::memcpy(oracle->memory().data() + atC + 4 * (16 * i + j),
                        &value, 4);
          }
        }
        auto outcome = oracle->launch(warpKernel(), {1, 1, 1}, {32, 1, 1}, {});
        ASSERT_TRUE(outcome) << outcome.error().message;
        ASSERT_FALSE(outcome->trap) << e << layoutA << layoutB;
        for (unsigned i = 0; i < 16; ++i)
          for (unsigned j = 0; j < 16; ++j) {
            int sum = c(i, j);
            for (unsigned k = 0; k < depth; ++k)
              sum += 2 * a(i, k) * b(k, j);
            EXPECT_EQ(element(*oracle, atD + 4 * (j * 20 + i)), float(sum))
                << e << " " << layoutA << " " << layoutB << " " << i << ","
                << j;
          }
      }
}

TEST(DeviceMatrix, FillsAndMovesAccumulatorsOfEachWarp) {
  // Two warps: each stores what it filled, and what it loaded by columns.
  auto oracle = instantiate("(module" + std::string(imports) + R"(
    (import "tw" "warp_id" (func $warp (result i32)))
    (memory 1)
    (func (export "f") (local $at i32)
      (local.set $at (i32.add (i32.const 8192)
        (i32.mul (call $warp) (i32.const 4096))))
      (call $fill (i32.const 0) (f32.add (f32.const 0.5)
        (f32.convert_i32_u (call $warp))))
      (call $load_col (i32.const 1) (i32.const 4096) (i32.const 16))
      (call $store_row (i32.const 0) (local.get $at) (i32.const 16))
      (call $store_row (i32.const 1) (i32.add (local.get $at) (i32.const 1024))
                       (i32.const 16)))))");
  ASSERT_TRUE(oracle);
  for (unsigned i = 0; i < 256; ++i) {
    const float value = float(i);
    std::memcpy(oracle->memory().data() + 4096 + 4 * i, &value, 4);
  }
  auto outcome = oracle->launch(warpKernel(), {1, 1, 1}, {64, 1, 1}, {});
  ASSERT_TRUE(outcome) << outcome.error().message;
  ASSERT_FALSE(outcome->trap);
  for (unsigned warp = 0; warp < 2; ++warp)
    for (unsigned i = 0; i < 256; ++i) {
      const uint32_t at = 8192 + 4096 * warp + 4 * i;
      EXPECT_EQ(element(*oracle, at), float(warp) + 0.5f);
      EXPECT_EQ(element(*oracle, at + 1024), float(i % 16 * 16 + i / 16));
    }
}

TEST(DeviceMatrix, TrapsOfAddressesAndStrides) {
  auto oracle = instantiate("(module" + std::string(imports) + R"(
    (memory 1)
    (func (export "f") (param i32 i32)
      (call $load_row (i32.const 0) (local.get 0) (local.get 1)))))");
  ASSERT_TRUE(oracle);
  constexpr TrapCode unaligned = TrapCode::UnalignedMatrix,
                     outOfBounds = TrapCode::OutOfBoundsMemoryAccess,
                     none = TrapCode::None;
  const struct {
    uint32_t address, stride;
    TrapCode code;
  } cases[] = {
      {0, 16, none},
      {16, 16, unaligned},
      {32, 16, none},
      {0, 18, unaligned},
      {0, 0, none},
      // 15 * 16 + 16 elements of 4 bytes are 1,024.
      {65536 - 1024, 16, none},
      {65536 - 1024 + 32, 16, outOfBounds},
      {65536, 16, outOfBounds},
      {0xffffffe0, 16, outOfBounds},
      // Row 15 ends at 4 * (15 * 1088 + 16) = 65,344; at 1,092 at 65,584.
      {0, 1088, none},
      {0, 1092, outOfBounds},
      {0, 0xfffffffc, outOfBounds},
  };
  for (const auto &c : cases) {
    Value arguments[] = {i32(c.address), i32(c.stride)};
    auto outcome = oracle->launch(warpKernel({I32, I32}), {1, 1, 1}, {32, 1, 1},
                                  arguments);
    ASSERT_TRUE(outcome) << outcome.error().message;
    EXPECT_EQ(outcome->trap ? outcome->trap->code : none, c.code)
        << c.address << " " << c.stride;
    EXPECT_EQ(oracle->traps().count(), c.code == none ? 0u : 32u);
  }
}

TEST(DeviceMatrix, IsInSharedOrLinearMemoryOnly) {
  // Shared memory [1024, 3072), stacks [4096, 8192).
  auto oracle = instantiate("(module" + std::string(imports) + R"(
    (import "tw" "shared_base" (func $base (result i32)))
    (memory 1) (global $sp (mut i32) (i32.const 8192))
    (func (export "f") (param i32 i32)
      (call $load_row (i32.const 0) (local.get 0) (local.get 1)))))");
  ASSERT_TRUE(oracle);
  ptxbin::KernelInfo info = warpKernel({I32, I32});
  info.shared = ptxbin::SharedWindow{0, 2048, 2048};
  info.stackWindow = ptxbin::StackWindow{0, 0, 4096, 4096};
  const struct {
    uint32_t address, stride;
    bool traps;
  } cases[] = {{1024, 16, false}, {2048, 16, false}, {2048 + 32, 16, true},
               {2048, 20, true},  {992, 16, true},   {0, 16, true},
               {4096, 16, true},  {8160, 16, true},  {8192, 16, false}};
  for (const auto &c : cases) {
    Value arguments[] = {i32(c.address), i32(c.stride)};
    auto outcome = oracle->launch(info, {1, 1, 1}, {32, 1, 1}, arguments);
    ASSERT_TRUE(outcome) << outcome.error().message;
    EXPECT_EQ(outcome->trap.has_value(), c.traps) << c.address;
    if (outcome->trap) {
      EXPECT_EQ(outcome->trap->code, TrapCode::OutOfBoundsMemoryAccess);
    }
  }
}

TEST(DeviceMatrix, NeedsAWholeWarp) {
  auto oracle = instantiate("(module" + std::string(imports) + R"((memory 1)
    (func (export "f") (call $fill (i32.const 0) (f32.const 1)))))");
  ASSERT_TRUE(oracle);
  auto outcome = oracle->launch(warpKernel(), {1, 1, 1}, {31, 1, 1}, {});
  ASSERT_TRUE(outcome);
  ASSERT_TRUE(outcome->trap);
  EXPECT_EQ(outcome->trap->code, TrapCode::DivergentBarrier);
  outcome = oracle->launch(warpKernel(), {1, 1, 1}, {64, 1, 1}, {});
  ASSERT_TRUE(outcome);
  EXPECT_FALSE(outcome->trap);
}

TEST(DeviceMatrix, MemoryMayGrowWhileLanesWait) {
  // Lane 31 grows memory before it joins the others, who have their address.
  auto oracle = instantiate("(module" + std::string(imports) + R"((memory 1)
    (func (export "f")
      (if (i32.eq (call $lane) (i32.const 31))
        (then (drop (memory.grow (i32.const 999)))))
      (call $load_row (i32.const 0) (i32.const 0) (i32.const 16))
      (if (i32.eq (call $lane) (i32.const 31))
        (then (drop (memory.grow (i32.const 999)))))
      (call $store_row (i32.const 0) (i32.const 4096) (i32.const 16)))))");
  ASSERT_TRUE(oracle);
  const float value = 42;
  std::memcpy(oracle->memory().data() + 1020, &value, 4);
  auto outcome = oracle->launch(warpKernel(), {1, 1, 1}, {32, 1, 1}, {});
  ASSERT_TRUE(outcome) << outcome.error().message;
  ASSERT_FALSE(outcome->trap);
  EXPECT_EQ(oracle->memory().size(), size_t(1999) << 16);
  EXPECT_EQ(element(*oracle, 4096 + 1020), 42);
}

} // namespace
