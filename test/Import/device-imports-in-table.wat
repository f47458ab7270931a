;; A device import is a function like any other: it may stand in a table and be
;; called through it (spec 4.4.8, call_indirect).
;;
;; RUN: twc %s --target=host -o %t.ptxbin
;; RUN: twrun invoke %t.ptxbin f --allow-unsigned --device host --verify 0 \
;; RUN:   | FileCheck %s --check-prefix=ZERO
;; RUN: twrun invoke %t.ptxbin f --allow-unsigned --device host --verify 1 \
;; RUN:   | FileCheck %s --check-prefix=ONE
;; ZERO: i32:1
;; ONE: i32:2

(module
 (import "tw" "block_dim_x" (func $dim (result i32)))
 (table 2 funcref)
 (elem (i32.const 0) $dim $two)
 (func $two (result i32) (i32.const 2))
 (func (export "f") (param i32) (result i32)
  (call_indirect (result i32) (local.get 0))))
