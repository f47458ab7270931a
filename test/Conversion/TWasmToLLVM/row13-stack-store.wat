;; Row 13 of the op mapping table: local.set and local.tee make values, not
;; stores.
;;
;; RUN: twc %s --emit=twasm | FileCheck %s --check-prefix=TWASM
;; RUN: twc %s --emit=std | FileCheck %s --check-prefix=STD
;; RUN: twc %s --emit=ptx --target=sm_80 | FileCheck %s --check-prefix=PTX

;; STD-NOT: alloca

(module
 ;; TWASM-LABEL: twasm.func @set(
 ;; TWASM-NEXT: return %arg1, %arg1 : i32, i32
 ;; STD-LABEL: func.func private @f0_set(
 ;; STD-NEXT: return %arg7, %arg7 : i32, i32
 ;; STD-NOT: llvm.store
 ;; PTX-LABEL: .visible .entry tw_set(
 ;; PTX-NOT: .local
 ;; PTX-NOT: st.local
 ;; PTX: ret;
 (func (export "set") (param i32 i32) (result i32 i32)
  (local.set 0 (local.get 1))
  (local.tee 1 (local.get 0))
  (local.get 0)))
