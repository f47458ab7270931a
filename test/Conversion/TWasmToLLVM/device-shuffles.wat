;; A shuffle of 64 bits is two of 32. Its lane mask is checked first: a thread that is
;; not in it has no defined result (PTX ISA, "shfl.sync").
;;
;; RUN: twc %s --emit=ptx --target=sm_80 | FileCheck %s --check-prefix=PTX
;; RUN: twc %s --emit=llvm --target=host -O0 | FileCheck %s --check-prefix=HOST

(module
 (import "tw" "shuffle_idx_i32" (func $shuffle_idx_i32 (param i32 i32 i32 i32) (result i32)))
 (import "tw" "shuffle_idx_i64" (func $shuffle_idx_i64 (param i32 i64 i32 i32) (result i64)))
 (import "tw" "shuffle_idx_f32" (func $shuffle_idx_f32 (param i32 f32 i32 i32) (result f32)))
 (import "tw" "shuffle_idx_f64" (func $shuffle_idx_f64 (param i32 f64 i32 i32) (result f64)))
 (import "tw" "shuffle_up_i32" (func $shuffle_up_i32 (param i32 i32 i32 i32) (result i32)))
 (import "tw" "shuffle_up_i64" (func $shuffle_up_i64 (param i32 i64 i32 i32) (result i64)))
 (import "tw" "shuffle_up_f32" (func $shuffle_up_f32 (param i32 f32 i32 i32) (result f32)))
 (import "tw" "shuffle_up_f64" (func $shuffle_up_f64 (param i32 f64 i32 i32) (result f64)))
 (import "tw" "shuffle_down_i32" (func $shuffle_down_i32 (param i32 i32 i32 i32) (result i32)))
 (import "tw" "shuffle_down_i64" (func $shuffle_down_i64 (param i32 i64 i32 i32) (result i64)))
 (import "tw" "shuffle_down_f32" (func $shuffle_down_f32 (param i32 f32 i32 i32) (result f32)))
 (import "tw" "shuffle_down_f64" (func $shuffle_down_f64 (param i32 f64 i32 i32) (result f64)))
 (import "tw" "shuffle_xor_i32" (func $shuffle_xor_i32 (param i32 i32 i32 i32) (result i32)))
 (import "tw" "shuffle_xor_i64" (func $shuffle_xor_i64 (param i32 i64 i32 i32) (result i64)))
 (import "tw" "shuffle_xor_f32" (func $shuffle_xor_f32 (param i32 f32 i32 i32) (result f32)))
 (import "tw" "shuffle_xor_f64" (func $shuffle_xor_f64 (param i32 f64 i32 i32) (result f64)))

 ;; PTX-LABEL: .visible .entry tw_shuffle_idx_i32(
 ;; PTX: %laneid
 ;; PTX: shfl.sync.idx.b32
 ;; PTX-NOT: shfl
 ;; PTX: ret;
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_shuffle_idx_i32$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 9, i32 %6,
 (func (export "shuffle_idx_i32") (param i32 i32 i32 i32) (result i32)
  (call $shuffle_idx_i32 (local.get 0) (local.get 1) (local.get 2) (local.get 3)))

 ;; PTX-LABEL: .visible .entry tw_shuffle_idx_i64(
 ;; PTX: %laneid
 ;; PTX: shfl.sync.idx.b32
 ;; PTX: shfl.sync.idx.b32
 ;; PTX-NOT: shfl
 ;; PTX: ret;
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_shuffle_idx_i64$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 9, i32 %6,
 (func (export "shuffle_idx_i64") (param i32 i64 i32 i32) (result i64)
  (call $shuffle_idx_i64 (local.get 0) (local.get 1) (local.get 2) (local.get 3)))

 ;; PTX-LABEL: .visible .entry tw_shuffle_idx_f32(
 ;; PTX: %laneid
 ;; PTX: shfl.sync.idx.b32
 ;; PTX-NOT: shfl
 ;; PTX: ret;
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_shuffle_idx_f32$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 9, i32 %6,
 (func (export "shuffle_idx_f32") (param i32 f32 i32 i32) (result f32)
  (call $shuffle_idx_f32 (local.get 0) (local.get 1) (local.get 2) (local.get 3)))

 ;; PTX-LABEL: .visible .entry tw_shuffle_idx_f64(
 ;; PTX: %laneid
 ;; PTX: shfl.sync.idx.b32
 ;; PTX: shfl.sync.idx.b32
 ;; PTX-NOT: shfl
 ;; PTX: ret;
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_shuffle_idx_f64$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 9, i32 %6,
 (func (export "shuffle_idx_f64") (param i32 f64 i32 i32) (result f64)
  (call $shuffle_idx_f64 (local.get 0) (local.get 1) (local.get 2) (local.get 3)))

 ;; PTX-LABEL: .visible .entry tw_shuffle_up_i32(
 ;; PTX: %laneid
 ;; PTX: shfl.sync.up.b32
 ;; PTX-NOT: shfl
 ;; PTX: ret;
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_shuffle_up_i32$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 10, i32 %6,
 (func (export "shuffle_up_i32") (param i32 i32 i32 i32) (result i32)
  (call $shuffle_up_i32 (local.get 0) (local.get 1) (local.get 2) (local.get 3)))

 ;; PTX-LABEL: .visible .entry tw_shuffle_up_i64(
 ;; PTX: %laneid
 ;; PTX: shfl.sync.up.b32
 ;; PTX: shfl.sync.up.b32
 ;; PTX-NOT: shfl
 ;; PTX: ret;
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_shuffle_up_i64$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 10, i32 %6,
 (func (export "shuffle_up_i64") (param i32 i64 i32 i32) (result i64)
  (call $shuffle_up_i64 (local.get 0) (local.get 1) (local.get 2) (local.get 3)))

 ;; PTX-LABEL: .visible .entry tw_shuffle_up_f32(
 ;; PTX: %laneid
 ;; PTX: shfl.sync.up.b32
 ;; PTX-NOT: shfl
 ;; PTX: ret;
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_shuffle_up_f32$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 10, i32 %6,
 (func (export "shuffle_up_f32") (param i32 f32 i32 i32) (result f32)
  (call $shuffle_up_f32 (local.get 0) (local.get 1) (local.get 2) (local.get 3)))

 ;; PTX-LABEL: .visible .entry tw_shuffle_up_f64(
 ;; PTX: %laneid
 ;; PTX: shfl.sync.up.b32
 ;; PTX: shfl.sync.up.b32
 ;; PTX-NOT: shfl
 ;; PTX: ret;
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_shuffle_up_f64$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 10, i32 %6,
 (func (export "shuffle_up_f64") (param i32 f64 i32 i32) (result f64)
  (call $shuffle_up_f64 (local.get 0) (local.get 1) (local.get 2) (local.get 3)))

 ;; PTX-LABEL: .visible .entry tw_shuffle_down_i32(
 ;; PTX: %laneid
 ;; PTX: shfl.sync.down.b32
 ;; PTX-NOT: shfl
 ;; PTX: ret;
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_shuffle_down_i32$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 11, i32 %6,
 (func (export "shuffle_down_i32") (param i32 i32 i32 i32) (result i32)
  (call $shuffle_down_i32 (local.get 0) (local.get 1) (local.get 2) (local.get 3)))

 ;; PTX-LABEL: .visible .entry tw_shuffle_down_i64(
 ;; PTX: %laneid
 ;; PTX: shfl.sync.down.b32
 ;; PTX: shfl.sync.down.b32
 ;; PTX-NOT: shfl
 ;; PTX: ret;
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_shuffle_down_i64$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 11, i32 %6,
 (func (export "shuffle_down_i64") (param i32 i64 i32 i32) (result i64)
  (call $shuffle_down_i64 (local.get 0) (local.get 1) (local.get 2) (local.get 3)))

 ;; PTX-LABEL: .visible .entry tw_shuffle_down_f32(
 ;; PTX: %laneid
 ;; PTX: shfl.sync.down.b32
 ;; PTX-NOT: shfl
 ;; PTX: ret;
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_shuffle_down_f32$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 11, i32 %6,
 (func (export "shuffle_down_f32") (param i32 f32 i32 i32) (result f32)
  (call $shuffle_down_f32 (local.get 0) (local.get 1) (local.get 2) (local.get 3)))

 ;; PTX-LABEL: .visible .entry tw_shuffle_down_f64(
 ;; PTX: %laneid
 ;; PTX: shfl.sync.down.b32
 ;; PTX: shfl.sync.down.b32
 ;; PTX-NOT: shfl
 ;; PTX: ret;
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_shuffle_down_f64$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 11, i32 %6,
 (func (export "shuffle_down_f64") (param i32 f64 i32 i32) (result f64)
  (call $shuffle_down_f64 (local.get 0) (local.get 1) (local.get 2) (local.get 3)))

 ;; PTX-LABEL: .visible .entry tw_shuffle_xor_i32(
 ;; PTX: %laneid
 ;; PTX: shfl.sync.bfly.b32
 ;; PTX-NOT: shfl
 ;; PTX: ret;
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_shuffle_xor_i32$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 12, i32 %6,
 (func (export "shuffle_xor_i32") (param i32 i32 i32 i32) (result i32)
  (call $shuffle_xor_i32 (local.get 0) (local.get 1) (local.get 2) (local.get 3)))

 ;; PTX-LABEL: .visible .entry tw_shuffle_xor_i64(
 ;; PTX: %laneid
 ;; PTX: shfl.sync.bfly.b32
 ;; PTX: shfl.sync.bfly.b32
 ;; PTX-NOT: shfl
 ;; PTX: ret;
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_shuffle_xor_i64$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 12, i32 %6,
 (func (export "shuffle_xor_i64") (param i32 i64 i32 i32) (result i64)
  (call $shuffle_xor_i64 (local.get 0) (local.get 1) (local.get 2) (local.get 3)))

 ;; PTX-LABEL: .visible .entry tw_shuffle_xor_f32(
 ;; PTX: %laneid
 ;; PTX: shfl.sync.bfly.b32
 ;; PTX-NOT: shfl
 ;; PTX: ret;
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_shuffle_xor_f32$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 12, i32 %6,
 (func (export "shuffle_xor_f32") (param i32 f32 i32 i32) (result f32)
  (call $shuffle_xor_f32 (local.get 0) (local.get 1) (local.get 2) (local.get 3)))

 ;; PTX-LABEL: .visible .entry tw_shuffle_xor_f64(
 ;; PTX: %laneid
 ;; PTX: shfl.sync.bfly.b32
 ;; PTX: shfl.sync.bfly.b32
 ;; PTX-NOT: shfl
 ;; PTX: ret;
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_shuffle_xor_f64$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 12, i32 %6,
 (func (export "shuffle_xor_f64") (param i32 f64 i32 i32) (result f64)
  (call $shuffle_xor_f64 (local.get 0) (local.get 1) (local.get 2) (local.get 3))))
