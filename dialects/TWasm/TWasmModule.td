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
                                     OpAsmOpInterface]> {
  let summary = "a function, defined or imported";
  let description = [{
    A function of the Wasm spec, section 2.5.3. One with an `import` attribute
    (module and field name) has no body.

    ```mlir
    twasm.func @square(%a: f32) -> f32 attributes {func_index = 0 : i32} {
      %r = twasm.fmul %a, %a : f32
      twasm.return %r : f32
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name,
      TypeAttrOf<FunctionType>:$function_type, I32Attr:$func_index,
      OptionalAttr<StrArrayAttr>:$import, OptionalAttr<StrAttr>:$sym_visibility,
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
                       FlatSymbolRefAttr:$item);
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
      OptionalAttr<I64Attr>:$max, OptionalAttr<StrArrayAttr>:$import);
  let assemblyFormat = "$sym_name `min` $min (`max` $max^)? attr-dict";
  let hasVerifier = 1;
}

def TWasm_TableOp : TWasm_Op<"table", [Symbol]> {
  let summary = "a table of function references";
  let description = [{
    A table of the Wasm spec, section 2.5.4; limits in elements.

    ```mlir
    twasm.table @table0 min 2 max 2
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, I64Attr:$min,
      OptionalAttr<I64Attr>:$max, OptionalAttr<StrArrayAttr>:$import);
  let assemblyFormat = "$sym_name `min` $min (`max` $max^)? attr-dict";
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
      OptionalAttr<StrArrayAttr>:$import);
  let assemblyFormat = [{
    $sym_name `index` $global_index (`mutable` $is_mutable^)? `=` $init attr-dict
  }];
}

def TWasm_DataOp : TWasm_Op<"data"> {
  let summary = "an active data segment";
  let description = [{
    A data segment of the Wasm spec, section 2.5.8, copied to `offset` at
    instantiation. `module_offset` is where its bytes stand in the Wasm module.

    ```mlir
    twasm.data @memory0 offset 1024 at 97 "hello"
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$memory, I64Attr:$offset,
                       I64Attr:$module_offset, StrAttr:$bytes);
  let assemblyFormat = [{
    $memory `offset` $offset `at` $module_offset $bytes attr-dict
  }];
}

def TWasm_ElemOp : TWasm_Op<"elem"> {
  let summary = "an active element segment";
  let description = [{
    An element segment of the Wasm spec, section 2.5.7; a null reference is
    `unit`.

    ```mlir
    twasm.elem @table0 offset 1 [@f, @g]
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$table, I64Attr:$offset,
                       ArrayAttr:$funcs);
  let assemblyFormat = "$table `offset` $offset $funcs attr-dict";
}

def TWasm_StartOp : TWasm_Op<"start"> {
  let summary = "the function that runs at instantiation";
  let description = [{
    The start function of the Wasm spec, section 2.5.9.

    ```mlir
    twasm.start @init
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$callee);
  let assemblyFormat = "$callee attr-dict";
}

#endif // TWASM_MODULE_TD
