;; Guards stay opaque calls up to the LLVM dialect, so that loop passes see no
;; branches; in optimised LLVM IR they are a compare, an unlikely branch and a
;; call of the trap function.
;;
;; RUN: twc %s --emit=llvm-dialect --target=sm_80 | FileCheck %s --check-prefix=DIALECT
;; RUN: twc %s --emit=llvm --target=sm_80 | FileCheck %s --check-prefixes=LLVM,SHORT
;; RUN: twc %s --emit=llvm --target=sm_80 -O0 | FileCheck %s --check-prefixes=LLVM,PLAIN
;; RUN: twc %s --emit=llvm --target=host | FileCheck %s --check-prefixes=LLVM,SHORT

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
 ;; A page is there: of the two conditions only index > size - 4 is left.
 ;; PLAIN: %[[WIDE:.*]] = sub nuw i64 %1, 4
 ;; PLAIN-NEXT: %[[LAST:.*]] = trunc i64 %[[WIDE]] to i32
 ;; SHORT: %[[SIZE:.*]] = trunc i64 %{{.*}} to i32
 ;; SHORT-NEXT: %[[LAST:.*]] = add i32 %[[SIZE]], -4
 ;; LLVM: %[[OUT:.*]] = icmp ugt i32 %{{.*}}, %[[LAST]]
 ;; LLVM-NEXT: br i1 %[[OUT]], label %[[TRAP:[0-9]+]], label %{{.*}}, !prof
 ;; LLVM: {{^}}[[TRAP]]:
 ;; LLVM-NEXT: call void @__tw_trap(i32 5, ptr %{{[0-9]+}}, {{(i32 0, )?}}i32 39)
 ;; LLVM-NEXT: unreachable
 ;; LLVM-NOT: call {{.*}}@__tw_check_bounds
 ;; LLVM-NOT: call {{.*}}@__tw_trap_if
 (func (export "f") (param i32) (result i32)
  (i32.div_u (i32.load (local.get 0)) (local.get 0))))
