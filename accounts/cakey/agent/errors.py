"""What the agent answers when it cannot: stable codes with their HTTP status."""

import pkcs11.exceptions as device

STATUS = {
    "AGENT_BAD_HOST": 421, "AGENT_ORIGIN_NOT_ALLOWED": 403, "AGENT_BAD_TYPE": 415, "AGENT_TOO_LARGE": 413,
    "AGENT_BAD_JSON": 400, "AGENT_BAD_NONCE": 400, "AGENT_BAD_DECISION": 400,
    "AGENT_BUSY": 409, "AGENT_RATE_LIMITED": 429,
    "AGENT_NO_MODULE": 503, "AGENT_NO_TOKEN": 409, "AGENT_NO_CERTIFICATE": 409, "AGENT_PIN_INCORRECT": 403,
    "AGENT_PIN_LOCKED": 423, "AGENT_USER_CANCELLED": 409, "AGENT_TOKEN_REMOVED": 409, "AGENT_MECHANISM": 501,
    "AGENT_NOT_FOUND": 404, "AGENT_BAD_METHOD": 405, "AGENT_INTERNAL": 500,
}  # fmt: skip

REMOVED = (
    device.TokenNotPresent, device.DeviceRemoved, device.NoSuchToken, device.SessionHandleInvalid,
    device.SessionClosed, device.ObjectHandleInvalid, device.TokenNotRecognised, device.SlotIDInvalid,
)  # fmt: skip
WRONG_PIN = (device.PinIncorrect, device.PinLenRange, device.PinInvalid)
MECHANISM = (device.MechanismInvalid, device.MechanismParamInvalid, device.FunctionNotSupported)


class AgentError(Exception):
    """A refusal; `code` goes to the page, `more` adds fields such as the tries left."""

    def __init__(self, code: str, **more):
        super().__init__(code)
        self.code = code
        self.more = more

    @property
    def status(self) -> int:
        return STATUS[self.code]


def from_device(error: Exception, *, token_gone: bool = False) -> AgentError:
    """The code of a PKCS#11 error. UserAlreadyLoggedIn is no success: the PIN was not checked."""
    if isinstance(error, WRONG_PIN):
        return AgentError("AGENT_PIN_INCORRECT")
    if isinstance(error, device.PinLocked):
        return AgentError("AGENT_PIN_LOCKED")
    if isinstance(error, REMOVED) or token_gone:
        return AgentError("AGENT_TOKEN_REMOVED")
    if isinstance(error, MECHANISM):
        return AgentError("AGENT_MECHANISM")
    if isinstance(error, device.FunctionCancelled):
        return AgentError("AGENT_USER_CANCELLED")
    return AgentError("AGENT_INTERNAL")
