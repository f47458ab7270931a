; A loop of shared memory whose trips vary, but not beyond a constant: the test is of
; the most that there can be. In linear memory it is of those that come.
;
; RUN: %opt %s -passes='loop-simplify,lcssa,twc-version-loops,verify' -S | FileCheck %s

target triple = "nvptx64-nvidia-cuda"
declare ptr @__tw_place_shared(i32, i64, i64, ptr addrspace(1), i64, ptr addrspace(3), i64, ptr, i64, i64, ptr, i32, i32)
declare ptr @__tw_place_memory(i32, i64, i64, ptr addrspace(1), i64, ptr addrspace(3), i64, ptr, i64, i64, ptr, i32, i32)
declare i32 @llvm.umin.i32(i32, i32)

; min(n, 32) elements of 4 bytes: 31 steps, 124 bytes, and 4.
; CHECK-LABEL: define void @shared(
; CHECK: %[[START:.*]] = zext i32 %t to i64
; CHECK-NEXT: %[[LAST:.*]] = add i64 %[[START]], 124
; CHECK: icmp sge i64 %{{.*}}, 1024
; CHECK: %[[END:.*]] = add i64 %[[LAST]], 4
; CHECK: %[[TOP:.*]] = add nuw nsw i64 %bytes, 1024
; CHECK: icmp sle i64 %[[END]], %[[TOP]]
; CHECK: br i1 %{{.*}}, label %loop.fast, label %loop.fast.checked, !prof
; CHECK: ret void
define void @shared(ptr addrspace(1) %base, i64 %size, ptr addrspace(3) %shared, i64 %bytes, ptr %rt, i32 %t, i32 %n) {
entry:
  %some = icmp ne i32 %n, 0
  br i1 %some, label %before, label %exit
before:
  %m = call i32 @llvm.umin.i32(i32 %n, i32 32)
  br label %loop
loop:
  %i = phi i32 [ 0, %before ], [ %i1, %loop ]
  %x = shl i32 %i, 2
  %q = add i32 %t, %x
  %a = call ptr @__tw_place_shared(i32 %q, i64 0, i64 4, ptr addrspace(1) %base, i64 %size, ptr addrspace(3) %shared, i64 %bytes, ptr null, i64 0, i64 0, ptr %rt, i32 0, i32 10)
  store i32 7, ptr %a, align 1
  %i1 = add nuw i32 %i, 1
  %c = icmp ult i32 %i1, %m
  br i1 %c, label %loop, label %exit
exit:
  ret void
}

; CHECK-LABEL: define void @memory(
; CHECK: %[[TRIPS:.*]] = add {{.*}}i32 %{{.*}}, -1
; CHECK: %[[WIDE:.*]] = zext i32 %[[TRIPS]] to i64
; CHECK: mul i64 4, %[[WIDE]]
; CHECK: br i1 %{{.*}}, label %loop.fast, label %loop.fast.checked, !prof
; CHECK: ret void
define void @memory(ptr addrspace(1) %base, i64 %size, ptr addrspace(3) %shared, i64 %bytes, ptr %rt, i32 %t, i32 %n) {
entry:
  %some = icmp ne i32 %n, 0
  br i1 %some, label %before, label %exit
before:
  %m = call i32 @llvm.umin.i32(i32 %n, i32 32)
  br label %loop
loop:
  %i = phi i32 [ 0, %before ], [ %i1, %loop ]
  %x = shl i32 %i, 2
  %q = add i32 %t, %x
  %a = call ptr @__tw_place_memory(i32 %q, i64 0, i64 4, ptr addrspace(1) %base, i64 %size, ptr addrspace(3) %shared, i64 %bytes, ptr null, i64 0, i64 0, ptr %rt, i32 0, i32 10)
  store i32 7, ptr %a, align 1
  %i1 = add nuw i32 %i, 1
  %c = icmp ult i32 %i1, %m
  br i1 %c, label %loop, label %exit
exit:
  ret void
}
