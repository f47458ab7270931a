;; Accesses of a grid's function with shared memory. An opaque call knows where
;; the address most likely is: that made from tw.shared's in shared memory, any
;; other above the windows. One compare says whether all bytes are there; where it
;; does not hold, an outlined function finds the place, or it traps. Another finds
;; ranges. The invocation's function has neither.
;;
;; RUN: twc %s --emit=std | FileCheck %s
;; RUN: twc %s --emit=llvm --target=sm_80 -O0 | FileCheck %s --check-prefix=PTX
;; RUN: twc %s --emit=llvm --target=host | FileCheck %s --check-prefix=HOST
;; RUN: twc %s --report | FileCheck %s --check-prefix=REPORT

(module
 (import "tw" "shared" (func $shared (param i32) (result i32)))
 (import "tw" "shared_size" (func $size (result i32)))
 (memory (export "memory") 1)

 ;; The invocation's: plain Wasm, where shared memory begins at 1024 and has
 ;; no bytes.
 ;; CHECK-LABEL: func.func private @f2_k(
 ;; CHECK-NOT: __tw_window
 ;; CHECK-DAG: arith.constant 1024 : i32
 ;; CHECK-DAG: arith.constant 0 : i32
 ;; CHECK: twasm.rt.check_bounds
 ;; CHECK-LABEL: func.func private @g2_k{{.*}}grid(

 ;; CHECK: %[[SHARED:.*]] = llvm.load %{{.*}} {alignment = 8 : i64} : !llvm.ptr -> !llvm.ptr<3>
 ;; CHECK: %[[BYTES:.*]] = llvm.load %{{.*}} {alignment = 8 : i64} : !llvm.ptr -> i64
 ;; CHECK: %[[PLACE:.*]] = llvm.call @__tw_place_shared(%{{.*}}, %[[SHARED]], %[[BYTES]],
 ;; CHECK: llvm.load %[[PLACE]] {alignment = 1 : i64} : !llvm.ptr -> i32
 ;; CHECK: %[[PLACE:.*]] = llvm.call @__tw_place_memory(
 ;; CHECK: llvm.store %{{.*}}, %[[PLACE]] {alignment = 1 : i64} : i64, !llvm.ptr
 ;; A range is looked for by a call.
 ;; CHECK: llvm.call @__tw_window_address(
 ;; CHECK: twasm.rt.fill %{{.*}} : !llvm.ptr
 ;; CHECK: arith.trunci %[[BYTES]] : i64 to i32

 ;; Of what begins in the window: distance < bytes -sat 3.
 ;; PTX-LABEL: define {{.*}} @"g2_k
 ;; PTX-DAG: %[[DISTANCE:.*]] = add i32 %{{.*}}, -1020
 ;; PTX-DAG: %[[LIMIT:.*]] = call i64 @llvm.usub.sat.i64(i64 %[[BYTES:.*]], i64 3)
 ;; PTX: %[[NARROW:.*]] = trunc i64 %[[LIMIT]] to i32
 ;; PTX: %[[INSIDE:.*]] = icmp ult i32 %[[DISTANCE]], %[[NARROW]]
 ;; PTX: %[[WIDE:.*]] = zext i32 %[[DISTANCE]] to i64
 ;; PTX: %[[HERE:.*]] = getelementptr i8, ptr addrspace(3) %{{.*}}, i64 %[[WIDE]]
 ;; PTX: br i1 %[[INSIDE]], label %[[LIKELY:.*]], label %[[SEARCH:[0-9]+]], !prof
 ;; PTX: {{^}}[[LIKELY]]:
 ;; PTX: load {{.*}}ptr addrspace(3) %[[HERE]], align
 ;; Of any other: address - (base + bytes) < size -sat (base + bytes) -sat 7.
 ;; PTX: %[[LOW:.*]] = add nuw nsw i64 %[[BYTES]], 1024
 ;; PTX-DAG: %[[ABOVE:.*]] = call i64 @llvm.usub.sat.i64(i64 %{{.*}}, i64 %[[LOW]])
 ;; PTX-DAG: %[[FROM:.*]] = sub i64 %{{.*}}, %[[LOW]]
 ;; PTX: %[[MOST:.*]] = call i64 @llvm.usub.sat.i64(i64 %[[ABOVE]], i64 7)
 ;; PTX: %[[INSIDE2:.*]] = icmp ult i64 %[[FROM]], %[[MOST]]
 ;; PTX: br i1 %[[INSIDE2]], label %{{.*}}, label %[[SEARCH2:[0-9]+]], !prof
 ;; PTX: store i64 %{{.*}}, ptr addrspace(1) %{{.*}}, align 8
 ;; What seldom runs comes behind all that.
 ;; PTX-NOT: @__tw_window_{{load|store}}
 ;; PTX: ret void
 ;; PTX: {{^}}[[SEARCH]]:
 ;; PTX: %[[AT:.*]] = add nuw nsw i64 %{{.*}}, 4
 ;; PTX: call i32 @__tw_window_load_4(i64 %[[AT]], ptr addrspace(1) %0, i64 %1, ptr addrspace(3) %{{.*}}, i64 %[[BYTES]], ptr %2)
 ;; PTX: {{^}}[[SEARCH2]]:
 ;; PTX: call void @__tw_window_store_8(i64 %{{.*}}, i64 %{{.*}}, ptr addrspace(1) %0, i64 %1, ptr addrspace(3) %{{.*}}, i64 %[[BYTES]], ptr %2)

 ;; The only trap of the module is 5.
 ;; PTX-LABEL: define internal void @__tw_trap(ptr %0, i32
 ;; PTX: cmpxchg ptr addrspace(1) %{{.*}}, i32 0, i32 5 monotonic

 ;; What the compare did not find: if it begins in the window, it ends there too,
 ;; or traps; elsewhere in the memory likewise.
 ;; PTX-LABEL: define internal i32 @__tw_window_load_4(
 ;; PTX-SAME: %0, ptr addrspace(1) %1, {{.*}} %2, ptr addrspace(3) %3, i64 %4, ptr %5)
 ;; PTX: %[[END:.*]] = add nuw nsw i64 %0, 4
 ;; PTX: %[[AWAY:.*]] = sub nsw i64 %0, 1024
 ;; PTX: %[[IN:.*]] = icmp ult i64 %[[AWAY]], %4
 ;; PTX: %[[TOP:.*]] = add i64 %4, 1024
 ;; PTX: %[[BOUND:.*]] = select i1 %[[IN]], i64 %[[TOP]], i64 %2
 ;; It begins below and ends in it, where there is one: a trap.
 ;; PTX: %[[BELOW:.*]] = icmp ult i64 %0, 1024
 ;; PTX: %[[INTO:.*]] = icmp ugt i64 %[[END]], 1024
 ;; PTX: %[[OVER:.*]] = and i1 %[[BELOW]], %[[INTO]]
 ;; PTX: %[[ANY:.*]] = icmp ne i64 %4, 0
 ;; PTX: %[[STRADDLES:.*]] = and i1 %[[OVER]], %[[ANY]]
 ;; PTX: %[[OUT:.*]] = icmp ugt i64 %[[END]], %[[BOUND]]
 ;; PTX: %[[TRAPS:.*]] = or i1 %[[OUT]], %[[STRADDLES]]
 ;; PTX: br i1 %[[TRAPS]], label %[[TRAP:.*]], label %[[GO:.*]]
 ;; PTX: {{^}}[[GO]]:
 ;; PTX: %[[INSIDE:.*]] = getelementptr i8, ptr addrspace(3) %3, i64 %[[AWAY]]
 ;; PTX: %[[SHARED:.*]] = addrspacecast ptr addrspace(3) %[[INSIDE]] to ptr
 ;; PTX: %[[OUTSIDE:.*]] = getelementptr i8, ptr addrspace(1) %1, i64 %0
 ;; PTX: %[[MEMORY:.*]] = addrspacecast ptr addrspace(1) %[[OUTSIDE]] to ptr
 ;; PTX: %[[WHERE:.*]] = select i1 %[[IN]], ptr %[[SHARED]], ptr %[[MEMORY]]
 ;; A misaligned address takes four bytes, one after the other; eight are a loop.
 ;; PTX: %[[WHOLE:.*]] = ptrtoint ptr %[[WHERE]] to i64
 ;; PTX-NEXT: %[[LOWEST:.*]] = and i64 %[[WHOLE]], 3
 ;; PTX-NEXT: %[[ALIGNED:.*]] = icmp eq i64 %[[LOWEST]], 0
 ;; PTX-NEXT: br i1 %[[ALIGNED]], label %aligned, label %bytewise
 ;; PTX: {{^}}aligned:
 ;; PTX-NEXT: load i32, ptr %[[WHERE]], align 4
 ;; PTX: {{^}}bytewise:
 ;; PTX-COUNT-4: load i8, ptr %{{.*}}, align 1
 ;; PTX-NOT: load i8
 ;; PTX: ret i32
 ;; PTX: {{^}}[[TRAP]]:
 ;; PTX-NEXT: call void @__tw_trap(ptr %5,
 ;; PTX-LABEL: define internal void @__tw_window_store_8(
 ;; PTX: br i1 %{{.*}}, label %[[TRAP:.*]], label %{{.*}}
 ;; PTX: %[[WHERE:.*]] = select i1 %{{.*}}, ptr %{{.*}}, ptr %{{.*}}
 ;; PTX: %[[WHOLE:.*]] = ptrtoint ptr %[[WHERE]] to i64
 ;; PTX-NEXT: %[[LOWEST:.*]] = and i64 %[[WHOLE]], 7
 ;; PTX-NEXT: %[[ALIGNED:.*]] = icmp eq i64 %[[LOWEST]], 0
 ;; PTX-NEXT: br i1 %[[ALIGNED]], label %aligned, label %[[BYTE:.*]]{{$}}
 ;; PTX: {{^}}aligned:
 ;; PTX-NEXT: store i64 %1, ptr %[[WHERE]], align 8
 ;; PTX: {{^}}[[BYTE]]:
 ;; PTX: store i8 %{{.*}}, ptr %{{.*}}, align 1
 ;; PTX-NOT: store i8
 ;; PTX: %[[MORE:.*]] = icmp ult i32 %{{.*}}, 8
 ;; PTX-NEXT: br i1 %[[MORE]], label %[[BYTE]], label %done, !llvm.loop
 ;; PTX: {{^}}[[TRAP]]:
 ;; PTX-NEXT: call void @__tw_trap(ptr %6,

 ;; What finds a range: in shared memory, if it begins there; else on the
 ;; stack, else in linear memory, and across no edge. The host's block has its
 ;; bytes from the runtime, and zeroes none.
 ;; HOST: define internal ptr @__tw_window_address(
 ;; HOST: %[[END:.*]] = add nuw nsw i64 %0, %1
 ;; HOST: %[[DISTANCE:.*]] = sub i64 %0, 1024
 ;; HOST: %[[IN:.*]] = icmp ult i64 %[[DISTANCE]], %5
 ;; HOST: icmp ult i64 %0, %8
 ;; HOST: icmp ult i64 %0, %7
 ;; HOST: call void @__tw_trap(i32 9,
 ;; HOST: %[[TOP:.*]] = add i64 %5, 1024
 ;; HOST: %[[OTHER:.*]] = select i1 %{{.*}}, i64 %8, i64 %3
 ;; HOST: %[[BOUND:.*]] = select i1 %[[IN]], i64 %[[TOP]], i64 %[[OTHER]]
 ;; HOST: icmp ult i64 %0, 1024
 ;; HOST: icmp ugt i64 %[[END]], 1024
 ;; HOST: %[[OUT:.*]] = icmp ugt i64 %[[END]], %[[BOUND]]
 ;; HOST: %[[TRAPS:.*]] = or i1 %[[OUT]], %
 ;; HOST: br i1 %[[TRAPS]],
 ;; HOST: call void @__tw_trap(i32 5,
 ;; HOST-NOT: barrier
 ;; One test of both accesses: of 4 bytes in the window and of 20 above it.
 ;; HOST-LABEL: define internal {{.*}}@"g2_k
 ;; HOST-NOT: __tw_{{window|load|store}}
 ;; HOST: %[[LOW:.*]] = add nuw nsw i64 %[[BYTES:.*]], 1024
 ;; HOST: %[[LEAST:.*]] = add i64 %[[BYTES]], -4
 ;; HOST: icmp ult i64 %[[LEAST]], -1020
 ;; HOST: %[[AWAY:.*]] = add i32 %4, 4
 ;; HOST: %[[NARROW:.*]] = trunc i64 %[[BYTES]] to i32
 ;; HOST: %[[MOST:.*]] = add i32 %[[NARROW]], -4
 ;; HOST: icmp ule i32 %[[AWAY]], %[[MOST]]
 ;; HOST: %[[LAST:.*]] = add i64 %1, -20
 ;; HOST: icmp ule i64 %[[LOW]], %[[LAST]]
 ;; HOST: %[[FIRST:.*]] = trunc i64 %[[LOW]] to i32
 ;; HOST: %[[FROM:.*]] = sub i32 %4, %[[FIRST]]
 ;; HOST: %[[ROOM:.*]] = sub i64 %[[LAST]], %[[LOW]]
 ;; HOST: %[[NARROW:.*]] = trunc i64 %[[ROOM]] to i32
 ;; HOST: icmp ule i32 %[[FROM]], %[[NARROW]]
 ;; HOST-NOT: __tw_{{window|load|store}}
 ;; HOST: load i32, ptr addrspace(3) %{{.*}}, align 1
 ;; HOST: store i64 %{{.*}}, ptr addrspace(1) %{{.*}}, align 1
 ;; HOST: call ptr @__tw_window_address(
 ;; HOST: call i32 @__tw_window_load_4(
 ;; HOST: call void @__tw_window_store_8(
 ;; HOST-NOT: barrier
 ;; HOST: {{^}}}
 ;; A CPU reads any address at once.
 ;; HOST-LABEL: define internal i32 @__tw_window_load_4(
 ;; HOST: call void @__tw_trap(i32 9,
 ;; HOST: call void @__tw_trap(i32 5,
 ;; HOST: %[[OTHER:.*]] = select i1 %{{.*}}, ptr %{{.*}}, ptr %{{.*}}
 ;; HOST-NEXT: %[[WHERE:.*]] = select i1 %{{.*}}, ptr %{{.*}}, ptr %[[OTHER]]
 ;; HOST-NEXT: load i32, ptr %[[WHERE]], align 1
 ;; HOST-LABEL: define internal void @__tw_window_store_8(
 ;; HOST: %[[OTHER:.*]] = select i1 %{{.*}}, ptr %{{.*}}, ptr %{{.*}}
 ;; HOST-NEXT: %[[WHERE:.*]] = select i1 %{{.*}}, ptr %{{.*}}, ptr %[[OTHER]]
 ;; HOST-NEXT: store i64 %1, ptr %[[WHERE]], align 1
 ;; HOST-NOT: barrier

 ;; REPORT: k
 (func (export "k") (param $p i32)
  (i64.store (local.get $p) (i64.extend_i32_u
   (i32.load offset=4
    (i32.add (call $shared (i32.const 50)) (local.get $p)))))
  (memory.fill (local.get $p) (i32.const 1) (i32.const 8))
  (i32.store offset=16 (local.get $p) (call $size))))
