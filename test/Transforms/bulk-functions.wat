;; memory.copy and memory.fill are loops of our own: no call of the C library's,
;; no llvm.memmove; words of 16 bytes, on a GPU behind a test of alignment.
;;
;; RUN: twc %s --emit=llvm --target=sm_80 -o %t.ptx.ll
;; RUN: FileCheck %s --check-prefixes=CHECK,PTX < %t.ptx.ll
;; RUN: FileCheck %s --check-prefix=NOLIBC < %t.ptx.ll
;; RUN: twc %s --emit=llvm --target=host -o %t.host.ll
;; RUN: FileCheck %s --check-prefixes=CHECK,HOST < %t.host.ll
;; RUN: FileCheck %s --check-prefix=NOLIBC < %t.host.ll
;; RUN: twc %s --emit=ptx --target=sm_75 | FileCheck %s --check-prefix=ASM
;; RUN: twc %s --emit=host -o %t.so
;; RUN: llvm-readelf --dyn-syms %t.so | FileCheck %s --check-prefix=ELF

;; CHECK-LABEL: define internal void @__tw_copy(
;; HOST: load <2 x i64>, ptr addrspace(1) %{{.*}}, align 1
;; PTX: and i64 %{{.*}}, 15
;; PTX: load i8
;; PTX: load <4 x i32>, ptr addrspace(1) %{{.*}}, align 16

;; NOLIBC-NOT: {{@(llvm\.)?mem(cpy|move|set)}}

;; ASM: .func __tw_copy(
;; ASM: ld.global.v4.b32
;; ASM: st.global.v4.b32

;; ELF-NOT: UND {{.*}}mem

(module
 (memory 1)
 ;; CHECK-LABEL: define {{.*}}@tw_copy(
 ;; CHECK: call void @__tw_copy(
 (func (export "copy") (param i32 i32 i32)
  (memory.copy (local.get 0) (local.get 1) (local.get 2)))
 ;; CHECK-LABEL: define {{.*}}@tw_fill(
 ;; CHECK: call void @__tw_fill(
 (func (export "fill") (param i32 i32 i32)
  (memory.fill (local.get 0) (local.get 1) (local.get 2))))
