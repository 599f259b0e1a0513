from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slotkeeper.outbound.address_check import (
    AddressRefused,
    NoAddress,
    Resolver,
    check_address,
    system_resolver,
)
from slotkeeper.outbound.public_addresses import is_private_name, is_public, unwrapped

PUBLIC = "93.184.215.14"


def resolver(*addresses: str) -> Resolver:
    async def resolve(host: str, port: int) -> Sequence[str]:
        return addresses

    return resolve


async def test_a_public_address_is_allowed_and_named_for_the_dial() -> None:
    checked = await check_address("https://hooks.example.com/a?b=c", (), resolver(PUBLIC, "1.1.1.1"))
    assert (checked.host, checked.address, checked.port) == ("hooks.example.com", IPv4Address(PUBLIC), 443)


async def test_a_given_port_and_an_international_name_are_kept() -> None:
    checked = await check_address("http://bücher.example:8080/", (), resolver(PUBLIC))
    assert (checked.host, checked.port) == ("xn--bcher-kva.example", 8080)


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("127.0.0.1", id="loopback"),
        pytest.param("127.255.255.254", id="end of loopback"),
        pytest.param("10.1.2.3", id="private 10"),
        pytest.param("172.16.0.1", id="private 172.16"),
        pytest.param("172.31.255.255", id="private 172.31"),
        pytest.param("192.168.1.1", id="private 192.168"),
        pytest.param("169.254.1.1", id="link-local"),
        pytest.param("169.254.169.254", id="metadata of AWS, Google, Azure"),
        pytest.param("169.254.170.2", id="metadata of ECS tasks"),
        pytest.param("100.100.100.200", id="metadata of Alibaba"),
        pytest.param("192.0.0.192", id="metadata of Oracle"),
        pytest.param("168.63.129.16", id="metadata of Azure at a public address"),
        pytest.param("100.64.0.1", id="carrier-grade NAT"),
        pytest.param("100.127.255.255", id="end of carrier-grade NAT"),
        pytest.param("0.0.0.0", id="unspecified"),
        pytest.param("224.0.0.1", id="multicast"),
        pytest.param("240.0.0.1", id="reserved"),
        pytest.param("255.255.255.255", id="broadcast"),
        pytest.param("203.0.113.7", id="documentation"),
        pytest.param("198.18.0.1", id="benchmarks"),
        pytest.param("::1", id="IPv6 loopback"),
        pytest.param("::", id="IPv6 unspecified"),
        pytest.param("fd00:ec2::254", id="IPv6 metadata of AWS"),
        pytest.param("fc00::1", id="IPv6 private"),
        pytest.param("fe80::1", id="IPv6 link-local"),
        pytest.param("fe80::1%1", id="IPv6 link-local with its scope"),
        pytest.param("fec0::1", id="IPv6 site-local"),
        pytest.param("ff02::1", id="IPv6 multicast"),
        pytest.param("2001:db8::1", id="IPv6 documentation"),
        pytest.param("2001:0:7f00:1::", id="Teredo"),
        pytest.param("::ffff:127.0.0.1", id="IPv4-mapped loopback"),
        pytest.param("::ffff:169.254.169.254", id="IPv4-mapped metadata"),
        pytest.param("::127.0.0.1", id="IPv4-compatible loopback"),
        pytest.param("64:ff9b::10.0.0.1", id="NAT64 of a private address"),
        pytest.param("64:ff9b:1::10.0.0.1", id="local NAT64"),
        pytest.param("2002:7f00:1::", id="6to4 of loopback"),
        pytest.param("2002:a9fe:a9fe::1", id="6to4 of metadata"),
    ],
)
async def test_an_address_that_is_not_public_is_refused(address: str) -> None:
    with pytest.raises(AddressRefused, match="not a public address"):
        await check_address("https://hooks.example.com/", (), resolver(address))


@pytest.mark.parametrize(
    "address",
    [
        pytest.param(PUBLIC, id="IPv4"),
        pytest.param("172.32.0.1", id="just after 172.16/12"),
        pytest.param("100.128.0.1", id="just after carrier-grade NAT"),
        pytest.param("2606:4700::1111", id="IPv6"),
        pytest.param(f"::ffff:{PUBLIC}", id="IPv4-mapped"),
        pytest.param(f"64:ff9b::{PUBLIC}", id="NAT64, all that an IPv6-only network has"),
    ],
)
async def test_a_public_address_of_any_kind_is_allowed(address: str) -> None:
    checked = await check_address("https://hooks.example.com/", (), resolver(address))
    assert checked.address == ip_address(address)


async def test_one_private_address_among_public_ones_refuses_the_name() -> None:
    with pytest.raises(AddressRefused, match=r"10\.0\.0\.1"):
        await check_address("https://hooks.example.com/", (), resolver(PUBLIC, "10.0.0.1"))


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        pytest.param("ftp://example.com/", "http://", id="another scheme"),
        pytest.param("file:///etc/passwd", "http://", id="a file"),
        pytest.param("//example.com/", "http://", id="no scheme"),
        pytest.param("example.com/hook", "http://", id="a bare host"),
        pytest.param("", "http://", id="nothing"),
        pytest.param("https:///hook", "a host", id="no host"),
        pytest.param("https://user@example.com/", "user name", id="a user name"),
        pytest.param("https://user:secret@example.com/", "user name", id="a password"),
        pytest.param("https://:secret@example.com/", "user name", id="a password alone"),
        pytest.param("https://example.com:0/", "port", id="port 0"),
        pytest.param("https://example.com:65536/", "port", id="port 65536"),
        pytest.param("https://example.com:http/", "a URL", id="a port by name"),
        pytest.param("https://exam\nple.com/", "a URL", id="a line break"),
        pytest.param("https://example.com/\0", "a URL", id="a null character"),
        pytest.param("https://[::1/", "a URL", id="an open bracket"),
        pytest.param("https://example.com/" + "a" * 2048, "2048", id="too long"),
    ],
)
async def test_what_is_not_an_outgoing_address_is_refused_and_told_why(url: str, complaint: str) -> None:
    with pytest.raises(AddressRefused, match=complaint):
        await check_address(url, (), resolver(PUBLIC))


@pytest.mark.parametrize(
    "host", ["localhost", "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "[::1]", "[::ffff:7f00:1]"]
)
async def test_every_spelling_of_this_machine_is_refused(host: str) -> None:
    with pytest.raises(AddressRefused, match=r"not a public address|must be a URL"):
        await check_address(f"http://{host}/", (), system_resolver)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        pytest.param("10.0.0.5", "10.0.0.0/24", id="private"),
        pytest.param("::ffff:10.0.0.5", "10.0.0.0/24", id="the same one, IPv4-mapped"),
        pytest.param("169.254.169.254", "169.254.169.254/32", id="metadata: the operator's word wins"),
    ],
)
async def test_an_allowed_network_may_be_reached(address: str, network: str) -> None:
    checked = await check_address("http://inside.example/", (IPv4Network(network),), resolver(address))
    assert checked.address == ip_address(address)


async def test_an_allowed_network_lets_no_other_one_through() -> None:
    allowed = (IPv4Network("10.0.0.0/24"), IPv6Network("fd00::/8"))
    with pytest.raises(AddressRefused, match=r"10\.0\.1\.5"):
        await check_address("http://inside.example/", allowed, resolver("10.0.0.5", "fd00::1", "10.0.1.5"))


async def test_a_name_without_an_address_may_have_one_later() -> None:
    with pytest.raises(NoAddress):
        await check_address("http://nowhere.example/", (), resolver())


async def test_a_name_that_cannot_be_looked_up_has_no_address() -> None:
    with pytest.raises(NoAddress):
        await check_address(f"http://{'a' * 64}.example/", (), system_resolver)


@pytest.mark.parametrize(
    ("host", "private"),
    [
        pytest.param("intranet", True, id="no dot"),
        pytest.param("localhost", True, id="localhost"),
        pytest.param("a.localhost.", True, id="under localhost, with the root's dot"),
        pytest.param("metadata.google.INTERNAL", True, id="internal"),
        pytest.param("printer.local", True, id="local"),
        pytest.param("nas.home.arpa", True, id="home.arpa"),
        pytest.param("hooks.example.com", False, id="public"),
        pytest.param("1.2.0.192.in-addr.arpa", False, id="another under arpa"),
        pytest.param("internal.example", False, id="internal as a label"),
    ],
)
def test_names_that_can_never_be_public_are_known(host: str, private: bool) -> None:
    assert is_private_name(host) is private


@given(st.ip_addresses(v=4))
def test_no_wrapping_in_ipv6_makes_an_address_public(address: IPv4Address) -> None:
    number = int(address)
    wrapped = (
        IPv6Address((0xFFFF << 32) | number),
        IPv6Address((0x2002 << 112) | (number << 80)),
        IPv6Address(int(IPv6Address("64:ff9b::")) | number),
    )
    assert {is_public(unwrapped(a)) for a in wrapped} == {is_public(address)}


@given(st.ip_addresses())
def test_what_python_calls_private_is_never_public(address: IPv4Address | IPv6Address) -> None:
    assert not (is_public(address) and (address.is_private or address.is_multicast or address.is_link_local))
