; VersionLoops and then GroupGuards: the copy of a loop, where a test has failed, is
; left with its checks and gets no tests; only what has none yet gets one.
;
; RUN: %opt %s -passes='loop-simplify,lcssa,twc-version-loops,twc-group-guards,verify' -S | FileCheck %s

declare void @__tw_check_bounds(i32, i64, i64, i64, ptr, i32, i32)

; The loop is versioned for q, whose way is known; k, which comes from memory, has a
; test each time in the fast loop alone.
; CHECK-LABEL: define void @gather(
; CHECK: icmp sle i64 %{{.*}}, %size
; CHECK: br i1 %{{.*}}, label %loop.fast, label %loop.fast.checked, !prof
; CHECK: {{^}}loop.checked:
; CHECK-NOT: br
; CHECK: call void @__tw_check_bounds(i32 %q.checked, {{.*}}, !twc.cold
; CHECK-NOT: br
; CHECK: call void @__tw_check_bounds(i32 %k.checked, {{.*}}, !twc.cold
; CHECK-NOT: br
; CHECK: br i1 %c.checked, label %loop.checked, label %exit
; CHECK: {{^}}loop:
; CHECK: %k = load i32, ptr addrspace(1) %{{.*}}, align 4
; CHECK: icmp uge i64 %size, 4
; CHECK: %[[LAST:.*]] = sub i64 %size, 4
; CHECK: %[[MOST:.*]] = trunc i64 %[[LAST]] to i32
; CHECK: icmp ule i32 %k, %[[MOST]]
; CHECK: br i1 %{{.*}}, label %[[FAST:.*]], label %[[FAST]].checked, !prof
; CHECK: {{^}}[[FAST]]:
; CHECK: store i32 7, ptr addrspace(1) %{{.*}}, align 4
; CHECK: {{^}}[[FAST]].checked:
; CHECK: call void @__tw_check_bounds(i32 %k, {{.*}}, !twc.cold
; CHECK: call void @__tw_store_bytes_4_seldom(
; CHECK: br i1 %c, label %loop, label %exit
; CHECK: ret void
define void @gather(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i32 %n) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %i1, %loop ]
  %x = shl i32 %i, 2
  %q = add i32 %p, %x
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 10)
  %z = zext i32 %q to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  %k = load i32, ptr addrspace(1) %a, align 1
  call void @__tw_check_bounds(i32 %k, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 11)
  %y = zext i32 %k to i64
  %b = getelementptr i8, ptr addrspace(1) %base, i64 %y
  store i32 7, ptr addrspace(1) %b, align 1
  %i1 = add i32 %i, 1
  %c = icmp ne i32 %i1, %n
  br i1 %c, label %loop, label %exit
exit:
  ret void
}
