;; Reductions of a block: a function of their own, which is not inlined, with a scratch
;; in static shared memory. The ballot tells which lanes are left, the barrier's count
;; whether any thread is missing. If none is, the warps' results are read 16 bytes at
;; a time, and -0, which changes no sum, stands for warps that the block lacks.
;;  
;; The body of one of them:
;;  
;; PTX: .shared .align 16 .b8 __tw_scratch[264];
;; PTX: .func {{.*}} __tw_block_reduce_add_f64(
;; PTX: vote.sync.ballot.b32
;; PTX: barrier.red.popc.u32
;; PTX-COUNT-4: ld.volatile.shared.v2.b64
;; PTX: selp.f64 %{{.*}}, {{.*}}0d8000000000000000
;;
;; RUN: twc %s --emit=ptx --target=sm_80 > %t.ptx
;; RUN: FileCheck %s --check-prefix=ENTRY < %t.ptx
;; RUN: FileCheck %s --check-prefix=PTX < %t.ptx
;; RUN: twc %s --emit=llvm --target=host -O0 | FileCheck %s --check-prefix=HOST

(module
 (import "tw" "block_reduce_add_i32" (func $block_reduce_add_i32 (param i32) (result i32)))
 (import "tw" "block_reduce_min_s_i32" (func $block_reduce_min_s_i32 (param i32) (result i32)))
 (import "tw" "block_reduce_min_u_i32" (func $block_reduce_min_u_i32 (param i32) (result i32)))
 (import "tw" "block_reduce_max_s_i32" (func $block_reduce_max_s_i32 (param i32) (result i32)))
 (import "tw" "block_reduce_max_u_i32" (func $block_reduce_max_u_i32 (param i32) (result i32)))
 (import "tw" "block_reduce_and_i32" (func $block_reduce_and_i32 (param i32) (result i32)))
 (import "tw" "block_reduce_or_i32" (func $block_reduce_or_i32 (param i32) (result i32)))
 (import "tw" "block_reduce_xor_i32" (func $block_reduce_xor_i32 (param i32) (result i32)))
 (import "tw" "block_reduce_add_i64" (func $block_reduce_add_i64 (param i64) (result i64)))
 (import "tw" "block_reduce_min_s_i64" (func $block_reduce_min_s_i64 (param i64) (result i64)))
 (import "tw" "block_reduce_min_u_i64" (func $block_reduce_min_u_i64 (param i64) (result i64)))
 (import "tw" "block_reduce_max_s_i64" (func $block_reduce_max_s_i64 (param i64) (result i64)))
 (import "tw" "block_reduce_max_u_i64" (func $block_reduce_max_u_i64 (param i64) (result i64)))
 (import "tw" "block_reduce_and_i64" (func $block_reduce_and_i64 (param i64) (result i64)))
 (import "tw" "block_reduce_or_i64" (func $block_reduce_or_i64 (param i64) (result i64)))
 (import "tw" "block_reduce_xor_i64" (func $block_reduce_xor_i64 (param i64) (result i64)))
 (import "tw" "block_reduce_add_f32" (func $block_reduce_add_f32 (param f32) (result f32)))
 (import "tw" "block_reduce_min_f32" (func $block_reduce_min_f32 (param f32) (result f32)))
 (import "tw" "block_reduce_max_f32" (func $block_reduce_max_f32 (param f32) (result f32)))
 (import "tw" "block_reduce_add_f64" (func $block_reduce_add_f64 (param f64) (result f64)))
 (import "tw" "block_reduce_min_f64" (func $block_reduce_min_f64 (param f64) (result f64)))
 (import "tw" "block_reduce_max_f64" (func $block_reduce_max_f64 (param f64) (result f64)))

 ;; ENTRY-LABEL: .visible .entry tw_block_reduce_add_i32(
 ;; ENTRY: call{{.*}} (retval0), __tw_block_reduce_add_i32,
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_block_reduce_add_i32$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 19, i32 0, i64 {{.*}}, i32 0, i32 0,
 (func (export "block_reduce_add_i32") (param i32) (result i32)
  (call $block_reduce_add_i32 (local.get 0)))

 ;; ENTRY-LABEL: .visible .entry tw_block_reduce_min_s_i32(
 ;; ENTRY: call{{.*}} (retval0), __tw_block_reduce_min_s_i32,
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_block_reduce_min_s_i32$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 19, i32 0, i64 {{.*}}, i32 1, i32 0,
 (func (export "block_reduce_min_s_i32") (param i32) (result i32)
  (call $block_reduce_min_s_i32 (local.get 0)))

 ;; ENTRY-LABEL: .visible .entry tw_block_reduce_min_u_i32(
 ;; ENTRY: call{{.*}} (retval0), __tw_block_reduce_min_u_i32,
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_block_reduce_min_u_i32$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 19, i32 0, i64 {{.*}}, i32 2, i32 0,
 (func (export "block_reduce_min_u_i32") (param i32) (result i32)
  (call $block_reduce_min_u_i32 (local.get 0)))

 ;; ENTRY-LABEL: .visible .entry tw_block_reduce_max_s_i32(
 ;; ENTRY: call{{.*}} (retval0), __tw_block_reduce_max_s_i32,
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_block_reduce_max_s_i32$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 19, i32 0, i64 {{.*}}, i32 3, i32 0,
 (func (export "block_reduce_max_s_i32") (param i32) (result i32)
  (call $block_reduce_max_s_i32 (local.get 0)))

 ;; ENTRY-LABEL: .visible .entry tw_block_reduce_max_u_i32(
 ;; ENTRY: call{{.*}} (retval0), __tw_block_reduce_max_u_i32,
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_block_reduce_max_u_i32$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 19, i32 0, i64 {{.*}}, i32 4, i32 0,
 (func (export "block_reduce_max_u_i32") (param i32) (result i32)
  (call $block_reduce_max_u_i32 (local.get 0)))

 ;; ENTRY-LABEL: .visible .entry tw_block_reduce_and_i32(
 ;; ENTRY: call{{.*}} (retval0), __tw_block_reduce_and_i32,
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_block_reduce_and_i32$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 19, i32 0, i64 {{.*}}, i32 5, i32 0,
 (func (export "block_reduce_and_i32") (param i32) (result i32)
  (call $block_reduce_and_i32 (local.get 0)))

 ;; ENTRY-LABEL: .visible .entry tw_block_reduce_or_i32(
 ;; ENTRY: call{{.*}} (retval0), __tw_block_reduce_or_i32,
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_block_reduce_or_i32$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 19, i32 0, i64 {{.*}}, i32 6, i32 0,
 (func (export "block_reduce_or_i32") (param i32) (result i32)
  (call $block_reduce_or_i32 (local.get 0)))

 ;; ENTRY-LABEL: .visible .entry tw_block_reduce_xor_i32(
 ;; ENTRY: call{{.*}} (retval0), __tw_block_reduce_xor_i32,
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_block_reduce_xor_i32$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 19, i32 0, i64 {{.*}}, i32 7, i32 0,
 (func (export "block_reduce_xor_i32") (param i32) (result i32)
  (call $block_reduce_xor_i32 (local.get 0)))

 ;; ENTRY-LABEL: .visible .entry tw_block_reduce_add_i64(
 ;; ENTRY: call{{.*}} (retval0), __tw_block_reduce_add_i64,
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_block_reduce_add_i64$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 19, i32 0, i64 {{.*}}, i32 0, i32 1,
 (func (export "block_reduce_add_i64") (param i64) (result i64)
  (call $block_reduce_add_i64 (local.get 0)))

 ;; ENTRY-LABEL: .visible .entry tw_block_reduce_min_s_i64(
 ;; ENTRY: call{{.*}} (retval0), __tw_block_reduce_min_s_i64,
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_block_reduce_min_s_i64$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 19, i32 0, i64 {{.*}}, i32 1, i32 1,
 (func (export "block_reduce_min_s_i64") (param i64) (result i64)
  (call $block_reduce_min_s_i64 (local.get 0)))

 ;; ENTRY-LABEL: .visible .entry tw_block_reduce_min_u_i64(
 ;; ENTRY: call{{.*}} (retval0), __tw_block_reduce_min_u_i64,
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_block_reduce_min_u_i64$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 19, i32 0, i64 {{.*}}, i32 2, i32 1,
 (func (export "block_reduce_min_u_i64") (param i64) (result i64)
  (call $block_reduce_min_u_i64 (local.get 0)))

 ;; ENTRY-LABEL: .visible .entry tw_block_reduce_max_s_i64(
 ;; ENTRY: call{{.*}} (retval0), __tw_block_reduce_max_s_i64,
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_block_reduce_max_s_i64$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 19, i32 0, i64 {{.*}}, i32 3, i32 1,
 (func (export "block_reduce_max_s_i64") (param i64) (result i64)
  (call $block_reduce_max_s_i64 (local.get 0)))

 ;; ENTRY-LABEL: .visible .entry tw_block_reduce_max_u_i64(
 ;; ENTRY: call{{.*}} (retval0), __tw_block_reduce_max_u_i64,
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_block_reduce_max_u_i64$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 19, i32 0, i64 {{.*}}, i32 4, i32 1,
 (func (export "block_reduce_max_u_i64") (param i64) (result i64)
  (call $block_reduce_max_u_i64 (local.get 0)))

 ;; ENTRY-LABEL: .visible .entry tw_block_reduce_and_i64(
 ;; ENTRY: call{{.*}} (retval0), __tw_block_reduce_and_i64,
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_block_reduce_and_i64$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 19, i32 0, i64 {{.*}}, i32 5, i32 1,
 (func (export "block_reduce_and_i64") (param i64) (result i64)
  (call $block_reduce_and_i64 (local.get 0)))

 ;; ENTRY-LABEL: .visible .entry tw_block_reduce_or_i64(
 ;; ENTRY: call{{.*}} (retval0), __tw_block_reduce_or_i64,
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_block_reduce_or_i64$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 19, i32 0, i64 {{.*}}, i32 6, i32 1,
 (func (export "block_reduce_or_i64") (param i64) (result i64)
  (call $block_reduce_or_i64 (local.get 0)))

 ;; ENTRY-LABEL: .visible .entry tw_block_reduce_xor_i64(
 ;; ENTRY: call{{.*}} (retval0), __tw_block_reduce_xor_i64,
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_block_reduce_xor_i64$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 19, i32 0, i64 {{.*}}, i32 7, i32 1,
 (func (export "block_reduce_xor_i64") (param i64) (result i64)
  (call $block_reduce_xor_i64 (local.get 0)))

 ;; ENTRY-LABEL: .visible .entry tw_block_reduce_add_f32(
 ;; ENTRY: call{{.*}} (retval0), __tw_block_reduce_add_f32,
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_block_reduce_add_f32$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 19, i32 0, i64 {{.*}}, i32 0, i32 2,
 (func (export "block_reduce_add_f32") (param f32) (result f32)
  (call $block_reduce_add_f32 (local.get 0)))

 ;; ENTRY-LABEL: .visible .entry tw_block_reduce_min_f32(
 ;; ENTRY: call{{.*}} (retval0), __tw_block_reduce_min_f32,
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_block_reduce_min_f32$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 19, i32 0, i64 {{.*}}, i32 8, i32 2,
 (func (export "block_reduce_min_f32") (param f32) (result f32)
  (call $block_reduce_min_f32 (local.get 0)))

 ;; ENTRY-LABEL: .visible .entry tw_block_reduce_max_f32(
 ;; ENTRY: call{{.*}} (retval0), __tw_block_reduce_max_f32,
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_block_reduce_max_f32$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 19, i32 0, i64 {{.*}}, i32 9, i32 2,
 (func (export "block_reduce_max_f32") (param f32) (result f32)
  (call $block_reduce_max_f32 (local.get 0)))

 ;; ENTRY-LABEL: .visible .entry tw_block_reduce_add_f64(
 ;; ENTRY: call{{.*}} (retval0), __tw_block_reduce_add_f64,
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_block_reduce_add_f64$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 19, i32 0, i64 {{.*}}, i32 0, i32 3,
 (func (export "block_reduce_add_f64") (param f64) (result f64)
  (call $block_reduce_add_f64 (local.get 0)))

 ;; ENTRY-LABEL: .visible .entry tw_block_reduce_min_f64(
 ;; ENTRY: call{{.*}} (retval0), __tw_block_reduce_min_f64,
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_block_reduce_min_f64$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 19, i32 0, i64 {{.*}}, i32 8, i32 3,
 (func (export "block_reduce_min_f64") (param f64) (result f64)
  (call $block_reduce_min_f64 (local.get 0)))

 ;; ENTRY-LABEL: .visible .entry tw_block_reduce_max_f64(
 ;; ENTRY: call{{.*}} (retval0), __tw_block_reduce_max_f64,
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_block_reduce_max_f64$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 19, i32 0, i64 {{.*}}, i32 9, i32 3,
 (func (export "block_reduce_max_f64") (param f64) (result f64)
  (call $block_reduce_max_f64 (local.get 0))))
