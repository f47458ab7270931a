;; Row 16 of the op mapping table: br, fall-through and return.
;;
;; RUN: twc %s --emit=twasm | FileCheck %s --check-prefix=TWASM
;; RUN: twc %s --emit=std | FileCheck %s --check-prefix=STD
;; RUN: twc %s --emit=ptx --target=sm_80 | FileCheck %s --check-prefix=PTX

(module
 ;; TWASM-LABEL: twasm.func @spin(
 ;; TWASM: br ^[[L:bb[0-9]+]]
 ;; TWASM: ^[[L]]:
 ;; TWASM-NEXT: br ^[[L]]
 ;; STD-LABEL: func.func private @f0_spin(
 ;; STD: cf.br ^[[L:bb[0-9]+]]
 ;; STD: ^[[L]]:
 ;; STD-NEXT: cf.br ^[[L]]
 ;; An infinite loop stays one: nothing may take it for finite or unreachable.
 ;; PTX-LABEL: .visible .entry tw_spin(
 ;; PTX: [[LABEL:\$L__BB[0-9_]+]]:
 ;; PTX: bra.uni [[LABEL]];
 (func (export "spin") (loop $l (br $l)))

 ;; TWASM-LABEL: twasm.func @leave(
 ;; TWASM: return %arg0 : i32
 ;; STD-LABEL: func.func private @f1_leave(
 ;; STD: return %arg6 : i32
 ;; PTX-LABEL: .visible .entry tw_leave(
 ;; PTX: ret;
 (func (export "leave") (param i32) (result i32)
  (return (local.get 0)) (i32.const 7)))
