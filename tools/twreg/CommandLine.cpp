//===- CommandLine.cpp - twreg's options ----------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The command line. Names and flags are cosign's and skopeo's where these have
// the same thing.
//
//===----------------------------------------------------------------------===//

#include "CommandLine.h"

namespace twreg {

/// --trust, --policy and what goes with them.
static void addTrust(CLI::App *command, Options &options, bool withUnverified) {
  // What follows must not swallow file names: one value each.
  command
      ->add_option("--trust", options.whom.keys,
                   "Public key file; one good signature by any of these is "
                   "needed")
      ->expected(1)
      ->take_all();
  command->add_option("--policy", options.whom.policy,
                      "Trust policy, TOML; its signatures are in POLICY.sig");
  command
      ->add_option("--root", options.whom.roots,
                   "Public key file of a root key: one of these must have "
                   "signed the policy")
      ->expected(1)
      ->take_all();
  command->add_flag("--strict", options.whom.strict,
                    "The policy must be signed by its roots, and fresh");
  command->add_option("--state", options.whom.state,
                      "Directory of this machine's high-water marks");
  if (withUnverified)
    command->add_flag("--unverified", options.whom.unverified,
                      "Judge form and digests only: whoever uses the copy "
                      "verifies");
}

static void addRegistry(CLI::App *command, Options &options) {
  command
      ->add_option("--registry", options.registry,
                   "The registry's directory (default: $TWREG_REGISTRY)")
      ->envname("TWREG_REGISTRY")
      ->required();
}

static void addOutput(CLI::App *command, Options &options) {
  command->add_option("-o,--output", options.output,
                      "Where to write (default: standard output)");
}

static void addDetached(CLI::App *command, Options &options) {
  command
      ->add_option("--signature", options.signature,
                   "File of the signature, 64 bytes or their base64")
      ->required();
  command
      ->add_option("--key", options.key,
                   "Public key file of who signed, ours or PEM")
      ->required();
}

static void addFileCommands(CLI::App &app, Options &options) {
  CLI::App *keygen =
      app.add_subcommand("keygen", "Make an Ed25519 key pair: PREFIX.key "
                                   "(secret, mode 0600) and PREFIX.pub");
  keygen->add_option("PREFIX", options.file, "Path without extension")
      ->required();
  keygen->add_flag("--encrypt", options.encrypt,
                   "Encrypt the secret key with a passphrase: "
                   "$TWREG_PASSWORD, or asked for on the terminal");
  keygen->callback([&] { options.run = runKeygen; });

  CLI::App *sign = app.add_subcommand(
      "sign", "Add a signature to a .ptxbin, or renew the one by this key");
  sign->add_option("FILE", options.file, "The .ptxbin")->required();
  sign->add_option("--key", options.key, "Secret key file")->required();
  sign->add_option("-o", options.output,
                   "Where to write; '-' is standard output (default: in "
                   "place)");
  sign->callback([&] { options.run = runSign; });

  CLI::App *payload = app.add_subcommand(
      "payload", "Write the bytes that a key elsewhere is to sign (Ed25519)");
  payload->add_option("FILE", options.file, "The .ptxbin")->required();
  addOutput(payload, options);
  payload->callback([&] { options.run = runPayload; });

  CLI::App *attach =
      app.add_subcommand("attach", "Add a signature that was made elsewhere");
  attach->add_option("FILE", options.file, "The .ptxbin")->required();
  addDetached(attach, options);
  attach->add_option("-o,--output", options.output,
                     "Where to write; '-' is standard output (default: in "
                     "place)");
  attach->callback([&] { options.run = runAttach; });

  CLI::App *publicKey = app.add_subcommand(
      "public-key", "Print the public key of a key file, ours or PEM");
  publicKey->add_option("KEY", options.key, "Key file")->required();
  addOutput(publicKey, options);
  publicKey->callback([&] { options.run = runPublicKey; });

  CLI::App *verify = app.add_subcommand(
      "verify", "Check signatures, digests and form of a .ptxbin");
  verify->add_option("FILE", options.file, "The .ptxbin")->required();
  addTrust(verify, options, /*withUnverified=*/true);
  verify->add_flag("--rebuild", options.rebuild,
                   "Compile the modules in it again, with twc: what can run "
                   "must come out the same");
  verify->add_option("--twc", options.twc,
                     "The compiler (default: beside twreg, or on PATH)");
  verify->add_option("--finalized", options.finalized,
                     "An image that twreg finalize has made of it, to be "
                     "checked too");
  verify->callback([&] { options.run = runVerify; });

  CLI::App *finalize = app.add_subcommand(
      "finalize", "Have this machine's GPU driver make a cubin of a .ptxbin's "
                  "PTX, and sign it, in a file beside");
  finalize->add_option("FILE", options.file, "The .ptxbin")->required();
  finalize->add_option("--key", options.key, "Secret key file of a finalizer")
      ->required();
  finalize
      ->add_option("-o,--output", options.output,
                   "Where to write; '-' is standard output")
      ->required();
  finalize->add_option("--device", options.device, "cuda or cuda:N")
      ->capture_default_str();
  addTrust(finalize, options, /*withUnverified=*/false);
  finalize->callback([&] { options.run = runFinalize; });

  CLI::App *show = app.add_subcommand(
      "show", "Print what a .ptxbin holds, without judging its signatures");
  show->add_option("FILE", options.file,
                   "The .ptxbin; with --registry, NAME[:VERSION]")
      ->required();
  show->add_option("--registry", options.registry, "A registry's directory");
  show->add_flag("--json", options.json, "Everything, as JSON");
  show->add_flag("--manifest", options.manifestOnly,
                 "The manifest alone, as JSON");
  show->add_option("--explain-target", options.explainTarget,
                   "Tell which image runs there and why: sm_90, host, or local "
                   "for this machine");
  show->add_flag("--provenance", options.provenance,
                 "Print how it was built, as an in-toto statement");
  show->add_option("--trust", options.whom.keys,
                   "With --provenance: public key file of a builder that may "
                   "have signed the statement")
      ->expected(1)
      ->take_all();
  show->add_option("--driver", options.driver,
                   "The CUDA version of that GPU's driver, such as 12.4");
  show->add_option("--cpu", options.cpu,
                   "That host's CPU: x86-64, x86-64-v2, -v3 or -v4");
  show->callback([&] { options.run = runShow; });
}

static void addRegistryCommands(CLI::App &app, Options &options) {
  CLI::App *publish = app.add_subcommand(
      "publish", "Add a signed .ptxbin to a registry, which is made if need "
                 "be");
  publish->add_option("FILE", options.file, "The .ptxbin")->required();
  addRegistry(publish, options);
  addTrust(publish, options, /*withUnverified=*/false);
  publish->callback([&] { options.run = runPublish; });

  CLI::App *pull =
      app.add_subcommand("pull", "Verify an entry and write its .ptxbin");
  pull->add_option("NAME[:VERSION]", options.file,
                   "The entry; without VERSION the highest release")
      ->required();
  pull->add_option("-o,--output", options.output,
                   "Where to write; '-' is standard output")
      ->required();
  addRegistry(pull, options);
  addTrust(pull, options, /*withUnverified=*/false);
  pull->add_flag("--allow-rollback", options.allowRollback,
                 "Take a release below the highest one that was seen here");
  pull->callback([&] { options.run = runPull; });

  CLI::App *list = app.add_subcommand(
      "list", "Print a registry's entries, without judging them");
  addRegistry(list, options);
  list->add_flag("--json", options.json, "As JSON");
  list->callback([&] { options.run = runList; });

  CLI::App *adopt = app.add_subcommand(
      "adopt", "Make entries of what other tools copied into a registry");
  addRegistry(adopt, options);
  addTrust(adopt, options, /*withUnverified=*/false);
  adopt->callback([&] { options.run = runAdopt; });

  CLI::App *fsck = app.add_subcommand(
      "fsck", "Read a whole registry and tell what is wrong with it");
  addRegistry(fsck, options);
  addTrust(fsck, options, /*withUnverified=*/false);
  fsck->add_flag("--repair", options.repair,
                 "Write index.json again where it differs from the entries");
  fsck->callback([&] { options.run = runFsck; });

  CLI::App *gc = app.add_subcommand(
      "gc", "Tell what no entry needs; with --delete, remove it");
  addRegistry(gc, options);
  gc->add_flag("--delete", options.remove, "Remove it");
  gc->add_option("--grace", options.grace,
                 "Keep blobs younger than this many seconds, which another "
                 "tool may be about to refer to")
      ->check(CLI::Range(uint64_t(0), uint64_t(1) << 40))
      ->capture_default_str();
  gc->callback([&] { options.run = runGc; });
}

static void addTransferCommands(CLI::App &app, Options &options) {
  CLI::App *copy = app.add_subcommand(
      "copy", "Copy entries between oci:DIR[:NAME[:VERSION]] and "
              "docker://HOST/REPOSITORY[:TAG] (through skopeo)");
  copy->add_option("SOURCE", options.source, "Where from")->required();
  copy->add_option("DESTINATION", options.destination, "Where to")->required();
  addTrust(copy, options, /*withUnverified=*/true);
  copy->add_flag("--src-tls-verify,!--no-src-tls-verify",
                 options.verifySourceTls, "For skopeo; =false for plain HTTP");
  copy->add_flag("--dest-tls-verify,!--no-dest-tls-verify",
                 options.verifyDestinationTls,
                 "For skopeo; =false for plain HTTP");
  copy->add_option("--authfile", options.authfile,
                   "For skopeo: its file of credentials");
  copy->callback([&] { options.run = runCopy; });

  CLI::App *exporting = app.add_subcommand(
      "export", "Write entries as a tar file, an OCI archive");
  exporting->add_option("NAME[:VERSION]", options.file,
                        "What to write (default: all entries)");
  exporting
      ->add_option("-o,--output", options.output,
                   "Where to write; '-' is standard output")
      ->required();
  addRegistry(exporting, options);
  addTrust(exporting, options, /*withUnverified=*/true);
  exporting->callback([&] { options.run = runExport; });

  CLI::App *importing = app.add_subcommand(
      "import", "Add the entries of an OCI archive to a registry");
  importing
      ->add_option("FILE", options.file,
                   "The tar file; '-' is standard "
                   "input")
      ->required();
  importing->add_option("NAME[:VERSION]", options.source,
                        "What to take (default: all entries)");
  addRegistry(importing, options);
  addTrust(importing, options, /*withUnverified=*/true);
  importing->callback([&] { options.run = runImport; });
}

static void addPolicyCommands(CLI::App &app, Options &options) {
  CLI::App *policy = app.add_subcommand("policy", "Trust policies");
  policy->require_subcommand(1);
  CLI::App *check = policy->add_subcommand(
      "check", "Tell whether a policy would be accepted here");
  check->add_option("POLICY", options.file, "The policy")->required();
  check
      ->add_option("--root", options.whom.roots,
                   "Public key file of a root key: one of these must have "
                   "signed")
      ->expected(1)
      ->take_all();
  check->add_flag("--strict", options.whom.strict,
                  "It must be signed by its roots, and fresh");
  check->add_option("--state", options.whom.state,
                    "Directory of this machine's high-water marks");
  check->callback([&] { options.run = runPolicyCheck; });
  CLI::App *sign = policy->add_subcommand(
      "sign", "Add a root key's signature to POLICY.sig, or renew it");
  sign->add_option("POLICY", options.file, "The policy")->required();
  sign->add_option("--key", options.key, "Secret key file")->required();
  sign->callback([&] { options.run = runPolicySign; });
  CLI::App *payload = policy->add_subcommand(
      "payload", "Write the bytes that a root key elsewhere is to sign");
  payload->add_option("POLICY", options.file, "The policy")->required();
  addOutput(payload, options);
  payload->callback([&] { options.run = runPolicyPayload; });
  CLI::App *attach = policy->add_subcommand(
      "attach", "Add a root key's signature that was made elsewhere");
  attach->add_option("POLICY", options.file, "The policy")->required();
  addDetached(attach, options);
  attach->callback([&] { options.run = runPolicyAttach; });
}

static void addCacheCommands(CLI::App &app, Options &options) {
  CLI::App *log = app.add_subcommand(
      "log", "Print what was signed, published, finalized and put into force "
             "here, and check that nothing of it was changed");
  log->add_option("--state", options.whom.state,
                  "Directory of this machine's high-water marks");
  log->add_flag("--json", options.json, "The lines as they are");
  log->add_option("--expect", options.expectHash,
                  "The hash of a line that must be there");
  log->callback([&] { options.run = runLog; });

  CLI::App *cache = app.add_subcommand("cache", "What twc --cache keeps");
  cache->require_subcommand(1);
  cache->add_option("--dir", options.cache,
                    "Its directory (default: $TWC_CACHE_DIR, or "
                    "~/.cache/tensorwasm)");
  CLI::App *list =
      cache->add_subcommand("list", "Print its entries, last used first");
  list->callback([&] { options.run = runCacheList; });
  CLI::App *gc = cache->add_subcommand(
      "gc", "Remove what was used longest ago, until it has its size");
  gc->add_option("--size", options.cacheBytes, "That size, such as 500MB")
      ->transform(CLI::AsSizeValue(/*kb_is_1000=*/false))
      ->default_str("2GB");
  gc->callback([&] { options.run = runCacheGc; });
  CLI::App *clear = cache->add_subcommand("clear", "Remove everything");
  clear->callback([&] { options.run = runCacheClear; });
}

void addCommands(CLI::App &app, Options &options) {
  app.require_subcommand(1);
  addFileCommands(app, options);
  addCacheCommands(app, options);
  addRegistryCommands(app, options);
  addTransferCommands(app, options);
  addPolicyCommands(app, options);
}

} // namespace twreg
