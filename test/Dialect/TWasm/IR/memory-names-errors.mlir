// Verifiers of ops that name memories, and of tables that are called through.
//
// RUN: twc-opt %s -split-input-file -verify-diagnostics

twasm.func @f(%i: i32) attributes {func_index = 0 : i32} {
  // expected-error @+1 {{'twasm.load' op refers to an undefined memory @m}}
  %0 = twasm.load %i offset 0 align 2 in @m : i32
  twasm.return
}

// -----

twasm.func @f(%i: i32) attributes {func_index = 0 : i32} {
  // expected-error @+1 {{'twasm.store_n' op refers to an undefined memory @f}}
  twasm.store_n 8 %i, %i offset 0 align 0 in @f : i32
  twasm.return
}

// -----

twasm.func @f(%i: i32) attributes {func_index = 0 : i32} {
  // expected-error @+1 {{'twasm.atomic_notify' op refers to an undefined memory @m}}
  %0 = twasm.atomic_notify %i, %i offset 0 align 2 in @m
  twasm.return
}

// -----

twasm.func @f(%i: i32) attributes {func_index = 0 : i32} {
  // expected-error @+1 {{'twasm.vload_splat' op refers to an undefined memory @m}}
  %0 = twasm.vload_splat i8x16 %i offset 0 align 0 in @m
  twasm.return
}

// -----

twasm.func @f(%i: i32) attributes {func_index = 0 : i32} {
  // expected-error @+1 {{'twasm.memory_size' op refers to an undefined memory @m}}
  %0 = twasm.memory_size in @m : i32
  twasm.return
}

// -----

twasm.func @f(%i: i32) attributes {func_index = 0 : i32} {
  // expected-error @+1 {{'twasm.memory_fill' op refers to an undefined memory @m}}
  twasm.memory_fill %i, %i, %i in @m : i32
  twasm.return
}

// -----

twasm.memory @a min 1
twasm.func @f(%i: i32) attributes {func_index = 0 : i32} {
  // expected-error @+1 {{'twasm.memory_copy' op refers to an undefined memory @b}}
  twasm.memory_copy %i, %i, %i {dstMemory = @a, srcMemory = @b} : i32, i32, i32
  twasm.return
}

// -----

twasm.memory @a min 1
twasm.data @d at 0 "x"
twasm.func @f(%i: i32) attributes {func_index = 0 : i32} {
  // expected-error @+1 {{'twasm.memory_init' op refers to an undefined memory @b}}
  twasm.memory_init @d, %i, %i, %i in @b : i32
  twasm.return
}

// -----

// expected-error @+1 {{'twasm.func' op refers to an undefined memory @m}}
twasm.func @f(%i: i32) attributes {func_index = 0 : i32, memory = @m} {
  twasm.return
}

// -----

// expected-note @+1 {{of this table's elements}}
twasm.table @t min 1 : !twasm.externref
twasm.func @f(%i: i32) attributes {func_index = 0 : i32} {
  // expected-error @+1 {{'twasm.call_indirect' op incorrect table type: expected '!twasm.funcref', but got '!twasm.externref'}}
  twasm.call_indirect @t[%i] () : () -> ()
  twasm.return
}

// -----

// expected-note @+1 {{of this table's elements}}
twasm.table @t min 1 : !twasm.externref
twasm.func @f(%i: i32) attributes {func_index = 0 : i32} {
  // expected-error @+1 {{'twasm.return_call_indirect' op incorrect table type: expected '!twasm.funcref', but got '!twasm.externref'}}
  twasm.return_call_indirect @t[%i] () : () -> ()
}
