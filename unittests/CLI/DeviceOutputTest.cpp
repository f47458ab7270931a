//===- DeviceOutputTest.cpp - printf and abort in the oracle --------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// docs/DeviceInterface.md, "Output, time, end". How conversions are formatted
// is the runtime's and tested there.
//
//===----------------------------------------------------------------------===//

#include "WatModule.h"

using namespace twrun;
using namespace twrun::test;
using twrun::abi::TrapCode;

namespace {

constexpr ValueType I32 = ValueType::I32;

/// Thread t of block b prints b and t, from arguments in its own memory, and
/// stores what printf returned.
const char *const printer = R"((module
  (import "tw" "thread_id_x" (func $tid (result i32)))
  (import "tw" "block_id_x" (func $bid (result i32)))
  (import "tw" "printf" (func $printf (param i32 i32) (result i32)))
  (memory 1)
  (data (i32.const 16) "block %d thread %u: %s\n\00")
  (data (i32.const 64) "text\00")
  (func (export "f") (local $at i32)
    (local.set $at (i32.add (i32.const 4096) (i32.mul (i32.const 16)
      (i32.add (call $tid) (i32.mul (call $bid) (i32.const 4))))))
    (i32.store (local.get $at) (call $bid))
    (i32.store offset=4 (local.get $at) (call $tid))
    (i32.store offset=8 (local.get $at) (i32.const 64))
    (i32.store offset=12 (local.get $at)
      (call $printf (i32.const 16) (local.get $at))))))";

ptxbin::KernelInfo printing() {
  ptxbin::KernelInfo info = kernel("f");
  info.memory = 0;
  info.prints = true;
  return info;
}

TEST(DevicePrintf, RecordsEveryCallWithItsThread) {
  auto oracle = instantiate(printer);
  ASSERT_TRUE(oracle);
  for (bool cooperative : {false, true}) {
    ptxbin::KernelInfo info = printing();
    info.cooperative = cooperative;
    auto outcome = oracle->launch(info, {3, 1, 1}, {4, 1, 1}, {});
    ASSERT_TRUE(outcome) << outcome.error().message;
    ASSERT_EQ(outcome->printed.size(), 12u);
    EXPECT_EQ(outcome->lostPrints, 0u);
    for (uint32_t i = 0; i < 12; ++i) {
      const Printed &printed = outcome->printed[i];
      EXPECT_EQ(printed.block.x, i / 4);
      EXPECT_EQ(printed.thread.x, i % 4);
      EXPECT_EQ(printed.text, "block " + std::to_string(i / 4) + " thread " +
                                  std::to_string(i % 4) + ": text\n");
      EXPECT_EQ(printed.note, "");
      EXPECT_EQ(oracle->memory()[4096 + 16 * i + 12], 1);
    }
  }
}

TEST(DevicePrintf, LosesWhatTheBufferHasNoRoomFor) {
  auto oracle = instantiate(printer);
  ASSERT_TRUE(oracle);
  oracle->keepPrints(5);
  auto outcome = oracle->launch(printing(), {3, 1, 1}, {4, 1, 1}, {});
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->printed.size(), 5u);
  EXPECT_EQ(outcome->lostPrints, 7u);
  for (uint32_t i = 0; i < 12; ++i)
    EXPECT_EQ(oracle->memory()[4096 + 16 * i + 12], i < 5);
  // A call of its own has a buffer of its own.
  outcome = oracle->invoke(printing(), {});
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->printed.size(), 1u);
  EXPECT_EQ(outcome->lostPrints, 0u);
}

TEST(DevicePrintf, ReadsArgumentsThatReachPastMemoryAsFarAsTheyGo) {
  auto oracle = instantiate(R"((module
    (import "tw" "printf" (func $printf (param i32 i32) (result i32)))
    (memory 1) (data (i32.const 0) "%d %d\00")
    (data (i32.const 65532) "\07\00\00\00")
    (func (export "f") (param i32) (result i32)
      (call $printf (i32.const 0) (local.get 0)))))");
  ASSERT_TRUE(oracle);
  ptxbin::KernelInfo info = kernel("f", {I32}, {I32});
  info.memory = 0;
  info.prints = true;
  for (auto [address, text] :
       {std::pair(65532u, "7 %d"), {65536u, "%d %d"}, {0xffffffffu, "%d %d"}}) {
    Value arguments[] = {i32(address)};
    auto outcome = oracle->invoke(info, arguments);
    ASSERT_TRUE(outcome) << outcome.error().message;
    ASSERT_FALSE(outcome->trap);
    EXPECT_EQ(outcome->results[0].bits, 1u);
    ASSERT_EQ(outcome->printed.size(), 1u);
    EXPECT_EQ(outcome->printed[0].text, text);
  }
}

TEST(DeviceAbort, TrapsWithItsMessage) {
  auto oracle = instantiate(R"((module
    (import "tw" "thread_id_x" (func $tid (result i32)))
    (import "tw" "abort" (func $abort (param i32)))
    (import "tw" "barrier" (func $barrier))
    (memory 1) (data (i32.const 100) "first\00second\00")
    (func (export "f")
      (call $barrier)
      (if (i32.eq (call $tid) (i32.const 2))
        (then (call $abort (i32.const 100))))
      (if (i32.eq (call $tid) (i32.const 3))
        (then (call $abort (i32.const 106))))
      (i32.store8 (call $tid) (i32.const 1)))
    (func (export "none") (call $abort (i32.const 0)))
    (func (export "far") (call $abort (i32.const -1)))))");
  ASSERT_TRUE(oracle);
  ptxbin::KernelInfo info = kernel("f");
  info.cooperative = true;
  info.memory = 0;
  auto outcome = oracle->launch(info, {1, 1, 1}, {5, 1, 1}, {});
  ASSERT_TRUE(outcome) << outcome.error().message;
  ASSERT_TRUE(outcome->trap);
  EXPECT_EQ(outcome->trap->code, TrapCode::Aborted);
  EXPECT_EQ(outcome->trap->thread.x, 2u);
  EXPECT_EQ(outcome->trap->message, "first");
  EXPECT_EQ(oracle->traps().count(), 2u);
  EXPECT_EQ(oracle->memory()[2], 0);
  EXPECT_EQ(oracle->memory()[4], 1);
  for (const char *name : {"none", "far"}) {
    info.name = name;
    outcome = oracle->invoke(info, {});
    ASSERT_TRUE(outcome);
    ASSERT_TRUE(outcome->trap);
    EXPECT_EQ(outcome->trap->code, TrapCode::Aborted);
    EXPECT_EQ(outcome->trap->message, "");
  }
}

} // namespace
