; Nests: one test ahead of the outermost loop for all accesses inside, also of a
; row's length that is known at run time only.
;
; RUN: %opt %s -passes='loop-simplify,lcssa,twc-version-loops,verify' -S | FileCheck %s

declare void @__tw_check_bounds(i32, i64, i64, i64, ptr, i32, i32)

; Three deep: one test ahead of the outermost loop, of the sum of the three ways.
; CHECK-LABEL: define void @cube(
; CHECK: %[[START:.*]] = zext i32 %p to i64
; CHECK: %[[X:.*]] = mul i64 8, %{{.*}}
; CHECK: %[[X1:.*]] = add i64 %[[START]], %[[X]]
; CHECK: %[[Y:.*]] = mul i64 256, %{{.*}}
; CHECK: %[[Y1:.*]] = add i64 %[[X1]], %[[Y]]
; CHECK: %[[Z:.*]] = mul i64 65536, %{{.*}}
; CHECK: %[[Z1:.*]] = add i64 %[[Y1]], %[[Z]]
; CHECK: %[[END:.*]] = add i64 %[[Z1]], 8
; CHECK: icmp sle i64 %[[END]], %size
; CHECK: %[[LOW:.*]] = and i64 %{{.*}}, 7
; CHECK: br i1 %{{.*}}, label %planes.fast, label %
; CHECK: {{^}}planes:
; CHECK-NOT: {{call|br i1}}
; CHECK: {{^}}columns:
; CHECK-NOT: call
; CHECK: store i64 7, ptr addrspace(1) %{{.*}}, align 8
; CHECK-NOT: call
; CHECK: ret void
define void @cube(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i32 %l, i32 %m, i32 %n) {
entry:
  br label %planes
planes:
  %i = phi i32 [ 0, %entry ], [ %i1, %nextPlane ]
  %plane = mul i32 %i, 65536
  br label %rows
rows:
  %j = phi i32 [ 0, %planes ], [ %j1, %nextRow ]
  %row = mul i32 %j, 256
  %start = add i32 %plane, %row
  br label %columns
columns:
  %k = phi i32 [ 0, %rows ], [ %k1, %columns ]
  %x = shl i32 %k, 3
  %y = add i32 %start, %x
  %q = add i32 %p, %y
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 0, i64 8, ptr %rt, i32 0, i32 10)
  %z = zext i32 %q to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  store i64 7, ptr addrspace(1) %a, align 1
  %k1 = add i32 %k, 1
  %c = icmp ne i32 %k1, %n
  br i1 %c, label %columns, label %nextRow
nextRow:
  %j1 = add i32 %j, 1
  %d = icmp ne i32 %j1, %m
  br i1 %d, label %rows, label %nextPlane
nextPlane:
  %i1 = add i32 %i, 1
  %e = icmp ne i32 %i1, %l
  br i1 %e, label %planes, label %exit
exit:
  ret void
}

; Rows as long as the launch says: the step of the outer loop may be of either sign
; and must be small and a multiple of 4.
; CHECK-LABEL: define void @matrix(
; CHECK: %[[PITCH:.*]] = sext i32 %pitch to i64
; CHECK: %[[MOVED:.*]] = add i64 %[[PITCH]], 134217728
; CHECK: icmp ult i64 %[[MOVED]], 268435456
; CHECK: %[[WAY:.*]] = mul i64 %[[PITCH]], %{{.*}}
; CHECK: %[[UP:.*]] = call i64 @llvm.smax.i64(i64 %[[WAY]], i64 0)
; CHECK: %[[HIGH:.*]] = add i64 %{{.*}}, %[[UP]]
; CHECK: %[[DOWN:.*]] = call i64 @llvm.smin.i64(i64 %[[WAY]], i64 0)
; CHECK: %[[LEAST:.*]] = add i64 %{{.*}}, %[[DOWN]]
; CHECK: and i64 %[[PITCH]], 3
; CHECK: icmp sge i64 %[[LEAST]], 0
; CHECK: %[[END:.*]] = add i64 %[[HIGH]], 4
; CHECK: icmp sle i64 %[[END]], %size
; CHECK: br i1 %{{.*}}, label %rows.fast, label %
; CHECK: {{^}}rows:
; CHECK-NOT: {{call|br i1}}
; CHECK: {{^}}columns:
; CHECK-NOT: call
; CHECK: store i32 7, ptr addrspace(1) %{{.*}}, align 4
; CHECK-NOT: call
; CHECK: ret void
define void @matrix(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i32 %m, i32 %n) {
entry:
  %pitch = shl i32 %n, 2
  br label %rows
rows:
  %j = phi i32 [ 0, %entry ], [ %j1, %nextRow ]
  %start = phi i32 [ %p, %entry ], [ %start1, %nextRow ]
  br label %columns
columns:
  %k = phi i32 [ 0, %rows ], [ %k1, %columns ]
  %x = shl i32 %k, 2
  %q = add i32 %start, %x
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 10)
  %z = zext i32 %q to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  store i32 7, ptr addrspace(1) %a, align 1
  %k1 = add i32 %k, 1
  %c = icmp ne i32 %k1, %n
  br i1 %c, label %columns, label %nextRow
nextRow:
  %start1 = add i32 %start, %pitch
  %j1 = add i32 %j, 1
  %d = icmp ne i32 %j1, %m
  br i1 %d, label %rows, label %exit
exit:
  ret void
}

; Two loops in one, and an access of the outer: three ranges, one branch.
; CHECK-LABEL: define void @twoInner(
; CHECK-COUNT-3: icmp sle i64 %{{.*}}, %size
; CHECK-NOT: icmp sle
; CHECK: br i1 %{{.*}}, label %outer.fast, label %
; CHECK: {{^}}outer:
; CHECK-NOT: call
; CHECK: store i32 7, ptr addrspace(1) %{{.*}}, align 4
; CHECK-NOT: call
; CHECK: store i32 8, ptr addrspace(1) %{{.*}}, align 4
; CHECK-NOT: call
; CHECK: store i32 9, ptr addrspace(1) %{{.*}}, align 4
; CHECK-NOT: call
; CHECK: ret void
define void @twoInner(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i32 %o, i32 %m, i32 %n) {
entry:
  br label %outer
outer:
  %i = phi i32 [ 0, %entry ], [ %i1, %latch ]
  %row = shl i32 %i, 10
  %start = add i32 %p, %row
  br label %first
first:
  %j = phi i32 [ 0, %outer ], [ %j1, %first ]
  %x = shl i32 %j, 2
  %q = add i32 %start, %x
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 10)
  %z = zext i32 %q to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  store i32 7, ptr addrspace(1) %a, align 1
  %j1 = add i32 %j, 1
  %c = icmp ne i32 %j1, %m
  br i1 %c, label %first, label %between
between:
  br label %second
second:
  %k = phi i32 [ 0, %between ], [ %k1, %second ]
  %y = shl i32 %k, 2
  %r = add i32 %start, %y
  call void @__tw_check_bounds(i32 %r, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 11)
  %zr = zext i32 %r to i64
  %ar = getelementptr i8, ptr addrspace(1) %base, i64 %zr
  store i32 8, ptr addrspace(1) %ar, align 1
  %k1 = add i32 %k, 1
  %d = icmp ne i32 %k1, %n
  br i1 %d, label %second, label %latch
latch:
  %s = shl i32 %i, 2
  %t = add i32 %o, %s
  call void @__tw_check_bounds(i32 %t, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 12)
  %zt = zext i32 %t to i64
  %at = getelementptr i8, ptr addrspace(1) %base, i64 %zt
  store i32 9, ptr addrspace(1) %at, align 1
  %i1 = add i32 %i, 1
  %e = icmp ne i32 %i1, 100
  br i1 %e, label %outer, label %exit
exit:
  ret void
}
