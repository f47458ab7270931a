;; Row 18 of the op mapping table: call. The launch constants go along in front.
;; (A call of a host import: test/Import/unsupported-import-function.wat.)
;;
;; RUN: twc %s --emit=twasm | FileCheck %s --check-prefix=TWASM
;; RUN: twc %s --emit=std | FileCheck %s --check-prefix=STD
;; RUN: twc %s --emit=ptx --target=sm_80 | FileCheck %s --check-prefix=PTX

(module
 ;; Recursive, so that it is not inlined: its calls compare the stack pointer.
 ;; TWASM-LABEL: twasm.func @fib(
 ;; TWASM: call @fib(%{{.*}}) : (i32) -> i32
 ;; STD-LABEL: func.func private @f0_fib(
 ;; STD-NEXT: twasm.rt.check_stack %arg4, %arg2
 ;; STD: call @f0_fib(%arg0, %arg1, %arg2, %arg3, %arg4, %arg5, %{{.*}}) : (!llvm.ptr<1>, i64, !llvm.ptr, !llvm.ptr<1>, i64, !llvm.ptr, i32) -> i32
 (func $fib (export "fib") (param i32) (result i32)
  (if (result i32) (i32.lt_u (local.get 0) (i32.const 2))
   (then (local.get 0))
   (else (i32.add (call $fib (i32.sub (local.get 0) (i32.const 1)))
                  (call $fib (i32.sub (local.get 0) (i32.const 2)))))))

 ;; STD-LABEL: func.func private @f1_square(
 (func $square (param f32) (result f32)
  (f32.mul (local.get 0) (local.get 0)))

 ;; TWASM-LABEL: twasm.func @caller(
 ;; TWASM: call @square(%arg0) : (f32) -> f32
 ;; STD-LABEL: func.func private @f2_caller(
 ;; STD: call @f1_square(%arg0, %arg1, %arg2, %arg3, %arg4, %arg5, %arg6)
 ;; PTX-LABEL: .visible .entry tw_fib(
 ;; PTX: call.uni {{.*}}f0_fib,
 ;; PTX-LABEL: .visible .entry tw_caller(
 ;; PTX-NOT: call.uni
 ;; PTX: mul.rn.f32
 (func (export "caller") (param f32) (result f32)
  (call $square (local.get 0))))
