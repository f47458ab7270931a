// A start function must be able to run: without it there is no instance.
//
// RUN: twc-opt %s --twasm-analyze-offload -verify-diagnostics

twasm.func private @host() attributes {func_index = 0 : i32, import = ["env", "init"]}
twasm.func @init() attributes {func_index = 1 : i32} {
  twasm.call @host() : () -> ()
  twasm.return
}
// expected-error @+1 {{the start function needs the import 'env.init', which no device provides (init -> host)}}
twasm.start @init
