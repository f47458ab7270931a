; Loops with several exits and with several ways through: what is behind them is there
; once, and gets its values from both loops.
;
; RUN: %opt %s -passes='loop-simplify,lcssa,twc-version-loops,verify' -S | FileCheck %s

declare void @__tw_check_bounds(i32, i64, i64, i64, ptr, i32, i32)

; A search: at most n times, whatever it finds; its result is the index or -1, of
; either loop.
; CHECK-LABEL: define i32 @find(
; CHECK: %[[N:.*]] = add i32 %n, -1
; CHECK: %[[COUNT:.*]] = zext i32 %[[N]] to i64
; CHECK: mul i64 4, %[[COUNT]]
; CHECK: icmp sle i64 %{{.*}}, %size
; CHECK: br i1 %{{.*}}, label %loop.fast, label %loop.fast.checked, !prof
; CHECK: loop.checked:
; CHECK: call void @__tw_check_bounds(i32 %q.checked,
; CHECK: br i1 %hit.checked, label %done, label %next.checked
; CHECK: br i1 %c.checked, label %loop.checked, label %done
; CHECK: {{^}}loop:
; CHECK-NOT: call
; CHECK: load i32, ptr addrspace(1) %{{.*}}, align 4
; CHECK: br i1 %hit, label %done.loopexit, label %next
; CHECK: br i1 %c, label %loop, label %done.loopexit
; CHECK: done.loopexit:
; CHECK: %[[FOUND:.*]] = phi i32 [ -1, %next ], [ %i, %loop ]
; CHECK: {{^}}done:
; CHECK: %r = phi i32 [ %i.checked, %loop.checked ], [ -1, %next.checked ], [ %[[FOUND]], %done.loopexit ]
; CHECK-NEXT: ret i32 %r
define i32 @find(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i32 %n, i32 %k) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %i1, %next ]
  %x = shl i32 %i, 2
  %q = add i32 %p, %x
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 10)
  %z = zext i32 %q to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  %v = load i32, ptr addrspace(1) %a, align 1
  %hit = icmp eq i32 %v, %k
  br i1 %hit, label %done, label %next
next:
  %i1 = add i32 %i, 1
  %c = icmp ne i32 %i1, %n
  br i1 %c, label %loop, label %done
done:
  %r = phi i32 [ %i, %loop ], [ -1, %next ]
  ret i32 %r
}

; Two exits that can be counted: the smaller count is the bound. Where the first
; exit comes first the second's number is never looked at.
; CHECK-LABEL: define i32 @limits(
; CHECK: %[[N:.*]] = add i32 %n, -1
; CHECK: %[[SURE:.*]] = freeze i32 %[[N]]
; CHECK: %[[LEAST:.*]] = call i32 @llvm.umin.i32(i32 %[[SURE]], i32 %m)
; CHECK: %[[COUNT:.*]] = zext i32 %[[LEAST]] to i64
; CHECK: mul i64 4, %[[COUNT]]
; CHECK: br i1 %{{.*}}, label %loop.fast, label %loop.fast.checked, !prof
; CHECK: br i1 %first.checked, label %early, label %next.checked
; CHECK: br i1 %c.checked, label %loop.checked, label %late
; CHECK: {{^}}loop:
; CHECK-NOT: call
; CHECK: br i1 %first, label %early.loopexit, label %next
; CHECK: br i1 %c, label %loop, label %late.loopexit
; CHECK: {{^}}early:
; CHECK-NEXT: ret i32 1
; CHECK: {{^}}late:
; CHECK-NEXT: ret i32 2
define i32 @limits(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i32 %n, i32 %m) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %i1, %next ]
  %x = shl i32 %i, 2
  %q = add i32 %p, %x
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 10)
  %z = zext i32 %q to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  store i32 7, ptr addrspace(1) %a, align 1
  %first = icmp eq i32 %i, %m
  br i1 %first, label %early, label %next
next:
  %i1 = add i32 %i, 1
  %c = icmp ne i32 %i1, %n
  br i1 %c, label %loop, label %late
early:
  ret i32 1
late:
  ret i32 2
}

; Either of two arrays: both have to be in memory as far as the loop goes.
; CHECK-LABEL: define void @halves(
; CHECK: %[[O:.*]] = zext i32 %o to i64
; CHECK: %[[HIGH:.*]] = add i64 %[[O]], %{{.*}}
; CHECK: %[[END:.*]] = add i64 %[[HIGH]], 4
; CHECK: icmp sle i64 %[[END]], %size
; CHECK: %[[P:.*]] = zext i32 %p to i64
; CHECK: %[[HIGH2:.*]] = add i64 %[[P]], %{{.*}}
; CHECK: %[[END2:.*]] = add i64 %[[HIGH2]], 4
; CHECK: icmp sle i64 %[[END2]], %size
; CHECK: br i1 %{{.*}}, label %loop.fast, label %loop.fast.checked, !prof
; CHECK: high.checked:
; CHECK: call void @__tw_check_bounds(i32 %r.checked,
; CHECK: low.checked:
; CHECK: call void @__tw_check_bounds(i32 %q.checked,
; CHECK: {{^}}loop:
; CHECK-NOT: call
; CHECK: store i32 7, ptr addrspace(1) %{{.*}}, align 4
; CHECK-NOT: call
; CHECK: store i32 8, ptr addrspace(1) %{{.*}}, align 4
; CHECK-NOT: call
; CHECK: ret void
define void @halves(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i32 %o, i32 %n, i32 %m) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %i1, %latch ]
  %x = shl i32 %i, 2
  %first = icmp ult i32 %i, %m
  br i1 %first, label %low, label %high
low:
  %q = add i32 %p, %x
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 10)
  %z = zext i32 %q to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  store i32 7, ptr addrspace(1) %a, align 1
  br label %latch
high:
  %r = add i32 %o, %x
  call void @__tw_check_bounds(i32 %r, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 11)
  %y = zext i32 %r to i64
  %b = getelementptr i8, ptr addrspace(1) %base, i64 %y
  store i32 8, ptr addrspace(1) %b, align 1
  br label %latch
latch:
  %i1 = add i32 %i, 1
  %c = icmp ne i32 %i1, %n
  br i1 %c, label %loop, label %exit
exit:
  ret void
}
