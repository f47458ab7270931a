;; A trap observes guest memory: a store before it stays and stays before it; a
;; store behind it never happens (Wasm spec 4.2.1).
;;
;; RUN: twc %s --emit=llvm --target=sm_80 -O3 | FileCheck %s --check-prefixes=CHECK,GPU
;; RUN: twc %s --emit=llvm --target=host -O3 | FileCheck %s --check-prefixes=CHECK,HOST
;; RUN: twc %s --emit=ptx --target=sm_80 -O3 | FileCheck %s --check-prefix=PTX

(module
 (memory 1)
 ;; GPU-LABEL: define {{.*}} @tw_unreachable(
 ;; HOST-LABEL: define {{.*}} @f0_unreachable(
 ;; CHECK: store i32 111,
 ;; CHECK: call void @__tw_trap(i32 1,
 ;; CHECK-NOT: store i32 222,
 ;; PTX-LABEL: .visible .entry tw_unreachable(
 ;; PTX: 111
 ;; PTX: call.uni __tw_trap
 ;; PTX-NOT: 222
 (func (export "unreachable")
  (i32.store (i32.const 16) (i32.const 111))
  (unreachable)
  (i32.store (i32.const 16) (i32.const 222)))

 ;; The first store is overwritten by the second, but the guard between them
 ;; can show it.
 ;; CHECK-LABEL: define {{.*}} @tw_guarded(
 ;; CHECK: store i32 333,
 ;; CHECK-NOT: store
 ;; CHECK: br i1 %{{.*}}, label %[[TRAP:[0-9]+]], label %{{.*}}, !prof
 ;; HOST: {{^}}[[TRAP]]:
 ;; HOST-NEXT: call void @__tw_trap(i32 3,
 ;; CHECK: store i32 444,
 ;; GPU: {{^}}[[TRAP]]:
 ;; GPU-NEXT: call void @__tw_trap(i32 3,
 (func (export "guarded") (param i32)
  (i32.store (i32.const 32) (i32.const 333))
  (drop (i32.div_u (i32.const 1) (local.get 0)))
  (i32.store (i32.const 32) (i32.const 444)))

 ;; The second store stands in a callee that stores whenever it returns (LLVM
 ;; says `initializes`), and may trap before it does.
 (func $callee (param i32 i32)
  (drop (i32.load (local.get 0)))
  (i32.store (i32.const 64) (i32.const 666))
  (if (local.get 1)
   (then (call $callee (i32.const 8) (i32.sub (local.get 1) (i32.const 1)))
         (call $callee (local.get 0) (i32.sub (local.get 1) (i32.const 2))))))
 ;; CHECK-LABEL: define {{.*}} @tw_caller(
 ;; CHECK: store i32 555,
 ;; CHECK: call {{.*}}@f2_callee(
 (func (export "caller") (param i32 i32)
  (i32.store (i32.const 64) (i32.const 555))
  (call $callee (local.get 0) (local.get 1))))
