;; Several results of functions, blocks and calls, in order (spec 2.3.5).
;;
;; RUN: twc %s --emit=twasm | FileCheck %s

(module
 ;; CHECK-LABEL: twasm.func @swap(
 ;; CHECK-SAME: %[[A:.*]]: i32, %[[B:.*]]: f32) -> (f32, i32)
 ;; CHECK-NEXT: return %[[B]], %[[A]] : f32, i32
 (func $swap (export "swap") (param i32 f32) (result f32 i32)
  (local.get 1) (local.get 0))

 ;; CHECK-LABEL: twasm.func @call(
 ;; CHECK-SAME: %[[A:.*]]: i32, %[[B:.*]]: f32) -> i32
 ;; CHECK: %[[R:.*]]:2 = call @swap(%[[A]], %[[B]]) : (i32, f32) -> (f32, i32)
 ;; CHECK-NEXT: return %[[R]]#1 : i32
 (func (export "call") (param i32 f32) (result i32) (local i32)
  (call $swap (local.get 0) (local.get 1))
  (local.set 2)
  (drop)
  (local.get 2))

 ;; CHECK-LABEL: twasm.func @block(
 ;; CHECK-SAME: %[[A:.*]]: i32, %[[B:.*]]: i32) -> (i32, i32)
 ;; CHECK: br_if %[[A]], ^[[OUT:bb[0-9]+]](%[[A]], %[[B]] : i32, i32), ^[[NEXT:bb[0-9]+]]
 ;; CHECK: br ^[[OUT]](%[[B]], %[[A]] : i32, i32)
 ;; CHECK: ^[[OUT]](%[[X:.*]]: i32, %[[Y:.*]]: i32):
 ;; CHECK-NEXT: return %[[X]], %[[Y]] : i32, i32
 (func (export "block") (param i32 i32) (result i32 i32)
  (block (result i32 i32)
   (local.get 0) (local.get 1)
   (br_if 0 (local.get 0))
   (drop) (drop)
   (local.get 1) (local.get 0)))

 ;; Operands below a block's parameters are not the block's.
 ;; CHECK-LABEL: twasm.func @below(
 ;; CHECK-SAME: %[[A:.*]]: i32, %[[B:.*]]: i32) -> i32
 ;; CHECK: br_if
 ;; CHECK: ^{{.*}}(%[[M:.*]]: i32):
 ;; CHECK-NEXT: %[[R:.*]] = isub %[[A]], %[[M]] : i32
 (func (export "below") (param i32 i32) (result i32)
  (local.get 0)
  (block (result i32)
   (local.get 1)
   (br_if 0 (local.get 0))
   (i32.clz))
  (i32.sub)))
