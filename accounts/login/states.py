"""Every way a login can fail, in the words the page shows: code, cause, two cures, what to press.

The one table of design/login-states: agent and server codes on the left lead to a state on the right.
"""
# ruff: noqa: E501 (a table)

from dataclasses import dataclass, replace

SELF, OFFICE, WAIT = "o", "r", "b"  # 自己能解决 / 须办理后再登录 / 等待即可
RETRY, CHOOSE, PIN, HELP, CALL, AGAIN = "retry", "choose", "pin", "help", "call", "again"


@dataclass(frozen=True)
class State:
    """One card; `actions` are (what, label, icon), the first is the button."""

    code: str
    step: str
    tone: str
    icon: str
    title: str
    text: str
    cures: tuple[str, str]
    actions: tuple[tuple[str, str, str], ...]
    causes: tuple[str, ...]

    def telling(self, **changes) -> "State":
        return replace(self, **changes)


DETECT = (RETRY, "重新检测", "refresh")
OTHER = (CHOOSE, "选择其他证书", "certificate")
PHONE = (CALL, "拨打技术支持电话", "phone")

STATES = (
    State("CA-101", "key", SELF, "plug-x", "没有检测到 CA 驱动", "本机未安装密钥驱动，CA 助手读不到 CA-KEY。",
          ("下载并运行安装包，按提示完成。", "桌面右下角出现 CA 图标后，回到本页重新检测。"),
          ((HELP, "下载驱动", "download"), DETECT), ("AGENT_NO_MODULE",)),
    State("CA-102", "key", SELF, "device-desktop", "CA 助手没有运行",
          "浏览器连接不到 CA 助手：程序未安装、已退出或被安全软件拦截。",
          ("在“开始”菜单打开“CA 助手”；没有安装的先安装驱动。", "仍无响应时，在安全软件里将其加入信任。"),
          ((HELP, "启动或安装 CA 助手", "external-link"), DETECT), ("AGENT_ABSENT",)),
    State("CA-103", "key", SELF, "browser", "浏览器还没有授权本站", "本站连接 CA 助手的请求被浏览器拒绝。",
          ("点地址栏左侧图标，将“本地设备访问”设为允许。", "刷新本页；推荐 360 安全浏览器 13 以上极速模式。"),
          ((HELP, "查看步骤", "help-circle"), DETECT),
          ("AGENT_BLOCKED", "AGENT_ORIGIN_NOT_ALLOWED", "AGENT_BAD_HOST")),
    State("CA-104", "key", SELF, "device-usb", "没有插入 CA-KEY", "助手运行正常，但没有找到已插入的 CA-KEY。",
          ("把 CA-KEY 直接插入主机 USB 口，不经扩展坞。", "指示灯常亮后会自动识别，无须刷新。"),
          (DETECT, (HELP, "换一个 USB 口仍不行", "help-circle")), ("AGENT_NO_TOKEN", "AGENT_TOKEN_REMOVED")),
    State("CA-105", "key", WAIT, "hourglass", "CA 助手正忙", "CA 助手正在处理另一个请求，或请求过于频繁。",
          ("看看 CA 助手窗口里是否还有没答完的请求。", "过几秒钟再试。"),
          (DETECT,), ("AGENT_BUSY", "AGENT_RATE_LIMITED")),
    State("CA-201", "certificate", SELF, "certificate-off", "CA-KEY 里没有可用证书",
          "没有读到可用的签名证书，或颁发机构不在本系统信任列表内。",
          ("确认插入的是政府采购用 CA-KEY。", "首次使用请到 CA 机构写入签名证书。"),
          ((HELP, "受信任的颁发机构", "shield-check"), DETECT),
          ("AGENT_NO_CERTIFICATE", "AGENT_MECHANISM", "CERT_UNTRUSTED", "CA_EXPIRED", "CERT_KU_MISSING",
           "CERT_KU_WRONG", "CERT_EKU_WRONG", "CERT_POLICY_DISALLOWED", "CERT_CRITICAL_EXT", "CERT_IS_CA",
           "CERT_KEY_WEAK")),
    State("CA-202", "certificate", OFFICE, "clock-x", "证书已过期", "这张证书已经过了有效期。",
          ("到颁发机构续期，写入新证书。", "续期后序列号会变，首次登录需重新绑定。"),
          ((HELP, "续期办法", "refresh"), OTHER), ("CERT_EXPIRED",)),
    State("CA-203", "certificate", OFFICE, "ban", "证书已被吊销", "颁发机构已经吊销这张证书。",
          ("本人仍在岗，请持单位证明到 CA 机构补办。", "不是本人申请吊销，请立即联系单位管理员。"),
          ((HELP, "补办说明", "help-circle"), OTHER), ("CERT_REVOKED",)),
    State("CA-204", "certificate", SELF, "device-usb", "插入的不是登录所用的 CA-KEY",
          "这次登录用的证书不在现在插入的 CA-KEY 里，签名必须用登录的那一张证书。",
          ("插回登录时所用的 CA-KEY，再点重新检测。", "要换用别的证书，请退出后用它重新登录。"),
          (DETECT, (HELP, "换一个 USB 口仍不行", "help-circle")), ("AGENT_OTHER_KEY",)),
    State("CA-301", "pin", SELF, "key", "PIN 错误", "连续输错后 CA-KEY 会自行锁定，本系统无法解锁。",
          ("检查大写锁定和输入法，确认插的是本人的 CA-KEY。", "忘记 PIN 请先停止尝试，联系 CA 机构重置。"),
          ((PIN, "重新输入 PIN", "edit"), (HELP, "忘记 PIN", "help-circle")), ("AGENT_PIN_INCORRECT",)),
    State("CA-302", "pin", OFFICE, "lock", "PIN 已锁定", "连续输错次数已满，CA-KEY 自行锁定，证书不受影响。",
          ("携带 CA-KEY 和本人证件到 CA 机构解锁。", "急件可请单位内同岗人员用其本人证书办理。"),
          ((HELP, "解锁网点和电话", "phone"), (CHOOSE, "换一个 CA-KEY", "device-usb")), ("AGENT_PIN_LOCKED",)),
    State("CA-303", "pin", SELF, "x", "已取消输入", "没有在 CA 助手窗口里完成确认，本次没有登录。",
          ("确认窗口显示的网站是本系统的地址。", "再次点登录，在 CA 助手窗口输入 PIN。"),
          ((PIN, "重新登录", "login-2"), OTHER), ("AGENT_USER_CANCELLED",)),
    State("CA-401", "login", OFFICE, "user-x", "证书没有绑定系统用户", "证书有效，但没有登记到任何用户。",
          ("请把登记码告诉本单位系统管理员，由其在“用户证书”中绑定。", "没有单位管理员时，拨打技术支持电话登记。"),
          (PHONE, OTHER), ("CERT_NOT_BOUND",)),
    State("CA-402", "login", SELF, "clock", "电脑时钟不准", "本机时间与服务器相差太多，或证书还没有到生效时间。",
          ("在系统设置里打开“自动设置时间”并立即同步。", "同步后重新登录，无须重插 CA-KEY。"),
          ((AGAIN, "重新登录", "login-2"), (HELP, "如何校准时间", "help-circle")),
          ("CLOCK_SKEW", "CERT_NOT_YET_VALID")),
    State("CA-403", "login", WAIT, "cloud-off", "暂时查不到证书吊销状态",
          "CA 机构的吊销列表没有按时更新，不是您的证书有问题。",
          ("稍候重试，恢复后即可登录。", "超过 10 分钟未恢复，请拨打技术支持电话。"),
          ((AGAIN, "立即重试", "refresh"), PHONE), ("REVOCATION_UNAVAILABLE", "CERT_STATUS_UNKNOWN")),
    State("CA-404", "login", OFFICE, "lock-x", "证书登记已暂停", "这张证书的登记已被管理员暂停或注销，或账号已停用。",
          ("请联系本单位系统管理员了解原因。", "恢复后无须重新绑定。"),
          (PHONE, OTHER), ("CERT_BINDING_SUSPENDED", "USER_INACTIVE")),
    State("CA-405", "login", WAIT, "hourglass", "尝试过于频繁", "短时间内失败次数太多，为安全起见暂停几分钟。",
          ("请 5 分钟后再试。", "仍不能登录，请拨打技术支持电话并报参考号。"),
          ((AGAIN, "重新登录", "refresh"), PHONE), ("RATE_LIMITED",)),
    State("CA-406", "login", SELF, "history", "登录页已失效", "页面停留太久，或本次登录请求已经用过。",
          ("点重新登录再试一次。", "不要同时在多个窗口登录。"),
          ((AGAIN, "重新登录", "refresh"), PHONE),
          ("CHALLENGE_MISSING", "CHALLENGE_EXPIRED", "CHALLENGE_SESSION_MISMATCH", "CHALLENGE_PURPOSE")),
    State("CA-400", "login", OFFICE, "alert-circle", "登录没有通过校验", "证书签名没有通过校验，本次没有登录。",
          ("点重新登录再试一次。", "仍不能登录，请拨打技术支持电话并报参考号。"),
          ((AGAIN, "重新登录", "refresh"), PHONE), ("OTHER",)),
)  # fmt: skip

# The same on the page 签名确认, where nobody logs in and the certificate cannot be chosen.
SIGN_AGAIN = (AGAIN, "重新签名", "edit")
IN_OTHER_WORDS = {
    "CA-202": {"actions": ((HELP, "续期办法", "refresh"),)},
    "CA-203": {"text": "颁发机构已经吊销这张证书，本次没有办理。", "actions": ((HELP, "补办说明", "help-circle"),)},
    "CA-302": {"actions": ((HELP, "解锁网点和电话", "phone"),)},
    "CA-303": {"title": "已取消签名", "text": "没有在 CA 助手窗口里完成确认，本次没有办理。",
               "cures": ("核对 CA 助手窗口显示的单据和摘要。", "再次点“签名并确定”，在 CA 助手窗口输入 PIN。"),
               "actions": (SIGN_AGAIN,)},
    "CA-401": {"title": "这张证书不能再签名", "text": "登录所用的证书已不在您名下的有效登记里，本次没有办理。",
               "cures": ("请联系本单位系统管理员了解原因。", "没有单位管理员时，拨打技术支持电话。"),
               "actions": (PHONE,)},
    "CA-402": {"cures": ("在系统设置里打开“自动设置时间”并立即同步。", "同步后重新签名，无须重插 CA-KEY。"),
               "actions": (SIGN_AGAIN, (HELP, "如何校准时间", "help-circle"))},
    "CA-403": {"cures": ("稍候重试，恢复后即可签名。", "超过 10 分钟未恢复，请拨打技术支持电话。"),
               "actions": ((AGAIN, "立即重试", "refresh"), PHONE)},
    "CA-404": {"actions": (PHONE,)},
    "CA-405": {"cures": ("请 5 分钟后再试。", "仍不能签名，请拨打技术支持电话并报参考号。"),
               "actions": (SIGN_AGAIN, PHONE)},
    "CA-406": {"title": "签名请求已失效", "text": "页面停留太久，或这次签名已经用过，本次没有办理。",
               "cures": ("本页已重新准备好，请再签一次。", "不要在多个窗口同时办理同一份单据。"),
               "actions": (SIGN_AGAIN,)},
    "CA-400": {"title": "签名没有通过校验", "text": "签名与单据或证书不符，本次没有办理。",
               "cures": ("请再签一次。", "仍不能签名，请拨打技术支持电话并报参考号。"),
               "actions": (SIGN_AGAIN, PHONE)},
}  # fmt: skip
SIGNING = tuple(state.telling(**IN_OTHER_WORDS.get(state.code, {})) for state in STATES)

BY_CODE = {state.code: state for state in STATES}
BY_CAUSE = {cause: state for state in STATES for cause in state.causes}

# Why a session ended, on the login page it led to.
REASONS = {
    "SESSION_CERT_EXPIRED": "证书或本次登录已到期，请重新登录。",
    "SESSION_TOO_OLD": "登录已满 8 小时，请重新登录。",
    "SESSION_IDLE": "超过 30 分钟没有操作，请重新登录。",
    "SESSION_CERT_UNBOUND": "证书登记已被管理员暂停或变更，请联系单位管理员。",
    "SESSION_CERT_REVOKED": "证书已被颁发机构吊销，会话已结束。",
    "SESSION_ENDED": "这张证书已在别处登录，本处会话已结束。",
    "SESSION_WITHOUT_CERTIFICATE": "请用 CA-KEY 登录。",
    "TOKEN_REMOVED": "CA-KEY 已拔出，已自动退出登录。",
    "LOGGED_OUT": "已退出登录。",
}


def signing_state(cause: str) -> State:
    code = state_for(cause).code
    return next(state for state in SIGNING if state.code == code)


def state_for(cause: str) -> State:
    return BY_CAUSE.get(cause, BY_CODE["CA-400"])
