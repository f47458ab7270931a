;; Row 2 of the op mapping table: sub. It wraps (spec 4.3.2): no
;; nsw or nuw anywhere.
;;
;; RUN: twc %s --emit=twasm | FileCheck %s --check-prefix=TWASM
;; RUN: twc %s --emit=std | FileCheck %s --check-prefix=STD
;; RUN: twc %s --emit=ptx --target=sm_80 | FileCheck %s --check-prefix=PTX
;; RUN: twc %s --emit=llvm-dialect --target=sm_80 \
;; RUN:   | FileCheck %s --check-prefix=DIALECT
;; RUN: twc %s --emit=llvm --target=sm_80 | FileCheck %s --check-prefix=LLVM

(module
 ;; TWASM-LABEL: twasm.func @i32(
 ;; TWASM: isub %arg0, %arg1 : i32
 ;; STD-LABEL: func.func private @f0_i32(
 ;; STD: arith.subi %arg6, %arg7 : i32
 ;; STD-NOT: overflow
 ;; DIALECT-LABEL: llvm.func @f0_i32(
 ;; DIALECT: llvm.sub %arg6, %arg7 : i32
 ;; LLVM-LABEL: define {{.*}} @tw_i32(
 ;; LLVM: = sub i32 %
 ;; PTX-LABEL: .visible .entry tw_i32(
 ;; PTX: sub.s32 %r{{[0-9]+}}, %r{{[0-9]+}}, %r{{[0-9]+}};
 (func (export "i32") (param i32 i32) (result i32)
  (i32.sub (local.get 0) (local.get 1)))

 ;; TWASM-LABEL: twasm.func @i64(
 ;; TWASM: isub %arg0, %arg1 : i64
 ;; STD-LABEL: func.func private @f1_i64(
 ;; STD: arith.subi %arg6, %arg7 : i64
 ;; STD-NOT: overflow
 ;; DIALECT-LABEL: llvm.func @f1_i64(
 ;; DIALECT: llvm.sub %arg6, %arg7 : i64
 ;; DIALECT-NOT: overflow
 ;; LLVM-LABEL: define {{.*}} @tw_i64(
 ;; LLVM: = sub i64 %
 ;; PTX-LABEL: .visible .entry tw_i64(
 ;; PTX: sub.s64 %rd{{[0-9]+}}, %rd{{[0-9]+}}, %rd{{[0-9]+}};
 (func (export "i64") (param i64 i64) (result i64)
  (i64.sub (local.get 0) (local.get 1))))
