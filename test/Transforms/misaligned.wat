;; An access whose alignment is not proven branches on its address, on a GPU
;; only: x86-64 reads any address. Bytes have no alignment to prove.
;;
;; RUN: twc %s --emit=llvm --target=sm_80 | FileCheck %s
;; RUN: twc %s --emit=llvm --target=sm_80 -O0 | FileCheck %s --check-prefix=ALONE
;; RUN: twc %s --emit=llvm --target=host | FileCheck %s --check-prefix=HOST
;; HOST-NOT: %misaligned

(module
 (memory 1)
 ;; CHECK-LABEL: define {{.*}} @tw_f(
 ;; Bounds and alignment share a branch; what fails it, is told apart.
 ;; CHECK: %[[LOW:.*]] = and i32 %{{.*}}, 7
 ;; CHECK-NEXT: %[[ALIGNED:.*]] = icmp eq i32 %[[LOW]], 0
 ;; CHECK-NEXT: %[[GOOD:.*]] = and i1 %{{.*}}, %[[ALIGNED]]
 ;; CHECK: br i1 %[[GOOD]], label %{{.*}}, label %[[SLOW:.*]], !prof
 ;; CHECK: load double, ptr addrspace(1) %{{.*}}, align 8
 ;; CHECK: {{^}}[[SLOW]]:
 ;; CHECK-NEXT: %[[OUT:.*]] = icmp ugt i32 %1, %{{.*}}
 ;; CHECK-NEXT: br i1 %[[OUT]], label %[[TRAP:[0-9]+]], label %[[BYTES:[0-9]+]], !prof
 ;; CHECK: {{^}}[[TRAP]]:
 ;; CHECK-NEXT: call void @__tw_trap(
 ;; CHECK: {{^}}[[BYTES]]:
 ;; CHECK: call i64 @__tw_load_bytes_8_seldom(
 ;; One that no test covers has a branch of its own.
 ;; ALONE-LABEL: define {{.*}} @f0_f(
 ;; ALONE: %[[LOW:.*]] = and i64 %{{.*}}, 7
 ;; ALONE-NEXT: %misaligned = icmp ne i64 %[[LOW]], 0
 ;; ALONE-NEXT: br i1 %misaligned, label %[[BYTES:[0-9]+]], label %[[WHOLE:[0-9]+]], !prof
 ;; ALONE: {{^}}[[WHOLE]]:
 ;; ALONE-NEXT: load double, ptr addrspace(1) %{{.*}}, align 8
 ;; ALONE: {{^}}[[BYTES]]:
 ;; ALONE-NEXT: call i64 @__tw_load_bytes_8(
 ;; HOST: load double, ptr addrspace(1) %{{.*}}, align 1
 (func (export "f") (param i32) (result f64)
  (f64.load (local.get 0)))
 ;; CHECK-LABEL: define {{.*}} @tw_byte(
 ;; CHECK-NOT: misaligned
 ;; CHECK: store i8
 (func (export "byte") (param i32)
  (i32.store8 (local.get 0) (i32.const 5)))

 ;; The bytes themselves: in a loop, where they are seldom asked for.
 ;; CHECK-LABEL: define internal i64 @__tw_load_bytes_8_seldom(
 ;; CHECK: {{^}}[[BYTE:byte[^ ]*]]:
 ;; CHECK: load i8, ptr addrspace(1) %{{.*}}, align 1
 ;; CHECK: shl i64 %{{.*}}, 56
 ;; CHECK: %[[AGAIN:.*]] = icmp ult i32 %{{.*}}, 8
 ;; CHECK-NEXT: br i1 %[[AGAIN]], label %[[BYTE]],
 ;; ALONE-LABEL: define internal i64 @__tw_load_bytes_8(
 ;; ALONE-NOT: {{^}}}
 ;; ALONE-COUNT-8: load i8, ptr addrspace(1) %{{.*}}, align 1
 ;; ALONE-NOT: load
 ;; ALONE: ret i64
 )
