;; The imports of module `tw` become ops, not calls (design: execution model).
;;
;; RUN: twc %s --emit=twasm | FileCheck %s

(module
 (import "tw" "thread_id_x" (func $tx (result i32)))
 (import "tw" "thread_id_y" (func $ty (result i32)))
 (import "tw" "block_id_z" (func $bz (result i32)))
 (import "tw" "block_dim_x" (func $dx (result i32)))
 (import "tw" "grid_dim_y" (func $gy (result i32)))
 (import "tw" "fma_f32" (func $fma (param f32 f32 f32) (result f32)))
 (import "tw" "fma_f64" (func $fma64 (param f64 f64 f64) (result f64)))

 ;; CHECK-NOT: twasm.func
 ;; CHECK-LABEL: twasm.func @geometry
 ;; CHECK-SAME: func_index = 7 : i32
 ;; CHECK: thread_id x : i32
 ;; CHECK: thread_id y : i32
 ;; CHECK: block_id z : i32
 ;; CHECK: block_dim x : i32
 ;; CHECK: grid_dim y : i32
 ;; CHECK-NOT: call
 (func $geometry (export "geometry") (result i32 i32 i32 i32 i32)
  call $tx call $ty call $bz call $dx call $gy)

 ;; CHECK-LABEL: twasm.func @fma3(
 ;; CHECK: fma %arg0, %arg1, %arg0 : f32
 (func $fma3 (export "fma") (param f32 f32) (result f32)
  (call $fma (local.get 0) (local.get 1) (local.get 0)))

 ;; CHECK-LABEL: twasm.func @fma3.64
 ;; CHECK: fma %arg0, %arg1, %arg1 : f64
 (func $fma3.64 (export "fma64") (param f64 f64) (result f64)
  (call $fma64 (local.get 0) (local.get 1) (local.get 1))))
