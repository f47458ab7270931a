; What the passes say of checks in loops: each verdict, each reason. One remark an
; access, whatever copies there are for a failed test. LLVM's `remark:` lines
; begin with a source line, which these have none of.
;
; RUN: %opt %s -passes='loop-simplify,lcssa,twc-version-loops,twc-group-guards,twc-expand-guards' \
; RUN:   -pass-remarks=tw-bounds -pass-remarks-missed=tw-bounds -disable-output 2>&1 \
; RUN:   | sed 's/remark: <unknown>:0:0: //' | FileCheck %s --match-full-lines --implicit-check-not=offset
;
; Nobody asked: nothing is said, and the code is the same.
; RUN: %opt %s -passes='loop-simplify,lcssa,twc-version-loops,twc-group-guards,twc-expand-guards' -S -o %t.silent 2>&1 | count 0
; RUN: %opt %s -passes='loop-simplify,lcssa,twc-version-loops,twc-group-guards,twc-expand-guards' -S -o %t.said \
; RUN:   -pass-remarks=tw-bounds -pass-remarks-missed=tw-bounds 2>/dev/null
; RUN: cmp %t.silent %t.said

declare void @__tw_check_bounds(i32, i64, i64, i64, ptr, i32, i32)
declare void @barrier() convergent
declare void @once() noduplicate
declare i32 @where(i32)

; CHECK: function 1, offset 16: check of 4 bytes removed: one test ahead of the loop covers 2 accesses from 0x10 on
; CHECK: function 1, offset 17: check of 2 bytes removed: one test ahead of the loop covers 2 accesses from 0x10 on
define void @unit(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i32 %n) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %i1, %loop ]
  %q = phi i32 [ %p, %entry ], [ %q1, %loop ]
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 0, i64 4, ptr %rt, i32 1, i32 16)
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 4, i64 2, ptr %rt, i32 1, i32 17)
  %q1 = add i32 %q, 8
  %i1 = add i32 %i, 1
  %c = icmp ne i32 %i1, %n
  br i1 %c, label %loop, label %exit
exit:
  ret void
}

; CHECK: function 2, offset 16: check of 4 bytes removed: one test ahead of 2 loops covers 1 access
define void @nest(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i32 %n, i32 %m) {
entry:
  br label %outer
outer:
  %j = phi i32 [ 0, %entry ], [ %j1, %latch ]
  %r = phi i32 [ %p, %entry ], [ %r1, %latch ]
  br label %inner
inner:
  %i = phi i32 [ 0, %outer ], [ %i1, %inner ]
  %q = phi i32 [ %r, %outer ], [ %q1, %inner ]
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 0, i64 4, ptr %rt, i32 2, i32 16)
  %q1 = add i32 %q, 4
  %i1 = add i32 %i, 1
  %c = icmp ne i32 %i1, %n
  br i1 %c, label %inner, label %latch
latch:
  %r1 = add i32 %r, 4096
  %j1 = add i32 %j, 1
  %d = icmp ne i32 %j1, %m
  br i1 %d, label %outer, label %exit
exit:
  ret void
}

; What is loaded is an index too, then a call's, a global's.
; CHECK: function 3, offset 16: check of 4 bytes removed: one test ahead of the loop covers 1 access
; CHECK: function 3, offset 17: check of 1 byte kept: the index is loaded from memory
; CHECK: function 3, offset 18: check of 1 byte kept: the index comes from a call
; CHECK: function 3, offset 19: check of 1 byte kept: the index comes from a global or the thread's number
; CHECK: function 3, offset 20: check of 1 byte kept: the index is no sum of multiples of the loops' counts
; CHECK: function 3, offset 21: check of 1 byte kept: the index does not move by the same step each time
; CHECK: function 3, offset 22: check of 1 byte kept: the index moves by too large a step or in too many loops
define void @indices(ptr addrspace(1) %base, i64 %size, ptr %rt, ptr %state, i32 %p, i32 %n) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %i1, %loop ]
  %q = phi i32 [ %p, %entry ], [ %q1, %loop ]
  %s = phi i32 [ %p, %entry ], [ %s1, %loop ]
  %l = phi i32 [ %p, %entry ], [ %l1, %loop ]
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 0, i64 4, ptr %rt, i32 3, i32 16)
  %z = zext i32 %q to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  %v = load i32, ptr addrspace(1) %a, align 1
  %k = add i32 %v, 3
  call void @__tw_check_bounds(i32 %k, i64 %size, i64 0, i64 1, ptr %rt, i32 3, i32 17)
  %w = call i32 @where(i32 %i)
  call void @__tw_check_bounds(i32 %w, i64 %size, i64 0, i64 1, ptr %rt, i32 3, i32 18)
  fence seq_cst
  %g = load i32, ptr %state, align 4
  call void @__tw_check_bounds(i32 %g, i64 %size, i64 0, i64 1, ptr %rt, i32 3, i32 19)
  fence seq_cst
  %x = xor i32 %q, %i
  call void @__tw_check_bounds(i32 %x, i64 %size, i64 0, i64 1, ptr %rt, i32 3, i32 20)
  fence seq_cst
  call void @__tw_check_bounds(i32 %s, i64 %size, i64 0, i64 1, ptr %rt, i32 3, i32 21)
  fence seq_cst
  call void @__tw_check_bounds(i32 %l, i64 %size, i64 0, i64 1, ptr %rt, i32 3, i32 22)
  %q1 = add i32 %q, 4
  %s1 = add i32 %s, %i
  %l1 = add i32 %l, 1073741824
  %i1 = add i32 %i, 1
  %c = icmp ne i32 %i1, %n
  br i1 %c, label %loop, label %exit
exit:
  ret void
}

; CHECK: function 4, offset 16: check of 1 byte kept: the loop's trip count is not known ahead of it
define void @search(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p) {
entry:
  br label %loop
loop:
  %q = phi i32 [ %p, %entry ], [ %q1, %loop ]
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 0, i64 1, ptr %rt, i32 4, i32 16)
  %z = zext i32 %q to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  %v = load i8, ptr addrspace(1) %a
  %q1 = add i32 %q, 1
  %c = icmp ne i8 %v, 0
  br i1 %c, label %loop, label %exit
exit:
  ret void
}

; A barrier in the loop: the test is ahead of it, a branch in it.
; CHECK: function 5, offset 16: check of 4 bytes moved: tested ahead of the loop, in which a branch is left for 1 access: threads meet in the loop
; CHECK: function 5, offset 17: check of 1 byte kept: threads meet in the loop
define void @meet(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i32 %k, i32 %n) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %i1, %loop ]
  %q = phi i32 [ %p, %entry ], [ %q1, %loop ]
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 0, i64 4, ptr %rt, i32 5, i32 16)
  call void @barrier()
  call void @__tw_check_bounds(i32 %k, i64 %size, i64 0, i64 1, ptr %rt, i32 5, i32 17)
  %q1 = add i32 %q, 4
  %i1 = add i32 %i, 1
  %c = icmp ne i32 %i1, %n
  br i1 %c, label %loop, label %exit
exit:
  ret void
}

; CHECK: function 6, offset 16: check of 1 byte kept: the memory may grow in the loop
define void @grows(ptr addrspace(1) %base, ptr %sizes, ptr %rt, i32 %p, i32 %n) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %i1, %loop ]
  %q = phi i32 [ %p, %entry ], [ %q1, %loop ]
  %size = load i64, ptr %sizes
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 0, i64 1, ptr %rt, i32 6, i32 16)
  %q1 = add i32 %q, 4
  %i1 = add i32 %i, 1
  %c = icmp ne i32 %i1, %n
  br i1 %c, label %loop, label %exit
exit:
  ret void
}

; CHECK: function 7, offset 16: check of 1 byte kept: the index does not move with the loop
define void @fixed(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i32 %n) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %i1, %loop ]
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 0, i64 1, ptr %rt, i32 7, i32 16)
  %i1 = add i32 %i, 1
  %c = icmp ne i32 %i1, %n
  br i1 %c, label %loop, label %exit
exit:
  ret void
}

; CHECK: function 8, offset 16: check of 1 byte kept: the loop cannot be copied
define void @single(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i32 %n) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %i1, %loop ]
  %q = phi i32 [ %p, %entry ], [ %q1, %loop ]
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 0, i64 1, ptr %rt, i32 8, i32 16)
  call void @once()
  %q1 = add i32 %q, 4
  %i1 = add i32 %i, 1
  %c = icmp ne i32 %i1, %n
  br i1 %c, label %loop, label %exit
exit:
  ret void
}

; How far the inner loop goes, memory says: it gets its test, and the access of the
; outer one none.
; CHECK: function 9, offset 17: check of 4 bytes removed: one test ahead of the loop covers 1 access
; CHECK: function 9, offset 16: check of 1 byte kept: the loop has accesses that no test ahead of it covers
define void @depends(ptr addrspace(1) %base, i64 %size, ptr %rt, ptr %lengths, i32 %p, i32 %n) {
entry:
  br label %outer
outer:
  %j = phi i32 [ 0, %entry ], [ %j1, %latch ]
  %r = phi i32 [ %p, %entry ], [ %r1, %latch ]
  call void @__tw_check_bounds(i32 %r, i64 %size, i64 0, i64 1, ptr %rt, i32 9, i32 16)
  %m = load i32, ptr %lengths
  br label %inner
inner:
  %i = phi i32 [ 0, %outer ], [ %i1, %inner ]
  %q = phi i32 [ %r, %outer ], [ %q1, %inner ]
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 0, i64 4, ptr %rt, i32 9, i32 17)
  %q1 = add i32 %q, 4
  %i1 = add i32 %i, 1
  %c = icmp ne i32 %i1, %m
  br i1 %c, label %inner, label %latch
latch:
  %r1 = add i32 %r, 8
  %j1 = add i32 %j, 1
  %d = icmp ne i32 %j1, %n
  br i1 %d, label %outer, label %exit
exit:
  ret void
}

; Where the inner loop has stopped the outer one goes on.
; CHECK: function 10, offset 16: check of 4 bytes removed: one test ahead of the loop covers 1 access
; CHECK: function 10, offset 17: check of 1 byte kept: the index is what an earlier loop has left
define void @left(ptr addrspace(1) %base, i64 %size, ptr %rt, ptr %lengths, i32 %p, i32 %n) {
entry:
  br label %outer
outer:
  %j = phi i32 [ 0, %entry ], [ %j1, %latch ]
  %m = load i32, ptr %lengths
  br label %inner
inner:
  %i = phi i32 [ 0, %outer ], [ %i1, %inner ]
  %q = phi i32 [ %p, %outer ], [ %q1, %inner ]
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 0, i64 4, ptr %rt, i32 10, i32 16)
  %q1 = add i32 %q, 4
  %i1 = add i32 %i, 1
  %c = icmp ne i32 %i1, %m
  br i1 %c, label %inner, label %latch
latch:
  %last = phi i32 [ %q, %inner ]
  call void @__tw_check_bounds(i32 %last, i64 %size, i64 0, i64 1, ptr %rt, i32 10, i32 17)
  %j1 = add i32 %j, 1
  %d = icmp ne i32 %j1, %n
  br i1 %d, label %outer, label %exit
exit:
  ret void
}

; A start that only a division gives, by what may be 0 if the loop is not reached.
; CHECK: function 11, offset 16: check of 1 byte kept: no test of it can stand ahead of the loop
define void @divides(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i32 %by, i32 %n) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %i1, %loop ]
  %start = udiv i32 %p, %by
  %q = add i32 %start, %i
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 0, i64 1, ptr %rt, i32 11, i32 16)
  %i1 = add i32 %i, 1
  %c = icmp ne i32 %i1, %n
  br i1 %c, label %loop, label %exit
exit:
  ret void
}
