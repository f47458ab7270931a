//===- TWasmControl.td - control ops -*- tablegen -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Wasm core spec section 4.4.8. Structured control becomes blocks with
// arguments: `block`, `loop`, `if`, `else` and `end` are places, not ops.
//
//===----------------------------------------------------------------------===//

#ifndef TWASM_CONTROL_TD
#define TWASM_CONTROL_TD

include "TWasmNumeric.td"

def TWasm_BrOp : TWasm_Op<"br", [Pure, Terminator,
    DeclareOpInterfaceMethods<BranchOpInterface, ["getSuccessorForOperands"]>]> {
  let summary = "jumps to a block";
  let description = [{
    `br l` of the Wasm spec, section 4.4.8, and every fall-through.

    ```mlir
    twasm.br ^bb1(%a : i32)
    ```
  }];
  let arguments = (ins Variadic<AnyType>:$destOperands);
  let successors = (successor AnySuccessor:$dest);
  let assemblyFormat = [{
    $dest (`(` $destOperands^ `:` type($destOperands) `)`)? attr-dict
  }];
  let wasmInstrs = [WasmInstr<"br", 0x0C, [], "">];
  let upstreamOp = "cf.br";
  let mappingRow = 16;
}

def TWasm_BrIfOp : TWasm_Op<"br_if", [Pure, Terminator, AttrSizedOperandSegments,
    DeclareOpInterfaceMethods<BranchOpInterface, ["getSuccessorForOperands"]>]> {
  let summary = "jumps to the first block if the condition is not zero";
  let description = [{
    `br_if l` and `if` of the Wasm spec, section 4.4.8.

    ```mlir
    twasm.br_if %c, ^bb1(%a : i32), ^bb2
    ```
  }];
  let arguments = (ins I32:$condition, Variadic<AnyType>:$trueOperands,
                       Variadic<AnyType>:$falseOperands);
  let successors = (successor AnySuccessor:$trueDest, AnySuccessor:$falseDest);
  let assemblyFormat = [{
    $condition `,`
    $trueDest (`(` $trueOperands^ `:` type($trueOperands) `)`)? `,`
    $falseDest (`(` $falseOperands^ `:` type($falseOperands) `)`)? attr-dict
  }];
  let wasmInstrs = [WasmInstr<"br_if", 0x0D, ["i32"], "">,
                    WasmInstr<"if", 0x04, ["i32"], "">];
  let upstreamOp = "cf.cond_br";
  let mappingRow = 17;
}

def TWasm_BrTableOp : TWasm_Op<"br_table", [Pure, Terminator,
    AttrSizedOperandSegments,
    DeclareOpInterfaceMethods<BranchOpInterface, ["getSuccessorForOperands"]>]> {
  let summary = "jumps to the block that the index selects, else the default";
  let description = [{
    `br_table l* l` of the Wasm spec, section 4.4.8: the index is unsigned; one
    that is out of range takes the default.

    ```mlir
    twasm.br_table %i, ^bb3 [^bb1(%a : i32), ^bb2]
    ```
  }];
  let arguments = (ins I32:$index, Variadic<AnyType>:$defaultOperands,
      VariadicOfVariadic<AnyType, "case_operand_segments">:$caseOperands,
      DenseI32ArrayAttr:$case_operand_segments);
  let successors = (successor AnySuccessor:$defaultDest,
                              VariadicSuccessor<AnySuccessor>:$caseDests);
  let assemblyFormat = [{
    $index `,`
    $defaultDest (`(` $defaultOperands^ `:` type($defaultOperands) `)`)?
    `[` custom<BrTableCases>($caseDests, $caseOperands, type($caseOperands)) `]`
    attr-dict
  }];
  let wasmInstrs = [WasmInstr<"br_table", 0x0E, ["i32"], "">];
  let upstreamOp = "cf.switch";
  let mappingRow = 15;
}

def TWasm_ReturnOp : TWasm_Op<"return", [Pure, Terminator, ReturnLike,
                                         HasParent<"FuncOp">]> {
  let summary = "leaves the function with its results";
  let description = [{
    `return` of the Wasm spec, section 4.4.8, and a function's end.

    ```mlir
    twasm.return %r : i32
    ```
  }];
  let arguments = (ins Variadic<TWasm_Value>:$values);
  let assemblyFormat = "($values^ `:` type($values))? attr-dict";
  let hasVerifier = 1;
  let wasmInstrs = [WasmInstr<"return", 0x0F, [], "">];
  let upstreamOp = "func.return";
  let mappingRow = 16;
}

def TWasm_UnreachableOp : TWasm_Op<"unreachable", [Terminator, TWasm_MayTrap]> {
  let summary = "traps";
  let description = [{
    `unreachable` of the Wasm spec, section 4.4.8: an unconditional trap, never
    undefined behaviour.

    ```mlir
    twasm.unreachable
    ```
  }];
  let assemblyFormat = "attr-dict";
  let wasmInstrs = [WasmInstr<"unreachable", 0x00, [], "">];
  let upstreamOp = "llvm.call of the trap function";
}

def TWasm_CallOp : TWasm_Op<"call",
    [DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "calls a function";
  let description = [{
    `call x` of the Wasm spec, section 4.4.8.

    ```mlir
    %r = twasm.call @square(%a) : (f32) -> f32
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$callee, Variadic<TWasm_Value>:$args);
  let results = (outs Variadic<TWasm_Value>:$results);
  let assemblyFormat = [{
    $callee `(` $args `)` attr-dict `:` functional-type($args, $results)
  }];
  let wasmInstrs = [WasmInstr<"call", 0x10, [], "">];
  let upstreamOp = "func.call";
  let mappingRow = 18;
}

def TWasm_CallIndirectOp : TWasm_Op<"call_indirect",
    [DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "calls the function that a table element refers to";
  let description = [{
    `call_indirect x y` of the Wasm spec, section 4.4.8: traps when the index
    is out of range, the element is null, or its type is another.

    ```mlir
    %r = twasm.call_indirect @table0[%i](%a) : (f32) -> f32
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$table, I32:$index,
                       Variadic<TWasm_Value>:$args);
  let results = (outs Variadic<TWasm_Value>:$results);
  let assemblyFormat = [{
    $table `[` $index `]` `(` $args `)` attr-dict `:`
    functional-type($args, $results)
  }];
  let wasmInstrs = [WasmInstr<"call_indirect", 0x11, [], "">];
  let upstreamOp = "cf.switch + func.call";
  let mappingRow = 19;
}

//===-- Tail calls --------------------------------------------------------===//

def TWasm_ReturnCallOp : TWasm_Op<"return_call", [Terminator,
    DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "leaves the function by calling another in its place";
  let description = [{
    `return_call x` of the tail-call proposal: takes no stack, however often.

    ```mlir
    twasm.return_call @even(%n) : (i32) -> i32
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$callee, Variadic<TWasm_Value>:$args,
                       TypeArrayAttr:$tail_results);
  let assemblyFormat = [{
    $callee `(` $args `)` attr-dict `:`
    custom<TailSignature>(type($args), $tail_results)
  }];
  let wasmInstrs = [WasmInstr<"return_call", 0x12, [], "">];
  let upstreamOp = "func.call, or cf.br in a cycle of tail calls";
  let mappingRow = 18;
}

def TWasm_ReturnCallIndirectOp : TWasm_Op<"return_call_indirect", [Terminator,
    DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "leaves the function by calling a table's element in its place";
  let description = [{
    `return_call_indirect x y` of the tail-call proposal.

    ```mlir
    twasm.return_call_indirect @table0[%i](%n) : (i32) -> i32
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$table, I32:$index,
                       Variadic<TWasm_Value>:$args,
                       TypeArrayAttr:$tail_results);
  let assemblyFormat = [{
    $table `[` $index `]` `(` $args `)` attr-dict `:`
    custom<TailSignature>(type($args), $tail_results)
  }];
  let wasmInstrs = [WasmInstr<"return_call_indirect", 0x13, ["i32"], "">];
  let upstreamOp = "cf.switch + func.call, or cf.br in a cycle of tail calls";
  let mappingRow = 19;
}

#endif // TWASM_CONTROL_TD
