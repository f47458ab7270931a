;; The inner loop of a tiled product reads shared memory: by loads of that
;; space, and by no generic ones. Its 16 iterations are unrolled. All accesses of
;; all tiles have one test ahead of the loop over the tiles, of which branches are
;; left in it, for that loop has barriers. A kernel of the same module that has no
;; shared memory has no code for it.
;;
;; RUN: twc %s --emit=ptx --target=sm_80 -o %t.ptx
;; RUN: FileCheck %s < %t.ptx
;; RUN: FileCheck %s --check-prefix=UNROLLED < %t.ptx
;; RUN: FileCheck %s --check-prefix=PLAIN < %t.ptx
;; RUN: twc %s --report | FileCheck %s --check-prefix=REPORT
;; RUN: %if ptxas %{ ptxas -arch=sm_80 %t.ptx -o %t.cubin %}
;; RUN: %if ptxas %{ twc %s --emit=ptx --target=sm_75 -o %t75.ptx && ptxas -arch=sm_75 %t75.ptx -o %t.cubin %}
;; RUN: %if ptxas %{ twc %s --emit=ptx --target=sm_90 -o %t90.ptx && ptxas -arch=sm_90 %t90.ptx -o %t.cubin %}

;; CHECK: .extern .shared .align 128 .b8 tw_shared_memory[];

;; The block zeroes its window, then begins.
;; CHECK-LABEL: .entry tw_matmul$grid(
;; CHECK: st.shared.v4.b32 [{{.*}}], {0, 0, 0, 0};
;; CHECK: barrier.sync 0;
;; The tiles are filled.
;; CHECK: {{^}}[[TILES:\$L__BB[0-9_]+]]:
;; CHECK-NOT: {{setp|call|(ld|st)\.}}
;; CHECK: @%p{{[0-9]+}} bra
;; CHECK-NOT: {{setp|bra|(ld|st)\.b}}
;; CHECK: ld.global.b32
;; CHECK: st.shared.b32
;; CHECK: ld.global.b32
;; CHECK: st.shared.b32
;; CHECK-NOT: {{setp|bra|(ld|st)\.b}}
;; CHECK: barrier.sync 0;
;; CHECK-NEXT: @%p{{[0-9]+}} bra
;; CHECK-NOT: {{setp|bra|(ld|st)\.(b|global)}}
;; CHECK: ld.shared.v4.b32
;; CHECK-NEXT: ld.shared.b32
;; CHECK-NEXT: mul.rn.f32
;; CHECK-NEXT: add.rn.f32
;; CHECK-NOT: {{setp|bra|(ld|st)\.(b|global)}}
;; CHECK: barrier.sync 0;
;; CHECK: bra [[TILES]];
;; Where the test failed, each access is looked for by a call, and checked there.
;; CHECK: call.uni (retval0), __tw_window_load_4,
;; CHECK: call.uni __tw_window_store_4,
;; CHECK: call.uni (retval0), __tw_window_load_4,
;; CHECK: call.uni __tw_window_store_4,

;; UNROLLED-LABEL: .entry tw_matmul$grid(
;; UNROLLED: ld.shared.v4.b32
;; UNROLLED-COUNT-16: mul.rn.f32
;; UNROLLED-NOT: mul.rn.f32
;; UNROLLED: barrier.sync 0;

;; PLAIN-LABEL: .entry tw_plain(
;; PLAIN-NOT: shared
;; PLAIN-NOT: __tw_window
;; PLAIN: ret;

;; REPORT: plain

(module
 (import "tw" "shared" (func $shared (param i32) (result i32)))
 (import "tw" "barrier" (func $barrier))
 (import "tw" "thread_id_x" (func $x (result i32)))
 (import "tw" "thread_id_y" (func $y (result i32)))
 (memory (export "memory") 1)
 (func (export "matmul") (param $a i32) (param $b i32) (param $c i32)
   (param $n i32)
   (local $ta i32) (local $tb i32) (local $tile i32) (local $k i32)
   (local $sum f32)
  (local.set $ta (call $shared (i32.const 2048)))
  (local.set $tb (i32.add (call $shared (i32.const 2048)) (i32.const 1024)))
  (loop $tiles
   (f32.store
    (i32.add (local.get $ta) (i32.shl (i32.add (i32.shl (call $y) (i32.const 4)) (call $x)) (i32.const 2)))
    (f32.load
     (i32.add (local.get $a) (i32.shl (i32.add (i32.mul (call $y) (local.get $n)) (i32.add (local.get $tile) (call $x))) (i32.const 2)))))
   (f32.store
    (i32.add (local.get $tb) (i32.shl (i32.add (i32.shl (call $y) (i32.const 4)) (call $x)) (i32.const 2)))
    (f32.load
     (i32.add (local.get $b) (i32.shl (i32.add (i32.mul (i32.add (local.get $tile) (call $y)) (local.get $n)) (call $x)) (i32.const 2)))))
   (call $barrier)
   (local.set $k (i32.const 0))
   (loop $inner
    (local.set $sum (f32.add (local.get $sum) (f32.mul
     (f32.load
      (i32.add (local.get $ta) (i32.shl (i32.add (i32.shl (call $y) (i32.const 4)) (local.get $k)) (i32.const 2))))
     (f32.load
      (i32.add (local.get $tb) (i32.shl (i32.add (i32.shl (local.get $k) (i32.const 4)) (call $x)) (i32.const 2)))))))
    (br_if $inner (i32.lt_u
     (local.tee $k (i32.add (local.get $k) (i32.const 1))) (i32.const 16))))
   (call $barrier)
   (br_if $tiles (i32.lt_u
    (local.tee $tile (i32.add (local.get $tile) (i32.const 16)))
    (local.get $n))))
  (f32.store
   (i32.add (local.get $c) (i32.shl (i32.add (i32.mul (call $y) (local.get $n)) (call $x)) (i32.const 2)))
   (local.get $sum)))
 (func (export "plain") (param $out i32)
  (i32.store (i32.add (local.get $out) (i32.shl (call $x) (i32.const 2)))
   (call $y))))
