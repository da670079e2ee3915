"""Whether an address can be listened on.

It needs the standard library alone: `make run` asks before anything is installed.
"""

import socket
import sys


def problem_with(host: str, port: str) -> str:
    """A sentence on why nothing can listen on `host` and `port`, or an empty string if something can."""
    if not (port.isascii() and port.isdecimal()) or not 0 < int(port) < 65536:
        return f"A port is a number from 1 to 65535, not {port}."
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except (socket.gaierror, UnicodeError):
        return f"There is no address {host} on this machine."
    with socket.socket(family, kind, protocol) as listener:
        # As the server does: a port whose last connections are still closing is free.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(address)
            listener.listen()
        except PermissionError:
            return f"Port {port} may not be used without the rights of an administrator. Choose one above 1023."
        except OSError as error:
            return f"Cannot listen on {host}, port {port}: {error.strerror}. Choose another one."
    return ""


if __name__ == "__main__":
    _, host, port = sys.argv
    sys.exit(problem_with(host, port) or 0)
