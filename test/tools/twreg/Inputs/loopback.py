# loopback.py - a docker-registry on loopback, for the time of a test.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import contextlib
import os
import socket
import subprocess
import time


@contextlib.contextmanager
def registry(directory):
    """Serves `directory`/store; gives HOST:PORT."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    os.makedirs(directory, exist_ok=True)
    # skopeo wants to be told that it may copy unsigned images; ours carry their
    # signatures inside.
    os.environ["HOME"] = os.path.abspath(directory)
    os.makedirs(directory + "/.config/containers", exist_ok=True)
    with open(directory + "/.config/containers/policy.json", "w") as file:
        file.write('{"default": [{"type": "insecureAcceptAnything"}]}')
    with open(directory + "/config.yml", "w") as file:
        file.write(
            "version: 0.1\n"
            f"storage: {{filesystem: {{rootdirectory: {directory}/store}}}}\n"
            f"http: {{addr: '{address}'}}\n"
        )
    with open(directory + "/log", "wb") as log:
        server = subprocess.Popen(
            ["docker-registry", "serve", directory + "/config.yml"],
            stdout=log,
            stderr=log,
        )
        try:
            host, port = address.split(":")
            for _ in range(100):
                with socket.socket() as client:
                    if client.connect_ex((host, int(port))) == 0:
                        break
                time.sleep(0.1)
            else:
                raise SystemExit("docker-registry does not answer")
            yield address
        finally:
            server.terminate()
            server.wait(timeout=30)
