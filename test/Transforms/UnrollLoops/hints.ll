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
