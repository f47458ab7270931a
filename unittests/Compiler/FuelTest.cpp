//===- FuelTest.cpp - fuel runs out when it should ------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Guests compiled to host images and called through the kernel ABI itself, to
// the unit: what twasm-insert-fuel documents, at -O0 and at -O2.
//
//===----------------------------------------------------------------------===//

#include "Format/KernelABI.h"
#include "HostImage.h"
#include "twc/Pipelines/Compile.h"

#include <gtest/gtest.h>

#include <csetjmp>
#include <cstring>

using twrun::HostImage;
using twrun::abi::Environment;
using twrun::abi::HostEntry;
using twrun::abi::HostThread;
using twrun::abi::TrapCode;

namespace {

// Costs, one unit per instruction that does something:
//   count: entry 1 (into the loop); 7 an iteration
//   walk(n): entry 1; 9 an iteration, and what comes behind the loop (6 and
//     the return) is not on the way to the next iteration: it is free
//   fib: 5 a call: 3 to the branch, 1 to the end, 1 for the return
constexpr const char *guest = R"((module
  (memory 1)
  (func (export "count")
    (loop $l
      (i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (i32.const 1)))
      (br $l)))
  (func (export "walk") (param $n i32)
    (loop $l
      (local.set $n (i32.sub (local.get $n) (i32.const 1)))
      (i32.store (i32.const 4) (i32.add (i32.load (i32.const 4)) (i32.const 1)))
      (br_if $l (local.get $n)))
    (i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (i32.const 1))))
  (func $fib (export "fib") (param i32) (result i32)
    (if (result i32) (i32.lt_u (local.get 0) (i32.const 2))
      (then (local.get 0))
      (else (i32.add (call $fib (i32.sub (local.get 0) (i32.const 1)))
                     (call $fib (i32.sub (local.get 0) (i32.const 2))))))))
)";

/// HostThread, and where its trap goes.
struct Thread {
  HostThread thread{}; // first: the handler gets a pointer to it
  uint32_t code = 0;
  jmp_buf leave;
};

[[noreturn]] void trap(HostThread *self, uint32_t code, uint32_t,
                       uint32_t) {
  auto *guest = reinterpret_cast<Thread *>(self);
  guest->code = code;
  _longjmp(guest->leave, 1);
}

class Fuel : public testing::TestWithParam<unsigned> {
protected:
  void SetUp() override {
    mlir::DialectRegistry registry;
    twc::registerDialects(registry);
    mlir::MLIRContext context(registry,
                              mlir::MLIRContext::Threading::DISABLED);
    context.loadAllAvailableDialects();
    twc::CompileOptions options;
    options.phase = twc::Phase::Host;
    options.targets.host = true;
    options.optLevel = GetParam();
    options.fuel = true;
    llvm::StringRef text(guest);
    twc::ModuleInput input;
    input.fileName = "fuel.wat";
    input.bytes = {text.bytes_begin(), text.bytes_end()};
    auto result = twc::compileTo(context, input, options);
    ASSERT_TRUE(bool(result)) << llvm::toString(result.takeError());
    auto loaded = HostImage::load(result->output);
    ASSERT_TRUE(bool(loaded)) << loaded.error().message;
    image.emplace(std::move(*loaded));
  }

  /// Runs `threads` threads of one block with `fuel` each from the first on,
  /// until one traps; the trap's code, 0 if none does.
  uint32_t run(const char *symbol, uint64_t fuel, uint32_t argument = 0,
               uint32_t threads = 1) {
    auto entry = reinterpret_cast<HostEntry>(
        const_cast<void *>(image->function(symbol)));
    if (!entry) {
      ADD_FAILURE() << "no entry point " << symbol;
      return ~0u;
    }
    memory.assign(65536, 0);
    uint64_t state[64] = {};
    Environment env{};
    env.memoryBase = reinterpret_cast<uint64_t>(memory.data());
    env.memorySize = memory.size();
    env.instanceState = reinterpret_cast<uint64_t>(state);
    env.results = reinterpret_cast<uint64_t>(results);
    env.fuel = fuel;
    uint64_t arguments[2] = {argument, 0};
    Thread thread;
    for (uint32_t &dim : thread.thread.gridDim)
      dim = 1;
    for (uint32_t &dim : thread.thread.blockDim)
      dim = 1;
    thread.thread.blockDim[0] = threads;
    thread.thread.stackLimit =
        reinterpret_cast<uint64_t>(__builtin_frame_address(0)) - (256 << 10);
    thread.thread.trap = trap;
    if (!_setjmp(thread.leave))
      entry(&env, arguments, &thread.thread);
    stopped = thread.thread.threadId[0];
    return thread.code;
  }

  uint32_t word(unsigned at) const {
    uint32_t value;
    std::memcpy(&value, memory.data() + at, sizeof value);
    return value;
  }

  static constexpr auto exhausted = uint32_t(TrapCode::FuelExhausted);
  std::optional<HostImage> image;
  std::vector<uint8_t> memory;
  uint64_t results[2] = {};
  uint32_t stopped = 0;
};

} // namespace

TEST_P(Fuel, EndsAnInfiniteLoop) {
  EXPECT_EQ(run("tw_count", 0), exhausted);
  EXPECT_EQ(word(0), 0u);
  EXPECT_EQ(run("tw_count", 1 + 6), exhausted);
  EXPECT_EQ(word(0), 0u);
  EXPECT_EQ(run("tw_count", 1 + 7), exhausted);
  EXPECT_EQ(word(0), 1u);
  EXPECT_EQ(run("tw_count", 1 + 7 * 100000 + 6), exhausted);
  EXPECT_EQ(word(0), 100000u);
}

TEST_P(Fuel, IsEachThreadsOwn) {
  const uint64_t needed = 1 + 9 * 50;
  EXPECT_EQ(run("tw_walk", needed, 50, /*threads=*/8), 0u);
  EXPECT_EQ(word(0), 8u);
  EXPECT_EQ(run("tw_walk", needed - 1, 50, 8), exhausted);
  EXPECT_EQ(word(0), 0u);
  EXPECT_EQ(word(4), 49u);
  EXPECT_EQ(stopped, 0u);
}

TEST_P(Fuel, IsSharedWithCallees) {
  // fib(n) makes 2 * fib(n + 1) - 1 calls.
  const uint64_t needed = 5 * (2 * 89 - 1);
  EXPECT_EQ(run("tw_fib", needed, 10), 0u);
  EXPECT_EQ(uint32_t(results[0]), 55u);
  EXPECT_EQ(run("tw_fib", needed - 1, 10), exhausted);
}

TEST_P(Fuel, AllOnesIsNoLimit) {
  EXPECT_EQ(run("tw_walk", UINT64_MAX, 1000000), 0u);
  EXPECT_EQ(word(4), 1000000u);
}

INSTANTIATE_TEST_SUITE_P(Levels, Fuel, testing::Values(0u, 2u));
