"""The states of a hand-off, the only moves between them, and the Chinese names of states, reasons and outcomes."""

from __future__ import annotations

_HELD_NEXT = frozenset({"active", "waiting_worker", "returned", "reassigned", "closed"})
TRANSITIONS: dict[str, frozenset[str]] = {
    "requested": frozenset({"queued"}),
    "queued": frozenset({"claimed", "withdrawn", "expired"}),
    "reassigned": frozenset({"claimed", "withdrawn", "expired"}),
    "claimed": _HELD_NEXT,
    "active": _HELD_NEXT - {"active"},
    "waiting_worker": _HELD_NEXT - {"waiting_worker"},
    "returned": frozenset(),
    "closed": frozenset(),
    "withdrawn": frozenset(),
    "expired": frozenset(),
}
STATES = {
    "requested": "已提出",
    "queued": "排队中",
    "reassigned": "待换人",
    "claimed": "已接手",
    "active": "等顾问回复",
    "waiting_worker": "等对方回复",
    "returned": "已交还机器人",
    "closed": "已结案",
    "withdrawn": "本人取消",
    "expired": "超时关闭",
}
QUEUED = ("queued", "reassigned")
HELD = ("claimed", "active", "waiting_worker")
OPEN = QUEUED + HELD
OUTCOMES = {
    "advised": "已解答",
    "aid_applied": "已申请法律援助",
    "referred_arbitration": "已引导劳动仲裁",
    "referred_inspection": "已引导劳动监察投诉",
    "referred_injury": "已引导工伤认定",
    "referred_court": "已引导起诉或执行",
    "referred_police": "已引导报警",
    "mediated": "已调解",
    "paid": "已拿到钱",
    "unreachable": "联系不上",
    "not_ours": "不属于受理范围",
    "other": "其他",
}
REASONS = {
    "asked": "本人要求",
    "risk": "有紧急情况",
    "undecided": "规则定不了",
    "application": "法律援助申请要人看",
}
