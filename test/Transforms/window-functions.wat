;; The search of an access that was not where expected: in shared memory, if it
;; begins there; else on the stack, else in linear memory, and across no edge.
;; Below the stack's frames it is exhausted (9), before anything else; whatever
;; is in no place as a whole is out of bounds (5). A GPU then asks for alignment, and
;; moves misaligned bytes one by one; a CPU reads any address at once.
;;
;; RUN: twc %s --emit=llvm --target=sm_80 | FileCheck %s
;; RUN: twc %s --emit=llvm --target=host | FileCheck %s --check-prefix=HOST

;; The copy where a test has failed calls the searches, the fast one none.
;; CHECK-LABEL: define {{.*}} @"tw_k$grid"(
;; CHECK: br i1 %{{.*}}, label %[[FAST:.*]], label %{{.*}}checked, !prof
;; CHECK: {{^}}[[FAST]]:
;; CHECK-NOT: call
;; CHECK: load i32, ptr addrspace(3) %{{.*}}, align 4
;; CHECK-NOT: call
;; CHECK: checked:
;; CHECK: call i32 @__tw_window_load_4(
;; CHECK: call void @__tw_window_store_8(
;; CHECK: call void @__tw_window_store_4(

;; What all callers agree about is no argument: where shared memory is, and the
;; frame, [65504, 65536).
;; CHECK-LABEL: define internal i32 @__tw_window_load_4(
;; CHECK: %[[END:.*]] = add nuw nsw i64 %0, 4
;; CHECK: %[[DISTANCE:.*]] = sub nsw i64 %0, 1024
;; CHECK: %[[SHARED:.*]] = icmp ult i64 %[[DISTANCE]], %[[BYTES:.*]]
;; CHECK: %[[ELSE:.*]] = xor i1 %[[SHARED]], true
;; CHECK: %[[BELOW:.*]] = icmp ult i64 %0, 65536
;; CHECK: %[[STACK:.*]] = and i1 %[[ELSE]], %[[BELOW]]
;; CHECK: %[[LESS:.*]] = icmp ult i64 %0, 65504
;; CHECK: %[[UNDER:.*]] = and i1 %[[STACK]], %[[LESS]]
;; CHECK: br i1 %[[UNDER]], label %[[EXHAUSTED:.*]], label %
;; CHECK: %[[TOP:.*]] = add i64 %[[BYTES]], 1024
;; CHECK: %[[LIMIT:.*]] = select i1 %[[STACK]], i64 65536, i64 %{{.*}}
;; CHECK: %[[BOUND:.*]] = select i1 %[[SHARED]], i64 %[[TOP]], i64 %[[LIMIT]]
;; CHECK: icmp ult i64 %0, 1024
;; CHECK: icmp ugt i64 %[[END]], 1024
;; CHECK: %[[PAST:.*]] = icmp ugt i64 %[[END]], %[[BOUND]]
;; CHECK: %[[OUT:.*]] = or i1 %[[PAST]], %{{.*}}
;; CHECK: br i1 %[[OUT]], label %[[OUTSIDE:.*]], label %
;; CHECK: %[[INSHARED:.*]] = addrspacecast ptr addrspace(3) %{{.*}} to ptr
;; CHECK: %[[SLOT:.*]] = sub nsw i64 %0, 65504
;; CHECK: %[[FRAME:.*]] = getelementptr i8, ptr %{{.*}}, i64 %[[SLOT]]
;; CHECK: %[[LINEAR:.*]] = addrspacecast ptr addrspace(1) %{{.*}} to ptr
;; CHECK: %[[OTHER:.*]] = select i1 %[[STACK]], ptr %[[FRAME]], ptr %[[LINEAR]]
;; CHECK: %[[WHERE:.*]] = select i1 %[[SHARED]], ptr %[[INSHARED]], ptr %[[OTHER]]
;; CHECK: %[[ADDRESS:.*]] = ptrtoint ptr %[[WHERE]] to i64
;; CHECK-NEXT: %[[LOW:.*]] = and i64 %[[ADDRESS]], 3
;; CHECK-NEXT: %[[ALIGNED:.*]] = icmp eq i64 %[[LOW]], 0
;; CHECK-NEXT: br i1 %[[ALIGNED]], label %aligned, label %bytewise
;; CHECK: {{^}}aligned:
;; CHECK-NEXT: load i32, ptr %[[WHERE]], align 4
;; CHECK: {{^}}bytewise:
;; CHECK: load i8, ptr %[[WHERE]], align 1
;; CHECK: %[[SECOND:.*]] = getelementptr i8, ptr %[[WHERE]], i64 1
;; CHECK: load i8, ptr %[[SECOND]], align 1
;; CHECK: shl i32 %{{.*}}, 8
;; CHECK: load i8, ptr %{{.*}}, align 1
;; CHECK: shl i32 %{{.*}}, 16
;; CHECK: load i8, ptr %{{.*}}, align 1
;; CHECK: shl i32 %{{.*}}, 24
;; CHECK: {{^}}[[EXHAUSTED]]:
;; CHECK-NEXT: call void @__tw_trap(i32 9,
;; CHECK: {{^}}[[OUTSIDE]]:
;; CHECK-NEXT: call void @__tw_trap(i32 5,

;; CHECK-LABEL: define internal void @__tw_window_store_8(
;; CHECK: add nuw nsw i64 %0, 8
;; CHECK: {{^}}aligned:
;; CHECK-NEXT: store i64 %1, ptr %{{.*}}, align 8
;; Eight bytes in a loop: the lowest one goes, and comes back at the top.
;; CHECK: {{^}}[[BYTE:byte[^ ]*]]:
;; CHECK: store i8 %{{.*}}, ptr %{{.*}}, align 1
;; CHECK: lshr i64 %{{.*}}, 8
;; CHECK: shl i64 %{{.*}}, 56
;; CHECK-NOT: store i8
;; CHECK: %[[AGAIN:.*]] = icmp ult i32 %{{.*}}, 8
;; CHECK-NEXT: br i1 %[[AGAIN]], label %[[BYTE]],
;; CHECK: call void @__tw_trap(i32 9,
;; CHECK: call void @__tw_trap(i32 5,

;; HOST-LABEL: define internal i32 @__tw_window_load_4(
;; HOST: call void @__tw_trap(i32 9,
;; HOST: call void @__tw_trap(i32 5,
;; HOST: load i32, ptr %{{.*}}, align 1
;; HOST-LABEL: define internal void @__tw_window_store_8(
;; HOST: call void @__tw_trap(i32 9,
;; HOST: call void @__tw_trap(i32 5,
;; HOST: store i64 %1, ptr %{{.*}}, align 1

(module
 (import "tw" "shared" (func $shared (param i32) (result i32)))
 (memory 2)
 (global $sp (mut i32) (i32.const 65536))
 (func (export "k") (param $p i32) (param $q i32) (local $fp i32)
  (global.set $sp (local.tee $fp (i32.sub (global.get $sp) (i32.const 32))))
  (i64.store (local.get $p) (i64.extend_i32_u
   (i32.load (i32.add (call $shared (i32.const 50)) (local.get $q)))))
  (i32.store (i32.add (local.get $fp) (local.get $q)) (i32.const 1))
  (global.set $sp (i32.add (local.get $fp) (i32.const 32)))))
