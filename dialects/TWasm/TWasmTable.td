//===- TWasmTable.td - references and tables -*- tablegen -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Wasm core spec sections 4.4.2 (reference instructions) and 4.4.6 (table
// instructions). Table indices are i32, as in every module that WABT accepts.
//
//===----------------------------------------------------------------------===//

#ifndef TWASM_TABLE_TD
#define TWASM_TABLE_TD

include "TWasmMemory.td"

def TWasm_TableResource : Resource<"::twc::twasm::TableResource">;

//===-- References --------------------------------------------------------===//

def TWasm_RefNullOp : TWasm_Op<"ref_null", [Pure]> {
  let summary = "the null reference of a type";
  let description = [{
    `ref.null t` of the Wasm spec, section 4.4.2.

    ```mlir
    %r = twasm.ref_null : !twasm.funcref
    ```
  }];
  let results = (outs TWasm_Ref:$result);
  let assemblyFormat = "attr-dict `:` type($result)";
  let wasmInstrs = [WasmInstr<"ref.null", 0xD0, [], "">];
  let upstreamOp = "arith.constant";
}

def TWasm_RefIsNullOp : TWasm_Op<"ref_is_null", [Pure]> {
  let summary = "1 if the reference is null, else 0";
  let description = [{
    `ref.is_null` of the Wasm spec, section 4.4.2.

    ```mlir
    %b = twasm.ref_is_null %r : !twasm.externref
    ```
  }];
  let arguments = (ins TWasm_Ref:$value);
  let results = (outs I32:$result);
  let assemblyFormat = "$value attr-dict `:` type($value)";
  let wasmInstrs = [WasmInstr<"ref.is_null", 0xD1, [], "i32">];
  let upstreamOp = "arith.cmpi";
}

def TWasm_RefFuncOp : TWasm_Op<"ref_func", [Pure,
    DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "a reference to a function";
  let description = [{
    `ref.func x` of the Wasm spec, section 4.4.2.

    ```mlir
    %r = twasm.ref_func @f
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$func);
  let results = (outs TWasm_FuncRef:$result);
  let assemblyFormat = "$func attr-dict `:` type($result)";
  let wasmInstrs = [WasmInstr<"ref.func", 0xD2, [], "funcref">];
  let upstreamOp = "arith.constant";
}

//===-- Tables ------------------------------------------------------------===//

class TWasm_TableAccess<string m, string doc, list<MemoryEffect> effects>
    : TWasm_Op<m, [MemoryEffects<effects>,
                   DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = doc;
}
defvar TWasm_ReadTable = [MemRead<TWasm_TableResource>,
                          MemWrite<TWasm_TrapResource>];
defvar TWasm_WriteTable = [MemRead<TWasm_TableResource>,
                           MemWrite<TWasm_TableResource>,
                           MemWrite<TWasm_TrapResource>];

def TWasm_TableGetOp : TWasm_TableAccess<"table_get",
    "an element of a table", TWasm_ReadTable> {
  let description = [{
    `table.get x` of the Wasm spec, section 4.4.6.

    ```mlir
    %r = twasm.table_get @table0[%i] : !twasm.funcref
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$table, I32:$index);
  let results = (outs TWasm_Ref:$result);
  let assemblyFormat = "$table `[` $index `]` attr-dict `:` type($result)";
  let wasmInstrs = [WasmInstr<"table.get", 0x25, ["i32"], "">];
  let upstreamOp = "llvm.load";
}
def TWasm_TableSetOp : TWasm_TableAccess<"table_set",
    "changes an element of a table", TWasm_WriteTable> {
  let description = [{
    `table.set x` of the Wasm spec, section 4.4.6.

    ```mlir
    twasm.table_set @table0[%i], %r : !twasm.funcref
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$table, I32:$index, TWasm_Ref:$value);
  let assemblyFormat =
      "$table `[` $index `]` `,` $value attr-dict `:` type($value)";
  let wasmInstrs = [WasmInstr<"table.set", 0x26, ["i32", ""], "">];
  let upstreamOp = "llvm.store";
}
def TWasm_TableSizeOp : TWasm_TableAccess<"table_size",
    "the number of a table's elements", [MemRead<TWasm_TableResource>]> {
  let description = [{
    `table.size x` of the Wasm spec, section 4.4.6.

    ```mlir
    %n = twasm.table_size @table0 : i32
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$table);
  let results = (outs I32:$result);
  let assemblyFormat = "$table attr-dict `:` type($result)";
  let wasmInstrs = [WasmInstr<"table.size", 16, [], "i32", 0xFC>];
  let upstreamOp = "llvm.load";
}
def TWasm_TableGrowOp : TWasm_TableAccess<"table_grow",
    "grows a table; its old size, or -1", TWasm_WriteTable> {
  let description = [{
    `table.grow x` of the Wasm spec, section 4.4.6. Succeeds up to the capacity
    that the runtime reserved at instantiation.

    ```mlir
    %old = twasm.table_grow @table0, %init, %n : !twasm.funcref
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$table, TWasm_Ref:$init, I32:$count);
  let results = (outs I32:$result);
  let assemblyFormat =
      "$table `,` $init `,` $count attr-dict `:` type($init)";
  let wasmInstrs = [WasmInstr<"table.grow", 15, ["", "i32"], "i32", 0xFC>];
  let upstreamOp = "llvm.call @__tw_fill64";
}
def TWasm_TableFillOp : TWasm_TableAccess<"table_fill",
    "sets a range of a table", TWasm_WriteTable> {
  let description = [{
    `table.fill x` of the Wasm spec, section 4.4.6.

    ```mlir
    twasm.table_fill @table0, %i, %r, %n : !twasm.funcref
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$table, I32:$index, TWasm_Ref:$value,
                       I32:$count);
  let assemblyFormat =
      "$table `,` $index `,` $value `,` $count attr-dict `:` type($value)";
  let wasmInstrs = [WasmInstr<"table.fill", 17, ["i32", "", "i32"], "", 0xFC>];
  let upstreamOp = "llvm.call @__tw_fill64";
}
def TWasm_TableCopyOp : TWasm_TableAccess<"table_copy",
    "copies a range of a table, as if by way of a buffer", TWasm_WriteTable> {
  let description = [{
    `table.copy x y` of the Wasm spec, section 4.4.6.

    ```mlir
    twasm.table_copy @table0, @table1, %dst, %src, %n
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$dstTable, FlatSymbolRefAttr:$srcTable,
                       I32:$dst, I32:$src, I32:$count);
  let assemblyFormat =
      "$dstTable `,` $srcTable `,` $dst `,` $src `,` $count attr-dict";
  let wasmInstrs = [WasmInstr<"table.copy", 14, ["i32", "i32", "i32"], "",
                              0xFC>];
  let upstreamOp = "llvm.call @__tw_copy";
}
def TWasm_TableInitOp : TWasm_TableAccess<"table_init",
    "copies from an element segment to a table", TWasm_WriteTable> {
  let description = [{
    `table.init x y` of the Wasm spec, section 4.4.6.

    ```mlir
    twasm.table_init @table0, @elem0, %dst, %src, %n
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$table, FlatSymbolRefAttr:$segment,
                       I32:$dst, I32:$src, I32:$count);
  let assemblyFormat =
      "$table `,` $segment `,` $dst `,` $src `,` $count attr-dict";
  let wasmInstrs = [WasmInstr<"table.init", 12, ["i32", "i32", "i32"], "",
                              0xFC>];
  let upstreamOp = "llvm.call @__tw_copy";
}
def TWasm_ElemDropOp : TWasm_TableAccess<"elem_drop",
    "empties an element segment", [MemWrite<TWasm_TableResource>]> {
  let description = [{
    `elem.drop x` of the Wasm spec, section 4.4.6.

    ```mlir
    twasm.elem_drop @elem0
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$segment);
  let assemblyFormat = "$segment attr-dict";
  let wasmInstrs = [WasmInstr<"elem.drop", 13, [], "", 0xFC>];
  let upstreamOp = "llvm.store";
}

#endif // TWASM_TABLE_TD
