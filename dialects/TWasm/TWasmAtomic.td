//===- TWasmAtomic.td - atomic memory ops -*- tablegen -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The threads proposal's instructions (its core spec, section 4.4.7): all are
// sequentially consistent, and trap on an address that is not a multiple of
// their width.
//
//===----------------------------------------------------------------------===//

#ifndef TWASM_ATOMIC_TD
#define TWASM_ATOMIC_TD

include "TWasmAttrs.td"
include "TWasmMemory.td"

def TWasm_AtomicLoadOp : TWasm_Access<"atomic_load", [TWasm_ChangesMemory]> {
  let summary = "an integer from `bits` bits of memory, zero-extended";
  let description = [{
    `t.atomic.load`, `t.atomic.loadN_u`.

    ```mlir
    %r = twasm.atomic_load 8 %index offset 0 align 0 : i32
    ```
  }];
  let arguments = !con((ins I32Attr:$bits), memArgs);
  let results = (outs TWasm_Int:$result);
  let assemblyFormat = "$bits " # memFormat # "`:` type($result)";
  let wasmInstrs = [
    WasmInstr<"i32.atomic.load", 0x10, ["i32"], "i32", 0xFE, 32>,
    WasmInstr<"i64.atomic.load", 0x11, ["i32"], "i64", 0xFE, 64>,
    WasmInstr<"i32.atomic.load8_u", 0x12, ["i32"], "i32", 0xFE, 8>,
    WasmInstr<"i32.atomic.load16_u", 0x13, ["i32"], "i32", 0xFE, 16>,
    WasmInstr<"i64.atomic.load8_u", 0x14, ["i32"], "i64", 0xFE, 8>,
    WasmInstr<"i64.atomic.load16_u", 0x15, ["i32"], "i64", 0xFE, 16>,
    WasmInstr<"i64.atomic.load32_u", 0x16, ["i32"], "i64", 0xFE, 32>];
  let upstreamOp = "llvm.load atomic";
}

def TWasm_AtomicStoreOp : TWasm_Access<"atomic_store", [TWasm_ChangesMemory]> {
  let summary = "writes the low `bits` bits of an integer to memory";
  let description = [{
    `t.atomic.store`, `t.atomic.storeN`.

    ```mlir
    twasm.atomic_store 32 %value, %index offset 0 align 2 : i32
    ```
  }];
  let arguments = !con((ins I32Attr:$bits, TWasm_Int:$value), memArgs);
  let assemblyFormat = "$bits $value `,` " # memFormat # "`:` type($value)";
  let wasmInstrs = [
    WasmInstr<"i32.atomic.store", 0x17, ["i32", "i32"], "", 0xFE, 32>,
    WasmInstr<"i64.atomic.store", 0x18, ["i32", "i64"], "", 0xFE, 64>,
    WasmInstr<"i32.atomic.store8", 0x19, ["i32", "i32"], "", 0xFE, 8>,
    WasmInstr<"i32.atomic.store16", 0x1A, ["i32", "i32"], "", 0xFE, 16>,
    WasmInstr<"i64.atomic.store8", 0x1B, ["i32", "i64"], "", 0xFE, 8>,
    WasmInstr<"i64.atomic.store16", 0x1C, ["i32", "i64"], "", 0xFE, 16>,
    WasmInstr<"i64.atomic.store32", 0x1D, ["i32", "i64"], "", 0xFE, 32>];
  let upstreamOp = "llvm.store atomic";
}

def TWasm_AtomicRmwOp : TWasm_Access<"atomic_rmw",
    [TWasm_ChangesMemory, AllTypesMatch<["value", "result"]>]> {
  let summary = "changes `bits` bits of memory; their old value, zero-extended";
  let description = [{
    `t.atomic.rmw.op`, `t.atomic.rmwN.op_u`.

    ```mlir
    %old = twasm.atomic_rmw add 32 %value, %index offset 0 align 2 : i32
    ```
  }];
  let arguments = !con((ins TWasm_RmwKind:$kind, I32Attr:$bits,
                            TWasm_Int:$value), memArgs);
  let results = (outs TWasm_Int:$result);
  let assemblyFormat =
      "$kind $bits $value `,` " # memFormat # "`:` type($result)";
  let wasmInstrs = [
    WasmInstr<"i32.atomic.rmw.add", 0x1E, ["i32", "i32"], "i32", 0xFE, 32, "", "add">,
    WasmInstr<"i64.atomic.rmw.add", 0x1F, ["i32", "i64"], "i64", 0xFE, 64, "", "add">,
    WasmInstr<"i32.atomic.rmw8.add_u", 0x20, ["i32", "i32"], "i32", 0xFE, 8, "", "add">,
    WasmInstr<"i32.atomic.rmw16.add_u", 0x21, ["i32", "i32"], "i32", 0xFE, 16, "", "add">,
    WasmInstr<"i64.atomic.rmw8.add_u", 0x22, ["i32", "i64"], "i64", 0xFE, 8, "", "add">,
    WasmInstr<"i64.atomic.rmw16.add_u", 0x23, ["i32", "i64"], "i64", 0xFE, 16, "", "add">,
    WasmInstr<"i64.atomic.rmw32.add_u", 0x24, ["i32", "i64"], "i64", 0xFE, 32, "", "add">,
    WasmInstr<"i32.atomic.rmw.sub", 0x25, ["i32", "i32"], "i32", 0xFE, 32, "", "sub">,
    WasmInstr<"i64.atomic.rmw.sub", 0x26, ["i32", "i64"], "i64", 0xFE, 64, "", "sub">,
    WasmInstr<"i32.atomic.rmw8.sub_u", 0x27, ["i32", "i32"], "i32", 0xFE, 8, "", "sub">,
    WasmInstr<"i32.atomic.rmw16.sub_u", 0x28, ["i32", "i32"], "i32", 0xFE, 16, "", "sub">,
    WasmInstr<"i64.atomic.rmw8.sub_u", 0x29, ["i32", "i64"], "i64", 0xFE, 8, "", "sub">,
    WasmInstr<"i64.atomic.rmw16.sub_u", 0x2A, ["i32", "i64"], "i64", 0xFE, 16, "", "sub">,
    WasmInstr<"i64.atomic.rmw32.sub_u", 0x2B, ["i32", "i64"], "i64", 0xFE, 32, "", "sub">,
    WasmInstr<"i32.atomic.rmw.and", 0x2C, ["i32", "i32"], "i32", 0xFE, 32, "", "and">,
    WasmInstr<"i64.atomic.rmw.and", 0x2D, ["i32", "i64"], "i64", 0xFE, 64, "", "and">,
    WasmInstr<"i32.atomic.rmw8.and_u", 0x2E, ["i32", "i32"], "i32", 0xFE, 8, "", "and">,
    WasmInstr<"i32.atomic.rmw16.and_u", 0x2F, ["i32", "i32"], "i32", 0xFE, 16, "", "and">,
    WasmInstr<"i64.atomic.rmw8.and_u", 0x30, ["i32", "i64"], "i64", 0xFE, 8, "", "and">,
    WasmInstr<"i64.atomic.rmw16.and_u", 0x31, ["i32", "i64"], "i64", 0xFE, 16, "", "and">,
    WasmInstr<"i64.atomic.rmw32.and_u", 0x32, ["i32", "i64"], "i64", 0xFE, 32, "", "and">,
    WasmInstr<"i32.atomic.rmw.or", 0x33, ["i32", "i32"], "i32", 0xFE, 32, "", "or">,
    WasmInstr<"i64.atomic.rmw.or", 0x34, ["i32", "i64"], "i64", 0xFE, 64, "", "or">,
    WasmInstr<"i32.atomic.rmw8.or_u", 0x35, ["i32", "i32"], "i32", 0xFE, 8, "", "or">,
    WasmInstr<"i32.atomic.rmw16.or_u", 0x36, ["i32", "i32"], "i32", 0xFE, 16, "", "or">,
    WasmInstr<"i64.atomic.rmw8.or_u", 0x37, ["i32", "i64"], "i64", 0xFE, 8, "", "or">,
    WasmInstr<"i64.atomic.rmw16.or_u", 0x38, ["i32", "i64"], "i64", 0xFE, 16, "", "or">,
    WasmInstr<"i64.atomic.rmw32.or_u", 0x39, ["i32", "i64"], "i64", 0xFE, 32, "", "or">,
    WasmInstr<"i32.atomic.rmw.xor", 0x3A, ["i32", "i32"], "i32", 0xFE, 32, "", "xor">,
    WasmInstr<"i64.atomic.rmw.xor", 0x3B, ["i32", "i64"], "i64", 0xFE, 64, "", "xor">,
    WasmInstr<"i32.atomic.rmw8.xor_u", 0x3C, ["i32", "i32"], "i32", 0xFE, 8, "", "xor">,
    WasmInstr<"i32.atomic.rmw16.xor_u", 0x3D, ["i32", "i32"], "i32", 0xFE, 16, "", "xor">,
    WasmInstr<"i64.atomic.rmw8.xor_u", 0x3E, ["i32", "i64"], "i64", 0xFE, 8, "", "xor">,
    WasmInstr<"i64.atomic.rmw16.xor_u", 0x3F, ["i32", "i64"], "i64", 0xFE, 16, "", "xor">,
    WasmInstr<"i64.atomic.rmw32.xor_u", 0x40, ["i32", "i64"], "i64", 0xFE, 32, "", "xor">,
    WasmInstr<"i32.atomic.rmw.xchg", 0x41, ["i32", "i32"], "i32", 0xFE, 32, "", "xchg">,
    WasmInstr<"i64.atomic.rmw.xchg", 0x42, ["i32", "i64"], "i64", 0xFE, 64, "", "xchg">,
    WasmInstr<"i32.atomic.rmw8.xchg_u", 0x43, ["i32", "i32"], "i32", 0xFE, 8, "", "xchg">,
    WasmInstr<"i32.atomic.rmw16.xchg_u", 0x44, ["i32", "i32"], "i32", 0xFE, 16, "", "xchg">,
    WasmInstr<"i64.atomic.rmw8.xchg_u", 0x45, ["i32", "i64"], "i64", 0xFE, 8, "", "xchg">,
    WasmInstr<"i64.atomic.rmw16.xchg_u", 0x46, ["i32", "i64"], "i64", 0xFE, 16, "", "xchg">,
    WasmInstr<"i64.atomic.rmw32.xchg_u", 0x47, ["i32", "i64"], "i64", 0xFE, 32, "", "xchg">];
  let upstreamOp = "llvm.atomicrmw";
}

def TWasm_AtomicCmpxchgOp : TWasm_Access<"atomic_cmpxchg",
    [TWasm_ChangesMemory,
     AllTypesMatch<["expected", "replacement", "result"]>]> {
  let summary = "replaces `bits` bits of memory if they are as expected";
  let description = [{
    `t.atomic.rmw.cmpxchg`, `t.atomic.rmwN.cmpxchg_u`: the old value,
    zero-extended. Only the low `bits` bits of `expected` are compared with it.

    ```mlir
    %old = twasm.atomic_cmpxchg 32 %e, %r, %index offset 0 align 2 : i32
    ```
  }];
  let arguments = !con((ins I32Attr:$bits, TWasm_Int:$expected,
                            TWasm_Int:$replacement), memArgs);
  let results = (outs TWasm_Int:$result);
  let assemblyFormat = "$bits $expected `,` $replacement `,` " # memFormat #
                       "`:` type($result)";
  let wasmInstrs = [
    WasmInstr<"i32.atomic.rmw.cmpxchg", 0x48, ["i32", "i32", "i32"], "i32", 0xFE, 32>,
    WasmInstr<"i64.atomic.rmw.cmpxchg", 0x49, ["i32", "i64", "i64"], "i64", 0xFE, 64>,
    WasmInstr<"i32.atomic.rmw8.cmpxchg_u", 0x4A, ["i32", "i32", "i32"], "i32", 0xFE, 8>,
    WasmInstr<"i32.atomic.rmw16.cmpxchg_u", 0x4B, ["i32", "i32", "i32"], "i32", 0xFE, 16>,
    WasmInstr<"i64.atomic.rmw8.cmpxchg_u", 0x4C, ["i32", "i64", "i64"], "i64", 0xFE, 8>,
    WasmInstr<"i64.atomic.rmw16.cmpxchg_u", 0x4D, ["i32", "i64", "i64"], "i64", 0xFE, 16>,
    WasmInstr<"i64.atomic.rmw32.cmpxchg_u", 0x4E, ["i32", "i64", "i64"], "i64", 0xFE, 32>];
  let upstreamOp = "llvm.cmpxchg";
}

def TWasm_AtomicFenceOp : TWasm_Op<"atomic_fence", [TWasm_ChangesMemory]> {
  let summary = "orders memory accesses";
  let description = [{
    `atomic.fence`, sequentially consistent.

    ```mlir
    twasm.atomic_fence
    ```
  }];
  let assemblyFormat = "attr-dict";
  let wasmInstrs = [WasmInstr<"atomic.fence", 0x03, [], "", 0xFE>];
  let upstreamOp = "llvm.fence";
}

def TWasm_AtomicWaitOp : TWasm_Access<"atomic_wait", [TWasm_ChangesMemory]> {
  let summary = "1 if memory is not as expected, else 2 at the time-out";
  let description = [{
    `memory.atomic.wait32` and `wait64`. No thread of a launch can block on
    another here, so nobody is ever woken: a wait with a time-out ends in it, and
    one without (negative) traps, since it would never end.

    ```mlir
    %r = twasm.atomic_wait %expected, %timeout, %index offset 0 align 2 : i32
    ```
  }];
  let arguments = !con((ins TWasm_Int:$expected, I64:$timeout), memArgs);
  let results = (outs I32:$result);
  let assemblyFormat =
      "$expected `,` $timeout `,` " # memFormat # "`:` type($expected)";
  let wasmInstrs = [
    WasmInstr<"memory.atomic.wait32", 0x01, ["i32", "i32", "i64"], "i32", 0xFE,
              32>,
    WasmInstr<"memory.atomic.wait64", 0x02, ["i32", "i64", "i64"], "i32", 0xFE,
              64>];
  let upstreamOp = "llvm.load atomic";
}

def TWasm_AtomicNotifyOp : TWasm_Access<"atomic_notify",
    [TWasm_ChangesMemory]> {
  let summary = "the number of woken threads, always 0";
  let description = [{
    `memory.atomic.notify`: traps as an access of 32 bits does.

    ```mlir
    %n = twasm.atomic_notify %count, %index offset 0 align 2
    ```
  }];
  let arguments = !con((ins I32:$count), memArgs);
  let results = (outs I32:$result);
  let assemblyFormat = "$count `,` " # memFormat;
  let wasmInstrs = [WasmInstr<"memory.atomic.notify", 0x00, ["i32", "i32"],
                              "i32", 0xFE, 32>];
  let upstreamOp = "arith.constant";
}

#endif // TWASM_ATOMIC_TD
