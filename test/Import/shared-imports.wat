;; Shared memory, atomics with order and scope, and asynchronous copies become
;; ops.
;;
;; RUN: twc %s --emit=twasm | FileCheck %s

(module
 (import "tw" "shared" (func $shared (param i32) (result i32)))
 (import "tw" "shared_base" (func $base (result i32)))
 (import "tw" "shared_size" (func $size (result i32)))
 (import "tw" "atomic_add_i32_relaxed_block" (func $add (param i32 i32) (result i32)))
 (import "tw" "atomic_max_u_i64_seq_cst_system" (func $max (param i32 i64) (result i64)))
 (import "tw" "atomic_min_f32_acq_rel_device" (func $min (param i32 f32) (result f32)))
 (import "tw" "atomic_cmpxchg_f64_release_device"
  (func $swap (param i32 f64 f64) (result f64)))
 (import "tw" "atomic_load_f32_acquire_block" (func $load (param i32) (result f32)))
 (import "tw" "atomic_store_i64_release_system" (func $store (param i32 i64)))
 (import "tw" "copy_async_16" (func $copy (param i32 i32)))
 (import "tw" "copy_async_commit" (func $commit))
 (import "tw" "copy_async_wait" (func $wait (param i32)))
 (memory 1)

 ;; CHECK-LABEL: twasm.func @memory
 ;; CHECK: shared 50
 ;; CHECK: shared_base
 ;; CHECK: shared_size
 (func $memory (export "memory") (result i32 i32 i32)
  (call $shared (i32.const 50)) (call $base) (call $size))

 ;; CHECK-LABEL: twasm.func @atomics(
 ;; CHECK: scoped_rmw add relaxed block %arg1, %arg0 : i32
 ;; CHECK: scoped_rmw max_u seq_cst system %arg2, %arg0 : i64
 ;; CHECK: scoped_rmw min acq_rel device %{{.*}}, %arg0 : f32
 ;; CHECK: scoped_cmpxchg release device %{{.*}}, %{{.*}}, %arg0 : f64
 ;; CHECK: scoped_load acquire block %arg0 : f32
 ;; CHECK: scoped_store release system %arg2, %arg0 : i64
 (func $atomics (export "atomics") (param i32 i32 i64)
  (drop (call $add (local.get 0) (local.get 1)))
  (drop (call $max (local.get 0) (local.get 2)))
  (drop (call $min (local.get 0) (f32.const 1)))
  (drop (call $swap (local.get 0) (f64.const 1) (f64.const 2)))
  (drop (call $load (local.get 0)))
  (call $store (local.get 0) (local.get 2)))

 ;; A number of groups that is computed counts as 0.
 ;; CHECK-LABEL: twasm.func @copies(
 ;; CHECK: copy_async 16 %arg0, %arg1
 ;; CHECK: copy_async_commit
 ;; CHECK: copy_async_wait 3
 ;; CHECK: copy_async_wait 0
 (func $copies (export "copies") (param i32 i32)
  (call $copy (local.get 0) (local.get 1))
  (call $commit)
  (call $wait (i32.const 3))
  (call $wait (local.get 0))))
