// An op that uses its function's own memory, in a module that has none.
//
// RUN: twc-opt %s --convert-twasm-to-std -verify-diagnostics

twasm.func @f(%i: i32) attributes {func_index = 0 : i32} {
  // expected-error @+1 {{'twasm.load' op uses a memory, but the module has none}}
  %0 = twasm.load %i offset 0 align 2 : i32
  twasm.return
}
