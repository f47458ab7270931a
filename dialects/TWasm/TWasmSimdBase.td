//===- TWasmSimdBase.td - shapes and families of vector ops -*- tablegen -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A v128 has no lanes of its own: each op says by its shape how it reads its
// operands' bits (Wasm core spec section 2.4.3). Where an op reads one shape and
// makes another, its documentation says which of the two it names.
//
//===----------------------------------------------------------------------===//

#ifndef TWASM_SIMD_BASE_TD
#define TWASM_SIMD_BASE_TD

include "TWasmTypes.td"
include "mlir/IR/EnumAttr.td"

//===-- Shapes ------------------------------------------------------------===//

def TWasm_Shape : I32EnumAttr<"Shape", "how the lanes of a vector are read", [
    I32EnumAttrCase<"I8x16", 0, "i8x16">, I32EnumAttrCase<"I16x8", 1, "i16x8">,
    I32EnumAttrCase<"I32x4", 2, "i32x4">, I32EnumAttrCase<"I64x2", 3, "i64x2">,
    I32EnumAttrCase<"F32x4", 4, "f32x4">,
    I32EnumAttrCase<"F64x2", 5, "f64x2">]> {
  let cppNamespace = "::twc::twasm";
}

/// One of the shapes that an operator has.
class TWasm_ShapeOf<list<string> names> : ConfinedAttr<TWasm_Shape, [
    AttrConstraint<
        CPred<"::llvm::is_contained({" #
              !interleave(!foreach(n, names, "::twc::twasm::Shape::" # n),
                          ", ") #
              "}, ::llvm::cast<::twc::twasm::ShapeAttr>($_self).getValue())">,
        "that is one of " # !tolower(!interleave(names, ", "))>]>;

def TWasm_AnyInt : TWasm_ShapeOf<["I8x16", "I16x8", "I32x4", "I64x2"]>;
def TWasm_Int8To32 : TWasm_ShapeOf<["I8x16", "I16x8", "I32x4"]>;
def TWasm_Int8To16 : TWasm_ShapeOf<["I8x16", "I16x8"]>;
def TWasm_Int16To32 : TWasm_ShapeOf<["I16x8", "I32x4"]>;
def TWasm_Int16To64 : TWasm_ShapeOf<["I16x8", "I32x4", "I64x2"]>;
def TWasm_Int32To64 : TWasm_ShapeOf<["I32x4", "I64x2"]>;
def TWasm_AnyFloatShape : TWasm_ShapeOf<["F32x4", "F64x2"]>;
def TWasm_From32 : TWasm_ShapeOf<["I32x4", "I64x2", "F32x4", "F64x2"]>;

//===-- Instructions ------------------------------------------------------===//

/// `shape.name` for each shape, with the opcodes behind prefix 0xFD. The
/// attribute is the instruction's shape.
class VInstrs<string name, list<string> shapes, list<int> codes,
              list<string> operands, string result = "v128"> {
  list<WasmInstr> value = !foreach(
      i, !range(shapes),
      WasmInstr<shapes[i] # "." # name, codes[i], operands, result, 0xFD, 0, "",
                shapes[i]>);
}
/// One instruction with any name; `shape` is empty if its op has none.
class VInstr<string name, int encoding, list<string> operands,
             string result = "v128", string shape = "", int storage = 0,
             string sign = "">
    : WasmInstr<name, encoding, operands, result, 0xFD, storage, sign, shape>;

//===-- Families ----------------------------------------------------------===//

class TWasm_Vector<string m, string meaning, string example>
    : TWasm_Op<m, [Pure]> {
  let summary = meaning;
  let description = "`" # !substr(m, 1) # "` of the Wasm spec, section 4.4.3: " #
                    meaning # ".\n\n```mlir\n" # example # "\n```\n";
}

/// Ops with a shape: `%r = twasm.viadd i8x16 %a, %b`.
class TWasm_VUnary<string m, Attr shapes, string example, string meaning>
    : TWasm_Vector<m, meaning, "%r = twasm." # m # " " # example # " %a"> {
  let arguments = (ins shapes:$shape, TWasm_V128:$value);
  let results = (outs TWasm_V128:$result);
  let assemblyFormat = "$shape $value attr-dict";
}
class TWasm_VBinary<string m, Attr shapes, string example, string meaning>
    : TWasm_Vector<m, meaning, "%r = twasm." # m # " " # example # " %a, %b"> {
  let arguments = (ins shapes:$shape, TWasm_V128:$lhs, TWasm_V128:$rhs);
  let results = (outs TWasm_V128:$result);
  let assemblyFormat = "$shape $lhs `,` $rhs attr-dict";
}
class TWasm_VTest<string m, Attr shapes, string example, string meaning>
    : TWasm_Vector<m, meaning, "%r = twasm." # m # " " # example # " %a"> {
  let arguments = (ins shapes:$shape, TWasm_V128:$value);
  let results = (outs I32:$result);
  let assemblyFormat = "$shape $value attr-dict";
}
/// Ops that see bits and no lanes.
class TWasm_VBitUnary<string m, string meaning>
    : TWasm_Vector<m, meaning, "%r = twasm." # m # " %a"> {
  let arguments = (ins TWasm_V128:$value);
  let results = (outs TWasm_V128:$result);
  let assemblyFormat = "$value attr-dict";
}
class TWasm_VBitBinary<string m, string meaning>
    : TWasm_Vector<m, meaning, "%r = twasm." # m # " %a, %b"> {
  let arguments = (ins TWasm_V128:$lhs, TWasm_V128:$rhs);
  let results = (outs TWasm_V128:$result);
  let assemblyFormat = "$lhs `,` $rhs attr-dict";
}

#endif // TWASM_SIMD_BASE_TD
