;; Row 17 of the op mapping table: br_if and if jump if the condition is not
;; zero (any bit, spec 4.4.8).
;;
;; RUN: twc %s --emit=twasm | FileCheck %s --check-prefix=TWASM
;; RUN: twc %s --emit=std | FileCheck %s --check-prefix=STD
;; RUN: twc %s --emit=ptx --target=sm_80 | FileCheck %s --check-prefix=PTX

(module
 (memory 1)
 ;; TWASM-LABEL: twasm.func @br_if(
 ;; TWASM: br_if %arg0, ^[[OUT:bb[0-9]+]], ^[[NEXT:bb[0-9]+]]
 ;; STD-LABEL: func.func private @f0_br_if(
 ;; STD: %[[Z:.*]] = arith.constant 0 : i32
 ;; STD: %[[C:.*]] = arith.cmpi ne, %arg6, %[[Z]] : i32
 ;; STD: cf.cond_br %[[C]], ^[[OUT:bb[0-9]+]], ^[[NEXT:bb[0-9]+]]
 ;; PTX-LABEL: .visible .entry tw_br_if(
 ;; PTX: setp.{{eq|ne}}.b32 [[P:%p[0-9]+]], %r{{[0-9]+}}, 0;
 ;; PTX: @[[P]] bra
 (func (export "br_if") (param i32)
  (block (br_if 0 (local.get 0)) (i32.store8 (i32.const 0) (local.get 0))))

 ;; TWASM-LABEL: twasm.func @if(
 ;; TWASM: br_if %arg0, ^[[THEN:bb[0-9]+]], ^[[ELSE:bb[0-9]+]]
 ;; STD-LABEL: func.func private @f1_if(
 ;; STD: cf.cond_br %{{.*}}, ^[[THEN:bb[0-9]+]], ^[[ELSE:bb[0-9]+]]
 ;; STD: ^[[THEN]]:
 ;; STD: llvm.store
 ;; PTX-LABEL: .visible .entry tw_if(
 ;; PTX: @%p{{[0-9]+}} bra
 (func (export "if") (param i32)
  (if (local.get 0) (then (i32.store8 (i32.const 9) (local.get 0))))))
