;; A shared memory has a maximum, and keeps its being shared: linking wants it.
;;
;; RUN: twc %s --emit=twasm | FileCheck %s

;; CHECK: twasm.memory @memory0 min 1 max 2 shared
;; CHECK: twasm.export "m" memory @memory0

(module
 (memory (export "m") 1 2 shared)
 (func (export "f")))
