;; Guards stay opaque calls up to the LLVM dialect, so that loop passes see no
;; branches; in optimised LLVM IR they are a compare, an unlikely branch and a
;; call of the trap function.
;;
;; RUN: twc %s --emit=llvm-dialect --target=sm_80 | FileCheck %s --check-prefix=DIALECT
;; RUN: twc %s --emit=llvm --target=sm_80 | FileCheck %s --check-prefixes=LLVM
;; RUN: twc %s --emit=llvm --target=sm_80 -O0 | FileCheck %s --check-prefixes=LLVM
;; RUN: twc %s --emit=llvm --target=host | FileCheck %s --check-prefixes=LLVM

(module
 (memory 1)
 ;; DIALECT-LABEL: llvm.func @f0_f(
 ;; DIALECT: llvm.call @__tw_check_bounds(
 ;; DIALECT-NEXT: llvm.zext
 ;; DIALECT-NOT: llvm.cond_br
 ;; DIALECT: llvm.call @__tw_trap_if(
 ;; DIALECT: llvm.udiv

 ;; LLVM-NOT: call {{.*}}@__tw_check_bounds
 ;; LLVM-NOT: call {{.*}}@__tw_trap_if
 ;; LLVM: %oob{{.*}} = icmp ugt i64 %{{.*}}, %
 ;; LLVM-NEXT: br i1 %oob{{.*}}, label %{{.*}}, label %{{.*}}, !prof
 ;; LLVM: call void @__tw_trap(i32 5, ptr %{{[0-9]+}}, {{(i32 0, )?}}i32 39)
 ;; LLVM-NEXT: unreachable
 ;; LLVM-NOT: call {{.*}}@__tw_check_bounds
 ;; LLVM-NOT: call {{.*}}@__tw_trap_if
 (func (export "f") (param i32) (result i32)
  (i32.div_u (i32.load (local.get 0)) (local.get 0))))
