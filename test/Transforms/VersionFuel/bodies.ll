; One test at the start of a kernel for all that it can take. Threads that meet behind
; it come to the same result.
;
; RUN: %opt %s -passes='loop-simplify,lcssa,twc-version-fuel' -S | FileCheck %s

target datalayout = "e-i64:64-i128:128-i256:256-v16:16-v32:32-n16:32:64"
target triple = "nvptx64-nvidia-cuda"

declare void @__tw_trap_if(i1, i32, ptr, i32, i32)
declare void @llvm.nvvm.barrier.cta.sync.all(i32)
declare i32 @llvm.nvvm.read.ptx.sreg.tid.x()
declare i32 @llvm.nvvm.read.ptx.sreg.ntid.x()

; 13, and 4 and 8 behind a branch; what the last takes is not read. The cost of the
; largest test is more than enough for that.
; CHECK-LABEL: define ptx_kernel void @straight(
; CHECK:       icmp uge i64 %fuel, 30
; CHECK-NEXT:  br i1 %{{.*}}, label %[[FAST:.*]], label %[[SLOW:.*]], !prof
; CHECK:       {{^}}[[FAST]]:
; CHECK-NOT:   @__tw_trap_if
; CHECK:       ret void
; CHECK-COUNT-2: call void @__tw_trap_if({{.*}}, i32 10,
; CHECK:       {{^}}[[SLOW]]:
; CHECK:       call void @__tw_trap_if({{.*}}, i32 10,
define ptx_kernel void @straight(ptr byval([16 x i64]) %env, ptr addrspace(1) %p, ptr %rt, i1 %c) {
entry:
  %fuel = load i64, ptr %env
  %o0 = icmp ult i64 %fuel, 13
  call void @__tw_trap_if(i1 %o0, i32 10, ptr %rt, i32 0, i32 7)
  %l1 = add i64 %fuel, -13
  store volatile i32 1, ptr addrspace(1) %p
  br i1 %c, label %more, label %done
more:
  %o1 = icmp ult i64 %l1, 4
  call void @__tw_trap_if(i1 %o1, i32 10, ptr %rt, i32 0, i32 8)
  %l2 = add i64 %l1, -4
  call void @llvm.nvvm.barrier.cta.sync.all(i32 0)
  %m = and i64 %l2, -8
  %o2 = icmp eq i64 %m, 0
  call void @__tw_trap_if(i1 %o2, i32 10, ptr %rt, i32 0, i32 9)
  %l3 = add i64 %l2, -8
  store volatile i32 2, ptr addrspace(1) %p
  br label %done
done:
  %l = phi i64 [ %l1, %entry ], [ %l3, %more ]
  ret void
}

; A loop that each thread begins at its number, and in which they meet: its trips are
; bounded as if it began at 0, with a block's size, which is read ahead of the test.
; CHECK-LABEL: define ptx_kernel void @meeting(
; CHECK:       %step = call i32 @llvm.nvvm.read.ptx.sreg.ntid.x()
; CHECK-NOT:   tid
; CHECK:       icmp uge i64 %fuel,
; CHECK:       br i1 %{{.*}}, label %[[FAST:.*]], label %[[SLOW:.*]], !prof
; CHECK:       {{^}}[[FAST]]:
; CHECK-NOT:   @__tw_trap_if
; CHECK:       @llvm.nvvm.barrier.cta.sync.all
; CHECK-NOT:   @__tw_trap_if
; CHECK:       ret void
; CHECK:       call void @__tw_trap_if(
; CHECK:       {{^}}[[SLOW]]:
; CHECK:       call void @__tw_trap_if(
define ptx_kernel void @meeting(ptr byval([16 x i64]) %env, ptr addrspace(1) %p, ptr %rt, i32 %n) {
entry:
  %fuel = load i64, ptr %env
  %o0 = icmp ult i64 %fuel, 13
  call void @__tw_trap_if(i1 %o0, i32 10, ptr %rt, i32 0, i32 7)
  %l1 = add i64 %fuel, -13
  %tid = call i32 @llvm.nvvm.read.ptx.sreg.tid.x()
  %step = call i32 @llvm.nvvm.read.ptx.sreg.ntid.x()
  br label %loop
loop:
  %i = phi i32 [ %tid, %entry ], [ %next, %loop ]
  %left = phi i64 [ %l1, %entry ], [ %rest, %loop ]
  %out = icmp ult i64 %left, 10
  call void @__tw_trap_if(i1 %out, i32 10, ptr %rt, i32 0, i32 7)
  %rest = add i64 %left, -10
  call void @llvm.nvvm.barrier.cta.sync.all(i32 0)
  store volatile i32 %i, ptr addrspace(1) %p
  %next = add i32 %i, %step
  %more = icmp ult i32 %next, %n
  br i1 %more, label %loop, label %done
done:
  ret void
}

; Its limit is a thread's own: no test that all threads agree about.
; CHECK-LABEL: define ptx_kernel void @parting(
; CHECK-COUNT-2: call void @__tw_trap_if(
; CHECK-NOT:   call void @__tw_trap_if(
; CHECK:       ret void
define ptx_kernel void @parting(ptr byval([16 x i64]) %env, ptr addrspace(1) %p, ptr %rt) {
entry:
  %fuel = load i64, ptr %env
  %o0 = icmp ult i64 %fuel, 13
  call void @__tw_trap_if(i1 %o0, i32 10, ptr %rt, i32 0, i32 7)
  %l1 = add i64 %fuel, -13
  %n = load volatile i32, ptr addrspace(1) %p
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %next, %loop ]
  %left = phi i64 [ %l1, %entry ], [ %rest, %loop ]
  %out = icmp ult i64 %left, 10
  call void @__tw_trap_if(i1 %out, i32 10, ptr %rt, i32 0, i32 7)
  %rest = add i64 %left, -10
  call void @llvm.nvvm.barrier.cta.sync.all(i32 0)
  %next = add i32 %i, 1
  %more = icmp ne i32 %next, %n
  br i1 %more, label %loop, label %done
done:
  ret void
}
