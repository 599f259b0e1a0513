"""Which IP addresses belong to the public Internet, and which names cannot. Pure.

Written out after the IANA special-purpose address registries (RFC 6890), because what Python's ``is_global`` says
differs between its versions and lets multicast and 6to4 through.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

Address = IPv4Address | IPv6Address

_NOT_PUBLIC_V4 = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",  # this network, the unspecified address among it
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT (RFC 6598); Alibaba's metadata service
        "127.0.0.0/8",
        "168.63.129.16/32",  # Azure's metadata service: a public address that only its own machines reach
        "169.254.0.0/16",  # link-local; the metadata service of AWS, Google, Azure and others
        "172.16.0.0/12",
        "192.0.0.0/24",  # protocol assignments; Oracle's metadata service
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, the broadcast address among it
    )
)
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_NOT_PUBLIC_V6 = tuple(
    IPv6Network(text)
    for text in (
        "2001::/23",  # protocol assignments, Teredo among them
        "2001:db8::/32",  # documentation
        "3fff::/20",  # documentation
    )
)
_PRIVATE_DOMAINS = frozenset({"localhost", "local", "internal", "invalid"})
_NAT64 = IPv6Network("64:ff9b::/96")


def is_public(address: Address) -> bool:
    """Judges the address that is reached in the end: give it ``unwrapped`` addresses."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _NOT_PUBLIC_V4)
    return address in _GLOBAL_UNICAST and not any(address in network for network in _NOT_PUBLIC_V6)


def is_private_name(host: str) -> bool:
    """A name without a dot, or under a domain that is never public (RFC 6761, 6762, 8375; ICANN's ``internal``)."""
    labels = host.rstrip(".").lower().split(".")
    return len(labels) == 1 or labels[-1] in _PRIVATE_DOMAINS or labels[-2:] == ["home", "arpa"]


def unwrapped(address: Address) -> Address:
    """The IPv4 address inside a mapped (RFC 4291), 6to4 (RFC 3056) or NAT64 (RFC 6052) one; else the address itself."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour or address
