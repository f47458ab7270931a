//===- Warp.cpp - what lanes of a warp compute together -------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Warp.h"

#include "Reduce.h"

#include <bit>

using namespace twrun;
using abi::CollectiveOp;

// PTX ISA, "Data Movement and Conversion Instructions: shfl.sync". Lanes,
// operands and the parts of c are five bits wide there.
unsigned twrun::shuffleSource(CollectiveOp op, unsigned lane, uint32_t operand,
                              uint32_t width) {
  const int self = int(lane), b = int(operand & 31);
  const int segment = int((32 - width) & 31);
  const int clamp = op == CollectiveOp::ShuffleUp ? 0 : 31;
  const int last = (self & segment) | (clamp & ~segment);
  const int first = self & segment;
  int from = self;
  bool valid = false;
  switch (op) {
  case CollectiveOp::ShuffleUp:
    from = self - b;
    valid = from >= last;
    break;
  case CollectiveOp::ShuffleDown:
    from = self + b;
    valid = from <= last;
    break;
  case CollectiveOp::ShuffleXor:
    from = self ^ b;
    valid = from <= last;
    break;
  default: // idx
    from = first | (b & ~segment);
    valid = from <= last;
    break;
  }
  return unsigned(valid ? from : self);
}

namespace {

/// Calls `function` with each lane of `lanes`, in ascending order.
template <typename Function> void forLanes(uint32_t lanes, Function function) {
  for (uint32_t left = lanes; left; left &= left - 1)
    function(unsigned(std::countr_zero(left)));
}

uint32_t lanesWith(uint32_t lanes, const WarpCalls &calls, uint64_t value) {
  uint32_t same = 0;
  forLanes(lanes, [&](unsigned lane) {
    if (calls[lane]->value == value)
      same |= 1u << lane;
  });
  return same;
}

} // namespace

WarpResults twrun::evaluateWarp(uint32_t lanes, const WarpCalls &calls) {
  WarpResults results{};
  const unsigned first = unsigned(std::countr_zero(lanes));
  const abi::Collective &any = *calls[first];
  auto all = [&](uint64_t value) {
    forLanes(lanes, [&](unsigned lane) { results[lane] = value; });
  };
  const uint32_t ballot = lanes & ~lanesWith(lanes, calls, 0);
  switch (any.op) {
  case CollectiveOp::ShuffleIdx:
  case CollectiveOp::ShuffleUp:
  case CollectiveOp::ShuffleDown:
  case CollectiveOp::ShuffleXor:
    forLanes(lanes, [&](unsigned lane) {
      const abi::Collective &call = *calls[lane];
      unsigned from = shuffleSource(call.op, lane, call.a, call.b);
      results[lane] = (lanes >> from & 1 ? *calls[from] : call).value;
    });
    break;
  case CollectiveOp::VoteAll:
    all(ballot == lanes);
    break;
  case CollectiveOp::VoteAny:
    all(ballot != 0);
    break;
  case CollectiveOp::VoteBallot:
    all(ballot);
    break;
  case CollectiveOp::MatchAny:
    forLanes(lanes, [&](unsigned lane) {
      results[lane] = lanesWith(lanes, calls, calls[lane]->value);
    });
    break;
  case CollectiveOp::MatchAll:
    all(lanesWith(lanes, calls, any.value) == lanes ? lanes : 0);
    break;
  case CollectiveOp::WarpReduce: {
    WarpResults values{};
    forLanes(lanes, [&](unsigned lane) { values[lane] = calls[lane]->value; });
    all(reduceWarp({abi::ReduceKind(any.a), abi::ReduceType(any.b)}, lanes,
                   values));
    break;
  }
  default: // WarpSync: only to wait
    break;
  }
  return results;
}
