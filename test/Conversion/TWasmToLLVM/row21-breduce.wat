;; Row 21 of the op mapping table: wrapping and narrow stores keep the low bits.
;;
;; RUN: twc %s --emit=twasm | FileCheck %s --check-prefix=TWASM
;; RUN: twc %s --emit=std | FileCheck %s --check-prefix=STD
;; RUN: twc %s --emit=ptx --target=sm_80 | FileCheck %s --check-prefix=PTX

(module
 (memory 1)
 ;; TWASM-LABEL: twasm.func @wrap(
 ;; TWASM: wrap %arg0 : i64 to i32
 ;; STD-LABEL: func.func private @f0_wrap(
 ;; STD: arith.trunci %arg6 : i64 to i32
 ;; PTX-LABEL: .visible .entry tw_wrap(
 ;; PTX: {{cvt.u32.u64|ld.param.b32}}
 (func (export "wrap") (param i64) (result i32) (i32.clz (i32.wrap_i64 (local.get 0))))

 ;; TWASM-LABEL: twasm.func @store8(
 ;; TWASM: store_n 8 %arg1, %arg0 offset 0 align 0 : i64
 ;; STD-LABEL: func.func private @f1_store8(
 ;; STD: %[[B:.*]] = arith.trunci %arg7 : i64 to i8
 ;; STD: llvm.store %[[B]]
 ;; PTX-LABEL: .visible .entry tw_store8(
 ;; PTX: st.global.b8
 (func (export "store8") (param i32 i64) (i64.store8 (local.get 0) (local.get 1)))

 ;; TWASM-LABEL: twasm.func @store32(
 ;; TWASM: store_n 32 %arg1, %arg0 offset 0 align 2 : i64
 ;; STD-LABEL: func.func private @f2_store32(
 ;; STD: %[[W:.*]] = arith.trunci %arg7 : i64 to i32
 ;; STD: llvm.store %[[W]]
 ;; PTX-LABEL: .visible .entry tw_store32(
 ;; PTX: st.global.b32
 (func (export "store32") (param i32 i64) (i64.store32 (local.get 0) (local.get 1))))
