; Accesses of a grid that have several places: one test that each is in its likeliest
; place; the copy has no such place any more, but searches.
;
; RUN: %opt %s -passes='twc-group-guards,verify' -S | FileCheck %s

target triple = "nvptx64-nvidia-cuda"
declare ptr @__tw_place_shared(i32, i64, i64, ptr addrspace(1), i64, ptr addrspace(3), i64, ptr, i64, i64, ptr, i32, i32)
declare ptr @__tw_place_stack(i32, i64, i64, ptr addrspace(1), i64, ptr addrspace(3), i64, ptr, i64, i64, ptr, i32, i32)
declare ptr @__tw_place_memory(i32, i64, i64, ptr addrspace(1), i64, ptr addrspace(3), i64, ptr, i64, i64, ptr, i32, i32)

; From linear memory, above shared memory, into shared memory.
; CHECK-LABEL: define void @tile(
; CHECK: %[[FITS:.*]] = icmp uge i64 %size, 4
; CHECK: %[[LAST:.*]] = sub i64 %size, 4
; CHECK: %[[TOP:.*]] = add nuw nsw i64 %bytes, 1024
; CHECK: %[[FIRST:.*]] = call i64 @llvm.usub.sat.i64(i64 %[[TOP]], i64 0)
; CHECK: %[[SOME:.*]] = icmp ule i64 %[[FIRST]], %[[LAST]]
; CHECK: and i1 %[[FITS]], %[[SOME]]
; CHECK: %[[LEAST:.*]] = trunc i64 %[[FIRST]] to i32
; CHECK: %[[FROM:.*]] = sub i32 %p, %[[LEAST]]
; CHECK: %[[WAY:.*]] = sub i64 %[[LAST]], %[[FIRST]]
; CHECK: %[[MOST:.*]] = trunc i64 %[[WAY]] to i32
; CHECK: icmp ule i32 %[[FROM]], %[[MOST]]
; CHECK: %[[TOP2:.*]] = add nuw nsw i64 %bytes, 1024
; CHECK: icmp uge i64 %[[TOP2]], 4
; CHECK: %[[LAST2:.*]] = sub i64 %[[TOP2]], 4
; CHECK: %[[FIRST2:.*]] = call i64 @llvm.usub.sat.i64(i64 1024, i64 0)
; CHECK: icmp ule i64 %[[FIRST2]], %[[LAST2]]
; CHECK: %[[LEAST2:.*]] = trunc i64 %[[FIRST2]] to i32
; CHECK: %[[TO:.*]] = sub i32 %t, %[[LEAST2]]
; CHECK: %[[WAY2:.*]] = sub i64 %[[LAST2]], %[[FIRST2]]
; CHECK: %[[MOST2:.*]] = trunc i64 %[[WAY2]] to i32
; CHECK: icmp ule i32 %[[TO]], %[[MOST2]]
; CHECK: br i1 %{{.*}}, label %.split, label %.split.checked, !prof
; CHECK: {{^}}.split:
; CHECK-NOT: call
; CHECK: load float, ptr addrspace(1) %{{.*}}, align 4
; CHECK-NOT: call
; CHECK: store float %v, ptr addrspace(3) %{{.*}}, align 4
; CHECK-NOT: call
; CHECK: {{^}}.split.checked:
; CHECK-NOT: __tw_place
; CHECK: %[[P:.*]] = zext i32 %p to i64
; CHECK: %[[EA:.*]] = add nuw nsw i64 %[[P]], 0
; CHECK: %[[BITS:.*]] = call i32 @__tw_window_load_4(i64 %[[EA]], ptr addrspace(1) %base, i64 %size, ptr addrspace(3) %shared, i64 %bytes, ptr null, i64 0, i64 0, ptr %rt, i32 0, i32 10)
; CHECK-NOT: __tw_place
; CHECK: %[[T:.*]] = zext i32 %t to i64
; CHECK: %[[EA2:.*]] = add nuw nsw i64 %[[T]], 0
; CHECK: call void @__tw_window_store_4(i64 %[[EA2]], i32 %{{.*}}, ptr addrspace(1) %base, i64 %size, ptr addrspace(3) %shared, i64 %bytes, ptr null, i64 0, i64 0, ptr %rt, i32 0, i32 11)
; CHECK-NOT: __tw_place
; CHECK: ret void
define void @tile(ptr addrspace(1) %base, i64 %size, ptr addrspace(3) %shared, i64 %bytes, ptr %rt, i32 %p, i32 %t) {
  %a = call ptr @__tw_place_memory(i32 %p, i64 0, i64 4, ptr addrspace(1) %base, i64 %size, ptr addrspace(3) %shared, i64 %bytes, ptr null, i64 0, i64 0, ptr %rt, i32 0, i32 10)
  %v = load float, ptr %a, align 1
  %b = call ptr @__tw_place_shared(i32 %t, i64 0, i64 4, ptr addrspace(1) %base, i64 %size, ptr addrspace(3) %shared, i64 %bytes, ptr null, i64 0, i64 0, ptr %rt, i32 0, i32 11)
  store float %v, ptr %b, align 1
  ret void
}

; A frame on the thread's stack, [65280, 65536): one range and one address. The
; copy calls the search, with the window that the stack is.
; CHECK-LABEL: define void @frame(
; CHECK: %[[FIRST:.*]] = call i64 @llvm.usub.sat.i64(i64 65280, i64 0)
; CHECK: icmp ule i64 %[[FIRST]], 65520
; CHECK: %[[LEAST:.*]] = trunc i64 %[[FIRST]] to i32
; CHECK: %[[FROM:.*]] = sub i32 %p, %[[LEAST]]
; CHECK: %[[WAY:.*]] = sub i64 65520, %[[FIRST]]
; CHECK: %[[MOST:.*]] = trunc i64 %[[WAY]] to i32
; CHECK: icmp ule i32 %[[FROM]], %[[MOST]]
; The widest is at p + 8, which is a multiple of 8 where p is.
; CHECK: %[[WIDEST:.*]] = add i32 %p, 0
; CHECK: and i32 %[[WIDEST]], 7
; CHECK: br i1 %{{.*}}, label %.split, label %.split.checked, !prof
; CHECK: {{^}}.split:
; CHECK: %[[FRAME:.*]] = getelementptr i8, ptr %stack, i64
; CHECK: %[[EIGHT:.*]] = getelementptr i8, ptr %[[FRAME]], i64 -65272
; CHECK: store i64 1, ptr %[[EIGHT]], align 8
; CHECK: %[[NONE:.*]] = getelementptr i8, ptr %[[FRAME]], i64 -65280
; CHECK: store i32 2, ptr %[[NONE]], align 4
; CHECK: {{^}}.split.checked:
; CHECK: %[[P:.*]] = zext i32 %p to i64
; CHECK: %[[EA:.*]] = add nuw nsw i64 %[[P]], 8
; CHECK: call void @__tw_window_store_8(i64 %[[EA]], i64 1, ptr addrspace(1) %base, i64 %size, ptr addrspace(3) %shared, i64 %bytes, ptr %stack, i64 65280, i64 65536, ptr %rt, i32 0, i32 10)
; CHECK-NOT: __tw_place
; CHECK: call void @__tw_window_store_4(i64 %{{.*}}, i32 2, ptr addrspace(1) %base, i64 %size, ptr addrspace(3) %shared, i64 %bytes, ptr %stack, i64 65280, i64 65536, ptr %rt, i32 0, i32 11)
; CHECK-NOT: __tw_place
; CHECK: ret void
define void @frame(ptr addrspace(1) %base, i64 %size, ptr addrspace(3) %shared, i64 %bytes, ptr %stack, ptr %rt, i32 %p) {
  %a = call ptr @__tw_place_stack(i32 %p, i64 8, i64 8, ptr addrspace(1) %base, i64 %size, ptr addrspace(3) %shared, i64 %bytes, ptr %stack, i64 65280, i64 65536, ptr %rt, i32 0, i32 10)
  store i64 1, ptr %a, align 1
  %b = call ptr @__tw_place_stack(i32 %p, i64 0, i64 4, ptr addrspace(1) %base, i64 %size, ptr addrspace(3) %shared, i64 %bytes, ptr %stack, i64 65280, i64 65536, ptr %rt, i32 0, i32 11)
  store i32 2, ptr %b, align 1
  ret void
}
