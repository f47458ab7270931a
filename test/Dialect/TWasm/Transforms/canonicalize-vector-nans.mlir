// NaNs that vector arithmetic made are canonical wherever their bits can be
// seen: by everything but arithmetic, comparisons and conversions of the shape
// in which they were made.
//
// RUN: twc-opt %s --twasm-canonicalize-nans | FileCheck %s

twasm.memory @memory0 min 1

// CHECK-LABEL: twasm.func @observed(
// CHECK: %[[S:.*]] = vfadd f32x4
// CHECK-NEXT: %[[C:.*]] = vcanonicalize_nan f32x4 %[[S]]
// CHECK-NOT: vcanonicalize_nan
// CHECK: store %[[C]],
// CHECK: vand %[[C]], %arg0
// CHECK: vfneg f32x4 %[[C]]
// CHECK: vextract_lane f32x4 %[[C]]
// CHECK: return %[[C]]
twasm.func @observed(%x: vector<4xi32>, %p: i32) -> vector<4xi32> attributes {func_index = 0 : i32} {
  %s = twasm.vfadd f32x4 %x, %x
  twasm.store %s, %p offset 0 align 2 : vector<4xi32>
  %a = twasm.vand %s, %x
  %n = twasm.vfneg f32x4 %s
  %e = twasm.vextract_lane f32x4 %s[0] : f32
  twasm.return %s : vector<4xi32>
}

// Nothing sees bits before the last sum.
// CHECK-LABEL: twasm.func @chain(
// CHECK-NOT: vcanonicalize_nan
// CHECK: %[[S:.*]] = vfadd f64x2
// CHECK-NEXT: %[[C:.*]] = vcanonicalize_nan f64x2 %[[S]]
// CHECK-NEXT: return %[[C]]
twasm.func @chain(%x: vector<4xi32>) -> vector<4xi32> attributes {func_index = 1 : i32} {
  %a = twasm.vfmul f64x2 %x, %x
  %b = twasm.vfsqrt f64x2 %a
  %c = twasm.vflt f64x2 %a, %b
  %t = twasm.vtrunc_sat_s f64x2 %b
  %s = twasm.vfadd f64x2 %a, %b
  twasm.return %s : vector<4xi32>
}

// The other shape reads bits. So do pmin and pmax, which return an operand.
// CHECK-LABEL: twasm.func @shapes(
// CHECK: %[[S:.*]] = vfadd f32x4
// CHECK-NEXT: %[[C:.*]] = vcanonicalize_nan f32x4 %[[S]]
// CHECK: vfadd f64x2 %[[C]], %[[C]]
// CHECK: vfpmin f32x4 %[[C]], %arg0
// CHECK: vpromote_low %[[S]]
// CHECK: vdemote_zero %[[C]]
twasm.func @shapes(%x: vector<4xi32>) attributes {func_index = 2 : i32} {
  %s = twasm.vfadd f32x4 %x, %x
  %t = twasm.vfadd f64x2 %s, %s
  %m = twasm.vfpmin f32x4 %s, %x
  %p = twasm.vpromote_low %s
  %d = twasm.vdemote_zero %s
  twasm.return
}

// An accumulator is canonicalised behind its loop.
// CHECK-LABEL: twasm.func @loop(
// CHECK-NOT: vcanonicalize_nan
// CHECK: ^bb1(%[[ACC:.*]]: vector<4xi32>):
// CHECK-NEXT: %[[C:.*]] = vcanonicalize_nan f32x4 %[[ACC]]
// CHECK-NEXT: %[[S:.*]] = vfadd f32x4 %[[ACC]], %arg0
// CHECK-NEXT: br_if %arg1, ^bb1(%[[S]] : vector<4xi32>), ^bb2
// CHECK: return %[[C]]
twasm.func @loop(%x: vector<4xi32>, %n: i32) -> vector<4xi32> attributes {func_index = 3 : i32} {
  %zero = twasm.const dense<0> : vector<4xi32>
  twasm.br ^bb1(%zero : vector<4xi32>)
^bb1(%acc: vector<4xi32>):
  %s = twasm.vfadd f32x4 %acc, %x
  twasm.br_if %n, ^bb1(%s : vector<4xi32>), ^bb2
^bb2:
  twasm.return %acc : vector<4xi32>
}

// A constant NaN, or a vector of another shape, must be kept: what is made
// becomes canonical where it joins them.
// CHECK-LABEL: twasm.func @joined(
// CHECK: %[[S:.*]] = vfmul f32x4
// CHECK-NEXT: %[[C:.*]] = vcanonicalize_nan f32x4 %[[S]]
// CHECK: select %arg1, %[[C]], %{{.*}} : vector<4xi32>
// CHECK-NOT: vcanonicalize_nan
// CHECK: return
twasm.func @joined(%x: vector<4xi32>, %c: i32) -> vector<4xi32> attributes {func_index = 4 : i32} {
  %nan = twasm.const dense<[0, 0, 2143289345, 0]> : vector<4xi32>
  %s = twasm.vfmul f32x4 %x, %x
  %r = twasm.select %c, %s, %nan : vector<4xi32>
  twasm.return %r : vector<4xi32>
}

// A scalar that goes into a lane is seen.
// CHECK-LABEL: twasm.func @scalars(
// CHECK: %[[S:.*]] = fadd
// CHECK-NEXT: %[[C:.*]] = canonicalize_nan %[[S]] : f32
// CHECK: vsplat f32x4 %[[C]]
// CHECK: vreplace_lane f32x4 %{{.*}}, %[[C]][1]
twasm.func @scalars(%x: f32) -> vector<4xi32> attributes {func_index = 5 : i32} {
  %s = twasm.fadd %x, %x : f32
  %v = twasm.vsplat f32x4 %s : f32
  %r = twasm.vreplace_lane f32x4 %v, %s[1] : f32
  twasm.return %r : vector<4xi32>
}

// A sign that only arithmetic in the same shape reads is not seen.
// CHECK-LABEL: twasm.func @hidden_signs(
// CHECK: %[[S:.*]] = vfmul f32x4
// CHECK-NEXT: %[[N:.*]] = vfneg f32x4 %[[S]]
// CHECK-NEXT: vfmadd f32x4 %{{.*}}, %{{.*}}, %[[N]]
// CHECK: %[[T:.*]] = vfmul f32x4
// CHECK-NEXT: %[[C:.*]] = vcanonicalize_nan f32x4 %[[T]]
// CHECK-NEXT: %[[M:.*]] = vfneg f32x4 %[[C]]
// CHECK-NEXT: vfmadd f64x2 %{{.*}}, %{{.*}}, %[[M]]
twasm.func @hidden_signs(%x: vector<4xi32>) -> (vector<4xi32>, vector<4xi32>) attributes {func_index = 6 : i32} {
  %s = twasm.vfmul f32x4 %x, %x
  %n = twasm.vfneg f32x4 %s
  %f = twasm.vfmadd f32x4 %x, %x, %n
  %t = twasm.vfmul f32x4 %x, %x
  %m = twasm.vfneg f32x4 %t
  %d = twasm.vfmadd f64x2 %x, %x, %m
  twasm.return %f, %d : vector<4xi32>, vector<4xi32>
}
