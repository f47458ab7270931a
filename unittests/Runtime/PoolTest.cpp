//===- PoolTest.cpp - pools of instances ----------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// On the host and on a CUDA device, and with instances made here that fail
// when they are told to.
//
//===----------------------------------------------------------------------===//

#include "twrun/Pool.h"
#include "Kinds.h"
#include "MemoryPlan.h"

#include <atomic>
#include <thread>

using namespace twrun;
using namespace twrun::test;
using namespace ptxbin;
using namespace std::chrono_literals;

namespace {
/// Waits until `done` for as long as a test may take.
template <typename Done> bool becomes(Done done) {
  for (int i = 0; i < 2000; ++i) {
    if (done())
      return true;
    std::this_thread::sleep_for(5ms);
  }
  return false;
}

class Pool : public KindTest {
protected:
  void SetUp() override {
    KindTest::SetUp();
    Expected<PtxBin> made = artifact(testManifest(8), hostImage(), ptxImage());
    ASSERT_TRUE(made) << messageOf(made);
    file = std::make_unique<PtxBin>(std::move(*made));
  }
  std::unique_ptr<InstancePool> open(const PoolPolicy &policy) {
    auto pool = InstancePool::create(*device, *file, withExtra(8), policy);
    EXPECT_TRUE(pool) << messageOf(pool);
    return pool ? std::move(*pool) : nullptr;
  }
  std::unique_ptr<PtxBin> file;
};
} // namespace
INSTANTIATE_TEST_SUITE_P(Kinds, Pool, testing::ValuesIn(allKinds), kindName);

TEST_P(Pool, HandsOutInstancesAsNew) {
  for (Place place : {Place::Host, Place::Device}) {
    PoolPolicy policy;
    policy.maxTotal = 1;
    policy.snapshot = place;
    std::unique_ptr<InstancePool> pool = open(policy);
    ASSERT_TRUE(pool);
    const Executor *before = nullptr;
    for (int round = 0; round < 5; ++round) {
      auto lease = pool->acquire();
      ASSERT_TRUE(lease) << messageOf(lease);
      Executor &executor = **lease;
      EXPECT_TRUE(!before || before == &executor);
      before = &executor;
      ASSERT_EQ(executor.memoryBytes(), 8 * pageBytes);
      EXPECT_EQ(bytesAt(executor, 0, 8 * pageBytes),
                std::vector<uint8_t>(8 * pageBytes));
      ASSERT_TRUE(executor.grow(3));
      ASSERT_TRUE(executor.copyIn(0, someBytes(11 * pageBytes)));
    }
    PoolStats stats = pool->stats();
    EXPECT_EQ(stats.made, 1u);
    EXPECT_EQ(stats.acquired, 5u);
    EXPECT_EQ(stats.ready, 5u);
    EXPECT_EQ(stats.resets, 5u);
    EXPECT_EQ(stats.idle, 1u);
    EXPECT_EQ(stats.inUse, 0u);
  }
}

TEST_P(Pool, HasNoMoreThanItsPolicyAllows) {
  PoolPolicy policy;
  policy.minIdle = 0;
  policy.maxTotal = 2;
  std::unique_ptr<InstancePool> pool = open(policy);
  ASSERT_TRUE(pool);
  auto first = pool->acquire(), second = pool->tryAcquire();
  ASSERT_TRUE(first && second);
  EXPECT_NE(&**first, &**second);
  auto third = pool->tryAcquire();
  ASSERT_FALSE(third);
  EXPECT_EQ(third.error().kind, ErrorKind::WouldBlock);
  EXPECT_EQ(third.error().message, "all 2 instances of the pool are in use");
  const auto start = InstancePool::Clock::now();
  third = pool->acquireUntil(start + 30ms);
  ASSERT_FALSE(third);
  EXPECT_EQ(third.error().kind, ErrorKind::WouldBlock);
  EXPECT_GE(InstancePool::Clock::now() - start, 30ms);
  EXPECT_EQ(pool->stats().refused, 2u);
  EXPECT_EQ(pool->stats().inUse, 2u);

  // Who waits gets it as soon as one comes back.
  std::atomic<bool> got = false;
  std::thread other([&] {
    auto lease = pool->acquire();
    got = bool(lease);
  });
  std::this_thread::sleep_for(20ms);
  EXPECT_FALSE(got);
  second->release();
  other.join();
  EXPECT_TRUE(got);
  EXPECT_TRUE(pool->acquireUntil(InstancePool::Clock::now() + 10s));
}

TEST_P(Pool, KeepsSomeReadyAndNoMore) {
  PoolPolicy policy;
  policy.minIdle = 2;
  policy.maxIdle = 3;
  policy.maxTotal = 6;
  policy.idleTime = 1h;
  std::unique_ptr<InstancePool> pool = open(policy);
  ASSERT_TRUE(pool);
  EXPECT_TRUE(becomes([&] { return pool->stats().idle == 2; }));
  std::vector<InstancePool::Lease> leases;
  for (int i = 0; i < 6; ++i) {
    auto lease = pool->acquire();
    ASSERT_TRUE(lease) << messageOf(lease);
    leases.push_back(std::move(*lease));
  }
  leases.clear();
  PoolStats stats = pool->stats();
  EXPECT_EQ(stats.idle, 3u);
  EXPECT_EQ(stats.made, 6u);
  EXPECT_EQ(stats.evicted, 3u);
}

TEST_P(Pool, DestroysWhatIsIdleForLong) {
  PoolPolicy policy;
  policy.minIdle = 1;
  policy.maxTotal = 4;
  policy.idleTime = 50ms;
  std::unique_ptr<InstancePool> pool = open(policy);
  ASSERT_TRUE(pool);
  {
    auto a = pool->acquire(), b = pool->acquire(), c = pool->acquire();
    ASSERT_TRUE(a && b && c);
  }
  EXPECT_TRUE(becomes([&] { return pool->stats().idle == 1; }));
  EXPECT_EQ(pool->stats().evicted, pool->stats().made - 1);
  std::this_thread::sleep_for(100ms);
  EXPECT_EQ(pool->stats().idle, 1u);
}

TEST_P(Pool, ServesManyThreads) {
  PoolPolicy policy;
  policy.minIdle = 1;
  policy.maxIdle = 2;
  policy.maxTotal = 3;
  policy.idleTime = 1ms; // so that all parts are at work
  std::unique_ptr<InstancePool> pool = open(policy);
  ASSERT_TRUE(pool);
  std::atomic<int> inUse = 0, most = 0, served = 0;
  auto body = [&](uint8_t mine) {
    for (int round = 0; round < 40; ++round) {
      auto lease = pool->acquire();
      ASSERT_TRUE(lease) << messageOf(lease);
      int now = ++inUse;
      for (int seen = most;
           now > seen && !most.compare_exchange_weak(seen, now);)
        ;
      ASSERT_EQ(bytesAt(**lease, 0, 64), std::vector<uint8_t>(64));
      ASSERT_TRUE((*lease)->copyIn(0, std::vector<uint8_t>(64, mine)));
      ASSERT_EQ(bytesAt(**lease, 0, 64), std::vector<uint8_t>(64, mine));
      ++served;
      --inUse;
    }
  };
  std::vector<std::thread> threads;
  for (uint8_t i = 1; i <= 6; ++i)
    threads.emplace_back(body, i);
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_EQ(served, 240);
  EXPECT_LE(most, 3);
  EXPECT_TRUE(becomes([&] { return pool->stats().inUse == 0; }));
  PoolStats stats = pool->stats();
  EXPECT_EQ(stats.acquired, 240u);
  EXPECT_EQ(stats.resets, 240u);
  EXPECT_EQ(stats.dropped, 0u);
  EXPECT_EQ(stats.made, stats.evicted + stats.idle);
}

//===-- Instances that fail -----------------------------------------------===//

namespace {
struct Faults {
  std::atomic<int> made = 0, alive = 0;
  std::atomic<bool> makeFails = false, restoreFails = false, isLost = false;
};

class FaultySnapshot : public Snapshot {
public:
  uint64_t memoryBytes() const override { return 0; }
  Place place() const override { return Place::Host; }
};

class FaultyExecutor : public Executor {
public:
  explicit FaultyExecutor(Faults &faults) : faults(faults) {
    ++faults.made;
    ++faults.alive;
  }
  ~FaultyExecutor() override { --faults.alive; }
  std::string describe() const override { return "faulty"; }
  Expected<void> instantiateNext() override { return {}; }
  std::span<uint8_t> memory(uint32_t) override { return {}; }
  Expected<void> grow(uint64_t, uint32_t) override { return {}; }
  Value global(uint32_t) const override { return {}; }
  std::vector<uint64_t> table(uint32_t) const override { return {}; }
  Expected<Outcome> invoke(const KernelInfo &,
                           std::span<const Value>) override {
    return Outcome();
  }
  Expected<Outcome> launch(const KernelInfo &, Dim3, Dim3,
                           std::span<const Value>,
                           const LaunchOptions &) override {
    return Outcome();
  }
  Expected<std::unique_ptr<Snapshot>> snapshot(Place) override {
    return std::unique_ptr<Snapshot>(new FaultySnapshot);
  }
  Expected<void> restore(const Snapshot &) override {
    if (faults.restoreFails)
      return makeError(ErrorKind::Device, "as told");
    return {};
  }
  bool isUsable() const override { return !faults.isLost; }

private:
  Faults &faults;
};

class FaultyDevice : public Device {
public:
  explicit FaultyDevice(Faults &faults) : faults(faults) {}
  std::string describe() const override { return "faulty"; }
  bool isGPU() const override { return false; }
  DeviceInfo info() const override { return {}; }
  Expected<std::unique_ptr<Executor>>
  instantiate(const PtxBin &, const InstanceOptions &) override {
    if (faults.makeFails)
      return makeError(ErrorKind::OutOfMemory, "as told");
    return std::unique_ptr<Executor>(new FaultyExecutor(faults));
  }
  Expected<std::unique_ptr<HostBuffer>> hostBuffer(uint64_t) override {
    return makeError(ErrorKind::Device, "none");
  }

private:
  Faults &faults;
};

struct FaultyPool : testing::Test {
  Faults faults;
  FaultyDevice device{faults};
  PtxBin file = *artifact(testManifest(1), hostImage());
  std::unique_ptr<InstancePool> open(size_t minIdle, size_t maxTotal) {
    PoolPolicy policy;
    policy.minIdle = minIdle;
    policy.maxTotal = maxTotal;
    auto pool = InstancePool::create(device, file, {}, policy);
    EXPECT_TRUE(pool) << messageOf(pool);
    return pool ? std::move(*pool) : nullptr;
  }
};
} // namespace

TEST_F(FaultyPool, DropsWhatCannotBeReset) {
  std::unique_ptr<InstancePool> pool = open(0, 1);
  faults.restoreFails = true;
  pool->acquire()->release();
  EXPECT_EQ(pool->stats().dropped, 1u);
  EXPECT_EQ(pool->stats().idle, 0u);
  EXPECT_EQ(faults.alive, 0);
  faults.restoreFails = false;
  auto lease = pool->tryAcquire(); // there is room for another
  ASSERT_TRUE(lease) << messageOf(lease);
  EXPECT_EQ(faults.made, 2);
  lease->discard();
  EXPECT_EQ(pool->stats().dropped, 2u);
  EXPECT_FALSE(*lease);
  lease->release(); // nothing any more
  EXPECT_EQ(faults.alive, 0);
}

TEST_F(FaultyPool, NeverHandsOutWhatIsLost) {
  std::unique_ptr<InstancePool> pool = open(2, 4);
  ASSERT_TRUE(becomes([&] { return pool->stats().idle == 2; }));
  faults.makeFails = true;
  faults.isLost = true;
  auto lease = pool->acquire();
  ASSERT_FALSE(lease);
  EXPECT_EQ(lease.error().kind, ErrorKind::OutOfMemory);
  EXPECT_TRUE(becomes([&] { return faults.alive == 0; }));
  EXPECT_EQ(pool->stats().dropped, 2u);
  EXPECT_EQ(pool->stats().refused, 1u);
  EXPECT_EQ(pool->stats().inUse, 0u);
  faults.makeFails = faults.isLost = false;
  EXPECT_TRUE(pool->acquire());
}

TEST_F(FaultyPool, WhoWaitsIsToldThatNoneCanBeMade) {
  std::unique_ptr<InstancePool> pool = open(0, 1);
  auto lease = pool->acquire();
  ASSERT_TRUE(lease);
  std::atomic<bool> told = false;
  std::thread other([&] {
    auto second = pool->acquire();
    told = !second && second.error().kind == ErrorKind::OutOfMemory;
  });
  std::this_thread::sleep_for(20ms);
  faults.makeFails = true;
  lease->discard();
  other.join();
  EXPECT_TRUE(told);
}

TEST_F(FaultyPool, RefusesAPolicyThatCannotBe) {
  for (PoolPolicy policy :
       {PoolPolicy{.maxTotal = 0}, PoolPolicy{.minIdle = 3, .maxTotal = 2},
        PoolPolicy{.idleTime = -1ms}}) {
    auto pool = InstancePool::create(device, file, {}, policy);
    ASSERT_FALSE(pool);
    EXPECT_EQ(pool.error().kind, ErrorKind::Invalid);
  }
  InstanceOptions options;
  options.stepwise = true;
  EXPECT_FALSE(InstancePool::create(device, file, options));
  faults.makeFails = true;
  auto pool = InstancePool::create(device, file);
  ASSERT_FALSE(pool);
  EXPECT_EQ(pool.error().message, "as told");
  EXPECT_EQ(faults.alive, 0);
}
