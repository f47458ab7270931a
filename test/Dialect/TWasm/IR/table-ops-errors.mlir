// Verifiers of ops that name tables, segments and functions.
//
// RUN: twc-opt %s -split-input-file -verify-diagnostics

twasm.func @f(%i: i32) attributes {func_index = 0 : i32} {
  // expected-error @+1 {{'twasm.table_size' op refers to an undefined table @t}}
  %0 = twasm.table_size @t : i32
  twasm.return
}

// -----

// expected-note @+1 {{of this table's elements}}
twasm.table @t min 1
twasm.func @f(%i: i32) attributes {func_index = 0 : i32} {
  // expected-error @+1 {{'twasm.table_get' op incorrect type: expected '!twasm.funcref', but got '!twasm.externref'}}
  %0 = twasm.table_get @t[%i] : !twasm.externref
  twasm.return
}

// -----

// expected-note @+1 {{of this table's elements}}
twasm.table @t min 1 : !twasm.externref
twasm.func @f(%i: i32) attributes {func_index = 0 : i32} {
  %0 = twasm.ref_func @f : !twasm.funcref
  // expected-error @+1 {{'twasm.table_set' op incorrect type: expected '!twasm.externref', but got '!twasm.funcref'}}
  twasm.table_set @t[%i], %0 : !twasm.funcref
  twasm.return
}

// -----

twasm.table @t min 1
// expected-note @+1 {{of this table's elements}}
twasm.table @x min 1 : !twasm.externref
twasm.func @f(%i: i32) attributes {func_index = 0 : i32} {
  // expected-error @+1 {{'twasm.table_copy' op incorrect type: expected '!twasm.externref', but got '!twasm.funcref'}}
  twasm.table_copy @x, @t, %i, %i, %i
  twasm.return
}

// -----

twasm.table @t min 1
twasm.func @f(%i: i32) attributes {func_index = 0 : i32} {
  // expected-error @+1 {{'twasm.table_init' op refers to an undefined element segment @e}}
  twasm.table_init @t, @e, %i, %i, %i
  twasm.return
}

// -----

twasm.func @f() attributes {func_index = 0 : i32} {
  // expected-error @+1 {{'twasm.elem_drop' op refers to an undefined element segment @e}}
  twasm.elem_drop @e
  twasm.return
}

// -----

twasm.func @f(%i: i32) attributes {func_index = 0 : i32} {
  // expected-error @+1 {{'twasm.memory_init' op refers to an undefined data segment @d}}
  twasm.memory_init @d, %i, %i, %i : i32
  twasm.return
}

// -----

twasm.func @f() attributes {func_index = 0 : i32} {
  // expected-error @+1 {{'twasm.data_drop' op refers to an undefined data segment @d}}
  twasm.data_drop @d
  twasm.return
}

// -----

twasm.func @f() attributes {func_index = 0 : i32} {
  // expected-error @+1 {{'twasm.ref_func' op refers to an undefined function}}
  %0 = twasm.ref_func @g : !twasm.funcref
  twasm.return
}

// -----

// expected-error @+1 {{'twasm.func' op is pruned and must not have a body}}
twasm.func @f() attributes {func_index = 0 : i32, pruned} {
  twasm.return
}

// -----

twasm.func @g() -> i64 attributes {func_index = 0 : i32} {
  twasm.unreachable
}
twasm.func @f() -> i32 attributes {func_index = 1 : i32} {
  // expected-error @+1 {{'twasm.return_call' op incorrect result types: expected ('i32'), but got ('i64')}}
  twasm.return_call @g() : () -> i64
}

// -----

twasm.table @t min 1
twasm.func @f(%i: i32) -> i32 attributes {func_index = 0 : i32} {
  // expected-error @+1 {{'twasm.return_call_indirect' op incorrect result types: expected ('i32'), but got ()}}
  twasm.return_call_indirect @t[%i]() : () -> ()
}
