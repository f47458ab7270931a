//===- DeviceWindowTest.cpp - shared memory and stacks in the oracle ------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// docs/DeviceInterface.md, "Shared memory": what a block has there, what linear
// memory keeps, and what traps at the window's edges. And the stacks of threads
// that take turns.
//
//===----------------------------------------------------------------------===//

#include "WatModule.h"

#include <cstring>

using namespace twrun;
using namespace twrun::test;
using twrun::abi::TrapCode;

namespace {

constexpr ValueType I32 = ValueType::I32;

ptxbin::KernelInfo sharing(uint64_t bytes, std::vector<ValueType> params = {}) {
  ptxbin::KernelInfo info = kernel("f", std::move(params));
  info.cooperative = true;
  info.memory = 0;
  info.shared = ptxbin::SharedWindow{0, bytes, bytes};
  return info;
}

uint32_t word(OracleExecutor &oracle, size_t address) {
  uint32_t value = 0;
  std::memcpy(&value, oracle.memory().data() + address, 4);
  return value;
}

//===-- Shared memory -----------------------------------------------------===//

TEST(DeviceShared, IsTheBlocksOwnAndZeroAtFirst) {
  // Out: at 8192 + 16 * block, what thread 0 found at first, the sum that all
  // threads made in shared memory, the base and the size.
  auto oracle = instantiate(R"((module
    (import "tw" "thread_id_x" (func $tid (result i32)))
    (import "tw" "block_id_x" (func $bid (result i32)))
    (import "tw" "barrier" (func $barrier))
    (import "tw" "shared" (func $shared (param i32) (result i32)))
    (import "tw" "shared_size" (func $size (result i32)))
    (import "tw" "atomic_add_i32_relaxed_block"
      (func $add (param i32 i32) (result i32)))
    (memory 1) (data (i32.const 1024) "linear memory")
    (func (export "f") (local $out i32) (local $s i32)
      (local.set $s (call $shared (i32.const 100)))
      (local.set $out (i32.add (i32.const 8192)
        (i32.mul (call $bid) (i32.const 16))))
      (if (i32.eqz (call $tid)) (then
        (i32.store (local.get $out) (i32.load (local.get $s)))))
      (call $barrier)
      (drop (call $add (local.get $s) (i32.add (call $tid) (call $bid))))
      (call $barrier)
      (if (i32.eqz (call $tid)) (then
        (i32.store offset=4 (local.get $out) (i32.load (local.get $s)))
        (i32.store offset=8 (local.get $out) (local.get $s))
        (i32.store offset=12 (local.get $out) (call $size)))))))");
  ASSERT_TRUE(oracle);
  auto outcome = oracle->launch(sharing(100), {3, 1, 1}, {64, 1, 1}, {});
  ASSERT_TRUE(outcome) << outcome.error().message;
  ASSERT_FALSE(outcome->trap);
  for (uint32_t block = 0; block < 3; ++block) {
    const size_t out = 8192 + 16 * block;
    EXPECT_EQ(word(*oracle, out), 0u);
    EXPECT_EQ(word(*oracle, out + 4), 63 * 64 / 2 + 64 * block);
    EXPECT_EQ(word(*oracle, out + 8), 1024u);
    EXPECT_EQ(word(*oracle, out + 12), 112u);
  }
  EXPECT_EQ(std::memcmp(oracle->memory().data() + 1024, "linear memory", 13),
            0);
}

TEST(DeviceShared, IsLinearMemoryInAnInvocation) {
  auto oracle = instantiate(R"((module
    (import "tw" "shared_base" (func $base (result i32)))
    (memory 1)
    (func (export "f") (i64.store (i32.add (call $base) (i32.const 44))
                                  (i64.const -1)))))");
  ASSERT_TRUE(oracle);
  auto outcome = oracle->invoke(sharing(48), {});
  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_FALSE(outcome->trap);
  EXPECT_EQ(word(*oracle, 1024 + 44), 0xffffffffu);
}

TEST(DeviceShared, NeedsLinearMemoryUnderIt) {
  auto oracle = instantiate(R"((module
    (import "tw" "shared_base" (func $base (result i32)))
    (memory 1) (func (export "f"))))");
  ASSERT_TRUE(oracle);
  EXPECT_TRUE(oracle->launch(sharing(64512), {1, 1, 1}, {1, 1, 1}, {}));
  auto outcome = oracle->launch(sharing(64513), {1, 1, 1}, {1, 1, 1}, {});
  ASSERT_FALSE(outcome);
  EXPECT_NE(outcome.error().message.find("expected at least 65552 bytes"),
            std::string::npos)
      << outcome.error().message;
}

struct EdgeCase {
  const char *name, *body; // with the address in $a
  uint32_t bytes;
};
const EdgeCase edges[] = {
    {"Load8", "(drop (i32.load8_u (local.get $a)))", 1},
    {"Load16", "(drop (i32.load16_s (local.get $a)))", 2},
    {"Load32", "(drop (f32.load (local.get $a)))", 4},
    {"Load64", "(drop (i64.load (local.get $a)))", 8},
    {"Load128", "(drop (v128.load (local.get $a)))", 16},
    {"LoadWithOffset",
     "(drop (i64.load offset=5 (i32.sub (local.get $a) (i32.const 5))))", 8},
    {"LoadExtend", "(drop (v128.load16x4_u (local.get $a)))", 8},
    {"LoadSplat", "(drop (v128.load32_splat (local.get $a)))", 4},
    {"LoadZero", "(drop (v128.load64_zero (local.get $a)))", 8},
    {"LoadLane",
     "(drop (v128.load16_lane 3 (local.get $a) (v128.const i64x2 0 0)))", 2},
    {"Store8", "(i64.store8 (local.get $a) (i64.const -1))", 1},
    {"Store16", "(i32.store16 (local.get $a) (i32.const -1))", 2},
    {"Store32", "(i64.store32 (local.get $a) (i64.const -1))", 4},
    {"Store64", "(f64.store (local.get $a) (f64.const -1))", 8},
    {"Store128", "(v128.store (local.get $a) (v128.const i64x2 -1 -1))", 16},
    {"StoreLane",
     "(v128.store64_lane 1 (local.get $a) (v128.const i64x2 -1 -1))", 8},
    {"Fill", "(memory.fill (local.get $a) (i32.const 255) (i32.const 100))",
     100},
    {"CopyTo", "(memory.copy (local.get $a) (i32.const 8192) (i32.const 24))",
     24},
    {"CopyFrom", "(memory.copy (i32.const 8192) (local.get $a) (i32.const 24))",
     24},
    {"Init", "(memory.init $d (local.get $a) (i32.const 0) (i32.const 10))",
     10},
    {"CopyAsyncTo", "(call $copy (local.get $a) (i32.const 8192))", 16},
    {"CopyAsyncFrom", "(call $copy (i32.const 8192) (local.get $a))", 16},
};

class DeviceSharedEdge : public testing::TestWithParam<EdgeCase> {};

TEST_P(DeviceSharedEdge, IsNotCrossed) {
  const EdgeCase &c = GetParam();
  const std::string wat = R"((module
    (import "tw" "shared_base" (func $base (result i32)))
    (import "tw" "copy_async_16" (func $copy (param i32 i32)))
    (memory 1) (data $d "0123456789")
    (func (export "f") (param $a i32) (local i64 i32) )" +
                          std::string(c.body) + "))";
  auto oracle = instantiate(wat);
  ASSERT_TRUE(oracle);
  // A window of 256 bytes; every address from which the access touches an edge
  // of it.
  for (uint32_t edge : {1024u, 1280u})
    for (uint32_t address = edge - c.bytes; address <= edge; ++address) {
      Value arguments[] = {i32(address)};
      const bool crosses = address != edge - c.bytes && address != edge;
      auto outcome =
          oracle->launch(sharing(256, {I32}), {1, 1, 1}, {1, 1, 1}, arguments);
      ASSERT_TRUE(outcome) << outcome.error().message;
      EXPECT_EQ(outcome->trap.has_value(), crosses) << address;
      if (outcome->trap) {
        EXPECT_EQ(outcome->trap->code, TrapCode::OutOfBoundsMemoryAccess);
      }
      outcome = oracle->invoke(sharing(256, {I32}), arguments);
      ASSERT_TRUE(outcome) << outcome.error().message;
      EXPECT_FALSE(outcome->trap) << "an invocation has no window";
    }
}

INSTANTIATE_TEST_SUITE_P(All, DeviceSharedEdge, testing::ValuesIn(edges),
                         [](const auto &info) {
                           return std::string(info.param.name);
                         });

//===-- Stacks ------------------------------------------------------------===//

TEST(DeviceStack, EachThreadHasItsOwnWhileItWaits) {
  // Each thread pushes a frame, writes its index there and just below the stack
  // pointer, waits, and adds up what it finds. The window is [2048, 4096).
  auto oracle = instantiate(R"((module
    (import "tw" "thread_id_x" (func $tid (result i32)))
    (import "tw" "global_id" (func $gid (result i64)))
    (import "tw" "barrier" (func $barrier))
    (memory 1) (data (i32.const 2048) "old") (data (i32.const 4000) "stack")
    (global $sp (mut i32) (i32.const 4096))
    (func (export "f") (local $out i32)
      (local.set $out (i32.add (i32.const 8192)
        (i32.mul (i32.wrap_i64 (call $gid)) (i32.const 8))))
      (global.set $sp (i32.sub (global.get $sp)
        (i32.add (i32.const 16) (i32.and (call $tid) (i32.const 3)))))
      ;; zero at first
      (i32.store offset=4 (local.get $out)
        (i32.or (i32.load (global.get $sp)) (i32.load (i32.const 2048))))
      (i32.store (global.get $sp) (call $tid))
      (i32.store (i32.sub (global.get $sp) (i32.const 64)) (call $tid))
      (i32.store8 (i32.const 2048) (call $tid))
      (call $barrier)
      (i32.store (local.get $out)
        (i32.add (i32.load8_u (i32.const 2048))
          (i32.add (i32.load (global.get $sp))
            (i32.load (i32.sub (global.get $sp) (i32.const 64)))))))))");
  ASSERT_TRUE(oracle);
  ptxbin::KernelInfo info = kernel("f");
  info.cooperative = true;
  info.memory = 0;
  info.stackWindow = ptxbin::StackWindow{0, 0, 2048, 2048};
  auto outcome = oracle->launch(info, {2, 1, 1}, {200, 1, 1}, {});
  ASSERT_TRUE(outcome) << outcome.error().message;
  ASSERT_FALSE(outcome->trap);
  for (uint32_t i = 0; i < 400; ++i) {
    EXPECT_EQ(word(*oracle, 8192 + 8 * i), 3 * (i % 200)) << i;
    EXPECT_EQ(word(*oracle, 8192 + 8 * i + 4), 0u) << i;
  }
  // Invocations have their own stack, which no launch changes.
  EXPECT_EQ(std::memcmp(oracle->memory().data() + 2048, "old", 4), 0);
  EXPECT_EQ(std::memcmp(oracle->memory().data() + 4000, "stack", 6), 0);
  EXPECT_EQ(oracle->global(0).bits, 4096u);
}

TEST(DeviceStack, CallsNestAndWaitInsideOne) {
  // 256 threads, each a thousand calls deep when it waits.
  auto oracle = instantiate(R"((module
    (import "tw" "thread_id_x" (func $tid (result i32)))
    (import "tw" "block_reduce_add_i32" (func $sum (param i32) (result i32)))
    (memory 1)
    (func $deep (param $n i32) (result i32)
      (if (result i32) (local.get $n)
        (then (i32.add (i32.const 1)
                (call $deep (i32.sub (local.get $n) (i32.const 1)))))
        (else (call $sum (call $tid)))))
    (func (export "f") (i32.store (i32.mul (call $tid) (i32.const 4))
      (call $deep (i32.add (i32.const 1000) (call $tid)))))))");
  ASSERT_TRUE(oracle);
  ptxbin::KernelInfo info = kernel("f");
  info.cooperative = true;
  auto outcome = oracle->launch(info, {1, 1, 1}, {256, 1, 1}, {});
  ASSERT_TRUE(outcome) << outcome.error().message;
  ASSERT_FALSE(outcome->trap);
  for (uint32_t i = 0; i < 256; ++i)
    EXPECT_EQ(word(*oracle, 4 * i), 255 * 128 + 1000 + i);
}

//===-- Chosen blocks -----------------------------------------------------===//

TEST(DeviceBlocks, OnlyThoseThatWereChosenRun) {
  auto oracle = instantiate(R"((module
    (import "tw" "global_id" (func $gid (result i64)))
    (import "tw" "block_id_y" (func $y (result i32)))
    (memory 1)
    (func (export "f") (i32.store8 (i32.wrap_i64 (call $gid))
      (i32.add (call $y) (i32.const 1)))
      (if (i64.eq (call $gid) (i64.const 17)) (then unreachable)))))");
  ASSERT_TRUE(oracle);
  oracle->chooseBlocks({1, 4, 5});
  auto outcome = oracle->launch(kernel("f"), {3, 2, 1}, {4, 1, 1}, {});
  ASSERT_TRUE(outcome) << outcome.error().message;
  ASSERT_TRUE(outcome->trap);
  EXPECT_EQ(outcome->trap->block.x, 1u);
  EXPECT_EQ(outcome->trap->block.y, 1u);
  EXPECT_EQ(oracle->trapOf({1, 1, 0}, {1, 0, 0}), TrapCode::Unreachable);
  for (uint32_t i = 0; i < 24; ++i) {
    const uint32_t block = i / 4;
    EXPECT_EQ(oracle->memory()[i], block == 1                 ? 1
                                   : block == 4 || block == 5 ? 2
                                                              : 0);
  }
}

} // namespace
