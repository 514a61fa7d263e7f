"""密钥检测: what the server thinks of a certificate, before anybody types a PIN (manual 2.1)."""

import base64
import binascii
from datetime import datetime
from typing import NamedTuple

from cryptography import x509
from django.conf import settings
from django.core.cache import cache

from accounts.cakey import trust
from accounts.cakey.errors import CAKeyError
from accounts.cakey.path import ChainValidator, VerifiedCertificate
from accounts.models import UserCertificate

OLDEST_AGENT = "1.0.0"
SOON = 30  # days before its end in which a certificate should be renewed
MOST, WINDOW = 60, 300  # questions of one address, seconds


class Check(NamedTuple):
    """One line of the page, readable without a script: what is looked at, what is right, what to do."""

    name: str
    title: str
    good: str
    cure: str


CHECKS = (
    Check(
        "agent", "CA 助手", f"桌面右下角有 CA 图标，版本不低于 {OLDEST_AGENT}。",
        "没有图标：在“开始”菜单打开“CA 助手”；没有安装的，按上面第 1 步安装驱动。版本过低的，重新下载安装。",
    ),
    Check(
        "token", "CA-KEY", "已插入，指示灯常亮，PIN 没有被锁定。",
        "直接插主机 USB 口，不经扩展坞；换一个口再试。PIN 锁定的，带 CA-KEY 和本人证件到 CA 机构解锁。",
    ),
    Check(
        "certificate", "签名证书", "CA-KEY 里有本人的签名证书。",
        "确认插的是政府采购用的 CA-KEY；首次使用请到 CA 机构写入签名证书。",
    ),
    Check(
        "validity", "证书有效期", f"在有效期内，离到期还有 {SOON} 天以上。",
        "已到期或快到期：到颁发机构续期；续期后序列号会变，首次登录需由单位管理员重新绑定。",
    ),
    Check(
        "clock", "电脑时钟", "与服务器相差不超过 5 分钟。",
        "在系统设置里打开“自动设置时间”并立即同步，同步后刷新本页。",
    ),
    Check(
        "trust", "颁发机构、吊销与登记", "颁发机构受本系统信任，证书没有被吊销，已登记到本人名下。",
        "颁发机构不受信任或证书被吊销：到 CA 机构补办。没有登记：请单位系统管理员在“用户证书”中绑定。",
    ),
)  # fmt: skip


def within_limits(address: str | None) -> bool:
    """Enough for one person at one key, too few to try certificates by the thousand."""
    key = f"diagnosis-{address}"
    cache.add(key, 0, WINDOW)
    return cache.incr(key) <= MOST


def read(text: str) -> x509.Certificate:
    try:
        return x509.load_der_x509_certificate(base64.b64decode(text, validate=True))
    except (ValueError, binascii.Error) as error:
        raise CAKeyError("CERT_UNPARSABLE") from error


def examine(text: str, at: datetime) -> None:
    """All that login asks of a certificate short of the signature; raises CAKeyError, writes nothing."""
    verified = ChainValidator(**trust.trusted()).validate(read(text), at)
    trust.check_revocation(verified, at)
    check_binding(verified)


def check_binding(verified: VerifiedCertificate) -> None:
    binding = UserCertificate.objects.select_related("user").filter(sha256=verified.sha256).first()
    if binding is None or binding.status == UserCertificate.Status.PENDING:
        raise CAKeyError("CERT_NOT_BOUND")
    if binding.status != UserCertificate.Status.ACTIVE:
        raise CAKeyError("CERT_BINDING_SUSPENDED")
    if not binding.user.is_active:
        raise CAKeyError("USER_INACTIVE")


def page(server_time: int) -> dict:
    """What the page needs for the checks."""
    return {
        "checks": CHECKS, "oldest_agent": OLDEST_AGENT, "soon": SOON, "server_time": server_time,
        "ports": ",".join(map(str, settings.CAKEY_AGENT_PORTS)), "relay": bool(settings.CAKEY_RELAY_URL),
    }  # fmt: skip
