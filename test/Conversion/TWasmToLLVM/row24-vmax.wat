;; Row 24 of the op mapping table: maxima of lanes. Signedness is part of the
;; op; float maxima follow Wasm's rule for NaN and -0.
;;
;; RUN: twc %s --emit=twasm | FileCheck %s --check-prefix=TWASM
;; RUN: twc %s --emit=std | FileCheck %s --check-prefix=STD
;; RUN: twc %s --emit=ptx --target=sm_80 | FileCheck %s --check-prefix=PTX

(module
 ;; TWASM-LABEL: twasm.func @signed(
 ;; TWASM: vimax_s i32x4 %arg0, %arg1
 ;; STD-LABEL: func.func private @f0_signed(
 ;; STD: arith.maxsi %arg6, %arg7 : vector<4xi32>
 ;; PTX-LABEL: .visible .entry tw_signed(
 ;; PTX-COUNT-4: max.s32
 (func (export "signed") (param v128 v128) (result v128)
  (i32x4.max_s (local.get 0) (local.get 1)))

 ;; TWASM-LABEL: twasm.func @unsigned(
 ;; TWASM: vimax_u i8x16 %arg0, %arg1
 ;; STD-LABEL: func.func private @f1_unsigned(
 ;; STD: arith.maxui %{{.*}}, %{{.*}} : vector<16xi8>
 ;; PTX-LABEL: .visible .entry tw_unsigned(
 ;; PTX-COUNT-16: max.u16
 (func (export "unsigned") (param v128 v128) (result v128)
  (i8x16.max_u (local.get 0) (local.get 1)))

 ;; TWASM-LABEL: twasm.func @float(
 ;; TWASM: vfmax f32x4 %arg0, %arg1
 ;; STD-LABEL: func.func private @f2_float(
 ;; STD: arith.maximumf %{{.*}}, %{{.*}} : vector<4xf32>
 ;; PTX-LABEL: .visible .entry tw_float(
 ;; PTX-COUNT-4: max.NaN.f32
 (func (export "float") (param v128 v128) (result v128)
  (f32x4.max (local.get 0) (local.get 1)))

 ;; The relaxed one is the same.
 ;; TWASM-LABEL: twasm.func @relaxed(
 ;; TWASM: vfmax f32x4 %arg0, %arg1
 (func (export "relaxed") (param v128 v128) (result v128)
  (f32x4.relaxed_max (local.get 0) (local.get 1)))

 ;; pmax chooses an operand: no arithmetic.
 ;; TWASM-LABEL: twasm.func @pmax(
 ;; TWASM: vfpmax f64x2 %arg0, %arg1
 ;; STD-LABEL: func.func private @f4_pmax(
 ;; STD: %[[LT:.*]] = arith.cmpf olt, %[[B:.*]], %[[A:.*]] : vector<2xf64>
 ;; STD: arith.select %[[LT]], %{{.*}}, %{{.*}} : vector<2xi1>, vector<2xi64>
 ;; PTX-LABEL: .visible .entry tw_pmax(
 ;; PTX-NOT: {{[[:space:]]}}max.
 ;; PTX-COUNT-2: setp.{{[a-z]+}}.f64
 (func (export "pmax") (param v128 v128) (result v128)
  (f64x2.pmax (local.get 0) (local.get 1))))
