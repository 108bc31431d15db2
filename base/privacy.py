"""Everything that keeps a person's data from the wrong eyes: sealing, keyed hashes, tokens, masks."""

import base64
import hashlib
import hmac
import os
import re
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_VERSION = "1."  # first characters of a sealed value: which key and method
_NONCE = 12


class Unreadable(Exception):
    """A sealed value that cannot be opened: wrong secret, or the stored value is damaged."""


class _Keys:
    box: AESGCM | None = None
    hash: bytes = b""


def use_key(secret: bytes) -> None:
    """Derive this process's keys from the `secret` of the settings; call once at the start, before any database use."""
    if len(secret) < 16:
        raise ValueError("the secret is too short")
    _Keys.box = AESGCM(_derive(secret, b"farun sealed column 1"))
    _Keys.hash = _derive(secret, b"farun keyed hash 1")


def _derive(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=b"farun", info=purpose).derive(secret)


def _box() -> AESGCM:
    if _Keys.box is None:
        raise RuntimeError("base.privacy.use_key(settings.secret_key) has not been called")
    return _Keys.box


def seal(text: str) -> str:
    """`text` encrypted and authenticated (AES-256-GCM, random nonce) as ASCII; differs at every call."""
    nonce = os.urandom(_NONCE)
    sealed = nonce + _box().encrypt(nonce, text.encode("utf-8", "surrogatepass"), None)
    return _VERSION + base64.b64encode(sealed).decode("ascii")


def unseal(sealed: str) -> str:
    """The text that `seal` was given; raises Unreadable."""
    if not sealed.startswith(_VERSION):
        raise Unreadable("a stored value is not sealed, or by a newer farun")
    try:
        raw = base64.b64decode(sealed[len(_VERSION) :], validate=True)
        return _box().decrypt(raw[:_NONCE], raw[_NONCE:], None).decode("utf-8", "surrogatepass")
    except (InvalidTag, ValueError):
        raise Unreadable("a stored value cannot be opened: is FARUN_SECRET_KEY the one it was sealed with?") from None


def keyed_hash(*parts: str) -> str:
    """64 hex characters that stand for `parts` and cannot be guessed back without the secret."""
    _box()
    joined = b"".join(len(raw).to_bytes(4, "big") + raw for raw in (p.encode("utf-8", "surrogatepass") for p in parts))
    return hmac.digest(_Keys.hash, joined, hashlib.sha256).hex()


def new_token() -> str:
    """A fresh secret of 256 bits, fit for a URL."""
    return secrets.token_urlsafe(32)


# Digits as people write them, each one character wide so that places in the text stay the same.
_DIGITS = str.maketrans("０１２３４５６７８９零〇一二三四五六七八九幺Ｘｘx－–—　", "012345678900123456789" + "1XXX--- ")
_PERSONAL = re.compile(
    r"(?<!\d)(?:"
    r"(?P<id>[1-9]\d{5}[ -]?(?:18|19|20)\d{2}[ -]?(?:0[1-9]|1[0-2])[ -]?(?:0[1-9]|[12]\d|3[01])[ -]?\d{3}[\dX])(?![\dX])"
    r"|(?P<old_id>[1-9]\d{7}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3})(?!\d)"
    r"|(?P<card>\d{4}([ -])\d{4}\4\d{4}\4\d{4}(?:\4?\d{1,3})?|\d{15,19})(?!\d)"
    r"|(?P<phone>(?:(?:\+|00)?86[ -]?)?1[3-9]\d([ -]?)\d{4}\6\d{4})(?!\d)"
    r")"
)
_DOUBLE = "欧阳 司马 上官 诸葛 司徒 东方 皇甫 尉迟 公孙 慕容 令狐 夏侯 长孙 宇文 端木 南宫 轩辕 闻人 澹台 拓跋".split()


def mask(text: str) -> str:
    """`text` with mobile phones, identity numbers and bank cards starred but for a few digits; as long as before."""
    plain = text.translate(_DIGITS)
    out = None
    for found in _PERSONAL.finditer(plain):
        out = out or list(text)
        places = [i for i in range(*found.span()) if plain[i].isdigit() or plain[i] == "X"]
        for i in places[3:-4]:
            out[i] = "*"
    return "".join(out) if out else text


def mask_name(name: str) -> str:
    """王建国 → 王**; the family name alone stays readable."""
    name = name.strip()
    kept = 2 if len(name) > 2 and name[:2] in _DOUBLE else 1
    return name[:kept] + "*" * (len(name) - kept) if len(name) > 1 else "*" * len(name)
