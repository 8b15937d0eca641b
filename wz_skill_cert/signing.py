"""Signatures under certificates: pure functions, no Odoo.

What is signed is a canonical text, so that anybody can write it again from the facts on the paper and check it without
our software (docs/用户手册.md shows how). SM2 (GB/T 32918), where a bureau must use it, is one more row in ALGORITHMS.
"""

import base64
import hashlib
import json
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

# Named in each signed text: whoever changes what is signed, adds one. What was signed stays as it was signed.
FORMAT_1 = "wz-skill-cert/certificate/1"
# The year of birth in the place of the day: beside a masked number, the day leaves two numbers.
FORMAT = "wz-skill-cert/certificate/2"


class KeyPair(NamedTuple):
    """A key pair as text: the private half as PKCS 8, the public one as SubjectPublicKeyInfo, both PEM."""

    private: str
    public: str


class Ed25519:
    """RFC 8032. Small keys, and no random number at signing time that could be weak."""

    @staticmethod
    def generate():
        """Return a new KeyPair."""
        private = Ed25519PrivateKey.generate()
        return KeyPair(
            private.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            ).decode(),
            private.public_key()
            .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
            .decode(),
        )

    @staticmethod
    def sign(private, content):
        """Return the signature of ``content`` (bytes)."""
        return serialization.load_pem_private_key(private.encode(), password=None).sign(content)

    @staticmethod
    def is_genuine(public, content, signature):
        """Tell whether ``signature`` was made over ``content`` with the private half of ``public``."""
        try:
            serialization.load_pem_public_key(public.encode()).verify(signature, content)
        except InvalidSignature:
            return False
        return True


ALGORITHMS = {"ed25519": Ed25519}


def canonical(facts, form=FORMAT):
    """Return ``facts`` (texts by name) as bytes: UTF-8 JSON, keys sorted, no blanks, no escapes beyond JSON's own."""
    text = json.dumps({"format": form, **facts}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def fingerprint(public):
    """Return the name of a public key: the first 16 hexadecimal digits of its SHA-256 (DER)."""
    body = "".join(line for line in public.splitlines() if not line.startswith("-"))
    return hashlib.sha256(base64.b64decode(body)).hexdigest()[:16]
