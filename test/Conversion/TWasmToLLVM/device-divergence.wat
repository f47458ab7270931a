;; What threads do together stays where it stands: a barrier in two arms is two
;; barriers, a shuffle behind a loop or a condition is one, and none is moved into
;; an arm, or made twice. With a mask of all lanes nothing is checked.
;;
;; RUN: twc %s --emit=ptx --target=sm_80 | FileCheck %s

(module
 (import "tw" "thread_id_x" (func $thread (result i32)))
 (import "tw" "barrier" (func $barrier))
 (import "tw" "shuffle_xor_i32" (func $shuffle (param i32 i32 i32 i32) (result i32)))
 (memory 1)

 ;; CHECK-LABEL: .visible .entry tw_arms(
 ;; CHECK-COUNT-2: barrier.sync 	0;
 ;; CHECK-NOT: barrier
 ;; CHECK-LABEL: .visible .entry tw_used_in_arm(
 (func (export "arms") (param i32)
  (if (i32.and (call $thread) (i32.const 1))
   (then (i32.store (local.get 0) (i32.const 1)) (call $barrier))
   (else (call $barrier)))
  (i32.store offset=4 (local.get 0) (i32.const 2)))

 ;; In front of the branch, though its result is used in one arm only.
 ;; CHECK-NOT: {{bra |laneid}}
 ;; CHECK: shfl.sync.bfly.b32 {{.*}}, 1, 31, -1;
 ;; CHECK: bra
 ;; CHECK-NOT: shfl
 ;; CHECK-LABEL: .visible .entry tw_repeated(
 (func (export "used_in_arm") (param i32) (local i32)
  (local.set 1 (call $shuffle (i32.const -1) (local.get 0) (i32.const 1)
   (i32.const 32)))
  (if (i32.and (call $thread) (i32.const 1))
   (then (i32.store (i32.const 0) (local.get 1)))))

 ;; Not unrolled with a remainder, and not two of two: each is its own.
 ;; CHECK-COUNT-2: shfl.sync.bfly.b32
 ;; CHECK-NOT: shfl
 ;; CHECK-LABEL: .visible .entry tw_threaded(
 (func (export "repeated") (param i32) (result i32)
  (i32.add
   (call $shuffle (i32.const -1) (local.get 0) (i32.const 1) (i32.const 32))
   (call $shuffle (i32.const -1) (local.get 0) (i32.const 1) (i32.const 32))))

 ;; Two conditions that are one: a barrier between them keeps its one place.
 ;; CHECK: barrier.sync
 ;; CHECK-NOT: barrier
 (func (export "threaded") (param i32)
  (if (i32.and (call $thread) (i32.const 1))
   (then (i32.store (local.get 0) (i32.const 1))))
  (call $barrier)
  (if (i32.and (call $thread) (i32.const 1))
   (then (i32.store offset=4 (local.get 0) (i32.const 2))))))
