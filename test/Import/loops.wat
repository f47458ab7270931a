;; A loop's block takes its parameters and the locals that the loop sets, and
;; no others.
;;
;; RUN: twc %s --emit=twasm | FileCheck %s

(module
 ;; CHECK-LABEL: twasm.func @sum(
 ;; CHECK-SAME: %[[N:.*]]: i32, %[[STEP:.*]]: i32) -> i32
 ;; CHECK: %[[ZERO:.*]] = const 0 : i32
 ;; CHECK-NEXT: br ^[[LOOP:bb[0-9]+]](%[[N]], %[[ZERO]] : i32, i32)
 ;; CHECK: ^[[LOOP]](%[[I:.*]]: i32, %[[SUM:.*]]: i32):
 ;; CHECK-NEXT: %[[MORE:.*]] = iadd %[[SUM]], %[[I]] : i32
 ;; CHECK-NEXT: %[[NEXT:.*]] = isub %[[I]], %[[STEP]] : i32
 ;; CHECK-NEXT: br_if %[[NEXT]], ^[[LOOP]](%[[NEXT]], %[[MORE]] : i32, i32), ^[[EXIT:bb[0-9]+]]
 ;; CHECK: ^[[EXIT]]:
 ;; CHECK-NEXT: return %[[MORE]] : i32
 (func (export "sum") (param $n i32) (param $step i32) (result i32)
  (local $sum i32)
  (loop $l
   (local.set $sum (i32.add (local.get $sum) (local.get $n)))
   (br_if $l (local.tee $n (i32.sub (local.get $n) (local.get $step)))))
  (local.get $sum))

 ;; A loop with a parameter and a result; `br` passes the parameter.
 ;; CHECK-LABEL: twasm.func @param(
 ;; CHECK-SAME: %[[A:.*]]: i32) -> i64
 ;; CHECK: %[[ZERO:.*]] = const 0 : i32
 ;; CHECK-NEXT: br ^[[LOOP:bb[0-9]+]](%[[A]], %[[ZERO]] : i32, i32)
 ;; CHECK: ^[[LOOP]](%[[P:.*]]: i32, %{{.*}}: i32):
 ;; CHECK: br_if %[[P]], ^[[LOOP]](%[[P]], %[[P]] : i32, i32), ^[[NEXT:bb[0-9]+]]
 ;; CHECK: ^[[NEXT]]:
 ;; CHECK: %[[R:.*]] = extend_u %[[P]] : i32 to i64
 ;; CHECK: return %[[R]] : i64
 (func (export "param") (param $a i32) (result i64) (local $t i32)
  (local.get $a)
  (loop $l (param i32) (result i64)
   (local.tee $t) (local.get $t)
   (br_if $l)
   (i64.extend_i32_u)))

 ;; A local set in the inner loop is carried by the outer one too.
 ;; CHECK-LABEL: twasm.func @nested(
 ;; CHECK: br ^[[OUTER:bb[0-9]+]](
 ;; CHECK: ^[[OUTER]](%[[X:.*]]: i32):
 ;; CHECK-NEXT: br ^[[INNER:bb[0-9]+]](%[[X]] : i32)
 ;; CHECK: ^[[INNER]](%[[Y:.*]]: i32):
 ;; CHECK: br_if %{{.*}}, ^[[INNER]](%[[Z:.*]] : i32), ^[[B:bb[0-9]+]]
 ;; CHECK: br_if %{{.*}}, ^[[OUTER]](%[[Z]] : i32)
 (func (export "nested") (param $x i32) (param $c i32)
  (loop $outer
   (loop $inner
    (local.set $x (i32.add (local.get $x) (local.get $c)))
    (br_if $inner (local.get $x)))
   (br_if $outer (local.get $c))))

 ;; An infinite loop stays one: no return, nothing behind it.
 ;; CHECK-LABEL: twasm.func @forever()
 ;; CHECK: br ^[[L:bb[0-9]+]]
 ;; CHECK: ^[[L]]:
 ;; CHECK-NEXT: br ^[[L]]
 ;; CHECK-NOT: return
 ;; CHECK: }
 (func (export "forever") (loop $l (br $l))))
