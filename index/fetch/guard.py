"""Where a request may go: which ports, and which of the places that a name stands for."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from index.errors import FetchError
from index.fetch.address import BY_HAND, PORTS, Address
from index.fetch.policy import Policy

# Beside what `ipaddress` of Python 3.11 knows: protocol assignments with a cloud's metadata among
# them, relays of 6to4, another cloud's metadata on a public number, and a range for examples.
_NOT_PUBLIC = tuple(
    ip_network(network)
    for network in ("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32", "3fff::/20")
)
_UNICAST = ip_network("2000::/3")  # all that was given out of IPv6 so far
_NAT64 = ip_network("64:ff9b::/96")


def places(address: Address, policy: Policy) -> tuple[str, ...]:
    """The numeric addresses of its host, resolved once; each may be connected to.

    Raises FetchError where scheme or port is not allowed, or any one of them is not public: a name
    that stands for both is a trap or a mistake.
    """
    allowed(address, policy)
    try:
        found = policy.resolve(address.host, address.port)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise FetchError(str(address), f"its host is not known ({reason}); check it") from None
    for place in found:
        if not is_reachable(place, policy):
            reason = f"its host is at {place}, which is not on the public internet; {BY_HAND}"
            raise FetchError(str(address), reason)
    if not found:
        raise FetchError(str(address), "its host has no address; check its name")
    return found


def is_reachable(place: str, policy: Policy) -> bool:
    """Whether a connection to this numeric address is allowed."""
    try:
        number = ip_address(place)
    except ValueError:
        return False
    if any(number in network for network in policy.networks):
        return True
    return is_public(number)


def is_public(number: IPv4Address | IPv6Address) -> bool:
    """Whether it is a host's on the internet, also where another form wraps it.

    6to4 and Teredo are refused whatever they wrap: no site is served from there.
    """
    if isinstance(number, IPv6Address):
        if inner := _wrapped(number):
            return is_public(inner)
        if number not in _UNICAST or number.sixtofour or number.teredo:
            return False
    kept_apart = any(number in network for network in _NOT_PUBLIC)
    return number.is_global and not (number.is_multicast or number.is_reserved or kept_apart)


def _wrapped(number: IPv6Address) -> IPv4Address | None:
    if number in _NAT64:
        return IPv4Address(number.packed[-4:])
    return number.ipv4_mapped


def allowed(address: Address, policy: Policy) -> None:
    """Raises FetchError where its scheme or port is not to be asked, wherever it leads."""
    if address.scheme == "http" and not policy.http:
        raise FetchError(str(address), "is not https; write https, or add --allow-http")
    if address.port != PORTS[address.scheme] and address.port not in policy.ports:
        reason = f"is at port {address.port}; if that is meant, add --allow-port {address.port}"
        raise FetchError(str(address), reason)
