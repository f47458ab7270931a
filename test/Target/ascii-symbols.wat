;; Wasm names are UTF-8; ptxas takes ASCII only. Each byte outside [A-Za-z0-9_]
;; becomes `$` and its two hexadecimal digits, so that no two names collide.
;;
;; RUN: twc %s --emit=ptx --target=sm_80 | FileCheck %s --check-prefix=PTX
;; RUN: twc %s --emit=host --target=host -o %t.so
;; RUN: llvm-readelf --dyn-syms %t.so | FileCheck %s --check-prefix=HOST

;; PTX-DAG: .visible .entry tw_$c3$a9(
;; PTX-DAG: .visible .entry tw_a$20b(
;; PTX-DAG: .visible .entry tw_a_b(
;; PTX-DAG: .visible .entry tw_$24(
;; PTX-DAG: .visible .entry tw_(
;; HOST-DAG: tw_$c3$a9{{$}}
;; HOST-DAG: tw_a$20b{{$}}
;; HOST-DAG: tw_a_b{{$}}
;; HOST-DAG: tw_$24{{$}}
;; HOST-DAG: tw_{{$}}
(module
 (func (export "é"))
 (func (export "a b"))
 (func (export "a_b"))
 (func (export "$"))
 (func (export "")))
