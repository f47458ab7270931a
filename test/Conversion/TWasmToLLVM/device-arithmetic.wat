;; Exact and approximate arithmetic: nothing is flushed to zero, and NaNs are
;; canonical where they become visible. On sm_75 tanh needs PTX ISA 7.0.
;;
;; RUN: twc %s --emit=ptx --target=sm_80 | FileCheck %s --check-prefix=PTX
;; RUN: twc %s --emit=ptx --target=sm_75 | FileCheck %s --check-prefix=VERSION
;; RUN: twc %s --emit=llvm --target=host -O0 | FileCheck %s --check-prefix=HOST

;; VERSION: .version 7.0
;; VERSION: .target sm_75

(module
 (import "tw" "rsqrt_f32" (func $rsqrt_f32 (param f32) (result f32)))
 (import "tw" "rsqrt_f64" (func $rsqrt_f64 (param f64) (result f64)))
 (import "tw" "fast_rcp_f32" (func $fast_rcp_f32 (param f32) (result f32)))
 (import "tw" "fast_sqrt_f32" (func $fast_sqrt_f32 (param f32) (result f32)))
 (import "tw" "fast_rsqrt_f32" (func $fast_rsqrt_f32 (param f32) (result f32)))
 (import "tw" "fast_sin_f32" (func $fast_sin_f32 (param f32) (result f32)))
 (import "tw" "fast_cos_f32" (func $fast_cos_f32 (param f32) (result f32)))
 (import "tw" "fast_exp2_f32" (func $fast_exp2_f32 (param f32) (result f32)))
 (import "tw" "fast_log2_f32" (func $fast_log2_f32 (param f32) (result f32)))
 (import "tw" "fast_tanh_f32" (func $fast_tanh_f32 (param f32) (result f32)))
 (import "tw" "fast_div_f32" (func $fast_div_f32 (param f32 f32) (result f32)))

 ;; PTX-LABEL: .visible .entry tw_rsqrt_f32(
 ;; PTX: cvt.f64.f32
 ;; PTX: sqrt.rn.f64
 ;; PTX: rcp.rn.f64
 ;; PTX: cvt.rn.f32.f64
 (func (export "rsqrt_f32") (param f32) (result f32)
  (call $rsqrt_f32 (local.get 0)))

 ;; PTX-LABEL: .visible .entry tw_rsqrt_f64(
 ;; PTX: sqrt.rn.f64
 ;; PTX: rcp.rn.f64
 (func (export "rsqrt_f64") (param f64) (result f64)
  (call $rsqrt_f64 (local.get 0)))

 ;; PTX-LABEL: .visible .entry tw_fast_rcp_f32(
 ;; PTX: rcp.approx.f32 
 ;; PTX: setp.nan.f32
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_fast_rcp_f32$2e{{[0-9]+}}"(
 ;; HOST: call float @__tw_fast_math(ptr %2, i32 0, float %6)
 (func (export "fast_rcp_f32") (param f32) (result f32)
  (call $fast_rcp_f32 (local.get 0)))

 ;; PTX-LABEL: .visible .entry tw_fast_sqrt_f32(
 ;; PTX: sqrt.approx.f32 
 ;; PTX: setp.nan.f32
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_fast_sqrt_f32$2e{{[0-9]+}}"(
 ;; HOST: call float @__tw_fast_math(ptr %2, i32 1, float %6)
 (func (export "fast_sqrt_f32") (param f32) (result f32)
  (call $fast_sqrt_f32 (local.get 0)))

 ;; PTX-LABEL: .visible .entry tw_fast_rsqrt_f32(
 ;; PTX: rsqrt.approx.f32 
 ;; PTX: setp.nan.f32
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_fast_rsqrt_f32$2e{{[0-9]+}}"(
 ;; HOST: call float @__tw_fast_math(ptr %2, i32 2, float %6)
 (func (export "fast_rsqrt_f32") (param f32) (result f32)
  (call $fast_rsqrt_f32 (local.get 0)))

 ;; PTX-LABEL: .visible .entry tw_fast_sin_f32(
 ;; PTX: sin.approx.f32 
 ;; PTX: setp.nan.f32
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_fast_sin_f32$2e{{[0-9]+}}"(
 ;; HOST: call float @__tw_fast_math(ptr %2, i32 3, float %6)
 (func (export "fast_sin_f32") (param f32) (result f32)
  (call $fast_sin_f32 (local.get 0)))

 ;; PTX-LABEL: .visible .entry tw_fast_cos_f32(
 ;; PTX: cos.approx.f32 
 ;; PTX: setp.nan.f32
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_fast_cos_f32$2e{{[0-9]+}}"(
 ;; HOST: call float @__tw_fast_math(ptr %2, i32 4, float %6)
 (func (export "fast_cos_f32") (param f32) (result f32)
  (call $fast_cos_f32 (local.get 0)))

 ;; PTX-LABEL: .visible .entry tw_fast_exp2_f32(
 ;; PTX: ex2.approx.f32 
 ;; PTX: setp.nan.f32
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_fast_exp2_f32$2e{{[0-9]+}}"(
 ;; HOST: call float @__tw_fast_math(ptr %2, i32 5, float %6)
 (func (export "fast_exp2_f32") (param f32) (result f32)
  (call $fast_exp2_f32 (local.get 0)))

 ;; PTX-LABEL: .visible .entry tw_fast_log2_f32(
 ;; PTX: lg2.approx.f32 
 ;; PTX: setp.nan.f32
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_fast_log2_f32$2e{{[0-9]+}}"(
 ;; HOST: call float @__tw_fast_math(ptr %2, i32 6, float %6)
 (func (export "fast_log2_f32") (param f32) (result f32)
  (call $fast_log2_f32 (local.get 0)))

 ;; PTX-LABEL: .visible .entry tw_fast_tanh_f32(
 ;; PTX: tanh.approx.f32 
 ;; PTX: setp.nan.f32
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_fast_tanh_f32$2e{{[0-9]+}}"(
 ;; HOST: call float @__tw_fast_math(ptr %2, i32 7, float %6)
 (func (export "fast_tanh_f32") (param f32) (result f32)
  (call $fast_tanh_f32 (local.get 0)))

 ;; PTX-LABEL: .visible .entry tw_fast_div_f32(
 ;; PTX: div.approx.f32 
 ;; PTX: setp.nan.f32
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_fast_div_f32$2e{{[0-9]+}}"(
 ;; HOST: fdiv float %6, %7
 (func (export "fast_div_f32") (param f32 f32) (result f32)
  (call $fast_div_f32 (local.get 0) (local.get 1))))
