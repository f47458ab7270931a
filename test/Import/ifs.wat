;; `if` is a branch to two blocks; what differs where the arms meet, results and
;; locals alike, comes in as block arguments (spec 4.4.8).
;;
;; RUN: twc %s --emit=twasm | FileCheck %s

(module
 ;; CHECK-LABEL: twasm.func @result(
 ;; CHECK-SAME: %[[C:.*]]: i32) -> f32
 ;; CHECK-NEXT: br_if %[[C]], ^[[THEN:bb[0-9]+]], ^[[ELSE:bb[0-9]+]]
 ;; CHECK: ^[[THEN]]:
 ;; CHECK-NEXT: %[[ONE:.*]] = const 1.000000e+00 : f32
 ;; CHECK-NEXT: br ^[[JOIN:bb[0-9]+]](%[[ONE]] : f32)
 ;; CHECK: ^[[ELSE]]:
 ;; CHECK-NEXT: %[[TWO:.*]] = const 2.000000e+00 : f32
 ;; CHECK-NEXT: br ^[[JOIN]](%[[TWO]] : f32)
 ;; CHECK: ^[[JOIN]](%[[R:.*]]: f32):
 ;; CHECK-NEXT: return %[[R]] : f32
 (func (export "result") (param i32) (result f32)
  (if (result f32) (local.get 0)
   (then (f32.const 1)) (else (f32.const 2))))

 ;; Without `else`: the local keeps its value on the other way.
 ;; CHECK-LABEL: twasm.func @local(
 ;; CHECK-SAME: %[[C:.*]]: i32, %[[V:.*]]: i64) -> i64
 ;; CHECK: br_if %[[C]], ^[[THEN:bb[0-9]+]], ^[[ELSE:bb[0-9]+]]
 ;; CHECK: ^[[THEN]]:
 ;; CHECK-NEXT: %[[NINE:.*]] = const 9 : i64
 ;; CHECK-NEXT: br ^[[JOIN:bb[0-9]+]](%[[NINE]] : i64)
 ;; CHECK: ^[[ELSE]]:
 ;; CHECK-NEXT: br ^[[JOIN]](%[[V]] : i64)
 ;; CHECK: ^[[JOIN]](%[[M:.*]]: i64):
 ;; CHECK-NEXT: return %[[M]] : i64
 (func (export "local") (param i32 i64) (result i64)
  (if (local.get 0) (then (local.set 1 (i64.const 9))))
  (local.get 1))

 ;; A parameter that an `if` without `else` passes on.
 ;; CHECK-LABEL: twasm.func @param(
 ;; CHECK-SAME: %[[C:.*]]: i32, %[[V:.*]]: i32) -> i32
 ;; CHECK: br_if %[[C]]
 ;; CHECK: %[[D:.*]] = imul %[[V]], %[[V]] : i32
 ;; CHECK-NEXT: br ^[[JOIN:bb[0-9]+]](%[[D]] : i32)
 ;; CHECK: br ^[[JOIN]](%[[V]] : i32)
 ;; CHECK: ^[[JOIN]](%[[M:.*]]: i32):
 ;; CHECK-NEXT: return %[[M]] : i32
 (func (export "param") (param i32 i32) (result i32)
  (local.get 1)
  (if (param i32) (result i32) (local.get 0)
   (then (i32.mul (local.get 1)))))

 ;; One arm leaves: the other's values need no merging.
 ;; CHECK-LABEL: twasm.func @leave(
 ;; CHECK-SAME: %[[C:.*]]: i32, %[[V:.*]]: i32) -> i32
 ;; CHECK: br_if %[[C]], ^[[THEN:bb[0-9]+]], ^[[ELSE:bb[0-9]+]]
 ;; CHECK: ^[[THEN]]:
 ;; CHECK: return %[[V]] : i32
 ;; CHECK: ^[[ELSE]]:
 ;; CHECK: %[[W:.*]] = iadd %[[V]], %[[V]] : i32
 ;; CHECK: return %[[W]] : i32
 (func (export "leave") (param i32 i32) (result i32)
  (if (local.get 0)
   (then (return (local.get 1)))
   (else (local.set 1 (i32.add (local.get 1) (local.get 1)))))
  (local.get 1)))
