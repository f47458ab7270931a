;; A loop of at most four trips becomes branches ahead of the bounds passes, for a GPU:
;; one test covers the accesses that come, and no test of a loop nest is needed. A
;; longer one, and any on the host, stays.
;;
;; RUN: twc %s --emit=llvm --target=sm_80 | FileCheck %s
;; RUN: twc %s --emit=llvm --target=host | FileCheck %s --check-prefix=HOST

(module
 (import "tw" "thread_id_x" (func $tid (result i32)))
 (memory 1)
 ;; 100 elements in steps of 64, from a thread's number on: two trips at most, for a
 ;; number is at least 0; 256 bytes and 4 from the first on.
 ;; CHECK-LABEL: define {{.*}} @tw_tile(
 ;; CHECK-NOT: phi
 ;; CHECK: add i32 %{{.*}}, -260
 ;; CHECK-NOT: phi
 ;; CHECK: store i32 7, ptr addrspace(1) %[[AT:.*]], align 4
 ;; CHECK-NOT: phi
 ;; CHECK: %[[NEXT:.*]] = getelementptr i8, ptr addrspace(1) %[[AT]], i64 256
 ;; CHECK-NEXT: store i32 7, ptr addrspace(1) %[[NEXT]], align 4
 ;; CHECK-NOT: phi
 ;; CHECK: {{^}}}
 ;; HOST-LABEL: define {{.*}} @tw_tile(
 ;; HOST: phi
 ;; HOST: {{^}}}
 (func (export "tile") (param $p i32) (local $i i32)
  (local.set $i (call $tid))
  (block $done
   (loop $again
    (br_if $done (i32.ge_u (local.get $i) (i32.const 100)))
    (i32.store (i32.add (local.get $p) (i32.shl (local.get $i) (i32.const 2)))
     (i32.const 7))
    (local.set $i (i32.add (local.get $i) (i32.const 64)))
    (br $again))))

 ;; In steps of 16, seven trips at most.
 ;; CHECK-LABEL: define {{.*}} @tw_seven(
 ;; CHECK: phi i
 ;; CHECK: {{^}}}
 (func (export "seven") (param $p i32) (local $i i32)
  (local.set $i (call $tid))
  (block $done
   (loop $again
    (br_if $done (i32.ge_u (local.get $i) (i32.const 100)))
    (i32.store (i32.add (local.get $p) (i32.shl (local.get $i) (i32.const 2)))
     (i32.const 7))
    (local.set $i (i32.add (local.get $i) (i32.const 16)))
    (br $again)))))
