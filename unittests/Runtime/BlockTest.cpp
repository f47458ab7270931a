//===- BlockTest.cpp - the threads of a block, taking turns ---------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Who waits for whom, who goes on and who is told that nobody will come.
//
//===----------------------------------------------------------------------===//

#include "Block/Block.h"

#include <bit>
#include <gtest/gtest.h>
#include <map>
#include <set>
#include <stdexcept>

using namespace twrun;
using twrun::abi::Collective;
using twrun::abi::CollectiveOp;
using twrun::abi::ReduceKind;
using twrun::abi::ReduceType;
using twrun::abi::TrapCode;
using enum twrun::abi::CollectiveOp;

namespace {

/// Runs blocks whose threads are functions of their index.
struct Blocks {
  StackPool pool{64 * 1024};
  Block block{pool};

  void run(unsigned count, std::function<void(unsigned)> body) {
    BlockThreads threads;
    threads.count = count;
    threads.body = [&](unsigned index, uint8_t *) {
      EXPECT_EQ(block.current(), index);
      body(index);
      EXPECT_EQ(block.current(), index);
    };
    auto ok = block.run(threads);
    ASSERT_TRUE(ok) << ok.error().message;
  }

  CollectiveResult call(CollectiveOp op, uint64_t value = 0,
                        uint32_t mask = ~0u, uint32_t a = 0, uint32_t b = 0) {
    return block.collective({op, mask, value, a, b, 0, 0});
  }
  /// One that must not trap.
  uint64_t get(CollectiveOp op, uint64_t value = 0, uint32_t mask = ~0u,
               uint32_t a = 0, uint32_t b = 0) {
    CollectiveResult result = call(op, value, mask, a, b);
    EXPECT_EQ(result.trap, TrapCode::None);
    return result.bits;
  }
  uint64_t add(CollectiveOp op, uint64_t value, ReduceType type) {
    return get(op, value, ~0u, uint32_t(ReduceKind::Add), uint32_t(type));
  }
};

} // namespace

TEST(Block, ThreadsThatNeverWaitRunInOrderOnOneStack) {
  Blocks blocks;
  std::vector<unsigned> order;
  std::set<uint8_t *> stacks;
  BlockThreads threads;
  threads.count = 1024;
  threads.body = [&](unsigned index, uint8_t *low) {
    order.push_back(index);
    stacks.insert(low);
  };
  ASSERT_TRUE(blocks.block.run(threads));
  ASSERT_EQ(order.size(), 1024u);
  for (unsigned i = 0; i < 1024; ++i)
    EXPECT_EQ(order[i], i);
  EXPECT_EQ(stacks.size(), 1u);
}

TEST(Block, ABarrierSeparatesWhatIsBeforeFromWhatIsAfter) {
  Blocks blocks;
  for (unsigned count : {1u, 2u, 31u, 32u, 33u, 48u, 1000u, 1024u}) {
    unsigned before = 0, after = 0;
    blocks.run(count, [&](unsigned) {
      for (unsigned round = 1; round <= 3; ++round) {
        ++before;
        EXPECT_EQ(blocks.get(Barrier), 0u);
        EXPECT_EQ(before, round * count);
        ++after;
        blocks.get(Barrier);
        EXPECT_EQ(after, round * count);
      }
    });
    EXPECT_EQ(after, 3 * count);
  }
}

TEST(Block, BarriersCountPredicates) {
  Blocks blocks;
  blocks.run(48, [&](unsigned i) {
    EXPECT_EQ(blocks.get(BarrierCount, i % 3 == 0), 16u);
    EXPECT_EQ(blocks.get(BarrierAnd, 1), 1u);
    EXPECT_EQ(blocks.get(BarrierAnd, i != 47), 0u);
    EXPECT_EQ(blocks.get(BarrierOr, i == 47), 1u);
    EXPECT_EQ(blocks.get(BarrierOr, 0), 0u);
  });
}

TEST(Block, ThreadsThatExitAreNotWaitedFor) {
  Blocks blocks;
  blocks.run(48, [&](unsigned i) {
    if (i % 2)
      return; // some before the others wait, some after
    EXPECT_EQ(blocks.get(BarrierCount, 1), 24u);
    if (i == 0)
      return;
    EXPECT_EQ(blocks.get(BarrierCount, 1), 23u);
    if (i >= 32)
      return;
    EXPECT_EQ(blocks.get(VoteBallot, 1), 0x55555554u);
    if (i == 30)
      return; // the last to come, while the others wait
    EXPECT_EQ(blocks.get(VoteBallot, 1), 0x15555554u);
  });
}

TEST(Block, WarpsOfABlockAreApart) {
  Blocks blocks;
  blocks.run(33, [&](unsigned i) {
    EXPECT_EQ(blocks.get(VoteBallot, 1), i < 32 ? ~0u : 1u);
    EXPECT_EQ(blocks.get(ShuffleIdx, i, ~0u, 31, 32), i < 32 ? 31u : 32u);
    EXPECT_EQ(blocks.add(WarpReduce, i, ReduceType::I32), i < 32 ? 496u : 32u);
    // Warps need not be at the same place, nor as often.
    for (unsigned k = 0; k < i / 32 * 5; ++k)
      blocks.get(WarpSync);
    EXPECT_EQ(blocks.add(BlockReduce, i, ReduceType::I64), 528u);
  });
}

TEST(Block, PartsOfAWarpAreApart) {
  Blocks blocks;
  blocks.run(48, [&](unsigned i) {
    const uint32_t mask = i % 2 ? 0xaaaaaaaa : 0x55555555;
    const uint32_t here = i < 32 ? mask : mask & 0xffff;
    EXPECT_EQ(blocks.get(VoteBallot, 1, mask), here);
    // One half is at another operation, and goes round more often.
    for (unsigned k = 0; k < (i % 2 ? 7u : 2u); ++k)
      EXPECT_EQ(blocks.get(i % 2 ? VoteAny : VoteAll, 1, mask), 1u);
    EXPECT_EQ(blocks.get(MatchAll, 5), i < 32 ? ~0u : 0xffffu);
  });
}

TEST(Block, BlockReductionsGoByWarps) {
  // In f32 the order shows: beyond 2^24 a 1 alone is lost.
  Blocks blocks;
  auto bits = [](float x) { return uint64_t(std::bit_cast<uint32_t>(x)); };
  blocks.run(96, [&](unsigned i) {
    const float mine = i < 32 ? 0x1p19f : i < 64 ? 1.0f / 32 : 1.0f;
    if (i == 95)
      return; // the last warp is summed from the left
    EXPECT_EQ(blocks.add(BlockReduce, bits(mine), ReduceType::F32),
              bits((0x1p24f + 1.0f) + 31.0f));
  });
}

TEST(Block, AThreadOutsideOfItsMaskTraps) {
  Blocks blocks;
  unsigned ended = 0;
  blocks.run(32, [&](unsigned i) {
    CollectiveResult result = blocks.call(VoteBallot, 1, 0xfffffff7);
    EXPECT_EQ(result.trap, i == 3 ? TrapCode::NotInWarpMask : TrapCode::None);
    EXPECT_EQ(result.bits, i == 3 ? 0 : 0xfffffff7u);
    ++ended;
  });
  EXPECT_EQ(ended, 32u);
}

TEST(Block, OfThreadsThatWaitForOneAnotherTheLowestTraps) {
  Blocks blocks;
  std::map<unsigned, TrapCode> traps;
  // Threads 0 and 1 wait at the barrier, the others for the whole warp.
  blocks.run(8, [&](unsigned i) {
    CollectiveResult result =
        i < 2 ? blocks.call(Barrier) : blocks.call(VoteBallot, 1);
    if (result.trap != TrapCode::None)
      traps[i] = result.trap;
    else
      EXPECT_EQ(result.bits, 0xfcu);
  });
  // 0 traps; 1 still waits for the others, and they for 1: then it traps too.
  EXPECT_EQ(traps,
            (std::map<unsigned, TrapCode>{{0, TrapCode::DivergentBarrier},
                                          {1, TrapCode::DivergentBarrier}}));
}

TEST(Block, DifferentMasksOrOperationsDoNotMeet) {
  Blocks blocks;
  std::vector<unsigned> trapped;
  auto note = [&](unsigned i, CollectiveResult result) {
    if (result.trap == TrapCode::DivergentBarrier)
      trapped.push_back(i);
  };
  blocks.run(2, [&](unsigned i) {
    note(i, blocks.call(VoteBallot, 1, i ? 0x3 : 0x7));
  });
  EXPECT_EQ(trapped, std::vector<unsigned>{0});
  trapped.clear();
  blocks.run(40, [&](unsigned i) {
    note(i, blocks.call(i < 39 ? BarrierCount : Barrier, 1));
  });
  EXPECT_EQ(trapped.size(), 39u); // until the one of the other kind is alone
  trapped.clear();
  blocks.run(2, [&](unsigned i) {
    ReduceKind kind = i ? ReduceKind::MinS : ReduceKind::Add;
    note(i, blocks.call(WarpReduce, 7, ~0u, uint32_t(kind), 0));
  });
  EXPECT_EQ(trapped, std::vector<unsigned>{0});
}

TEST(Block, BarriersAtDifferentPlacesMeet) {
  Blocks blocks;
  blocks.run(64, [&](unsigned i) {
    Collective call{Barrier, 0, 0, 0, 0, /*function=*/i % 2, /*offset=*/i};
    EXPECT_EQ(blocks.block.collective(call).trap, TrapCode::None);
  });
}

TEST(Block, AThreadThatSpinsAtItsOwnOperationLetsOthersRun) {
  Blocks blocks;
  bool flag = false;
  unsigned spins = 0;
  blocks.run(2, [&](unsigned i) {
    if (i == 1)
      flag = true;
    else
      while (!flag && spins < 100) {
        ++spins;
        blocks.get(WarpSync, 0, 1);
      }
  });
  EXPECT_EQ(spins, 1u);
}

TEST(Block, MatrixOperationsNeedAFullWarp) {
  Blocks blocks;
  std::set<unsigned> trapped;
  std::vector<float> out(256);
  const uint64_t address = reinterpret_cast<uintptr_t>(out.data());
  blocks.run(48, [&](unsigned i) {
    const uint64_t half = std::bit_cast<uint32_t>(0.5f);
    CollectiveResult result = blocks.call(MatrixFill, half, 0, 3);
    if (result.trap == TrapCode::DivergentBarrier)
      trapped.insert(i);
    else
      blocks.get(MatrixStore, address, 0, 3, 16);
  });
  for (float x : out)
    EXPECT_EQ(x, 0.5f);
  EXPECT_EQ(trapped.size(), 16u);
  EXPECT_EQ(*trapped.begin(), 32u);
}

TEST(Block, MatricesAreAWarpsOwnAndFreshInEachBlock) {
  Blocks blocks;
  std::vector<float> out(2 * 256, -1);
  auto store = [&](unsigned i) {
    uint64_t to = reinterpret_cast<uintptr_t>(&out[256 * (i / 32)]);
    blocks.get(MatrixStore, to, 0, 0, 16);
  };
  blocks.run(64, [&](unsigned i) {
    blocks.get(MatrixFill, std::bit_cast<uint32_t>(float(i / 32)), 0, 0);
    store(i);
  });
  EXPECT_EQ(out[0], 0.0f);
  EXPECT_EQ(out[511], 1.0f);
  blocks.run(64, store);
  EXPECT_EQ(out[511], 0.0f);
}

TEST(Block, AnUnknownOperationTraps) {
  Blocks blocks;
  blocks.run(2, [&](unsigned) {
    EXPECT_EQ(blocks.call(CollectiveOp(99)).trap, TrapCode::Unreachable);
    EXPECT_EQ(blocks.call(CollectiveOp(5)).trap, TrapCode::Unreachable);
    EXPECT_EQ(blocks.call(BlockReduce, 0, 0, 3, 3).trap, TrapCode::Unreachable);
    EXPECT_EQ(blocks.call(MatrixFill, 0, 0, 16).trap, TrapCode::Unreachable);
    EXPECT_EQ(blocks.get(VoteBallot, 1), 3u);
  });
}

TEST(Block, TellsWhoseTurnItIs) {
  Blocks blocks;
  std::vector<int> log;
  BlockThreads threads;
  threads.count = 2;
  threads.enter = [&](unsigned i) { log.push_back(int(i) + 1); };
  threads.leave = [&](unsigned i) { log.push_back(-int(i) - 1); };
  threads.body = [&](unsigned, uint8_t *) { blocks.get(Barrier); };
  ASSERT_TRUE(blocks.block.run(threads));
  EXPECT_EQ(log, (std::vector<int>{1, -1, 2, -2, 1, -1, 2, -2}));
}

TEST(Block, TheFirstExceptionComesOutWhenAllHaveEnded) {
  Blocks blocks;
  unsigned ended = 0;
  BlockThreads threads;
  threads.count = 40;
  threads.body = [&](unsigned i, uint8_t *) {
    if (i == 7 || i == 9)
      throw std::runtime_error(std::to_string(i));
    EXPECT_EQ(blocks.get(BarrierCount, 1), 38u);
    ++ended;
  };
  try {
    (void)blocks.block.run(threads);
    FAIL();
  } catch (const std::runtime_error &error) {
    EXPECT_STREQ(error.what(), "7");
  }
  EXPECT_EQ(ended, 38u);
  blocks.run(40, [&](unsigned) { blocks.get(Barrier); }); // as good as before
}

TEST(Block, StacksAreUsedAgain) {
  Blocks blocks;
  std::set<uint8_t *> stacks;
  for (int round = 0; round < 20; ++round) {
    BlockThreads threads;
    threads.count = 256;
    threads.body = [&](unsigned, uint8_t *low) {
      blocks.get(Barrier);
      stacks.insert(low);
      volatile char all[48 * 1024]; // most of what there is
      all[0] = 1;
      blocks.get(Barrier);
      EXPECT_EQ(all[0], 1);
    };
    ASSERT_TRUE(blocks.block.run(threads));
  }
  EXPECT_EQ(stacks.size(), 256u);
}

TEST(StackPool, RefusesMoreThanItsLimit) {
  StackPool pool(4096);
  auto some = pool.take(3);
  ASSERT_TRUE(some);
  EXPECT_EQ(some->size(), 3u);
  auto more = pool.take(StackPool::maxStacks);
  ASSERT_FALSE(more);
  EXPECT_NE(more.error().message.find("expected at most 16384, but got 16387"),
            std::string::npos)
      << more.error().message;
  uint8_t *one = some->front().low;
  pool.giveBack(std::move(*some));
  some = pool.take(3);
  ASSERT_TRUE(some);
  bool again = false;
  for (Stack stack : *some)
    again |= stack.low == one;
  EXPECT_TRUE(again);
}

TEST(StackPoolDeathTest, AGuardLiesUnderEachStack) {
  StackPool pool(64 * 1024);
  auto stacks = pool.take(4);
  ASSERT_TRUE(stacks);
  for (Stack stack : *stacks) {
    stack.low[0] = 1;
    EXPECT_DEATH(stack.low[-1] = 1, "");
  }
}
