;; Row 19 of the op mapping table, run: the code of each trap is the Wasm core
;; test suite's (spec 4.4.8, call_indirect), and the interpreter agrees.
;;
;; RUN: twc %s --target=host -o %t.ptxbin
;; RUN: twrun invoke %t.ptxbin f --allow-unsigned --device host --verify 7 0 | FileCheck %s --check-prefix=A
;; RUN: twrun invoke %t.ptxbin f --allow-unsigned --device host --verify 7 1 | FileCheck %s --check-prefix=B
;; RUN: not twrun invoke %t.ptxbin f --allow-unsigned --device host --verify 7 2 2>&1 | FileCheck %s --check-prefix=TYPE
;; RUN: not twrun invoke %t.ptxbin f --allow-unsigned --device host --verify 7 3 2>&1 | FileCheck %s --check-prefix=NULL
;; RUN: not twrun invoke %t.ptxbin f --allow-unsigned --device host --verify 7 4 2>&1 | FileCheck %s --check-prefix=RANGE
;; RUN: not twrun invoke %t.ptxbin f --allow-unsigned --device host --verify 7 -1 2>&1 | FileCheck %s --check-prefix=RANGE
;; A: i32:29
;; B: i32:3
;; TYPE: indirect call type mismatch
;; NULL: uninitialized element
;; RANGE: undefined element

(module
 (type $unary (func (param i32) (result i32)))
 (table 4 funcref)
 (elem (i32.const 0) $a $b $other)
 (func $a (type $unary) (i32.clz (local.get 0)))
 (func $b (type $unary) (i32.popcnt (local.get 0)))
 (func $other (param f32) (result i32) (i32.const 1))
 (func (export "f") (param i32 i32) (result i32)
  (call_indirect (type $unary) (local.get 0) (local.get 1))))
