//===- TWasmMemory.td - memory and variable ops -*- tablegen -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Wasm core spec sections 4.4.5 (variables) and 4.4.7 (memory). The effective
// address is the zero-extended index plus the offset; it never wraps.
//
//===----------------------------------------------------------------------===//

#ifndef TWASM_MEMORY_TD
#define TWASM_MEMORY_TD

include "TWasmNumeric.td"

def TWasm_MemoryResource : Resource<"::twc::twasm::MemoryResource">;
def TWasm_GlobalResource : Resource<"::twc::twasm::GlobalResource">;

def TWasm_LoadOp : TWasm_Op<"load",
    [MemoryEffects<[MemRead<TWasm_MemoryResource>,
                    MemWrite<TWasm_TrapResource>]>]> {
  let summary = "a number from linear memory";
  let description = [{
    `t.load memarg` of the Wasm spec, section 4.4.7: traps when any byte of
    [index + offset, + width) lies outside the memory. `align` is a hint, as
    the exponent of a power of two.

    ```mlir
    %r = twasm.load %index offset 16 align 2 : f32
    ```
  }];
  let arguments = (ins I32:$index, I64Attr:$offset, I32Attr:$align);
  let results = (outs TWasm_Num:$result);
  let assemblyFormat = [{
    $index `offset` $offset `align` $align attr-dict `:` type($result)
  }];
  let wasmInstrs = [WasmInstr<"i32.load", 0x28, ["i32"], "i32", 0, 32>,
                    WasmInstr<"i64.load", 0x29, ["i32"], "i64", 0, 64>,
                    WasmInstr<"f32.load", 0x2A, ["i32"], "f32", 0, 32>,
                    WasmInstr<"f64.load", 0x2B, ["i32"], "f64", 0, 64>];
  let upstreamOp = "llvm.load";
  let mappingRow = 10;
}

class TWasm_LoadN<string m, string doc> : TWasm_Op<m,
    [MemoryEffects<[MemRead<TWasm_MemoryResource>,
                    MemWrite<TWasm_TrapResource>]>]> {
  let summary = "an integer from `bits` bits of linear memory, " # doc;
  let description = "`t.loadN memarg` of the Wasm spec, section 4.4.7, " #
                    doc # ".\n\n```mlir\n%r = twasm." # m #
                    " 8 %index offset 0 align 0 : i32\n```\n";
  let arguments = (ins I32Attr:$bits, I32:$index, I64Attr:$offset,
                       I32Attr:$align);
  let results = (outs TWasm_Int:$result);
  let assemblyFormat = [{
    $bits $index `offset` $offset `align` $align attr-dict `:` type($result)
  }];
  let hasVerifier = 1;
}
def TWasm_LoadSOp : TWasm_LoadN<"load_s", "sign-extended"> {
  let wasmInstrs = [WasmInstr<"i32.load8_s", 0x2C, ["i32"], "i32", 0, 8, "s">,
                    WasmInstr<"i32.load16_s", 0x2E, ["i32"], "i32", 0, 16, "s">,
                    WasmInstr<"i64.load8_s", 0x30, ["i32"], "i64", 0, 8, "s">,
                    WasmInstr<"i64.load16_s", 0x32, ["i32"], "i64", 0, 16, "s">,
                    WasmInstr<"i64.load32_s", 0x34, ["i32"], "i64", 0, 32, "s">];
  let upstreamOp = "llvm.load + arith.extsi";
  let mappingRow = 22;
}
def TWasm_LoadUOp : TWasm_LoadN<"load_u", "zero-extended"> {
  let wasmInstrs = [WasmInstr<"i32.load8_u", 0x2D, ["i32"], "i32", 0, 8, "u">,
                    WasmInstr<"i32.load16_u", 0x2F, ["i32"], "i32", 0, 16, "u">,
                    WasmInstr<"i64.load8_u", 0x31, ["i32"], "i64", 0, 8, "u">,
                    WasmInstr<"i64.load16_u", 0x33, ["i32"], "i64", 0, 16, "u">,
                    WasmInstr<"i64.load32_u", 0x35, ["i32"], "i64", 0, 32, "u">];
  let upstreamOp = "llvm.load + arith.extui";
  let mappingRow = 22;
}

def TWasm_StoreOp : TWasm_Op<"store",
    [MemoryEffects<[MemWrite<TWasm_MemoryResource>,
                    MemWrite<TWasm_TrapResource>]>]> {
  let summary = "writes a number to linear memory";
  let description = [{
    `t.store memarg` of the Wasm spec, section 4.4.7. A store that traps
    writes nothing.

    ```mlir
    twasm.store %value, %index offset 0 align 2 : f32
    ```
  }];
  let arguments = (ins TWasm_Num:$value, I32:$index, I64Attr:$offset,
                       I32Attr:$align);
  let assemblyFormat = [{
    $value `,` $index `offset` $offset `align` $align attr-dict `:` type($value)
  }];
  let wasmInstrs = [WasmInstr<"i32.store", 0x36, ["i32", "i32"], "", 0, 32>,
                    WasmInstr<"i64.store", 0x37, ["i32", "i64"], "", 0, 64>,
                    WasmInstr<"f32.store", 0x38, ["i32", "f32"], "", 0, 32>,
                    WasmInstr<"f64.store", 0x39, ["i32", "f64"], "", 0, 64>];
  let upstreamOp = "llvm.store";
  let mappingRow = 11;
}

def TWasm_StoreNOp : TWasm_Op<"store_n",
    [MemoryEffects<[MemWrite<TWasm_MemoryResource>,
                    MemWrite<TWasm_TrapResource>]>]> {
  let summary = "writes the low `bits` bits of an integer to linear memory";
  let description = [{
    `t.storeN memarg` of the Wasm spec, section 4.4.7.

    ```mlir
    twasm.store_n 8 %value, %index offset 0 align 0 : i32
    ```
  }];
  let arguments = (ins I32Attr:$bits, TWasm_Int:$value, I32:$index,
                       I64Attr:$offset, I32Attr:$align);
  let assemblyFormat = [{
    $bits $value `,` $index `offset` $offset `align` $align attr-dict `:`
    type($value)
  }];
  let hasVerifier = 1;
  let wasmInstrs = [WasmInstr<"i32.store8", 0x3A, ["i32", "i32"], "", 0, 8>,
                    WasmInstr<"i32.store16", 0x3B, ["i32", "i32"], "", 0, 16>,
                    WasmInstr<"i64.store8", 0x3C, ["i32", "i64"], "", 0, 8>,
                    WasmInstr<"i64.store16", 0x3D, ["i32", "i64"], "", 0, 16>,
                    WasmInstr<"i64.store32", 0x3E, ["i32", "i64"], "", 0, 32>];
  let upstreamOp = "arith.trunci + llvm.store";
  let mappingRow = 21;
}

def TWasm_MemorySizeOp : TWasm_Op<"memory_size",
    [MemoryEffects<[MemRead<TWasm_MemoryResource>]>]> {
  let summary = "the memory's size in pages of 64 KiB";
  let description = [{
    `memory.size` of the Wasm spec, section 4.4.7.

    ```mlir
    %pages = twasm.memory_size : i32
    ```
  }];
  let results = (outs I32:$result);
  let assemblyFormat = "attr-dict `:` type($result)";
  let wasmInstrs = [WasmInstr<"memory.size", 0x3F, [], "i32">];
  let upstreamOp = "arith.shrui";
}

def TWasm_MemoryGrowOp : TWasm_Op<"memory_grow",
    [MemoryEffects<[MemRead<TWasm_MemoryResource>,
                    MemWrite<TWasm_MemoryResource>]>]> {
  let summary = "grows the memory; its old size in pages, or -1";
  let description = [{
    `memory.grow` of the Wasm spec, section 4.4.7. Succeeds up to the capacity
    that the runtime committed at instantiation.

    ```mlir
    %old = twasm.memory_grow %pages : i32
    ```
  }];
  let arguments = (ins I32:$pages);
  let results = (outs I32:$result);
  let assemblyFormat = "$pages attr-dict `:` type($result)";
  let wasmInstrs = [WasmInstr<"memory.grow", 0x40, ["i32"], "i32">];
  let upstreamOp = "llvm.cmpxchg";
}

def TWasm_GlobalGetOp : TWasm_Op<"global_get",
    [MemoryEffects<[MemRead<TWasm_GlobalResource>]>,
     DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "the value of a global";
  let description = [{
    `global.get x` of the Wasm spec, section 4.4.5.

    ```mlir
    %r = twasm.global_get @counter : i32
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$global);
  let results = (outs TWasm_Num:$result);
  let assemblyFormat = "$global attr-dict `:` type($result)";
  let wasmInstrs = [WasmInstr<"global.get", 0x23, [], "">];
  let upstreamOp = "llvm.load, or arith.constant for an immutable global";
}

def TWasm_GlobalSetOp : TWasm_Op<"global_set",
    [MemoryEffects<[MemWrite<TWasm_GlobalResource>]>,
     DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "changes the value of a mutable global";
  let description = [{
    `global.set x` of the Wasm spec, section 4.4.5.

    ```mlir
    twasm.global_set @counter, %value : i32
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$global, TWasm_Num:$value);
  let assemblyFormat = "$global `,` $value attr-dict `:` type($value)";
  let wasmInstrs = [WasmInstr<"global.set", 0x24, [], "">];
  let upstreamOp = "llvm.store";
}

#endif // TWASM_MEMORY_TD
