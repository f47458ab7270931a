//===- TWasmSimdLanes.td - bits and lanes of vectors -*- tablegen -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Bitwise ops, tests, and ops that move lanes or change their width. None looks
// into a float: every bit of a NaN is kept.
//
//===----------------------------------------------------------------------===//

#ifndef TWASM_SIMD_LANES_TD
#define TWASM_SIMD_LANES_TD

include "TWasmSimdBase.td"
include "mlir/IR/CommonAttrConstraints.td"

//===-- Bits --------------------------------------------------------------===//

def TWasm_VNotOp : TWasm_VBitUnary<"vnot", "each bit flipped"> {
  let wasmInstrs = [VInstr<"v128.not", 0x4D, ["v128"]>];
  let upstreamOp = "arith.xori";
}
def TWasm_VAndOp : TWasm_VBitBinary<"vand", "the bitwise conjunction"> {
  let wasmInstrs = [VInstr<"v128.and", 0x4E, ["v128", "v128"]>];
  let upstreamOp = "arith.andi";
}
def TWasm_VAndNotOp : TWasm_VBitBinary<"vandnot",
    "the bits of a that b does not have"> {
  let wasmInstrs = [VInstr<"v128.andnot", 0x4F, ["v128", "v128"]>];
  let upstreamOp = "arith.xori + arith.andi";
}
def TWasm_VOrOp : TWasm_VBitBinary<"vor", "the bitwise disjunction"> {
  let wasmInstrs = [VInstr<"v128.or", 0x50, ["v128", "v128"]>];
  let upstreamOp = "arith.ori";
}
def TWasm_VXorOp : TWasm_VBitBinary<"vxor",
    "the bitwise exclusive disjunction"> {
  let wasmInstrs = [VInstr<"v128.xor", 0x51, ["v128", "v128"]>];
  let upstreamOp = "arith.xori";
}
def TWasm_VSelectOp : TWasm_Vector<"vselect",
    "the bits of a where the mask has a one, those of b elsewhere",
    "%r = twasm.vselect %a, %b, %mask"> {
  let arguments = (ins TWasm_V128:$lhs, TWasm_V128:$rhs, TWasm_V128:$mask);
  let results = (outs TWasm_V128:$result);
  let assemblyFormat = "$lhs `,` $rhs `,` $mask attr-dict";
  let wasmInstrs = [
    VInstr<"v128.bitselect", 0x52, ["v128", "v128", "v128"]>,
    VInstr<"i8x16.relaxed_laneselect", 0x109, ["v128", "v128", "v128"]>,
    VInstr<"i16x8.relaxed_laneselect", 0x10A, ["v128", "v128", "v128"]>,
    VInstr<"i32x4.relaxed_laneselect", 0x10B, ["v128", "v128", "v128"]>,
    VInstr<"i64x2.relaxed_laneselect", 0x10C, ["v128", "v128", "v128"]>];
  let upstreamOp = "arith.andi + arith.ori";
  let mappingRow = 26;
}

//===-- Tests -------------------------------------------------------------===//

def TWasm_VAnyTrueOp : TWasm_Vector<"vany_true", "1 if any bit is one, else 0",
                                    "%r = twasm.vany_true %a"> {
  let arguments = (ins TWasm_V128:$value);
  let results = (outs I32:$result);
  let assemblyFormat = "$value attr-dict";
  let wasmInstrs = [VInstr<"v128.any_true", 0x53, ["v128"], "i32">];
  let upstreamOp = "llvm.intr.vector.reduce";
  let mappingRow = 27;
}
def TWasm_VAllTrueOp : TWasm_VTest<"vall_true", TWasm_AnyInt, "i16x8",
    "1 if no lane is zero, else 0"> {
  let wasmInstrs = VInstrs<"all_true", ["i8x16", "i16x8", "i32x4", "i64x2"],
                           [0x63, 0x83, 0xA3, 0xC3], ["v128"], "i32">.value;
  let upstreamOp = "llvm.intr.vector.reduce";
  let mappingRow = 27;
}
def TWasm_VBitmaskOp : TWasm_VTest<"vbitmask", TWasm_AnyInt, "i16x8",
    "the lanes' sign bits, the first lane's lowest"> {
  let wasmInstrs = VInstrs<"bitmask", ["i8x16", "i16x8", "i32x4", "i64x2"],
                           [0x64, 0x84, 0xA4, 0xC4], ["v128"], "i32">.value;
  let upstreamOp = "arith.cmpi + llvm.bitcast";
}

//===-- Lanes -------------------------------------------------------------===//

def TWasm_VShuffleOp : TWasm_Vector<"vshuffle",
    "the 16 bytes of a and b that `lanes` names",
    "%r = twasm.vshuffle %a, %b [0, 1, 2, 3, 4, 5, 6, 7, "
    "16, 17, 18, 19, 20, 21, 22, 23]"> {
  let arguments = (ins TWasm_V128:$lhs, TWasm_V128:$rhs,
                       DenseI64ArrayAttr:$lanes);
  let results = (outs TWasm_V128:$result);
  let assemblyFormat = "$lhs `,` $rhs $lanes attr-dict";
  let hasVerifier = 1;
  let wasmInstrs = [VInstr<"i8x16.shuffle", 0x0D, ["v128", "v128"]>];
  let upstreamOp = "llvm.shufflevector";
}
def TWasm_VSwizzleOp : TWasm_VBitBinary<"vswizzle",
    "the bytes of a that b's bytes name; 0 for an index above 15"> {
  let wasmInstrs = [VInstr<"i8x16.swizzle", 0x0E, ["v128", "v128"]>,
                    VInstr<"i8x16.relaxed_swizzle", 0x100, ["v128", "v128"]>];
  let upstreamOp = "llvm.extractelement + arith.select";
}
def TWasm_VSplatOp : TWasm_Vector<"vsplat",
    "the number, or its low bits, in every lane",
    "%r = twasm.vsplat i16x8 %x : i32"> {
  let arguments = (ins TWasm_Shape:$shape, TWasm_Num:$value);
  let results = (outs TWasm_V128:$result);
  let assemblyFormat = "$shape $value attr-dict `:` type($value)";
  let hasVerifier = 1;
  let wasmInstrs = [VInstr<"i8x16.splat", 0x0F, ["i32"], "v128", "i8x16">,
                    VInstr<"i16x8.splat", 0x10, ["i32"], "v128", "i16x8">,
                    VInstr<"i32x4.splat", 0x11, ["i32"], "v128", "i32x4">,
                    VInstr<"i64x2.splat", 0x12, ["i64"], "v128", "i64x2">,
                    VInstr<"f32x4.splat", 0x13, ["f32"], "v128", "f32x4">,
                    VInstr<"f64x2.splat", 0x14, ["f64"], "v128", "f64x2">];
  let upstreamOp = "llvm.shufflevector";
  let mappingRow = 25;
}

class TWasm_VExtract<string m, Attr shapes, string example, string meaning>
    : TWasm_Vector<m, meaning, "%r = twasm." # m # " " # example> {
  let arguments = (ins shapes:$shape, TWasm_V128:$value, I32Attr:$lane);
  let results = (outs TWasm_Num:$result);
  let assemblyFormat = "$shape $value `[` $lane `]` attr-dict `:` type($result)";
  let hasVerifier = 1;
  let upstreamOp = "llvm.extractelement";
}
def TWasm_VExtractLaneOp : TWasm_VExtract<"vextract_lane", TWasm_From32,
    "f32x4 %a[3] : f32", "one lane"> {
  let wasmInstrs = [
    VInstr<"i32x4.extract_lane", 0x1B, ["v128"], "i32", "i32x4">,
    VInstr<"i64x2.extract_lane", 0x1D, ["v128"], "i64", "i64x2">,
    VInstr<"f32x4.extract_lane", 0x1F, ["v128"], "f32", "f32x4">,
    VInstr<"f64x2.extract_lane", 0x21, ["v128"], "f64", "f64x2">];
}
def TWasm_VExtractLaneSOp : TWasm_VExtract<"vextract_lane_s", TWasm_Int8To16,
    "i8x16 %a[15] : i32", "one lane, sign-extended"> {
  let wasmInstrs = VInstrs<"extract_lane_s", ["i8x16", "i16x8"], [0x15, 0x18],
                           ["v128"], "i32">.value;
}
def TWasm_VExtractLaneUOp : TWasm_VExtract<"vextract_lane_u", TWasm_Int8To16,
    "i8x16 %a[15] : i32", "one lane, zero-extended"> {
  let wasmInstrs = VInstrs<"extract_lane_u", ["i8x16", "i16x8"], [0x16, 0x19],
                           ["v128"], "i32">.value;
}
def TWasm_VReplaceLaneOp : TWasm_Vector<"vreplace_lane",
    "the vector with the number, or its low bits, in one lane",
    "%r = twasm.vreplace_lane i8x16 %a, %x[15] : i32"> {
  let arguments = (ins TWasm_Shape:$shape, TWasm_V128:$vector,
                       TWasm_Num:$value, I32Attr:$lane);
  let results = (outs TWasm_V128:$result);
  let assemblyFormat =
      "$shape $vector `,` $value `[` $lane `]` attr-dict `:` type($value)";
  let hasVerifier = 1;
  let wasmInstrs = [
    VInstr<"i8x16.replace_lane", 0x17, ["v128", "i32"], "v128", "i8x16">,
    VInstr<"i16x8.replace_lane", 0x1A, ["v128", "i32"], "v128", "i16x8">,
    VInstr<"i32x4.replace_lane", 0x1C, ["v128", "i32"], "v128", "i32x4">,
    VInstr<"i64x2.replace_lane", 0x1E, ["v128", "i64"], "v128", "i64x2">,
    VInstr<"f32x4.replace_lane", 0x20, ["v128", "f32"], "v128", "f32x4">,
    VInstr<"f64x2.replace_lane", 0x22, ["v128", "f64"], "v128", "f64x2">];
  let upstreamOp = "llvm.insertelement";
}

//===-- Other widths ------------------------------------------------------===//

// The shape is the result's.
class TWasm_VNarrow<string m, string s, list<int> codes, string meaning>
    : TWasm_VBinary<m, TWasm_Int8To16, "i8x16", meaning> {
  let wasmInstrs = [
    VInstr<"i8x16.narrow_i16x8_" # s, codes[0], ["v128", "v128"], "v128",
           "i8x16">,
    VInstr<"i16x8.narrow_i32x4_" # s, codes[1], ["v128", "v128"], "v128",
           "i16x8">];
  let upstreamOp = "arith.maxsi + arith.minsi + arith.trunci";
  let mappingRow = 21;
}
def TWasm_VNarrowSOp : TWasm_VNarrow<"vnarrow_s", "s", [0x65, 0x85],
    "signed lanes of a, then b, saturated to signed ones of half the width">;
def TWasm_VNarrowUOp : TWasm_VNarrow<"vnarrow_u", "u", [0x66, 0x86],
    "signed lanes of a, then b, saturated to unsigned ones of half the width">;

class TWasm_VExtend<string m, string half, string sign, list<int> codes>
    : TWasm_VUnary<m, TWasm_Int16To64, "i16x8",
                   "the lanes of the " # half # " half, " #
                       !if(!eq(sign, "s"), "sign", "zero") # "-extended"> {
  let wasmInstrs = [
    VInstr<"i16x8.extend_" # half # "_i8x16_" # sign, codes[0], ["v128"],
           "v128", "i16x8">,
    VInstr<"i32x4.extend_" # half # "_i16x8_" # sign, codes[1], ["v128"],
           "v128", "i32x4">,
    VInstr<"i64x2.extend_" # half # "_i32x4_" # sign, codes[2], ["v128"],
           "v128", "i64x2">];
  let upstreamOp = !if(!eq(sign, "s"), "arith.extsi", "arith.extui");
  let mappingRow = 22;
}
def TWasm_VExtendLowSOp
    : TWasm_VExtend<"vextend_low_s", "low", "s", [0x87, 0xA7, 0xC7]>;
def TWasm_VExtendHighSOp
    : TWasm_VExtend<"vextend_high_s", "high", "s", [0x88, 0xA8, 0xC8]>;
def TWasm_VExtendLowUOp
    : TWasm_VExtend<"vextend_low_u", "low", "u", [0x89, 0xA9, 0xC9]>;
def TWasm_VExtendHighUOp
    : TWasm_VExtend<"vextend_high_u", "high", "u", [0x8A, 0xAA, 0xCA]>;

#endif // TWASM_SIMD_LANES_TD
