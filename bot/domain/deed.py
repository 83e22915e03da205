"""What people do with what the bot keeps: incidents, alerts, reviews and changes."""

from __future__ import annotations

from enum import StrEnum


class Deed(StrEnum):
    """What somebody wants to do with an incident. `word` is what they type for it, `phrase` says it."""

    DECLARE = "declare"
    ACKNOWLEDGE = "acknowledge"
    ESCALATE = "escalate"
    REPORT = "report"
    CHANGE_SEVERITY = "change_severity"
    LOWER = "lower_severity"
    MITIGATE = "mitigate"
    RESOLVE = "resolve"
    CANCEL = "cancel"
    MERGE = "merge"
    LINK = "link"
    UNLINK = "unlink"
    REOPEN = "reopen"
    GIVE_ROLE = "give_role"
    SET_UPDATES = "set_updates"
    SET_IMPACT = "set_impact"
    ATTEND = "attend"
    NOTE = "note"
    CORRECT = "correct"
    STRIKE = "strike"
    SET_TIME = "set_time"
    EXPORT = "export"
    CHART = "chart"
    ADD_MESSAGE = "add_message"
    POSTMORTEM = "postmortem"
    ITEM = "item"
    WAIVE_POSTMORTEM = "waive_postmortem"
    RUNBOOK = "runbook"
    SILENCE = "silence"
    UNSILENCE = "unsilence"
    UNACKNOWLEDGE = "unacknowledge"
    CHECK = "check"
    REPORT_PROBLEM = "report_problem"
    SOLVE_PROBLEM = "solve_problem"
    RUN_CHECKLIST = "run_checklist"
    REQUEST_CHANGE = "request_change"
    EDIT_CHANGE = "edit_change"
    APPROVE_CHANGE = "approve_change"
    REJECT_CHANGE = "reject_change"
    START_CHANGE = "start_change"
    OVERRIDE_GATE = "override_gate"
    CARRY_CHANGE = "carry_change"
    ROLL_BACK = "roll_back"
    CANCEL_CHANGE = "cancel_change"
    PLAN_WINDOW = "plan_window"
    FREEZE = "freeze"
    PAGE = "page"
    CALL_OFF = "call_off"

    @property
    def word(self) -> str:
        """The command's word."""
        return _WORDS.get(self, self.value)

    @property
    def phrase(self) -> str:
        """A verb before "an incident"."""
        return _PHRASES.get(self, self.value)


_WORDS = {
    Deed.ACKNOWLEDGE: "ack",
    Deed.UNACKNOWLEDGE: "unack",
    Deed.REPORT: "update",
    Deed.CHANGE_SEVERITY: "sev",
    Deed.LOWER: "sev",
    Deed.GIVE_ROLE: "role",
    Deed.SET_TIME: "times",
    Deed.SET_UPDATES: "updates",
    Deed.SET_IMPACT: "impact",
    Deed.WAIVE_POSTMORTEM: "postmortem",
    Deed.ATTEND: "still",
    Deed.CHART: "stats",
    Deed.CHECK: "done",
    Deed.REPORT_PROBLEM: "problem",
    Deed.SOLVE_PROBLEM: "solved",
    Deed.RUN_CHECKLIST: "run",
    Deed.REQUEST_CHANGE: "change",
    Deed.EDIT_CHANGE: "edit",
    Deed.APPROVE_CHANGE: "approve",
    Deed.REJECT_CHANGE: "reject",
    Deed.START_CHANGE: "start",
    Deed.OVERRIDE_GATE: "override",
    Deed.CARRY_CHANGE: "next",
    Deed.ROLL_BACK: "rollback",
    Deed.CANCEL_CHANGE: "cancel",
    Deed.PLAN_WINDOW: "calendar",
    Deed.CALL_OFF: "cancel",
}
_PHRASES = {
    Deed.REPORT: "write an update on",
    Deed.CHANGE_SEVERITY: "change the severity of",
    Deed.LOWER: "lower the severity of",
    Deed.GIVE_ROLE: "give a role in",
    Deed.SET_UPDATES: "set who is asked for updates of",
    Deed.SET_IMPACT: "set the impact of",
    Deed.ATTEND: "answer for",
    Deed.LINK: "link an alert with",
    Deed.UNLINK: "take an alert from",
    Deed.NOTE: "add a note to",
    Deed.CHART: "post a chart that counts",
    Deed.ADD_MESSAGE: "add a message to",
    Deed.SET_TIME: "correct the times of",
    Deed.CORRECT: "correct the timeline of",
    Deed.STRIKE: "strike an entry of",
    Deed.ITEM: "see to the action items of",
    Deed.POSTMORTEM: "see to the post-mortem of",
    Deed.WAIVE_POSTMORTEM: "waive the post-mortem of",
    Deed.RUNBOOK: "work through the runbook of",
    Deed.UNSILENCE: "end the silence of",
    Deed.CHECK: "see to the items of",
    Deed.REPORT_PROBLEM: "report a problem of",
    Deed.SOLVE_PROBLEM: "close a problem of",
    Deed.RUN_CHECKLIST: "run",
    Deed.REQUEST_CHANGE: "ask for",
    Deed.EDIT_CHANGE: "edit",
    Deed.APPROVE_CHANGE: "approve",
    Deed.REJECT_CHANGE: "reject",
    Deed.START_CHANGE: "start",
    Deed.OVERRIDE_GATE: "override the gate for",
    Deed.CARRY_CHANGE: "carry out",
    Deed.ROLL_BACK: "roll back",
    Deed.CANCEL_CHANGE: "cancel",
    Deed.PLAN_WINDOW: "put a window on the calendar for",
    Deed.FREEZE: "freeze",
    Deed.CALL_OFF: "call off",
}


def asked_for(deed: str) -> str:
    """What somebody wanted, as a verb for one incident: `lower the severity of it`. `deed` may be unknown."""
    known = {one.value: one for one in Deed}
    return f"{known[deed].phrase} it" if deed in known else "change it"


ENDING = frozenset({Deed.LOWER, Deed.RESOLVE, Deed.CANCEL, Deed.MERGE, Deed.WAIVE_POSTMORTEM, Deed.SILENCE})
"""What makes the bot call nobody any more, or later: not everybody's to decide."""


FROM_ANYWHERE = frozenset({Deed.DECLARE, Deed.ACKNOWLEDGE, Deed.ESCALATE})
"""What anybody who knows a security incident's number does to it: who is paged may not be in its channel."""
