"""What casework says no with: a Chinese sentence that may be shown to whoever asked."""


class Refused(Exception):
    """Something that may not be done now; the message says why, in Chinese, without personal data."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotFound(Refused):
    """There is no such thing, or it is none of this person's business: the two are told apart by nobody."""

    def __init__(self, message: str = "没有找到，或者您没有权限查看。") -> None:
        super().__init__(message)
