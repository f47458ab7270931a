;; The host asks for no alignment, in no test: x86-64 reads any address. A loop
;; without checks can be vectorised there. A single access is no region: its check
;; is one branch already.
;;
;; RUN: twc %s --emit=llvm --target=host | FileCheck %s

(module
 (memory 1)
 ;; CHECK-LABEL: define void @tw_sum(
 ;; CHECK-NOT: and {{i32|i64}} %{{.*}}, 7
 ;; CHECK: %[[END:.*]] = add nuw nsw i64 %{{.*}}, 8
 ;; CHECK-NEXT: %[[OUT:.*]] = icmp sgt i64 %[[END]], %{{.*}}
 ;; CHECK-NEXT: br i1 %[[OUT]], label %{{[^ ]*}}checked{{[^ ]*}}, label %[[FAST:[^ ,]*]], !prof
 ;; CHECK: {{^}}[[FAST]]:
 ;; CHECK: call void @__tw_trap(
 ;; CHECK-NOT: call void @__tw_trap(
 ;; CHECK: load <4 x i64>, ptr addrspace(1) %{{.*}}, align 1
 ;; CHECK-NOT: call void @__tw_trap(
 (func (export "sum") (param $p i32) (param $n i32) (result i64)
  (local $i i32) (local $s i64)
  (loop $again
   (local.set $s (i64.add (local.get $s)
    (i64.load (i32.add (local.get $p) (i32.shl (local.get $i) (i32.const 3))))))
   (br_if $again (i32.ne (local.get $n)
    (local.tee $i (i32.add (local.get $i) (i32.const 1))))))
  (local.get $s))

 ;; CHECK-LABEL: define void @tw_single(
 ;; CHECK-NOT: checked
 ;; CHECK: %[[LAST:.*]] = add i32 %{{.*}}, -4
 ;; CHECK-NEXT: %[[OUT:.*]] = icmp ugt i32 %{{.*}}, %[[LAST]]
 ;; CHECK-NEXT: br i1 %[[OUT]], label %[[TRAP:[0-9]+]], label %{{.*}}, !prof
 ;; CHECK-NOT: checked
 ;; CHECK: {{^}}[[TRAP]]:
 ;; CHECK-NEXT: call void @__tw_trap(
 ;; CHECK-NOT: checked
 (func (export "single") (param $p i32) (result i32)
  (i32.load (local.get $p)))

 ;; CHECK-LABEL: define void @tw_pair(
 ;; CHECK: icmp ugt i64 %[[SIZE:.*]], 65535
 ;; CHECK-NOT: and {{i32|i64}} %{{.*}}, 3
 ;; CHECK: %[[LOW:.*]] = trunc i64 %[[SIZE]] to i32
 ;; CHECK: %[[LAST:.*]] = add i32 %[[LOW]], -12
 ;; CHECK: %[[OUT:.*]] = icmp ugt i32 %{{.*}}, %[[LAST]]
 ;; CHECK-NOT: and {{i32|i64}} %{{.*}}, 3
 ;; CHECK: br i1 %[[OUT]], label %{{.*}}checked, label %{{.*}}, !prof
 ;; CHECK-NOT: and {{i32|i64}} %{{.*}}, 3
 (func (export "pair") (param $p i32) (result i32)
  (i32.add (i32.load (local.get $p)) (i32.load offset=8 (local.get $p)))))
