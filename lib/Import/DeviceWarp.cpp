//===- DeviceWarp.cpp - imports of tw: what threads do together -----------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Barriers, fences, and the operations of a warp.
//
//===----------------------------------------------------------------------===//

#include "DeviceImports.h"

using namespace mlir;
using namespace twc;
using WType = wabt::Type;

static void addBarriers(DeviceTable &table) {
  table.add("barrier", {}, {}, [](DeviceCall &c) -> Value {
    twasm::BarrierOp::create(c.builder, c.loc);
    return {};
  });
  for (auto kind : {twasm::BarrierVote::count, twasm::BarrierVote::and_,
                    twasm::BarrierVote::or_})
    table.add("barrier_" + twasm::stringifyBarrierVote(kind), {WType::I32},
              {WType::I32}, [kind](DeviceCall &c) -> Value {
                return twasm::BarrierVoteOp::create(
                    c.builder, c.loc, c.builder.getI32Type(), kind,
                    c.arguments[0]);
              });
  table.add("warp_sync", {WType::I32}, {}, [](DeviceCall &c) -> Value {
    twasm::WarpSyncOp::create(c.builder, c.loc, c.arguments[0]);
    return {};
  });
  for (auto scope : {twasm::FenceScope::block, twasm::FenceScope::device,
                     twasm::FenceScope::system})
    table.add("fence_" + twasm::stringifyFenceScope(scope), {}, {},
              [scope](DeviceCall &c) -> Value {
                twasm::FenceOp::create(c.builder, c.loc, scope);
                return {};
              });
}

static void addVotes(DeviceTable &table) {
  for (auto kind : {twasm::VoteKind::all, twasm::VoteKind::any,
                    twasm::VoteKind::ballot})
    table.add("vote_" + twasm::stringifyVoteKind(kind),
              {WType::I32, WType::I32}, {WType::I32},
              [kind](DeviceCall &c) -> Value {
                return twasm::VoteOp::create(c.builder, c.loc,
                                             c.builder.getI32Type(), kind,
                                             c.arguments[0], c.arguments[1]);
              });
  for (auto kind : {twasm::MatchKind::any, twasm::MatchKind::all})
    for (auto [name, type] : ArrayRef(deviceTypes).take_front(2))
      table.add("match_" + twasm::stringifyMatchKind(kind) + "_" + name,
                {WType::I32, type}, {WType::I32},
                [kind](DeviceCall &c) -> Value {
                  return twasm::MatchOp::create(
                      c.builder, c.loc, c.builder.getI32Type(), kind,
                      c.arguments[0], c.arguments[1]);
                });
}

static void addReductions(DeviceTable &table, StringRef suffix,
                          WType::Enum type, twasm::ReduceKind kind) {
  std::string name = (twasm::stringifyReduceKind(kind) + "_" + suffix).str();
  table.add("warp_reduce_" + name, {WType::I32, type}, {type},
            [kind](DeviceCall &c) -> Value {
              return twasm::WarpReduceOp::create(
                  c.builder, c.loc, c.arguments[1].getType(), kind,
                  c.arguments[0], c.arguments[1]);
            });
  table.add("block_reduce_" + name, {type}, {type},
            [kind](DeviceCall &c) -> Value {
              return twasm::BlockReduceOp::create(
                  c.builder, c.loc, c.arguments[0].getType(), kind,
                  c.arguments[0]);
            });
}

void twc::addWarpImports(DeviceTable &table) {
  addBarriers(table);
  addVotes(table);
  for (auto [name, type] : deviceTypes) {
    for (auto kind : {twasm::ShuffleKind::idx, twasm::ShuffleKind::up,
                      twasm::ShuffleKind::down, twasm::ShuffleKind::xor_})
      table.add("shuffle_" + twasm::stringifyShuffleKind(kind) + "_" + name,
                {WType::I32, type, WType::I32, WType::I32}, {type},
                [kind](DeviceCall &c) -> Value {
                  return twasm::ShuffleOp::create(
                      c.builder, c.loc, c.arguments[1].getType(), kind,
                      c.arguments[0], c.arguments[1], c.arguments[2],
                      c.arguments[3]);
                });
    bool isFloat = type == WType::F32 || type == WType::F64;
    for (unsigned i = 0; i <= twasm::getMaxEnumValForReduceKind(); ++i) {
      auto kind = *twasm::symbolizeReduceKind(i);
      if (twasm::isReduceKindOf(kind, isFloat))
        addReductions(table, name, type, kind);
    }
  }
}
