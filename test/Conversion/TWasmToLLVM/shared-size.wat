;; The base of shared memory is an address that all know, its size what the launch
;; gave, in the environment (at 56): an invocation has none, and reads linear
;; memory at that address.
;;
;; RUN: twc %s --emit=ptx --target=sm_80 | FileCheck %s

(module
 (import "tw" "shared_base" (func $base (result i32)))
 (import "tw" "shared_size" (func $size (result i32)))
 (memory 1)
 ;; CHECK-LABEL: .visible .entry tw_last(
 ;; CHECK-NOT: tw_last_param_0+56
 ;; CHECK: st.global.b32
 ;; CHECK-LABEL: .visible .entry tw_last$grid(
 ;; CHECK: [tw_last$grid_param_0+56]
 ;; CHECK: barrier.sync 0;
 ;; CHECK: ld.shared.b8
 (func (export "last") (param i32)
  (i32.store (local.get 0)
   (i32.load8_u
    (i32.add (call $base) (i32.sub (call $size) (i32.const 1)))))))
