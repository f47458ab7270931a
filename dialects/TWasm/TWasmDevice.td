//===- TWasmDevice.td - tw imports and runtime ops -*- tablegen -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a guest reaches through imports of module `tw`, and the few ops that
// differ between a GPU and the host (`twasm.rt.*`), which appear when the
// other ops have been lowered to upstream dialects.
//
//===----------------------------------------------------------------------===//

#ifndef TWASM_DEVICE_TD
#define TWASM_DEVICE_TD

include "TWasmAttrs.td"
include "TWasmNumeric.td"

class TWasm_Geometry<string mnemonic, string doc, string up>
    : TWasm_Op<mnemonic, [Pure]> {
  let summary = doc;
  let description = "The imports `tw." # mnemonic # "_x`, `_y` and `_z`: " #
                    doc # ".\n\n```mlir\n%r = twasm." # mnemonic #
                    " x : i32\n```\n";
  let arguments = (ins TWasm_Dim:$dim);
  let results = (outs I32:$result);
  let assemblyFormat = "$dim attr-dict `:` type($result)";
  let upstreamOp = up;
}
def TWasm_ThreadIdOp : TWasm_Geometry<"thread_id",
    "the thread's index in its block", "nvvm.read.ptx.sreg.tid">;
def TWasm_BlockIdOp : TWasm_Geometry<"block_id",
    "the block's index in the grid", "nvvm.read.ptx.sreg.ctaid">;
def TWasm_BlockDimOp : TWasm_Geometry<"block_dim",
    "the threads of a block", "nvvm.read.ptx.sreg.ntid">;
def TWasm_GridDimOp : TWasm_Geometry<"grid_dim",
    "the blocks of the grid", "nvvm.read.ptx.sreg.nctaid">;

//===-- Runtime ops -------------------------------------------------------===//

def TWasm_Ptr : Type<CPred<"::llvm::isa<::mlir::LLVM::LLVMPointerType>($_self)">,
                     "LLVM pointer">;

def TWasm_RtCheckBoundsOp : TWasm_Op<"rt.check_bounds", [TWasm_MayTrap]> {
  let summary = "traps unless an access lies inside linear memory";
  let description = [{
    Leaves the thread with "out of bounds memory access" unless index + offset
    + bytes <= size, computed without wrapping; index and offset are unsigned. Stays one opaque operation
    until LLVM's loop passes are done (design: checks as branches make trip
    counts incomputable).

    ```mlir
    twasm.rt.check_bounds %index, %size, %rt {at = 176 : i32, bytes = 4 : i32,
      function = 3 : i32, offset = 0 : i64} : !llvm.ptr
    ```
  }];
  let arguments = (ins TWasm_Int:$index, I64:$size, TWasm_Ptr:$rt, I64Attr:$offset,
                       I32Attr:$bytes, I32Attr:$function, I32Attr:$at);
  let assemblyFormat = [{
    custom<Index>($index, type($index)) `,` $size `,` $rt attr-dict `:` type($rt)
  }];
  let upstreamOp = "llvm.call @__tw_check_bounds";
}

def TWasm_RtTrapIfOp : TWasm_Op<"rt.trap_if", [TWasm_MayTrap]> {
  let summary = "traps with a code if the condition holds";
  let description = [{
    ```mlir
    twasm.rt.trap_if %zero, %rt, integer_divide_by_zero
      {at = 176 : i32, function = 3 : i32} : !llvm.ptr
    ```
  }];
  let arguments = (ins I1:$condition, TWasm_Ptr:$rt, TWasm_TrapCode:$code,
                       I32Attr:$function, I32Attr:$at);
  let assemblyFormat = "$condition `,` $rt `,` $code attr-dict `:` type($rt)";
  let upstreamOp = "llvm.call @__tw_trap_if";
}

def TWasm_RtTrapOp : TWasm_Op<"rt.trap", [Terminator, TWasm_MayTrap]> {
  let summary = "traps with a code";
  let description = [{
    ```mlir
    twasm.rt.trap %rt, unreachable {at = 176 : i32,
      function = 3 : i32} : !llvm.ptr
    ```
  }];
  let arguments = (ins TWasm_Ptr:$rt, TWasm_TrapCode:$code,
                       I32Attr:$function, I32Attr:$at);
  let assemblyFormat = "$rt `,` $code attr-dict `:` type($rt)";
  let upstreamOp = "llvm.call @__tw_trap";
}

def TWasm_RtCheckStackOp : TWasm_Op<"rt.check_stack", [TWasm_MayTrap]> {
  let summary = "traps when the thread's stack is used up";
  let description = [{
    At the entry of every function that can call itself: compares the stack
    pointer with the thread's limit ("call stack exhausted").

    ```mlir
    twasm.rt.check_stack %limit, %rt {at = 120 : i32,
      function = 3 : i32} : !llvm.ptr
    ```
  }];
  let arguments = (ins I64:$limit, TWasm_Ptr:$rt, I32Attr:$function,
                       I32Attr:$at);
  let assemblyFormat = "$limit `,` $rt attr-dict `:` type($rt)";
  let upstreamOp = "llvm.intr.stacksave + llvm.call @__tw_trap_if";
}

//===-- Bulk runtime ops --------------------------------------------------===//

/// Ranges that were checked before; a thread's bulk operation is not atomic
/// (threads proposal, memory model: each byte is an access of its own).
class TWasm_RtBulk<string mnemonic, string doc, dag args, string format,
                   string up>
    : TWasm_Op<mnemonic, [MemoryEffects<[MemRead<TWasm_MemoryResource>,
                                         MemWrite<TWasm_MemoryResource>]>]> {
  let summary = doc;
  let arguments = args;
  let assemblyFormat = format;
  let upstreamOp = up;
}

def TWasm_RtCopyOp : TWasm_RtBulk<"rt.copy",
    "copies bytes, as if by way of a buffer",
    (ins TWasm_Ptr:$dst, TWasm_Ptr:$src, I64:$bytes),
    "$dst `,` $src `,` $bytes attr-dict `:` type($dst) `,` type($src)",
    "llvm.call @__tw_copy"> {
  let description = [{
    The ranges may overlap, and need no alignment.

    ```mlir
    twasm.rt.copy %dst, %src, %bytes : !llvm.ptr<1>, !llvm.ptr<1>
    ```
  }];
}

def TWasm_RtFillOp : TWasm_RtBulk<"rt.fill",
    "sets bytes to the low 8 bits of a value",
    (ins TWasm_Ptr:$dst, I32:$value, I64:$bytes),
    "$dst `,` $value `,` $bytes attr-dict `:` type($dst)",
    "llvm.call @__tw_fill"> {
  let description = [{
    ```mlir
    twasm.rt.fill %dst, %value, %bytes : !llvm.ptr<1>
    ```
  }];
}

def TWasm_RtFill64Op : TWasm_RtBulk<"rt.fill64",
    "sets `count` aligned 64-bit words to a value",
    (ins TWasm_Ptr:$dst, I64:$value, I64:$count),
    "$dst `,` $value `,` $count attr-dict `:` type($dst)",
    "llvm.call @__tw_fill64"> {
  let description = [{
    Table elements: `dst` is a multiple of 8.

    ```mlir
    twasm.rt.fill64 %dst, %reference, %count : !llvm.ptr<1>
    ```
  }];
}

#endif // TWASM_DEVICE_TD
