;; Sequentially consistent atomics on PTX. LLVM 22.1.8 makes a bare, relaxed
;; `atom` of a seq_cst read-modify-write: fences stand around it. The host keeps
;; what LLVM has.
;;
;; RUN: twc %s --emit=ptx --target=sm_75 | FileCheck %s
;; RUN: twc %s --emit=llvm --target=host | FileCheck %s --check-prefix=HOST

(module
 (memory 1 1 shared)
 ;; CHECK-LABEL: .entry tw_add(
 ;; CHECK: fence.sc.gpu;
 ;; CHECK-NEXT: atom.global.add.u32
 ;; CHECK-NEXT: fence.acq_rel.gpu;
 ;; HOST-LABEL: @tw_add(
 ;; HOST: atomicrmw add ptr addrspace(1) %{{.*}}, i32 %{{.*}} seq_cst, align 4
 (func (export "add") (param i32 i32) (result i32)
  (i32.atomic.rmw.add (local.get 0) (local.get 1)))
 ;; CHECK-LABEL: .entry tw_xchg64(
 ;; CHECK: fence.sc.gpu;
 ;; CHECK-NEXT: atom.global.exch.b64
 ;; CHECK-NEXT: fence.acq_rel.gpu;
 (func (export "xchg64") (param i32 i64) (result i64)
  (i64.atomic.rmw.xchg (local.get 0) (local.get 1)))
 ;; Narrow ones are loops of compare-exchange on the word around them.
 ;; CHECK-LABEL: .entry tw_add8(
 ;; CHECK: fence.sc.gpu;
 ;; CHECK: atom.relaxed.gpu.global.cas.b32
 ;; CHECK: bra
 ;; CHECK: fence.acq_rel.gpu;
 (func (export "add8") (param i32 i32) (result i32)
  (i32.atomic.rmw8.add_u (local.get 0) (local.get 1)))
 ;; CHECK-LABEL: .entry tw_cas(
 ;; CHECK: fence.sc.gpu;
 ;; CHECK: atom.acquire.gpu.global.cas.b64
 (func (export "cas") (param i32 i64 i64) (result i64)
  (i64.atomic.rmw.cmpxchg (local.get 0) (local.get 1) (local.get 2)))
 ;; CHECK-LABEL: .entry tw_load(
 ;; CHECK: fence.sc.gpu;
 ;; CHECK-NEXT: ld.acquire.gpu.global.b64
 ;; HOST-LABEL: @tw_load(
 ;; HOST: load atomic i64, ptr addrspace(1) %{{.*}} seq_cst, align 8
 (func (export "load") (param i32) (result i64)
  (i64.atomic.load (local.get 0)))
 ;; CHECK-LABEL: .entry tw_store(
 ;; CHECK: fence.sc.gpu;
 ;; CHECK-NEXT: st.release.gpu.global.b16
 (func (export "store") (param i32 i32)
  (i32.atomic.store16 (local.get 0) (local.get 1)))
 ;; CHECK-LABEL: .entry tw_fence(
 ;; CHECK: fence.sc.gpu;
 ;; HOST-LABEL: @tw_fence(
 ;; HOST: fence seq_cst
 (func (export "fence") (atomic.fence)))
