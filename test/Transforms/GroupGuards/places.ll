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
; CHECK: %[[P:.*]] = zext i32 %p to i64
; CHECK: %[[FROM:.*]] = add i64 %[[P]], 0
; CHECK: %[[TOP:.*]] = add nuw nsw i64 %bytes, 1024
; CHECK: icmp sge i64 %[[FROM]], %[[TOP]]
; CHECK: %[[END:.*]] = add i64 %[[P]], 4
; CHECK: icmp sle i64 %[[END]], %size
; CHECK: %[[T:.*]] = zext i32 %t to i64
; CHECK: %[[TO:.*]] = add i64 %[[T]], 0
; CHECK: icmp sge i64 %[[TO]], 1024
; CHECK: %[[END2:.*]] = add i64 %[[T]], 4
; CHECK: %[[TOP2:.*]] = add nuw nsw i64 %bytes, 1024
; CHECK: icmp sle i64 %[[END2]], %[[TOP2]]
; CHECK: br i1 %{{.*}}, label %.split, label %.split.checked, !prof
; CHECK: {{^}}.split:
; CHECK-NOT: call
; CHECK: load float, ptr addrspace(1) %{{.*}}, align 4
; CHECK-NOT: call
; CHECK: store float %v, ptr addrspace(3) %{{.*}}, align 4
; CHECK-NOT: call
; CHECK: {{^}}.split.checked:
; CHECK-NOT: __tw_place
; CHECK: call void @__tw_trap_if(i1 %{{.*}}, i32 5, ptr %rt, i32 0, i32 10)
; CHECK: select i1 %{{.*}}, ptr %{{.*}}, ptr %{{.*}}
; CHECK: call i32 @__tw_load_bytes_4_generic_seldom(
; CHECK-NOT: __tw_place
; CHECK: call void @__tw_trap_if(i1 %{{.*}}, i32 5, ptr %rt, i32 0, i32 11)
; CHECK: call void @__tw_store_bytes_4_generic_seldom(
; CHECK-NOT: __tw_place
; CHECK: ret void
define void @tile(ptr addrspace(1) %base, i64 %size, ptr addrspace(3) %shared, i64 %bytes, ptr %rt, i32 %p, i32 %t) {
  %a = call ptr @__tw_place_memory(i32 %p, i64 0, i64 4, ptr addrspace(1) %base, i64 %size, ptr addrspace(3) %shared, i64 %bytes, ptr null, i64 0, i64 0, ptr %rt, i32 0, i32 10)
  %v = load float, ptr %a, align 1
  %b = call ptr @__tw_place_shared(i32 %t, i64 0, i64 4, ptr addrspace(1) %base, i64 %size, ptr addrspace(3) %shared, i64 %bytes, ptr null, i64 0, i64 0, ptr %rt, i32 0, i32 11)
  store float %v, ptr %b, align 1
  ret void
}

; A frame on the thread's stack, [65280, 65536): one range and one address. Below
; it, the search says that the stack is exhausted (9), before anything else.
; CHECK-LABEL: define void @frame(
; CHECK: %[[P:.*]] = zext i32 %p to i64
; CHECK: %[[FROM:.*]] = add i64 %[[P]], 0
; CHECK: icmp sge i64 %[[FROM]], 65280
; CHECK: %[[END:.*]] = add i64 %[[P]], 16
; CHECK: icmp sle i64 %[[END]], 65536
; CHECK: %[[WIDEST:.*]] = add i64 %[[P]], 8
; CHECK: and i64 %[[WIDEST]], 7
; CHECK: br i1 %{{.*}}, label %.split, label %.split.checked, !prof
; CHECK: {{^}}.split:
; CHECK: %[[FRAME:.*]] = getelementptr i8, ptr %stack, i64
; CHECK: %[[EIGHT:.*]] = getelementptr i8, ptr %[[FRAME]], i64 -65272
; CHECK: store i64 1, ptr %[[EIGHT]], align 8
; CHECK: %[[NONE:.*]] = getelementptr i8, ptr %[[FRAME]], i64 -65280
; CHECK: store i32 2, ptr %[[NONE]], align 4
; CHECK: {{^}}.split.checked:
; CHECK: %[[LESS:.*]] = icmp ult i64 %{{.*}}, 65280
; CHECK: %[[UNDER:.*]] = and i1 %{{.*}}, %[[LESS]]
; CHECK: call void @__tw_trap_if(i1 %[[UNDER]], i32 9, ptr %rt, i32 0, i32 10)
; CHECK: call void @__tw_trap_if(i1 %{{.*}}, i32 5, ptr %rt, i32 0, i32 10)
; CHECK: call void @__tw_store_bytes_8_generic_seldom(
; CHECK-NOT: __tw_place
; CHECK: ret void
define void @frame(ptr addrspace(1) %base, i64 %size, ptr addrspace(3) %shared, i64 %bytes, ptr %stack, ptr %rt, i32 %p) {
  %a = call ptr @__tw_place_stack(i32 %p, i64 8, i64 8, ptr addrspace(1) %base, i64 %size, ptr addrspace(3) %shared, i64 %bytes, ptr %stack, i64 65280, i64 65536, ptr %rt, i32 0, i32 10)
  store i64 1, ptr %a, align 1
  %b = call ptr @__tw_place_stack(i32 %p, i64 0, i64 4, ptr addrspace(1) %base, i64 %size, ptr addrspace(3) %shared, i64 %bytes, ptr %stack, i64 65280, i64 65536, ptr %rt, i32 0, i32 11)
  store i32 2, ptr %b, align 1
  ret void
}
