;; Row 9 of the op mapping table: the imports tw.fma_f32 and tw.fma_f64. One
;; rounding: never a multiplication and an addition.
;;
;; RUN: twc %s --emit=twasm | FileCheck %s --check-prefix=TWASM
;; RUN: twc %s --emit=std | FileCheck %s --check-prefix=STD
;; RUN: twc %s --emit=ptx --target=sm_80 | FileCheck %s --check-prefix=PTX

(module
 (import "tw" "fma_f32" (func $fma_f32 (param f32 f32 f32) (result f32)))
 (import "tw" "fma_f64" (func $fma_f64 (param f64 f64 f64) (result f64)))

 ;; TWASM-LABEL: twasm.func @single(
 ;; TWASM: fma %arg0, %arg1, %arg2 : f32
 ;; STD-LABEL: func.func private @f2_single(
 ;; STD: math.fma %arg6, %arg7, %arg8 : f32
 ;; PTX-LABEL: .visible .entry tw_single(
 ;; PTX-NOT: {{mul|add}}.rn
 ;; PTX: fma.rn.f32
 ;; PTX-NOT: {{mul|add}}.rn
 (func (export "single") (param f32 f32 f32) (result f32)
  (call $fma_f32 (local.get 0) (local.get 1) (local.get 2)))

 ;; TWASM-LABEL: twasm.func @double(
 ;; TWASM: fma %arg0, %arg1, %arg2 : f64
 ;; STD-LABEL: func.func private @f3_double(
 ;; STD: math.fma %arg6, %arg7, %arg8 : f64
 ;; PTX-LABEL: .visible .entry tw_double(
 ;; PTX-NOT: {{mul|add}}.rn
 ;; PTX: fma.rn.f64
 ;; PTX-NOT: {{mul|add}}.rn
 ;; PTX: ret;
 (func (export "double") (param f64 f64 f64) (result f64)
  (call $fma_f64 (local.get 0) (local.get 1) (local.get 2))))
