;; Exports that cannot run are named in a warning; the others still compile.
;;
;; RUN: twc %s -o %t.ptxbin --target=sm_80,host 2>&1 | FileCheck %s
;; CHECK: twc: {{.*}}.wat: warning: export 'bad' is not offloadable: needs the import 'env.log', which no device provides (bad -> log at offset [[#]])
;; CHECK-NOT: {{.}}
;; RUN: twc %s --emit=ptx --target=sm_80 2>/dev/null | FileCheck %s --check-prefix=PTX
;; PTX-NOT: tw_bad
;; PTX: .visible .entry tw_good(
;; PTX-NOT: tw_bad

(module
 (import "env" "log" (func $log))
 (func $bad (export "bad") (call $log))
 (func (export "good")))
