;; Locals are SSA values: no op reads or writes one (mapping table, rows 12 and
;; 13). Declared locals begin with zero (spec 4.4.10, invocation).
;;
;; RUN: twc %s --emit=twasm | FileCheck %s

(module
 ;; CHECK-LABEL: twasm.func @get(
 ;; CHECK-SAME: %[[A:.*]]: i32, %[[B:.*]]: i32) -> i32
 ;; CHECK-NEXT: return %[[B]] : i32
 (func (export "get") (param i32 i32) (result i32)
  (local.get 1))

 ;; CHECK-LABEL: twasm.func @set(
 ;; CHECK-SAME: %[[A:.*]]: i32, %[[B:.*]]: i32) -> i32
 ;; CHECK-NEXT: %[[SUM:.*]] = iadd %[[B]], %[[B]] : i32
 ;; CHECK-NEXT: return %[[SUM]] : i32
 (func (export "set") (param i32 i32) (result i32)
  (local.set 0 (local.get 1))
  (i32.add (local.get 0) (local.get 1)))

 ;; CHECK-LABEL: twasm.func @tee(
 ;; CHECK-SAME: %[[A:.*]]: f64) -> f64
 ;; CHECK: %[[T:.*]] = fmul %[[A]], %[[A]] : f64
 ;; CHECK-NEXT: %[[U:.*]] = fsub %[[T]], %[[T]] : f64
 (func (export "tee") (param f64) (result f64) (local f64)
  (f64.sub (local.tee 1 (f64.mul (local.get 0) (local.get 0))) (local.get 1)))

 ;; A value read before a write is not what the write leaves.
 ;; CHECK-LABEL: twasm.func @before(
 ;; CHECK-SAME: %[[A:.*]]: i32) -> i32
 ;; CHECK: %[[SEVEN:.*]] = const 7 : i32
 ;; CHECK-NEXT: %[[D:.*]] = isub %[[A]], %[[SEVEN]] : i32
 (func (export "before") (param i32) (result i32)
  (local.get 0)
  (local.set 0 (i32.const 7))
  (local.get 0)
  (i32.sub))

 ;; CHECK-LABEL: twasm.func @zero()
 ;; CHECK-SAME: -> (i32, i64, f32, f64)
 ;; CHECK-DAG: %[[I:.*]] = const 0 : i32
 ;; CHECK-DAG: %[[J:.*]] = const 0 : i64
 ;; CHECK-DAG: %[[F:.*]] = const 0.000000e+00 : f32
 ;; CHECK-DAG: %[[G:.*]] = const 0.000000e+00 : f64
 ;; CHECK: return %[[I]], %[[J]], %[[F]], %[[G]] : i32, i64, f32, f64
 (func (export "zero") (result i32 i64 f32 f64)
  (local i32 i64 f32 f64)
  (local.get 0) (local.get 1) (local.get 2) (local.get 3)))
