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

/// Marks ops that use a memory; all verify that it exists if they name it.
def TWasm_UsesMemory : NativeOpTrait<"UsesMemory"> {
  let cppNamespace = "::twc::twasm";
}
class TWasm_MemoryUser<string m, list<Trait> traits>
    : TWasm_Op<m, !listconcat(traits, [TWasm_UsesMemory,
          DeclareOpInterfaceMethods<SymbolUserOpInterface>])> {
  let extraClassDefinition = [{
    ::llvm::LogicalResult
    $cppClass::verifySymbolUses(::mlir::SymbolTableCollection &symbols) {
      return verifyMemoryName(*this, getMemoryAttr(), symbols);
    }
  }];
}

/// Reads or writes memory `memory`, or the function's own memory (the first of
/// its module) where that is absent; `index` has the memory's address type.
class TWasm_Access<string m, list<Trait> traits>
    : TWasm_MemoryUser<m, traits> {
  dag memArgs = (ins TWasm_Int:$index, I64Attr:$offset, I32Attr:$align,
                     OptionalAttr<FlatSymbolRefAttr>:$memory);
  string memFormat = "custom<Index>($index, type($index)) `offset` $offset "
                     "`align` $align (`in` $memory^)? attr-dict";
}
def TWasm_ReadsMemory : MemoryEffects<[MemRead<TWasm_MemoryResource>,
                                       MemWrite<TWasm_TrapResource>]>;
def TWasm_WritesMemory : MemoryEffects<[MemWrite<TWasm_MemoryResource>,
                                        MemWrite<TWasm_TrapResource>]>;
def TWasm_ChangesMemory : MemoryEffects<[MemRead<TWasm_MemoryResource>,
                                         MemWrite<TWasm_MemoryResource>,
                                         MemWrite<TWasm_TrapResource>]>;

//===-- Loads and stores --------------------------------------------------===//

def TWasm_LoadOp : TWasm_Access<"load", [TWasm_ReadsMemory]> {
  let summary = "a number or vector from linear memory";
  let description = [{
    `t.load memarg` of the Wasm spec, section 4.4.7: traps when any byte of
    [index + offset, + width) lies outside the memory. `align` is a hint, as
    the exponent of a power of two.

    ```mlir
    %r = twasm.load %index offset 16 align 2 : f32
    %s = twasm.load i64 %wide offset 0 align 2 in @memory1 : f32
    ```
  }];
  let arguments = memArgs;
  let results = (outs TWasm_NumVec:$result);
  let assemblyFormat = memFormat # "`:` type($result)";
  let wasmInstrs = [WasmInstr<"i32.load", 0x28, ["i32"], "i32", 0, 32>,
                    WasmInstr<"i64.load", 0x29, ["i32"], "i64", 0, 64>,
                    WasmInstr<"f32.load", 0x2A, ["i32"], "f32", 0, 32>,
                    WasmInstr<"f64.load", 0x2B, ["i32"], "f64", 0, 64>,
                    WasmInstr<"v128.load", 0x00, ["i32"], "v128", 0xFD, 128>];
  let upstreamOp = "llvm.load";
  let mappingRow = 10;
}

class TWasm_LoadN<string m, string doc>
    : TWasm_Access<m, [TWasm_ReadsMemory]> {
  let summary = "an integer from `bits` bits of linear memory, " # doc;
  let description = "`t.loadN memarg` of the Wasm spec, section 4.4.7, " #
                    doc # ".\n\n```mlir\n%r = twasm." # m #
                    " 8 %index offset 0 align 0 : i32\n```\n";
  let arguments = !con((ins I32Attr:$bits), memArgs);
  let results = (outs TWasm_Int:$result);
  let assemblyFormat = "$bits " # memFormat # "`:` type($result)";
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

def TWasm_StoreOp : TWasm_Access<"store", [TWasm_WritesMemory]> {
  let summary = "writes a number or vector to linear memory";
  let description = [{
    `t.store memarg` of the Wasm spec, section 4.4.7. A store that traps
    writes nothing.

    ```mlir
    twasm.store %value, %index offset 0 align 2 : f32
    ```
  }];
  let arguments = !con((ins TWasm_NumVec:$value), memArgs);
  let assemblyFormat = "$value `,` " # memFormat # "`:` type($value)";
  let wasmInstrs = [WasmInstr<"i32.store", 0x36, ["i32", "i32"], "", 0, 32>,
                    WasmInstr<"i64.store", 0x37, ["i32", "i64"], "", 0, 64>,
                    WasmInstr<"f32.store", 0x38, ["i32", "f32"], "", 0, 32>,
                    WasmInstr<"f64.store", 0x39, ["i32", "f64"], "", 0, 64>,
                    WasmInstr<"v128.store", 0x0B, ["i32", "v128"], "", 0xFD,
                              128>];
  let upstreamOp = "llvm.store";
  let mappingRow = 11;
}

def TWasm_StoreNOp : TWasm_Access<"store_n", [TWasm_WritesMemory]> {
  let summary = "writes the low `bits` bits of an integer to linear memory";
  let description = [{
    `t.storeN memarg` of the Wasm spec, section 4.4.7.

    ```mlir
    twasm.store_n 8 %value, %index offset 0 align 0 : i32
    ```
  }];
  let arguments = !con((ins I32Attr:$bits, TWasm_Int:$value), memArgs);
  let assemblyFormat = "$bits $value `,` " # memFormat # "`:` type($value)";
  let hasVerifier = 1;
  let wasmInstrs = [WasmInstr<"i32.store8", 0x3A, ["i32", "i32"], "", 0, 8>,
                    WasmInstr<"i32.store16", 0x3B, ["i32", "i32"], "", 0, 16>,
                    WasmInstr<"i64.store8", 0x3C, ["i32", "i64"], "", 0, 8>,
                    WasmInstr<"i64.store16", 0x3D, ["i32", "i64"], "", 0, 16>,
                    WasmInstr<"i64.store32", 0x3E, ["i32", "i64"], "", 0, 32>];
  let upstreamOp = "arith.trunci + llvm.store";
  let mappingRow = 21;
}

//===-- Whole memories ----------------------------------------------------===//

def TWasm_MemorySizeOp : TWasm_MemoryUser<"memory_size",
    [MemoryEffects<[MemRead<TWasm_MemoryResource>]>]> {
  let summary = "the memory's size in pages of 64 KiB";
  let description = [{
    `memory.size` of the Wasm spec, section 4.4.7.

    ```mlir
    %pages = twasm.memory_size : i32
    ```
  }];
  let arguments = (ins OptionalAttr<FlatSymbolRefAttr>:$memory);
  let results = (outs TWasm_Int:$result);
  let assemblyFormat = "(`in` $memory^)? attr-dict `:` type($result)";
  let wasmInstrs = [WasmInstr<"memory.size", 0x3F, [], "i32">];
  let upstreamOp = "arith.shrui";
}

def TWasm_MemoryGrowOp : TWasm_MemoryUser<"memory_grow",
    [MemoryEffects<[MemRead<TWasm_MemoryResource>,
                    MemWrite<TWasm_MemoryResource>]>,
     SameOperandsAndResultType]> {
  let summary = "grows the memory; its old size in pages, or -1";
  let description = [{
    `memory.grow` of the Wasm spec, section 4.4.7. Succeeds up to the capacity
    that the runtime committed at instantiation.

    ```mlir
    %old = twasm.memory_grow %pages : i32
    ```
  }];
  let arguments = (ins TWasm_Int:$pages,
                       OptionalAttr<FlatSymbolRefAttr>:$memory);
  let results = (outs TWasm_Int:$result);
  let assemblyFormat = "$pages (`in` $memory^)? attr-dict `:` type($result)";
  let wasmInstrs = [WasmInstr<"memory.grow", 0x40, ["i32"], "i32">];
  let upstreamOp = "llvm.cmpxchg";
}

//===-- Bulk operations ---------------------------------------------------===//

def TWasm_MemoryCopyOp : TWasm_Op<"memory_copy",
    [TWasm_ChangesMemory, TWasm_UsesMemory,
     DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "copies a range of memory, as if by way of a buffer";
  let description = [{
    `memory.copy` of the Wasm spec, section 4.4.7: traps, and changes nothing,
    unless both ranges lie inside their memories.

    ```mlir
    twasm.memory_copy %dst, %src, %count : i32, i32, i32
    ```
  }];
  let arguments = (ins TWasm_Int:$dst, TWasm_Int:$src, TWasm_Int:$count,
                       OptionalAttr<FlatSymbolRefAttr>:$dstMemory,
                       OptionalAttr<FlatSymbolRefAttr>:$srcMemory);
  let assemblyFormat = [{
    $dst `,` $src `,` $count attr-dict `:` type($dst) `,` type($src) `,`
    type($count)
  }];
  let wasmInstrs = [WasmInstr<"memory.copy", 10, ["i32", "i32", "i32"], "",
                              0xFC>];
  let upstreamOp = "llvm.call @__tw_copy";
}

def TWasm_MemoryFillOp : TWasm_MemoryUser<"memory_fill",
    [TWasm_WritesMemory]> {
  let summary = "sets every byte of a range of memory";
  let description = [{
    `memory.fill` of the Wasm spec, section 4.4.7.

    ```mlir
    twasm.memory_fill %dst, %byte, %count : i32
    ```
  }];
  let arguments = (ins TWasm_Int:$dst, I32:$value, TWasm_Int:$count,
                       OptionalAttr<FlatSymbolRefAttr>:$memory);
  let assemblyFormat = [{
    $dst `,` $value `,` custom<Index>($count, type($count)) (`in` $memory^)?
    attr-dict `:` type($dst)
  }];
  let wasmInstrs = [WasmInstr<"memory.fill", 11, ["i32", "i32", "i32"], "",
                              0xFC>];
  let upstreamOp = "llvm.call @__tw_fill";
}

def TWasm_MemoryInitOp : TWasm_Op<"memory_init",
    [TWasm_ChangesMemory, TWasm_UsesMemory,
     DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "copies from a data segment to memory";
  let description = [{
    `memory.init x` of the Wasm spec, section 4.4.7.

    ```mlir
    twasm.memory_init @data0, %dst, %src, %count : i32
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$segment, TWasm_Int:$dst, I32:$src,
                       I32:$count, OptionalAttr<FlatSymbolRefAttr>:$memory);
  let assemblyFormat = [{
    $segment `,` $dst `,` $src `,` $count (`in` $memory^)? attr-dict `:`
    type($dst)
  }];
  let wasmInstrs = [WasmInstr<"memory.init", 8, ["i32", "i32", "i32"], "",
                              0xFC>];
  let upstreamOp = "llvm.call @__tw_copy";
}

def TWasm_DataDropOp : TWasm_Op<"data_drop",
    [MemoryEffects<[MemWrite<TWasm_MemoryResource>]>,
     DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "empties a data segment";
  let description = [{
    `data.drop x` of the Wasm spec, section 4.4.7.

    ```mlir
    twasm.data_drop @data0
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$segment);
  let assemblyFormat = "$segment attr-dict";
  let wasmInstrs = [WasmInstr<"data.drop", 9, [], "", 0xFC>];
  let upstreamOp = "llvm.store";
}

//===-- Globals -----------------------------------------------------------===//

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
  let results = (outs TWasm_Value:$result);
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
  let arguments = (ins FlatSymbolRefAttr:$global, TWasm_Value:$value);
  let assemblyFormat = "$global `,` $value attr-dict `:` type($value)";
  let wasmInstrs = [WasmInstr<"global.set", 0x24, [], "">];
  let upstreamOp = "llvm.store";
}

#endif // TWASM_MEMORY_TD
