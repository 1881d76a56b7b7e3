"""Small bodies that inflate to a great deal, in formats that this Python cannot write itself."""

from __future__ import annotations

import base64

# 256 MiB of zeros in 203 bytes of brotli (quality 9, window 24).
BROTLI = base64.b64decode(
    "z///fwAkAOKxQHLv//n//w+ABEAcFoDu/T////8BkACIwwLQvf/n//8/ABIAcVgAuvf//P//B0ACIA4LQPf+n////w"
    "BIAMRhAeje//P//x8ACYA4LADd+3/+//8DIAEQhwWge//P//9/ACQA4rAAdO//+f//D4AEQBwWgO79P////wGQAIjD"
    "AtC9/+f//z8AEgBxWAC69//8//8HQAIgDgtA9/6f////AEgAxGEB6N7/8///HwAJgDgsAN37f/7//wMgARCHBaB7/z"
    "8="
)


def make_zstd(blocks: int = 8192) -> bytes:
    """A zstd frame (RFC 8878) whose every block says *this byte 131,072 times*: 1 GiB in 32 kB."""
    # Magic; a frame without a declared size, with a window of 8 MiB.
    frame = bytearray(b"\x28\xb5\x2f\xfd\x00\x68")
    for number in range(blocks):
        is_last = number == blocks - 1
        frame += ((131_072 << 3) | (1 << 1) | is_last).to_bytes(3, "little") + b" "
    return bytes(frame)
