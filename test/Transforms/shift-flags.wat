;; LLVM 22.1.8 takes `sext (shl nsw x, 31)` for a widening multiplication by
;; +2^31 on NVPTX, which is wrong for -1: no shift may keep its flags.
;;
;; RUN: twc %s --emit=llvm --target=sm_80 -O3 | FileCheck %s
;; RUN: twc %s --emit=ptx --target=sm_80 -O3 | FileCheck %s --check-prefix=PTX

;; CHECK-NOT: shl {{nsw|nuw}}
;; PTX-NOT: mul.wide.s32 {{.*}}, -2147483648
(module
 ;; CHECK-LABEL: define {{.*}} @tw_f(
 (func (export "f") (param i32 i32) (result i64)
  (i64.extend_i32_s
   (i32.shl
    (i32.sub (i32.const 0) (i32.lt_s (local.get 0) (local.get 1)))
    (i32.const 31)))))
