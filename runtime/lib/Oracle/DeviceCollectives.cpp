//===- DeviceCollectives.cpp - barriers and warp operations ---------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each becomes a call of the block engine, which defines what the threads get.
//
//===----------------------------------------------------------------------===//

#include "DeviceFunctions.h"

using wabt::Type;

namespace twrun::device {

using abi::Collective;
using abi::CollectiveOp;
using abi::ReduceKind;

namespace {

uint32_t word(const Values &arguments, size_t index) {
  return arguments[index].Get<uint32_t>();
}

/// A collective whose call `fill` completes from the arguments and whose
/// result is of type `result`.
template <typename Fill>
HostFunc::Ptr makeWith(Store &store, DeviceContext &device, CollectiveOp op,
                       Types params, const Scalar *result, Fill fill) {
  Types results;
  if (result)
    results.push_back(result->type);
  return make(store, std::move(params), std::move(results),
              [&device, op, result, fill](Thread &, const Values &arguments,
                                          Values &returned) {
                Collective call{};
                call.op = op;
                fill(call, arguments);
                uint64_t bits = 0;
                Trapped trap = collective(device, call, bits);
                if (!trap && result)
                  setBits(returned[0], *result, bits);
                return trap;
              });
}

/// (p) → i32 of the block, or (mask, p) → i32 of the warp.
HostFunc::Ptr makePredicate(Store &store, std::string_view name,
                            DeviceContext &device) {
  static constexpr struct {
    std::string_view name;
    CollectiveOp op;
    bool ofWarp;
  } operations[] = {{"barrier_count", CollectiveOp::BarrierCount, false},
                    {"barrier_and", CollectiveOp::BarrierAnd, false},
                    {"barrier_or", CollectiveOp::BarrierOr, false},
                    {"vote_all", CollectiveOp::VoteAll, true},
                    {"vote_any", CollectiveOp::VoteAny, true},
                    {"vote_ballot", CollectiveOp::VoteBallot, true}};
  for (const auto &o : operations) {
    if (name != o.name)
      continue;
    Types params(o.ofWarp ? 2 : 1, Type::I32);
    return makeWith(store, device, o.op, params, &scalars[0],
                    [ofWarp = o.ofWarp](Collective &call, const Values &given) {
                      call.mask = ofWarp ? word(given, 0) : 0;
                      call.value = word(given, ofWarp ? 1 : 0) != 0;
                    });
  }
  return {};
}

/// shuffle_MODE_T: (mask, v, lane or delta, width) → T
HostFunc::Ptr makeShuffle(Store &store, std::string_view mode,
                          const Scalar &type, DeviceContext &device) {
  static constexpr struct {
    std::string_view name;
    CollectiveOp op;
  } modes[] = {{"idx", CollectiveOp::ShuffleIdx},
               {"up", CollectiveOp::ShuffleUp},
               {"down", CollectiveOp::ShuffleDown},
               {"xor", CollectiveOp::ShuffleXor}};
  for (const auto &m : modes)
    if (mode == m.name)
      return makeWith(store, device, m.op,
                      {Type::I32, type.type, Type::I32, Type::I32}, &type,
                      [&type](Collective &call, const Values &given) {
                        call.mask = word(given, 0);
                        call.value = bitsOf(given[1], type);
                        call.a = word(given, 2);
                        call.b = word(given, 3);
                      });
  return {};
}

std::optional<ReduceKind> reduceKind(std::string_view name, bool isFloat) {
  static constexpr struct {
    std::string_view name;
    ReduceKind kind;
    bool ofInts, ofFloats;
  } kinds[] = {{"add", ReduceKind::Add, true, true},
               {"min_s", ReduceKind::MinS, true, false},
               {"min_u", ReduceKind::MinU, true, false},
               {"max_s", ReduceKind::MaxS, true, false},
               {"max_u", ReduceKind::MaxU, true, false},
               {"and", ReduceKind::And, true, false},
               {"or", ReduceKind::Or, true, false},
               {"xor", ReduceKind::Xor, true, false},
               {"min", ReduceKind::Min, false, true},
               {"max", ReduceKind::Max, false, true}};
  for (const auto &k : kinds)
    if (name == k.name && (isFloat ? k.ofFloats : k.ofInts))
      return k.kind;
  return std::nullopt;
}

/// warp_reduce_OP_T: (mask, v) → T; block_reduce_OP_T: (v) → T.
HostFunc::Ptr makeReduce(Store &store, std::string_view name,
                         const Scalar &type, bool ofWarp,
                         DeviceContext &device) {
  const std::optional<ReduceKind> kind = reduceKind(name, type.isFloat());
  if (!kind)
    return {};
  Types params{type.type};
  if (ofWarp)
    params.insert(params.begin(), Type::I32);
  return makeWith(
      store, device,
      ofWarp ? CollectiveOp::WarpReduce : CollectiveOp::BlockReduce,
      std::move(params), &type,
      [&type, ofWarp, kind = *kind](Collective &call, const Values &given) {
        call.mask = ofWarp ? word(given, 0) : 0;
        call.value = bitsOf(given[ofWarp ? 1 : 0], type);
        call.a = uint32_t(kind);
        call.b = uint32_t(type.reduce);
      });
}

/// match_any_T and match_all_T: (mask, v) → i32.
HostFunc::Ptr makeMatch(Store &store, std::string_view name, const Scalar &type,
                        DeviceContext &device) {
  if (type.isFloat() || (name != "any" && name != "all"))
    return {};
  return makeWith(store, device,
                  name == "any" ? CollectiveOp::MatchAny
                                : CollectiveOp::MatchAll,
                  {Type::I32, type.type}, &scalars[0],
                  [&type](Collective &call, const Values &given) {
                    call.mask = word(given, 0);
                    call.value = bitsOf(given[1], type);
                  });
}

} // namespace

HostFunc::Ptr makeCollective(Store &store, std::string_view name,
                             DeviceContext &device) {
  if (name == "barrier")
    return makeWith(store, device, CollectiveOp::Barrier, {}, nullptr,
                    [](Collective &, const Values &) {});
  if (name == "warp_sync")
    return makeWith(store, device, CollectiveOp::WarpSync, {Type::I32}, nullptr,
                    [](Collective &call, const Values &given) {
                      call.mask = word(given, 0);
                    });
  // Threads take turns: every access is ordered already.
  if (name == "fence_block" || name == "fence_device" || name == "fence_system")
    return make(store, {}, {},
                [](Thread &, const Values &, Values &) { return Trapped(); });
  if (HostFunc::Ptr predicate = makePredicate(store, name, device))
    return predicate;
  const Scalar *type = consumeType(name);
  if (!type)
    return {};
  if (consume(name, "shuffle_"))
    return makeShuffle(store, name, *type, device);
  if (consume(name, "match_"))
    return makeMatch(store, name, *type, device);
  if (consume(name, "warp_reduce_"))
    return makeReduce(store, name, *type, /*ofWarp=*/true, device);
  if (consume(name, "block_reduce_"))
    return makeReduce(store, name, *type, /*ofWarp=*/false, device);
  return {};
}

} // namespace twrun::device
