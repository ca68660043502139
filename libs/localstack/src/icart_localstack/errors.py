"""What can go wrong with the local stack; every message says what to do about it."""


class LocalStackError(Exception):
    """The local stack could not do what was asked; the message says why and what to do."""


class FolderInUseError(LocalStackError):
    """Another running stack works in this folder."""


class PortTakenError(LocalStackError):
    """Something else listens on a port that this stack has to have."""


class StartFailedError(LocalStackError):
    """A server ended, or was not ready in time; the message carries the end of its log."""


class JarsError(LocalStackError):
    """A server's jars could not be downloaded, or are not the ones that its lock names."""
