"""The process whose forks are the zygotes. It is a fork of the fork server, from before that one imports the judge.

It serves the fork server, which hands it a channel for each judge, and the judges. It holds nothing but these sockets.
"""

import gc
import json
import select
import socket
from typing import Any

from autograder.sandbox.worker import warm
from autograder.sandbox.worker.forks import Forks
from autograder.sandbox.worker.isolation import libc

ZYGOTE = "autograder.sandbox.worker.zygote"
MAX_REQUEST = 1 << 12
MOST_DESCRIPTORS = 2
END_SECONDS = 10


def start(descriptors: list[int]) -> None:
    """Serve the socket with this descriptor until its other end is closed. The zygotes end with their judges."""
    server = socket.socket(fileno=descriptors[0])
    if libc.known_machine():
        # A server that nobody needed is killed. Then this one must not go on warming up.
        libc.die_with_parent()
    forks, channels = Forks(), [server]
    # A judge imports its checks before it asks for a zygote: be warm by then.
    warm.warm_up()
    gc.enable()
    while True:
        waiting: list[Any] = [forks.ended, *channels]
        ready = select.select(waiting, [], [])[0]
        if forks.ended in ready:
            forks.reap()
        for channel in [channel for channel in channels if channel in ready]:
            data, received, _, _ = socket.recv_fds(channel, MAX_REQUEST, MOST_DESCRIPTORS)
            if not data:
                channel.close()
                channels.remove(channel)
            elif json.loads(data)["wanted"] == "channel":
                channels.append(socket.socket(fileno=received[0]))
            else:
                forks.start(ZYGOTE, received)
        if server not in channels:
            forks.wait(END_SECONDS)
            return
