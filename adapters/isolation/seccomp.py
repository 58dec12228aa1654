"""A filter of system calls for the rest of a process's life: compute, read what is open, write what is open.

Everything else is refused with EPERM: opening files, sockets, starting processes, tracing them. The list says what is
allowed, so that a system call of a newer kernel is refused too. Linux on x86-64 and aarch64; elsewhere there is none.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
import sys

# The numbers of the kernel's own tables (arch/x86/entry/syscalls/syscall_64.tbl, include/uapi/asm-generic/unistd.h).
_X86_64 = (
    0,  # read
    1,  # write
    3,  # close
    5,  # fstat
    8,  # lseek
    11,  # munmap
    12,  # brk
    13,  # rt_sigaction
    14,  # rt_sigprocmask
    15,  # rt_sigreturn
    17,  # pread64
    24,  # sched_yield
    25,  # mremap
    28,  # madvise
    35,  # nanosleep
    39,  # getpid
    60,  # exit
    96,  # gettimeofday
    98,  # getrusage
    131,  # sigaltstack
    186,  # gettid
    202,  # futex
    204,  # sched_getaffinity
    219,  # restart_syscall
    228,  # clock_gettime
    229,  # clock_getres
    230,  # clock_nanosleep
    231,  # exit_group
    273,  # set_robust_list
    318,  # getrandom
    334,  # rseq
)
_AARCH64 = (
    57,  # close
    62,  # lseek
    63,  # read
    64,  # write
    67,  # pread64
    80,  # fstat
    93,  # exit
    94,  # exit_group
    98,  # futex
    99,  # set_robust_list
    101,  # nanosleep
    113,  # clock_gettime
    114,  # clock_getres
    115,  # clock_nanosleep
    123,  # sched_getaffinity
    124,  # sched_yield
    128,  # restart_syscall
    132,  # sigaltstack
    134,  # rt_sigaction
    135,  # rt_sigprocmask
    139,  # rt_sigreturn
    165,  # getrusage
    169,  # gettimeofday
    172,  # getpid
    178,  # gettid
    214,  # brk
    215,  # munmap
    216,  # mremap
    233,  # madvise
    278,  # getrandom
    293,  # rseq
)
# Audit architecture, calls that are allowed, and the two that are allowed unless they make memory executable.
_MACHINES = {
    "x86_64": (0xC000003E, _X86_64, (9, 10)),  # mmap, mprotect
    "aarch64": (0xC00000B7, _AARCH64, (222, 226)),
}
# For a process that something else keeps to some folders: getdents64, openat, newfstatat, and on x86-64 the older open,
# stat and lstat that C libraries still use.
_OPENING = {"x86_64": (217, 257, 262, 2, 4, 6), "aarch64": (61, 56, 79)}

_LOAD, _JUMP_IF_EQUAL, _JUMP_IF_SET, _RETURN = 0x20, 0x15, 0x45, 0x06  # linux/bpf_common.h
_NUMBER, _ARCHITECTURE, _THIRD_ARGUMENT = 0, 4, 32  # offsets in struct seccomp_data
_ALLOW, _KILL, _REFUSE = 0x7FFF0000, 0x80000000, 0x00050000 | 1  # 1 is EPERM
_PROT_EXEC = 4
_PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS, _SECCOMP_MODE_FILTER = 22, 38, 2


class _Program(ctypes.Structure):
    """The kernel's struct sock_fprog."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def is_known_machine() -> bool:
    """Whether there is a filter for this machine. Whether the kernel takes it is another question."""
    return sys.platform == "linux" and platform.machine() in _MACHINES and sys.maxsize > 2**32


def give_up_privileges() -> None:
    """No program that this process could start would gain rights; without this the kernel takes no filter from it."""
    _prctl(_PR_SET_NO_NEW_PRIVS, 1, None)


def seal(*, may_open: bool = False) -> None:
    """Install the filter in this process; it cannot be taken off again. Raises OSError where the kernel has none.

    `may_open`: files may be opened, as far as something else (`adapters.isolation.landlock`) allows.
    """
    architecture, allowed, unless_executable = _MACHINES[platform.machine()]
    opening = _OPENING[platform.machine()] if may_open else ()
    program = b"".join(_program(architecture, allowed + opening, unless_executable))
    argument = _Program(len(program) // 8, program)
    give_up_privileges()
    _prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(argument))


def _prctl(option: int, value: int, pointer: object) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(option, ctypes.c_ulong(value), pointer, 0, 0) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _program(architecture: int, allowed: tuple[int, ...], unless_executable: tuple[int, ...]) -> list[bytes]:
    refusal_at = 4 + len(allowed) + len(unless_executable)
    return [
        _instruction(_LOAD, _ARCHITECTURE),
        _instruction(_JUMP_IF_EQUAL, architecture, 1, 0),
        _instruction(_RETURN, _KILL),
        _instruction(_LOAD, _NUMBER),
        *(_jump(number, 4 + index, refusal_at + 3) for index, number in enumerate(allowed)),
        *(_jump(number, 4 + len(allowed) + index, refusal_at + 1) for index, number in enumerate(unless_executable)),
        _instruction(_RETURN, _REFUSE),
        _instruction(_LOAD, _THIRD_ARGUMENT),
        _instruction(_JUMP_IF_SET, _PROT_EXEC, 1, 0),
        _instruction(_RETURN, _ALLOW),
        _instruction(_RETURN, _REFUSE),
    ]


def _jump(number: int, at: int, to: int) -> bytes:
    return _instruction(_JUMP_IF_EQUAL, number, to - at - 1, 0)


def _instruction(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)
