"""Where the store is: whether its port is free, and the addresses by which browsers come."""

import errno
import ipaddress
import socket

import psutil

_ELSEWHERE = ("10.255.255.255", 9)  # nothing is sent: connecting a UDP socket only chooses the way


class PortTaken(Exception):
    """The port cannot be used; the message says why and what to do."""


def require_free_port(port: int) -> None:
    """Raises PortTaken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # connections of the last run may linger
        try:
            probe.bind(("0.0.0.0", port))
            probe.listen(1)
        except OSError as error:
            why = "is taken by another program" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"
            free = port + 1 if 1024 <= port < 65535 else 8001
            raise PortTaken(f"Port {port} {why}; choose another: make demo PORT={free}") from None


def lan_address() -> str | None:
    """This machine's address for others in its network; None when it has none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as way:
        try:
            way.connect(_ELSEWHERE)
            found = str(way.getsockname()[0])
        except OSError:
            found = ""
    others = [
        address.address
        for addresses in psutil.net_if_addrs().values()
        for address in addresses
        if address.family == socket.AF_INET
    ]
    return next(filter(_is_reachable, (found, *others)), None)


def _is_reachable(address: str) -> bool:
    if not address:
        return False
    parsed = ipaddress.ip_address(address)
    return not (parsed.is_loopback or parsed.is_link_local or parsed.is_unspecified)
