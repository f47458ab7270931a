;; Code that cannot be reached builds nothing, whatever its stack holds (spec
;; 3.3: stack-polymorphic instructions), and what follows its block goes on.
;;
;; RUN: twc %s --emit=twasm | FileCheck %s

(module
 (memory 1)
 ;; CHECK-LABEL: twasm.func @after_br(
 ;; CHECK-NOT: load
 ;; CHECK-NOT: const 9
 ;; CHECK: %[[FIVE:.*]] = const 5 : i32
 ;; CHECK: return %[[FIVE]] : i32
 (func (export "after_br") (result i32)
  (block
   (br 0)
   (drop (i32.load (i32.const 9)))
   (i32.add) (drop)
   (loop (br 0))
   (if (then (unreachable)) (else (return (i32.const 6)))))
  (i32.const 5))

 ;; CHECK-LABEL: twasm.func @trap(
 ;; CHECK-NEXT: unreachable
 ;; CHECK-NEXT: }
 (func (export "trap") (result i32)
  (unreachable)
  (i32.add)
  (block (result i32) (i32.const 1))
  (i32.add))

 ;; A block none of whose ends can be reached.
 ;; CHECK-LABEL: twasm.func @dead_end(
 ;; CHECK-NEXT: return %arg0 : i32
 ;; CHECK-NEXT: }
 (func (export "dead_end") (param i32) (result i32)
  (block (result i32)
   (return (local.get 0)))
  (i32.const 3)
  (i32.add))

 ;; Both arms leave; a br_if in dead code does not bring the block's end back.
 ;; CHECK-LABEL: twasm.func @both(
 ;; CHECK: br_if
 ;; CHECK-COUNT-2: return
 ;; CHECK-NOT: const 4
 ;; CHECK: }
 (func (export "both") (param i32) (result i32)
  (if (result i32) (local.get 0)
   (then (return (i32.const 1)))
   (else (return (i32.const 2)) (br_if 0 (i32.const 4) (i32.const 4)))))

 ;; An empty function, and one that ends within a dead loop.
 ;; CHECK-LABEL: twasm.func @empty()
 ;; CHECK-NEXT: return
 (func (export "empty")))
