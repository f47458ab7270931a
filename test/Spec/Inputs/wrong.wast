;; Every assertion here is wrong, one or two of a kind: a driver that accepts
;; any of them is broken. wrong.test looks for each. What wast2json refuses to
;; convert (results of a wrong type, exports that are not there) is in
;; unittests/Spec.

(module $M
  (import "spectest" "global_i32" (global $imported i32))
  (memory 1)
  (table 1 funcref)
  (global (export "g") i32 (i32.const 7))
  (func (export "one") (result i32) (i32.const 1))
  (func (export "imported") (result i32) (global.get $imported))
  (func (export "f32") (param i32) (result f32)
    (f32.reinterpret_i32 (local.get 0)))
  (func (export "f64") (param i64) (result f64)
    (f64.reinterpret_i64 (local.get 0)))
  (func (export "pair") (result i32 i64) (i32.const 1) (i64.const 2))
  (func (export "null") (result externref) (ref.null extern))
  (func (export "same") (param externref) (result externref) (local.get 0))
  (func (export "lanes") (result v128) (v128.const i8x16
    0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15))
  (func (export "div") (param i32) (result i32)
    (i32.div_s (i32.const 1) (local.get 0)))
  (func (export "load") (param i32) (result i32) (i32.load (local.get 0)))
  (func $unreachable (export "unreachable") (unreachable)))

;; A wrong value.
(assert_return (invoke "one") (i32.const 2))
(assert_return (invoke "imported") (i32.const 667))
(assert_return (get "g") (i32.const 8))
(assert_return (invoke "pair") (i32.const 1) (i64.const 3))
(assert_return (invoke "lanes") (v128.const i8x16
  0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 16))
;; Zeros of both signs, and a NaN of the wrong class or none at all.
(assert_return (invoke "f32" (i32.const 0x80000000)) (f32.const 0))
(assert_return (invoke "f32" (i32.const 0x7fc00001)) (f32.const nan:canonical))
(assert_return (invoke "f32" (i32.const 0x7fa00000)) (f32.const nan:arithmetic))
(assert_return (invoke "f64" (i64.const 0x7ff8000000000001))
  (f64.const nan:canonical))
(assert_return (invoke "f64" (i64.const 0x7ff4000000000000))
  (f64.const nan:arithmetic))
(assert_return (invoke "f64" (i64.const 0x7ff0000000000000))
  (f64.const nan:arithmetic))
;; References.
(assert_return (invoke "null") (ref.extern 0))
(assert_return (invoke "same" (ref.extern 0)) (ref.null extern))
(assert_return (invoke "same" (ref.extern 1)) (ref.extern 2))
;; A result instead of a trap, a trap instead of a result.
(assert_trap (invoke "one") "unreachable")
(assert_return (invoke "div" (i32.const 0)) (i32.const 0))
(invoke "unreachable")
;; The wrong trap.
(assert_trap (invoke "div" (i32.const 0)) "integer overflow")
(assert_trap (invoke "load" (i32.const 65533)) "out of bounds table access")
(assert_exhaustion (invoke "unreachable") "call stack exhausted")
(assert_exhaustion (invoke "one") "call stack exhausted")
;; Modules that are right, though they are said to be wrong.
(assert_invalid (module (func)) "type mismatch")
(assert_malformed (module quote "(func)") "unexpected token")
(assert_malformed (module binary "\00asm\01\00\00\00") "unexpected end")
(assert_unlinkable
  (module (import "spectest" "global_i32" (global i32)))
  "unknown import")
(assert_unlinkable
  (module (import "spectest" "memory" (memory 1)))
  "incompatible import type")
(assert_trap (module (func $f) (start $f)) "unreachable")
(assert_trap (module (memory 1) (data (i32.const 0) "a"))
  "out of bounds memory access")
;; Modules that fail otherwise than is said.
(assert_unlinkable
  (module (import "spectest" "global_i32" (func)))
  "unknown import")
(assert_unlinkable
  (module (import "spectest" "absent" (func)))
  "incompatible import type")
(assert_trap (module (memory 1) (data (i32.const 65536) "a"))
  "out of bounds table access")
;; Modules that cannot be instantiated, though they should be.
(module
  (import "spectest" "memory" (memory 2))
  (func (export "anything")))
(assert_return (invoke "anything"))
(module (memory 1) (data (i32.const 65536) "a"))
(module $U (func $f unreachable) (start $f) (func (export "ok")))
(assert_return (invoke $U "ok"))
