"""A taken port is said before anything is started, with the setting that moves it."""

import socket

import pytest
from groundwork.errors import CannotGoOn
from groundwork.places import Places
from groundwork.ports import Address, addresses, need_free_ports
from groundwork.settings_file import keep_settings


def test_a_taken_port_is_named_with_its_setting():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(CannotGoOn, match=rf"^Port {port} is taken.*DESK_PORT in var/desk.env"):
            need_free_ports([Address("DESK_PORT", "127.0.0.1", port)])


def test_a_port_that_was_just_left_is_free():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
    need_free_ports([Address("DESK_PORT", "127.0.0.1", port)])


def test_only_the_port_of_the_desk_can_be_turned_to_the_outside(tmp_path):
    settings = keep_settings(Places(root=tmp_path), {"DESK_HOST": "0.0.0.0"})
    hosts = {address.setting: address.host for address in addresses(settings)}
    assert hosts.pop("DESK_PORT") == "0.0.0.0"
    assert set(hosts.values()) == {"127.0.0.1"}
    assert len(hosts) == 4
