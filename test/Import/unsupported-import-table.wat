;; A table of another module, named by both its names.
;;
;; RUN: %python %S/Inputs/refused.py %s | FileCheck %s --match-full-lines

;; CHECK: twc: INPUT:0x00001c: error: the import of table 'env.it' is not supported by this version of twc

(module
 (import "env" "it" (table 1 funcref))
 (func (export "f")))
