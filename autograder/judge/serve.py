"""What a judge's process does, from its fork to its end: it takes over its parent's surroundings and serves calls."""

import gc
import os
import pickle
import signal
import socket
import sys
from contextlib import suppress
from multiprocessing.connection import Connection

# The notebooks only so that the fork server imports them, with pytest, once for all judges.
from autograder.judge import heartbeat, notebooks, warm_sandbox  # noqa: F401
from autograder.judge.judge_process import Call, Reply, Step, Surroundings
from autograder.sandbox.fork_server import Channel
from autograder.sandbox.worker.isolation import libc

# Nearly all garbage goes with its last reference. To look for the rest as often as Python does takes 7% of the time.
# The oldest objects are looked at more often instead, which costs less memory.
SELDOM = 5_000, 8, 4


def start(descriptors: list[int]) -> None:
    """Serve the connection until it is closed. The other descriptor is a channel to the fork server."""
    connection, channel = descriptors
    # Ctrl-C reaches every process of a terminal. The parent decides what happens.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if libc.known_machine():
        libc.die_with_parent()
    # To look for garbage among what was imported before the fork would copy every page that it lies on.
    gc.freeze()
    gc.set_threshold(*SELDOM)
    gc.enable()
    warm_sandbox.use(Channel(socket.socket(fileno=channel)))
    try:
        with suppress(EOFError, OSError):
            _serve(Connection(connection))
    finally:
        warm_sandbox.end()
        for stream in (sys.stdout, sys.stderr):
            stream.flush()


def _serve(connection: Connection) -> None:
    _take_over(connection.recv())
    connection.send(os.getpid())
    heartbeat.tell(lambda: connection.send(Step()))
    while True:
        try:
            call: Call = connection.recv()
        except (EOFError, OSError):
            return
        except Exception as error:
            # The function or its arguments cannot be read here: a module is missing.
            connection.send_bytes(_pickled(Reply(error=error)))
        else:
            connection.send_bytes(_pickled(_made(call)))


def _take_over(surroundings: Surroundings) -> None:
    os.environ.clear()
    os.environ.update(surroundings.environment)
    sys.path[:] = surroundings.path
    with suppress(OSError):
        os.chdir(surroundings.folder)


def _made(call: Call) -> Reply:
    try:
        return Reply(call.function(*call.arguments))
    except Exception as error:
        return Reply(error=error)


def _pickled(reply: Reply) -> bytes:
    try:
        data = pickle.dumps(reply)
        # Some exceptions can be written, and then not read.
        if reply.error is not None:
            pickle.loads(data)
    except Exception:
        what = reply.result if reply.error is None else reply.error
        return pickle.dumps(Reply(error=RuntimeError(f"{type(what).__name__}: {what}"[:1000])))
    return data
