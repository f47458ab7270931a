// Verifiers of vector ops: the shapes that an operator has, and the lane
// indices of Wasm core spec section 3.3.3.
//
// RUN: twc-opt %s -split-input-file -verify-diagnostics

twasm.func @f(%a: vector<4xi32>) attributes {func_index = 0 : i32} {
  // expected-error @+1 {{attribute 'shape' failed to satisfy constraint: how the lanes of a vector are read that is one of i16x8, i32x4, i64x2}}
  %0 = twasm.vimul i8x16 %a, %a
  twasm.return
}

// -----

twasm.func @f(%a: vector<4xi32>) attributes {func_index = 0 : i32} {
  // expected-error @+1 {{'twasm.vextract_lane_s' op lane out of range: expected less than 16, but got 16}}
  %0 = twasm.vextract_lane_s i8x16 %a[16] : i32
  twasm.return
}

// -----

twasm.func @f(%a: vector<4xi32>) attributes {func_index = 0 : i32} {
  // expected-error @+1 {{'twasm.vextract_lane' op incorrect type: expected 'f64', but got 'i64'}}
  %0 = twasm.vextract_lane f64x2 %a[1] : i64
  twasm.return
}

// -----

twasm.func @f(%a: vector<4xi32>, %x: i64) attributes {func_index = 0 : i32} {
  // expected-error @+1 {{'twasm.vreplace_lane' op incorrect type: expected 'i32', but got 'i64'}}
  %0 = twasm.vreplace_lane i8x16 %a, %x[1] : i64
  twasm.return
}

// -----

twasm.func @f(%x: f32) attributes {func_index = 0 : i32} {
  // expected-error @+1 {{'twasm.vsplat' op incorrect type: expected 'f64', but got 'f32'}}
  %0 = twasm.vsplat f64x2 %x : f32
  twasm.return
}

// -----

twasm.func @f(%a: vector<4xi32>) attributes {func_index = 0 : i32} {
  // expected-error @+1 {{'twasm.vshuffle' op incorrect number of lanes: expected 16, but got 2}}
  %0 = twasm.vshuffle %a, %a [0, 1]
  twasm.return
}

// -----

twasm.func @f(%a: vector<4xi32>) attributes {func_index = 0 : i32} {
  // expected-error @+1 {{'twasm.vshuffle' op lane out of range: expected 0 to 31, but got 32}}
  %0 = twasm.vshuffle %a, %a [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 32]
  twasm.return
}

// -----

twasm.memory @memory0 min 1
twasm.func @f(%a: vector<4xi32>, %i: i32) attributes {func_index = 0 : i32} {
  // expected-error @+1 {{'twasm.vload_lane' op lane out of range: expected less than 2, but got 2}}
  %0 = twasm.vload_lane i64x2 %a[2], %i offset 0 align 3
  twasm.return
}

// -----

twasm.memory @memory0 min 1
twasm.func @f(%a: vector<4xi32>, %i: i32) attributes {func_index = 0 : i32} {
  // expected-error @+1 {{'twasm.vstore_lane' op lane out of range: expected less than 8, but got 8}}
  twasm.vstore_lane i16x8 %a[8], %i offset 0 align 1
  twasm.return
}
