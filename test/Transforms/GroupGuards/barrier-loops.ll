; Loops with barriers are not copied: one test of all iterations ahead of them leaves
; a branch on its result, around the accesses and never around a barrier.
;
; RUN: %opt %s -passes='twc-group-guards,verify' -S | FileCheck %s

declare void @__tw_check_bounds(i32, i64, i64, i64, ptr, i32, i32)
declare void @barrier() convergent

; The test is what VersionLoops would make, and stands ahead of the loop.
; CHECK-LABEL: define void @loop(
; CHECK: entry:
; CHECK: %[[START:.*]] = zext i32 %p to i64
; CHECK: %[[WAY:.*]] = mul i64 4, %{{.*}}
; CHECK: %[[HIGH:.*]] = add i64 %[[START]], %[[WAY]]
; CHECK: %[[END:.*]] = add i64 %[[HIGH]], 4
; CHECK: %[[IN:.*]] = icmp sle i64 %[[END]], %size
; CHECK: %[[ALIGNED:.*]] = icmp eq i64 %{{.*}}, 0
; CHECK: %[[OK:.*]] = and i1 %[[IN]], %[[ALIGNED]]
; CHECK-NEXT: br label %loop
; CHECK: {{^}}loop:
; CHECK-NOT: icmp
; CHECK: br i1 %[[OK]], label %loop.split, label %loop.split.checked, !prof
; CHECK: {{^}}loop.split:
; CHECK-NOT: call
; CHECK: store i32 7, ptr addrspace(1) %{{.*}}, align 4
; CHECK: {{^}}loop.split.checked:
; CHECK: call void @__tw_check_bounds(
; CHECK: call void @__tw_store_bytes_4_seldom(
; CHECK: {{^}}loop.split.split:
; CHECK: call void @barrier()
; CHECK-NOT: call void @barrier()
; CHECK: ret void
define void @loop(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i32 %n) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %i1, %loop ]
  %x = shl i32 %i, 2
  %q = add i32 %p, %x
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 10)
  %z = zext i32 %q to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  store i32 7, ptr addrspace(1) %a, align 1
  call void @barrier() convergent
  %i1 = add i32 %i, 1
  %c = icmp ne i32 %i1, %n
  br i1 %c, label %loop, label %exit
exit:
  ret void
}

; One index has a formula, the other is read from memory: the first is tested ahead,
; the second in the loop, and one branch asks for both.
; CHECK-LABEL: define void @mixed(
; CHECK: entry:
; CHECK: %[[AHEAD:.*]] = and i1
; CHECK-NEXT: br label %loop
; CHECK: {{^}}body:
; CHECK: icmp uge i64 %size, 4
; CHECK: %[[LAST:.*]] = sub i64 %size, 4
; CHECK: %[[MOST:.*]] = trunc i64 %[[LAST]] to i32
; CHECK: icmp ule i32 %k, %[[MOST]]
; CHECK-NOT: icmp {{[su]l[et]}}
; CHECK: %[[ALIGNED:.*]] = icmp eq i32 %{{.*}}, 0
; CHECK-NEXT: %[[HERE:.*]] = and i1 %{{.*}}, %[[ALIGNED]]
; CHECK-NEXT: %[[OK:.*]] = and i1 %[[AHEAD]], %[[HERE]]
; CHECK-NEXT: br i1 %[[OK]], label %body.split, label %body.split.checked, !prof
; CHECK-COUNT-2: call void @__tw_check_bounds(
; CHECK: call void @barrier()
; CHECK-NOT: call void @barrier()
; CHECK: ret void
define void @mixed(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i32 %n, ptr %indices) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %i1, %body ]
  %at = getelementptr i32, ptr %indices, i32 %i
  %k = load i32, ptr %at, align 4
  br label %body
body:
  %x = shl i32 %i, 2
  %q = add i32 %p, %x
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 10)
  %z = zext i32 %q to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  store i32 7, ptr addrspace(1) %a, align 1
  call void @__tw_check_bounds(i32 %k, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 11)
  %zk = zext i32 %k to i64
  %ak = getelementptr i8, ptr addrspace(1) %base, i64 %zk
  store i32 8, ptr addrspace(1) %ak, align 1
  call void @barrier() convergent
  %i1 = add i32 %i, 1
  %c = icmp ne i32 %i1, %n
  br i1 %c, label %loop, label %exit
exit:
  ret void
}

; While i < m only: the test ahead is of all i; where it fails, the one in the loop
; is of this i, and only if it comes.
; CHECK-LABEL: define void @guarded(
; CHECK: entry:
; CHECK: %[[AHEAD:.*]] = and i1
; CHECK-NEXT: br label %loop
; CHECK: {{^}}loop:
; CHECK: br i1 %[[AHEAD]], label %loop.split, label %loop.split.test, !prof
; CHECK: {{^}}loop.split.test:
; CHECK: %[[WAY:.*]] = select i1 true, i1 %in, i1 false
; CHECK: %[[OK:.*]] = select i1 %[[WAY]], i1 %{{.*}}, i1 true
; CHECK: br i1 %[[OK]], label %loop.split, label %loop.split.checked, !prof
; CHECK: call void @barrier()
; CHECK-NOT: call void @barrier()
; CHECK: ret void
define void @guarded(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i32 %n, i32 %m) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %i1, %join ]
  %in = icmp ult i32 %i, %m
  br i1 %in, label %then, label %join
then:
  %x = shl i32 %i, 2
  %q = add i32 %p, %x
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 10)
  %z = zext i32 %q to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  store i32 7, ptr addrspace(1) %a, align 1
  br label %join
join:
  call void @barrier() convergent
  %i1 = add i32 %i, 1
  %c = icmp ne i32 %i1, %n
  br i1 %c, label %loop, label %exit
exit:
  ret void
}
