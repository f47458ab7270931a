;; Barriers are not aligned: threads of a warp may come one by one (PTX ISA, "bar").
;; Fences are sequentially consistent in their scope. On the host a barrier is the
;; runtime's, with abi::CollectiveOp's number.
;;
;; RUN: twc %s --emit=ptx --target=sm_80 | FileCheck %s --check-prefix=PTX
;; RUN: twc %s --emit=ptx --target=sm_75 | FileCheck %s --check-prefix=PTX
;; RUN: twc %s --emit=llvm --target=host -O0 | FileCheck %s --check-prefix=HOST

(module
 (import "tw" "barrier" (func $barrier))
 (import "tw" "barrier_count" (func $barrier_count (param i32) (result i32)))
 (import "tw" "barrier_and" (func $barrier_and (param i32) (result i32)))
 (import "tw" "barrier_or" (func $barrier_or (param i32) (result i32)))
 (import "tw" "warp_sync" (func $warp_sync (param i32)))
 (import "tw" "fence_block" (func $fence_block))
 (import "tw" "fence_device" (func $fence_device))
 (import "tw" "fence_system" (func $fence_system))

 ;; PTX-LABEL: .visible .entry tw_barrier(
 ;; PTX: {{^}}	barrier.sync 	0;
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_barrier$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 1,
 (func (export "barrier")
  (call $barrier))

 ;; PTX-LABEL: .visible .entry tw_barrier_count(
 ;; PTX: {{^}}	barrier.red.popc.u32 
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_barrier_count$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 2,
 (func (export "barrier_count") (param i32) (result i32)
  (call $barrier_count (local.get 0)))

 ;; PTX-LABEL: .visible .entry tw_barrier_and(
 ;; PTX: {{^}}	barrier.red.and.pred 
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_barrier_and$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 3,
 (func (export "barrier_and") (param i32) (result i32)
  (call $barrier_and (local.get 0)))

 ;; PTX-LABEL: .visible .entry tw_barrier_or(
 ;; PTX: {{^}}	barrier.red.or.pred 
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_barrier_or$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 4,
 (func (export "barrier_or") (param i32) (result i32)
  (call $barrier_or (local.get 0)))

 ;; PTX-LABEL: .visible .entry tw_warp_sync(
 ;; PTX: mov.u32 {{.*}}, %laneid;
 ;; PTX: bar.warp.sync
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_warp_sync$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 8, i32 %6,
 (func (export "warp_sync") (param i32)
  (call $warp_sync (local.get 0)))

 ;; PTX-LABEL: .visible .entry tw_fence_block(
 ;; PTX: fence.sc.cta;
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_fence_block$2e{{[0-9]+}}"(
 ;; HOST: fence seq_cst
 (func (export "fence_block")
  (call $fence_block))

 ;; PTX-LABEL: .visible .entry tw_fence_device(
 ;; PTX: fence.sc.gpu;
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_fence_device$2e{{[0-9]+}}"(
 ;; HOST: fence seq_cst
 (func (export "fence_device")
  (call $fence_device))

 ;; PTX-LABEL: .visible .entry tw_fence_system(
 ;; PTX: fence.sc.sys;
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_fence_system$2e{{[0-9]+}}"(
 ;; HOST: fence seq_cst
 (func (export "fence_system")
  (call $fence_system)))
