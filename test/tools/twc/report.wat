;; --report says of each export whether and how it can run, before any code is
;; generated; as text for people, as JSON for build pipelines. Names are the
;; guest's: nothing in them may steer a terminal.
;;
;; RUN: rm -rf %t && mkdir %t && cd %t
;; RUN: twc %s --report | FileCheck %s --check-prefix=TEXT
;; RUN: twc %s --report --json > report.json
;; RUN: %python -m json.tool report.json | FileCheck %s --check-prefix=JSON
;; RUN: ls %t | FileCheck %s --check-prefix=FILES --match-full-lines
;; RUN: twc %s --report -o out.ptxbin --target=host 2>/dev/null | FileCheck %s --check-prefix=BUILT
;; RUN: twreg show out.ptxbin
;; BUILT: 4 exported functions
;; BUILT: not offloadable: needs the import
;; BUILT-NEXT: bounds checks, host: 0 accesses
;; BUILT-NOT: {{.}}
;; FILES: report.json
;; FILES-NOT: {{.}}

;; TEXT: 4 exported functions
;; TEXT-NEXT: {{^}} kernel(i32, f32){{$}}
;; TEXT-NEXT: invoke: yes
;; TEXT-NEXT: launch: yes
;; TEXT-NEXT: {{^}} pair() -> i64, f64{{$}}
;; TEXT-NEXT: invoke: yes
;; TEXT-NEXT: launch: no, it returns a value, and a grid has nowhere to return it: use invoke
;; TEXT-NEXT: {{^}} writer(){{$}}
;; TEXT-NEXT: needs: global 'counter'{{$}}
;; TEXT-NEXT: invoke: yes
;; TEXT-NEXT: launch: no, it writes the mutable global 'counter', which the threads of a grid would share (writer at offset [[#]])
;; TEXT-NEXT: {{^}} \033[31m(){{$}}
;; TEXT-NEXT: needs: import 'env.log'{{$}}
;; TEXT-NEXT: not offloadable: needs the import 'env.log', which no device provides (red -> log at offset [[#]])
;; TEXT-NOT: {{.}}

;; JSON: "function": 1,
;; JSON: "launchable": true,
;; JSON-NEXT: "name": "kernel",
;; JSON: "offloadable": true,
;; JSON: "params": [
;; JSON-NEXT: "i32",
;; JSON-NEXT: "f32"
;; JSON-NEXT: ],
;; JSON-NEXT: "results": [],
;; JSON-NEXT: "stack_bytes": null,
;; JSON-NEXT: "stack_pointer": null,
;; JSON-NEXT: "symbol": "tw_kernel"
;; JSON: "launchable": false,
;; JSON-NEXT: "name": "pair",
;; JSON: "not_launchable": "returns a value, and a grid has nowhere to return it: use invoke",
;; JSON: "name": "writer",
;; JSON: "needs": [
;; JSON-NEXT: "global 'counter'"
;; JSON-NEXT: ]
;; JSON: "launchable": false,
;; JSON-NEXT: "name": "\u001b[31m",
;; JSON: "not_offloadable": "needs the import 'env.log', which no device provides (red -> log at offset [[#]])",
;; JSON: "offloadable": false,

(module
 (import "env" "log" (func $log))
 (global $counter (mut i32) (i32.const 0))
 (func (export "kernel") (param i32 f32))
 (func (export "pair") (result i64 f64) (i64.const 1) (f64.const 2))
 (func $writer (export "writer") (global.set $counter (i32.const 1)))
 (func $red (export "\1b[31m") (call $log)))
