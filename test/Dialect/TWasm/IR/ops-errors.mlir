// Every verifier, and the constraints of operands.
//
// RUN: twc-opt %s -split-input-file -verify-diagnostics

// expected-error @+1 {{'twasm.func' op is imported and must not have a body}}
twasm.func @f() attributes {func_index = 0 : i32, import = ["env", "f"]} {
  twasm.return
}

// -----

// expected-error @+1 {{incorrect number of import names: expected 2 (module and field), but got 1}}
twasm.func private @f() attributes {func_index = 0 : i32, import = ["env"]}

// -----

// expected-error @+1 {{'twasm.func' op has neither a body nor an import}}
twasm.func private @f() attributes {func_index = 0 : i32}

// -----

// expected-note @+1 {{of this function}}
twasm.func @f() -> i32 attributes {func_index = 0 : i32} {
  // expected-error @+1 {{'twasm.return' op incorrect result types: expected ('i32'), but got ()}}
  twasm.return
}

// -----

// expected-note @+1 {{of this function}}
twasm.func @f(%x: i64) -> i32 attributes {func_index = 0 : i32} {
  // expected-error @+1 {{incorrect result types: expected ('i32'), but got ('i64')}}
  twasm.return %x : i64
}

// -----

func.func @f() {
  // expected-error @+1 {{'twasm.return' op expects parent op 'twasm.func'}}
  twasm.return
}

// -----

twasm.func @f() attributes {func_index = 0 : i32} {
  // expected-error @+1 {{'twasm.call' op calls an undefined function g}}
  twasm.call @g() : () -> ()
  twasm.return
}

// -----

// expected-note @+1 {{of this function}}
twasm.func @f(%x: i32) attributes {func_index = 0 : i32} {
  // expected-error @+1 {{'twasm.call' op incorrect callee type: expected '(i32) -> ()', but got '() -> ()'}}
  twasm.call @f() : () -> ()
  twasm.return
}

// -----

// expected-note @+1 {{of this function}}
twasm.func @f(%x: i32) attributes {func_index = 0 : i32} {
  // expected-error @+1 {{incorrect callee type: expected '(i32) -> ()', but got '(i32) -> i32'}}
  %r = twasm.call @f(%x) : (i32) -> i32
  twasm.return
}

// -----

twasm.func @f(%x: i32) attributes {func_index = 0 : i32} {
  // expected-error @+1 {{'twasm.call_indirect' op refers to an undefined table @t}}
  twasm.call_indirect @t[%x]() : () -> ()
  twasm.return
}

// -----

twasm.func @f() attributes {func_index = 0 : i32} {
  // expected-error @+1 {{'twasm.global_get' op refers to an undefined global @g}}
  %x = twasm.global_get @g : i32
  twasm.return
}

// -----

// expected-note @+1 {{of this global}}
twasm.global @g index 0 = 1 : i32
twasm.func @f() attributes {func_index = 0 : i32} {
  // expected-error @+1 {{'twasm.global_get' op incorrect type: expected 'i32', but got 'f32'}}
  %x = twasm.global_get @g : f32
  twasm.return
}

// -----

// expected-note @+1 {{defined here}}
twasm.global @g index 0 = 1 : i32
twasm.func @f(%x: i32) attributes {func_index = 0 : i32} {
  // expected-error @+1 {{'twasm.global_set' op writes an immutable global}}
  twasm.global_set @g, %x : i32
  twasm.return
}

// -----

// expected-note @+1 {{of this global}}
twasm.global @g index 0 mutable = 1 : i32
twasm.func @f(%x: i64) attributes {func_index = 0 : i32} {
  // expected-error @+1 {{'twasm.global_set' op incorrect type: expected 'i32', but got 'i64'}}
  twasm.global_set @g, %x : i64
  twasm.return
}

// -----

twasm.func @f(%p: i32) attributes {func_index = 0 : i32} {
  // expected-error @+1 {{'twasm.load_s' op incorrect width: expected 8, 16 or 32 and less than 32, but got 32}}
  %x = twasm.load_s 32 %p offset 0 align 0 : i32
  twasm.return
}

// -----

twasm.func @f(%p: i32) attributes {func_index = 0 : i32} {
  // expected-error @+1 {{'twasm.load_u' op incorrect width: expected 8, 16 or 32 and less than 64, but got 24}}
  %x = twasm.load_u 24 %p offset 0 align 0 : i64
  twasm.return
}

// -----

twasm.func @f(%p: i32, %v: i64) attributes {func_index = 0 : i32} {
  // expected-error @+1 {{'twasm.store_n' op incorrect width: expected 8, 16 or 32 and less than 64, but got 64}}
  twasm.store_n 64 %v, %p offset 0 align 0 : i64
  twasm.return
}

// -----

// Spec 3.2.4: a memory has at most 65,536 pages.
// expected-error @+1 {{'twasm.memory' op minimum too large: expected at most 65536, but got 65537}}
twasm.memory @m min 65537

// -----

// expected-error @+1 {{'twasm.memory' op incorrect maximum: expected 2 to 65536, but got 1}}
twasm.memory @m min 2 max 1

// -----

// expected-error @+1 {{'twasm.memory' op incorrect maximum: expected 2 to 65536, but got 65537}}
twasm.memory @m min 2 max 65537

// -----

// expected-error @+1 {{'twasm.table' op minimum too large: expected at most 4294967295, but got 4294967296}}
twasm.table @t min 4294967296

// -----

// expected-error @+1 {{'twasm.table' op incorrect maximum: expected 4 to 4294967295, but got 3}}
twasm.table @t min 4 max 3

// -----

twasm.func @f(%x: f32) attributes {func_index = 0 : i32} {
  // expected-error @+1 {{'twasm.reinterpret' op incorrect types: expected a float and an integer of the same width, but got 'f32' and 'i64'}}
  %r = twasm.reinterpret %x : f32 to i64
  twasm.return
}

// -----

twasm.func @f(%x: f32) attributes {func_index = 0 : i32} {
  // expected-error @+1 {{incorrect types: expected a float and an integer of the same width, but got 'f32' and 'f32'}}
  %r = twasm.reinterpret %x : f32 to f32
  twasm.return
}

// -----

twasm.func @f(%x: f32) attributes {func_index = 0 : i32} {
  // expected-error @+1 {{'twasm.iadd' op operand #0 must be i32 or i64, but got 'f32'}}
  %r = twasm.iadd %x, %x : f32
  twasm.return
}

// -----

twasm.func @f(%x: i16) attributes {func_index = 0 : i32} {
  // expected-error @+1 {{'twasm.ieqz' op operand #0 must be i32 or i64, but got 'i16'}}
  %r = twasm.ieqz %x : i16
  twasm.return
}

// -----

twasm.func @f(%x: i64) attributes {func_index = 0 : i32} {
  // expected-error @+1 {{'twasm.extend_s' op operand #0 must be 32-bit signless integer, but got 'i64'}}
  %r = "twasm.extend_s"(%x) : (i64) -> i64
  twasm.return
}

// -----

twasm.func @f(%x: i32) attributes {func_index = 0 : i32} {
  // expected-error @+1 {{must be a Wasm number or vector type, but got 'i8'}}
  %r = "twasm.const"() {value = 1 : i8} : () -> i8
  twasm.return
}

// -----

twasm.func @f(%x: i32) attributes {func_index = 0 : i32} {
  // expected-error @+1 {{type mismatch for bb argument #0 of successor #0}}
  twasm.br ^bb1(%x : i32)
^bb1(%y: i64):
  twasm.return
}

// -----

twasm.func @f() attributes {func_index = 0 : i32} {
  // expected-error @+1 {{attribute 'cost' failed to satisfy constraint: 64-bit signless integer attribute whose value is positive}}
  twasm.consume_fuel 0
  twasm.return
}
