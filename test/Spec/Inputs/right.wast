;; What holds, in each kind of command: none of it may fail. Also that state
;; lives on after traps and failed instantiations (Wasm core specification,
;; 4.5.4), that names link modules, and that ends of spec-text prefixes match.

(module $M
  (memory (export "memory") 1)
  (table (export "table") 2 funcref)
  (global $g (export "g") (mut i32) (i32.const 7))
  (func (export "set") (param i32) (global.set $g (local.get 0)))
  (func (export "trap-late")
    (global.set $g (i32.const 9)) (unreachable))
  (func (export "load") (param i32) (result i32)
    (i32.load8_u (local.get 0)))
  (func (export "f32") (param i32) (result f32)
    (f32.reinterpret_i32 (local.get 0)))
  (func (export "call") (param i32)
    (call_indirect (local.get 0)))
  (func $deep (export "deep") (result i32)
    (i32.add (i32.const 1) (call $deep)))
  (func (export "same") (param externref) (result externref) (local.get 0))
  (func (export "lanes") (result v128) (v128.const f32x4 1 nan -0 nan)))
(register "M" $M)

(assert_return (get "g") (i32.const 7))
(invoke "set" (i32.const 8))
(assert_return (get $M "g") (i32.const 8))
(assert_trap (invoke "trap-late") "unreachable")
(assert_return (get "g") (i32.const 9))
(assert_return (invoke "f32" (i32.const 0x7fc00000)) (f32.const nan:canonical))
(assert_return (invoke "f32" (i32.const 0xffc00000)) (f32.const nan:canonical))
(assert_return (invoke "f32" (i32.const 0xffc00001)) (f32.const nan:arithmetic))
(assert_return (invoke "f32" (i32.const 0x7fa00000)) (f32.const nan:0x200000))
(assert_return (invoke "same" (ref.extern 0)) (ref.extern 0))
(assert_return (invoke "same" (ref.null extern)) (ref.null extern))
(assert_return (invoke "lanes")
  (v128.const f32x4 1 nan:canonical -0 nan:arithmetic))
(assert_trap (invoke "call" (i32.const 1)) "uninitialized element 1")
(assert_trap (invoke "call" (i32.const 2)) "undefined element")
(assert_exhaustion (invoke "deep") "call stack exhausted")
(assert_invalid (module (func (result i32))) "type mismatch")
(assert_malformed (module quote "(func") "unexpected token")
(assert_malformed (module binary "\00asm\02\00\00\00") "unknown binary version")

;; The first segment is copied, the second is not: the first stays.
(assert_trap
  (module
    (import "M" "memory" (memory 1))
    (data (i32.const 5) "x")
    (data (i32.const 65536) "y"))
  "out of bounds memory access")
(assert_return (invoke $M "load" (i32.const 5)) (i32.const 0x78))
(assert_trap (module (func $f unreachable) (start $f)) "unreachable")
(assert_unlinkable (module (import "M" "absent" (func))) "unknown import")
(assert_unlinkable
  (module (import "M" "g" (global i32))) "incompatible import type")
(assert_unlinkable
  (module (import "M" "memory" (memory 2))) "incompatible import type")

(module
  (import "spectest" "global_i32" (global $g i32))
  (import "spectest" "print_i32" (func $print (param i32)))
  (import "M" "set" (func $set (param i32)))
  (func (export "get") (result i32)
    (call $print (i32.const 1))
    (call $set (i32.const 10))
    (global.get $g)))
(assert_return (invoke "get") (i32.const 666))
(assert_return (get $M "g") (i32.const 10))

;; Valid with the multi-memory proposal, which this script was not written for.
(assert_invalid (module (memory 1) (memory 1)) "multiple memories")
