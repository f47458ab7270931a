;; An infinite loop stays one (design, "Traps"): no function of the guest's is
;; marked as making progress, on either target.
;;
;; RUN: twc %s --emit=llvm --target=sm_80 -O3 | FileCheck %s
;; RUN: twc %s --emit=llvm --target=host -O3 | FileCheck %s --check-prefix=HOST
;; RUN: twc %s --emit=ptx --target=sm_80 -O3 | FileCheck %s --check-prefix=PTX

(module
 ;; CHECK-LABEL: define {{.*}} @tw_f(
 ;; CHECK: br i1 %{{.*}}, label %{{.*}}, label %[[L:[.a-z0-9_]+]]
 ;; CHECK: {{^}}[[L]]:
 ;; CHECK-NEXT: br label %[[L]]
 ;; HOST-LABEL: define {{.*}} @tw_f(
 ;; HOST: br i1 %{{.*}}, label %{{.*}}, label %[[L:[.a-z0-9_]+]]
 ;; HOST: {{^}}[[L]]:
 ;; HOST-NEXT: br label %[[L]]
 ;; PTX-LABEL: .visible .entry tw_f(
 ;; PTX: [[P:\$L__BB[0-9_]+]]:
 ;; PTX: bra.uni [[P]];
 (func (export "f") (param i32)
  (if (local.get 0) (then (loop $l (br $l))))))
