; What of a loop is unrolled by four: with a trip count by LLVM, which gets a hint;
; with a stride and no trip count here. Neither where trips must not be copied, and
; nothing where somebody has said what is to become of the loop.
;
; RUN: %opt %s -passes='loop-simplify,lcssa,twc-unroll-loops,verify,verify<domtree>,verify<loops>' -S | FileCheck %s

declare void @seldom(ptr)
declare float @llvm.sqrt.f32(float)
declare void @llvm.nvvm.barrier.cta.sync.all(i32)

; A sum whose length only the launch knows: four at a time while there is room for
; three strides, the rest one by one. ptxas leaves both as they are.
; CHECK-LABEL: define float @sum(
; CHECK:      br i1 %{{.*}}, label %[[BULK:.*]], label %[[REST:.*]]
; CHECK:      {{^}}[[BULK]]:
; CHECK-COUNT-4: load float
; CHECK:      br i1 %{{.*}}, label %{{.*}}trip{{.*}}, label %[[AFTER:.*]], !llvm.loop ![[DISABLE:[0-9]+]]
; CHECK:      {{^}}[[AFTER]]:
; CHECK:      icmp ult i32 %{{.*}}, %n
; CHECK:      br i1 %{{.*}}, label %[[REST]], label %
; CHECK:      {{^}}[[REST]]:
; CHECK-COUNT-1: load float
; CHECK:      br i1 %c, label %loop, label %{{.*}}, !llvm.loop ![[DISABLE2:[0-9]+]]
; CHECK-NOT:  load float
; CHECK:      ret float
define float @sum(ptr addrspace(1) %p, i32 %first, i32 %stride, i32 %n) {
entry:
  br label %loop
loop:
  %i = phi i32 [ %first, %entry ], [ %i1, %loop ]
  %s = phi float [ 0.0, %entry ], [ %s1, %loop ]
  %z = zext i32 %i to i64
  %a = getelementptr float, ptr addrspace(1) %p, i64 %z
  %v = load float, ptr addrspace(1) %a
  %s1 = fadd float %s, %v
  %i1 = add i32 %i, %stride
  %c = icmp ult i32 %i1, %n
  br i1 %c, label %loop, label %exit
exit:
  ret float %s1
}

; From one memory to another: loads can come first.
; CHECK-LABEL: define void @tile(
; CHECK: .trip
; CHECK: ret void
define void @tile(ptr addrspace(1) %p, ptr addrspace(3) %q, i32 %first, i32 %stride, i32 %n) {
entry:
  br label %loop
loop:
  %i = phi i32 [ %first, %entry ], [ %i1, %loop ]
  %z = zext i32 %i to i64
  %a = getelementptr i32, ptr addrspace(1) %p, i64 %z
  %b = getelementptr i32, ptr addrspace(3) %q, i32 %i
  %v = load i32, ptr addrspace(1) %a
  store i32 %v, ptr addrspace(3) %b
  %i1 = add i32 %i, %stride
  %c = icmp ult i32 %i1, %n
  br i1 %c, label %loop, label %exit
exit:
  ret void
}

; Within one memory they cannot.
; CHECK-LABEL: define void @copy(
; CHECK-NOT: trip
; CHECK: br i1 %c, label %loop, label %exit{{$}}
define void @copy(ptr addrspace(1) %p, ptr addrspace(1) %q, i32 %first, i32 %stride, i32 %n) {
entry:
  br label %loop
loop:
  %i = phi i32 [ %first, %entry ], [ %i1, %loop ]
  %z = zext i32 %i to i64
  %a = getelementptr i32, ptr addrspace(1) %p, i64 %z
  %b = getelementptr i32, ptr addrspace(1) %q, i64 %z
  %v = load i32, ptr addrspace(1) %a
  store i32 %v, ptr addrspace(1) %b
  %i1 = add i32 %i, %stride
  %c = icmp ult i32 %i1, %n
  br i1 %c, label %loop, label %exit
exit:
  ret void
}

; Thirty instructions or so, counted up to n.
; CHECK-LABEL: define float @counted(
; CHECK: br i1 %c, label %loop, label %exit, !llvm.loop ![[COUNT:[0-9]+]]
define float @counted(ptr addrspace(3) %p, i32 %n) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %i1, %loop ]
  %s = phi float [ 0.0, %entry ], [ %s1, %loop ]
  %a = getelementptr <4 x float>, ptr addrspace(3) %p, i32 %i
  %v = load <4 x float>, ptr addrspace(3) %a
  %w = fmul <4 x float> %v, %v
  %x = extractelement <4 x float> %w, i32 0
  %y = extractelement <4 x float> %w, i32 1
  %xy = fadd float %x, %y
  %r = call float @llvm.sqrt.f32(float %xy)
  %q = fdiv float 1.0, %r
  %s1 = fadd float %s, %q
  %i1 = add i32 %i, 1
  %c = icmp ne i32 %i1, %n
  br i1 %c, label %loop, label %exit
exit:
  ret float %s1
}

; Forty instructions or so with twelve sums, in registers: two at a time.
; CHECK-LABEL: define float @sums(
; CHECK: br i1 %c, label %loop, label %exit, !llvm.loop ![[SUMS:[0-9]+]]
define float @sums(ptr addrspace(3) %p, i32 %n) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %i1, %loop ]
  %s0 = phi float [ 0.0, %entry ], [ %t0, %loop ]
  %s1 = phi float [ 0.0, %entry ], [ %t1, %loop ]
  %s2 = phi float [ 0.0, %entry ], [ %t2, %loop ]
  %s3 = phi float [ 0.0, %entry ], [ %t3, %loop ]
  %s4 = phi float [ 0.0, %entry ], [ %t4, %loop ]
  %s5 = phi float [ 0.0, %entry ], [ %t5, %loop ]
  %s6 = phi float [ 0.0, %entry ], [ %t6, %loop ]
  %s7 = phi float [ 0.0, %entry ], [ %t7, %loop ]
  %s8 = phi float [ 0.0, %entry ], [ %t8, %loop ]
  %s9 = phi float [ 0.0, %entry ], [ %t9, %loop ]
  %s10 = phi float [ 0.0, %entry ], [ %t10, %loop ]
  %s11 = phi float [ 0.0, %entry ], [ %t11, %loop ]
  %a = getelementptr float, ptr addrspace(3) %p, i32 %i
  %v = load float, ptr addrspace(3) %a
  %v0 = fadd float %v, 2.0
  %m0 = fmul float %v, %v0
  %t0 = fadd float %s0, %m0
  %v1 = fadd float %m0, 1.0
  %m1 = fmul float %v, %v1
  %t1 = fadd float %s1, %m1
  %v2 = fadd float %m1, 1.0
  %m2 = fmul float %v, %v2
  %t2 = fadd float %s2, %m2
  %v3 = fadd float %m2, 1.0
  %m3 = fmul float %v, %v3
  %t3 = fadd float %s3, %m3
  %v4 = fadd float %m3, 1.0
  %m4 = fmul float %v, %v4
  %t4 = fadd float %s4, %m4
  %v5 = fadd float %m4, 1.0
  %m5 = fmul float %v, %v5
  %t5 = fadd float %s5, %m5
  %v6 = fadd float %m5, 1.0
  %m6 = fmul float %v, %v6
  %t6 = fadd float %s6, %m6
  %v7 = fadd float %m6, 1.0
  %m7 = fmul float %v, %v7
  %t7 = fadd float %s7, %m7
  %v8 = fadd float %m7, 1.0
  %m8 = fmul float %v, %v8
  %t8 = fadd float %s8, %m8
  %v9 = fadd float %m8, 1.0
  %m9 = fmul float %v, %v9
  %t9 = fadd float %s9, %m9
  %v10 = fadd float %m9, 1.0
  %m10 = fmul float %v, %v10
  %t10 = fadd float %s10, %m10
  %v11 = fadd float %m10, 1.0
  %m11 = fmul float %v, %v11
  %t11 = fadd float %s11, %m11
  %v12 = fadd float %m11, 1.0
  %i1 = add i32 %i, 1
  %c = icmp ne i32 %i1, %n
  br i1 %c, label %loop, label %exit
exit:
  %u1 = fadd float %t0, %t1
  %u2 = fadd float %u1, %t2
  %u3 = fadd float %u2, %t3
  %u4 = fadd float %u3, %t4
  %u5 = fadd float %u4, %t5
  %u6 = fadd float %u5, %t6
  %u7 = fadd float %u6, %t7
  %u8 = fadd float %u7, %t8
  %u9 = fadd float %u8, %t9
  %u10 = fadd float %u9, %t10
  %u11 = fadd float %u10, %t11
  ret float %u11
}

; At most three times: neither LLVM nor ptxas shall count on four.
; CHECK-LABEL: define void @few(
; CHECK: br i1 %c, label %loop, label %exit, !llvm.loop ![[FEW:[0-9]+]]
define void @few(ptr addrspace(1) %p, i32 %m) {
entry:
  %n = and i32 %m, 1
  %n1 = add i32 %n, 2
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %i1, %loop ]
  %z = zext i32 %i to i64
  %a = getelementptr i32, ptr addrspace(1) %p, i64 %z
  store i32 1, ptr addrspace(1) %a
  %i1 = add i32 %i, 1
  %c = icmp ne i32 %i1, %n1
  br i1 %c, label %loop, label %exit
exit:
  ret void
}

; A slow path, threads that meet, and a hint.
; CHECK-LABEL: define void @others(
; CHECK-NOT: trip
; CHECK: br i1 %c, label %loop, label %next{{$}}
; CHECK: br i1 %d, label %meet, label %last{{$}}
; CHECK: br i1 %e, label %hinted, label %exit, !llvm.loop ![[HINTED:[0-9]+]]
define void @others(ptr addrspace(1) %p, i32 %first, i32 %stride, i32 %n, ptr addrspace(1) %out) convergent {
entry:
  br label %loop
loop:
  %i = phi i32 [ %first, %entry ], [ %i1, %latch ]
  %s = phi i32 [ 0, %entry ], [ %s1, %latch ]
  %z = zext i32 %i to i64
  %a = getelementptr i32, ptr addrspace(1) %p, i64 %z
  %v = load i32, ptr addrspace(1) %a
  %s1 = add i32 %s, %v
  %is = icmp eq i32 %v, 0
  br i1 %is, label %slow, label %latch
slow:
  call void @seldom(ptr null)
  br label %latch
latch:
  %i1 = add i32 %i, %stride
  %c = icmp ult i32 %i1, %n
  br i1 %c, label %loop, label %next
next:
  store i32 %s1, ptr addrspace(1) %out
  br label %meet
meet:
  %j = phi i32 [ 0, %next ], [ %j1, %meet ]
  call void @llvm.nvvm.barrier.cta.sync.all(i32 0)
  %j1 = add i32 %j, 1
  %d = icmp ne i32 %j1, %n
  br i1 %d, label %meet, label %last
last:
  br label %hinted
hinted:
  %k = phi i32 [ %first, %last ], [ %k1, %hinted ]
  %t = phi i32 [ 0, %last ], [ %t1, %hinted ]
  %y = zext i32 %k to i64
  %b = getelementptr i32, ptr addrspace(1) %p, i64 %y
  %w = load i32, ptr addrspace(1) %b
  %t1 = add i32 %t, %w
  %k1 = add i32 %k, %stride
  %e = icmp ult i32 %k1, %n
  br i1 %e, label %hinted, label %exit, !llvm.loop !0
exit:
  store i32 %t1, ptr addrspace(1) %out
  ret void
}
!0 = distinct !{!0, !1}
!1 = !{!"llvm.loop.unroll.count", i32 2}

; CHECK-DAG: ![[DISABLE]] = distinct !{![[DISABLE]], ![[NO:[0-9]+]]}
; CHECK-DAG: ![[NO]] = !{!"llvm.loop.unroll.disable"{{.*}}}
; CHECK-DAG: ![[DISABLE2]] = distinct !{![[DISABLE2]], ![[NO]]}
; CHECK-DAG: ![[FEW]] = distinct !{![[FEW]], ![[NO]]}
; CHECK-DAG: ![[COUNT]] = distinct !{![[COUNT]], ![[FOUR:[0-9]+]]}
; CHECK-DAG: ![[FOUR]] = !{!"llvm.loop.unroll.count", i32 4}
; CHECK-DAG: ![[SUMS]] = distinct !{![[SUMS]], ![[TWO:[0-9]+]]}
; CHECK-DAG: ![[TWO]] = !{!"llvm.loop.unroll.count", i32 2}
