;; Functions that take references.
;;
;; RUN: %python %S/Inputs/refused.py %s | FileCheck %s --match-full-lines

;; CHECK: twc: INPUT:0x000013: error: a function with a value of type externref is not supported by this version of twc

(module
 (func (export "f") (param externref)))
