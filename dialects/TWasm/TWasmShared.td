//===- TWasmShared.td - shared memory, scoped atomics, copies -*- tablegen -*-//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The imports of module `tw` that reach a block's shared memory, the atomics
// with an order and a scope, and asynchronous copies (docs/DeviceInterface.md).
//
//===----------------------------------------------------------------------===//

#ifndef TWASM_SHARED_TD
#define TWASM_SHARED_TD

include "TWasmAttrs.td"
include "TWasmMemory.td"

def TWasm_MemoryOrder : I32EnumAttr<"MemoryOrder", "an atomic's order", [
    I32EnumAttrCase<"relaxed", 0>, I32EnumAttrCase<"acquire", 1>,
    I32EnumAttrCase<"release", 2>, I32EnumAttrCase<"acq_rel", 3>,
    I32EnumAttrCase<"seq_cst", 4>]> {
  let cppNamespace = "::twc::twasm";
}

def TWasm_MemoryScope : I32EnumAttr<"MemoryScope",
    "the threads among which an order holds", [
    I32EnumAttrCase<"block", 0>, I32EnumAttrCase<"device", 1>,
    I32EnumAttrCase<"system", 2>]> {
  let cppNamespace = "::twc::twasm";
}

def TWasm_ScopedRmwKind : I32EnumAttr<"ScopedRmwKind",
    "a read-modify-write of module `tw`", [
    I32EnumAttrCase<"add", 0>, I32EnumAttrCase<"min_s", 1>,
    I32EnumAttrCase<"min_u", 2>, I32EnumAttrCase<"max_s", 3>,
    I32EnumAttrCase<"max_u", 4>, I32EnumAttrCase<"and_", 5, "and">,
    I32EnumAttrCase<"or_", 6, "or">, I32EnumAttrCase<"xor_", 7, "xor">,
    I32EnumAttrCase<"xchg", 8>, I32EnumAttrCase<"min", 9>,
    I32EnumAttrCase<"max", 10>]> {
  let cppNamespace = "::twc::twasm";
}

//===-- Shared memory -----------------------------------------------------===//

// None of these is Pure: that a function contains one tells how much shared
// memory its kernels need (twasm-plan-shared-memory).

def TWasm_SharedOp : TWasm_Op<"shared"> {
  let summary = "the address of at least `bytes` bytes of shared memory";
  let description = [{
    The import `tw.shared`. All calls give the same address.

    ```mlir
    %base = twasm.shared 4096
    ```
  }];
  let arguments = (ins I32Attr:$bytes);
  let results = (outs I32:$result);
  let assemblyFormat = "$bytes attr-dict";
  let upstreamOp = "arith.constant";
}

def TWasm_SharedBaseOp : TWasm_Op<"shared_base"> {
  let summary = "the address of shared memory";
  let description = [{
    The import `tw.shared_base`; the launch says how much there is.

    ```mlir
    %base = twasm.shared_base
    ```
  }];
  let results = (outs I32:$result);
  let assemblyFormat = "attr-dict";
  let upstreamOp = "arith.constant";
}

def TWasm_SharedSizeOp : TWasm_Op<"shared_size"> {
  let summary = "bytes of shared memory that the launch gives each block";
  let description = [{
    The import `tw.shared_size`: 0 in an invocation.

    ```mlir
    %bytes = twasm.shared_size
    ```
  }];
  let results = (outs I32:$result);
  let assemblyFormat = "attr-dict";
  let upstreamOp = "llvm.load";
}

//===-- Atomics -----------------------------------------------------------===//

/// Accesses the function's own memory at `index`, which must be a multiple of
/// the type's width.
class TWasm_ScopedAtomic<string m, list<Trait> traits = []>
    : TWasm_MemoryUser<m, !listconcat([TWasm_ChangesMemory], traits)> {
  dag places = (ins I32:$index, OptionalAttr<FlatSymbolRefAttr>:$memory);
  dag orders = (ins TWasm_MemoryOrder:$order, TWasm_MemoryScope:$scope);
  string tail = "$index (`in` $memory^)? attr-dict `:` ";
}

def TWasm_ScopedLoadOp : TWasm_ScopedAtomic<"scoped_load"> {
  let summary = "an atomic load with an order and a scope";
  let description = [{
    The imports `tw.atomic_load_T_ORDER_SCOPE`.

    ```mlir
    %r = twasm.scoped_load acquire device %index : i32
    ```
  }];
  let arguments = !con(orders, places);
  let results = (outs TWasm_Num:$result);
  let assemblyFormat = "$order $scope " # tail # "type($result)";
  let hasVerifier = 1;
  let upstreamOp = "llvm.load atomic";
}

def TWasm_ScopedStoreOp : TWasm_ScopedAtomic<"scoped_store"> {
  let summary = "an atomic store with an order and a scope";
  let description = [{
    The imports `tw.atomic_store_T_ORDER_SCOPE`.

    ```mlir
    twasm.scoped_store release block %value, %index : f32
    ```
  }];
  let arguments = !con(orders, (ins TWasm_Num:$value), places);
  let assemblyFormat = "$order $scope $value `,` " # tail # "type($value)";
  let hasVerifier = 1;
  let upstreamOp = "llvm.store atomic";
}

def TWasm_ScopedRmwOp : TWasm_ScopedAtomic<"scoped_rmw",
    [AllTypesMatch<["value", "result"]>]> {
  let summary = "an atomic read-modify-write with an order and a scope";
  let description = [{
    The imports `tw.atomic_OP_T_ORDER_SCOPE`; the result is the old value. `min`
    and `max` are those of floats.

    ```mlir
    %old = twasm.scoped_rmw min_u acq_rel device %value, %index : i64
    ```
  }];
  let arguments = !con((ins TWasm_ScopedRmwKind:$kind), orders,
                       (ins TWasm_Num:$value), places);
  let results = (outs TWasm_Num:$result);
  let assemblyFormat =
      "$kind $order $scope $value `,` " # tail # "type($result)";
  let hasVerifier = 1;
  let upstreamOp = "llvm.atomicrmw";
}

def TWasm_ScopedCmpxchgOp : TWasm_ScopedAtomic<"scoped_cmpxchg",
    [AllTypesMatch<["expected", "replacement", "result"]>]> {
  let summary = "an atomic compare-exchange with an order and a scope";
  let description = [{
    The imports `tw.atomic_cmpxchg_T_ORDER_SCOPE`: compares bits, and gives the
    old value.

    ```mlir
    %old = twasm.scoped_cmpxchg acq_rel block %expected, %new, %index : i32
    ```
  }];
  let arguments = !con(orders, (ins TWasm_Num:$expected,
                                    TWasm_Num:$replacement), places);
  let results = (outs TWasm_Num:$result);
  let assemblyFormat = "$order $scope $expected `,` $replacement `,` " # tail #
                       "type($result)";
  let upstreamOp = "llvm.cmpxchg";
}

//===-- Asynchronous copies -----------------------------------------------===//

def TWasm_CopyAsyncOp : TWasm_MemoryUser<"copy_async", [TWasm_ChangesMemory]> {
  let summary = "copies 4, 8 or 16 bytes, complete only after a wait";
  let description = [{
    The imports `tw.copy_async_4`, `_8` and `_16`.

    ```mlir
    twasm.copy_async 16 %to, %from
    ```
  }];
  let arguments = (ins I32Attr:$bytes, I32:$to, I32:$from,
                       OptionalAttr<FlatSymbolRefAttr>:$memory);
  let assemblyFormat = "$bytes $to `,` $from (`in` $memory^)? attr-dict";
  let hasVerifier = 1;
  let upstreamOp = "llvm.call @__tw_copy_async";
}

def TWasm_CopyAsyncCommitOp : TWasm_Op<"copy_async_commit",
                                       [TWasm_ChangesMemory]> {
  let summary = "closes a group of the thread's asynchronous copies";
  let description = [{
    The import `tw.copy_async_commit`.

    ```mlir
    twasm.copy_async_commit
    ```
  }];
  let assemblyFormat = "attr-dict";
  let upstreamOp = "llvm.call @__tw_copy_async_commit";
}

def TWasm_CopyAsyncWaitOp : TWasm_Op<"copy_async_wait",
                                     [TWasm_ChangesMemory]> {
  let summary = "waits until at most so many of the last groups are open";
  let description = [{
    The import `tw.copy_async_wait`.

    ```mlir
    twasm.copy_async_wait 1
    ```
  }];
  let arguments = (ins I32Attr:$groups);
  let assemblyFormat = "$groups attr-dict";
  let upstreamOp = "llvm.call @__tw_copy_async_wait";
}

#endif // TWASM_SHARED_TD
