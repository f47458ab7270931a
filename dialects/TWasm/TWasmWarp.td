//===- TWasmWarp.td - what threads do together -*- tablegen -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The imports of module `tw` by which the threads of a block or warp work
// together; docs/DeviceInterface.md defines them. None of them can be repeated,
// left out, or moved to where other threads come or some do not.
//
//===----------------------------------------------------------------------===//

#ifndef TWASM_WARP_TD
#define TWASM_WARP_TD

include "TWasmAttrs.td"
include "TWasmMemory.td"

/// Numbers are those of twrun::abi::ReduceKind.
def TWasm_ReduceKind : I32EnumAttr<"ReduceKind", "operator of a reduction", [
    I32EnumAttrCase<"add", 0>, I32EnumAttrCase<"min_s", 1>,
    I32EnumAttrCase<"min_u", 2>, I32EnumAttrCase<"max_s", 3>,
    I32EnumAttrCase<"max_u", 4>, I32EnumAttrCase<"and_", 5, "and">,
    I32EnumAttrCase<"or_", 6, "or">, I32EnumAttrCase<"xor_", 7, "xor">,
    I32EnumAttrCase<"min", 8>, I32EnumAttrCase<"max", 9>]> {
  let cppNamespace = "::twc::twasm";
}
def TWasm_BarrierVote : I32EnumAttr<"BarrierVote", "what a barrier tells", [
    I32EnumAttrCase<"count", 0>, I32EnumAttrCase<"and_", 1, "and">,
    I32EnumAttrCase<"or_", 2, "or">]> {
  let cppNamespace = "::twc::twasm";
}
def TWasm_ShuffleKind : I32EnumAttr<"ShuffleKind", "which lane is read", [
    I32EnumAttrCase<"idx", 0>, I32EnumAttrCase<"up", 1>,
    I32EnumAttrCase<"down", 2>, I32EnumAttrCase<"xor_", 3, "xor">]> {
  let cppNamespace = "::twc::twasm";
}
def TWasm_VoteKind : I32EnumAttr<"VoteKind", "what is asked of all lanes", [
    I32EnumAttrCase<"all", 0>, I32EnumAttrCase<"any", 1>,
    I32EnumAttrCase<"ballot", 2>]> {
  let cppNamespace = "::twc::twasm";
}
def TWasm_MatchKind : I32EnumAttr<"MatchKind", "which lanes match", [
    I32EnumAttrCase<"any", 0>, I32EnumAttrCase<"all", 1>]> {
  let cppNamespace = "::twc::twasm";
}
def TWasm_FenceScope : I32EnumAttr<"FenceScope", "who sees the order", [
    I32EnumAttrCase<"block", 0>, I32EnumAttrCase<"device", 1>,
    I32EnumAttrCase<"system", 2>]> {
  let cppNamespace = "::twc::twasm";
}

//===-- Traits ------------------------------------------------------------===//

/// Threads wait for each other in it: a kernel that can reach one is
/// cooperative (runtime's Format/Manifest.h).
def TWasm_Collective : NativeOpTrait<"Collective"> {
  let cppNamespace = "::twc::twasm";
}
def TWasm_TeamResource : Resource<"::twc::twasm::TeamResource">;
def TWasm_Joins : MemoryEffects<[MemRead<TWasm_TeamResource>,
                                 MemWrite<TWasm_TeamResource>,
                                 MemWrite<TWasm_TrapResource>]>;
/// What others wrote before is seen behind it.
def TWasm_JoinsInMemory : MemoryEffects<[MemRead<TWasm_MemoryResource>,
                                         MemWrite<TWasm_MemoryResource>,
                                         MemRead<TWasm_TeamResource>,
                                         MemWrite<TWasm_TeamResource>,
                                         MemWrite<TWasm_TrapResource>]>;

class TWasm_CollectiveOp<string m, list<Trait> traits>
    : TWasm_Op<m, !listconcat(traits, [TWasm_Collective])>;

//===-- The block ---------------------------------------------------------===//

def TWasm_BarrierOp : TWasm_CollectiveOp<"barrier", [TWasm_JoinsInMemory]> {
  let summary = "waits for all live threads of the block";
  let description = [{
    The import `tw.barrier`. Threads may arrive at different ones.

    ```mlir
    twasm.barrier
    ```
  }];
  let assemblyFormat = "attr-dict";
  let upstreamOp = "llvm.nvvm.barrier.cta.sync.all";
}

def TWasm_BarrierVoteOp
    : TWasm_CollectiveOp<"barrier_vote", [TWasm_JoinsInMemory]> {
  let summary = "a barrier that tells about a predicate";
  let description = [{
    The imports `tw.barrier_count`, `tw.barrier_and` and `tw.barrier_or`: how
    many of the arriving threads have a predicate that is not 0; whether all
    have; whether any has.

    ```mlir
    %n = twasm.barrier_vote count %p
    ```
  }];
  let arguments = (ins TWasm_BarrierVote:$kind, I32:$predicate);
  let results = (outs I32:$result);
  let assemblyFormat = "$kind $predicate attr-dict";
  let upstreamOp = "llvm.nvvm.barrier.cta.red";
}

def TWasm_BlockReduceOp : TWasm_CollectiveOp<"block_reduce",
    [TWasm_JoinsInMemory, SameOperandsAndResultType]> {
  let summary = "a reduction over the live threads of the block";
  let description = [{
    The imports `tw.block_reduce_OP_T`. Each warp's result as `warp_reduce` has
    it, then those from the left. A block barrier too.

    ```mlir
    %sum = twasm.block_reduce add %value : f32
    ```
  }];
  let arguments = (ins TWasm_ReduceKind:$kind, TWasm_Num:$value);
  let results = (outs TWasm_Num:$result);
  let assemblyFormat = "$kind $value attr-dict `:` type($value)";
  let hasVerifier = 1;
  let upstreamOp = "llvm.call @__tw_block_reduce";
}

def TWasm_FenceOp : TWasm_Op<"fence", [TWasm_ChangesMemory]> {
  let summary = "orders the thread's memory accesses in a scope";
  let description = [{
    The imports `tw.fence_block`, `tw.fence_device` and `tw.fence_system`,
    sequentially consistent.

    ```mlir
    twasm.fence device
    ```
  }];
  let arguments = (ins TWasm_FenceScope:$scope);
  let assemblyFormat = "$scope attr-dict";
  let upstreamOp = "llvm.inline_asm \"fence.sc\"";
}

//===-- The warp ----------------------------------------------------------===//

def TWasm_WarpSyncOp : TWasm_CollectiveOp<"warp_sync", [TWasm_JoinsInMemory]> {
  let summary = "waits for the live lanes of a mask";
  let description = [{
    The import `tw.warp_sync`. Traps with "thread is not in its warp mask", as
    all ops with a mask do.

    ```mlir
    twasm.warp_sync %mask
    ```
  }];
  let arguments = (ins I32:$mask);
  let assemblyFormat = "$mask attr-dict";
  let upstreamOp = "llvm.nvvm.bar.warp.sync";
}

def TWasm_ShuffleOp : TWasm_CollectiveOp<"shuffle",
    [TWasm_Joins, AllTypesMatch<["value", "result"]>]> {
  let summary = "another lane's value";
  let description = [{
    The imports `tw.shuffle_idx_T`, `_up_`, `_down_` and `_xor_`: the lane that
    PTX's `shfl.sync` names for `lane`, `width` and the kind. Moves bits, also
    those of a NaN.

    ```mlir
    %r = twasm.shuffle xor %mask, %value, %lanes, %width : f32
    ```
  }];
  let arguments = (ins TWasm_ShuffleKind:$kind, I32:$mask, TWasm_Num:$value,
                       I32:$lane, I32:$width);
  let results = (outs TWasm_Num:$result);
  let assemblyFormat = "$kind $mask `,` $value `,` $lane `,` $width attr-dict "
                       "`:` type($value)";
  let upstreamOp = "llvm.nvvm.shfl.sync";
}

def TWasm_VoteOp : TWasm_CollectiveOp<"vote", [TWasm_Joins]> {
  let summary = "a predicate of all lanes of a mask";
  let description = [{
    The imports `tw.vote_all`, `tw.vote_any` and `tw.vote_ballot`: 1 or 0, or
    the lanes whose predicate is not 0.

    ```mlir
    %lanes = twasm.vote ballot %mask, %p
    ```
  }];
  let arguments = (ins TWasm_VoteKind:$kind, I32:$mask, I32:$predicate);
  let results = (outs I32:$result);
  let assemblyFormat = "$kind $mask `,` $predicate attr-dict";
  let upstreamOp = "llvm.nvvm.vote.sync";
}

def TWasm_MatchOp : TWasm_CollectiveOp<"match", [TWasm_Joins]> {
  let summary = "the lanes that have the same value";
  let description = [{
    The imports `tw.match_any_T` and `tw.match_all_T`; of `all`, 0 unless all
    lanes have the same.

    ```mlir
    %lanes = twasm.match any %mask, %value : i64
    ```
  }];
  let arguments = (ins TWasm_MatchKind:$kind, I32:$mask, TWasm_Int:$value);
  let results = (outs I32:$result);
  let assemblyFormat = "$kind $mask `,` $value attr-dict `:` type($value)";
  let upstreamOp = "llvm.nvvm.match.sync";
}

def TWasm_WarpReduceOp : TWasm_CollectiveOp<"warp_reduce",
    [TWasm_Joins, AllTypesMatch<["value", "result"]>]> {
  let summary = "a reduction over the lanes of a mask";
  let description = [{
    The imports `tw.warp_reduce_OP_T`: with all 32 lanes a butterfly of five
    steps, else in ascending order of lanes. A NaN that a float's operator
    makes is arithmetic's.

    ```mlir
    %sum = twasm.warp_reduce add %mask, %value : f32
    ```
  }];
  let arguments = (ins TWasm_ReduceKind:$kind, I32:$mask, TWasm_Num:$value);
  let results = (outs TWasm_Num:$result);
  let assemblyFormat = "$kind $mask `,` $value attr-dict `:` type($value)";
  let hasVerifier = 1;
  let upstreamOp = "llvm.call @__tw_warp_reduce";
}

#endif // TWASM_WARP_TD
