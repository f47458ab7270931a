// Verifiers of the ops for imports of module `tw`.
//
// RUN: twc-opt %s -split-input-file -verify-diagnostics

twasm.func @f(%i: i32, %f: f32) attributes {func_index = 0 : i32} {
  // expected-error @+1 {{'twasm.warp_reduce' op reduces 'f32' with 'xor': expected 'add', 'min' or 'max'}}
  %0 = twasm.warp_reduce xor %i, %f : f32
  twasm.return
}

// -----

twasm.func @f(%w: i64) attributes {func_index = 0 : i32} {
  // expected-error @+1 {{'twasm.block_reduce' op reduces 'i64' with 'min': expected 'add', 'min_s', 'min_u', 'max_s', 'max_u', 'and', 'or' or 'xor'}}
  %0 = twasm.block_reduce min %w : i64
  twasm.return
}

// -----

twasm.memory @memory0 min 1 max 1
twasm.func @f(%i: i32) attributes {func_index = 0 : i32} {
  // expected-error @+1 {{'twasm.matrix_load' op expected elements 'f32' in file 'c', but got 'f16'}}
  twasm.matrix_load c f16 row 0, %i, %i
  twasm.return
}

// -----

twasm.memory @memory0 min 1 max 1
twasm.func @f(%i: i32) attributes {func_index = 0 : i32} {
  // expected-error @+1 {{'twasm.matrix_load' op expected a fragment from 0 to 7, but got 8}}
  twasm.matrix_load b f16 row 8, %i, %i
  twasm.return
}

// -----

twasm.func @f() attributes {func_index = 0 : i32} {
  // expected-error @+1 {{'twasm.matrix_mma' op attribute 'd' failed to satisfy constraint}}
  twasm.matrix_mma f16 16, 0, 0, 0
  twasm.return
}

// -----

twasm.func @f() attributes {func_index = 0 : i32} {
  // expected-error @+1 {{'twasm.matrix_mma' op expected elements 'f16', 'bf16' or 'tf32', but got 'f32'}}
  twasm.matrix_mma f32 0, 0, 0, 0
  twasm.return
}

// -----

twasm.memory @memory0 min 1 max 1
twasm.func @f(%i: i32) attributes {func_index = 0 : i32} {
  // expected-error @+1 {{'twasm.printf' op refers to an undefined memory @memory1}}
  %0 = twasm.printf %i, %i in @memory1
  twasm.return
}
