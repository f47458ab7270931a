//===- TWasmModule.td - module-level ops -*- tablegen -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Wasm core spec section 2.5: what a module declares. They live in a builtin
// module, in index order; `func_index` numbers count imports, as Wasm's do.
//
//===----------------------------------------------------------------------===//

#ifndef TWASM_MODULE_TD
#define TWASM_MODULE_TD

include "TWasmAttrs.td"

def TWasm_FuncOp : TWasm_Op<"func", [IsolatedFromAbove, FunctionOpInterface,
                                     OpAsmOpInterface,
    DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "a function, defined or imported";
  let description = [{
    A function of the Wasm spec, section 2.5.3. One with an `import` attribute
    (module and field name) has no body. `func_index` counts through all linked
    modules. `memory` is the function's own memory, the first of its module; the
    first of all memories where the attribute is absent. One that is `pruned`
    has lost its body, since nothing can call it any more; references to it keep
    its number and its type.

    ```mlir
    twasm.func @square(%a: f32) -> f32 attributes {func_index = 0 : i32} {
      %r = twasm.fmul %a, %a : f32
      twasm.return %r : f32
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name,
      TypeAttrOf<FunctionType>:$function_type, I32Attr:$func_index,
      OptionalAttr<StrArrayAttr>:$import, UnitAttr:$pruned,
      OptionalAttr<FlatSymbolRefAttr>:$memory, OptionalAttr<StrAttr>:$sym_visibility,
      OptionalAttr<DictArrayAttr>:$arg_attrs,
      OptionalAttr<DictArrayAttr>:$res_attrs);
  let regions = (region AnyRegion:$body);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let builders = [OpBuilder<(ins "StringRef":$name, "FunctionType":$type,
                                 "uint32_t":$funcIndex)>];
  let extraClassDeclaration = [{
    ArrayRef<Type> getArgumentTypes() { return getFunctionType().getInputs(); }
    ArrayRef<Type> getResultTypes() { return getFunctionType().getResults(); }
    Region *getCallableRegion() {
      return isExternal() ? nullptr : &getBody();
    }
    bool isDeclaration() { return isExternal(); }
    static StringRef getDefaultDialect() { return "twasm"; }
  }];
}

def TWasm_ExportOp : TWasm_Op<"export"> {
  let summary = "makes a function, table, memory or global visible outside";
  let description = [{
    An export of the Wasm spec, section 2.5.10.

    ```mlir
    twasm.export "saxpy" func @saxpy
    ```
  }];
  let arguments = (ins StrAttr:$export_name, TWasm_ExternKind:$kind,
                       FlatSymbolRefAttr:$item,
                       DefaultValuedAttr<I32Attr, "0">:$module);
  let assemblyFormat = "$export_name $kind $item attr-dict";
}

def TWasm_MemoryOp : TWasm_Op<"memory", [Symbol]> {
  let summary = "a linear memory";
  let description = [{
    A memory of the Wasm spec, section 2.5.5; limits in pages of 64 KiB.

    ```mlir
    twasm.memory @memory0 min 1 max 16
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, I64Attr:$min,
      OptionalAttr<I64Attr>:$max, UnitAttr:$index64, UnitAttr:$shared,
      DefaultValuedAttr<I32Attr, "0">:$module);
  let assemblyFormat = [{
    $sym_name (`i64` $index64^)? `min` $min (`max` $max^)? (`shared` $shared^)?
    attr-dict
  }];
  let hasVerifier = 1;
}

def TWasm_TableOp : TWasm_Op<"table", [Symbol]> {
  let summary = "a table of references";
  let description = [{
    A table of the Wasm spec, section 2.5.4; limits in elements.

    ```mlir
    twasm.table @table0 min 2 max 2
    twasm.table @table1 min 0 : !twasm.externref
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, I64Attr:$min,
      OptionalAttr<I64Attr>:$max, OptionalAttr<TypeAttr>:$element,
      DefaultValuedAttr<I32Attr, "0">:$module);
  let assemblyFormat = [{
    $sym_name `min` $min (`max` $max^)? (`:` $element^)? attr-dict
  }];
  let extraClassDeclaration = [{
    /// A funcref unless `element` says otherwise.
    Type getElementType();
  }];
  let hasVerifier = 1;
}

def TWasm_GlobalOp : TWasm_Op<"global", [Symbol]> {
  let summary = "a global variable";
  let description = [{
    A global of the Wasm spec, section 2.5.6, with its initial value.

    ```mlir
    twasm.global @stack_pointer index 0 mutable = 65536 : i32
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, I32Attr:$global_index,
      UnitAttr:$is_mutable, TypedAttrInterface:$init,
      DefaultValuedAttr<I32Attr, "0">:$module);
  let assemblyFormat = [{
    $sym_name `index` $global_index (`mutable` $is_mutable^)? `=` $init attr-dict
  }];
}

def TWasm_DataOp : TWasm_Op<"data", [Symbol]> {
  let summary = "a data segment";
  let description = [{
    A data segment of the Wasm spec, section 2.5.8. An active one is copied to
    `offset` of `memory` when its module is instantiated. `module_offset` is
    where its bytes stand in the Wasm module.

    ```mlir
    twasm.data @data0 active @memory0 offset 1024 at 97 "hello"
    twasm.data @data1 at 103 "world"
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name,
                       OptionalAttr<FlatSymbolRefAttr>:$memory,
                       DefaultValuedAttr<I64Attr, "0">:$offset,
                       I64Attr:$module_offset, StrAttr:$bytes,
                       DefaultValuedAttr<I32Attr, "0">:$module);
  let assemblyFormat = [{
    $sym_name (`active` $memory^ `offset` $offset)? `at` $module_offset $bytes
    attr-dict
  }];
}

def TWasm_ElemOp : TWasm_Op<"elem", [Symbol]> {
  let summary = "an element segment";
  let description = [{
    An element segment of the Wasm spec, section 2.5.7, active if it has a
    table; a null reference is `unit`. A declarative one is passive and empty.

    ```mlir
    twasm.elem @elem0 active @table0 offset 1 [@f, @g]
    twasm.elem @elem1 [@f, unit]
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name,
                       OptionalAttr<FlatSymbolRefAttr>:$table,
                       DefaultValuedAttr<I64Attr, "0">:$offset,
                       ArrayAttr:$funcs,
                       DefaultValuedAttr<I32Attr, "0">:$module);
  let assemblyFormat = [{
    $sym_name (`active` $table^ `offset` $offset)? $funcs attr-dict
  }];
}

def TWasm_StartOp : TWasm_Op<"start"> {
  let summary = "the function that runs at instantiation";
  let description = [{
    The start function of the Wasm spec, section 2.5.9.

    ```mlir
    twasm.start @init
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$callee,
                       DefaultValuedAttr<I32Attr, "0">:$module);
  let assemblyFormat = "$callee attr-dict";
}

#endif // TWASM_MODULE_TD
