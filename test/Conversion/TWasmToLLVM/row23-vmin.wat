;; Row 23 of the op mapping table: minima of lanes. Signedness is part of the
;; op; float minima follow Wasm's rule for NaN and -0.
;;
;; RUN: twc %s --emit=twasm | FileCheck %s --check-prefix=TWASM
;; RUN: twc %s --emit=std | FileCheck %s --check-prefix=STD
;; RUN: twc %s --emit=ptx --target=sm_80 | FileCheck %s --check-prefix=PTX

(module
 ;; TWASM-LABEL: twasm.func @signed(
 ;; TWASM: vimin_s i32x4 %arg0, %arg1
 ;; STD-LABEL: func.func private @f0_signed(
 ;; STD: arith.minsi %arg6, %arg7 : vector<4xi32>
 ;; PTX-LABEL: .visible .entry tw_signed(
 ;; PTX-COUNT-4: min.s32
 (func (export "signed") (param v128 v128) (result v128)
  (i32x4.min_s (local.get 0) (local.get 1)))

 ;; TWASM-LABEL: twasm.func @unsigned(
 ;; TWASM: vimin_u i8x16 %arg0, %arg1
 ;; STD-LABEL: func.func private @f1_unsigned(
 ;; STD: arith.minui %{{.*}}, %{{.*}} : vector<16xi8>
 ;; PTX-LABEL: .visible .entry tw_unsigned(
 ;; PTX-COUNT-16: min.u16
 (func (export "unsigned") (param v128 v128) (result v128)
  (i8x16.min_u (local.get 0) (local.get 1)))

 ;; TWASM-LABEL: twasm.func @float(
 ;; TWASM: vfmin f32x4 %arg0, %arg1
 ;; STD-LABEL: func.func private @f2_float(
 ;; STD: arith.minimumf %{{.*}}, %{{.*}} : vector<4xf32>
 ;; PTX-LABEL: .visible .entry tw_float(
 ;; PTX-COUNT-4: min.NaN.f32
 (func (export "float") (param v128 v128) (result v128)
  (f32x4.min (local.get 0) (local.get 1)))

 ;; The relaxed one is the same.
 ;; TWASM-LABEL: twasm.func @relaxed(
 ;; TWASM: vfmin f32x4 %arg0, %arg1
 (func (export "relaxed") (param v128 v128) (result v128)
  (f32x4.relaxed_min (local.get 0) (local.get 1)))

 ;; pmin chooses an operand: no arithmetic.
 ;; TWASM-LABEL: twasm.func @pmin(
 ;; TWASM: vfpmin f64x2 %arg0, %arg1
 ;; STD-LABEL: func.func private @f4_pmin(
 ;; STD: %[[LT:.*]] = arith.cmpf olt, %[[B:.*]], %[[A:.*]] : vector<2xf64>
 ;; STD: arith.select %[[LT]], %{{.*}}, %{{.*}} : vector<2xi1>, vector<2xi64>
 ;; PTX-LABEL: .visible .entry tw_pmin(
 ;; PTX-NOT: {{[[:space:]]}}min.
 ;; PTX-COUNT-2: setp.{{[a-z]+}}.f64
 (func (export "pmin") (param v128 v128) (result v128)
  (f64x2.pmin (local.get 0) (local.get 1))))
