"""What farun itself tells a worker about hand-offs: every sentence in one place. No law stands here."""

from __future__ import annotations

HOTLINE = "等不及可以打12348法律服务热线。"
EMERGENCY = "有人受伤打120，有危险或有人动手打110。"
CANCEL = "不想等了，回复“不用转人工了”。"


def queued(number: str, promise: str, urgent: bool) -> str:
    """The one message after a request: ticket, a real hour, what to do meanwhile."""
    head = f"已转人工，单号 {number}。顾问会在{promise}在这里回复您，这段时间机器人先不说话。"
    if urgent:
        return f"{head}\n{EMERGENCY}{HOTLINE}"
    return f"{head}\n等的时候可以接着打字、说清楚经过，顾问都看得到。{HOTLINE}{CANCEL}"


def still_queued(number: str, promise: str | None) -> str:
    """A second request while the first one waits; `promise` is None when its hour has passed."""
    when = f"顾问会在{promise}回复您" if promise else "说好的时间已经过了，对不起，正在催"
    return f"您已经在排队了，单号 {number}，{when}。{HOTLINE}"


def sooner(number: str, promise: str | None) -> str:
    """A waiting hand-off became urgent; `promise` is None when its hour has passed."""
    when = f"顾问会在{promise}回复您" if promise else "说好的时间已经过了，对不起，正在催"
    return f"已改成加急，单号 {number}。{when}。\n{EMERGENCY}"


def being_served(name: str, role: str, number: str) -> str:
    """A request while an adviser is already there."""
    return f"{name}（{role}）正在接待您，单号 {number}，有话直接在这里说。"


def claimed(name: str, role: str) -> str:
    """An adviser took the matter."""
    return f"{name}（{role}）已接手，正在看您前面说的，马上回复您。"


def returned(name: str) -> str:
    """An adviser gave the conversation back to the bot."""
    return f"{name}已把对话交还给机器人。前面说的我都记着，有问题接着问我；还要找真人，回复“转人工”。"


def closed(name: str, outcome: str) -> str:
    """An adviser ended the hand-off."""
    return f"{name}已结束这次人工服务（{outcome}）。以后有新情况，直接在这里说，机器人会先接待您。"


def withdrawn() -> str:
    """The worker does not want to wait."""
    return "好的，已取消转人工。我接着帮您，您有什么直接问。"


def expired(number: str) -> str:
    """Nobody came long after the promised hour: the truth, and another door."""
    return f"对不起，顾问没有按时来，单号 {number} 先关掉。{HOTLINE}还要等顾问，请再回复“转人工”。我先接着帮您。"


def reassigned(promise: str) -> str:
    """The matter goes back to the queue for another adviser."""
    return f"为您换一位顾问，会在{promise}回复您。前面说的都在，不用重说。"


def taken_over(name: str, role: str) -> str:
    """The matter went straight to another adviser."""
    return f"现在由{name}（{role}）接待您。前面说的都在，不用重说。"
