//===- Block.cpp - the threads of a block, taking turns -------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Who waits for whom. A thread is live until its body has ended, and of the
// live ones each is either ready or waits. An operation is complete when all
// of its participants wait at it; that can only change when a thread arrives
// at one or ends. When none is ready, what is left waits for itself.
//
//===----------------------------------------------------------------------===//

#include "Block.h"

#include "Calls.h"
#include "Fiber.h"
#include "Matrix.h"
#include "Reduce.h"
#include "ThreadSet.h"
#include "Warp.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <exception>

using namespace twrun;
using namespace ptxbin;
using twrun::abi::Collective;
using twrun::abi::CollectiveOp;
using twrun::abi::TrapCode;

namespace {

struct Thread {
  Fiber fiber;
  Stack stack;
  Collective call;
  CollectiveResult result;
};

} // namespace

struct Block::State {
  explicit State(StackPool &pool) : pool(pool) {}

  StackPool &pool;
  std::vector<Thread> threads;
  std::vector<Stack> stacks; // that no thread is on
  const BlockThreads *running = nullptr;
  ThreadSet live, ready, waiting;
  unsigned liveCount = 0, atBlockOp = 0;
  unsigned current = 0;
  std::array<std::unique_ptr<WarpMatrices>, maxWarps> matrices;
  std::exception_ptr thrown;

  void begin(const BlockThreads &of);
  void turn(unsigned index);
  void giveWay();
  void runBody(unsigned index, uint8_t *stackLow);
  void ended(unsigned index);
  void arrive(unsigned index);
  void release(unsigned index, CollectiveResult result);
  void tryWarp(unsigned index);
  void evaluateMatrix(unsigned warp, const Collective &call, uint32_t lanes);
  void tryBlock();
  uint64_t evaluateBlock(CollectiveOp op);
};

Block::Block(StackPool &pool) : state(std::make_unique<State>(pool)) {}
Block::~Block() { state->pool.giveBack(std::move(state->stacks)); }

unsigned Block::current() const { return state->current; }

void Block::State::begin(const BlockThreads &of) {
  running = &of;
  threads.resize(std::max<size_t>(threads.size(), of.count));
  live = ready = waiting = ThreadSet();
  for (unsigned i = 0; i < of.count; ++i) {
    live.add(i);
    ready.add(i);
  }
  liveCount = of.count;
  atBlockOp = 0;
  current = 0;
  thrown = nullptr;
  for (std::unique_ptr<WarpMatrices> &warp : matrices)
    warp.reset();
}

void Block::State::runBody(unsigned index, uint8_t *stackLow) {
  try {
    running->body(index, stackLow);
  } catch (...) {
    if (!thrown)
      thrown = std::current_exception();
  }
}

Expected<void> Block::run(const BlockThreads &of) {
  assert(of.count >= 1 && of.count <= maxBlockThreads);
  State &s = *state;
  if (of.count > 1 && of.count > s.stacks.size()) {
    Expected<std::vector<Stack>> stacks =
        s.pool.take(of.count - s.stacks.size());
    if (!stacks)
      return stacks.error();
    s.stacks.insert(s.stacks.begin(), stacks->begin(), stacks->end());
  }
  s.begin(of);
  // Stacks are taken from the back, so that threads that never wait all use
  // the same one.
  for (unsigned from = 0; s.liveCount != 0;) {
    unsigned index = s.ready.next(from);
    if (index == maxBlockThreads)
      index = s.ready.next(0);
    if (index == maxBlockThreads) {
      index = s.waiting.next(0);
      s.release(index, {TrapCode::DivergentBarrier, 0});
    }
    s.turn(index);
    from = (s.current + 1) % maxBlockThreads;
  }
  s.running = nullptr;
  if (s.thrown)
    std::rethrow_exception(std::exchange(s.thrown, nullptr));
  return {};
}

/// Lets a thread go on until it waits or ends; or, where threads give way to
/// one another by themselves, until one of them does, which is then current.
void Block::State::turn(unsigned index) {
  current = index;
  Thread &thread = threads[index];
  if (running->enter)
    running->enter(index);
  bool hasEnded = true;
  if (running->count == 1) {
    runBody(index, nullptr); // there is nobody to wait for
  } else {
    if (!thread.stack.low) {
      thread.stack = stacks.back();
      stacks.pop_back();
      thread.fiber.start(
          thread.stack,
          [](void *state, unsigned index) {
            auto &self = *static_cast<State *>(state);
            self.runBody(index, self.threads[index].stack.low);
          },
          this, index);
    }
    hasEnded = !thread.fiber.resume();
  }
  if (running->leave)
    running->leave(current);
  if (hasEnded)
    ended(current);
}

/// On the current thread's stack: lets others go on, and returns when it is
/// its turn again. The next thread is run()'s, which has to be asked only where
/// there is more to do than to go on.
void Block::State::giveWay() {
  Thread &thread = threads[current];
  if (Fiber::canHandOver && !running->enter && !running->leave) {
    unsigned next = ready.next(current + 1);
    if (next == maxBlockThreads)
      next = ready.next(0);
    if (next == current)
      return;
    if (next != maxBlockThreads && threads[next].stack.low) {
      current = next;
      return thread.fiber.handOver(threads[next].fiber);
    }
  }
  thread.fiber.suspend();
}

/// A thread that has ended is waited for no longer.
void Block::State::ended(unsigned index) {
  Thread &thread = threads[index];
  if (thread.stack.low)
    stacks.push_back(std::exchange(thread.stack, Stack()));
  live.remove(index);
  ready.remove(index);
  --liveCount;
  const unsigned first = index / warpSize * warpSize;
  for (unsigned i = first; i < first + warpSize; ++i)
    if (waiting.has(i) && !isBlockOp(threads[i].call.op))
      tryWarp(i);
  tryBlock();
}

void Block::State::arrive(unsigned index) {
  waiting.add(index);
  ready.remove(index);
  if (isBlockOp(threads[index].call.op)) {
    ++atBlockOp;
    tryBlock();
  } else {
    tryWarp(index);
  }
}

void Block::State::release(unsigned index, CollectiveResult result) {
  threads[index].result = result;
  waiting.remove(index);
  ready.add(index);
  if (isBlockOp(threads[index].call.op))
    --atBlockOp;
}

/// Completes the warp operation that thread `index` waits at, if all that take
/// part have come.
void Block::State::tryWarp(unsigned index) {
  const unsigned warp = index / warpSize, first = warp * warpSize;
  const Collective call = threads[index].call;
  const uint32_t mask = isMatrixOp(call.op) ? UINT32_MAX : call.mask;
  const uint32_t lanes = mask & live.lanes[warp];
  if (lanes & ~waiting.lanes[warp])
    return;
  WarpCalls calls{};
  for (unsigned lane = 0; lane < warpSize; ++lane) {
    if (!(lanes >> lane & 1))
      continue;
    calls[lane] = &threads[first + lane].call;
    if (!isSame(call, *calls[lane]))
      return;
  }
  if (isMatrixOp(call.op))
    return evaluateMatrix(warp, *calls[std::countr_zero(lanes)], lanes);
  const WarpResults results = evaluateWarp(lanes, calls);
  for (unsigned lane = 0; lane < warpSize; ++lane)
    if (lanes >> lane & 1)
      release(first + lane, {TrapCode::None, results[lane]});
}

/// A matrix operation is for full warps: with fewer lanes left, none of them
/// gets by. Where lanes differ in what they pass, the lowest counts.
void Block::State::evaluateMatrix(unsigned warp, const Collective &call,
                                  uint32_t lanes) {
  CollectiveResult result;
  if (lanes == UINT32_MAX) {
    if (!matrices[warp])
      matrices[warp] = std::make_unique<WarpMatrices>();
    matrices[warp]->apply(call);
  } else {
    result.trap = TrapCode::DivergentBarrier;
  }
  for (unsigned lane = 0; lane < warpSize; ++lane)
    if (lanes >> lane & 1)
      release(warp * warpSize + lane, result);
}

/// Completes the block operation that all live threads wait at, if they do.
void Block::State::tryBlock() {
  if (liveCount == 0 || atBlockOp != liveCount)
    return;
  const Collective call = threads[live.next(0)].call;
  bool same = true;
  live.each([&](unsigned i) { same &= isSame(call, threads[i].call); });
  if (!same)
    return;
  const uint64_t bits = evaluateBlock(call.op);
  live.each([&](unsigned i) { release(i, {TrapCode::None, bits}); });
}

uint64_t Block::State::evaluateBlock(CollectiveOp op) {
  if (op == CollectiveOp::BlockReduce) {
    const Collective &any = threads[live.next(0)].call;
    const Reduction of{twrun::abi::ReduceKind(any.a),
                       twrun::abi::ReduceType(any.b)};
    std::array<uint64_t, maxWarps> warps;
    size_t count = 0;
    for (unsigned warp = 0; warp < maxWarps; ++warp) {
      if (!live.lanes[warp])
        continue;
      std::array<uint64_t, warpSize> values{};
      for (unsigned lane = 0; lane < warpSize; ++lane)
        if (live.lanes[warp] >> lane & 1)
          values[lane] = threads[warp * warpSize + lane].call.value;
      warps[count++] = reduceWarp(of, live.lanes[warp], values);
    }
    return reduceLeft(of, std::span(warps).first(count));
  }
  uint64_t count = 0;
  live.each([&](unsigned i) { count += threads[i].call.value != 0; });
  switch (op) {
  case CollectiveOp::BarrierCount:
    return count;
  case CollectiveOp::BarrierAnd:
    return count == liveCount;
  case CollectiveOp::BarrierOr:
    return count != 0;
  default:
    return 0;
  }
}

CollectiveResult Block::collective(const Collective &call) {
  State &s = *state;
  const unsigned index = s.current;
  if (!isValid(call))
    return {TrapCode::Unreachable, 0};
  if (!isBlockOp(call.op) && !isMatrixOp(call.op) &&
      !(call.mask >> index % warpSize & 1))
    return {TrapCode::NotInWarpMask, 0};
  Thread &thread = s.threads[index];
  thread.call = call;
  s.arrive(index);
  // Others get a turn even where this thread need not wait: it may be spinning
  // until one of them has done something.
  if (s.running->count > 1)
    s.giveWay();
  return thread.result;
}
