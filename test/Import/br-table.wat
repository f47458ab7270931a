;; br_table: labels in order, the default last; one block per label that is
;; named, however often, which carries that label's values (spec 4.4.8).
;;
;; RUN: twc %s --emit=twasm | FileCheck %s

(module
 ;; CHECK-LABEL: twasm.func @three(
 ;; CHECK-SAME: %[[I:.*]]: i32) -> i32
 ;; CHECK-NEXT: br_table %[[I]], ^[[TO_D:bb[0-9]+]] [^[[TO_A:bb[0-9]+]], ^[[TO_B:bb[0-9]+]]]
 ;; CHECK: ^[[TO_D]]:
 ;; CHECK-NEXT: br ^[[D:bb[0-9]+]]
 ;; CHECK: ^[[TO_A]]:
 ;; CHECK-NEXT: br ^[[A:bb[0-9]+]]
 ;; CHECK: ^[[TO_B]]:
 ;; CHECK-NEXT: br ^[[B:bb[0-9]+]]
 ;; CHECK: ^[[A]]:
 ;; CHECK-NEXT: const 10 : i32
 ;; CHECK-NEXT: return
 ;; CHECK: ^[[B]]:
 ;; CHECK-NEXT: const 20 : i32
 ;; CHECK-NEXT: return
 ;; CHECK: ^[[D]]:
 ;; CHECK-NEXT: const 30 : i32
 ;; CHECK-NEXT: return
 (func (export "three") (param i32) (result i32)
  (block $default
   (block $b
    (block $a
     (br_table $a $b $default (local.get 0)))
    (return (i32.const 10)))
   (return (i32.const 20)))
  (i32.const 30))

 ;; The same label twice, and values that go along.
 ;; CHECK-LABEL: twasm.func @values(
 ;; CHECK-SAME: %[[I:.*]]: i32, %[[V:.*]]: i64) -> i64
 ;; CHECK-NEXT: br_table %[[I]], ^[[TO_OUT:bb[0-9]+]] [^[[TO_IN:bb[0-9]+]], ^[[TO_OUT]], ^[[TO_IN]]]
 ;; CHECK: ^[[TO_OUT]]:
 ;; CHECK-NEXT: br ^[[OUT:bb[0-9]+]](%[[V]] : i64)
 ;; CHECK: ^[[TO_IN]]:
 ;; CHECK-NEXT: br ^[[IN:bb[0-9]+]](%[[V]] : i64)
 ;; CHECK: ^[[IN]](%[[W:.*]]: i64):
 ;; CHECK-NEXT: %[[X:.*]] = imul %[[W]], %[[V]] : i64
 ;; CHECK-NEXT: br ^[[OUT]](%[[X]] : i64)
 ;; CHECK: ^[[OUT]](%[[R:.*]]: i64):
 ;; CHECK-NEXT: return %[[R]] : i64
 (func (export "values") (param i32 i64) (result i64)
  (block $out (result i64)
   (block $in (result i64)
    (br_table $in $out $in $out (local.get 1) (local.get 0)))
   (i64.mul (local.get 1))))

 ;; Only a default.
 ;; CHECK-LABEL: twasm.func @none(
 ;; CHECK: br_table %{{.*}}, ^{{bb[0-9]+}} [none]
 (func (export "none") (param i32)
  (block $only (br_table $only (local.get 0))))

 ;; A label that is the function's: it returns.
 ;; CHECK-LABEL: twasm.func @function(
 ;; CHECK-SAME: %[[I:.*]]: i32) -> i32
 ;; CHECK: br_table %[[I]], ^[[RET:bb[0-9]+]] [^[[RET]]]
 ;; CHECK: ^[[RET]]:
 ;; CHECK-NEXT: return %[[I]] : i32
 (func (export "function") (param i32) (result i32)
  (br_table 0 0 (local.get 0) (local.get 0))))
