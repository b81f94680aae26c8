"""The parts of the case page in their order: a new feature adds one line here, one panel and one template."""

from __future__ import annotations

from portal.pacts.desk import panels
from portal.pacts.desk.handing_on import handing_on
from portal.pacts.desk.held_back import held_back
from portal.pacts.desk.opened import Part
from portal.words import W

PARTS = (
    Part("next", W("Next action"), "desk/case/_next.html", panels.next_action, place="top"),
    Part("owner", W("With whom"), "proposals/desk/_owner.html", panels.owner, place="top"),
    Part(
        "handover",
        W("Hand this case to a colleague, or take it over"),
        "desk/case/_handover.html",
        handing_on,
        place="top",
    ),
    Part("panel-clock", W("The city's clock"), "proposals/desk/_clock.html", panels.city_clock),
    Part("panel-completeness", W("Completeness"), "proposals/desk/_completeness.html", panels.completeness),
    Part("panel-assessment", W("Assessment"), "proposals/assessment/_case.html", panels.assessment),
    Part("panel-supplement", W("Missing items"), "proposals/desk/_supplement.html", panels.being_checked),
    Part("merge", W("Make one of two proposals"), "desk/case/_merge.html", panels.merge),
    Part("acceptance", W("Accept it for co-design"), "desk/case/_acceptance.html", panels.acceptance),
    Part("panel-refusal", W("If it cannot be accepted"), "proposals/desk/_refusal.html", panels.refusal),
    Part("held", W("Hold the decision back"), "desk/case/_held.html", held_back),
    Part("text", W("The text"), "desk/case/_text.html", panels.text),
    Part("support", W("Support"), "desk/case/_support.html", panels.support_given),
    Part("signatures", W("Signatures"), "desk/case/_signatures.html", panels.signatures),
    Part("reports", W("Progress reports"), "desk/case/_reports.html", panels.reports, place="read"),
    Part("papers", W("Papers"), "desk/case/_papers.html", panels.kept_papers, place="read"),
    Part("later", W("Suspend, resume or end"), "desk/case/_later.html", panels.later, place="read"),
    Part("panel-proposal", W("The proposal"), "proposals/desk/_proposal.html", panels.proposal, place="read"),
    Part("observed", W("Observations"), "observations/desk/_case.html", panels.observations, place="below"),
    Part(
        "came-from",
        W("The proposal it came from"),
        "desk/case/_came_from.html",
        panels.came_from,
        place="below",
    ),
    Part("history", W("History"), "desk/case/_history.html", panels.history, place="below"),
)
