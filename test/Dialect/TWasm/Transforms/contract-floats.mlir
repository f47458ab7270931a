// Sums that take in a product, and those that do not.
//
// RUN: twc-opt %s --twasm-contract-floats | FileCheck %s

// CHECK-LABEL: twasm.func @forms(
// CHECK-SAME: %[[X:.*]]: f32, %[[Y:.*]]: f32, %[[Z:.*]]: f32)
// CHECK-NOT: fmul
// CHECK: %[[A:.*]] = fma %[[X]], %[[Y]], %[[Z]] : f32
// CHECK-NEXT: %[[B:.*]] = fma %[[X]], %[[Y]], %[[Z]] : f32
// CHECK-NEXT: %[[NZ:.*]] = fneg %[[Z]] : f32
// CHECK-NEXT: %[[C:.*]] = fma %[[X]], %[[Y]], %[[NZ]] : f32
// CHECK-NEXT: %[[NX:.*]] = fneg %[[X]] : f32
// CHECK-NEXT: %[[D:.*]] = fma %[[NX]], %[[Y]], %[[Z]] : f32
// CHECK-NEXT: return %[[A]], %[[B]], %[[C]], %[[D]]
twasm.func @forms(%x: f32, %y: f32, %z: f32) -> (f32, f32, f32, f32) attributes {func_index = 0 : i32} {
  %0 = twasm.fmul %x, %y : f32
  %1 = twasm.fmul %x, %y : f32
  %2 = twasm.fmul %x, %y : f32
  %3 = twasm.fmul %x, %y : f32
  %a = twasm.fadd %0, %z : f32
  %b = twasm.fadd %z, %1 : f32
  %c = twasm.fsub %2, %z : f32
  %d = twasm.fsub %z, %3 : f32
  twasm.return %a, %b, %c, %d : f32, f32, f32, f32
}

// CHECK-LABEL: twasm.func @vectors(
// CHECK-SAME: %[[X:.*]]: vector<4xi32>, %[[Y:.*]]: vector<4xi32>, %[[Z:.*]]: vector<4xi32>)
// CHECK-NOT: vfmul
// CHECK: vfmadd f64x2 %[[X]], %[[Y]], %[[Z]]
// CHECK-NEXT: %[[N:.*]] = vfneg f32x4 %[[Z]]
// CHECK-NEXT: vfmadd f32x4 %[[X]], %[[Y]], %[[N]]
// CHECK-NEXT: vfnmadd f32x4 %[[X]], %[[Y]], %[[Z]]
// CHECK-NEXT: return
twasm.func @vectors(%x: vector<4xi32>, %y: vector<4xi32>, %z: vector<4xi32>)
    -> (vector<4xi32>, vector<4xi32>, vector<4xi32>) attributes {func_index = 1 : i32} {
  %0 = twasm.vfmul f64x2 %x, %y
  %a = twasm.vfadd f64x2 %0, %z
  %1 = twasm.vfmul f32x4 %x, %y
  %b = twasm.vfsub f32x4 %1, %z
  %2 = twasm.vfmul f32x4 %x, %y
  %c = twasm.vfsub f32x4 %z, %2
  twasm.return %a, %b, %c : vector<4xi32>, vector<4xi32>, vector<4xi32>
}

// Lanes of another shape are other numbers.
// CHECK-LABEL: twasm.func @mixed(
// CHECK: vfmul f32x4
// CHECK-NEXT: vfadd f64x2
twasm.func @mixed(%x: vector<4xi32>, %y: vector<4xi32>) -> vector<4xi32> attributes {func_index = 2 : i32} {
  %0 = twasm.vfmul f32x4 %x, %y
  %1 = twasm.vfadd f64x2 %0, %x
  twasm.return %1 : vector<4xi32>
}

// All uses are sums: the product goes into each, and is gone.
// CHECK-LABEL: twasm.func @all(
// CHECK-NOT: fmul
// CHECK-COUNT-2: fma
// CHECK: return
twasm.func @all(%x: f64, %y: f64) -> (f64, f64) attributes {func_index = 3 : i32} {
  %0 = twasm.fmul %x, %y : f64
  %1 = twasm.fadd %0, %x : f64
  %2 = twasm.fsub %y, %0 : f64
  twasm.return %1, %2 : f64, f64
}

// One use is no sum, or both operands of one.
// CHECK-LABEL: twasm.func @kept(
// CHECK-NOT: fma
// CHECK: return
twasm.func @kept(%x: f64, %y: f64) -> (f64, f64, f64) attributes {func_index = 4 : i32} {
  %0 = twasm.fmul %x, %y : f64
  %1 = twasm.fadd %0, %x : f64
  %2 = twasm.fmul %y, %y : f64
  %3 = twasm.fadd %2, %2 : f64
  twasm.return %0, %1, %3 : f64, f64, f64
}

// Of two products the left one goes in; the right one, which stays, goes into
// no other sum.
// CHECK-LABEL: twasm.func @two(
// CHECK-SAME: %[[X:.*]]: f64, %[[Y:.*]]: f64)
// CHECK-NEXT: %[[R:.*]] = fmul %[[Y]], %[[Y]] : f64
// CHECK-NEXT: %[[A:.*]] = fma %[[X]], %[[Y]], %[[R]] : f64
// CHECK-NEXT: %[[B:.*]] = fadd %[[R]], %[[X]] : f64
// CHECK-NEXT: return %[[A]], %[[B]]
twasm.func @two(%x: f64, %y: f64) -> (f64, f64) attributes {func_index = 5 : i32} {
  %0 = twasm.fmul %x, %y : f64
  %1 = twasm.fmul %y, %y : f64
  %2 = twasm.fadd %0, %1 : f64
  %3 = twasm.fadd %1, %x : f64
  twasm.return %2, %3 : f64, f64
}

// A sum in a loop does not draw the multiplication into it.
// CHECK-LABEL: twasm.func @loop(
// CHECK: fmul
// CHECK: fadd
// CHECK-NOT: fma
// CHECK: return
twasm.func @loop(%x: f32, %n: i32) -> f32 attributes {func_index = 6 : i32} {
  %0 = twasm.fmul %x, %x : f32
  %zero = twasm.const 0.0 : f32
  twasm.br ^head(%zero, %n : f32, i32)
^head(%sum: f32, %left: i32):
  %1 = twasm.fadd %sum, %0 : f32
  %one = twasm.const 1 : i32
  %2 = twasm.isub %left, %one : i32
  twasm.br_if %2, ^head(%1, %2 : f32, i32), ^done
^done:
  twasm.return %1 : f32
}
