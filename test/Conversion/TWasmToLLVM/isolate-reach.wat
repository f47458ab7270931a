;; With an isolated window, plain accesses of a 32-bit memory are compared with
;; all of the 32 bits of an index (2^32) instead of the memory's size, which the
;; passes on LLVM IR drop. What stays exact: offsets beyond 64 MiB, atomics, bulk
;; operations, 64-bit memories.
;;
;; RUN: twc %s --emit=std --bounds=isolate | FileCheck %s
;; RUN: twc %s --emit=std --bounds=check | FileCheck %s --check-prefix=EXACT
;; RUN: twc %s --emit=std --bounds=none | FileCheck %s --check-prefix=EXACT
;; RUN: twc %s --emit=std | FileCheck %s --check-prefix=EXACT
;;
;; EXACT-NOT: 4294967296

(module
 (memory $m 1)
 (memory $wide i64 1)
 ;; CHECK-LABEL: func.func private @f0_plain(
 ;; CHECK: %[[WINDOW:.*]] = arith.constant 4294967296 : i64
 ;; CHECK: twasm.rt.check_bounds %{{.*}}, %[[WINDOW]], %{{.*}} {{.*}}bytes = 4
 ;; CHECK: twasm.rt.check_bounds %{{.*}}, %c4294967296_i64{{.*}}bytes = 1
 ;; CHECK: twasm.rt.check_bounds %{{.*}}, %c4294967296_i64{{.*}}bytes = 16
 ;; The last that an offset can be: 64 MiB less the width of a v128.
 ;; CHECK: twasm.rt.check_bounds %{{.*}}, %c4294967296_i64{{.*}}offset = 67108848
 (func (export "plain") (param i32)
  (i32.store (local.get 0) (i32.const 1))
  (i32.store8 offset=3 (local.get 0) (i32.const 1))
  (v128.store (local.get 0) (v128.const i64x2 0 0))
  (i32.store offset=67108848 (local.get 0) (i32.const 1)))

 ;; CHECK-LABEL: func.func private @f1_exact(
 ;; CHECK-NOT: 4294967296
 ;; CHECK: twasm.rt.check_bounds %{{.*}}, %arg1, {{.*}}offset = 67108861
 ;; CHECK: twasm.rt.check_bounds %{{.*}}, %arg1, {{.*}}offset = 0
 ;; CHECK: twasm.rt.check_bounds i64 %
 ;; CHECK: twasm.rt.trap_if
 ;; CHECK: twasm.rt.fill
 ;; CHECK: return
 (func (export "exact") (param i32) (param i64)
  (i32.store offset=67108861 (local.get 0) (i32.const 1))
  (drop (i32.atomic.rmw.add (local.get 0) (i32.const 1)))
  (i32.store $wide (local.get 1) (i32.const 1))
  (memory.fill (local.get 0) (i32.const 0) (i32.const 9))))
