//===- TWasmGuest.td - tw imports of a single thread -*- tablegen -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The imports of module `tw` that a thread needs no other for: its number,
// fast arithmetic, time, output, and its end. docs/DeviceInterface.md defines
// them.
//
//===----------------------------------------------------------------------===//

#ifndef TWASM_GUEST_TD
#define TWASM_GUEST_TD

include "TWasmAttrs.td"
include "TWasmDevice.td"
include "TWasmMemory.td"

//===-- Its number --------------------------------------------------------===//

class TWasm_Number<string mnemonic, Type type, string example, string doc,
                   string up> : TWasm_Op<mnemonic, [Pure]> {
  let summary = doc;
  let description = "The import `tw." # mnemonic # "`: " # doc #
                    ".\n\n```mlir\n" # example # "\n```\n";
  let results = (outs type:$result);
  let assemblyFormat = "attr-dict";
  let upstreamOp = up;
}
def TWasm_GlobalIdOp : TWasm_Number<"global_id", I64, "%r = twasm.global_id",
    "the thread's linear index in the grid", "twasm.thread_id + arith">;
def TWasm_LaneIdOp : TWasm_Number<"lane_id", I32, "%r = twasm.lane_id",
    "the thread's linear index in its block, mod 32",
    "nvvm.read.ptx.sreg.laneid">;
def TWasm_WarpIdOp : TWasm_Number<"warp_id", I32, "%r = twasm.warp_id",
    "the thread's linear index in its block, div 32",
    "twasm.thread_id + arith">;

//===-- Arithmetic --------------------------------------------------------===//

/// Numbers are those of twrun::abi::MathOp.
def TWasm_FastMath : I32EnumAttr<"FastMath", "an approximate function", [
    I32EnumAttrCase<"rcp", 0>, I32EnumAttrCase<"sqrt", 1>,
    I32EnumAttrCase<"rsqrt", 2>, I32EnumAttrCase<"sin", 3>,
    I32EnumAttrCase<"cos", 4>, I32EnumAttrCase<"exp2", 5>,
    I32EnumAttrCase<"log2", 6>, I32EnumAttrCase<"tanh", 7>]> {
  let cppNamespace = "::twc::twasm";
}

def TWasm_RsqrtOp : TWasm_Op<"rsqrt", [Pure, SameOperandsAndResultType]> {
  let summary = "1 / sqrt(x)";
  let description = [{
    The imports `tw.rsqrt_f32`, computed in f64 and rounded once, and
    `tw.rsqrt_f64`, rounded twice.

    ```mlir
    %r = twasm.rsqrt %x : f32
    ```
  }];
  let arguments = (ins TWasm_Float:$value);
  let results = (outs TWasm_Float:$result);
  let assemblyFormat = "$value attr-dict `:` type($value)";
  let upstreamOp = "math.sqrt + arith.divf";
}

def TWasm_FastMathOp
    : TWasm_Op<"fast_math", [Pure, SameOperandsAndResultType]> {
  let summary = "a function as fast as the device can";
  let description = [{
    The imports `tw.fast_rcp_f32` and so on: a GPU's `.approx` instruction,
    elsewhere the function rounded to f32.

    ```mlir
    %r = twasm.fast_math sin %x : f32
    ```
  }];
  let arguments = (ins TWasm_FastMath:$function, F32:$value);
  let results = (outs F32:$result);
  let assemblyFormat = "$function $value attr-dict `:` type($value)";
  let upstreamOp = "llvm.inline_asm";
}

def TWasm_FastDivOp : TWasm_Op<"fast_div", [Pure, SameOperandsAndResultType]> {
  let summary = "a quotient as fast as the device can";
  let description = [{
    The import `tw.fast_div_f32`: `div.approx.f32`, elsewhere lhs / rhs.

    ```mlir
    %r = twasm.fast_div %a, %b : f32
    ```
  }];
  let arguments = (ins F32:$lhs, F32:$rhs);
  let results = (outs F32:$result);
  let assemblyFormat = "$lhs `,` $rhs attr-dict `:` type($lhs)";
  let upstreamOp = "llvm.inline_asm";
}

//===-- Time --------------------------------------------------------------===//

def TWasm_TimeResource : Resource<"::twc::twasm::TimeResource">;

def TWasm_ClockKind : I32EnumAttr<"ClockKind", "what a clock counts", [
    I32EnumAttrCase<"cycles", 0>, I32EnumAttrCase<"nanoseconds", 1>]> {
  let cppNamespace = "::twc::twasm";
}

def TWasm_ClockOp
    : TWasm_Op<"clock", [MemoryEffects<[MemRead<TWasm_TimeResource>,
                                        MemWrite<TWasm_TimeResource>]>]> {
  let summary = "what a clock shows";
  let description = [{
    The imports `tw.clock`, of the processor's cycles, and `tw.timer`, of
    nanoseconds from some start that all threads share. Two are never one.

    ```mlir
    %t = twasm.clock nanoseconds
    ```
  }];
  let arguments = (ins TWasm_ClockKind:$kind);
  let results = (outs I64:$result);
  let assemblyFormat = "$kind attr-dict";
  let upstreamOp = "llvm.nvvm.read.ptx.sreg.globaltimer";
}

//===-- Output and end ----------------------------------------------------===//

def TWasm_OutputResource : Resource<"::twc::twasm::OutputResource">;

def TWasm_PrintfOp : TWasm_MemoryUser<"printf",
    [MemoryEffects<[MemRead<TWasm_MemoryResource>,
                    MemWrite<TWasm_OutputResource>,
                    MemWrite<TWasm_TrapResource>]>]> {
  let summary = "records a line of output";
  let description = [{
    The import `tw.printf`: records the address of the format and what
    `arguments` points to, as far as it is in memory, at most 128 bytes. 1, or
    0 if there was no room.

    ```mlir
    %done = twasm.printf %format, %arguments
    ```
  }];
  let arguments = (ins I32:$format, I32:$args,
                       OptionalAttr<FlatSymbolRefAttr>:$memory);
  let results = (outs I32:$result);
  let assemblyFormat = "$format `,` $args (`in` $memory^)? attr-dict";
  let upstreamOp = "llvm.call @__tw_print";
}

def TWasm_AbortOp : TWasm_MemoryUser<"abort", [TWasm_MayTrap]> {
  let summary = "ends the thread with a message";
  let description = [{
    The import `tw.abort`: traps with "aborted"; the message is read when the
    launch has ended.

    ```mlir
    twasm.abort %message
    ```
  }];
  let arguments = (ins I32:$message,
                       OptionalAttr<FlatSymbolRefAttr>:$memory);
  let assemblyFormat = "$message (`in` $memory^)? attr-dict";
  let upstreamOp = "llvm.call @__tw_abort";
}

//===-- As the lowering knows them ----------------------------------------===//

def TWasm_RtPrintfOp : TWasm_Op<"rt.printf",
    [MemoryEffects<[MemRead<TWasm_MemoryResource>,
                    MemWrite<TWasm_OutputResource>]>]> {
  let summary = "records `bytes` bytes at `args` as the arguments of a format";
  let description = [{
    `record` is the thread's, which knows where the output goes; `memoryIndex` is
    the position of the memory in the manifest.

    ```mlir
    %done = twasm.rt.printf %format, %args, %bytes, %record, %rt {memoryIndex
      = 0 : i32} : !llvm.ptr, !llvm.ptr, !llvm.ptr
    ```
  }];
  let arguments = (ins I32:$format, TWasm_Ptr:$args, I64:$bytes,
                       TWasm_Ptr:$record, TWasm_Ptr:$rt,
                       I32Attr:$memoryIndex);
  let results = (outs I32:$result);
  let assemblyFormat = [{
    $format `,` $args `,` $bytes `,` $record `,` $rt attr-dict `:` type($args)
    `,` type($record) `,` type($rt)
  }];
  let upstreamOp = "llvm.call @__tw_print";
}

def TWasm_RtAbortOp : TWasm_Op<"rt.abort", [TWasm_MayTrap]> {
  let summary = "traps with a message";
  let description = [{
    ```mlir
    twasm.rt.abort %message, %rt {at = 176 : i32, function = 3 : i32,
      memoryIndex = 0 : i32} : !llvm.ptr
    ```
  }];
  let arguments = (ins I32:$message, TWasm_Ptr:$rt, I32Attr:$memoryIndex,
                       I32Attr:$function, I32Attr:$at);
  let assemblyFormat = "$message `,` $rt attr-dict `:` type($rt)";
  let upstreamOp = "llvm.call @__tw_abort";
}

#endif // TWASM_GUEST_TD
