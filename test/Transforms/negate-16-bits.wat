;; ptxas negates 16 bits behind the sign extension that a signed comparison
;; needs: i16x8.neg must not become neg.s16 or sub.s16 from 0
;; (AvoidMiscompiles.cpp); abs.s16 is kept from it too.
;;
;; RUN: twc %s --emit=ptx --target=sm_80 | FileCheck %s
;;
;; CHECK-NOT: neg.s16
;; CHECK-NOT: abs.s16
;; CHECK: .entry tw_neg
;; CHECK: not.b16 t
;; CHECK: add.s16
;; CHECK-NOT: neg.s16
;; CHECK-NOT: abs.s16
;; CHECK: .entry tw_abs
;; CHECK: not.b16 t
;; CHECK: max.s16
;; CHECK-NOT: neg.s16
;; CHECK-NOT: abs.s16
(module
  (func (export "neg") (param v128 v128) (result v128)
    (i16x8.add_sat_s (i16x8.neg (local.get 0)) (local.get 1)))
  (func (export "abs") (param v128 v128) (result v128)
    (i16x8.lt_s (i16x8.abs (local.get 0)) (local.get 1))))
