"""Organisations, people and their posts, certificates, contacts."""

from .certificates import (
    BreakGlass,
    CertificateEvent,
    CertificateSession,
    LoginChallenge,
    LoginLog,
    RevocationFile,
    RevocationList,
    RevokedSerial,
    TrustedCA,
    UserCertificate,
)
from .contacts import ContactGroup
from .decisions import DecisionSignature
from .organizations import Organization, OrgKind, Post
from .people import Appointment, Posts, User

__all__ = [
    "Appointment",
    "BreakGlass",
    "CertificateEvent",
    "CertificateSession",
    "ContactGroup",
    "DecisionSignature",
    "LoginChallenge",
    "LoginLog",
    "OrgKind",
    "Organization",
    "Post",
    "Posts",
    "RevocationFile",
    "RevocationList",
    "RevokedSerial",
    "TrustedCA",
    "User",
    "UserCertificate",
]
