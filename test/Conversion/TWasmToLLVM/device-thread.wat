;; What a thread needs no other for: its number, time, output and end. A line of output
;; is a record that it takes by an atomic add (KernelABI.h, PrintBuffer).
;;
;; RUN: twc %s --emit=ptx --target=sm_80 | FileCheck %s --check-prefix=PTX
;; RUN: twc %s --emit=ptx --target=sm_80 | FileCheck %s --check-prefix=PRINT
;; RUN: twc %s --emit=ptx --target=sm_80 | FileCheck %s --check-prefix=ABORT
;; RUN: twc %s --emit=llvm --target=host -O0 | FileCheck %s --check-prefix=HOST

(module
 (import "tw" "global_id" (func $global_id (result i64)))
 (import "tw" "lane_id" (func $lane_id (result i32)))
 (import "tw" "warp_id" (func $warp_id (result i32)))
 (import "tw" "warp_size" (func $warp_size (result i32)))
 (import "tw" "clock" (func $clock (result i64)))
 (import "tw" "timer" (func $timer (result i64)))
 (import "tw" "printf" (func $printf (param i32 i32) (result i32)))
 (import "tw" "abort" (func $abort (param i32)))
 (memory 1)

 ;; PTX-LABEL: .visible .entry tw_global_id(
 ;; PTX: mul.wide.u32
 (func (export "global_id") (result i64)
  (call $global_id))

 ;; PTX-LABEL: .visible .entry tw_lane_id(
 ;; PTX: mov.u32 {{.*}}, %laneid;
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_lane_id$2e{{[0-9]+}}"(
 ;; HOST: and i32 {{.*}}, 31
 (func (export "lane_id") (result i32)
  (call $lane_id))

 ;; PTX-LABEL: .visible .entry tw_warp_id(
 ;; PTX: shr.u32 {{.*}}, 5;
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_warp_id$2e{{[0-9]+}}"(
 ;; HOST: lshr i32 {{.*}}, 5
 (func (export "warp_id") (result i32)
  (call $warp_id))

 ;; PTX-LABEL: .visible .entry tw_warp_size(
 ;; PTX: {{st.*}}32;
 (func (export "warp_size") (result i32)
  (call $warp_size))

 ;; PTX-LABEL: .visible .entry tw_clock(
 ;; PTX: mov.u64 {{.*}}, %clock64;
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_clock$2e{{[0-9]+}}"(
 ;; HOST: call i64 @llvm.readcyclecounter()
 (func (export "clock") (result i64)
  (call $clock))

 ;; PTX-LABEL: .visible .entry tw_timer(
 ;; PTX: mov.u64 {{.*}}, %globaltimer;
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_timer$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_timer(ptr %2)
 (func (export "timer") (result i64)
  (call $timer))

 ;; PTX-LABEL: .visible .entry tw_printf(
 ;; PTX: min.u64 {{.*}}, 128;
 ;; PTX: call.uni (retval0), __tw_print,
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_printf$2e{{[0-9]+}}"(
 ;; HOST: call i32 @__tw_print(
 (func (export "printf") (param i32 i32) (result i32)
  (call $printf (local.get 0) (local.get 1)))

 ;; PTX-LABEL: .visible .entry tw_abort(
 ;; PTX: call.uni __tw_abort,
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_abort$2e{{[0-9]+}}"(
 ;; HOST: call void @__tw_abort(i32 %6, i32 0, ptr %2, i32 {{[0-9]+}}, i32 {{[0-9]+}})
 (func (export "abort") (param i32)
  (call $abort (local.get 0)))
 ;; PRINT: .func {{.*}} __tw_print(
 ;; PRINT: {{^[{]}}
 ;; PRINT: atom.add.u64 {{.*}}, 1;
 ;; PRINT: mul.lo.s64 {{.*}}, 176;
 ;; PRINT: ret;
 ;; ABORT: .func __tw_abort(
 ;; ABORT: {{^[{]}}
 ;; ABORT: cas.b32 {{.*}}, 0, 15;
 ;; ABORT: exit;
)
