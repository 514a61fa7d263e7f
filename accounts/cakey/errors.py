"""The one error of the verifier: a stable code, and words for the log only."""


class CAKeyError(Exception):
    """A refused login; `code` is stable (HTTP answers, audit log and tests name it)."""

    def __init__(self, code: str, detail: str = ""):
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail
