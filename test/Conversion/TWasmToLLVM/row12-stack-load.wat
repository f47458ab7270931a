;; Rows 12 and 13 of the op mapping table: locals are registers. PTX has no stack
;; to keep them on: no .local memory and no depot, whatever control flow does.
;;
;; RUN: twc %s --emit=twasm | FileCheck %s --check-prefix=TWASM
;; RUN: twc %s --emit=std | FileCheck %s --check-prefix=STD
;; RUN: twc %s --emit=ptx --target=sm_80 | FileCheck %s --check-prefix=PTX
;; RUN: twc %s --emit=ptx --target=sm_80 | FileCheck %s --check-prefix=LOCAL
;; RUN: twc %s --emit=ptx --target=sm_80 -O0 | FileCheck %s --check-prefix=LOCAL

;; LOCAL-NOT: .local
;; LOCAL-NOT: __local_depot
;; STD-NOT: alloca

(module
 ;; TWASM-LABEL: twasm.func @mix(
 ;; TWASM-NOT: local
 ;; STD-LABEL: func.func private @f0_mix(
 ;; PTX-LABEL: .visible .entry tw_mix(
 (func (export "mix") (param $n i32) (result i64) (local $a i64) (local $b i64)
  (local.set $b (i64.const 1))
  (loop $l
   (if (i32.and (local.get $n) (i32.const 1))
    (then (local.set $a (i64.add (local.get $a) (local.get $b))))
    (else (local.set $b (i64.mul (local.get $b) (local.get $a)))))
   (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
  (i64.xor (local.get $a) (local.get $b))))
