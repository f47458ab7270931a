;; memory.copy and memory.fill are loops of our own: no call of the C library's,
;; no llvm.memmove; words of 16 bytes, on a GPU behind a test of alignment.
;;
;; RUN: twc %s --emit=llvm --target=sm_80 | FileCheck %s --check-prefixes=CHECK,PTX
;; RUN: twc %s --emit=llvm --target=host | FileCheck %s --check-prefixes=CHECK,HOST
;; RUN: twc %s --emit=ptx --target=sm_75 | FileCheck %s --check-prefix=ASM
;; RUN: twc %s --emit=host -o %t.so
;; RUN: llvm-readelf --dyn-syms %t.so | FileCheck %s --check-prefix=ELF

;; ELF-NOT: UND {{.*}}mem
;; CHECK-NOT: {{declare|call}} {{.*}}@{{(llvm\.)?}}mem
(module
 (memory 1)
 ;; CHECK: call void @__tw_copy(
 (func (export "copy") (param i32 i32 i32)
  (memory.copy (local.get 0) (local.get 1) (local.get 2)))
 ;; CHECK: call void @__tw_fill(
 (func (export "fill") (param i32 i32 i32)
  (memory.fill (local.get 0) (local.get 1) (local.get 2))))
;; CHECK-LABEL: define internal void @__tw_copy(
;; CHECK-NOT: {{declare|call}} {{.*}}@{{(llvm\.)?}}mem
;; HOST: load <2 x i64>, ptr addrspace(1) %{{.*}}, align 1
;; PTX: and i64 %{{.*}}, 15
;; PTX: load i8
;; PTX: load <2 x i64>, ptr addrspace(1) %{{.*}}, align 16

;; ASM-LABEL: .func __tw_copy(
;; ASM: ld.global.v2.b64
;; ASM: st.global.v2.b64
