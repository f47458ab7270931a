;; A memory of another module, named by both its names.
;;
;; RUN: %python %S/Inputs/refused.py %s | FileCheck %s --match-full-lines

;; CHECK: twc: INPUT:0x00001b: error: the import of memory 'env.it' is not supported by this version of twc

(module
 (import "env" "it" (memory 1))
 (func (export "f")))
