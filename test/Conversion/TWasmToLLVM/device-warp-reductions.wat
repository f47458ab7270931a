;; Reductions of a warp. Integers of 32 bits take redux.sync where there is one; all
;; others, if the ballot says that all 32 lanes take part, five butterflies, else a
;; loop over the lanes. A value of 64 bits is shuffled as two words.
;;
;; RUN: twc %s --emit=ptx --target=sm_80 | FileCheck %s --check-prefix=PTX
;; RUN: twc %s --emit=ptx --target=sm_75 | FileCheck %s --check-prefix=OLD
;; RUN: twc %s --emit=llvm --target=host -O0 | FileCheck %s --check-prefix=HOST

(module
 (import "tw" "warp_reduce_add_i32" (func $warp_reduce_add_i32 (param i32 i32) (result i32)))
 (import "tw" "warp_reduce_min_s_i32" (func $warp_reduce_min_s_i32 (param i32 i32) (result i32)))
 (import "tw" "warp_reduce_min_u_i32" (func $warp_reduce_min_u_i32 (param i32 i32) (result i32)))
 (import "tw" "warp_reduce_max_s_i32" (func $warp_reduce_max_s_i32 (param i32 i32) (result i32)))
 (import "tw" "warp_reduce_max_u_i32" (func $warp_reduce_max_u_i32 (param i32 i32) (result i32)))
 (import "tw" "warp_reduce_and_i32" (func $warp_reduce_and_i32 (param i32 i32) (result i32)))
 (import "tw" "warp_reduce_or_i32" (func $warp_reduce_or_i32 (param i32 i32) (result i32)))
 (import "tw" "warp_reduce_xor_i32" (func $warp_reduce_xor_i32 (param i32 i32) (result i32)))
 (import "tw" "warp_reduce_add_i64" (func $warp_reduce_add_i64 (param i32 i64) (result i64)))
 (import "tw" "warp_reduce_min_s_i64" (func $warp_reduce_min_s_i64 (param i32 i64) (result i64)))
 (import "tw" "warp_reduce_min_u_i64" (func $warp_reduce_min_u_i64 (param i32 i64) (result i64)))
 (import "tw" "warp_reduce_max_s_i64" (func $warp_reduce_max_s_i64 (param i32 i64) (result i64)))
 (import "tw" "warp_reduce_max_u_i64" (func $warp_reduce_max_u_i64 (param i32 i64) (result i64)))
 (import "tw" "warp_reduce_and_i64" (func $warp_reduce_and_i64 (param i32 i64) (result i64)))
 (import "tw" "warp_reduce_or_i64" (func $warp_reduce_or_i64 (param i32 i64) (result i64)))
 (import "tw" "warp_reduce_xor_i64" (func $warp_reduce_xor_i64 (param i32 i64) (result i64)))
 (import "tw" "warp_reduce_add_f32" (func $warp_reduce_add_f32 (param i32 f32) (result f32)))
 (import "tw" "warp_reduce_min_f32" (func $warp_reduce_min_f32 (param i32 f32) (result f32)))
 (import "tw" "warp_reduce_max_f32" (func $warp_reduce_max_f32 (param i32 f32) (result f32)))
 (import "tw" "warp_reduce_add_f64" (func $warp_reduce_add_f64 (param i32 f64) (result f64)))
 (import "tw" "warp_reduce_min_f64" (func $warp_reduce_min_f64 (param i32 f64) (result f64)))
 (import "tw" "warp_reduce_max_f64" (func $warp_reduce_max_f64 (param i32 f64) (result f64)))

 ;; PTX-LABEL: .visible .entry tw_warp_reduce_add_i32(
 ;; PTX: %laneid
 ;; PTX: redux.sync.add.s32 
 ;; PTX-NOT: shfl
 ;; PTX: ret;
 ;; OLD-LABEL: .visible .entry tw_warp_reduce_add_i32(
 ;; OLD-NOT: redux
 ;; OLD: vote.sync.ballot.b32
 ;; OLD: shfl.sync.bfly.b32 {{.*}}, 16, 31, -1;
 ;; OLD: ret;
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_warp_reduce_add_i32$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 18, i32 %6, i64 {{.*}}, i32 0, i32 0,
 (func (export "warp_reduce_add_i32") (param i32 i32) (result i32)
  (call $warp_reduce_add_i32 (local.get 0) (local.get 1)))

 ;; PTX-LABEL: .visible .entry tw_warp_reduce_min_s_i32(
 ;; PTX: %laneid
 ;; PTX: redux.sync.min.s32 
 ;; PTX-NOT: shfl
 ;; PTX: ret;
 ;; OLD-LABEL: .visible .entry tw_warp_reduce_min_s_i32(
 ;; OLD-NOT: redux
 ;; OLD: vote.sync.ballot.b32
 ;; OLD: shfl.sync.bfly.b32 {{.*}}, 16, 31, -1;
 ;; OLD: ret;
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_warp_reduce_min_s_i32$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 18, i32 %6, i64 {{.*}}, i32 1, i32 0,
 (func (export "warp_reduce_min_s_i32") (param i32 i32) (result i32)
  (call $warp_reduce_min_s_i32 (local.get 0) (local.get 1)))

 ;; PTX-LABEL: .visible .entry tw_warp_reduce_min_u_i32(
 ;; PTX: %laneid
 ;; PTX: redux.sync.min.u32 
 ;; PTX-NOT: shfl
 ;; PTX: ret;
 ;; OLD-LABEL: .visible .entry tw_warp_reduce_min_u_i32(
 ;; OLD-NOT: redux
 ;; OLD: vote.sync.ballot.b32
 ;; OLD: shfl.sync.bfly.b32 {{.*}}, 16, 31, -1;
 ;; OLD: ret;
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_warp_reduce_min_u_i32$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 18, i32 %6, i64 {{.*}}, i32 2, i32 0,
 (func (export "warp_reduce_min_u_i32") (param i32 i32) (result i32)
  (call $warp_reduce_min_u_i32 (local.get 0) (local.get 1)))

 ;; PTX-LABEL: .visible .entry tw_warp_reduce_max_s_i32(
 ;; PTX: %laneid
 ;; PTX: redux.sync.max.s32 
 ;; PTX-NOT: shfl
 ;; PTX: ret;
 ;; OLD-LABEL: .visible .entry tw_warp_reduce_max_s_i32(
 ;; OLD-NOT: redux
 ;; OLD: vote.sync.ballot.b32
 ;; OLD: shfl.sync.bfly.b32 {{.*}}, 16, 31, -1;
 ;; OLD: ret;
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_warp_reduce_max_s_i32$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 18, i32 %6, i64 {{.*}}, i32 3, i32 0,
 (func (export "warp_reduce_max_s_i32") (param i32 i32) (result i32)
  (call $warp_reduce_max_s_i32 (local.get 0) (local.get 1)))

 ;; PTX-LABEL: .visible .entry tw_warp_reduce_max_u_i32(
 ;; PTX: %laneid
 ;; PTX: redux.sync.max.u32 
 ;; PTX-NOT: shfl
 ;; PTX: ret;
 ;; OLD-LABEL: .visible .entry tw_warp_reduce_max_u_i32(
 ;; OLD-NOT: redux
 ;; OLD: vote.sync.ballot.b32
 ;; OLD: shfl.sync.bfly.b32 {{.*}}, 16, 31, -1;
 ;; OLD: ret;
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_warp_reduce_max_u_i32$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 18, i32 %6, i64 {{.*}}, i32 4, i32 0,
 (func (export "warp_reduce_max_u_i32") (param i32 i32) (result i32)
  (call $warp_reduce_max_u_i32 (local.get 0) (local.get 1)))

 ;; PTX-LABEL: .visible .entry tw_warp_reduce_and_i32(
 ;; PTX: %laneid
 ;; PTX: redux.sync.and.b32 
 ;; PTX-NOT: shfl
 ;; PTX: ret;
 ;; OLD-LABEL: .visible .entry tw_warp_reduce_and_i32(
 ;; OLD-NOT: redux
 ;; OLD: vote.sync.ballot.b32
 ;; OLD: shfl.sync.bfly.b32 {{.*}}, 16, 31, -1;
 ;; OLD: ret;
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_warp_reduce_and_i32$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 18, i32 %6, i64 {{.*}}, i32 5, i32 0,
 (func (export "warp_reduce_and_i32") (param i32 i32) (result i32)
  (call $warp_reduce_and_i32 (local.get 0) (local.get 1)))

 ;; PTX-LABEL: .visible .entry tw_warp_reduce_or_i32(
 ;; PTX: %laneid
 ;; PTX: redux.sync.or.b32 
 ;; PTX-NOT: shfl
 ;; PTX: ret;
 ;; OLD-LABEL: .visible .entry tw_warp_reduce_or_i32(
 ;; OLD-NOT: redux
 ;; OLD: vote.sync.ballot.b32
 ;; OLD: shfl.sync.bfly.b32 {{.*}}, 16, 31, -1;
 ;; OLD: ret;
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_warp_reduce_or_i32$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 18, i32 %6, i64 {{.*}}, i32 6, i32 0,
 (func (export "warp_reduce_or_i32") (param i32 i32) (result i32)
  (call $warp_reduce_or_i32 (local.get 0) (local.get 1)))

 ;; PTX-LABEL: .visible .entry tw_warp_reduce_xor_i32(
 ;; PTX: %laneid
 ;; PTX: redux.sync.xor.b32 
 ;; PTX-NOT: shfl
 ;; PTX: ret;
 ;; OLD-LABEL: .visible .entry tw_warp_reduce_xor_i32(
 ;; OLD-NOT: redux
 ;; OLD: vote.sync.ballot.b32
 ;; OLD: shfl.sync.bfly.b32 {{.*}}, 16, 31, -1;
 ;; OLD: ret;
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_warp_reduce_xor_i32$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 18, i32 %6, i64 {{.*}}, i32 7, i32 0,
 (func (export "warp_reduce_xor_i32") (param i32 i32) (result i32)
  (call $warp_reduce_xor_i32 (local.get 0) (local.get 1)))

 ;; PTX-LABEL: .visible .entry tw_warp_reduce_add_i64(
 ;; PTX: %laneid
 ;; PTX: vote.sync.ballot.b32
 ;; PTX-DAG: shfl.sync.bfly.b32 {{.*}}, 16, 31, -1;
 ;; PTX-DAG: shfl.sync.bfly.b32 {{.*}}, 1, 31, -1;
 ;; PTX-DAG: shfl.sync.idx.b32
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_warp_reduce_add_i64$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 18, i32 %6, i64 {{.*}}, i32 0, i32 1,
 (func (export "warp_reduce_add_i64") (param i32 i64) (result i64)
  (call $warp_reduce_add_i64 (local.get 0) (local.get 1)))

 ;; PTX-LABEL: .visible .entry tw_warp_reduce_min_s_i64(
 ;; PTX: %laneid
 ;; PTX: vote.sync.ballot.b32
 ;; PTX-DAG: shfl.sync.bfly.b32 {{.*}}, 16, 31, -1;
 ;; PTX-DAG: shfl.sync.bfly.b32 {{.*}}, 1, 31, -1;
 ;; PTX-DAG: shfl.sync.idx.b32
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_warp_reduce_min_s_i64$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 18, i32 %6, i64 {{.*}}, i32 1, i32 1,
 (func (export "warp_reduce_min_s_i64") (param i32 i64) (result i64)
  (call $warp_reduce_min_s_i64 (local.get 0) (local.get 1)))

 ;; PTX-LABEL: .visible .entry tw_warp_reduce_min_u_i64(
 ;; PTX: %laneid
 ;; PTX: vote.sync.ballot.b32
 ;; PTX-DAG: shfl.sync.bfly.b32 {{.*}}, 16, 31, -1;
 ;; PTX-DAG: shfl.sync.bfly.b32 {{.*}}, 1, 31, -1;
 ;; PTX-DAG: shfl.sync.idx.b32
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_warp_reduce_min_u_i64$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 18, i32 %6, i64 {{.*}}, i32 2, i32 1,
 (func (export "warp_reduce_min_u_i64") (param i32 i64) (result i64)
  (call $warp_reduce_min_u_i64 (local.get 0) (local.get 1)))

 ;; PTX-LABEL: .visible .entry tw_warp_reduce_max_s_i64(
 ;; PTX: %laneid
 ;; PTX: vote.sync.ballot.b32
 ;; PTX-DAG: shfl.sync.bfly.b32 {{.*}}, 16, 31, -1;
 ;; PTX-DAG: shfl.sync.bfly.b32 {{.*}}, 1, 31, -1;
 ;; PTX-DAG: shfl.sync.idx.b32
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_warp_reduce_max_s_i64$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 18, i32 %6, i64 {{.*}}, i32 3, i32 1,
 (func (export "warp_reduce_max_s_i64") (param i32 i64) (result i64)
  (call $warp_reduce_max_s_i64 (local.get 0) (local.get 1)))

 ;; PTX-LABEL: .visible .entry tw_warp_reduce_max_u_i64(
 ;; PTX: %laneid
 ;; PTX: vote.sync.ballot.b32
 ;; PTX-DAG: shfl.sync.bfly.b32 {{.*}}, 16, 31, -1;
 ;; PTX-DAG: shfl.sync.bfly.b32 {{.*}}, 1, 31, -1;
 ;; PTX-DAG: shfl.sync.idx.b32
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_warp_reduce_max_u_i64$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 18, i32 %6, i64 {{.*}}, i32 4, i32 1,
 (func (export "warp_reduce_max_u_i64") (param i32 i64) (result i64)
  (call $warp_reduce_max_u_i64 (local.get 0) (local.get 1)))

 ;; PTX-LABEL: .visible .entry tw_warp_reduce_and_i64(
 ;; PTX: %laneid
 ;; PTX: vote.sync.ballot.b32
 ;; PTX-DAG: shfl.sync.bfly.b32 {{.*}}, 16, 31, -1;
 ;; PTX-DAG: shfl.sync.bfly.b32 {{.*}}, 1, 31, -1;
 ;; PTX-DAG: shfl.sync.idx.b32
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_warp_reduce_and_i64$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 18, i32 %6, i64 {{.*}}, i32 5, i32 1,
 (func (export "warp_reduce_and_i64") (param i32 i64) (result i64)
  (call $warp_reduce_and_i64 (local.get 0) (local.get 1)))

 ;; PTX-LABEL: .visible .entry tw_warp_reduce_or_i64(
 ;; PTX: %laneid
 ;; PTX: vote.sync.ballot.b32
 ;; PTX-DAG: shfl.sync.bfly.b32 {{.*}}, 16, 31, -1;
 ;; PTX-DAG: shfl.sync.bfly.b32 {{.*}}, 1, 31, -1;
 ;; PTX-DAG: shfl.sync.idx.b32
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_warp_reduce_or_i64$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 18, i32 %6, i64 {{.*}}, i32 6, i32 1,
 (func (export "warp_reduce_or_i64") (param i32 i64) (result i64)
  (call $warp_reduce_or_i64 (local.get 0) (local.get 1)))

 ;; PTX-LABEL: .visible .entry tw_warp_reduce_xor_i64(
 ;; PTX: %laneid
 ;; PTX: vote.sync.ballot.b32
 ;; PTX-DAG: shfl.sync.bfly.b32 {{.*}}, 16, 31, -1;
 ;; PTX-DAG: shfl.sync.bfly.b32 {{.*}}, 1, 31, -1;
 ;; PTX-DAG: shfl.sync.idx.b32
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_warp_reduce_xor_i64$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 18, i32 %6, i64 {{.*}}, i32 7, i32 1,
 (func (export "warp_reduce_xor_i64") (param i32 i64) (result i64)
  (call $warp_reduce_xor_i64 (local.get 0) (local.get 1)))

 ;; PTX-LABEL: .visible .entry tw_warp_reduce_add_f32(
 ;; PTX: %laneid
 ;; PTX: vote.sync.ballot.b32
 ;; PTX-DAG: shfl.sync.bfly.b32 {{.*}}, 16, 31, -1;
 ;; PTX-DAG: shfl.sync.bfly.b32 {{.*}}, 8, 31, -1;
 ;; PTX-DAG: shfl.sync.bfly.b32 {{.*}}, 4, 31, -1;
 ;; PTX-DAG: shfl.sync.bfly.b32 {{.*}}, 2, 31, -1;
 ;; PTX-DAG: shfl.sync.bfly.b32 {{.*}}, 1, 31, -1;
 ;; PTX-DAG: shfl.sync.idx.b32
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_warp_reduce_add_f32$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 18, i32 %6, i64 {{.*}}, i32 0, i32 2,
 (func (export "warp_reduce_add_f32") (param i32 f32) (result f32)
  (call $warp_reduce_add_f32 (local.get 0) (local.get 1)))

 ;; PTX-LABEL: .visible .entry tw_warp_reduce_min_f32(
 ;; PTX: %laneid
 ;; PTX: vote.sync.ballot.b32
 ;; PTX-DAG: shfl.sync.bfly.b32 {{.*}}, 16, 31, -1;
 ;; PTX-DAG: shfl.sync.bfly.b32 {{.*}}, 8, 31, -1;
 ;; PTX-DAG: shfl.sync.bfly.b32 {{.*}}, 4, 31, -1;
 ;; PTX-DAG: shfl.sync.bfly.b32 {{.*}}, 2, 31, -1;
 ;; PTX-DAG: shfl.sync.bfly.b32 {{.*}}, 1, 31, -1;
 ;; PTX-DAG: shfl.sync.idx.b32
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_warp_reduce_min_f32$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 18, i32 %6, i64 {{.*}}, i32 8, i32 2,
 (func (export "warp_reduce_min_f32") (param i32 f32) (result f32)
  (call $warp_reduce_min_f32 (local.get 0) (local.get 1)))

 ;; PTX-LABEL: .visible .entry tw_warp_reduce_max_f32(
 ;; PTX: %laneid
 ;; PTX: vote.sync.ballot.b32
 ;; PTX-DAG: shfl.sync.bfly.b32 {{.*}}, 16, 31, -1;
 ;; PTX-DAG: shfl.sync.bfly.b32 {{.*}}, 8, 31, -1;
 ;; PTX-DAG: shfl.sync.bfly.b32 {{.*}}, 4, 31, -1;
 ;; PTX-DAG: shfl.sync.bfly.b32 {{.*}}, 2, 31, -1;
 ;; PTX-DAG: shfl.sync.bfly.b32 {{.*}}, 1, 31, -1;
 ;; PTX-DAG: shfl.sync.idx.b32
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_warp_reduce_max_f32$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 18, i32 %6, i64 {{.*}}, i32 9, i32 2,
 (func (export "warp_reduce_max_f32") (param i32 f32) (result f32)
  (call $warp_reduce_max_f32 (local.get 0) (local.get 1)))

 ;; PTX-LABEL: .visible .entry tw_warp_reduce_add_f64(
 ;; PTX: %laneid
 ;; PTX: vote.sync.ballot.b32
 ;; PTX-DAG: shfl.sync.bfly.b32 {{.*}}, 16, 31, -1;
 ;; PTX-DAG: shfl.sync.bfly.b32 {{.*}}, 1, 31, -1;
 ;; PTX-DAG: shfl.sync.idx.b32
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_warp_reduce_add_f64$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 18, i32 %6, i64 {{.*}}, i32 0, i32 3,
 (func (export "warp_reduce_add_f64") (param i32 f64) (result f64)
  (call $warp_reduce_add_f64 (local.get 0) (local.get 1)))

 ;; PTX-LABEL: .visible .entry tw_warp_reduce_min_f64(
 ;; PTX: %laneid
 ;; PTX: vote.sync.ballot.b32
 ;; PTX-DAG: shfl.sync.bfly.b32 {{.*}}, 16, 31, -1;
 ;; PTX-DAG: shfl.sync.bfly.b32 {{.*}}, 1, 31, -1;
 ;; PTX-DAG: shfl.sync.idx.b32
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_warp_reduce_min_f64$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 18, i32 %6, i64 {{.*}}, i32 8, i32 3,
 (func (export "warp_reduce_min_f64") (param i32 f64) (result f64)
  (call $warp_reduce_min_f64 (local.get 0) (local.get 1)))

 ;; PTX-LABEL: .visible .entry tw_warp_reduce_max_f64(
 ;; PTX: %laneid
 ;; PTX: vote.sync.ballot.b32
 ;; PTX-DAG: shfl.sync.bfly.b32 {{.*}}, 16, 31, -1;
 ;; PTX-DAG: shfl.sync.bfly.b32 {{.*}}, 1, 31, -1;
 ;; PTX-DAG: shfl.sync.idx.b32
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_warp_reduce_max_f64$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 18, i32 %6, i64 {{.*}}, i32 9, i32 3,
 (func (export "warp_reduce_max_f64") (param i32 f64) (result f64)
  (call $warp_reduce_max_f64 (local.get 0) (local.get 1))))
