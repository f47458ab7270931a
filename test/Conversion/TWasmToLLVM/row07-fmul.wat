;; Row 7 of the op mapping table: mul. Rounded to nearest even, subnormals
;; kept, never contracted with a neighbour (spec 4.3.3).
;;
;; RUN: twc %s --emit=twasm | FileCheck %s --check-prefix=TWASM
;; RUN: twc %s --emit=std | FileCheck %s --check-prefix=STD
;; RUN: twc %s --emit=ptx --target=sm_80 | FileCheck %s --check-prefix=PTX
;; RUN: twc %s --emit=ptx --target=sm_80 -O3 | FileCheck %s --check-prefix=STRICT

;; STRICT-NOT: fma.
;; STRICT-NOT: mad.f
;; STRICT-NOT: .ftz
;; STRICT-NOT: .approx
;; STRICT-NOT: .full
;; STD-NOT: fastmath
;; STD-NOT: math.fma

(module
 ;; TWASM-LABEL: twasm.func @f32(
 ;; TWASM: fmul %arg0, %arg1 : f32
 ;; STD-LABEL: func.func private @f0_f32(
 ;; STD: arith.mulf %arg6, %arg7 : f32
 ;; PTX-LABEL: .visible .entry tw_f32(
 ;; PTX: mul.rn.f32
 (func (export "f32") (param f32 f32) (result f32)
  (f32.mul (local.get 0) (local.get 1)))

 ;; TWASM-LABEL: twasm.func @f64(
 ;; TWASM: fmul %arg0, %arg1 : f64
 ;; STD-LABEL: func.func private @f1_f64(
 ;; STD: arith.mulf %arg6, %arg7 : f64
 ;; PTX-LABEL: .visible .entry tw_f64(
 ;; PTX: mul.rn.f64
 (func (export "f64") (param f64 f64) (result f64)
  (f64.mul (local.get 0) (local.get 1)))

 ;; Beside a multiplication and an addition: each rounds on its own.
 ;; PTX-LABEL: .visible .entry tw_chain(
 ;; PTX: mul.rn.f32
 ;; PTX: mul.rn.f32
 ;; PTX: add.rn.f32
 (func (export "chain") (param f32 f32 f32) (result f32)
  (f32.add (local.get 0)
   (f32.mul (f32.mul (local.get 0) (local.get 1)) (local.get 2)))))
