"""What the services run on: machines with processors, memory and disks, a backup, a certificate.

Everything here is a function of the instant alone, as the exporters would show it. One machine is short of
memory, so that there is something to be found; the others are fine.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.sandbox.prometheus.traffic import DAY_MS, HOUR_MS, ORIGIN, Tide, Traffic

GIB = 1024**3
PROCESSORS = "node_cpu_seconds_total"
"""The seconds of each core: they never fall."""
CORES = ("0", "1")
PHASES = ("Failed", "Pending", "Running")
_PEAK = 18 * HOUR_MS  # as the services' traffic
_BACKUP_DONE = 2 * HOUR_MS + 7 * 60_000 + 30_000  # each night, after midnight UTC
_CERTIFICATE_LASTS, _CERTIFICATE_RENEWED = 90 * DAY_MS, 45 * DAY_MS
_USER_HZ = 100  # ticks of a processor's clock in a second

Shows = Callable[[int], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Disk:
    """A file system: a share is `used` at first, and it `grows` so many bytes a day until what is old goes.

    `keeps` is how long that takes, in milliseconds.
    """

    device: str
    mountpoint: str
    size: int
    used: float
    grows: float
    keeps: int

    def available(self, at: int) -> float:
        """Bytes that are free at an instant."""
        since = (at - ORIGIN) % self.keeps / DAY_MS
        return float(math.floor(self.size * (1 - self.used) - self.grows * since))


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """A node: how busy each of its cores is, how full its memory is, and its disks."""

    name: str
    busy: Traffic
    memory: int
    in_use: float
    disks: tuple[Disk, ...]

    def idle_seconds(self, at: int) -> float:
        """Seconds that one of its cores has had nothing to do."""
        return math.floor(((at - ORIGIN) / 1000 - self._busy(at)) * _USER_HZ) / _USER_HZ

    def user_seconds(self, at: int) -> float:
        """Seconds that one of its cores has worked for programs."""
        return math.floor(self._busy(at) * _USER_HZ) / _USER_HZ

    def available_memory(self, at: int) -> float:
        """Bytes that programs could still have."""
        tide = 0.012 * math.cos(math.tau * ((at - ORIGIN - _PEAK) % DAY_MS) / DAY_MS)
        return float(math.floor(self.memory * (1 - self.in_use - tide)))

    def _busy(self, at: int) -> float:
        return self.busy.total(at) - self.busy.total(ORIGIN)


def _machine(name: str, *, busy: float, memory: int, in_use: float, disks: tuple[Disk, ...]) -> Machine:
    tides = (Tide(share=0.35, period=DAY_MS, peak=_PEAK), Tide(share=0.04, period=53 * 60_000))
    traffic = Traffic(mean=busy, tides=tides)
    return Machine(name=name, busy=traffic, memory=memory * GIB, in_use=in_use, disks=disks)


def _system(used: float, grows: float, days: int) -> Disk:
    return Disk(
        device="/dev/sda1",
        mountpoint="/",
        size=100 * GIB,
        used=used,
        grows=grows * GIB,
        keeps=days * DAY_MS,
    )


_DATA = Disk(
    device="/dev/sdb1",
    mountpoint="/var/lib/postgresql",
    size=500 * GIB,
    used=0.47,
    grows=1.2 * GIB,
    keeps=97 * DAY_MS,
)

MACHINES = (
    _machine("worker-1", busy=0.38, memory=32, in_use=0.61, disks=(_system(0.46, 0.15, 61),)),
    _machine("worker-2", busy=0.41, memory=32, in_use=0.64, disks=(_system(0.43, 0.21, 53),)),
    _machine("worker-3", busy=0.44, memory=32, in_use=0.925, disks=(_system(0.51, 0.12, 71),)),
    _machine("database-1", busy=0.29, memory=64, in_use=0.72, disks=(_system(0.22, 0.03, 83), _DATA)),
)


def series_of(machine: Machine) -> Iterator[tuple[dict[str, str], Shows]]:
    """What its exporter shows: labels with the metric's name, and the value at an instant."""
    yield {"__name__": "up"}, lambda _at: 1.0
    for core in CORES:
        yield _cpu(core, "idle"), machine.idle_seconds
        yield _cpu(core, "user"), machine.user_seconds
    yield {"__name__": "node_memory_MemTotal_bytes"}, lambda _at: float(machine.memory)
    yield {"__name__": "node_memory_MemAvailable_bytes"}, machine.available_memory
    for disk in machine.disks:
        labels = {"device": disk.device, "fstype": "ext4", "mountpoint": disk.mountpoint}
        yield {"__name__": "node_filesystem_size_bytes", **labels}, _constant(disk.size)
        yield {"__name__": "node_filesystem_avail_bytes", **labels}, disk.available


def _cpu(core: str, mode: str) -> dict[str, str]:
    return {"__name__": PROCESSORS, "cpu": core, "mode": mode}


def _constant(value: float) -> Shows:
    return lambda _at: float(value)


def backed_up_at(at: int) -> float:
    """When the nightly backup was last done, in epoch seconds."""
    return ((at - _BACKUP_DONE) // DAY_MS * DAY_MS + _BACKUP_DONE) / 1000


def certificate_ends_at(at: int) -> float:
    """When the certificate that is served at an instant expires, in epoch seconds."""
    renewed = ORIGIN + (at - ORIGIN) // _CERTIFICATE_RENEWED * _CERTIFICATE_RENEWED
    return (renewed + _CERTIFICATE_LASTS) / 1000
