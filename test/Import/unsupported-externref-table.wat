;; Tables of host references.
;;
;; RUN: %python %S/Inputs/refused.py %s | FileCheck %s --match-full-lines

;; CHECK: twc: INPUT:0x000018: error: a table of type externref is not supported by this version of twc

(module
 (table 1 externref)
 (func (export "f")))
