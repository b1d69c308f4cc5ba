"""Passkeys: what a browser is asked to sign, and whether it did (W3C WebAuthn level 3)."""

import json
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    parse_authentication_credential_json,
    parse_client_data_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from server.core.ids import PlayerId
from server.settings import Settings
from server.store.keys import CEREMONY_S
from server.store.passkeys import Passkey, Passkeys
from server.store.players import Account
from server.web.frame import SITE

SIGN_IN: Final = "sign in"
TIMEOUT_MS: Final = CEREMONY_S * 1000
_UNREADABLE: Final = (WebAuthnException, ValueError, KeyError, TypeError, RecursionError)
"""What the library raises over a credential that is none, or does not hold."""

Credential = Mapping[str, object]
"""A credential as browsers write it in JSON (`PublicKeyCredential.toJSON`)."""


class BadPasskey(Exception):  # noqa: N818 - told to the player
    """The credential proves nothing; its text says what to do."""


class Ceremonies:
    """Asks browsers to make passkeys and to sign with them; each challenge counts once."""

    def __init__(self, passkeys: Passkeys, settings: Settings) -> None:
        self._passkeys: Final = passkeys
        self._public_url: Final = settings.public_url

    def site(self, request: web.Request) -> str:
        """The host that passkeys are made for: only pages of it may use them."""
        return urlsplit(self._origins(request)[0]).hostname or ""

    def _origins(self, request: web.Request) -> list[str]:
        """The origins at which a browser may sign. Whoever ends TLS before us, we do not see."""
        if self._public_url is not None:
            return [self._public_url.rstrip("/")]
        return [f"https://{request.host}", f"http://{request.host}"]

    async def ask_to_make(self, request: web.Request, account: Account) -> Credential:
        """What a browser needs to make a passkey for a player."""
        known = await self._passkeys.of(account.id)
        options = generate_registration_options(
            rp_id=self.site(request),
            rp_name=SITE,
            user_id=account.id.encode(),
            user_name=account.name,
            challenge=await self._passkeys.challenge(_making(account.id)),
            timeout=TIMEOUT_MS,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED,
                user_verification=UserVerificationRequirement.PREFERRED,
            ),
            exclude_credentials=[
                PublicKeyCredentialDescriptor(id=base64url_to_bytes(passkey.id))
                for passkey in known
            ],
        )
        return _plain(options_to_json(options))

    async def made(
        self, request: web.Request, account: Account, name: str, credential: Credential, now_ms: int
    ) -> None:
        """Keep the passkey that a browser made.

        Raises:
            BadPasskey: it is not what was asked for.
            TooManyPasskeys: the player has too many.
        """
        challenge = await self._challenge(credential, _making(account.id))
        try:
            verified = verify_registration_response(
                credential=dict(credential),
                expected_challenge=challenge,
                expected_rp_id=self.site(request),
                expected_origin=self._origins(request),
            )
        except _UNREADABLE as error:
            raise BadPasskey("This passkey could not be checked: add it again.") from error
        passkey = Passkey(
            bytes_to_base64url(verified.credential_id),
            name,
            verified.credential_public_key,
            verified.sign_count,
            now_ms,
        )
        await self._passkeys.add(account.id, passkey)

    async def ask_to_sign(self, request: web.Request) -> Credential:
        """What a browser needs to sign in whomever it has a passkey of."""
        options = generate_authentication_options(
            rp_id=self.site(request),
            challenge=await self._passkeys.challenge(SIGN_IN),
            timeout=TIMEOUT_MS,
            user_verification=UserVerificationRequirement.PREFERRED,
        )
        return _plain(options_to_json(options))

    async def signer(self, request: web.Request, credential: Credential) -> PlayerId:
        """The player whose passkey has signed.

        Raises:
            BadPasskey: nobody's here, or not what was asked for.
        """
        challenge = await self._challenge(credential, SIGN_IN)
        refused = BadPasskey(
            "This passkey is not known here: sign in another way, and add it anew."
        )
        try:
            parsed = parse_authentication_credential_json(dict(credential))
            player = PlayerId((parsed.response.user_handle or b"").decode())
            passkey = await self._passkeys.find(player, bytes_to_base64url(parsed.raw_id))
            if passkey is None:
                raise refused
            verified = verify_authentication_response(
                credential=parsed,
                expected_challenge=challenge,
                expected_rp_id=self.site(request),
                expected_origin=self._origins(request),
                credential_public_key=passkey.public_key,
                credential_current_sign_count=passkey.sign_count,
            )
        except _UNREADABLE as error:
            raise BadPasskey("This passkey could not be checked: try again.") from error
        if not await self._passkeys.count(player, passkey, verified.new_sign_count):
            raise refused
        return player

    async def _challenge(self, credential: Credential, purpose: str) -> bytes:
        """The challenge that a credential answers, if it was asked for that; then never again."""
        try:
            response = credential["response"]
            assert isinstance(response, dict)
            told = parse_client_data_json(base64url_to_bytes(response["clientDataJSON"]))
        except (*_UNREADABLE, AssertionError) as error:
            raise BadPasskey("This is no passkey of a browser: try again.") from error
        if await self._passkeys.use(told.challenge) != purpose:
            raise BadPasskey("That took too long, or was done already: try again.")
        return told.challenge


def _making(player: PlayerId) -> str:
    return f"make {player}"


def _plain(options: str) -> Credential:
    plain: Credential = json.loads(options)
    return plain
