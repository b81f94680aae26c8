"""The words of servers: states, measures, steps, and what came of messages."""

from __future__ import annotations

from portal.support.servers.lifecycle import State
from portal.words import W

STATES = {
    State.TO_PREPARE: W("To prepare"),
    State.REQUESTED: W("Requested"),
    State.PROVISIONING: W("Being set up"),
    State.RUNNING: W("Running"),
    State.CHANGE_ASKED: W("Running, a change is asked for"),
    State.WINDING_DOWN: W("Being wound down"),
    State.HANDED_OVER: W("Handed over"),
    State.DELETED: W("Deleted"),
    State.FAILED: W("Could not be set up"),
    State.CALLED_OFF: W("Called off"),
}
TONES = {
    State.TO_PREPARE: "ochre",
    State.REQUESTED: "blue",
    State.PROVISIONING: "blue",
    State.RUNNING: "green",
    State.CHANGE_ASKED: "green",
    State.WINDING_DOWN: "ochre",
    State.HANDED_OVER: "plain",
    State.DELETED: "plain",
    State.FAILED: "red",
    State.CALLED_OFF: "plain",
}
MEASURES = {
    "vcpu": W("Processors"),
    "memory_gb": W("Memory"),
    "storage_gb": W("Storage"),
    "traffic_gb": W("Traffic this month"),
}
NEEDS = {
    "late": W("Promised and late"),
    "ending": W("Ending within 90 days"),
    "change": W("A change waits"),
    "stuck": W("Something failed"),
}
BACKUP_BY = {"city": W("The city"), "community": W("The group")}
BACKUP_EVERY = {"hour": W("Every hour"), "day": W("Every day"), "week": W("Every week")}
SIDES = {"city": W("The city"), "community": W("The group")}
MESSAGE_STATES = {"waiting": W("Waiting"), "sent": W("Arrived"), "given_up": W("Did not arrive")}
MESSAGE_TONES = {"waiting": "blue", "sent": "green", "given_up": "red"}
TROUBLES = {
    "not_reached": W("The address could not be reached, or may not be"),
    "too_slow": W("No answer in time"),
    "broke_off": W("The connection broke"),
    "refused": W("The automation did not take it"),
}
SOURCES = {"automation": W("Automation"), "hand": W("By hand")}
OUTCOMES = {"granted": W("Granted"), "refused": W("Not granted")}
