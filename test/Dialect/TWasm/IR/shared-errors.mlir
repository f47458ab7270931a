// Orders, kinds and sizes that docs/DeviceInterface.md does not have.
//
// RUN: twc-opt %s -split-input-file -verify-diagnostics

twasm.memory @memory0 min 1
twasm.func @f(%i: i32) attributes {func_index = 0 : i32} {
  // expected-error @+1 {{expected order relaxed, acquire or seq_cst, but got release}}
  %0 = twasm.scoped_load release device %i : i32
  twasm.return
}

// -----

twasm.memory @memory0 min 1
twasm.func @f(%i: i32) attributes {func_index = 0 : i32} {
  // expected-error @+1 {{expected order relaxed, release or seq_cst, but got acq_rel}}
  twasm.scoped_store acq_rel block %i, %i : i32
  twasm.return
}

// -----

twasm.memory @memory0 min 1
twasm.func @f(%i: i32, %x: f64) attributes {func_index = 0 : i32} {
  // expected-error @+1 {{no xor of 'f64'}}
  %0 = twasm.scoped_rmw xor relaxed block %x, %i : f64
  twasm.return
}

// -----

twasm.memory @memory0 min 1
twasm.func @f(%i: i32) attributes {func_index = 0 : i32} {
  // expected-error @+1 {{no min of 'i32'}}
  %0 = twasm.scoped_rmw min relaxed block %i, %i : i32
  twasm.return
}

// -----

twasm.memory @memory0 min 1
twasm.func @f(%i: i32) attributes {func_index = 0 : i32} {
  // expected-error @+1 {{expected 4, 8 or 16 bytes, but got 5}}
  twasm.copy_async 5 %i, %i
  twasm.return
}
