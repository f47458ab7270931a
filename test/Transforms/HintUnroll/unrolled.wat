;; A short loop of loads becomes straight code on a GPU, with one test for all of
;; them, and a long one stays a loop. On the host, LLVM decides.
;;
;; RUN: twc %s --emit=llvm --target=sm_80 | FileCheck %s

(module
 (memory 1)
 ;; 24 elements of 4 bytes: 96 bytes from p on.
 ;; CHECK-LABEL: define {{.*}} @tw_short(
 ;; CHECK: %[[LOW:.*]] = trunc i64 %[[SIZE:.*]] to i32
 ;; CHECK: %[[LAST:.*]] = add i32 %[[LOW]], -96
 ;; CHECK: icmp ule i32 %{{.*}}, %[[LAST]]
 ;; CHECK: br i1 %{{.*}}, label %[[FAST:[^ ,]*]], label %{{.*}}checked{{.*}}, !prof
 ;; CHECK: {{^}}[[FAST]]:
 ;; CHECK-NOT: {{br |phi|@__tw}}
 ;; CHECK: %[[FIRST:.*]] = getelementptr i8, ptr addrspace(1) %{{.*}}, i64 %
 ;; CHECK-NEXT: load float, ptr addrspace(1) %[[FIRST]], align 4
 ;; CHECK-NOT: {{br |phi|@__tw}}
 ;; CHECK: %[[LATEST:.*]] = getelementptr i8, ptr addrspace(1) %[[FIRST]], i64 92
 ;; CHECK-NEXT: load float, ptr addrspace(1) %[[LATEST]], align 4
 ;; CHECK-NEXT: br label
 ;; The copy for when it fails has 24 calls that check and load.
 ;; CHECK: {{^}}{{.*}}.checked:
 ;; CHECK-COUNT-24: call i32 @__tw_checked_load_4(
 ;; CHECK-NOT: {{call|load}}
 ;; CHECK: br label
 (func (export "short") (param $p i32) (result f32) (local $i i32) (local $s f32)
  (loop $again
   (local.set $s (f32.add (local.get $s)
    (f32.load (i32.add (local.get $p) (i32.shl (local.get $i) (i32.const 2))))))
   (br_if $again (i32.ne (i32.const 24)
    (local.tee $i (i32.add (local.get $i) (i32.const 1))))))
  (local.get $s))

 ;; 1000 elements: 4000 bytes.
 ;; CHECK-LABEL: define {{.*}} @tw_long(
 ;; CHECK: %[[END:.*]] = add {{.*}}i64 %{{.*}}, 4000
 ;; CHECK: icmp sle i64 %[[END]], %{{.*}}
 ;; CHECK: br i1 %{{.*}}, label %{{.*}}, label %{{.*}}checked{{.*}}, !prof
 ;; CHECK-COUNT-2: phi float
 ;; CHECK: ret void
 (func (export "long") (param $p i32) (result f32) (local $i i32) (local $s f32)
  (loop $again
   (local.set $s (f32.add (local.get $s)
    (f32.load (i32.add (local.get $p) (i32.shl (local.get $i) (i32.const 2))))))
   (br_if $again (i32.ne (i32.const 1000)
    (local.tee $i (i32.add (local.get $i) (i32.const 1))))))
  (local.get $s)))
