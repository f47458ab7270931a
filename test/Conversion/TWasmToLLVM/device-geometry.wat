;; Where a thread is: a special register each (PTX ISA, "Special Registers"), in
;; every dimension.
;;
;; RUN: twc %s --emit=ptx --target=sm_80 | FileCheck %s

(module
 (import "tw" "thread_id_x" (func $thread_id_x (result i32)))
 (import "tw" "thread_id_y" (func $thread_id_y (result i32)))
 (import "tw" "thread_id_z" (func $thread_id_z (result i32)))
 (import "tw" "block_id_x" (func $block_id_x (result i32)))
 (import "tw" "block_id_y" (func $block_id_y (result i32)))
 (import "tw" "block_id_z" (func $block_id_z (result i32)))
 (import "tw" "block_dim_x" (func $block_dim_x (result i32)))
 (import "tw" "block_dim_y" (func $block_dim_y (result i32)))
 (import "tw" "block_dim_z" (func $block_dim_z (result i32)))
 (import "tw" "grid_dim_x" (func $grid_dim_x (result i32)))
 (import "tw" "grid_dim_y" (func $grid_dim_y (result i32)))
 (import "tw" "grid_dim_z" (func $grid_dim_z (result i32)))
 (memory 1)
 ;; CHECK-LABEL: .visible .entry tw_f_thread_id_x(
 ;; CHECK: mov.u32 %r{{[0-9]+}}, %tid.x;
 (func (export "f_thread_id_x") (param i32)
  (i32.store (local.get 0) (call $thread_id_x)))
 ;; CHECK-LABEL: .visible .entry tw_f_thread_id_y(
 ;; CHECK: mov.u32 %r{{[0-9]+}}, %tid.y;
 (func (export "f_thread_id_y") (param i32)
  (i32.store (local.get 0) (call $thread_id_y)))
 ;; CHECK-LABEL: .visible .entry tw_f_thread_id_z(
 ;; CHECK: mov.u32 %r{{[0-9]+}}, %tid.z;
 (func (export "f_thread_id_z") (param i32)
  (i32.store (local.get 0) (call $thread_id_z)))
 ;; CHECK-LABEL: .visible .entry tw_f_block_id_x(
 ;; CHECK: mov.u32 %r{{[0-9]+}}, %ctaid.x;
 (func (export "f_block_id_x") (param i32)
  (i32.store (local.get 0) (call $block_id_x)))
 ;; CHECK-LABEL: .visible .entry tw_f_block_id_y(
 ;; CHECK: mov.u32 %r{{[0-9]+}}, %ctaid.y;
 (func (export "f_block_id_y") (param i32)
  (i32.store (local.get 0) (call $block_id_y)))
 ;; CHECK-LABEL: .visible .entry tw_f_block_id_z(
 ;; CHECK: mov.u32 %r{{[0-9]+}}, %ctaid.z;
 (func (export "f_block_id_z") (param i32)
  (i32.store (local.get 0) (call $block_id_z)))
 ;; CHECK-LABEL: .visible .entry tw_f_block_dim_x(
 ;; CHECK: mov.u32 %r{{[0-9]+}}, %ntid.x;
 (func (export "f_block_dim_x") (param i32)
  (i32.store (local.get 0) (call $block_dim_x)))
 ;; CHECK-LABEL: .visible .entry tw_f_block_dim_y(
 ;; CHECK: mov.u32 %r{{[0-9]+}}, %ntid.y;
 (func (export "f_block_dim_y") (param i32)
  (i32.store (local.get 0) (call $block_dim_y)))
 ;; CHECK-LABEL: .visible .entry tw_f_block_dim_z(
 ;; CHECK: mov.u32 %r{{[0-9]+}}, %ntid.z;
 (func (export "f_block_dim_z") (param i32)
  (i32.store (local.get 0) (call $block_dim_z)))
 ;; CHECK-LABEL: .visible .entry tw_f_grid_dim_x(
 ;; CHECK: mov.u32 %r{{[0-9]+}}, %nctaid.x;
 (func (export "f_grid_dim_x") (param i32)
  (i32.store (local.get 0) (call $grid_dim_x)))
 ;; CHECK-LABEL: .visible .entry tw_f_grid_dim_y(
 ;; CHECK: mov.u32 %r{{[0-9]+}}, %nctaid.y;
 (func (export "f_grid_dim_y") (param i32)
  (i32.store (local.get 0) (call $grid_dim_y)))
 ;; CHECK-LABEL: .visible .entry tw_f_grid_dim_z(
 ;; CHECK: mov.u32 %r{{[0-9]+}}, %nctaid.z;
 (func (export "f_grid_dim_z") (param i32)
  (i32.store (local.get 0) (call $grid_dim_z))))
